//! Instruments.

use async_graphql::{Context, ID, Object, SimpleObject};
use tertulia_domain::{Result, directory::instrument as words};

use super::{
    Country, load,
    organisation::{Organisation, version},
    partial_date::PartialDate,
    provenance::Provenance,
    words::{Bindingness, InstrumentStatus, InstrumentType},
};
use crate::graphql::{
    scalar::{Date, LanguageTag, Url},
    text::{self, LocalizedText},
};

/// An agreement, code or law.
pub struct Instrument(pub words::Instrument);

/// An agreement, code or law on which channels, contacts, response targets and commitments stand. Anybody reads those that the
/// coordinator recorded or confirmed; a proposal is read by the organisation that made it and by the coordinator.
#[Object]
impl Instrument {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its title in your language.
    async fn title(&self, ctx: &Context<'_>, #[graphql(desc = "The language wanted.")] language: Option<LanguageTag>) -> Result<String> {
        text::best(ctx, &self.0.titles, language.as_ref())
    }

    /// Its titles in every language that there is.
    async fn titles(&self) -> Vec<LocalizedText> {
        text::all(&self.0.titles)
    }

    /// What it is.
    #[graphql(name = "type")]
    async fn kind(&self) -> InstrumentType {
        self.0.kind.into()
    }

    /// Whether somebody can be held to it by law.
    async fn bindingness(&self) -> Bindingness {
        self.0.bindingness.into()
    }

    /// Where it holds; empty where it is bound to no country.
    async fn countries(&self, ctx: &Context<'_>) -> Option<Result<Vec<Country>>> {
        let countries = async {
            let found = self.0.countries.iter().map(|code| load::country(ctx, Some(*code)));
            Ok(futures::future::try_join_all(found).await?.into_iter().flatten().collect())
        };
        Some(countries.await)
    }

    /// When it was signed or adopted.
    async fn signed_on(&self) -> Option<PartialDate> {
        self.0.signed_on.map(PartialDate::from)
    }

    /// The first day on which it holds; null where that is not known.
    async fn valid_from(&self) -> Option<Date> {
        self.0.valid_from.map(Date)
    }

    /// The last day on which it holds; null while it has no end.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Its text or page.
    async fn url(&self) -> Option<Url> {
        self.0.url.as_ref().map(|url| Url::from(url.as_str()))
    }

    /// Who signed it or is bound by it, as far as that is recorded.
    async fn parties(&self) -> Vec<InstrumentParty> {
        self.0.parties.iter().cloned().map(InstrumentParty).collect()
    }

    /// What it obliges to, as far as that is recorded.
    async fn obligations(&self) -> Vec<InstrumentObligation> {
        self.0.obligations.iter().map(InstrumentObligation::from).collect()
    }

    /// Whether the coordinator stands behind the entry.
    async fn status(&self) -> InstrumentStatus {
        self.0.status.into()
    }

    /// The organisation that proposed the entry; null for what the coordinator recorded himself.
    async fn proposed_by(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.0.proposed_by).await.transpose()
    }

    /// Where its entry comes from.
    async fn provenance(&self) -> Provenance {
        Provenance::from(&self.0.provenance)
    }

    /// Whether a generator made it, as for a demonstration.
    async fn generated(&self) -> bool {
        self.0.generated
    }

    /// The entry's version, for edits.
    async fn version(&self) -> i32 {
        version(self.0.version)
    }
}

/// Somebody who signed an instrument or is bound by it.
pub struct InstrumentParty(words::InstrumentParty);

/// Somebody who signed an instrument or is bound by it.
#[Object]
impl InstrumentParty {
    /// The organisation, where the directory has it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.0.organisation).await.transpose()
    }

    /// The name as the source has it; null where `organisation` says enough.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// When it signed or joined.
    async fn signed_on(&self) -> Option<PartialDate> {
        self.0.on.map(PartialDate::from)
    }

    /// What it joined in or for, in words.
    async fn scope(&self) -> Option<&str> {
        self.0.scope.as_deref()
    }
}

/// Something that an instrument obliges somebody to.
#[derive(Clone, Debug, SimpleObject)]
pub struct InstrumentObligation {
    /// What.
    text: String,
    /// Whom, in words.
    addressee: Option<String>,
    /// By when or within which time, in words. What the contact log reckons with is a response target.
    deadline: Option<String>,
}

impl From<&words::Obligation> for InstrumentObligation {
    fn from(one: &words::Obligation) -> Self {
        Self { text: one.text.clone(), addressee: one.addressee.clone(), deadline: one.deadline.clone() }
    }
}
