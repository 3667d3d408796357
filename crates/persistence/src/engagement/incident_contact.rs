//! To which incident contacts belong. The link stands apart from the contact's own row: a page that asks for no incident reads
//! nothing of it, and the other side sees no change.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryResult, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Alias, Condition, Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement, WindowStatement},
};
use tertulia_domain::{
    Error,
    engagement::{contact::Contact, incident::Incident},
    id::{ContactId, Id, IncidentId, OrganisationId},
    page::Position,
    policy::ContactSight,
    time::Instant,
};

use super::{
    contact_query,
    contact_row::{self, Row},
    incident, incident_purge,
};
use crate::{
    error::OrFail,
    keyset::instant_key,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident_contact")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) contact_id: Uuid,
    pub(crate) incident_id: Uuid,
    pub(crate) added_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The contacts of an incident, as ids; of one that the caller may not read, none.
pub(super) fn contacts_in(incident: IncidentId, sight: &ContactSight) -> SelectStatement {
    Entity::find()
        .select_only()
        .column(Column::ContactId)
        .filter(Column::IncidentId.eq(incident.uuid()))
        .filter(Column::IncidentId.in_subquery(incident::ids_seen(sight)))
        .into_query()
}

/// The incident to which each of these contacts belongs, as far as the caller may read it, in one statement.
pub async fn incidents_of(
    session: &dyn Session,
    sight: &ContactSight,
    contacts: &[ContactId],
) -> Result<Vec<(ContactId, Incident)>, Error> {
    if sight.bodies().is_empty() && !sight.everything() {
        return Ok(Vec::new());
    }
    let mut query = incident::Entity::find().filter(incident::seen(sight));
    let link = |column: Column| Expr::col((Entity, column));
    QuerySelect::query(&mut query)
        .join(JoinType::InnerJoin, Entity, link(Column::IncidentId).equals((incident::Entity, incident::Column::Id)))
        .expr_as(link(Column::ContactId), Alias::new("contact_id"))
        .and_where(link(Column::ContactId).is_in(contacts.iter().map(|id| id.uuid())));
    let rows = query.into_model::<Of>().all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(|Of(contact, row)| Ok((Id::new(contact), Incident::try_from(row)?))).collect()
}

/// An incident's row with the contact for which it was looked up.
struct Of(Uuid, incident::Model);

impl FromQueryResult for Of {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self(row.try_get("", "contact_id")?, incident::Model::from_query_result(row, prefix)?))
    }
}

/// The first `most` contacts of each of these incidents that the caller may read, the latest sent first, in one statement. The caller
/// was shown the incidents.
pub async fn first_of_each(
    session: &dyn Session,
    sight: &ContactSight,
    incidents: &[IncidentId],
    most: u64,
) -> Result<Vec<(IncidentId, Position, Contact)>, Error> {
    use contact_row::Column as C;
    let mut window = WindowStatement::partition_by((Entity, Column::IncidentId));
    window.order_by((contact_row::Entity, C::ListedAt), Order::Desc).order_by((contact_row::Entity, C::Id), Order::Desc);
    let mut ranked = joined(sight, incidents);
    ranked.column((contact_row::Entity, C::Id)).column((Entity, Column::IncidentId));
    ranked.expr_window_as(Func::cust("ROW_NUMBER"), window, "place");
    let of_ranked = |name: &'static str| (Alias::new("ranked"), Alias::new(name));
    let mut query = contact_row::Entity::find();
    QuerySelect::query(&mut query)
        .join_subquery(JoinType::InnerJoin, ranked, Alias::new("ranked"), Expr::col(of_ranked("id")).equals((contact_row::Entity, C::Id)))
        .expr_as(Expr::col(of_ranked("incident_id")), Alias::new("incident_id"))
        .and_where(Expr::col(of_ranked("place")).lte(most))
        .order_by((contact_row::Entity, C::ListedAt), Order::Desc)
        .order_by((contact_row::Entity, C::Id), Order::Desc);
    let rows = query.into_model::<In>().all(&session.exec()).await.or_fail()?;
    let placed = |In(incident, row): In| {
        let position = Position { key: instant_key(row.0.listed_at), id: row.0.id };
        Ok((Id::new(incident), position, Contact::try_from(row)?))
    };
    rows.into_iter().map(placed).collect()
}

