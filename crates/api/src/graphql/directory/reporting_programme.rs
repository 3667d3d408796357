//! Reporting programmes.

use async_graphql::{Context, ID, Object};
use tertulia_domain::{Result, directory::reporting_programme as words};

use super::{
    load,
    organisation::{Organisation, version},
    provenance::Provenance,
};
use crate::graphql::{
    scalar::{LanguageTag, Url},
    text::{self, LocalizedText},
};

/// A programme through which content is reported to platforms.
pub struct ReportingProgramme(pub words::ReportingProgramme);

/// A programme through which content is reported to platforms: who may join and what it covers. It is no channel.
#[Object]
impl ReportingProgramme {
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

    /// The organisation that runs it, where the directory has that.
    async fn operator(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.0.operator).await.transpose()
    }

    /// Who runs it, in words.
    async fn operator_name(&self) -> Option<&str> {
        self.0.operator_name.as_deref()
    }

    /// Who may join, in your language.
    async fn who_may_join(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wanted.")] language: Option<LanguageTag>,
    ) -> Result<String> {
        text::best(ctx, &self.0.who_may_join, language.as_ref())
    }

    /// Which platforms and services it covers, in your language.
    async fn covers(&self, ctx: &Context<'_>, #[graphql(desc = "The language wanted.")] language: Option<LanguageTag>) -> Result<String> {
        text::best(ctx, &self.0.covers, language.as_ref())
    }

    /// Its own page; null where none was seen.
    async fn url(&self) -> Option<Url> {
        self.0.url.as_ref().map(|url| Url::from(url.as_str()))
    }

    /// Where its entry comes from.
    async fn provenance(&self) -> Provenance {
        Provenance::from(&self.0.provenance)
    }

    /// The entry's version, for edits.
    async fn version(&self) -> i32 {
        version(self.0.version)
    }
}
