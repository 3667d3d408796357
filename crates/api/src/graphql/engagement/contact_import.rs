//! Imports of contacts from files.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, dataloader::Loader as Loads};
use tertulia_app::engagement::contact_import::{self, NewImport};
use tertulia_domain::{
    Error, Result,
    engagement::contact_import::{ContactImport as Domain, Report},
    id::{ContactImportId, ContactImportRowId, kinds},
    page::PageRequest,
};

use super::{
    party::{self, ElectoralBody, Person},
    words::{ContactImportField, ContactImportStatus, DateOrder},
};
use crate::graphql::{
    Loader, Resolving,
    connection::{Connection, page},
    ids,
    payload::{ErrorReason, UserError, payload},
    scalar::DateTime,
};

impl Loads<ContactImportId> for Loader {
    type Value = Domain;
    type Error = Error;

    async fn load(&self, keys: &[ContactImportId]) -> Result<HashMap<ContactImportId, Domain>> {
        Ok(contact_import::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|one| (one.id, one)).collect())
    }
}

impl Loads<ContactImportRowId> for Loader {
    type Value = Report;
    type Error = Error;

    async fn load(&self, keys: &[ContactImportRowId]) -> Result<HashMap<ContactImportRowId, Report>> {
        Ok(contact_import::reports_by_ids(&self.app, &self.ctx, keys).await?.into_iter().collect())
    }
}

/// An import of contacts from a file. Read by the body whose contacts they become.
pub struct ContactImport(pub(crate) Domain);

/// Why an import failed.
#[derive(SimpleObject)]
pub struct ContactImportFailure {
    /// What it is.
    code: ErrorReason,
    /// The same in words for a person, in English.
    message: String,
}

/// An import of contacts from a CSV or XLSX file. Servers work at it; ask again to see how far it is.
#[Object]
impl ContactImport {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// How far it is.
    async fn status(&self) -> ContactImportStatus {
        self.0.status.into()
    }

    /// The share of rows that were looked at, from 0 to 1.
    async fn progress(&self) -> f64 {
        self.0.progress()
    }

    /// Rows of the file below its headers; null until they were counted.
    async fn total(&self) -> Option<i64> {
        self.0.total
    }

    /// Rows that became contacts; of an import that only checks, rows that would.
    async fn accepted(&self) -> i64 {
        self.0.accepted
    }

    /// Rows with faults; `rows` has each of them.
    async fn rejected(&self) -> i64 {
        self.0.rejected
    }

    /// Rows that say what one before them said, in this file or in another that the body imported: they were left out.
    async fn duplicate(&self) -> i64 {
        self.0.duplicate
    }

    /// Whether the rows are only checked.
    async fn dry_run(&self) -> bool {
        self.0.order.dry_run
    }

    /// The zone of dates and times that name none.
    async fn time_zone(&self) -> &str {
        &self.0.order.time_zone
    }

    /// The headers of columns that say nothing to the import.
    async fn ignored_columns(&self) -> &[String] {
        &self.0.ignored
    }

    /// Why it failed; null unless it did.
    async fn failure(&self) -> Option<ContactImportFailure> {
        self.0.failure.clone().map(|(code, message)| ContactImportFailure { code: code.into(), message })
    }

    /// The file's name; `(erased)` once it was forgotten, with what is reported of the rows or with the person who asked.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// The body whose contacts they become.
    async fn electoral_body(&self, ctx: &Context<'_>) -> Option<Result<ElectoralBody>> {
        party::electoral_body(ctx, self.0.electoral_body).await.transpose()
    }

    /// Who asked for it.
    async fn requested_by(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        party::person(ctx, self.0.electoral_body, Some(self.0.requested_by)).await.transpose()
    }

    /// When it was asked for.
    async fn requested_at(&self) -> DateTime {
        DateTime(self.0.requested_at)
    }

    /// When it came to its end; null before.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    /// When what was reported of the rows and the file's name were forgotten, some time after the end; null before.
    async fn forgotten_at(&self) -> Option<DateTime> {
        self.0.forgotten_at.map(DateTime)
    }

    /// What is reported of the rows, by line: every fault of each, and rows that were left out as duplicates. The operator may let reports
    /// go some time after the import's end (`forgottenAt`); the counts stay.
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<ContactImportRow>>> {
        Some(reported(ctx, self.0.id, page(first, after.as_deref(), last, before.as_deref())).await)
    }
}

async fn reported(ctx: &Context<'_>, import: ContactImportId, request: Result<PageRequest>) -> Result<Connection<ContactImportRow>> {
    let found = contact_import::reports(ctx.app(), ctx.caller(), import, &request?).await?;
    let (app, caller) = ctx.shared();
    Ok(Connection::new(found.map(|(id, report)| ContactImportRow(id, report)), move || {
        let (app, caller) = (app.clone(), caller.clone());
        async move { contact_import::count_reports(&app, &caller, import).await }
    }))
}

