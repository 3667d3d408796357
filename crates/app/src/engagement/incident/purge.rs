//! Incidents whose time to be kept is over go, with all that belongs to them.

use tertulia_domain::{
    Result,
    policy::Act,
    record::event::{Event, Topic},
};
use tertulia_persistence::{engagement::incident_purge, record::lease};
use uuid::Uuid;

use crate::{
    App, Ctx,
    retention::{self, Periods},
};

/// Incidents of one transaction.
const BATCH: u64 = 100;

/// Removes some of the incidents that were closed long enough ago and whose contacts are gone, one server at a time; says how many, none
/// when nothing is left. Their ids, what was done with them and when remain in the audit log.
pub async fn purge(app: &App, ctx: &Ctx, periods: &Periods, holder: Uuid) -> Result<u64> {
    let Some(kept) = periods.incidents else { return Ok(0) };
    let before = ctx.now - kept;
    while incident_purge::is_due(&app.current_reader(ctx), before).await? {
        let mut uow = app.begin(ctx).await?;
        lease::take(uow.writer(), retention::JOB, holder, ctx.now).await?;
        let purged = incident_purge::purge(uow.writer(), before, BATCH, ctx.now).await?;
        if purged.is_empty() {
            // All of these wait for their contacts.
            uow.commit_progress().await?;
            continue;
        }
        for id in &purged {
            uow.consequence(Act::IncidentPurge, Event::new(Topic::IncidentPurged, id.any()))?;
        }
        uow.commit_consequences().await?;
        return Ok(purged.len() as u64);
    }
    Ok(0)
}
