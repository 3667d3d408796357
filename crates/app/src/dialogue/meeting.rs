//! Meetings: read by who may, moved and called off one by one.

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Result,
    dialogue::{Dialogue, Length, Meeting, MeetingFilter, MeetingStatus, Slot, wall_time},
    id::{DialogueId, MeetingId, read},
    page::{Edge, Page, PageRequest, Position},
    policy::{Act, Grant},
    record::event::{Event, Topic},
    text::{LONG, WebUrl, block},
    time::{Instant, zone},
};
use tertulia_persistence::dialogue::{dialogue, meeting};

use crate::{App, Ctx, IdempotencyKey, UnitOfWork, check_version};

/// The meeting of that id, if there is one that the caller may read.
pub async fn get(app: &App, ctx: &Ctx, id: MeetingId) -> Result<Option<Meeting>> {
    ctx.may(Act::DialogueRead)?;
    meeting::find(&app.reader(ctx), &ctx.dialogues(), id).await
}

/// Those of these meetings that the caller may read, in any order.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[MeetingId]) -> Result<Vec<Meeting>> {
    ctx.may(Act::DialogueRead)?;
    meeting::find_many(&app.reader(ctx), &ctx.dialogues(), ids).await
}

/// A page of the meetings that the caller may read, by the instant at which they begin.
pub async fn list(app: &App, ctx: &Ctx, filter: &MeetingFilter, descending: bool, page: &PageRequest) -> Result<Page<Meeting>> {
    ctx.may(Act::DialogueRead)?;
    meeting::list(&app.reader(ctx), &ctx.dialogues(), filter, descending, page).await
}

/// How many meetings the caller may read.
pub async fn count(app: &App, ctx: &Ctx, filter: &MeetingFilter) -> Result<u64> {
    ctx.may(Act::DialogueRead)?;
    meeting::count(&app.reader(ctx), &ctx.dialogues(), filter).await
}

/// The first page of the meetings of each of these dialogues, in one statement; `limit` of them at most.
pub async fn first_pages(
    app: &App,
    ctx: &Ctx,
    filter: &MeetingFilter,
    descending: bool,
    limit: u16,
) -> Result<Vec<(DialogueId, Page<Meeting>)>> {
    ctx.may(Act::DialogueRead)?;
    let limit = usize::from(limit);
    let found = meeting::first_of_each(&app.reader(ctx), &ctx.dialogues(), filter, descending, limit as u64 + 1).await?;
    let page = |id: &DialogueId| {
        let of_it = |(position, item): &(Position, Meeting)| {
            (item.dialogue == *id).then(|| Edge { position: position.clone(), item: item.clone() })
        };
        let mut edges: Vec<_> = found.iter().filter_map(of_it).collect();
        let has_next = edges.len() > limit;
        edges.truncate(limit);
        (*id, Page { edges, has_next, has_previous: false })
    };
    Ok(filter.dialogues.iter().map(page).collect())
}

/// How many meetings each dialogue of the filter has; one without any does not occur.
pub async fn counts(app: &App, ctx: &Ctx, filter: &MeetingFilter) -> Result<Vec<(DialogueId, u64)>> {
    ctx.may(Act::DialogueRead)?;
    meeting::count_of_each(&app.reader(ctx), &ctx.dialogues(), filter).await
}

/// The next meeting of each of these dialogues that lies ahead and is not called off, in one statement.
pub async fn next_of(app: &App, ctx: &Ctx, dialogues: &[DialogueId]) -> Result<Vec<Meeting>> {
    ctx.may(Act::DialogueRead)?;
    let ahead = [MeetingStatus::Proposed, MeetingStatus::Polling, MeetingStatus::Scheduled, MeetingStatus::InProgress];
    let filter =
        MeetingFilter { dialogues: dialogues.to_vec(), statuses: ahead.to_vec(), starts_from: Some(ctx.now), ..MeetingFilter::default() };
    let found = meeting::first_of_each(&app.reader(ctx), &ctx.dialogues(), &filter, false, 1).await?;
    Ok(found.into_iter().map(|(_, meeting)| meeting).collect())
}

