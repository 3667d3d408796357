//! Services of platform companies.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use tertulia_domain::{Result, directory::platform as words};

use super::{
    organisation::{Platform, platform, version},
    provenance::Provenance,
    words::{DsaStatus, OrganisationStatus, PlatformServiceType},
};
use crate::graphql::{
    scalar::{CountryCode, Date, LanguageTag, Url},
    text::{self, LocalizedText},
};

/// Monthly users in the European Union, as published under the Digital Services Act.
#[derive(Clone, Debug, SimpleObject)]
pub struct EuUsers {
    /// How many, in millions.
    millions: f64,
    /// Whether the source says only "more than".
    at_least: bool,
    /// What the figure means and where it stands.
    note: Option<String>,
}

/// A service of a platform company.
pub struct PlatformService(pub Arc<words::PlatformService>);

impl From<words::PlatformService> for PlatformService {
    fn from(entry: words::PlatformService) -> Self {
        Self(Arc::new(entry))
    }
}

/// A product of a platform company: what people use and what contacts are about.
#[Object]
impl PlatformService {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its name in your language.
    async fn name(&self, ctx: &Context<'_>, #[graphql(desc = "The language wanted.")] language: Option<LanguageTag>) -> Result<String> {
        text::best(ctx, &self.0.names, language.as_ref())
    }

    /// Its names in every language that there is.
    async fn names(&self) -> Vec<LocalizedText> {
        text::all(&self.0.names)
    }

    /// What it is, in the main.
    #[graphql(name = "type")]
    async fn kind(&self) -> PlatformServiceType {
        self.0.kind.into()
    }

    /// The company that runs it.
    async fn platform(&self, ctx: &Context<'_>) -> Option<Result<Platform>> {
        platform(ctx, Some(self.0.platform)).await.transpose()
    }

    /// Its website.
    async fn website(&self) -> Option<Url> {
        self.0.website.as_ref().map(|url| Url::from(url.as_str()))
    }

    /// Whether it is offered.
    async fn status(&self) -> OrganisationStatus {
        self.0.status.into()
    }

    /// Where it is offered; empty where that is not known or everywhere.
    async fn countries_offered(&self) -> Vec<CountryCode> {
        self.0.countries_offered.iter().map(CountryCode::from).collect()
    }

    /// Pages with its rules.
    async fn policy_urls(&self) -> Vec<Url> {
        self.0.policy_urls.iter().map(|url| Url::from(url.as_str())).collect()
    }

    /// Pages with its transparency reports.
    async fn transparency_urls(&self) -> Vec<Url> {
        self.0.transparency_urls.iter().map(|url| Url::from(url.as_str())).collect()
    }

    /// Its standing under the European Union's Digital Services Act.
    async fn dsa_status(&self) -> DsaStatus {
        self.0.dsa_status.into()
    }

    /// When it was designated under the Digital Services Act.
    async fn dsa_designated_on(&self) -> Option<Date> {
        self.0.dsa_designated_on.map(Date)
    }

    /// When its designation ended.
    async fn dsa_ended_on(&self) -> Option<Date> {
        self.0.dsa_ended_on.map(Date)
    }

    /// Its monthly users in the European Union.
    async fn eu_monthly_users(&self) -> Option<EuUsers> {
        let note = self.0.eu_users_note.clone();
        self.0.eu_monthly_users.map(|users| EuUsers { millions: f64::from(users.thousands) / 1_000.0, at_least: users.at_least, note })
    }

    /// Where its entry comes from.
    async fn provenance(&self) -> Provenance {
        Provenance::from(&self.0.provenance)
    }

    /// Whether a generator made it: it is fictional.
    async fn generated(&self) -> bool {
        self.0.generated
    }

    /// The entry's version, for edits.
    async fn version(&self) -> i32 {
        version(self.0.version)
    }
}
