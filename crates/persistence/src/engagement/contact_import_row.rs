//! Which rows of files were imported, by what they said, and what imports report.

use std::collections::HashMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, entity::prelude::*};
use tertulia_domain::{
    Error, Reason,
    engagement::contact_import::Report,
    id::{ContactId, ContactImportId, ContactImportRowId, Id, OrganisationId},
    page::{Page, PageRequest, Position},
};

use crate::{
    error::{OrFail, decoded},
    keyset::{self, Key, Sort},
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_import_row")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) said: String,
    pub(crate) contact_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// What is reported.
mod report {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contact_import_report")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) import_id: Uuid,
        pub(crate) place: String,
        pub(crate) line: i64,
        pub(crate) header: Option<String>,
        pub(crate) reason: String,
        pub(crate) message: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Rows of one INSERT.
const CHUNK: usize = 400;

/// The contacts that rows became which said the same, by what they said.
pub async fn find_said(session: &dyn Session, body: OrganisationId, said: &[String]) -> Result<HashMap<String, ContactId>, Error> {
    let query = Entity::find()
        .select_only()
        .columns([Column::Said, Column::ContactId])
        .filter(Column::OrganisationId.eq(body.uuid()))
        .filter(Column::Said.is_in(said));
    let rows: Vec<(String, Uuid)> = query.into_tuple().all(&session.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(|(said, contact)| (said, Id::new(contact))).collect())
}

/// Keeps what rows said and which contacts they became; each with an id of its own. A conflict, if another import did the same meanwhile.
pub async fn insert_said(writer: &Writer, body: OrganisationId, mut rows: Vec<(Uuid, String, ContactId)>) -> Result<(), Error> {
    // In one order, so that two imports of the same rows do not wait for each other.
    rows.sort_by(|(_, one, _), (_, other, _)| one.cmp(other));
    for some in rows.chunks(CHUNK) {
        let some = some.iter().map(|(id, said, contact)| ActiveModel {
            id: Set(*id),
            organisation_id: Set(body.uuid()),
            said: Set(said.clone()),
            contact_id: Set(contact.uuid()),
        });
        Entity::insert_many(some).exec_without_returning(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}

/// Adds to what an import reports; each with an id of its own, in ascending order.
pub async fn insert_reports(writer: &Writer, import: ContactImportId, reports: &[(Uuid, Report)]) -> Result<(), Error> {
    for some in reports.chunks(CHUNK) {
        let some = some.iter().map(|(id, one)| report::ActiveModel {
            id: Set(*id),
            import_id: Set(import.uuid()),
            place: Set(format!("{:010}", one.line)),
            line: Set(one.line),
            header: Set(one.column.clone()),
            reason: Set(one.reason.to_string()),
            message: Set(one.message.clone()),
        });
        report::Entity::insert_many(some).exec_without_returning(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}

/// Forgets everything that an import reports.
pub async fn delete_reports(writer: &Writer, import: ContactImportId) -> Result<(), Error> {
    let all = report::Entity::delete_many().filter(report::Column::ImportId.eq(import.uuid()));
    all.exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// A page of what an import reports, by line.
pub async fn list_reports(
    session: &dyn Session,
    import: ContactImportId,
    page: &PageRequest,
) -> Result<Page<(ContactImportRowId, Report)>, Error> {
    let sort = Sort { key: report::Column::Place, kind: Key::Text, id: report::Column::Id, descending: false };
    let position = |row: &report::Model| Position { key: row.place.clone(), id: row.id };
    let all = report::Entity::find().filter(report::Column::ImportId.eq(import.uuid()));
    keyset::page(session, all, sort, page, position).await?.try_map(|row: report::Model| Ok((Id::new(row.id), reported(row)?)))
}

/// These things that imports report, each with its import.
pub async fn find_reports(
    session: &dyn Session,
    ids: &[ContactImportRowId],
) -> Result<Vec<(ContactImportRowId, ContactImportId, Report)>, Error> {
    let query = report::Entity::find().filter(report::Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    let rows = query.all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(|row| Ok((Id::new(row.id), Id::new(row.import_id), reported(row)?))).collect()
}

fn reported(row: report::Model) -> Result<Report, Error> {
    let reason = decoded(Reason::parse(&row.reason), "contact_import_report", "reason", &row.reason)?;
    Ok(Report { line: row.line, column: row.header, reason, message: row.message })
}

/// How many [`list_reports`] would give in all.
pub async fn count_reports(session: &dyn Session, import: ContactImportId) -> Result<u64, Error> {
    report::Entity::find().filter(report::Column::ImportId.eq(import.uuid())).count(&session.exec()).await.or_fail()
}
