//! Reporting programmes.

use tertulia_domain::{
    Error, Faults, Result,
    directory::{
        entry::Entry,
        reporting_programme::{ReportingProgramme, ReportingProgrammeDraft, ReportingProgrammeFields, ReportingProgrammePatch},
    },
    id::{ReportingProgrammeId, kinds},
    page::{Page, PageRequest},
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{Session, directory::reporting_programme};

use super::edit::{Edit, changed, check_organisation};
use crate::{App, Ctx, IdempotencyKey, check_version};

/// The programmes with these ids.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[ReportingProgrammeId]) -> Result<Vec<ReportingProgramme>> {
    ctx.may(Act::DirectoryRead)?;
    reporting_programme::find_many(&app.reader(ctx), ids).await
}

/// A page of programmes by name.
pub async fn list(app: &App, ctx: &Ctx, page: &PageRequest) -> Result<Page<ReportingProgramme>> {
    ctx.may(Act::DirectoryRead)?;
    reporting_programme::list(&app.reader(ctx), page).await
}

/// How many programmes there are.
pub async fn count(app: &App, ctx: &Ctx) -> Result<u64> {
    ctx.may(Act::DirectoryRead)?;
    reporting_programme::count(&app.reader(ctx)).await
}

/// Records a programme.
pub async fn create(app: &App, ctx: &Ctx, draft: Result<ReportingProgrammeDraft>, key: Option<&str>) -> Result<ReportingProgramme> {
    let grant = ctx.allow(Act::ReportingProgrammeCreate, &Scope::default())?;
    let draft = draft?;
    let key = IdempotencyKey::parse(key, &format!("{draft:?}"))?;
    let uow = app.begin(ctx).await?;
    let id: ReportingProgrammeId = app.ids.new_id();
    if let Some(earlier) = uow.claim(&grant, key.as_ref(), id.any()).await? {
        return current(uow.writer(), earlier.typed()).await;
    }
    let fields = draft.check()?;
    check_references(uow.writer(), &fields).await?;
    let entry = Entry::born(id, None, fields, ctx.now);
    reporting_programme::insert(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::new(Topic::ReportingProgrammeCreated, id.any())]).await?;
    Ok(entry)
}

/// Edits a programme's entry.
pub async fn update(app: &App, ctx: &Ctx, edit: Edit<kinds::ReportingProgramme, ReportingProgrammePatch>) -> Result<ReportingProgramme> {
    ctx.may(Act::ReportingProgrammeUpdate)?;
    let (id, version, patch, key) = edit.read()?;
    let uow = app.begin(ctx).await?;
    let before = current(uow.writer(), Some(id)).await?;
    let grant = ctx.allow(Act::ReportingProgrammeUpdate, &Scope::default())?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(before);
    }
    check_version(version, before.version)?;
    let fields = patch.apply(&before.fields)?;
    check_references(uow.writer(), &fields).await?;
    let names = changed(&before.fields, &fields)?;
    if names.is_empty() {
        return Ok(before);
    }
    uow.replace(&grant, id.any(), before.version, &before.fields).await?;
    let entry = before.edited(fields, ctx.now);
    reporting_programme::update(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::edit(Topic::ReportingProgrammeUpdated, id.any(), names)]).await?;
    Ok(entry)
}

async fn current(session: &dyn Session, id: Option<ReportingProgrammeId>) -> Result<ReportingProgramme> {
    let found = match id {
        Some(id) => reporting_programme::find(session, id).await?,
        None => None,
    };
    found.ok_or_else(|| Error::not_found("id"))
}

/// The operator exists.
async fn check_references(session: &dyn Session, fields: &ReportingProgrammeFields) -> Result<()> {
    let mut faults = Faults::default();
    check_organisation(session, &mut faults, "operatorId", fields.operator, None).await?;
    faults.finish()
}
