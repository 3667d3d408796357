//! Elections.

use tertulia_domain::{
    Error, Faults, Result,
    directory::{
        election::{Election, ElectionDraft, ElectionFields, ElectionFilter, ElectionOrder, ElectionPatch},
        entry::Entry,
        organisation::OrganisationKind,
    },
    id::{ElectionId, kinds},
    page::{Page, PageRequest, Position},
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text::CountryCode,
};
use tertulia_persistence::{Session, directory::election};

use super::edit::{Edit, changed, check_countries, check_organisation};
use crate::{App, Ctx, IdempotencyKey, check_version};

/// The elections with these ids.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[ElectionId]) -> Result<Vec<Election>> {
    ctx.may(Act::DirectoryRead)?;
    election::find_many(&app.reader(ctx), ids).await
}

/// A page of elections. An expected one whose last day has passed reads as unconfirmed.
pub async fn list(app: &App, ctx: &Ctx, filter: &ElectionFilter, order: ElectionOrder, page: &PageRequest) -> Result<Page<Election>> {
    ctx.may(Act::DirectoryRead)?;
    election::list(&app.reader(ctx), filter, order, ctx.now.date_naive(), page).await
}

/// How many elections the filter leaves.
pub async fn count(app: &App, ctx: &Ctx, filter: &ElectionFilter) -> Result<u64> {
    ctx.may(Act::DirectoryRead)?;
    election::count(&app.reader(ctx), filter, ctx.now.date_naive()).await
}

/// Every election of these countries in that order, each with its place in the list.
pub async fn of_countries(app: &App, ctx: &Ctx, countries: &[CountryCode], order: ElectionOrder) -> Result<Vec<(Election, Position)>> {
    ctx.may(Act::DirectoryRead)?;
    election::of_countries(&app.reader(ctx), countries, order).await
}

/// Records an election.
pub async fn create(app: &App, ctx: &Ctx, draft: Result<ElectionDraft>, key: Option<&str>) -> Result<Election> {
    let grant = ctx.allow(Act::ElectionCreate, &Scope::default())?;
    let draft = draft?;
    let key = IdempotencyKey::parse(key, &format!("{draft:?}"))?;
    let uow = app.begin(ctx).await?;
    let id: ElectionId = app.ids.new_id();
    if let Some(earlier) = uow.claim(&grant, key.as_ref(), id.any()).await? {
        return current(uow.writer(), earlier.typed()).await;
    }
    let fields = draft.check()?;
    check_references(uow.writer(), &fields).await?;
    let entry = Entry::born(id, None, fields, ctx.now);
    election::insert(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::new(Topic::ElectionCreated, id.any())]).await?;
    Ok(entry)
}

/// Edits an election's entry.
pub async fn update(app: &App, ctx: &Ctx, edit: Edit<kinds::Election, ElectionPatch>) -> Result<Election> {
    ctx.may(Act::ElectionUpdate)?;
    let (id, version, patch, key) = edit.read()?;
    let uow = app.begin(ctx).await?;
    let before = current(uow.writer(), Some(id)).await?;
    let grant = ctx.allow(Act::ElectionUpdate, &Scope::default())?;
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
    election::update(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::edit(Topic::ElectionUpdated, id.any(), names)]).await?;
    Ok(entry)
}

async fn current(session: &dyn Session, id: Option<ElectionId>) -> Result<Election> {
    let found = match id {
        Some(id) => election::find(session, id).await?,
        None => None,
    };
    found.ok_or_else(|| Error::not_found("id"))
}

/// The country and the responsible bodies exist.
async fn check_references(session: &dyn Session, fields: &ElectionFields) -> Result<()> {
    let mut faults = Faults::default();
    check_countries(session, &mut faults, "country", false, fields.country.as_slice()).await?;
    for (index, body) in fields.responsible_bodies.iter().enumerate() {
        let path = format!("responsibleBodyIds.{index}");
        check_organisation(session, &mut faults, &path, Some(*body), Some(OrganisationKind::ElectoralBody)).await?;
    }
    faults.finish()
}
