//! What bodies sent to platforms in a stretch of time, page after page: for counts over everything, whoever may read it.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::Uuid,
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
    /// Whether those are meant that a generator made, or those that people logged.
    pub generated: bool,
}

impl Sent {
    fn condition(&self, platforms: &[OrganisationId]) -> Condition {
        // In the words of the index that holds generated ones only, so that it is used for them.
        let generated = if self.generated { Expr::cust("generated") } else { Expr::cust("NOT generated") };
        Condition::all()
            .add(Column::PlatformId.is_in(platforms.iter().copied().map(Id::uuid)))
            .add(Column::Direction.eq(Direction::EbToPlatform.as_str()))
            .add(Column::SentAt.is_not_null())
            .add(Column::ListedAt.gte(self.from))
            .add(Column::ListedAt.lt(self.to))
            .add(generated)
    }
}

/// How many there are.
pub async fn count(session: &dyn Session, which: &Sent) -> Result<u64, Error> {
    Entity::find().filter(which.condition(&which.platforms)).count(&session.exec()).await.or_fail()
}

/// Whether there is one.
pub async fn exists(session: &dyn Session, which: &Sent) -> Result<bool, Error> {
    let one = Entity::find().select_only().column(Column::Id).filter(which.condition(&which.platforms)).limit(1);
    Ok(one.into_tuple::<Uuid>().one(&session.exec()).await.or_fail()?.is_some())
}

/// The next of these contacts to one platform after `last`, in the order of sending; none when all were read. One platform at a time, since
/// its index has them in this order, and those of several would be sorted anew for each page.
pub async fn page(session: &dyn Session, which: &Sent, platform: OrganisationId, last: Option<&Contact>) -> Result<Vec<Contact>, Error> {
    let beyond = last.map(|last| {
        let row = Expr::tuple([Expr::col(Column::ListedAt), Expr::col(Column::Id)]);
        row.gt(Expr::tuple([Expr::val(last.life.sent_at.unwrap_or(last.recorded_at)), Expr::val(last.id.uuid())]))
    });
    let meant = which.condition(&[platform]).add_option(beyond);
    let rows = Entity::find().filter(meant).order_by_asc(Column::ListedAt).order_by_asc(Column::Id).limit(PAGE);
    let rows = rows.into_model::<Row>().all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Contact::try_from).collect()
}