/// One thing that an import reports of a row.
pub struct ContactImportRow(pub ContactImportRowId, pub Report);

/// One thing that an import reports of a row of the file.
#[Object]
impl ContactImportRow {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.0.to_string().into()
    }

    /// The line of the file, from 1; in a spreadsheet the number of the row.
    async fn line(&self) -> i64 {
        self.1.line
    }

    /// The header of the column, as the file has it; null if it is about the whole row.
    async fn column(&self) -> Option<&str> {
        self.1.column.as_deref()
    }

    /// What it is. DUPLICATE is no fault: the row was imported before.
    async fn code(&self) -> ErrorReason {
        self.1.reason.into()
    }

    /// The same in words for a person, in English.
    async fn message(&self) -> &str {
        &self.1.message
    }
}

/// Queries of imports.
#[derive(Default)]
pub(super) struct ContactImportQuery;

#[Object]
impl ContactImportQuery {
    /// An import by its id; null if there is none that you may read. Who:
    /// ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn contact_import(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<ContactImport>> {
        let find = async {
            contact_import::may_read(ctx.caller())?;
            Ok(ctx.loaders().load_one(ids::id::<kinds::ContactImport>(&id, "id")?).await?.map(ContactImport))
        };
        find.await.transpose()
    }

    /// The imports of your bodies, the last asked for first. Who:
    /// ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn contact_imports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<ContactImport>>> {
        Some(list(ctx, page(first, after.as_deref(), last, before.as_deref())).await)
    }
}

async fn list(ctx: &Context<'_>, request: Result<PageRequest>) -> Result<Connection<ContactImport>> {
    contact_import::may_read(ctx.caller())?;
    let found = contact_import::list(ctx.app(), ctx.caller(), &request?).await?;
    let (app, caller) = ctx.shared();
    Ok(Connection::new(found.map(ContactImport), move || {
        let (app, caller) = (app.clone(), caller.clone());
        async move { contact_import::count(&app, &caller).await }
    }))
}

/// What a column says whose header does not tell it.
#[derive(Clone, Debug, InputObject)]
pub struct ContactImportColumnInput {
    /// The column's header, as the file has it; case, accents and signs do not matter.
    header: String,
    /// What it says.
    field: ContactImportField,
}

/// An import of contacts. The first line with something in it has the headers.
#[derive(Clone, Debug, InputObject)]
pub struct ContactsImportInput {
    /// The file, as `POST /v1/files` answered it: CSV (comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252) or XLSX (the first sheet).
    file_id: ID,
    /// The body whose contacts they become; by default the one you act for.
    electoral_body_id: Option<ID>,
    /// Whether the rows are only checked and nothing is kept.
    #[graphql(default)]
    dry_run: bool,
    /// The IANA zone of dates and times that name none; by default the body's, else its country's, if that has only one.
    time_zone: Option<String>,
    /// The order of day and month in dates that do not begin with the year; left out, such dates are faults.
    date_order: Option<DateOrder>,
    /// What columns say whose headers do not tell it, at most 100.
    columns: Option<Vec<ContactImportColumnInput>>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

/// Which import is stopped.
#[derive(Clone, Debug, InputObject)]
pub struct ContactsImportCancelInput {
    /// The import.
    contact_import_id: ID,
}

/// What an act on an import answers.
#[derive(SimpleObject)]
pub struct ContactsImportPayload {
    /// The import as it is now; null if the act was refused.
    import: Option<ContactImport>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

fn answer(result: Result<Domain>) -> Option<Result<ContactsImportPayload>> {
    payload(result.map(ContactImport), |import, user_errors| ContactsImportPayload { import, user_errors })
}

/// Mutations of imports.
#[derive(Default)]
pub(super) struct ContactImportMutation;

#[Object]
impl ContactImportMutation {
    /// Makes contacts of the rows of a file, each as `contactLog` would with a `history`. Rows with faults are left out and reported, and so
    /// is a row that says what one before it said: the same file may be imported again. `contactImport` tells how far it is. Who:
    /// ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn contacts_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The import.")] input: ContactsImportInput,
    ) -> Option<Result<ContactsImportPayload>> {
        let column = |column: ContactImportColumnInput| (column.header, column.field.into());
        let new = NewImport {
            file: input.file_id.to_string(),
            electoral_body: input.electoral_body_id.map(|id| id.to_string()),
            dry_run: input.dry_run,
            time_zone: input.time_zone,
            date_order: input.date_order.map(Into::into),
            columns: input.columns.unwrap_or_default().into_iter().map(column).collect(),
            idempotency_key: input.idempotency_key,
        };
        answer(contact_import::request(ctx.app(), ctx.caller(), new).await)
    }

    /// Stops an import; what was imported before stays. Who:
    /// ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn contacts_import_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which import.")] input: ContactsImportCancelInput,
    ) -> Option<Result<ContactsImportPayload>> {
        answer(contact_import::cancel(ctx.app(), ctx.caller(), &input.contact_import_id).await)
    }
}
