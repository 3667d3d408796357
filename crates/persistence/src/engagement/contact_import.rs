//! Imports of contacts: one server works at one, as long as its hold lasts.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, entity::prelude::*,
    sea_query::Expr,
};
use tertulia_domain::{
    Error, Reason,
    engagement::contact_import::{ContactImport, ImportStatus, Order},
    id::{ContactImportId, Id, OrganisationId},
    page::{Page, PageRequest, Position},
    text::ERASED,
    time::Instant,
};

use crate::{
    directory::row,
    error::{OrFail, decoded},
    json::{decode, encode},
    keyset::{self, Key, Sort, instant_key},
    store::{Executes, Session, Writer},
};

const TABLE: &str = "contact_import";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_import")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) file_id: Uuid,
    pub(crate) file_name: String,
    pub(crate) instructions: String,
    pub(crate) dry_run: bool,
    pub(crate) requested_by: Uuid,
    pub(crate) membership_id: Uuid,
    pub(crate) requested_at: DateTimeUtc,
    pub(crate) status: String,
    pub(crate) total: Option<i64>,
    pub(crate) line: i64,
    pub(crate) accepted: i64,
    pub(crate) rejected: i64,
    pub(crate) duplicate: i64,
    pub(crate) ignored: String,
    pub(crate) failure_reason: Option<String>,
    pub(crate) failure_message: Option<String>,
    pub(crate) finished_at: Option<DateTimeUtc>,
    pub(crate) holder: Option<Uuid>,
    pub(crate) held_until: Option<DateTimeUtc>,
    pub(crate) attempts: i64,
    pub(crate) lapses: i64,
    pub(crate) forgotten_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for ContactImport {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let order: Order = decode(&row.instructions, TABLE, "instructions")?;
        let reason = row.failure_reason.as_deref();
        let reason = reason.map(|text| decoded(Reason::parse(text), TABLE, "failure_reason", text)).transpose()?;
        Ok(Self {
            id: Id::new(row.id),
            electoral_body: Id::new(row.organisation_id),
            file: Id::new(row.file_id),
            file_name: row.file_name,
            order,
            requested_by: Id::new(row.requested_by),
            membership: Id::new(row.membership_id),
            requested_at: row.requested_at,
            status: decoded(ImportStatus::parse(&row.status), TABLE, "status", &row.status)?,
            total: row.total,
            line: row.line,
            accepted: row.accepted,
            rejected: row.rejected,
            duplicate: row.duplicate,
            ignored: decode(&row.ignored, TABLE, "ignored")?,
            failure: reason.map(|reason| (reason, row.failure_message.unwrap_or_default())),
            finished_at: row.finished_at,
            forgotten_at: row.forgotten_at,
        })
    }
}

fn of(bodies: &[OrganisationId]) -> Select<Entity> {
    Entity::find().filter(Column::OrganisationId.is_in(bodies.iter().map(|body| body.uuid())))
}

pub(super) fn is_open() -> Condition {
    let open = ImportStatus::ALL.iter().filter(|status| status.is_open()).map(|status| status.as_str());
    Condition::all().add(Column::Status.is_in(open))
}

/// Those of the imports that are one of these bodies'.
pub async fn find_many(session: &dyn Session, bodies: &[OrganisationId], ids: &[ContactImportId]) -> Result<Vec<ContactImport>, Error> {
    if bodies.is_empty() || ids.is_empty() {
        return Ok(Vec::new());
    }
    row::read_all(session, of(bodies).filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))).await
}

/// A page of the imports of these bodies, the last asked for first.
pub async fn list(session: &dyn Session, bodies: &[OrganisationId], page: &PageRequest) -> Result<Page<ContactImport>, Error> {
    let sort = Sort { key: Column::RequestedAt, kind: Key::Instant, id: Column::Id, descending: true };
    let position = |row: &Model| Position { key: instant_key(row.requested_at), id: row.id };
    keyset::page(session, of(bodies), sort, page, position).await?.try_map(ContactImport::try_from)
}

/// How many [`list`] would give in all.
pub async fn count(session: &dyn Session, bodies: &[OrganisationId]) -> Result<u64, Error> {
    of(bodies).count(&session.exec()).await.or_fail()
}

/// How many imports of a body are not at their end.
pub async fn count_open(session: &dyn Session, body: OrganisationId) -> Result<u64, Error> {
    of(&[body]).filter(is_open()).count(&session.exec()).await.or_fail()
}

/// Adds an import that waits.
pub async fn insert(writer: &Writer, import: &ContactImport) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(import.id.uuid()),
        organisation_id: Set(import.electoral_body.uuid()),
        file_id: Set(import.file.uuid()),
        file_name: Set(import.file_name.clone()),
        instructions: Set(encode(&import.order)?),
        dry_run: Set(import.order.dry_run),
        requested_by: Set(import.requested_by.uuid()),
        membership_id: Set(import.membership.uuid()),
        requested_at: Set(import.requested_at),
        status: Set(import.status.to_string()),
        total: Set(import.total),
        line: Set(import.line),
        accepted: Set(import.accepted),
        rejected: Set(import.rejected),
        duplicate: Set(import.duplicate),
        ignored: Set(encode(&import.ignored)?),
        failure_reason: Set(None),
        failure_message: Set(None),
        finished_at: Set(import.finished_at),
        holder: Set(None),
        held_until: Set(None),
        attempts: Set(0),
        lapses: Set(0),
        forgotten_at: Set(None),
    };
    row::insert(writer, row).await
}

/// A server's hold on an import, and how long it lasts unless it is renewed.
#[derive(Clone, Copy, Debug)]
pub struct Hold {
    /// The server.
    pub holder: Uuid,
    /// The moment from which on another server may take the import.
    pub until: Instant,
}

