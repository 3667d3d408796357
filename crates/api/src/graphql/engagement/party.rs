//! The organisations and people of a contact, as the directory and the identity area show them.

use async_graphql::Context;
use tertulia_app::engagement::contact;
use tertulia_domain::{
    Result,
    id::{ChannelId, ElectionId, InstrumentId, OrganisationId, PlatformServiceId, UserId},
};

use crate::graphql::{Resolving, directory::load};
pub use crate::graphql::{
    directory::{ElectoralBody, Instrument, Organisation, PlatformService, channel::Channel, election::Election},
    identity::User as Person,
};

/// Whether the caller acts for this organisation, so that its persons, notes and numbers may be shown to him.
pub(super) fn shows_own(ctx: &Context<'_>, organisation: OrganisationId) -> bool {
    contact::shows_own(ctx.caller(), organisation)
}

/// An organisation of any kind.
pub(super) async fn organisation(ctx: &Context<'_>, id: OrganisationId) -> Result<Option<Organisation>> {
    load::organisation(ctx, Some(id)).await
}

/// An electoral body.
pub(super) async fn electoral_body(ctx: &Context<'_>, id: OrganisationId) -> Result<Option<ElectoralBody>> {
    Ok(match organisation(ctx, id).await? {
        Some(Organisation::ElectoralBody(body)) => Some(body),
        _ => None,
    })
}

/// A platform's service.
pub(super) async fn service(ctx: &Context<'_>, id: Option<PlatformServiceId>) -> Result<Option<PlatformService>> {
    load::service(ctx, id).await
}

/// An election.
pub(super) async fn election(ctx: &Context<'_>, id: Option<ElectionId>) -> Result<Option<Election>> {
    load::election(ctx, id).await
}

/// A channel.
pub(super) async fn channel(ctx: &Context<'_>, id: Option<ChannelId>) -> Result<Option<Channel>> {
    load::channel(ctx, id).await
}

/// An instrument.
pub(super) async fn instrument(ctx: &Context<'_>, id: Option<InstrumentId>) -> Result<Option<Instrument>> {
    load::instrument(ctx, id).await
}

/// A person who acted for `organisation`, for members of that organisation only.
pub(super) async fn person(ctx: &Context<'_>, organisation: OrganisationId, id: Option<UserId>) -> Result<Option<Person>> {
    let Some(id) = id.filter(|_| shows_own(ctx, organisation)) else { return Ok(None) };
    Ok(ctx.loaders().load_one(id).await?.map(Person))
}
