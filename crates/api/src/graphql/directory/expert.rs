//! Experts.

use async_graphql::{Context, ID, Object, SimpleObject};
use tertulia_domain::{Result, directory::expert as words};

use super::{
    country::{Region, regions},
    load,
    organisation::{Organisation, version},
    words::Listing,
};
use crate::graphql::{
    Resolving,
    scalar::{DateTime, LanguageTag},
    text::{self, LocalizedText},
};

/// An expert's own decision to be listed.
#[derive(Clone, Debug, SimpleObject)]
pub struct ExpertConsent {
    /// Who may find the expert now: NOBODY once the consent has ended or was withdrawn.
    listed: Listing,
    /// When it was given.
    given_at: DateTime,
    /// When it ends.
    until: DateTime,
    /// When it was withdrawn.
    withdrawn_at: Option<DateTime>,
}

/// An expert.
pub struct Expert(pub words::Expert);

impl Expert {
    fn fields(&self) -> &words::ExpertFields {
        &self.0.fields.fields
    }
}

/// An expert who consented to be listed. What you find here, the expert has agreed that you find.
#[Object]
impl Expert {
    /// The id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The name, as the expert writes it.
    async fn name(&self) -> &str {
        &self.fields().name
    }

    /// The organisation the expert works for, where the directory has it.
    async fn affiliation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.fields().affiliation).await.transpose()
    }

    /// What the expert knows about.
    async fn topics(&self) -> &[String] {
        &self.fields().topics
    }

    /// Languages the expert works in.
    async fn languages(&self) -> Vec<LanguageTag> {
        self.fields().languages.iter().map(|tag| LanguageTag::from(tag.as_str())).collect()
    }

    /// Regions the expert knows.
    async fn regions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Region>>> {
        Some(regions(ctx, &self.fields().regions).await)
    }

    /// Methods the expert uses.
    async fn methods(&self) -> &[String] {
        &self.fields().methods
    }

    /// The expert's ORCID.
    async fn orcid(&self) -> Option<&str> {
        self.fields().orcid.as_deref()
    }

    /// Who the expert is, in every language that there is.
    async fn bio(&self) -> Vec<LocalizedText> {
        text::all(&self.fields().bio)
    }

    /// Interests that might bias the expert.
    async fn conflicts_of_interest(&self) -> Option<&str> {
        self.fields().conflicts_of_interest.as_deref()
    }

    /// When the expert can be asked. Null unless you are the coordinator or the expert.
    async fn availability_notes(&self) -> Option<&str> {
        self.fields().availability_notes.as_deref()
    }

    /// The address of the expert's account. Null unless you are the coordinator or the expert.
    async fn email(&self) -> Option<&str> {
        self.0.fields.email.as_ref().map(tertulia_domain::text::EmailAddress::as_str)
    }

    /// The expert's decision to be listed, with its day and its end; null as long as there is none.
    async fn consent(&self, ctx: &Context<'_>) -> Option<ExpertConsent> {
        self.0.fields.consent.map(|consent| ExpertConsent {
            listed: consent.listed_at(ctx.caller().now).into(),
            given_at: DateTime(consent.given_at),
            until: DateTime(consent.until),
            withdrawn_at: consent.withdrawn_at.map(DateTime),
        })
    }

    /// The entry's version, for edits.
    async fn version(&self) -> i32 {
        version(self.0.version)
    }
}
