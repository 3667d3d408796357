//! Time passes: meetings whose date stands begin and end by themselves.

use tertulia_domain::{
    Result,
    dialogue::MeetingStatus,
    id::MeetingId,
    policy::Act,
    record::event::{Event, Topic},
};
use tertulia_persistence::dialogue::meeting;

use crate::{App, Ctx};

/// Meetings that one transaction moves on at most.
const BATCH: u64 = 200;

/// Moves meetings on whose time has come or is over; says how many there were. Of two servers that do so at once, one waits for the
/// other and finds it done.
pub async fn pass(app: &App, ctx: &Ctx) -> Result<u64> {
    let due = meeting::passing(&app.current_reader(ctx), ctx.now, BATCH).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let mut uow = app.begin(ctx).await?;
    let mut moved: [(MeetingStatus, Act, Topic, Vec<MeetingId>); 2] = [
        (MeetingStatus::InProgress, Act::MeetingStart, Topic::MeetingStarted, Vec::new()),
        (MeetingStatus::Held, Act::MeetingHold, Topic::MeetingHeld, Vec::new()),
    ];
    for held in meeting::hold_many(uow.writer(), &due).await? {
        let Some(status) = held.passed(ctx.now) else { continue };
        moved.iter_mut().filter(|(to, ..)| *to == status).for_each(|(.., ids)| ids.push(held.id));
    }
    for (status, act, topic, ids) in &moved {
        meeting::pass(uow.writer(), ids, *status, ctx.now).await?;
        for id in ids {
            uow.consequence(*act, Event::edit(*topic, id.any(), vec!["status"]))?;
        }
    }
    uow.commit_consequences().await?;
    Ok(due.len() as u64)
}
