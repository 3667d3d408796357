//! What an import reported of its rows, and the name of its file, which may name persons, are forgotten some time after its end. Which rows
//! were imported stays, so that none becomes two contacts.

use tertulia_domain::{
    Result,
    policy::Act,
    record::event::{Event, Topic},
};
use tertulia_persistence::engagement::{contact_import, contact_import_row};

use crate::{App, Ctx, retention::Periods};

/// Imports of one transaction; each may report of 100,000 rows.
const BATCH: u64 = 5;

/// Forgets what some imports reported that ended long enough ago, and the names of their files, each once; says of how many, none when
/// nothing is left.
pub async fn forget(app: &App, ctx: &Ctx, periods: &Periods) -> Result<u64> {
    let Some(kept) = periods.import_reports else { return Ok(0) };
    let due = contact_import::ended_before(&app.current_reader(ctx), ctx.now - kept, BATCH).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let mut uow = app.begin(ctx).await?;
    let mut forgotten = 0;
    for id in due {
        // Another server may be at the same one: who comes second waits here, and finds it done.
        if contact_import::forget_name(uow.writer(), id, ctx.now).await? {
            contact_import_row::delete_reports(uow.writer(), id).await?;
            uow.consequence(Act::ContactsImportForget, Event::new(Topic::ContactsImportForgotten, id.any()))?;
            forgotten += 1;
        }
    }
    uow.commit_consequences().await?;
    Ok(forgotten)
}
