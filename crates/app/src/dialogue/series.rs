//! How a change of a series or of some of its meetings is written: the dialogue, the meetings, what they replace and the events
//! in one transaction.

use chrono::{NaiveDateTime, TimeDelta};
use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Result,
    dialogue::{Dialogue, DialogueStatus, Length, Meeting, MeetingStatus, Stretch, Venue, update::Fields, wall_time},
    id::{DialogueId, MeetingId},
    policy::{Act, Grant},
    record::event::{Event, Topic},
    text::{LONG, WebUrl, block},
    time::Instant,
};
use tertulia_persistence::dialogue::{dialogue, meeting};

use super::{calendar_letter, guest_letter};
use crate::{UnitOfWork, check_version};

/// A change, worked out and not yet written.
#[derive(Debug)]
pub(super) struct Change<'a> {
    /// The dialogue as it was.
    pub(super) before: &'a Dialogue,
    /// The dialogue as it will be, if it changes, and what tells of it.
    pub(super) after: Option<(Dialogue, Event)>,
    /// The meetings that change, as they were and will be.
    pub(super) meetings: Vec<(Meeting, Meeting)>,
    /// What happened to each of them.
    pub(super) topic: Topic,
    /// Which of their fields changed.
    pub(super) fields: &'static [&'static str],
}

/// The dialogue, if the caller may read it, and the grant, if he may do that with it.
pub(super) async fn find_for(uow: &UnitOfWork<'_>, act: Act, id: DialogueId) -> Result<(Dialogue, Grant)> {
    let ctx = uow.ctx();
    let found = dialogue::find(uow.writer(), &ctx.dialogues(), id).await?.ok_or_else(|| Error::not_found("dialogueId"))?;
    let grant = ctx.allow(act, &found.scope(&ctx.actor))?;
    Ok((found, grant))
}

/// The meeting with its dialogue, if the caller may read it, and the grant, if he may do that with it.
pub(super) async fn find_meeting_for(uow: &UnitOfWork<'_>, act: Act, id: MeetingId) -> Result<(Meeting, Dialogue, Grant)> {
    let ctx = uow.ctx();
    let missing = || Error::not_found("meetingId");
    let found = meeting::find(uow.writer(), &ctx.dialogues(), id).await?.ok_or_else(missing)?;
    let dialogue = dialogue::find(uow.writer(), &ctx.dialogues(), found.dialogue).await?.ok_or_else(missing)?;
    let grant = ctx.allow(act, &dialogue.scope(&ctx.actor))?;
    Ok((found, dialogue, grant))
}

/// Every meeting of a dialogue, in the order of their original dates.
pub(super) async fn meetings(uow: &UnitOfWork<'_>, id: DialogueId) -> Result<Vec<Meeting>> {
    meeting::for_calendar(uow.writer(), &uow.ctx().dialogues(), &[id]).await
}

/// The first of the rule's dates that lies ahead; what a series is changed from when all of it is. Where none lies ahead, just
/// after the last.
pub(super) fn first_ahead(dialogue: &Dialogue, meetings: &[Meeting], now: Instant) -> NaiveDateTime {
    let ahead = meetings.iter().filter(|meeting| dialogue.slot_of(meeting).starts_at() > now).map(|meeting| meeting.original_start).min();
    let last = meetings.iter().map(|meeting| meeting.original_start).max().unwrap_or(dialogue.recurrence.local_start);
    ahead.unwrap_or(last + TimeDelta::seconds(1))
}

/// Why, as somebody typed it.
pub(super) fn reason(faults: &mut Faults, raw: Option<&str>) -> Option<String> {
    raw.filter(|raw| !raw.trim().is_empty()).and_then(|raw| faults.check("reason", block(raw, LONG)))
}

/// Writes a change and commits it.
pub(super) async fn write(uow: UnitOfWork<'_>, grant: Grant, change: Change<'_>) -> Result<()> {
    write_telling(uow, grant, change, Vec::new()).await
}

/// Writes a change and commits it with the events that tell of what caused it.
pub(super) async fn write_telling(uow: UnitOfWork<'_>, grant: Grant, change: Change<'_>, mut events: Vec<Event>) -> Result<()> {
    let before = change.before;
    if let Some((after, event)) = &change.after {
        uow.replace(&grant, before.id.any(), before.version, &ReplacedSeries::of(before))?;
        let app = uow.app();
        if !dialogue::update(uow.writer(), after, || app.ids.uuid()).await? {
            check_version(before.version, after.version)?;
        }
        events.push(event.clone());
    }
    for (found, changed) in &change.meetings {
        uow.replace(&grant, found.id.any(), found.version, &ReplacedMeeting::of(found))?;
        if !meeting::update(uow.writer(), changed).await? {
            check_version(found.version, changed.version)?;
        }
        events.push(Event::edit(change.topic, found.id.any(), change.fields.to_vec()));
    }
    let changed: Vec<Meeting> = change.meetings.iter().map(|(_, changed)| changed.clone()).collect();
    match &change.after {
        Some((after, _)) => {
            calendar_letter::of_series(&uow, Some(before), after).await?;
            let alone = calendar_letter::alone(before, after, &changed)?;
            calendar_letter::of_meetings(&uow, after, &alone).await?;
        }
        None => calendar_letter::of_meetings(&uow, before, &changed).await?,
    }
    guest_letter::of_change(&uow, before, change.after.as_ref().map(|(after, _)| after), &change.meetings).await?;
    uow.commit(grant, events).await
}

/// What a change of a series replaces.
#[derive(Serialize)]
struct ReplacedSeries<'a> {
    #[serde(flatten)]
    fields: Fields,
    stretches: &'a [Stretch],
    closed_from: Option<String>,
    status: DialogueStatus,
}

impl<'a> ReplacedSeries<'a> {
    fn of(before: &'a Dialogue) -> Self {
        Self {
            fields: before.fields(),
            stretches: &before.stretches,
            closed_from: before.closed_from.map(wall_time::ical),
            status: before.status,
        }
    }
}

/// What a change of a meeting replaces.
#[derive(Serialize)]
struct ReplacedMeeting<'a> {
    local_start: String,
    time_zone: &'a str,
    starts_at: Instant,
    duration: Length,
    status: MeetingStatus,
    reason: Option<&'a str>,
    venue: Option<&'a Venue>,
    join_url: Option<&'a WebUrl>,
    sequence: i64,
}

impl<'a> ReplacedMeeting<'a> {
    fn of(found: &'a Meeting) -> Self {
        Self {
            local_start: wall_time::ical(found.local_start),
            time_zone: found.zone.name(),
            starts_at: found.starts_at,
            duration: found.length,
            status: found.status,
            reason: found.reason.as_deref(),
            venue: found.venue.as_ref(),
            join_url: found.join_url.as_ref(),
            sequence: found.sequence,
        }
    }
}
