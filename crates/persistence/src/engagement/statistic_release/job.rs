//! Numbers that are to be worked out: one server works at a release, as long as its hold lasts.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, entity::prelude::*, sea_query::Expr,
};
use tertulia_domain::{
    Error,
    engagement::statistic_release::Preparation,
    id::{Id, StatisticReleaseId},
    time::Instant,
};

use crate::{
    directory::row,
    engagement::contact_import::Hold,
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistic_release_job")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) release_id: Uuid,
    pub(crate) edition: i64,
    pub(crate) asked_at: DateTimeUtc,
    pub(crate) counted: i64,
    pub(crate) total: Option<i64>,
    pub(crate) holder: Option<Uuid>,
    pub(crate) held_until: Option<DateTimeUtc>,
    pub(crate) attempts: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for Preparation {
    fn from(row: Model) -> Self {
        Self { release: Id::new(row.release_id), edition: row.edition, asked_at: row.asked_at, counted: row.counted, total: row.total }
    }
}

/// What is being worked out of these releases.
pub async fn find_of(session: &dyn Session, releases: &[StatisticReleaseId]) -> Result<Vec<Preparation>, Error> {
    let jobs = Entity::find().filter(Column::ReleaseId.is_in(releases.iter().map(|id| id.uuid())));
    Ok(jobs.all(&session.exec()).await.or_fail()?.into_iter().map(Preparation::from).collect())
}

/// Asks for a set of numbers.
///
/// # Errors
/// `CONFLICT` if one of the release is being worked out.
pub async fn insert(writer: &Writer, job: &Preparation) -> Result<(), Error> {
    let entry = ActiveModel {
        release_id: Set(job.release.uuid()),
        edition: Set(job.edition),
        asked_at: Set(job.asked_at),
        counted: Set(job.counted),
        total: Set(job.total),
        holder: Set(None),
        held_until: Set(None),
        attempts: Set(0),
    };
    row::insert(writer, entry).await
}

/// Nothing is to be worked out of this release any more.
pub async fn delete(writer: &Writer, release: StatisticReleaseId) -> Result<(), Error> {
    Entity::delete_many().filter(Column::ReleaseId.eq(release.uuid())).exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

fn free(holder: Uuid, now: Instant) -> Condition {
    Condition::any().add(Column::Holder.is_null()).add(Column::Holder.eq(holder)).add(Column::HeldUntil.lt(now))
}

/// Whether something waits at which this server may work.
pub async fn is_waiting(session: &dyn Session, holder: Uuid, now: Instant) -> Result<bool, Error> {
    let waiting = Entity::find().select_only().column(Column::ReleaseId).filter(free(holder, now)).limit(1);
    let id: Option<Uuid> = waiting.into_tuple().one(&session.exec()).await.or_fail()?;
    Ok(id.is_some())
}

/// Takes hold of what has waited longest and at which no other server works; with it, how often it was taken.
pub async fn take(writer: &Writer, hold: Hold, now: Instant) -> Result<Option<(Preparation, i64)>, Error> {
    let waiting = Entity::find().filter(free(hold.holder, now)).order_by_asc(Column::AskedAt).limit(1);
    let Some(job) = waiting.one(&writer.exec()).await.or_fail()? else { return Ok(None) };
    let attempts = job.attempts + 1;
    let taken = Entity::update_many()
        .col_expr(Column::Holder, Expr::value(hold.holder))
        .col_expr(Column::HeldUntil, Expr::value(hold.until))
        .col_expr(Column::Attempts, Expr::value(attempts))
        .filter(Column::ReleaseId.eq(job.release_id))
        .filter(free(hold.holder, now))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok((taken.rows_affected == 1).then(|| (job.into(), attempts)))
}

/// Renews a server's hold and notes how far it is; says whether it still had it. Whoever takes the release back waits.
pub async fn renew(writer: &Writer, job: &Preparation, hold: Hold) -> Result<bool, Error> {
    let renewed = Entity::update_many()
        .col_expr(Column::HeldUntil, Expr::value(hold.until))
        .col_expr(Column::Counted, Expr::value(job.counted))
        .col_expr(Column::Total, Expr::value(job.total))
        .filter(Column::ReleaseId.eq(job.release.uuid()))
        .filter(Column::Edition.eq(job.edition))
        .filter(Column::Holder.eq(hold.holder))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(renewed.rows_affected == 1)
}

/// Gives it back, for another server to begin anew at once.
pub async fn release(writer: &Writer, job: &Preparation, holder: Uuid) -> Result<(), Error> {
    let free = Entity::update_many()
        .col_expr(Column::Holder, Expr::value(None::<Uuid>))
        .col_expr(Column::Attempts, Expr::value(0))
        .filter(Column::ReleaseId.eq(job.release.uuid()))
        .filter(Column::Holder.eq(holder));
    free.exec(&writer.exec()).await.or_fail()?;
    Ok(())
}