/// A contact's row with its incident.
struct In(Uuid, Row);

impl FromQueryResult for In {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self(row.try_get("", "incident_id")?, Row::from_query_result(row, prefix)?))
    }
}

/// How many contacts the caller may read of each of these incidents, which he was shown; one without any does not occur.
pub async fn count_of_each(
    session: &dyn Session,
    sight: &ContactSight,
    incidents: &[IncidentId],
) -> Result<HashMap<IncidentId, u64>, Error> {
    let mut query = joined(sight, incidents);
    query
        .column((Entity, Column::IncidentId))
        .expr_as(Func::count(Expr::col((Entity, Column::ContactId))), Alias::new("contacts"))
        .group_by_col((Entity, Column::IncidentId));
    let read = |row: &QueryResult| {
        let (incident, contacts): (Uuid, i64) = (row.try_get("", "incident_id").or_fail()?, row.try_get("", "contacts").or_fail()?);
        Ok((Id::new(incident), contacts.unsigned_abs()))
    };
    session.exec().query_all(&query).await.or_fail()?.iter().map(read).collect()
}

/// The links of these incidents with those of their contacts that the caller may read. Begins with the links, of which there are few.
fn joined(sight: &ContactSight, incidents: &[IncidentId]) -> SelectStatement {
    let contact = (contact_row::Entity, contact_row::Column::Id);
    let mut query = SelectStatement::new();
    query
        .from(Entity)
        .join(JoinType::InnerJoin, contact_row::Entity, Expr::col((Entity, Column::ContactId)).equals(contact))
        .and_where(Expr::col((Entity, Column::IncidentId)).is_in(incidents.iter().map(|id| id.uuid())))
        .cond_where(contact_query::seen(sight));
    query
}

/// The incident to which a contact belongs, whoever reads it.
pub async fn incident_of(writer: &Writer, contact: ContactId) -> Result<Option<IncidentId>, Error> {
    let row = Entity::find_by_id(contact.uuid()).one(&writer.exec()).await.or_fail()?;
    Ok(row.map(|row| Id::new(row.incident_id)))
}

/// How many contacts of a body belong to an incident.
pub async fn count(writer: &Writer, incident: IncidentId, body: OrganisationId) -> Result<u64, Error> {
    let of_body = Query::select()
        .column(contact_row::Column::Id)
        .from(contact_row::Entity)
        .and_where(contact_row::Column::ElectoralBodyId.eq(body.uuid()))
        .and_where(Expr::col((contact_row::Entity, contact_row::Column::Id)).eq(Expr::col((Entity, Column::ContactId))))
        .take();
    let theirs = Entity::find().filter(Column::IncidentId.eq(incident.uuid())).filter(Expr::exists(of_body));
    theirs.count(&writer.exec()).await.or_fail()
}

/// Puts a contact into an incident.
pub async fn insert(writer: &Writer, incident: IncidentId, contact: ContactId, at: Instant) -> Result<(), Error> {
    let row = ActiveModel { contact_id: Set(contact.uuid()), incident_id: Set(incident.uuid()), added_at: Set(at) };
    writer.put(Entity, Entity::insert(row)).await
}

/// Takes a contact out of an incident; says whether it belonged to it.
pub async fn delete(writer: &Writer, incident: IncidentId, contact: ContactId) -> Result<bool, Error> {
    let of_both = Entity::delete_by_id(contact.uuid()).filter(Column::IncidentId.eq(incident.uuid()));
    Ok(of_both.exec(&writer.exec()).await.or_fail()?.rows_affected == 1)
}

/// Takes the contacts of a body out of an incident.
pub async fn delete_of_body(writer: &Writer, incident: IncidentId, body: OrganisationId) -> Result<(), Error> {
    let of_body = contact_row::Entity::find()
        .select_only()
        .column(contact_row::Column::Id)
        .filter(contact_row::Column::ElectoralBodyId.eq(body.uuid()))
        .filter(Expr::col((contact_row::Entity, contact_row::Column::Id)).equals((Entity, Column::ContactId)))
        .into_query();
    Entity::delete_many()
        .filter(Column::IncidentId.eq(incident.uuid()))
        .filter(Expr::exists(of_body))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    incident_purge::wake(writer, Condition::all().add(incident::Column::Id.eq(incident.uuid()))).await
}
