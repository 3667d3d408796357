//! The organisers' decision on a registration.

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Result,
    dialogue::{Participation, Step},
    id::{ParticipationId, read},
    policy::Act,
    record::event::Topic,
};
use tertulia_persistence::dialogue::participation;

use super::{respond::by_id, seating::Room};
use crate::{App, Ctx, IdempotencyKey, check_version};

/// A decision, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Decide {
    /// The participation's id.
    pub participation_id: String,
    /// Whether the person is admitted.
    pub approved: bool,
    /// The version that the caller read.
    pub version: Option<i64>,
}

/// Enters the room of a participation that the caller may read.
pub(super) async fn enter_of<'a>(app: &'a App, ctx: &'a Ctx, raw: &str) -> Result<(Room<'a>, Participation)> {
    let mut faults = Faults::default();
    let id: Option<ParticipationId> = faults.check("participationId", read(raw));
    let id = faults.finish_with(id)?;
    let sights = (&ctx.dialogues(), &ctx.participations());
    let found = participation::find(&app.current_reader(ctx), sights, id).await?.ok_or_else(|| Error::not_found("participationId"))?;
    let room = Room::enter(app, ctx, found.meeting).await?;
    // Read again: it may have changed until the meeting was held.
    let found = by_id(&room, id).await?;
    Ok((room, found))
}

/// Admits who asked to come, to a seat or to the queue for one, or does not.
pub async fn decide(app: &App, ctx: &Ctx, input: &Decide, key: Option<&str>) -> Result<Participation> {
    ctx.may(Act::RegistrationDecide)?;
    let key = IdempotencyKey::parse(key, input)?;
    let (mut room, former) = enter_of(app, ctx, &input.participation_id).await?;
    let grant = room.organise(Act::RegistrationDecide)?;
    if room.uow.claim(&grant, key.as_ref(), former.id.any()).await?.is_some() {
        return Ok(former);
    }
    if let Some(version) = input.version {
        check_version(version, former.version)?;
    }
    room.meeting.check_ahead(ctx.now)?;
    let decided = if input.approved {
        // Only who asked can wait for a seat by being admitted.
        former.step(Step::Approve, ctx.now)?;
        room.seat(Some(&former), &former, Step::Approve).await?
    } else {
        former.step(Step::Reject, ctx.now)?
    };
    room.keep(Some(&former), &decided, Topic::RegistrationDecided).await?;
    room.leave(grant, None).await?;
    Ok(decided)
}
