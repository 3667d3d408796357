//! What contacts point at.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    engagement::content_item::ContentItem,
    id::{ContactId, Id},
    text::{LanguageTag, WebUrl},
};

use crate::{
    error::OrFail,
    json,
    store::{Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "content_item")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) contact_id: Uuid,
    pub(crate) position: i64,
    pub(crate) url: Option<String>,
    pub(crate) platform_content_id: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) content_types: String,
    pub(crate) language: Option<String>,
    pub(crate) seen_at: Option<DateTimeUtc>,
    pub(crate) archived_url: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for ContentItem {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            url: row.url.as_deref().map(WebUrl::parse).transpose()?,
            platform_content_id: row.platform_content_id,
            description: row.description,
            content_types: json::decode(&row.content_types, "content_item", "content_types")?,
            language: row.language.as_deref().map(LanguageTag::parse).transpose()?,
            seen_at: row.seen_at,
            archived_url: row.archived_url.as_deref().map(WebUrl::parse).transpose()?,
        })
    }
}

/// The items of these contacts, each with its contact, in the order in which they were listed. The caller read the contacts
/// before, through his sight.
pub async fn find_of(session: &dyn Session, contacts: &[ContactId]) -> Result<Vec<(ContactId, ContentItem)>, Error> {
    let ids = contacts.iter().map(|id| id.uuid());
    let rows = Entity::find()
        .filter(Column::ContactId.is_in(ids))
        .order_by_asc(Column::ContactId)
        .order_by_asc(Column::Position)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(|row| Ok((Id::new(row.contact_id), ContentItem::try_from(row)?))).collect()
}

/// Keeps the items of new contacts, in one statement.
pub async fn insert(writer: &Writer, items: &[(ContactId, &[ContentItem])]) -> Result<(), Error> {
    let mut rows = Vec::new();
    for (contact, items) in items {
        for (item, position) in items.iter().zip(1_i64..) {
            rows.push(ActiveModel {
                id: Set(item.id.uuid()),
                contact_id: Set(contact.uuid()),
                position: Set(position),
                url: Set(item.url.as_ref().map(|url| url.as_str().to_owned())),
                platform_content_id: Set(item.platform_content_id.clone()),
                description: Set(item.description.clone()),
                content_types: Set(json::encode(&item.content_types)?),
                language: Set(item.language.as_ref().map(|tag| tag.as_str().to_owned())),
                seen_at: Set(item.seen_at),
                archived_url: Set(item.archived_url.as_ref().map(|url| url.as_str().to_owned())),
            });
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    writer.put(Entity, Entity::insert_many(rows)).await
}
