//! Files attached to contacts.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, FromQueryResult, Iterable, QueryFilter, QueryOrder, QueryResult, QuerySelect, Select,
    entity::prelude::*,
    sea_query::{Alias, Expr, ExprTrait, JoinType},
};
use tertulia_domain::{
    Error,
    engagement::{
        attachment::{Attachment, Detached},
        file::File,
    },
    id::{AttachmentId, ContactId, FileId, Id},
};

use super::file;
use crate::{
    directory::row,
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) contact_id: Uuid,
    pub(crate) file_id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) attached_at: DateTimeUtc,
    pub(crate) detached_at: Option<DateTimeUtc>,
    pub(crate) detach_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// An attachment's row with that of its file, whose columns stand under names of their own.
struct WithFile(Model, file::Model);

/// Before the names of a file's columns.
const OF_FILE: &str = "kept_";

impl FromQueryResult for WithFile {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self(Model::from_query_result(row, prefix)?, file::Model::from_query_result(row, OF_FILE)?))
    }
}

impl TryFrom<WithFile> for Attachment {
    type Error = Error;

    fn try_from(WithFile(row, file): WithFile) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            contact: Id::new(row.contact_id),
            file: File::try_from(file)?,
            organisation: Id::new(row.organisation_id),
            person: row.user_id.map(Id::new),
            at: row.attached_at,
            detached: row.detached_at.zip(row.detach_reason).map(|(at, reason)| Detached { at, reason }),
        })
    }
}

/// The attachments that a filter leaves with their files, in the order in which they were attached, in one statement.
async fn with_files(session: &dyn Session, mut query: Select<Entity>) -> Result<Vec<Attachment>, Error> {
    let files = QuerySelect::query(&mut query).join(
        JoinType::InnerJoin,
        file::Entity,
        Expr::col((file::Entity, file::Column::Id)).equals((Entity, Column::FileId)),
    );
    for column in file::Column::iter() {
        files.expr_as(Expr::col((file::Entity, column)), Alias::new(format!("{OF_FILE}{}", column.as_str())));
    }
    let rows = query.order_by_asc(Column::Id).into_model::<WithFile>().all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Attachment::try_from).collect()
}

/// The attachments of these contacts. The caller read the contacts before, through his sight.
pub async fn find_of(session: &dyn Session, contacts: &[ContactId]) -> Result<Vec<Attachment>, Error> {
    with_files(session, Entity::find().filter(Column::ContactId.is_in(contacts.iter().map(|id| id.uuid())))).await
}

/// Attachments by their ids. The caller is shown those whose contacts he reads.
pub async fn find_many(session: &dyn Session, ids: &[AttachmentId]) -> Result<Vec<Attachment>, Error> {
    with_files(session, Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))).await
}

/// The contacts to which a file is attached.
pub async fn contacts_of(session: &dyn Session, file: FileId) -> Result<Vec<ContactId>, Error> {
    let query = Entity::find().select_only().column(Column::ContactId).filter(Column::FileId.eq(file.uuid()));
    let ids: Vec<Uuid> = query.into_tuple().all(&session.exec()).await.or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Adds an attachment.
pub async fn insert(writer: &Writer, attachment: &Attachment) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(attachment.id.uuid()),
        contact_id: Set(attachment.contact.uuid()),
        file_id: Set(attachment.file.id.uuid()),
        organisation_id: Set(attachment.organisation.uuid()),
        user_id: Set(attachment.person.map(Id::uuid)),
        attached_at: Set(attachment.at),
        detached_at: Set(None),
        detach_reason: Set(None),
    };
    row::insert(writer, row).await
}

/// Takes an attachment away.
pub async fn delete(writer: &Writer, id: AttachmentId) -> Result<(), Error> {
    Entity::delete_by_id(id.uuid()).exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Notes that an attachment was taken back.
pub async fn detach(writer: &Writer, id: AttachmentId, detached: &Detached) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::DetachedAt, Expr::val(detached.at))
        .col_expr(Column::DetachReason, Expr::val(detached.reason.as_str()))
        .filter(Column::Id.eq(id.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// The files attached to these contacts, which are about to be removed.
pub(super) async fn files_of(writer: &Writer, contacts: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    let query = Entity::find().select_only().column(Column::FileId).filter(Column::ContactId.is_in(contacts.iter().copied()));
    query.into_tuple().all(&writer.exec()).await.or_fail()
}
