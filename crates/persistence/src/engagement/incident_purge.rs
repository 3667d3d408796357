//! Incidents whose time to be kept is over: removed with all that belongs to them, after their last contact. One that waits for it is not
//! looked at again before a contact leaves it.

use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    entity::prelude::*,
    sea_query::{Condition, Expr},
};
use tertulia_domain::{
    Error,
    id::{Id, IncidentId},
    time::Instant,
};

use super::{
    incident::{Column, Entity, share},
    incident_contact as link,
};
use crate::{
    error::OrFail,
    portable::HeldRows,
    record::revision,
    store::{Executes, Session, Writer},
};

/// Incidents that were closed and last changed before a moment, and of which it is not known that they wait for a contact to go.
fn over(before: Instant, most: u64) -> Select<Entity> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ClosedAt.lt(before))
        .filter(Column::UpdatedAt.lt(before))
        .filter(Column::WaitsSince.is_null())
        .limit(most)
}

/// Whether there is an incident to be looked at, since its time is over.
pub async fn is_due(session: &dyn Session, before: Instant) -> Result<bool, Error> {
    Ok(over(before, 1).into_tuple::<Uuid>().one(&session.exec()).await.or_fail()?.is_some())
}

/// Looks at some of the incidents whose time is over. Removes those to which no contact belongs, with who took part in them and what their
/// edits replaced, and answers which; the others wait from now on. A closed incident takes no contact any more.
pub async fn purge(writer: &Writer, before: Instant, most: u64, at: Instant) -> Result<Vec<IncidentId>, Error> {
    let ids: Vec<Uuid> = over(before, most).free().into_tuple().all(&writer.exec()).await.or_fail()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // Looked up after these are held: who takes a contact out of one has done so by now, or wakes it later.
    let links = link::Entity::find().select_only().column(link::Column::IncidentId).filter(link::Column::IncidentId.is_in(ids.clone()));
    let links: Vec<Uuid> = links.distinct().into_tuple().all(&writer.exec()).await.or_fail()?;
    let waiting: HashSet<Uuid> = links.into_iter().collect();
    let (waiting, gone): (Vec<Uuid>, Vec<Uuid>) = ids.into_iter().partition(|id| waiting.contains(id));
    if !waiting.is_empty() {
        let waits = Entity::update_many().col_expr(Column::WaitsSince, Expr::value(at)).filter(Column::Id.is_in(waiting));
        waits.exec(&writer.exec()).await.or_fail()?;
    }
    if !gone.is_empty() {
        share::Entity::delete_many().filter(share::Column::IncidentId.is_in(gone.clone())).exec(&writer.exec()).await.or_fail()?;
        revision::delete_of(writer, &gone).await?;
        Entity::delete_many().filter(Column::Id.is_in(gone.clone())).exec(&writer.exec()).await.or_fail()?;
    }
    Ok(gone.into_iter().map(Id::new).collect())
}

/// Lets the incidents of contacts that are about to go be looked at again.
pub(super) async fn wake_of(writer: &Writer, contacts: &[Uuid]) -> Result<(), Error> {
    let links = link::Entity::find().select_only().column(link::Column::IncidentId);
    let links = links.filter(link::Column::ContactId.is_in(contacts.iter().copied())).into_query();
    wake(writer, Condition::all().add(Column::Id.in_subquery(links))).await
}

/// Lets those of these incidents be looked at again that wait for a contact to go.
pub(super) async fn wake(writer: &Writer, which: Condition) -> Result<(), Error> {
    let none = Expr::value(None::<Instant>);
    let waiting = Entity::update_many().col_expr(Column::WaitsSince, none).filter(Column::WaitsSince.is_not_null()).filter(which);
    waiting.exec(&writer.exec()).await.or_fail()?;
    Ok(())
}
