//! Who stopped seeing a contact, and when: so that a front end that keeps copies can drop them.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, entity::prelude::*};
use tertulia_domain::{
    Error,
    id::{ContactId, Id},
    policy::ContactSight,
    time::Instant,
};

use super::contact_query::own_organisations;
use crate::{
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lost_sight")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) contact_id: Uuid,
    /// An organisation or a person.
    pub(crate) reader_id: Uuid,
    pub(crate) at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The reader that stands for the coordinator's desk, whichever person sits there.
pub const COORDINATOR: Uuid = Uuid::nil();

/// The contacts of which the caller, or an organisation that he acts for, lost sight after `since`. Some may be seen again.
pub async fn find_since(session: &dyn Session, sight: &ContactSight, since: Instant) -> Result<Vec<ContactId>, Error> {
    let mut readers = own_organisations(sight);
    readers.extend(sight.user().map(Id::uuid));
    if sight.shared() {
        readers.push(COORDINATOR);
    }
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::ContactId)
        .distinct()
        .filter(Column::ReaderId.is_in(readers))
        .filter(Column::At.gt(since))
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Notes that these readers, each with the row's new id, lost sight of the contact.
pub async fn insert(writer: &Writer, contact: ContactId, readers: &[(Uuid, Uuid)], at: Instant) -> Result<(), Error> {
    if readers.is_empty() {
        return Ok(());
    }
    let rows = readers.iter().map(|(id, reader)| ActiveModel {
        id: Set(*id),
        contact_id: Set(contact.uuid()),
        reader_id: Set(*reader),
        at: Set(at),
    });
    Entity::insert_many(rows).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}
