//! Calling a meeting off, or a series from one of its meetings on.

use serde::Serialize;
use tertulia_domain::{
    Faults, Result,
    dialogue::{ChangeScope, DialogueStatus, Meeting},
    id::read,
    policy::Act,
    record::event::{Event, Topic},
};

use crate::{
    App, Ctx, IdempotencyKey, check_version,
    dialogue::series::{Change, find_meeting_for, first_ahead, meetings, reason, write},
};

/// A meeting to be called off, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Cancel {
    /// The meeting's id.
    pub meeting_id: String,
    /// Why.
    pub reason: Option<String>,
    /// Which meetings of the series are called off.
    pub scope: ChangeScope,
    /// The version on which the edit is based.
    pub version: i64,
}

/// Calls one meeting off, or with it those that follow or all that lie ahead: then the dialogue ends with the meeting before.
/// What was called off stays, as cancelled.
pub async fn cancel(app: &App, ctx: &Ctx, input: &Cancel, key: Option<&str>) -> Result<Meeting> {
    ctx.may(Act::MeetingCancel)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let id = faults.check("meetingId", read(&input.meeting_id));
    let reason = reason(&mut faults, input.reason.as_deref());
    let id = faults.finish_with(id)?;
    let uow = app.begin(ctx).await?;
    let (found, dialogue, grant) = find_meeting_for(&uow, Act::MeetingCancel, id).await?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(found);
    }
    check_version(input.version, found.version)?;
    let cancelled = found.cancel(reason.clone(), ctx.now)?;
    let topic = Topic::MeetingCancelled;
    let mut change = Change { before: &dialogue, after: None, meetings: Vec::new(), topic, fields: &["status", "reason"] };
    if input.scope != ChangeScope::This {
        let all = meetings(&uow, dialogue.id).await?;
        let ahead = first_ahead(&dialogue, &all, ctx.now);
        let from = if input.scope == ChangeScope::All { ahead } else { ahead.max(found.original_start) };
        let ended = dialogue.closed(from, DialogueStatus::Ended, ctx.now)?;
        change.after = Some((ended, Event::edit(Topic::DialogueEnded, dialogue.id.any(), vec!["status"])));
        for one in all.into_iter().filter(|one| one.id != id && one.original_start >= from) {
            if one.starts_at > ctx.now && one.status.can_cancel() {
                let off = one.cancel(reason.clone(), ctx.now)?;
                change.meetings.push((one, off));
            }
        }
    }
    change.meetings.push((found, cancelled.clone()));
    write(uow, grant, change).await?;
    Ok(cancelled)
}
