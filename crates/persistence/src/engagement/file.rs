//! Uploaded files, and the contents in the store that they have.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query, SimpleExpr},
};
use tertulia_domain::{
    Error,
    engagement::file::{File, MediaType},
    id::{FileId, Id, OrganisationId},
    time::Instant,
};

use crate::{
    directory::row,
    error::{OrFail, decoded},
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) uploaded_by: Option<Uuid>,
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) bytes: i64,
    pub(crate) sha256: String,
    pub(crate) uploaded_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// What lies in the store.
mod content {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "file_content")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) sha256: String,
        pub(crate) touched_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TryFrom<Model> for File {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            organisation: Id::new(row.organisation_id),
            uploaded_by: row.uploaded_by.map(Id::new),
            name: row.name,
            media_type: decoded(MediaType::parse(&row.media_type), "file", "media_type", &row.media_type)?,
            bytes: row.bytes,
            sha256: row.sha256,
            uploaded_at: row.uploaded_at,
        })
    }
}

/// Those of the files that belong to one of these organisations.
pub async fn find_many(session: &dyn Session, owners: &[OrganisationId], ids: &[FileId]) -> Result<Vec<File>, Error> {
    if owners.is_empty() || ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Entity::find()
        .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .filter(Column::OrganisationId.is_in(owners.iter().map(|id| id.uuid())));
    row::read_all(session, query).await
}

/// A file by its id. The caller is shown it by its owner, or by what it is attached to.
pub async fn find(session: &dyn Session, id: FileId) -> Result<Option<File>, Error> {
    row::read_one(session, Entity::find_by_id(id.uuid())).await
}

/// A file of this organisation, which nobody removes until the transaction ends.
pub async fn hold(writer: &Writer, owner: OrganisationId, id: FileId) -> Result<Option<File>, Error> {
    row::read_one(writer, Entity::find_by_id(id.uuid()).filter(Column::OrganisationId.eq(owner.uuid())).lock_exclusive()).await
}

/// Bytes of all files of an organisation.
pub async fn total(session: &dyn Session, owner: OrganisationId) -> Result<i64, Error> {
    // PostgreSQL adds whole numbers up to a decimal one.
    let sum = Expr::col(Column::Bytes).sum().cast_as("bigint");
    let query = Entity::find().select_only().column_as(sum, "total").filter(Column::OrganisationId.eq(owner.uuid()));
    let total: Option<Option<i64>> = query.into_tuple().one(&session.exec()).await.or_fail()?;
    Ok(total.flatten().unwrap_or(0))
}

/// Notes that a content is about to be kept, so that nobody removes it meanwhile. Waits for who is just removing it.
pub async fn touch(writer: &Writer, sha256: &str, now: Instant) -> Result<(), Error> {
    let row = content::ActiveModel { sha256: Set(sha256.to_owned()), touched_at: Set(now) };
    let again = OnConflict::column(content::Column::Sha256).update_column(content::Column::TouchedAt).to_owned();
    content::Entity::insert(row).on_conflict(again).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Adds a file.
pub async fn insert(writer: &Writer, file: &File) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(file.id.uuid()),
        organisation_id: Set(file.organisation.uuid()),
        uploaded_by: Set(file.uploaded_by.map(Id::uuid)),
        name: Set(file.name.clone()),
        media_type: Set(file.media_type.to_string()),
        bytes: Set(file.bytes),
        sha256: Set(file.sha256.clone()),
        uploaded_at: Set(file.uploaded_at),
    };
    row::insert(writer, row).await
}

/// Whether an import reads the file that is not at its end.
fn is_imported() -> SimpleExpr {
    use super::contact_import::{Column as Of, Entity as Imports, is_open};
    let readers = Query::select()
        .expr(Expr::val(1))
        .from(Imports)
        .and_where(Expr::col((Imports, Of::FileId)).eq(Expr::col((Entity, Column::Id))))
        .cond_where(is_open())
        .take();
    Expr::exists(readers)
}

/// Whether the file is attached to a contact.
fn is_attached() -> SimpleExpr {
    use super::attachment::{Column as Of, Entity as Attachments};
    let contacts = Query::select()
        .expr(Expr::val(1))
        .from(Attachments)
        .and_where(Expr::col((Attachments, Of::FileId)).eq(Expr::col((Entity, Column::Id))))
        .take();
    Expr::exists(contacts)
}

/// Whether nothing uses the file.
fn is_unused() -> SimpleExpr {
    is_imported().not().and(is_attached().not())
}

/// Removes those of the files that nothing uses any more, whenever they were uploaded.
pub(super) async fn delete_left(writer: &Writer, ids: Vec<Uuid>) -> Result<(), Error> {
    if !ids.is_empty() {
        Entity::delete_many().filter(Column::Id.is_in(ids)).filter(is_unused()).exec(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}

/// Removes some files that were uploaded before a moment and that nothing uses; says how many.
pub async fn delete_unused(writer: &Writer, before: Instant, most: u64) -> Result<u64, Error> {
    let unused = Entity::find().select_only().column(Column::Id).filter(Column::UploadedAt.lt(before)).filter(is_unused());
    // Passed over: a file that somebody is just attaching to a contact.
    let unused = unused.order_by_asc(Column::UploadedAt).limit(most).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let ids: Vec<Uuid> = unused.into_tuple().all(&writer.exec()).await.or_fail()?;
    if ids.is_empty() {
        return Ok(0);
    }
    let done = Entity::delete_many().filter(Column::Id.is_in(ids)).exec(&writer.exec()).await.or_fail()?;
    Ok(done.rows_affected)
}

/// Whether no file has this content.
fn belongs_to_none() -> SimpleExpr {
    let files = Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::Sha256)).eq(Expr::col((content::Entity, content::Column::Sha256))))
        .take();
    Expr::exists(files).not()
}

/// Some contents that no file has and nobody was about to keep since a moment.
pub async fn contents_of_none(session: &dyn Session, before: Instant, most: u64) -> Result<Vec<String>, Error> {
    let query = content::Entity::find().filter(content::Column::TouchedAt.lt(before)).filter(belongs_to_none());
    let rows = query.order_by_asc(content::Column::TouchedAt).limit(most).all(&session.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(|row| row.sha256).collect())
}

/// Forgets one of them, if that is still so; whoever wants to keep it meanwhile waits until the transaction ends.
pub async fn forget_content(writer: &Writer, sha256: &str, before: Instant) -> Result<bool, Error> {
    let done = content::Entity::delete_many()
        .filter(content::Column::Sha256.eq(sha256))
        .filter(content::Column::TouchedAt.lt(before))
        .filter(belongs_to_none())
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(done.rows_affected == 1)
}
