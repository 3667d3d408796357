//! What dialogues and meetings are made of: places, interpretation, organisations.

use async_graphql::{Context, Object, SimpleObject};
use tertulia_domain::{Result, dialogue as domain, id::OrganisationId};

use super::words::InterpretationKind;
use crate::graphql::{
    Resolving,
    directory::{Country, Organisation, load},
    scalar::LanguageTag,
};

/// A place.
pub(super) struct Venue(pub(super) domain::Venue);

/// A place.
#[Object]
impl Venue {
    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its address, without the country.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// Its country.
    async fn country(&self, ctx: &Context<'_>) -> Option<Result<Country>> {
        load::country(ctx, self.0.country).await.transpose()
    }
}

/// A language into which a meeting is interpreted.
#[derive(SimpleObject)]
pub(super) struct Interpretation {
    /// The language; null where the programme does not name it.
    language: Option<LanguageTag>,
    /// How it is interpreted.
    kind: InterpretationKind,
    /// Whether somebody is engaged for it; until then it is an offer.
    confirmed: bool,
}

impl From<domain::Interpretation> for Interpretation {
    fn from(one: domain::Interpretation) -> Self {
        Self { language: one.language.map(|tag| tag.as_str().into()), kind: one.kind.into(), confirmed: one.confirmed }
    }
}

/// These organisations, in this order.
pub(super) async fn organisations(ctx: &Context<'_>, ids: &[OrganisationId]) -> Result<Vec<Organisation>> {
    let mut found = ctx.loaders().load_many(ids.iter().copied()).await?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).map(Organisation::from).collect())
}
