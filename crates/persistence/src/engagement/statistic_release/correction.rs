//! Corrections of releases. Until one is published only the coordinator reads it.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*, sea_query::Expr};
use tertulia_domain::{
    Error,
    engagement::statistic_release::Correction,
    id::{Id, StatisticReleaseId},
    policy::ReleaseSight,
};

use super::row::deed;
use crate::{
    directory::row,
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistic_release_correction")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) release_id: Uuid,
    pub(crate) edition: i64,
    pub(crate) note: String,
    pub(crate) prepared_at: DateTimeUtc,
    pub(crate) prepared_by: Option<Uuid>,
    pub(crate) prepared_for: Option<Uuid>,
    pub(crate) published_at: Option<DateTimeUtc>,
    pub(crate) published_by: Option<Uuid>,
    pub(crate) published_for: Option<Uuid>,
    pub(crate) code_version: String,
    pub(crate) failure: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for Correction {
    fn from(row: Model) -> Self {
        Self {
            release: Id::new(row.release_id),
            edition: row.edition,
            note: row.note,
            prepared: deed(row.prepared_at, row.prepared_by, row.prepared_for),
            published: row.published_at.map(|at| deed(at, row.published_by, row.published_for)),
            code_version: row.code_version,
            failure: row.failure,
        }
    }
}

/// The corrections of these releases that the reader may see, the first first.
pub async fn find_of(session: &dyn Session, sight: &ReleaseSight, releases: &[StatisticReleaseId]) -> Result<Vec<Correction>, Error> {
    let mut found = Entity::find().filter(Column::ReleaseId.is_in(releases.iter().map(|id| id.uuid())));
    if !sight.everything() {
        found = found.filter(Column::PublishedAt.is_not_null());
    }
    let rows = found.order_by_asc(Column::ReleaseId).order_by_asc(Column::Edition).all(&session.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(Correction::from).collect())
}

/// Keeps a correction that was prepared.
pub async fn insert(writer: &Writer, id: Uuid, correction: &Correction) -> Result<(), Error> {
    let prepared = correction.prepared;
    let entry = ActiveModel {
        id: Set(id),
        release_id: Set(correction.release.uuid()),
        edition: Set(correction.edition),
        note: Set(correction.note.clone()),
        prepared_at: Set(prepared.at),
        prepared_by: Set(prepared.person.map(Id::uuid)),
        prepared_for: Set(prepared.organisation.map(Id::uuid)),
        published_at: Set(None),
        published_by: Set(None),
        published_for: Set(None),
        code_version: Set(correction.code_version.clone()),
        failure: Set(correction.failure.clone()),
    };
    row::insert(writer, entry).await
}

/// Keeps why a correction has no numbers.
pub async fn fail(writer: &Writer, (release, edition): (StatisticReleaseId, i64), why: &str) -> Result<(), Error> {
    let update = Entity::update_many()
        .col_expr(Column::Failure, Expr::value(why))
        .filter(Column::ReleaseId.eq(release.uuid()))
        .filter(Column::Edition.eq(edition));
    update.exec(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Keeps that a correction was published.
pub async fn publish(writer: &Writer, correction: &Correction) -> Result<(), Error> {
    let Some(published) = correction.published else { return Ok(()) };
    let update = Entity::update_many()
        .col_expr(Column::PublishedAt, Expr::value(published.at))
        .col_expr(Column::PublishedBy, Expr::value(published.person.map(Id::uuid)))
        .col_expr(Column::PublishedFor, Expr::value(published.organisation.map(Id::uuid)))
        .filter(Column::ReleaseId.eq(correction.release.uuid()))
        .filter(Column::Edition.eq(correction.edition));
    update.exec(&writer.exec()).await.or_fail()?;
    Ok(())
}
