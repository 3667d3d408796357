//! Reading the audit log. Nothing writes it but the unit of work.

use tertulia_domain::{
    Result,
    id::AuditEntryId,
    page::{Page, PageRequest},
    policy::{Act, AuditSight},
    record::audit::{AuditEntry, AuditFilter, RawAuditFilter},
};
use tertulia_persistence::record::audit;

use crate::{App, Ctx};

/// A page of the lines that the caller may read, newest first: the auditor all, an administrator those done for the own
/// organisation, the coordinator the own ones.
pub async fn list(app: &App, ctx: &Ctx, filter: &RawAuditFilter, page: &PageRequest) -> Result<Page<AuditEntry>> {
    ctx.may(Act::AuditRead)?;
    let filter = AuditFilter::parse(filter).map_err(|error| error.under("filter"))?;
    let sight = AuditSight::of(&ctx.actor);
    Ok(audit::list(&app.reader(ctx), &sight, &filter, page).await?.map(|line| sight.told(line)))
}

/// The lines of these ids that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[AuditEntryId]) -> Result<Vec<AuditEntry>> {
    ctx.may(Act::AuditRead)?;
    let sight = AuditSight::of(&ctx.actor);
    Ok(audit::find_many(&app.reader(ctx), &sight, ids).await?.into_iter().map(|line| sight.told(line)).collect())
}

/// How many lines [`list`] would give in all.
pub async fn count(app: &App, ctx: &Ctx, filter: &RawAuditFilter) -> Result<u64> {
    ctx.may(Act::AuditRead)?;
    let filter = AuditFilter::parse(filter).map_err(|error| error.under("filter"))?;
    audit::count(&app.reader(ctx), &AuditSight::of(&ctx.actor), &filter).await
}
