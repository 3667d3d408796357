//! Statistic releases, the platforms that they name and the months that they count. What is not published only the coordinator and the
//! named platforms read.

pub mod cell;
pub mod comment;
pub mod correction;
pub mod job;
mod row;

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Select,
    entity::prelude::Uuid,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use tertulia_domain::{
    Error,
    engagement::statistic_release::{ReleaseFilter, ReleaseOrder, ReleaseStatus, StatisticRelease},
    id::{Id, OrganisationId, StatisticReleaseId},
    page::{Page, PageRequest, Position},
    policy::ReleaseSight,
};

use self::row::{Column, Entity, Model, active, month, platform};
use crate::{
    directory::row as rows,
    error::OrFail,
    keyset::{self, Key, Sort, instant_key},
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

/// The releases that name one of these platforms.
fn naming(platforms: impl IntoIterator<Item = OrganisationId>) -> SelectStatement {
    Query::select()
        .column(platform::Column::ReleaseId)
        .from(platform::Entity)
        .and_where(Expr::col(platform::Column::PlatformId).is_in(platforms.into_iter().map(Id::uuid)))
        .take()
}

/// What the reader may see: what is published; what is proposed or was taken back, if it names him and has numbers.
fn seen(sight: &ReleaseSight) -> Select<Entity> {
    let query = Entity::find();
    if sight.everything() {
        return query;
    }
    let mut any = Condition::any().add(Column::Status.eq(ReleaseStatus::Published.as_str()));
    if !sight.platforms().is_empty() {
        let told = Condition::all().add(Column::Prepared.eq(true)).add(Column::Id.in_subquery(naming(sight.platforms().iter().copied())));
        any = any.add(told);
    }
    query.filter(any)
}

/// The releases of these rows, with the platforms that they name.
async fn whole(session: &dyn Session, rows: Vec<Model>) -> Result<Vec<StatisticRelease>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let named = platform::Entity::find()
        .filter(platform::Column::ReleaseId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(platform::Column::PlatformId)
        .all(&session.exec())
        .await
        .or_fail()?;
    let mut platforms: HashMap<Uuid, Vec<OrganisationId>> = HashMap::new();
    for one in named {
        platforms.entry(one.release_id).or_default().push(Id::new(one.platform_id));
    }
    rows.into_iter()
        .map(|row| {
            let named = platforms.remove(&row.id).unwrap_or_default();
            row.release(named)
        })
        .collect()
}

/// Those of the releases that the reader may see.
pub async fn find_many(session: &dyn Session, sight: &ReleaseSight, ids: &[StatisticReleaseId]) -> Result<Vec<StatisticRelease>, Error> {
    let rows = seen(sight).filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).all(&session.exec()).await.or_fail()?;
    whole(session, rows).await
}

/// The release, if the reader may see it, held so that nobody else changes it before this transaction ends.
pub async fn hold(writer: &Writer, sight: &ReleaseSight, id: StatisticReleaseId) -> Result<Option<StatisticRelease>, Error> {
    let rows = seen(sight).filter(Column::Id.eq(id.uuid())).held().all(&writer.exec()).await.or_fail()?;
    Ok(whole(writer, rows).await?.pop())
}

/// The releases that count some of these months, the last proposed first.
pub async fn overlapping(session: &dyn Session, from: NaiveDate, to: NaiveDate) -> Result<Vec<StatisticRelease>, Error> {
    let overlaps = Condition::all().add(Column::PeriodFrom.lt(to)).add(Column::PeriodTo.gt(from));
    let rows = Entity::find().filter(overlaps).order_by_desc(Column::ProposedAt).order_by_desc(Column::Id);
    whole(session, rows.all(&session.exec()).await.or_fail()?).await
}

fn filtered(sight: &ReleaseSight, filter: &ReleaseFilter) -> Select<Entity> {
    let statuses = filter.statuses.iter().map(|status| status.as_str());
    let all = Condition::all()
        .add_option((!filter.statuses.is_empty()).then(|| Column::Status.is_in(statuses)))
        .add_option(filter.platform.map(|platform| Column::Id.in_subquery(naming([platform]))))
        .add_option(filter.day.map(|day| Column::PeriodFrom.lte(day)))
        .add_option(filter.day.map(|day| Column::PeriodTo.gt(day)));
    seen(sight).filter(all)
}

/// A page of the releases that the reader may see.
pub async fn list(
    session: &dyn Session,
    sight: &ReleaseSight,
    (filter, order): (&ReleaseFilter, ReleaseOrder),
    page: &PageRequest,
) -> Result<Page<StatisticRelease>, Error> {
    let descending = order == ReleaseOrder::PublishedAtDesc;
    let sort = Sort { key: Column::ListedAt, kind: Key::Instant, id: Column::Id, descending };
    let position = |row: &Model| Position { key: instant_key(row.listed_at), id: row.id };
    let page = keyset::page(session, filtered(sight, filter), sort, page, position).await?;
    let rows = page.edges.iter().map(|edge| edge.item.clone()).collect();
    let mut whole = whole(session, rows).await?.into_iter();
    page.try_map(|_| whole.next().ok_or_else(|| Error::broken("a release of a page is missing")))
}

/// How many releases the filter leaves of those that the reader may see.
pub async fn count(session: &dyn Session, sight: &ReleaseSight, filter: &ReleaseFilter) -> Result<u64, Error> {
    filtered(sight, filter).count(&session.exec()).await.or_fail()
}

/// Enters a proposal; `ids` gives each row its own.
///
/// # Errors
/// `CONFLICT` if a month belongs to another release.
pub async fn insert(writer: &Writer, release: &StatisticRelease, mut ids: impl FnMut() -> Uuid) -> Result<(), Error> {
    let release_id = release.id.uuid();
    rows::insert(writer, active(release)?).await?;
    let months =
        release.period.months().into_iter().map(|day| month::ActiveModel { id: Set(ids()), release_id: Set(release_id), month: Set(day) });
    let months: Vec<_> = months.collect();
    month::Entity::insert_many(months).exec_without_returning(&writer.exec()).await.or_fail()?;
    let platforms = release.platforms.iter().map(|platform| platform::ActiveModel {
        id: Set(ids()),
        release_id: Set(release_id),
        platform_id: Set(platform.uuid()),
    });
    let platforms: Vec<_> = platforms.collect();
    platform::Entity::insert_many(platforms).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Replaces the release's version before. One that was taken back frees its months.
pub async fn update(writer: &Writer, release: &StatisticRelease) -> Result<(), Error> {
    rows::update(writer, active(release)?, (Column::Id, release.id.uuid()), (Column::Version, release.version)).await?;
    free(writer, release).await
}

/// Keeps what became of a release whose numbers were being worked out.
pub async fn settle(writer: &Writer, release: &StatisticRelease) -> Result<(), Error> {
    let settled = Entity::update_many()
        .set(active(release)?)
        .filter(Column::Id.eq(release.id.uuid()))
        .filter(Column::Status.eq(ReleaseStatus::Preparing.as_str()));
    settled.exec(&writer.exec()).await.or_fail()?;
    free(writer, release).await
}

async fn free(writer: &Writer, release: &StatisticRelease) -> Result<(), Error> {
    if release.status == ReleaseStatus::Withdrawn {
        let freed = month::Entity::delete_many().filter(month::Column::ReleaseId.eq(release.id.uuid()));
        freed.exec(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}
