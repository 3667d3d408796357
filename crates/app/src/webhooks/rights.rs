//! What an endpoint may be told of.

use std::collections::{BTreeSet, HashMap};

use tertulia_domain::{
    Result,
    id::{ContactId, Id, MeetingId},
    policy::{Actor, ApiScope, ApiScopes},
    record::{
        event::RecordedEvent,
        webhook::{WebhookEndpoint, scope_of},
    },
    time::Instant,
};
use tertulia_persistence::identity::{api_client, authentication};
use uuid::Uuid;

use crate::{App, Ctx, dialogue::meeting, engagement::contact};

/// The context of an endpoint: the rights in its organisation of whoever made it, narrowed to what its client may. `None` if there are
/// none any more. It stands in no record, since nothing is done under it.
pub(super) async fn rights(app: &App, ctx: &Ctx, endpoint: &WebhookEndpoint) -> Result<Option<Ctx>> {
    let reader = app.current_reader(ctx);
    let scopes = match endpoint.client {
        None => ApiScopes(ApiScope::ALL.iter().copied().collect()),
        Some(client) => match api_client::find(&reader, client).await?.filter(|client| client.is_good(ctx.now)) {
            Some(client) => client.scopes,
            None => return Ok(None),
        },
    };
    let mut members = authentication::of_user(&reader, endpoint.maker).await?.members;
    members.retain(|member| member.organisation == endpoint.organisation);
    // A person is no session here: what an endpoint is told of is what a client with every scope would read.
    let actor = Actor::Client { id: endpoint.client.unwrap_or(Id::new(endpoint.id.uuid())), members, scopes };
    Ok((!actor.members().is_empty()).then(|| Ctx::new(actor, ctx.now, ctx.request_id.clone(), Vec::new())))
}

/// Whether anybody's rights are behind an endpoint.
pub(crate) async fn has_rights(app: &App, ctx: &Ctx, endpoint: &WebhookEndpoint) -> Result<bool> {
    Ok(rights(app, ctx, endpoint).await?.is_some())
}

/// The numbers of those events whose object `reader` may read, and could when they happened.
pub(super) async fn seen(app: &App, reader: &Ctx, events: &[RecordedEvent]) -> Result<BTreeSet<i64>> {
    let open = |event: &&RecordedEvent| !reader.actor.members_under(scope_of(event.topic)).is_empty();
    let open: Vec<&RecordedEvent> = events.iter().filter(open).collect();
    let contacts: BTreeSet<ContactId> = open.iter().filter_map(|event| event.object.typed()).collect();
    let meetings: BTreeSet<MeetingId> = open.iter().filter_map(|event| event.object.typed()).collect();
    // Each with since when the reader may be told of it.
    let mut told: HashMap<Uuid, Option<Instant>> = HashMap::new();
    if !contacts.is_empty() {
        let contacts: Vec<ContactId> = contacts.into_iter().collect();
        told.extend(contact::told_since(app, reader, &contacts).await?.into_iter().map(|(id, since)| (id.uuid(), since)));
    }
    if !meetings.is_empty() {
        let meetings: Vec<MeetingId> = meetings.into_iter().collect();
        told.extend(meeting::by_ids(app, reader, &meetings).await?.into_iter().map(|meeting| (meeting.id.uuid(), None)));
    }
    let is_told = |event: &&RecordedEvent| told.get(&event.object.uuid()).is_some_and(|since| since.is_none_or(|since| since <= event.at));
    Ok(open.into_iter().filter(is_told).map(|event| event.seq).collect())
}
