//! Removes what nobody can use any more. Nobody sees a difference: what is over is refused alike before and after, so there is
//! nothing to tell in the record.

use chrono::TimeDelta;
use tertulia_domain::{Result, record::webhook};
use tertulia_persistence::{
    identity::{invitation, password_reset, refresh_token, session},
    record::{idempotency, lease, webhook_delivery},
};
use uuid::Uuid;

use crate::{App, Ctx, engagement::file, idempotency::KEPT};

/// Rows of each kind that one transaction removes at most, so that no request waits long behind it.
const BATCH: u64 = 500;
/// How long something is over before it goes: what a request found good a moment ago is never taken from under it.
const GRACE: TimeDelta = TimeDelta::days(1);

/// Removes some of each kind that is over, in one transaction, one server at a time; says how many rows, none when nothing is left.
pub(crate) async fn sweep(app: &App, ctx: &Ctx, holder: Uuid) -> Result<u64> {
    Ok(rows(app, ctx, holder).await? + file::sweep(app, ctx).await?)
}

async fn rows(app: &App, ctx: &Ctx, holder: Uuid) -> Result<u64> {
    let reader = app.reader(ctx);
    let over = ctx.now - GRACE;
    let sessions = session::list_over(&reader, over, BATCH).await?;
    let resets = password_reset::list_before(&reader, over, BATCH).await?;
    // A key that is still kept may name its invitation.
    let invitations = invitation::list_before(&reader, over - KEPT, BATCH).await?;
    let keys = idempotency::list_before(&reader, ctx.now - KEPT, BATCH).await?;
    let messages = webhook_delivery::list_before(&reader, ctx.now - webhook::KEPT, BATCH).await?;
    if [&sessions, &resets, &invitations, &keys, &messages].iter().all(|ids| ids.is_empty()) {
        return Ok(0);
    }
    let writer = app.store.writer(&ctx.statements);
    lease::take(&writer, "sweep", holder, ctx.now).await?;
    // A used token stays as long as its session, which it ends when it comes again.
    let mut removed = refresh_token::delete_some_of(&writer, &sessions, BATCH).await?;
    removed += session::delete_without_tokens(&writer, sessions).await?;
    removed += password_reset::delete_many(&writer, resets).await?;
    removed += invitation::delete_many(&writer, invitations).await?;
    removed += idempotency::delete_many(&writer, keys).await?;
    removed += webhook_delivery::delete_many(&writer, messages).await?;
    writer.commit().await?;
    Ok(removed)
}
