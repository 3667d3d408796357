//! Contacts from files: asked for, looked at, stopped. The rows are read by the servers' own work (`run`).

mod batch;
mod bounds;
mod forget;
mod names;
mod run;
mod sheet;
mod survey;
mod table;
mod workbook;

use std::collections::HashSet;

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    engagement::{
        contact_import::{self, ContactImport, DateOrder, Explained, Field, ImportStatus, Order, Report},
        file::{File, MediaType},
        new_contact::id,
    },
    id::{ContactImportId, ContactImportRowId, FileId, OrganisationId, kinds},
    page::{Page, PageRequest},
    policy::{Act, Grant, Scope},
    record::event::{Event, Topic},
    text,
    time::zone,
};
use tertulia_persistence::{
    Session,
    directory::{country, organisation},
    engagement::{contact_import as imports, contact_import_row, file},
};
use tokio::sync::Notify;

pub use self::forget::forget;
pub(crate) use self::run::run;
use crate::{App, Ctx, IdempotencyKey, engagement::file::is_hidden};

/// Imports of one body that may wait or be under way at once.
const MOST_OPEN: u64 = 10;
/// Columns that one request can name.
const MOST_COLUMNS: usize = 100;

/// How imports are done on this server.
#[derive(Debug)]
pub(crate) struct Imports {
    /// Rows of one file.
    pub(crate) rows: i64,
    asked: Notify,
}

impl Imports {
    pub(crate) fn new(rows: u32) -> Self {
        Self { rows: rows.into(), asked: Notify::new() }
    }
}

/// Asking for an import; ids and texts as typed.
#[derive(Clone, Debug, Serialize)]
pub struct NewImport {
    /// The file.
    pub file: String,
    /// The body; by default the caller's only one.
    pub electoral_body: Option<String>,
    /// Whether the rows are only checked.
    pub dry_run: bool,
    /// The zone of dates and times that name none; by default the body's, else its country's only one.
    pub time_zone: Option<String>,
    /// The order of dates that do not begin with the year.
    pub date_order: Option<DateOrder>,
    /// What columns say, by their headers.
    pub columns: Vec<(String, Field)>,
    /// A key under which the same may be sent again.
    pub idempotency_key: Option<String>,
}

/// The file of a body that is to be imported.
async fn table_of(session: &dyn Session, ctx: &Ctx, body: OrganisationId, id: FileId) -> Result<File> {
    let found = file::find_many(session, &[body], &[id]).await?.pop();
    let file = found.ok_or_else(|| Error::not_found("fileId"))?;
    // The rows of what is attached to a contact that he may not read would show it to him.
    if is_hidden(session, ctx, file.id).await? {
        return Err(Error::not_found("fileId"));
    }
    if !matches!(file.media_type, MediaType::Csv | MediaType::Plain | MediaType::Xlsx) {
        return Err(Error::invalid(Reason::NotAnOption, "fileId", "Contacts are imported from CSV and XLSX files."));
    }
    Ok(file)
}

/// Asks for an import.
pub async fn request(app: &App, ctx: &Ctx, input: NewImport) -> Result<ContactImport> {
    ctx.may(Act::ContactsImport)?;
    let mut faults = Faults::default();
    let file = faults.check("fileId", id::<kinds::File>(&input.file));
    let body = input.electoral_body.as_deref().and_then(|raw| faults.check("electoralBodyId", id(raw)));
    let zone = input.time_zone.as_deref().and_then(|raw| faults.check("timeZone", zone(raw)));
    let key = faults.check("", IdempotencyKey::parse(input.idempotency_key.as_deref(), &input)).flatten();
    if input.columns.len() > MOST_COLUMNS {
        faults.add(Reason::TooLong, "columns", format!("At most {MOST_COLUMNS} columns."));
    }
    for (index, (header, _)) in input.columns.iter().enumerate() {
        faults.check(&format!("columns.{index}.header"), text::line(header, text::SHORT));
    }
    let file = faults.finish_with(file)?;
    let (grant, body) = permitted(ctx, Act::ContactsImport, body)?;
    let user = grant.user().ok_or_else(|| Error::broken("an import needs a person"))?;
    let membership = grant.member().ok_or_else(|| Error::broken("an import needs a membership"))?.id;
    let fresh: ContactImportId = app.ids.new_id();
    let uow = app.begin(ctx).await?;
    // Before the file is looked up: the same request is answered alike when the file is gone.
    if let Some(before) = uow.claim(&grant, key.as_ref(), fresh.any()).await? {
        let before = before.typed().ok_or_else(|| Error::broken("a key of another kind"))?;
        return imports::find_many(uow.writer(), &[body], &[before]).await?.pop().ok_or_else(|| Error::not_found(""));
    }
    let file = table_of(uow.writer(), ctx, body, file).await?;
    let time_zone = match zone {
        Some(zone) => zone.name().to_owned(),
        None => zone_of(uow.writer(), body).await?,
    };
    let import = ContactImport {
        id: fresh,
        electoral_body: body,
        file: file.id,
        file_name: file.name,
        order: Order { dry_run: input.dry_run, time_zone, date_order: input.date_order, columns: input.columns },
        requested_by: user,
        membership,
        requested_at: ctx.now,
        status: ImportStatus::Queued,
        total: None,
        line: 0,
        accepted: 0,
        rejected: 0,
        duplicate: 0,
        ignored: Vec::new(),
        failure: None,
        finished_at: None,
        forgotten_at: None,
    };
    if imports::count_open(uow.writer(), body).await? >= MOST_OPEN {
        let message = format!("{MOST_OPEN} imports of this body are not at their end; wait for one of them, or stop one.");
        return Err(Error::new(tertulia_domain::Code::LimitExceeded, Reason::TooMany, "", message));
    }
    imports::insert(uow.writer(), &import).await?;
    uow.commit(grant, [Event::new(Topic::ContactsImportRequested, import.id.any())]).await?;
    app.imports.asked.notify_one();
    Ok(import)
}

