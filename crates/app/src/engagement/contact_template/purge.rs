//! Templates that were put away long enough ago go.

use tertulia_domain::{
    Result,
    policy::Act,
    record::event::{Event, Topic},
};
use tertulia_persistence::{engagement::contact_template, record::lease};
use uuid::Uuid;

use crate::{
    App, Ctx,
    retention::{self, Periods},
};

/// Templates of one transaction.
const BATCH: u64 = 100;

/// Removes some of the templates that were put away long enough ago, with their history, one server at a time; says how many, none when
/// nothing is left. Nothing else names a template: a contact that began with one has its own text.
pub async fn purge(app: &App, ctx: &Ctx, periods: &Periods, holder: Uuid) -> Result<u64> {
    let Some(kept) = periods.templates else { return Ok(0) };
    let before = ctx.now - kept;
    if !contact_template::is_due(&app.current_reader(ctx), before).await? {
        return Ok(0);
    }
    let mut uow = app.begin(ctx).await?;
    lease::take(uow.writer(), retention::JOB, holder, ctx.now).await?;
    let purged = contact_template::purge(uow.writer(), before, BATCH).await?;
    for id in &purged {
        uow.consequence(Act::ContactTemplatePurge, Event::new(Topic::ContactTemplatePurged, id.any()))?;
    }
    uow.commit_consequences().await?;
    Ok(purged.len() as u64)
}
