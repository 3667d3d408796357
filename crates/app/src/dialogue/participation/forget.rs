//! What somebody needs to take part is forgotten once the meeting is over for long enough.

use tertulia_domain::{
    Result,
    policy::Act,
    record::event::{Event, Topic},
};
use tertulia_persistence::dialogue::participation;

use crate::{App, Ctx, retention::Periods};

/// Participations of one transaction.
const BATCH: u64 = 200;

/// Forgets the access needs of some participations in meetings that are over; says of how many, none when nothing is left.
pub async fn forget(app: &App, ctx: &Ctx, periods: &Periods) -> Result<u64> {
    let Some(kept) = periods.access_needs else { return Ok(0) };
    let due = participation::with_needs(&app.current_reader(ctx), ctx.now - kept, BATCH).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let mut uow = app.begin(ctx).await?;
    participation::forget_needs(uow.writer(), &due, ctx.now).await?;
    for id in &due {
        uow.consequence(Act::ParticipationForget, Event::edit(Topic::ParticipationForgotten, id.any(), vec!["accessNeeds"]))?;
    }
    uow.commit_consequences().await?;
    Ok(due.len() as u64)
}
