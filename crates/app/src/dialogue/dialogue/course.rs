//! Pausing a dialogue, letting it go on, and ending it.

use serde::Serialize;
use tertulia_domain::{
    Faults, Result,
    dialogue::{Dialogue, DialogueStatus, Meeting, MeetingStatus, dialogue::horizon},
    id::read,
    policy::{Act, Grant},
    record::event::{Event, Topic},
};
use tertulia_persistence::dialogue::meeting;

use crate::{
    App, Ctx, IdempotencyKey, UnitOfWork, check_version,
    dialogue::{
        horizon::lay_out,
        series::{Change, find_for, first_ahead, meetings, reason, write},
    },
};

/// A dialogue to be paused, resumed or ended, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Course {
    /// The dialogue's id.
    pub dialogue_id: String,
    /// Why, for everybody who reads its meetings.
    pub reason: Option<String>,
    /// The version on which the edit is based.
    pub version: i64,
}

/// What the acts of this file begin with.
struct Begun<'a> {
    uow: UnitOfWork<'a>,
    grant: Grant,
    found: Dialogue,
    reason: Option<String>,
    /// Whether this was done before under the same key.
    is_done: bool,
}

async fn begin<'a>(app: &'a App, ctx: &'a Ctx, act: Act, input: &Course, key: Option<&str>) -> Result<Begun<'a>> {
    ctx.may(act)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let id = faults.check("dialogueId", read(&input.dialogue_id));
    let reason = reason(&mut faults, input.reason.as_deref());
    let id = faults.finish_with(id)?;
    let uow = app.begin(ctx).await?;
    let (found, grant) = find_for(&uow, act, id).await?;
    let is_done = uow.claim(&grant, key.as_ref(), id.any()).await?.is_some();
    if !is_done {
        check_version(input.version, found.version)?;
    }
    Ok(Begun { uow, grant, found, reason, is_done })
}

const FIELDS: &[&str] = &["status", "reason"];

/// Pauses a dialogue: no meeting takes place until it goes on, and those laid out are postponed.
pub async fn pause(app: &App, ctx: &Ctx, input: &Course, key: Option<&str>) -> Result<Dialogue> {
    let Begun { uow, grant, found, reason, is_done } = begin(app, ctx, Act::DialoguePause, input, key).await?;
    if is_done {
        return Ok(found);
    }
    let all = meetings(&uow, found.id).await?;
    let paused = found.closed(first_ahead(&found, &all, ctx.now), DialogueStatus::Paused, ctx.now)?;
    let postponed = |one: Meeting| one.postponed(reason.as_deref(), ctx.now).map(|postponed| (one, postponed));
    let meetings = all.into_iter().filter_map(postponed).collect();
    let event = Event::edit(Topic::DialoguePaused, found.id.any(), vec!["status"]);
    let topic = Topic::MeetingPostponed;
    write(uow, grant, Change { before: &found, after: Some((paused.clone(), event)), meetings, topic, fields: FIELDS }).await?;
    Ok(paused)
}

/// Lets a paused dialogue go on: meetings that lie ahead are on again, those whose date went by are called off for good.
pub async fn resume(app: &App, ctx: &Ctx, input: &Course, key: Option<&str>) -> Result<Dialogue> {
    let Begun { uow, grant, found, is_done, .. } = begin(app, ctx, Act::DialogueResume, input, key).await?;
    if is_done {
        return Ok(found);
    }
    let all = meetings(&uow, found.id).await?;
    let to = found.laid_out_to.map(|_| horizon(ctx.now));
    let resumed = Dialogue { laid_out_to: found.laid_out_to.max(to), ..found.resumed(ctx.now)? };
    if let Some((from, to)) = found.laid_out_to.zip(to) {
        let off = |one: Meeting| if one.starts_at > ctx.now { one } else { Meeting { status: MeetingStatus::Cancelled, ..one } };
        let new: Vec<Meeting> = lay_out(app, &resumed, (from, to), ctx.now)?.into_iter().map(off).collect();
        meeting::insert_missing(uow.writer(), &new).await?;
    }
    let on = |one: Meeting| one.resumed(ctx.now).map(|on| (one, on));
    let meetings = all.into_iter().filter_map(on).collect();
    let event = Event::edit(Topic::DialogueResumed, found.id.any(), vec!["status"]);
    let topic = Topic::MeetingResumed;
    write(uow, grant, Change { before: &found, after: Some((resumed.clone(), event)), meetings, topic, fields: FIELDS }).await?;
    Ok(resumed)
}

/// Ends a dialogue: what lies ahead is called off, what was held stays.
pub async fn end(app: &App, ctx: &Ctx, input: &Course, key: Option<&str>) -> Result<Dialogue> {
    let Begun { uow, grant, found, reason, is_done } = begin(app, ctx, Act::DialogueEnd, input, key).await?;
    if is_done {
        return Ok(found);
    }
    let all = meetings(&uow, found.id).await?;
    let ended = found.closed(first_ahead(&found, &all, ctx.now), DialogueStatus::Ended, ctx.now)?;
    let mut meetings = Vec::new();
    for one in all {
        let is_open = one.starts_at > ctx.now || one.status == MeetingStatus::Postponed;
        if is_open && one.status.can_cancel() {
            let off = one.cancel(reason.clone(), ctx.now)?;
            meetings.push((one, off));
        }
    }
    let event = Event::edit(Topic::DialogueEnded, found.id.any(), vec!["status"]);
    let topic = Topic::MeetingCancelled;
    write(uow, grant, Change { before: &found, after: Some((ended.clone(), event)), meetings, topic, fields: FIELDS }).await?;
    Ok(ended)
}
