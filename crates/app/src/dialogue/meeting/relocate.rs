//! Holding a meeting, or a series from one of its meetings on, at another place or by another link.

use serde::Serialize;
use tertulia_domain::{
    Faults, Reason, Result,
    dialogue::{ChangeScope, Dialogue, Meeting, Relocation, update::Place},
    id::read,
    policy::Act,
    record::event::{Event, Topic},
};

use crate::{
    App, Ctx, IdempotencyKey, UnitOfWork, check_version,
    dialogue::dialogue::check_venue,
    dialogue::series::{Change, find_meeting_for, first_ahead, meetings, reason, write},
};

/// Another place for a meeting, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Relocate {
    /// The meeting's id.
    pub meeting_id: String,
    /// The place and the link.
    pub place: Relocation,
    /// Why.
    pub reason: Option<String>,
    /// Which meetings of the series it is about.
    pub scope: ChangeScope,
    /// The version on which the edit is based.
    pub version: i64,
}

const FIELDS: &[&str] = &["venue", "joinUrl", "reason"];

/// Gives one meeting a place or link of its own, or its series another from it on; meetings with one of their own keep that.
pub async fn relocate(app: &App, ctx: &Ctx, input: &Relocate, key: Option<&str>) -> Result<Meeting> {
    ctx.may(Act::MeetingRelocate)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let id = faults.check("meetingId", read(&input.meeting_id));
    let place = input.place.check(&mut faults);
    let reason = reason(&mut faults, input.reason.as_deref());
    if input.place.is_empty() {
        faults.add(Reason::Required, "", "Say which place or link is new.");
    }
    let id = faults.finish_with(id)?;
    let uow = app.begin(ctx).await?;
    let (found, dialogue, grant) = find_meeting_for(&uow, Act::MeetingRelocate, id).await?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(found);
    }
    check_version(input.version, found.version)?;
    let mut faults = Faults::default();
    check_venue(&mut faults, uow.writer(), place.venue.iter().flatten().next()).await?;
    faults.finish()?;
    let mut change = Change { before: &dialogue, after: None, meetings: Vec::new(), topic: Topic::MeetingRelocated, fields: FIELDS };
    let own = |new: bool| input.scope == ChangeScope::This && new;
    let (venue, join_url) = (place.venue.clone(), place.join_url.clone());
    // What the series says from now on, the meeting need not say by itself.
    let venue = if own(venue.is_some()) { venue.flatten() } else { found.venue.clone().filter(|_| venue.is_none()) };
    let join_url = if own(join_url.is_some()) { join_url.flatten() } else { found.join_url.clone().filter(|_| join_url.is_none()) };
    let relocated = found.relocate(venue, join_url, reason, ctx.now)?;
    if input.scope != ChangeScope::This {
        let (after, others) = series(&uow, input.scope, (&dialogue, &relocated), &place).await?;
        change.after = Some((after, Event::edit(Topic::DialogueUpdated, dialogue.id.any(), vec!["stretches"])));
        change.meetings = others;
    }
    change.meetings.push((found, relocated.clone()));
    write(uow, grant, change).await?;
    Ok(relocated)
}

/// The series held elsewhere from one of its meetings on, and the others that go with it.
async fn series(
    uow: &UnitOfWork<'_>,
    scope: ChangeScope,
    (before, relocated): (&Dialogue, &Meeting),
    place: &Place,
) -> Result<(Dialogue, Vec<(Meeting, Meeting)>)> {
    let now = uow.ctx().now;
    let all = meetings(uow, before.id).await?;
    let ahead = first_ahead(before, &all, now);
    let from = if scope == ChangeScope::All { ahead } else { ahead.max(relocated.original_start) };
    let after = before.changed_from(from, |stretch| place.write(stretch), now)?;
    let others = all.into_iter().filter(|one| one.id != relocated.id);
    let follows = |one: Meeting| one.follow_to(before, &after, relocated.reason.as_deref(), now).map(|follows| (one, follows));
    let others = others.filter_map(follows).collect();
    Ok((after, others))
}
