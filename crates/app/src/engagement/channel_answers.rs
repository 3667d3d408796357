//! How channels answer: what a reader's own contacts show, and what is worked out once a week for everybody.

use std::collections::HashMap;

use tertulia_domain::{
    Result,
    engagement::channel_answers::{Answers, Assessment, Freshness, week},
    id::ChannelId,
    policy::Act,
    record::event::{Event, Topic},
};
use tertulia_persistence::{engagement::channel_answers, record::lease};
use uuid::Uuid;

use crate::{App, Ctx};

/// Channels of one statement.
const BATCH: usize = 200;

/// How each of these channels answers, as far as the caller may be told.
pub async fn freshness(app: &App, ctx: &Ctx, channels: &[ChannelId]) -> Result<HashMap<ChannelId, Freshness>> {
    ctx.may(Act::DirectoryRead)?;
    let reader = app.reader(ctx);
    let own = by_channel(channel_answers::own(&reader, &ctx.contacts(), Some(channels), ctx.now).await?, |one| one.channel);
    let all = by_channel(channel_answers::assessments_of(&reader, channels).await?, |one| one.channel);
    Ok(channels.iter().map(|id| (*id, Freshness::of(own.get(id), all.get(id)))).collect())
}

fn by_channel<T>(found: Vec<T>, channel: impl Fn(&T) -> ChannelId) -> HashMap<ChannelId, T> {
    found.into_iter().map(|one| (channel(&one), one)).collect()
}

/// The channels over which answers have stopped, as far as the caller may be told: so that a list is narrowed by what it shows.
pub async fn stopped(app: &App, ctx: &Ctx) -> Result<Vec<ChannelId>> {
    ctx.may(Act::DirectoryRead)?;
    let reader = app.reader(ctx);
    let mut stopped = channel_answers::stopped(&reader).await?;
    let own = channel_answers::own(&reader, &ctx.contacts(), None, ctx.now).await?;
    stopped.extend(own.iter().filter(|one| one.have_stopped()).map(|one| one.channel));
    Ok(stopped)
}

/// Works out anew how channels answer, once a week and one server at a time; says how many were looked at.
pub async fn assess(app: &App, ctx: &Ctx, holder: Uuid) -> Result<u64> {
    let (reader, monday) = (app.current_reader(ctx), week(ctx.now));
    if channel_answers::is_assessed(&reader, monday).await? {
        return Ok(0);
    }
    let found: Vec<Assessment> = channel_answers::of_all(&reader, ctx.now).await?.iter().map(Answers::assessed).collect();
    // All in one transaction: that one is assessed says that all are.
    let mut uow = app.begin(ctx).await?;
    lease::take(uow.writer(), "assess", holder, ctx.now).await?;
    if channel_answers::is_assessed(uow.writer(), monday).await? {
        return Ok(0);
    }
    for some in found.chunks(BATCH) {
        let ids: Vec<ChannelId> = some.iter().map(|one| one.channel).collect();
        let before = by_channel(channel_answers::assessments_of(uow.writer(), &ids).await?, |one| one.channel);
        channel_answers::put(uow.writer(), some, ctx.now.date_naive()).await?;
        for one in some {
            let was_stopped = before.get(&one.channel).is_some_and(|before| before.stopped);
            let fields = if was_stopped == one.stopped { vec![] } else { vec!["status"] };
            uow.consequence(Act::ChannelAssess, Event::edit(Topic::ChannelAssessed, one.channel.any(), fields))?;
        }
    }
    uow.commit_consequences().await?;
    Ok(found.len() as u64)
}
