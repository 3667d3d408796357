//! The keys that sign access tokens, sealed under the configured secret.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*, sea_query::Expr};
use tertulia_domain::{
    Error,
    id::{Id, SigningKeyId},
    time::Instant,
};

use crate::{
    error::OrFail,
    json,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_key")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) sealed: String,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) retired_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// A key as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedKey {
    /// The key's id, `kid` of the tokens it signs.
    pub id: SigningKeyId,
    /// The private key, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: Instant,
    /// When a newer key took its place; `None` for the current one.
    pub retired_at: Option<Instant>,
}

impl TryFrom<Model> for SealedKey {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let sealed = json::decode(&row.sealed, "signing_key", "sealed")?;
        Ok(Self { id: Id::new(row.id), sealed, created_at: row.created_at, retired_at: row.retired_at })
    }
}

/// The newest keys, those in use among them.
pub async fn all(session: &dyn Session) -> Result<Vec<SealedKey>, Error> {
    let rows = Entity::find().order_by_desc(Column::CreatedAt).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(SealedKey::try_from).collect()
}

/// Adds a key in the place of the current one.
pub async fn insert(writer: &Writer, key: &SealedKey) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::RetiredAt, Expr::val(key.created_at))
        .filter(Column::RetiredAt.is_null())
        .exec(&writer.exec())
        .await
        .or_fail()?;
    let row = ActiveModel {
        id: Set(key.id.uuid()),
        sealed: Set(json::encode(&key.sealed)?),
        created_at: Set(key.created_at),
        retired_at: Set(key.retired_at),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Forgets the keys retired before `at`.
pub async fn delete_before(writer: &Writer, at: Instant) -> Result<(), Error> {
    Entity::delete_many().filter(Column::RetiredAt.lt(at)).exec(&writer.exec()).await.or_fail()?;
    Ok(())
}
