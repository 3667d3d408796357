//! The horizon: meetings are rows up to some way ahead, and the worker moves that on.

use chrono::TimeDelta;
use tertulia_domain::{
    Result,
    dialogue::{
        Dialogue, Meeting,
        dialogue::{MOST_MEETINGS, horizon},
    },
    policy::{Act, Scope},
    record::event::{Event, Topic},
    time::Instant,
};
use tertulia_persistence::dialogue::{dialogue, meeting};

use crate::{App, Ctx};

/// How far behind its horizon a dialogue may fall before it is extended.
const SLACK: TimeDelta = TimeDelta::days(7);
/// Dialogues extended in one go.
const BATCH: u64 = 50;

/// The meetings of a dialogue that begin in `from..to`, as they are laid out.
pub(crate) fn lay_out(app: &App, dialogue: &Dialogue, (from, to): (Instant, Instant), now: Instant) -> Result<Vec<Meeting>> {
    let occurrences = dialogue.recurrence.between(Some(from), Some(to), MOST_MEETINGS)?;
    let one = |occurrence| Meeting::lay_out(app.ids.new_id(), dialogue, occurrence, now);
    Ok(occurrences.items.into_iter().map(one).collect())
}

/// Lays out the meetings of every dialogue up to the horizon; says how many dialogues there were to extend. Of two servers that
/// do so at once, one extends a dialogue and the other finds it done.
pub async fn extend(app: &App, ctx: &Ctx) -> Result<usize> {
    let behind = dialogue::behind(&app.reader(ctx), horizon(ctx.now) - SLACK, BATCH).await?;
    for dialogue in &behind {
        extend_one(app, ctx, dialogue).await?;
    }
    Ok(behind.len())
}

async fn extend_one(app: &App, ctx: &Ctx, one: &Dialogue) -> Result<()> {
    let grant = ctx.allow(Act::DialogueExtend, &Scope::default())?;
    let to = horizon(ctx.now);
    let from = one.laid_out_to.unwrap_or(one.created_at);
    let meetings = lay_out(app, one, (from, to), ctx.now)?;
    let uow = app.begin(ctx).await?;
    if !dialogue::set_laid_out_to(uow.writer(), one, to).await? {
        return Ok(());
    }
    meeting::insert_missing(uow.writer(), &meetings).await?;
    uow.commit(grant, [Event::new(Topic::DialogueExtended, one.id.any())]).await
}
