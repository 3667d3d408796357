//! What edits replaced.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, entity::prelude::*, sea_query::Expr};
use serde::Serialize;
use tertulia_domain::{
    Error,
    id::{AnyId, Id, OrganisationId, UserId},
    time::Instant,
};

use crate::{
    error::OrFail,
    json,
    store::{Executes, Session, Writer},
};

/// Rows of one INSERT.
const CHUNK: usize = 400;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revision")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) object_type: String,
    pub(crate) object_id: Uuid,
    pub(crate) object_version: i64,
    pub(crate) at: DateTimeUtc,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) organisation_id: Option<Uuid>,
    pub(crate) replaced: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// An earlier state of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The version that was replaced.
    pub version: i64,
    /// When it was replaced.
    pub replaced_at: Instant,
    /// The organisation that replaced it.
    pub organisation: Option<OrganisationId>,
    /// The state as it was, as JSON.
    pub state: String,
}

/// Who replaced what.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// The new row's id.
    pub id: Uuid,
    /// The object.
    pub object: AnyId,
    /// The version that it had.
    pub version: i64,
    /// When.
    pub at: Instant,
    /// By whom.
    pub user: Option<UserId>,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// The state that it had.
    pub state: String,
}

/// A state as it is kept.
pub fn state<T: Serialize>(state: &T) -> Result<String, Error> {
    json::encode(state)
}

/// Keeps what was replaced.
pub async fn insert(writer: &Writer, replaced: Vec<Replacement>) -> Result<(), Error> {
    let mut rows = replaced.into_iter().map(ActiveModel::from).peekable();
    while rows.peek().is_some() {
        writer.put(Entity, Entity::insert_many(rows.by_ref().take(CHUNK))).await?;
    }
    Ok(())
}

impl From<Replacement> for ActiveModel {
    fn from(replaced: Replacement) -> Self {
        Self {
            id: Set(replaced.id),
            object_type: Set(replaced.object.prefix().to_owned()),
            object_id: Set(replaced.object.uuid()),
            object_version: Set(replaced.version),
            at: Set(replaced.at),
            user_id: Set(replaced.user.map(Id::uuid)),
            organisation_id: Set(replaced.organisation.map(Id::uuid)),
            replaced: Set(replaced.state),
        }
    }
}

/// The earlier states of an object, newest first.
pub async fn list(session: &dyn Session, object: AnyId, limit: u64) -> Result<Vec<Revision>, Error> {
    let rows = Entity::find()
        .filter(Column::ObjectId.eq(object.uuid()))
        .order_by_desc(Column::ObjectVersion)
        .limit(limit)
        .all(&session.exec())
        .await
        .or_fail()?;
    let revision = |row: Model| Revision {
        version: row.object_version,
        replaced_at: row.at,
        organisation: row.organisation_id.map(Id::new),
        state: row.replaced,
    };
    Ok(rows.into_iter().map(revision).collect())
}

/// Forgets what the edits of an object replaced; that there were edits, when and by whom, stays.
pub async fn forget(writer: &Writer, object: AnyId) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Replaced, Expr::val("{}"))
        .filter(Column::ObjectId.eq(object.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// Removes what the edits of objects replaced, with the objects themselves.
pub(crate) async fn delete_of(writer: &Writer, objects: &[Uuid]) -> Result<(), Error> {
    Entity::delete_many().filter(Column::ObjectId.is_in(objects.iter().copied())).exec(&writer.exec()).await.or_fail()?;
    Ok(())
}
