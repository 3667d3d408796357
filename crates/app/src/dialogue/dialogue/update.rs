//! Changing what a dialogue says of itself, and how long and where the meetings that lie ahead take place.

use serde::Serialize;
use tertulia_domain::{
    Faults, Result,
    dialogue::{Dialogue, DialoguePatch, Stretch},
    id::read,
    policy::Act,
    record::event::{Event, Topic},
};

use super::check_venue;
use crate::{
    App, Ctx, IdempotencyKey, check_version,
    dialogue::series::{Change, find_for, first_ahead, meetings, write},
};

/// A change of a dialogue, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Update {
    /// The dialogue's id.
    pub dialogue_id: String,
    /// What changes.
    pub patch: DialoguePatch,
    /// The version on which the edit is based.
    pub version: i64,
}

const FIELDS: &[&str] = &["duration", "venue", "joinUrl", "workingLanguages"];

/// Changes a dialogue. Meetings that lie behind stay as they were.
pub async fn update(app: &App, ctx: &Ctx, input: &Update, key: Option<&str>) -> Result<Dialogue> {
    ctx.may(Act::DialogueUpdate)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let id = faults.check("dialogueId", read(&input.dialogue_id));
    let id = faults.finish_with(id)?;
    let uow = app.begin(ctx).await?;
    let (before, grant) = find_for(&uow, Act::DialogueUpdate, id).await?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(before);
    }
    check_version(input.version, before.version)?;
    let change = input.patch.check(&before)?;
    let mut faults = Faults::default();
    check_venue(&mut faults, uow.writer(), change.place.venue.iter().flatten().next()).await?;
    faults.finish()?;
    let all = meetings(&uow, id).await?;
    let after = if change.length.is_some() || !change.place.is_empty() {
        let over = |stretch: &mut Stretch| {
            stretch.length = change.length.unwrap_or(stretch.length);
            change.place.write(stretch);
        };
        before.changed_from(first_ahead(&before, &all, ctx.now), over, ctx.now)?
    } else {
        before.edited(ctx.now)
    };
    let after = after.with_fields(change.fields);
    let mut meetings = Vec::new();
    for one in all {
        let follows = match one.follow(&before, &after, one.reason.as_deref(), ctx.now)? {
            Some(follows) => Some(follows),
            None => one.follow_to(&before, &after, one.reason.as_deref(), ctx.now),
        };
        if let Some(follows) = one.speaking(follows, &before, &after, ctx.now) {
            meetings.push((one, follows));
        }
    }
    let event = Event::edit(Topic::DialogueUpdated, id.any(), input.patch.names());
    let change = Change { before: &before, after: Some((after.clone(), event)), meetings, topic: Topic::MeetingUpdated, fields: FIELDS };
    write(uow, grant, change).await?;
    Ok(after)
}
