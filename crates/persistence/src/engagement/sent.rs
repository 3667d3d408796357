//! What bodies sent to platforms in a stretch of time, page after page: for counts over everything, whoever may read it.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use tertulia_domain::{
    Error,
    engagement::{contact::Contact, vocabulary::Direction},
    id::{Id, OrganisationId},
    time::Instant,
};

use super::contact_row::{Column, Entity, Row};
use crate::{error::OrFail, store::Session};

/// Contacts that are read at once.
const PAGE: u64 = 500;

/// Which contacts are meant.
#[derive(Clone, Debug)]
pub struct Sent {
    /// To these platforms.
    pub platforms: Vec<OrganisationId>,
    /// At or after.
    pub from: Instant,
    /// Before.
    pub to: Instant,
}

/// The next contacts after `last`, in the order of sending; none when all were read.
pub async fn page(session: &dyn Session, which: &Sent, last: Option<&Contact>) -> Result<Vec<Contact>, Error> {
    let beyond = last.map(|last| {
        let row = Expr::tuple([Expr::col(Column::ListedAt), Expr::col(Column::Id)]);
        row.gt(Expr::tuple([Expr::val(last.life.sent_at.unwrap_or(last.recorded_at)), Expr::val(last.id.uuid())]))
    });
    let meant = Condition::all()
        .add(Column::PlatformId.is_in(which.platforms.iter().copied().map(Id::uuid)))
        .add(Column::Direction.eq(Direction::EbToPlatform.as_str()))
        .add(Column::SentAt.is_not_null())
        .add(Column::ListedAt.gte(which.from))
        .add(Column::ListedAt.lt(which.to))
        .add_option(beyond);
    let rows = Entity::find().filter(meant).order_by_asc(Column::ListedAt).order_by_asc(Column::Id).limit(PAGE);
    let rows = rows.into_model::<Row>().all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Contact::try_from).collect()
}
