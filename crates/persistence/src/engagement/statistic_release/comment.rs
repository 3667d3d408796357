//! What platforms say of releases that name them. Until a release is published, a platform reads its own comment only.

use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*, sea_query::Query};
use tertulia_domain::{
    Error,
    engagement::statistic_release::{ReleaseComment, ReleaseStatus},
    id::{Id, StatisticReleaseId},
    policy::ReleaseSight,
};

use super::row;
use crate::{
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistic_release_comment")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) release_id: Uuid,
    pub(crate) platform_id: Uuid,
    pub(crate) text: String,
    pub(crate) at: DateTimeUtc,
    pub(crate) user_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for ReleaseComment {
    fn from(row: Model) -> Self {
        Self {
            release: Id::new(row.release_id),
            platform: Id::new(row.platform_id),
            text: row.text,
            deed: row::deed(row.at, row.user_id, Some(row.platform_id)),
        }
    }
}

/// The comments on these releases that the reader may see, the first first.
pub async fn find_of(session: &dyn Session, sight: &ReleaseSight, releases: &[StatisticReleaseId]) -> Result<Vec<ReleaseComment>, Error> {
    let published = Query::select()
        .column(row::Column::Id)
        .from(row::Entity)
        .and_where(row::Column::Status.eq(ReleaseStatus::Published.as_str()))
        .take();
    let own = Column::PlatformId.is_in(sight.platforms().iter().map(|id| id.uuid()));
    let mut found = Entity::find().filter(Column::ReleaseId.is_in(releases.iter().map(|id| id.uuid())));
    if !sight.everything() {
        found = found.filter(Condition::any().add(Column::ReleaseId.in_subquery(published)).add(own));
    }
    let rows = found.order_by_asc(Column::At).order_by_asc(Column::Id).all(&session.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(ReleaseComment::from).collect())
}

/// Keeps a comment.
///
/// # Errors
/// `CONFLICT` if the platform commented before.
pub async fn insert(writer: &Writer, id: Uuid, comment: &ReleaseComment) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(id),
        release_id: Set(comment.release.uuid()),
        platform_id: Set(comment.platform.uuid()),
        text: Set(comment.text.clone()),
        at: Set(comment.deed.at),
        user_id: Set(comment.deed.person.map(Id::uuid)),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}