/// The imports at which a server may work: those that no other holds.
fn free(holder: Uuid, now: Instant) -> Condition {
    let unheld = Condition::any().add(Column::Holder.is_null()).add(Column::Holder.eq(holder)).add(Column::HeldUntil.lt(now));
    is_open().add(unheld)
}

/// Whether an import waits at which this server may work.
pub async fn is_waiting(session: &dyn Session, holder: Uuid, now: Instant) -> Result<bool, Error> {
    let waiting = Entity::find().select_only().column(Column::Id).filter(free(holder, now)).limit(1);
    let id: Option<Uuid> = waiting.into_tuple().one(&session.exec()).await.or_fail()?;
    Ok(id.is_some())
}

/// An import that a server took hold of.
#[derive(Debug)]
pub struct Taken {
    /// The import.
    pub import: ContactImport,
    /// How often it was taken without any row being kept since, this time included.
    pub attempts: i64,
    /// How often another server's hold on it lapsed, as that of one that died: since it was asked for, whatever was kept.
    pub lapses: i64,
}

/// Takes hold of the import that has waited longest and that no other server works at.
pub async fn take(writer: &Writer, hold: Hold, now: Instant) -> Result<Option<Taken>, Error> {
    let waiting = Entity::find().filter(free(hold.holder, now)).order_by_asc(Column::RequestedAt).limit(1);
    let Some(row) = waiting.one(&writer.exec()).await.or_fail()? else { return Ok(None) };
    let was_left = row.holder.is_some_and(|before| before != hold.holder);
    let (attempts, lapses) = (row.attempts + 1, row.lapses + i64::from(was_left));
    let taken = Entity::update_many()
        .col_expr(Column::Holder, Expr::value(hold.holder))
        .col_expr(Column::HeldUntil, Expr::value(hold.until))
        .col_expr(Column::Status, Expr::value(ImportStatus::Running.as_str()))
        .col_expr(Column::Attempts, Expr::value(attempts))
        .col_expr(Column::Lapses, Expr::value(lapses))
        .filter(Column::Id.eq(row.id))
        .filter(free(hold.holder, now))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    if taken.rows_affected == 0 { Ok(None) } else { Ok(Some(Taken { import: row.try_into()?, attempts, lapses })) }
}

/// Renews a server's hold for this transaction and after it; says whether it still had it. Whoever stops the import waits.
pub async fn renew(writer: &Writer, id: ContactImportId, hold: Hold) -> Result<bool, Error> {
    let renewed = Entity::update_many()
        .col_expr(Column::HeldUntil, Expr::value(hold.until))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::Holder.eq(hold.holder))
        .filter(Column::Status.eq(ImportStatus::Running.as_str()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(renewed.rows_affected == 1)
}

/// Gives an import back, for another server to take at once. That it was taken counts for nothing.
pub async fn release(writer: &Writer, id: ContactImportId, holder: Uuid) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Holder, Expr::value(None::<Uuid>))
        .col_expr(Column::Attempts, Expr::value(0))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::Holder.eq(holder))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// Notes that something was done: the import may be tried anew as often as before.
pub async fn advanced(writer: &Writer, id: ContactImportId) -> Result<(), Error> {
    let query = Entity::update_many().col_expr(Column::Attempts, Expr::value(0)).filter(Column::Id.eq(id.uuid()));
    query.exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Keeps how far an import is.
pub async fn keep(writer: &Writer, import: &ContactImport) -> Result<(), Error> {
    let (reason, message) = import.failure.clone().unzip();
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(import.status.as_str()))
        .col_expr(Column::Total, Expr::value(import.total))
        .col_expr(Column::Line, Expr::value(import.line))
        .col_expr(Column::Accepted, Expr::value(import.accepted))
        .col_expr(Column::Rejected, Expr::value(import.rejected))
        .col_expr(Column::Duplicate, Expr::value(import.duplicate))
        .col_expr(Column::Ignored, Expr::value(encode(&import.ignored)?))
        .col_expr(Column::FailureReason, Expr::value(reason.map(|reason: Reason| reason.to_string())))
        .col_expr(Column::FailureMessage, Expr::value(message))
        .col_expr(Column::FinishedAt, Expr::value(import.finished_at))
        .filter(Column::Id.eq(import.id.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// Stops an import that is not at its end; says whether it was not.
pub async fn cancel(writer: &Writer, id: ContactImportId, at: Instant) -> Result<bool, Error> {
    let stopped = Entity::update_many()
        .col_expr(Column::Status, Expr::value(ImportStatus::Cancelled.as_str()))
        .col_expr(Column::FinishedAt, Expr::value(at))
        .filter(Column::Id.eq(id.uuid()))
        .filter(is_open())
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(stopped.rows_affected == 1)
}

/// Some imports that ended before a moment and of which nothing was forgotten yet, the first that ended first.
pub async fn ended_before(session: &dyn Session, before: Instant, most: u64) -> Result<Vec<ContactImportId>, Error> {
    let over = Entity::find().select_only().column(Column::Id).filter(Column::FinishedAt.lt(before)).filter(Column::ForgottenAt.is_null());
    let first = over.order_by_asc(Column::FinishedAt).order_by_asc(Column::Id).limit(most);
    let ids: Vec<Uuid> = first.into_tuple().all(&session.exec()).await.or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Forgets the name of an import's file; says whether nobody did before.
pub async fn forget_name(writer: &Writer, id: ContactImportId, at: Instant) -> Result<bool, Error> {
    let forgotten = Entity::update_many()
        .col_expr(Column::FileName, Expr::value(ERASED))
        .col_expr(Column::ForgottenAt, Expr::value(at))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::ForgottenAt.is_null())
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(forgotten.rows_affected == 1)
}
