//! Organisations, electoral bodies and platform companies among them.

use std::sync::Arc;

use tertulia_domain::{
    Error, Faults, Reason, Result,
    directory::{
        electoral_body::{ElectoralBodyFilter, ElectoralBodyOrder},
        entry::Entry,
        organisation::{
            Organisation, OrganisationDraft, OrganisationFields, OrganisationFilter, OrganisationKind, OrganisationOrder, OrganisationPatch,
        },
    },
    id::{OrganisationId, kinds},
    page::{Page, PageRequest},
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{Session, directory::organisation};

use super::edit::{Edit, changed, check_countries, check_organisation};
use crate::{App, Ctx, IdempotencyKey, check_version};

/// The organisation with this id, if it is at hand without a look into the database.
pub fn known(app: &App, ctx: &Ctx, id: OrganisationId) -> Option<Arc<Organisation>> {
    app.directory.organisations.get(id, ctx.now)
}

/// The organisations with these ids, in any order.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[OrganisationId]) -> Result<Vec<Arc<Organisation>>> {
    ctx.may(Act::DirectoryRead)?;
    let read = async |ids: &[OrganisationId]| organisation::find_many(&app.reader(ctx), ids).await;
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
    let grant = ctx.allow(Act::OrganisationCreate, &Scope::default())?;
    let draft = draft?;
    let key = IdempotencyKey::parse(key, &format!("{draft:?}"))?;
    let uow = app.begin(ctx).await?;
    let id: OrganisationId = app.ids.new_id();
    if let Some(earlier) = uow.claim(&grant, key.as_ref(), id.any()).await? {
        return current(uow.writer(), earlier.typed()).await;
    }
    let fields = draft.check()?;
    check_references(uow.writer(), id, &fields).await?;
    let entry = Entry::born(id, None, fields, ctx.now);
    organisation::insert(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::new(Topic::OrganisationCreated, id.any())]).await?;
    Ok(entry)
}

/// Edits an organisation's entry. `expected` limits the edit to one kind, where the caller's field is for that kind only.
pub async fn update(
    app: &App,
    ctx: &Ctx,
    edit: Edit<kinds::Organisation, OrganisationPatch>,
    expected: Option<OrganisationKind>,
) -> Result<Organisation> {
    ctx.may(Act::OrganisationUpdate)?;
    let (id, version, patch, key) = edit.read()?;
    let uow = app.begin(ctx).await?;
    let before = current(uow.writer(), Some(id)).await?;
    if expected.is_some_and(|kind| kind != before.kind) {
        return Err(Error::invalid(Reason::WrongKind, "id", "This organisation is of another kind."));
    }
    let grant = ctx.allow(Act::OrganisationUpdate, &Scope::owned_by(id))?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(before);
    }
    check_version(version, before.version)?;
    let fields = patch.apply(&before.fields)?;
    check_references(uow.writer(), id, &fields).await?;
    let names = changed(&before.fields, &fields)?;
    if names.is_empty() {
        return Ok(before);
    }
    uow.replace(&grant, id.any(), before.version, &before.fields).await?;
    let entry = before.edited(fields, ctx.now);
    organisation::update(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::edit(Topic::OrganisationUpdated, id.any(), names)]).await?;
    Ok(entry)
}

async fn current(session: &dyn Session, id: Option<OrganisationId>) -> Result<Organisation> {
    let found = match id {
        Some(id) => organisation::find(session, id).await?,
        None => None,
    };
    found.ok_or_else(|| Error::not_found("id"))
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
            faults.add(Reason::Contradiction, "parentId", "An organisation cannot be a part of itself, nor lie deeper than ten levels.");
            break;
        }
        above = match organisation.parent {
            Some(parent) => organisation::find(session, parent).await?,
            None => None,
        };
    }
    faults.finish()
}
