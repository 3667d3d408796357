//! Who stopped seeing a contact, and when: so that a front end that keeps copies can drop them.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, entity::prelude::*, sea_query::ExprTrait,
};
use tertulia_domain::{
    Error,
    id::{ContactId, Id},
    policy::ContactSight,
    time::Instant,
};

use super::{contact_query::covered, contact_row};
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
    let mut readers: Vec<Uuid> = sight.bodies().iter().map(|body| body.uuid()).collect();
    readers.extend(sight.user().map(Id::uuid));
    if sight.shared() {
        readers.push(COORDINATOR);
    }
    // Of a platform's contacts, only those that the reader's membership covers were ever before him.
    let whose = sight.platforms().iter().fold(Condition::any().add(Column::ReaderId.is_in(readers)), |any, platform| {
        let contacts = contact_row::Entity::find().select_only().column(contact_row::Column::Id).filter(covered(platform)).into_query();
        let of_platform = Column::ReaderId.eq(platform.platform.uuid()).and(Column::ContactId.in_subquery(contacts));
        any.add(of_platform)
    });
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::ContactId)
        .distinct()
        .filter(whose)
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
