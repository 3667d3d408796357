//! From files to the database, in one transaction.

use tertulia_domain::{
    Result,
    id::EventId,
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::directory::country;

use super::{
    File, fictional,
    plan::Loaded,
    plans::Plans,
    rows::{Rows, Stored},
    sheet::Problems,
    shipped,
};
use crate::{App, Ctx};

/// What a loading did, file by file.
pub type Report = Vec<Loaded>;

/// Loads the files that ship with the program if the directory has no country yet. Answers nothing if it has.
pub async fn load_new(app: &App, ctx: &Ctx) -> Result<Option<Report>> {
    ctx.may(Act::DirectoryImport)?;
    if !country::is_empty(&app.reader(ctx)).await? {
        return Ok(None);
    }
    import(app, ctx, &shipped(), false).await.map(Some)
}

/// Loads the fictional countries, bodies, platforms, services and elections of the demo, each of which says that it is
/// fictional. Loading them again changes nothing.
pub async fn load_fictional(app: &App, ctx: &Ctx) -> Result<Report> {
    import(app, ctx, &fictional(), false).await
}

/// Loads files of the form that [`super::export`] writes; any subset of them. With `overwrite`, what people edited is
/// replaced too. What is replaced stays in the history of each entry.
///
/// # Errors
/// `INVALID_INPUT` with every fault of all files, each with file, line and column; then nothing was loaded.
pub async fn import(app: &App, ctx: &Ctx, files: &[File], overwrite: bool) -> Result<Report> {
    let grant = ctx.allow(Act::DirectoryImport, &Scope::default())?;
    let mut problems = Problems::default();
    let rows = Rows::read(files, &mut problems);
    let uow = app.begin(ctx).await?;
    let stored = Stored::read(uow.writer()).await?;
    let read = rows.understand(&stored, app, &mut problems);
    problems.finish()?;
    let plans = Plans::of(read, &stored, overwrite, ctx);
    let report = plans.report(&rows.found);
    if report.iter().all(|loaded| loaded.new + loaded.changed == 0) {
        return Ok(report);
    }
    plans.write(&uow, &grant).await?;
    let id: EventId = app.ids.new_id();
    uow.commit(grant, [Event::new(Topic::DirectoryImported, id.any())]).await?;
    Ok(report)
}
