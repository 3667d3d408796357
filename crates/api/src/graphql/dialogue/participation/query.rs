//! The list of participants, and what depends on whether one is on it.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject};
use tertulia_app::dialogue::{meeting, participation};
use tertulia_domain::{
    Error, Faults, Result, dialogue as domain,
    id::{MeetingId, OrganisationId, read},
    page::{Direction, PageRequest},
};

use super::{
    load::{CountOf, FirstOf, OwnIn},
    object::Participation,
    words::{CapacityRole, ParticipationMode, ParticipationStatus},
};
use crate::graphql::{Resolving, connection::Connection, scalar::Url};

/// What to narrow a list of participants to. What is left out does not narrow.
#[derive(InputObject, Default)]
pub(in crate::graphql::dialogue) struct ParticipationFilter {
    /// With one of these statuses.
    statuses: Option<Vec<ParticipationStatus>>,
    /// As one of these, as far as you may read as what somebody takes part.
    capacity_roles: Option<Vec<CapacityRole>>,
    /// Who takes part in this way.
    mode: Option<ParticipationMode>,
    /// For this organisation.
    organisation_id: Option<ID>,
}

impl ParticipationFilter {
    fn check(self) -> Result<domain::ParticipationFilter> {
        let mut faults = Faults::default();
        let organisation: Option<OrganisationId> = self.organisation_id.and_then(|raw| faults.check("filter.organisationId", read(&raw)));
        faults.finish()?;
        Ok(domain::ParticipationFilter {
            statuses: self.statuses.unwrap_or_default().into_iter().map(Into::into).collect(),
            roles: self.capacity_roles.unwrap_or_default().into_iter().map(Into::into).collect(),
            mode: self.mode.map(Into::into),
            organisation,
        })
    }
}

/// The participants of one meeting. First pages are loaded together for all meetings of a level.
pub(in crate::graphql::dialogue) async fn of_meeting(
    ctx: &Context<'_>,
    id: MeetingId,
    filter: ParticipationFilter,
    request: Result<PageRequest>,
) -> Result<Connection<Participation>> {
    let (filter, request) = (filter.check()?, request?);
    let is_first = request.after.is_none() && request.before.is_none() && request.direction == Direction::Forward;
    if !is_first {
        return further(ctx, id, filter, &request).await;
    }
    let found = ctx.loaders().load_one(FirstOf(id, filter.clone(), request.limit)).await?;
    let found = found.ok_or_else(|| Error::broken("a meeting without a page of participants"))?;
    // Counted with the other meetings of the level, which the connection alone could not do.
    let is_counted = ctx.look_ahead().field("totalCount").exists();
    let counted = if is_counted { ctx.loaders().load_one(CountOf(id, filter)).await? } else { None };
    Ok(Connection::new((*found).clone().map(Participation::from), move || async move { Ok(counted.unwrap_or(0)) }))
}

async fn further(
    ctx: &Context<'_>,
    id: MeetingId,
    filter: domain::ParticipationFilter,
    request: &PageRequest,
) -> Result<Connection<Participation>> {
    let found = participation::list(ctx.app(), ctx.caller(), &filter, id, request).await?;
    let (app, caller) = ctx.shared();
    let count = move || {
        let (app, caller, filter) = (Arc::clone(&app), Arc::clone(&caller), filter.clone());
        async move { participation::count(&app, &caller, &filter, id).await }
    };
    Ok(Connection::new(found.map(Participation::from), count))
}

/// The caller's own participation in a meeting.
pub(in crate::graphql::dialogue) async fn own(ctx: &Context<'_>, id: MeetingId) -> Result<Option<Participation>> {
    Ok(ctx.loaders().load_one(OwnIn(id)).await?.map(Participation))
}

/// The link of a meeting, for the parties of its dialogue, the coordinator, and who has a seat.
pub(in crate::graphql::dialogue) async fn join_url(ctx: &Context<'_>, one: &domain::Meeting) -> Result<Option<Url>> {
    let series = ctx.loaders().load_one(one.dialogue).await?;
    let series = series.ok_or_else(|| Error::broken("a meeting was shown whose dialogue may not be read"))?;
    let Some(link) = series.join_url_of(one) else { return Ok(None) };
    if meeting::join_url(ctx.caller(), one, &series).is_some() {
        return Ok(Some(link.as_str().into()));
    }
    if ctx.caller().actor.user().is_none() {
        return Ok(None);
    }
    let own = ctx.loaders().load_one(OwnIn(one.id)).await?;
    Ok(own.filter(|own| own.person.is_some() && own.status.comes()).map(|_| link.as_str().into()))
}