/// The grant for an act, and the body that it is for: the one that is named, else the caller's only one.
fn permitted(ctx: &Ctx, act: Act, named: Option<OrganisationId>) -> Result<(Grant, OrganisationId)> {
    let own = bodies(ctx);
    let body = match (named, own.as_slice()) {
        (Some(named), _) => named,
        (None, [one]) => *one,
        (None, _) => return Err(Error::invalid(Reason::Required, "electoralBodyId", "Say for which electoral body.")),
    };
    Ok((ctx.allow(act, &Scope::owned_by(body))?, body))
}

/// The bodies for which the caller acts.
fn bodies(ctx: &Ctx) -> Vec<OrganisationId> {
    let of_bodies = ctx.actor.members().iter().filter(|member| member.role.is_electoral());
    let mut bodies: Vec<OrganisationId> = of_bodies.map(|member| member.organisation).collect();
    bodies.sort_unstable();
    bodies.dedup();
    bodies
}

/// The zone of a body: its own, else the only one of its country.
async fn zone_of(session: &dyn Session, body: OrganisationId) -> Result<String> {
    let body = organisation::find(session, body).await?.ok_or_else(|| Error::not_found("electoralBodyId"))?;
    if let Some(zone) = &body.time_zone {
        return Ok(zone.clone());
    }
    let codes: Vec<_> = body.country.into_iter().collect();
    let countries = country::find_many(session, &codes).await?;
    match countries.first().map(|country| country.time_zones.as_slice()) {
        Some([only]) => Ok(only.clone()),
        _ => Err(Error::invalid(Reason::Required, "timeZone", "Say in which zone the file's dates and times are.")),
    }
}

/// Stops an import that is not at its end. What was imported before stays.
pub async fn cancel(app: &App, ctx: &Ctx, raw: &str) -> Result<ContactImport> {
    ctx.may(Act::ContactsImportCancel)?;
    let id = id(raw).map_err(|error| error.under("contactImportId"))?;
    let uow = app.begin(ctx).await?;
    let find = async || imports::find_many(uow.writer(), &bodies(ctx), &[id]).await.map(|mut found| found.pop());
    let import = find().await?.ok_or_else(|| Error::not_found("contactImportId"))?;
    let grant = ctx.allow(Act::ContactsImportCancel, &Scope::owned_by(import.electoral_body))?;
    if !imports::cancel(uow.writer(), id, ctx.now).await? {
        let message = "This import is at its end.";
        return Err(Error::new(tertulia_domain::Code::InvalidTransition, Reason::NotAllowedNow, "contactImportId", message));
    }
    let import = find().await?.ok_or_else(|| Error::not_found("contactImportId"))?;
    uow.commit(grant, [Event::new(Topic::ContactsImportCancelled, id.any())]).await?;
    Ok(import)
}

/// The columns of an empty file in the caller's languages.
pub fn template(ctx: &Ctx) -> Result<Vec<Explained>> {
    ctx.may(Act::ContactsImport)?;
    Ok(contact_import::template(&ctx.languages))
}

/// Whether the caller may read imports at all.
pub fn may_read(ctx: &Ctx) -> Result<()> {
    ctx.may(Act::ContactsImportRead)
}

/// Those of the imports that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[ContactImportId]) -> Result<Vec<ContactImport>> {
    may_read(ctx)?;
    imports::find_many(&app.reader(ctx), &bodies(ctx), ids).await
}

/// A page of the imports of the caller's bodies, the last asked for first.
pub async fn list(app: &App, ctx: &Ctx, page: &PageRequest) -> Result<Page<ContactImport>> {
    imports::list(&app.reader(ctx), &bodies(ctx), page).await
}

/// How many [`list`] would give in all.
pub async fn count(app: &App, ctx: &Ctx) -> Result<u64> {
    imports::count(&app.reader(ctx), &bodies(ctx)).await
}

/// A page of what an import reports that the caller may read.
pub async fn reports(app: &App, ctx: &Ctx, import: ContactImportId, page: &PageRequest) -> Result<Page<(ContactImportRowId, Report)>> {
    contact_import_row::list_reports(&app.reader(ctx), import, page).await
}

/// Those of these things that imports report which the caller may read, since he may read the import.
pub async fn reports_by_ids(app: &App, ctx: &Ctx, ids: &[ContactImportRowId]) -> Result<Vec<(ContactImportRowId, Report)>> {
    may_read(ctx)?;
    let found = contact_import_row::find_reports(&app.reader(ctx), ids).await?;
    let imports: Vec<ContactImportId> = found.iter().map(|(_, import, _)| *import).collect();
    let readable: HashSet<ContactImportId> = by_ids(app, ctx, &imports).await?.into_iter().map(|import| import.id).collect();
    let readable = |import: &ContactImportId| readable.contains(import);
    Ok(found.into_iter().filter(|(_, import, _)| readable(import)).map(|(id, _, report)| (id, report)).collect())
}

/// How many [`reports`] would give in all.
pub async fn count_reports(app: &App, ctx: &Ctx, import: ContactImportId) -> Result<u64> {
    contact_import_row::count_reports(&app.reader(ctx), import).await
}