/// The link by which the parties join a meeting of `dialogue`, for those who may have it.
pub fn join_url<'a>(ctx: &Ctx, meeting: &'a Meeting, dialogue: &'a Dialogue) -> Option<&'a WebUrl> {
    let link = meeting.join_url.as_ref().or(dialogue.join_url.as_ref());
    link.filter(|_| ctx.dialogues().has_join_link(dialogue.parties()))
}

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
    /// The version on which the edit is based.
    pub version: i64,
}

/// Moves one meeting. Its id and its place in the series stay.
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
    let (found, _, grant) = find_for(&uow, Act::MeetingReschedule, id).await?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(found);
    }
    check_version(input.version, found.version)?;
    let slot = Slot { local_start, zone, length: length.unwrap_or(found.length) };
    let moved = found.reschedule(slot, reason, ctx.now)?;
    let fields = vec!["localStart", "timeZone", "duration", "reason"];
    write(uow, grant, (&found, &moved), Event::edit(Topic::MeetingRescheduled, id.any(), fields)).await?;
    Ok(moved)
}

/// A meeting to be called off, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Cancel {
    /// The meeting's id.
    pub meeting_id: String,
    /// Why.
    pub reason: Option<String>,
    /// The version on which the edit is based.
    pub version: i64,
}

/// Calls one meeting off. It stays, as cancelled.
pub async fn cancel(app: &App, ctx: &Ctx, input: &Cancel, key: Option<&str>) -> Result<Meeting> {
    ctx.may(Act::MeetingCancel)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let id = faults.check("meetingId", read(&input.meeting_id));
    let reason = reason(&mut faults, input.reason.as_deref());
    let id = faults.finish_with(id)?;
    let uow = app.begin(ctx).await?;
    let (found, _, grant) = find_for(&uow, Act::MeetingCancel, id).await?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(found);
    }
    check_version(input.version, found.version)?;
    let cancelled = found.cancel(reason, ctx.now)?;
    write(uow, grant, (&found, &cancelled), Event::edit(Topic::MeetingCancelled, id.any(), vec!["status", "reason"])).await?;
    Ok(cancelled)
}

fn reason(faults: &mut Faults, raw: Option<&str>) -> Option<String> {
    raw.filter(|raw| !raw.trim().is_empty()).and_then(|raw| faults.check("reason", block(raw, LONG)))
}

/// The meeting with its dialogue, if the caller may read it, and the grant, if he may do that with it.
pub(super) async fn find_for(uow: &UnitOfWork<'_>, act: Act, id: MeetingId) -> Result<(Meeting, Dialogue, Grant)> {
    let ctx = uow.ctx();
    let missing = || Error::not_found("meetingId");
    let found = meeting::find(uow.writer(), &ctx.dialogues(), id).await?.ok_or_else(missing)?;
    let dialogue: Dialogue = dialogue::find(uow.writer(), &ctx.dialogues(), found.dialogue).await?.ok_or_else(missing)?;
    let grant = ctx.allow(act, &dialogue.scope(&ctx.actor))?;
    Ok((found, dialogue, grant))
}

async fn write(uow: UnitOfWork<'_>, grant: Grant, (found, changed): (&Meeting, &Meeting), event: Event) -> Result<()> {
    let replaced = Replaced {
        local_start: wall_time::ical(found.local_start),
        time_zone: found.zone.name(),
        starts_at: found.starts_at,
        duration: found.length,
        status: found.status,
        reason: found.reason.as_deref(),
        sequence: found.sequence,
    };
    uow.replace(&grant, found.id.any(), found.version, &replaced).await?;
    if !meeting::update(uow.writer(), changed).await? {
        check_version(found.version, changed.version)?;
    }
    uow.commit(grant, [event]).await
}

/// What moving or calling off replaces.
#[derive(Serialize)]
struct Replaced<'a> {
    local_start: String,
    time_zone: &'a str,
    starts_at: Instant,
    duration: Length,
    status: MeetingStatus,
    reason: Option<&'a str>,
    sequence: i64,
}
