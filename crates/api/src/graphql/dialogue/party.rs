//! The organisations, experts and countries of dialogues.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, SimpleObject, dataloader::Loader as Loads};
use tertulia_app::directory::organisation;
use tertulia_domain::{
    Error, Result,
    id::{ExpertId, OrganisationId},
    text::CountryCode,
};

use crate::graphql::{Loader, Resolving, scalar};

/// An organisation of the directory.
#[derive(SimpleObject)]
#[graphql(name = "DialogueParty")]
pub struct Organisation {
    /// The organisation's id.
    id: ID,
    /// Its name.
    name: String,
}

/// A country or territory.
#[derive(SimpleObject)]
#[graphql(name = "VenueCountry")]
pub struct Country {
    /// Its ISO 3166-1 alpha-2 code.
    code: scalar::CountryCode,
}

/// An expert's profile.
#[derive(SimpleObject)]
#[graphql(name = "SpeakerProfile")]
pub struct Expert {
    /// The profile's id.
    id: ID,
}

/// A text in one language.
#[derive(InputObject)]
#[graphql(name = "DialogueTextInput")]
pub struct LocalizedTextInput {
    /// The language, as BCP 47 has it.
    language: scalar::LanguageTag,
    /// The text.
    text: String,
}

impl LocalizedTextInput {
    pub(super) fn pair(self) -> (String, String) {
        (self.language.0, self.text)
    }
}

/// A party of a dialogue.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Party(OrganisationId);

impl Loads<Party> for Loader {
    type Value = tertulia_domain::directory::organisation::Organisation;
    type Error = Error;

    async fn load(&self, keys: &[Party]) -> Result<HashMap<Party, Self::Value>, Error> {
        let ids: Vec<OrganisationId> = keys.iter().map(|key| key.0).collect();
        let found = organisation::by_ids(&self.app, &self.ctx, &ids).await?;
        Ok(found.into_iter().map(|one| (Party(one.id), one)).collect())
    }
}

#[expect(clippy::unnecessary_wraps, clippy::unused_async, reason = "as the other parts of the directory, which are loaded")]
pub(super) async fn country(_: &Context<'_>, code: CountryCode) -> Result<Option<Country>> {
    Ok(Some(Country { code: code.into() }))
}

#[expect(clippy::unnecessary_wraps, clippy::unused_async, reason = "as the other parts of the directory, which are loaded")]
pub(super) async fn expert(_: &Context<'_>, id: ExpertId) -> Result<Option<Expert>> {
    Ok(Some(Expert { id: id.to_string().into() }))
}

pub(super) async fn organisation(ctx: &Context<'_>, id: OrganisationId) -> Result<Option<Organisation>> {
    Ok(organisations(ctx, &[id]).await?.pop())
}

/// These organisations, in this order.
pub(super) async fn organisations(ctx: &Context<'_>, ids: &[OrganisationId]) -> Result<Vec<Organisation>> {
    let found = ctx.loaders().load_many(ids.iter().copied().map(Party)).await?;
    let languages = &ctx.caller().languages;
    let shown = |id: &OrganisationId| {
        let one = found.get(&Party(*id))?;
        Some(Organisation { id: id.to_string().into(), name: one.fields.names.best(languages).to_owned() })
    };
    Ok(ids.iter().filter_map(shown).collect())
}
