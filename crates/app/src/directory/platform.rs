//! Services of platform companies.

use std::sync::Arc;

use tertulia_domain::{
    Error, Faults, Result,
    directory::{
        entry::Entry,
        organisation::OrganisationKind,
        platform::{PlatformService, PlatformServiceDraft, PlatformServiceFields, PlatformServiceFilter, PlatformServicePatch},
    },
    id::{OrganisationId, PlatformServiceId, kinds},
    page::{Page, PageRequest},
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{Session, directory::platform};

use super::edit::{Edit, changed, check_countries, check_organisation};
use crate::{App, Ctx, IdempotencyKey, check_version};

/// The service with this id, if it is at hand without a look into the database.
pub fn known(app: &App, ctx: &Ctx, id: PlatformServiceId) -> Option<Arc<PlatformService>> {
    app.directory.services.get(id, ctx.now)
}

/// The services with these ids, in any order.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[PlatformServiceId]) -> Result<Vec<Arc<PlatformService>>> {
    ctx.may(Act::DirectoryRead)?;
    let read = async |ids: &[PlatformServiceId]| platform::find_many(&app.reader(ctx), ids).await;
    app.directory.services.many(ids, ctx.now, |entry| entry.id, read).await
}

/// The services of these companies that are offered, by name.
pub async fn of_platforms(app: &App, ctx: &Ctx, platforms: &[OrganisationId]) -> Result<Vec<PlatformService>> {
    ctx.may(Act::DirectoryRead)?;
    platform::of_platforms(&app.reader(ctx), platforms).await
}

/// A page of services by name.
pub async fn list(app: &App, ctx: &Ctx, filter: &PlatformServiceFilter, page: &PageRequest) -> Result<Page<PlatformService>> {
    ctx.may(Act::DirectoryRead)?;
    platform::list(&app.reader(ctx), filter, page).await
}

/// How many services the filter leaves.
pub async fn count(app: &App, ctx: &Ctx, filter: &PlatformServiceFilter) -> Result<u64> {
    ctx.may(Act::DirectoryRead)?;
    platform::count(&app.reader(ctx), filter).await
}

/// Records a service.
pub async fn create(app: &App, ctx: &Ctx, draft: Result<PlatformServiceDraft>, key: Option<&str>) -> Result<PlatformService> {
    ctx.may(Act::PlatformServiceCreate)?;
    let draft = draft?;
    let grant = ctx.allow(Act::PlatformServiceCreate, &Scope { owner: draft.platform, ..Scope::default() })?;
    let key = IdempotencyKey::parse(key, &format!("{draft:?}"))?;
    let uow = app.begin(ctx).await?;
    let id: PlatformServiceId = app.ids.new_id();
    if let Some(earlier) = uow.claim(&grant, key.as_ref(), id.any()).await? {
        return current(uow.writer(), earlier.typed()).await;
    }
    let fields = draft.check()?;
    check_references(uow.writer(), &fields).await?;
    let entry = Entry::born(id, None, fields, ctx.now);
    platform::insert(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::new(Topic::PlatformServiceCreated, id.any())]).await?;
    Ok(entry)
}

/// Edits a service's entry.
pub async fn update(app: &App, ctx: &Ctx, edit: Edit<kinds::PlatformService, PlatformServicePatch>) -> Result<PlatformService> {
    ctx.may(Act::PlatformServiceUpdate)?;
    let (id, version, patch, key) = edit.read()?;
    let uow = app.begin(ctx).await?;
    let before = current(uow.writer(), Some(id)).await?;
    let grant = ctx.allow(Act::PlatformServiceUpdate, &Scope::owned_by(before.platform))?;
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
    platform::update(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::edit(Topic::PlatformServiceUpdated, id.any(), names)]).await?;
    Ok(entry)
}

async fn current(session: &dyn Session, id: Option<PlatformServiceId>) -> Result<PlatformService> {
    let found = match id {
        Some(id) => platform::find(session, id).await?,
        None => None,
    };
    found.ok_or_else(|| Error::not_found("id"))
}

/// The company is one, and the countries exist.
async fn check_references(session: &dyn Session, fields: &PlatformServiceFields) -> Result<()> {
    let mut faults = Faults::default();
    check_organisation(session, &mut faults, "platformId", Some(fields.platform), Some(OrganisationKind::PlatformCompany)).await?;
    check_countries(session, &mut faults, "countriesOffered", true, &fields.countries_offered).await?;
    faults.finish()
}
