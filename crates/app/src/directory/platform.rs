//! Services of platform companies.

use std::sync::Arc;

use tertulia_domain::{
    Faults, Result,
    directory::{
        organisation::OrganisationKind,
        platform::{PlatformService, PlatformServiceDraft, PlatformServiceFields, PlatformServiceFilter, PlatformServicePatch},
    },
    id::{OrganisationId, PlatformServiceId, kinds},
    page::{Page, PageRequest},
    policy::{Act, Scope},
    record::event::Topic,
};
use tertulia_persistence::{Session, Writer, directory::platform};

use super::{
    edit::{self, Created, Edit, Edited},
    references::{check_countries, check_organisation},
};
use crate::{App, Ctx};

/// The service with this id, if it is at hand without a look into the database.
pub fn known(app: &App, ctx: &Ctx, id: PlatformServiceId) -> Option<Arc<PlatformService>> {
    if app.remembers(ctx) { app.directory.services.get(id, ctx.now) } else { None }
}

/// The services with these ids, in any order.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[PlatformServiceId]) -> Result<Vec<Arc<PlatformService>>> {
    ctx.may(Act::DirectoryRead)?;
    let read = async |ids: &[PlatformServiceId]| platform::find_many(&app.current_reader(ctx), ids).await;
    if !app.remembers(ctx) {
        return Ok(read(ids).await?.into_iter().map(Arc::new).collect());
    }
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
    edit::create(app, ctx, draft, key).await
}

/// Edits a service's entry.
pub async fn update(app: &App, ctx: &Ctx, edit: Edit<kinds::PlatformService, PlatformServicePatch>) -> Result<PlatformService> {
    edit::update(app, ctx, edit).await
}

impl Edited for kinds::PlatformService {
    type Fields = PlatformServiceFields;
    type Patch = PlatformServicePatch;
    const UPDATE: (Act, Topic) = (Act::PlatformServiceUpdate, Topic::PlatformServiceUpdated);

    fn scope(_: PlatformServiceId, fields: &PlatformServiceFields) -> Scope {
        Scope::owned_by(fields.platform)
    }

    fn apply(patch: PlatformServicePatch, fields: &PlatformServiceFields) -> Result<PlatformServiceFields> {
        patch.apply(fields)
    }

    async fn check_references(session: &dyn Session, _: PlatformServiceId, fields: &PlatformServiceFields) -> Result<()> {
        let mut faults = Faults::default();
        check_organisation(session, &mut faults, "platformId", Some(fields.platform), Some(OrganisationKind::PlatformCompany)).await?;
        check_countries(session, &mut faults, "countriesOffered", true, &fields.countries_offered).await?;
        faults.finish()
    }

    async fn find(session: &dyn Session, _: &Ctx, id: PlatformServiceId) -> Result<Option<PlatformService>> {
        platform::find(session, id).await
    }

    async fn replace(writer: &Writer, entry: &PlatformService) -> Result<()> {
        platform::update(writer, entry).await
    }
}

impl Created for kinds::PlatformService {
    type Draft = PlatformServiceDraft;
    const CREATE: (Act, Topic) = (Act::PlatformServiceCreate, Topic::PlatformServiceCreated);

    fn scope_of(draft: &PlatformServiceDraft) -> Scope {
        Scope { owner: draft.platform, ..Scope::default() }
    }

    fn check(draft: &PlatformServiceDraft) -> Result<PlatformServiceFields> {
        draft.check()
    }

    async fn insert(writer: &Writer, entry: &PlatformService) -> Result<()> {
        platform::insert(writer, entry).await
    }
}
