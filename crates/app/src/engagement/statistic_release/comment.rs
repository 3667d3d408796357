//! Comments, for a platform that it names, on a proposed release.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    engagement::{
        new_contact::id,
        statistic_release::{ReleaseComment, StatisticRelease},
    },
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text,
};
use tertulia_persistence::engagement::statistic_release::comment as comments;

use super::{deed, hold};
use crate::{App, Ctx, IdempotencyKey};

/// A comment; the id as typed.
#[derive(Clone, Debug, Serialize)]
pub struct NewComment {
    /// The release.
    pub release: String,
    /// What the platform says.
    pub text: String,
    /// A key under which the same act may be sent again.
    pub idempotency_key: Option<String>,
}

/// Keeps what a platform says of a release that names it: once, and in time.
pub async fn comment(app: &App, ctx: &Ctx, input: &NewComment) -> Result<StatisticRelease> {
    ctx.may(Act::StatisticReleaseComment)?;
    let mut faults = Faults::default();
    let wanted = faults.check("statisticReleaseId", id(&input.release));
    let text = faults.check("text", text::block(&input.text, text::LONG));
    let key = faults.check("", IdempotencyKey::parse(input.idempotency_key.as_deref(), input)).flatten();
    let (wanted, text) = faults.finish_with(wanted.zip(text))?;
    let uow = app.begin(ctx).await?;
    let release = hold(&uow, wanted).await?;
    let sight = ctx.releases();
    let named = release.platforms.iter().copied().find(|platform| sight.platforms().contains(platform));
    let grant = ctx.allow(Act::StatisticReleaseComment, &Scope { owner: named, ..Scope::default() })?;
    if uow.claim(&grant, key.as_ref(), wanted.any()).await?.is_some() {
        return Ok(release);
    }
    let platform = named.ok_or_else(|| Error::forbidden("The release does not name your platform."))?;
    release.admits_comment(ctx.now)?;
    let before = comments::find_of(uow.writer(), &sight, &[wanted]).await?;
    if before.iter().any(|comment| comment.platform == platform) {
        return Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "", "Your platform commented on this release before."));
    }
    let comment = ReleaseComment { release: wanted, platform, text, deed: deed(&grant, ctx) };
    comments::insert(uow.writer(), app.ids.uuid(), &comment).await?;
    uow.commit(grant, [Event::new(Topic::StatisticReleaseCommented, wanted.any())]).await?;
    Ok(release)
}
