//! Moving a meeting, or a series from one of its meetings on.

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    dialogue::{ChangeScope, Dialogue, Length, Meeting, Slot, wall_time},
    id::read,
    policy::Act,
    record::event::{Event, Topic},
    time::zone,
};

use crate::{
    App, Ctx, IdempotencyKey, UnitOfWork, check_version,
    dialogue::series::{Change, find_meeting_for, first_ahead, meetings, reason, write},
};

/// A new slot for a meeting, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Reschedule {
    /// The meeting's id.
    pub meeting_id: String,
    /// The new wall time.
    pub local_start: String,
    /// Its zone.
    pub time_zone: String,
    /// The new length; without it the length stays.
    pub duration: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Which meetings of the series move.
    pub scope: ChangeScope,
    /// The version on which the edit is based.
    pub version: i64,
}

const FIELDS: &[&str] = &["localStart", "timeZone", "duration", "reason"];

/// Moves one meeting, or its series: then every meeting that lies ahead begins as much later on the clock than its rule says as
/// this one, unless it was moved or called off by itself. Ids and the places in the series stay.
pub async fn reschedule(app: &App, ctx: &Ctx, input: &Reschedule, key: Option<&str>) -> Result<Meeting> {
    ctx.may(Act::MeetingReschedule)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let id = faults.check("meetingId", read(&input.meeting_id));
    let local_start = faults.check("localStart", wall_time::parse(&input.local_start));
    let zone = faults.check("timeZone", zone(&input.time_zone));
    let length = input.duration.as_deref().and_then(|raw| faults.check("duration", Length::parse(raw)));
    let reason = reason(&mut faults, input.reason.as_deref());
    let ((id, local_start), zone) = faults.finish_with(id.zip(local_start).zip(zone))?;
    let uow = app.begin(ctx).await?;
    let (found, dialogue, grant) = find_meeting_for(&uow, Act::MeetingReschedule, id).await?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(found);
    }
    check_version(input.version, found.version)?;
    let slot = Slot { local_start, zone, length: length.unwrap_or(found.length) };
    let moved = found.reschedule(slot, reason, ctx.now)?;
    let stays = (found.local_start, found.zone, found.length) == (moved.local_start, moved.zone, moved.length);
    // A date that is settled again after the meeting was put off is news; else nobody is to be written to.
    if stays && found.status == moved.status && input.scope == ChangeScope::This {
        return Err(Error::invalid(Reason::Contradiction, "localStart", "The meeting takes place then already."));
    }
    let mut change = Change { before: &dialogue, after: None, meetings: Vec::new(), topic: Topic::MeetingRescheduled, fields: FIELDS };
    if input.scope != ChangeScope::This {
        let (after, others) = series(&uow, input.scope, &dialogue, &moved).await?;
        change.after = Some((after, Event::edit(Topic::DialogueUpdated, dialogue.id.any(), vec!["stretches"])));
        change.meetings = others;
    }
    change.meetings.push((found, moved.clone()));
    write(uow, grant, change).await?;
    Ok(moved)
}

/// The series moved as one of its meetings was, and the others that go with it.
async fn series(
    uow: &UnitOfWork<'_>,
    scope: ChangeScope,
    before: &Dialogue,
    moved: &Meeting,
) -> Result<(Dialogue, Vec<(Meeting, Meeting)>)> {
    let now = uow.ctx().now;
    let all = meetings(uow, before.id).await?;
    let ahead = first_ahead(before, &all, now);
    let from = if scope == ChangeScope::All { ahead } else { ahead.max(moved.original_start) };
    let slot = Slot { local_start: moved.local_start, zone: moved.zone, length: moved.length };
    let after = before.moved_from(from, moved.original_start, slot, now)?;
    let mut others = Vec::new();
    for one in all.into_iter().filter(|one| one.id != moved.id) {
        if let Some(follows) = one.follow(before, &after, moved.reason.as_deref(), now)? {
            others.push((one, follows));
        }
    }
    Ok((after, others))
}
