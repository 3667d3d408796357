//! Organisations, electoral bodies and platform companies among them.

use std::sync::Arc;

use tertulia_domain::{
    Error, Faults, Reason, Result,
    directory::{
        electoral_body::{ElectoralBodyFilter, ElectoralBodyOrder},
        organisation::{Organisation, OrganisationDraft, OrganisationFields, OrganisationFilter, OrganisationOrder, OrganisationPatch},
    },
    id::{OrganisationId, kinds},
    page::{Page, PageRequest},
    policy::{Act, Scope},
    record::event::Topic,
};
use tertulia_persistence::{Session, Writer, directory::organisation};

use super::{
    edit::{self, Created, Edit, Edited},
    references::{check_countries, check_organisation},
};
use crate::{App, Ctx};

/// The organisation with this id, if it is at hand without a look into the database.
pub fn known(app: &App, ctx: &Ctx, id: OrganisationId) -> Option<Arc<Organisation>> {
    if app.remembers(ctx) { app.directory.organisations.get(id, ctx.now) } else { None }
}

/// The organisations with these ids, in any order.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[OrganisationId]) -> Result<Vec<Arc<Organisation>>> {
    ctx.may(Act::DirectoryRead)?;
    let read = async |ids: &[OrganisationId]| organisation::find_many(&app.current_reader(ctx), ids).await;
    if !app.remembers(ctx) {
        return Ok(read(ids).await?.into_iter().map(Arc::new).collect());
    }
    app.directory.organisations.many(ids, ctx.now, |entry| entry.id, read).await
}

/// The organisation whose row in the reference files has this key.
pub async fn by_key(app: &App, ctx: &Ctx, key: &str) -> Result<Organisation> {
    ctx.may(Act::DirectoryRead)?;
    organisation::find_by_key(&app.reader(ctx), key).await?.ok_or_else(|| Error::not_found("key"))
}

/// A page of organisations of any kind.
pub async fn list(
    app: &App,
    ctx: &Ctx,
    filter: &OrganisationFilter,
    order: OrganisationOrder,
    page: &PageRequest,
) -> Result<Page<Organisation>> {
    ctx.may(Act::DirectoryRead)?;
    organisation::list(&app.reader(ctx), filter, order, page).await
}

/// How many organisations the filter leaves.
pub async fn count(app: &App, ctx: &Ctx, filter: &OrganisationFilter) -> Result<u64> {
    ctx.may(Act::DirectoryRead)?;
    organisation::count(&app.reader(ctx), filter).await
}

/// A page of electoral bodies.
pub async fn list_bodies(
    app: &App,
    ctx: &Ctx,
    filter: &ElectoralBodyFilter,
    order: ElectoralBodyOrder,
    page: &PageRequest,
) -> Result<Page<Organisation>> {
    ctx.may(Act::DirectoryRead)?;
    organisation::list_bodies(&app.reader(ctx), filter, order, page).await
}

/// How many electoral bodies the filter leaves.
pub async fn count_bodies(app: &App, ctx: &Ctx, filter: &ElectoralBodyFilter) -> Result<u64> {
    ctx.may(Act::DirectoryRead)?;
    organisation::count_bodies(&app.reader(ctx), filter).await
}

/// Records an organisation of any kind.
pub async fn create(app: &App, ctx: &Ctx, draft: Result<OrganisationDraft>, key: Option<&str>) -> Result<Organisation> {
    edit::create(app, ctx, draft, key).await
}

/// Edits an organisation's entry.
pub async fn update(app: &App, ctx: &Ctx, edit: Edit<kinds::Organisation, OrganisationPatch>) -> Result<Organisation> {
    edit::update(app, ctx, edit).await
}

impl Edited for kinds::Organisation {
    type Fields = OrganisationFields;
    type Patch = OrganisationPatch;
    const UPDATE: (Act, Topic) = (Act::OrganisationUpdate, Topic::OrganisationUpdated);

    fn scope(id: OrganisationId, _: &OrganisationFields) -> Scope {
        Scope::owned_by(id)
    }

    fn apply(patch: OrganisationPatch, fields: &OrganisationFields) -> Result<OrganisationFields> {
        patch.apply(fields)
    }

    /// The country and the parent exist, and no organisation is part of itself.
    async fn check_references(session: &dyn Session, id: OrganisationId, fields: &OrganisationFields) -> Result<()> {
        let mut faults = Faults::default();
        check_countries(session, &mut faults, "country", false, fields.country.as_slice()).await?;
        let mut above = check_organisation(session, &mut faults, "parentId", fields.parent, None).await?;
        let mut height = 0;
        while let Some(organisation) = above {
            height += 1;
            if organisation.id == id || height > 10 {
                faults.add(
                    Reason::Contradiction,
                    "parentId",
                    "An organisation cannot be a part of itself, nor lie deeper than ten levels.",
                );
                break;
            }
            above = match organisation.parent {
                Some(parent) => organisation::find(session, parent).await?,
                None => None,
            };
        }
        faults.finish()
    }

    async fn find(session: &dyn Session, _: &Ctx, id: OrganisationId) -> Result<Option<Organisation>> {
        organisation::find(session, id).await
    }

    async fn replace(writer: &Writer, entry: &Organisation) -> Result<()> {
        organisation::update(writer, entry).await
    }
}

impl Created for kinds::Organisation {
    type Draft = OrganisationDraft;
    const CREATE: (Act, Topic) = (Act::OrganisationCreate, Topic::OrganisationCreated);

    fn scope_of(_: &OrganisationDraft) -> Scope {
        Scope::default()
    }

    fn check(draft: &OrganisationDraft) -> Result<OrganisationFields> {
        draft.check()
    }

    async fn insert(writer: &Writer, entry: &Organisation) -> Result<()> {
        organisation::insert(writer, entry).await
    }
}
