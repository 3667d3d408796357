//! Putting a meeting off until a date for it is found.

use serde::Serialize;
use tertulia_domain::{Faults, Result, dialogue::Meeting, id::read, policy::Act, record::event::Topic};

use crate::{
    App, Ctx, IdempotencyKey, check_version,
    dialogue::series::{Change, find_meeting_for, reason, write},
};

/// A meeting to be put off, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Postpone {
    /// The meeting's id.
    pub meeting_id: String,
    /// Why.
    pub reason: Option<String>,
    /// The version on which the edit is based.
    pub version: i64,
}

/// Puts one meeting off: it stays, without a date that holds, until it is given one.
pub async fn postpone(app: &App, ctx: &Ctx, input: &Postpone, key: Option<&str>) -> Result<Meeting> {
    ctx.may(Act::MeetingPostpone)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let id = faults.check("meetingId", read(&input.meeting_id));
    let reason = reason(&mut faults, input.reason.as_deref());
    let id = faults.finish_with(id)?;
    let uow = app.begin(ctx).await?;
    let (found, dialogue, grant) = find_meeting_for(&uow, Act::MeetingPostpone, id).await?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(found);
    }
    check_version(input.version, found.version)?;
    let postponed = found.postpone(reason.as_deref(), ctx.now)?;
    let meetings = vec![(found, postponed.clone())];
    let change = Change { before: &dialogue, after: None, meetings, topic: Topic::MeetingPostponed, fields: &["status", "reason"] };
    write(uow, grant, change).await?;
    Ok(postponed)
}
