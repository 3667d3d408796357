//! Comments on contacts.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    engagement::comment::Comment,
    id::{ContactId, Id},
};

use crate::{
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comment")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) contact_id: Uuid,
    pub(crate) at: DateTimeUtc,
    pub(crate) user_id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) text: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for Comment {
    fn from(row: Model) -> Self {
        Self {
            id: Id::new(row.id),
            contact: Id::new(row.contact_id),
            at: row.at,
            person: Id::new(row.user_id),
            organisation: Id::new(row.organisation_id),
            text: row.text,
        }
    }
}

/// The comments on these contacts, oldest first. The caller read the contacts before, through his sight.
pub async fn find_of(session: &dyn Session, contacts: &[ContactId]) -> Result<Vec<Comment>, Error> {
    let rows = Entity::find()
        .filter(Column::ContactId.is_in(contacts.iter().map(|id| id.uuid())))
        .order_by_asc(Column::At)
        .order_by_asc(Column::Id)
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(rows.into_iter().map(Comment::from).collect())
}

/// Keeps a comment.
pub async fn insert(writer: &Writer, comment: &Comment) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(comment.id.uuid()),
        contact_id: Set(comment.contact.uuid()),
        at: Set(comment.at),
        user_id: Set(comment.person.uuid()),
        organisation_id: Set(comment.organisation.uuid()),
        text: Set(comment.text.clone()),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}
