//! Contacts whose time to be kept is over go, with all that belongs to them.

use tertulia_domain::{
    Result,
    policy::Act,
    record::event::{Event, Topic},
};
use tertulia_persistence::{
    engagement::contact_purge::{self, Limits},
    record::lease,
};
use uuid::Uuid;

use crate::{
    App, Ctx,
    retention::{self, Periods},
};

/// Contacts of one transaction.
const BATCH: u64 = 100;

/// Removes some of the contacts whose time is over, one server at a time; says how many, none when nothing is left. Their ids, what was
/// done with them and when remain in the audit log, and the head of each history beside it.
pub async fn purge(app: &App, ctx: &Ctx, periods: &Periods, holder: Uuid) -> Result<u64> {
    let before = |days: Option<chrono::TimeDelta>| days.map(|days| ctx.now - days);
    let limits = Limits { unsent: before(periods.unsent), closed: before(periods.closed), legal: before(periods.legal) };
    if periods.keeps_contacts() || !contact_purge::is_due(&app.current_reader(ctx), &limits).await? {
        return Ok(0);
    }
    let mut uow = app.begin(ctx).await?;
    lease::take(uow.writer(), retention::JOB, holder, ctx.now).await?;
    let purged = contact_purge::purge(uow.writer(), &limits, BATCH, ctx.now).await?;
    for id in &purged {
        uow.consequence(Act::ContactPurge, Event::new(Topic::ContactPurged, id.any()))?;
    }
    uow.commit_consequences().await?;
    Ok(purged.len() as u64)
}
