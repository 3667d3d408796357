//! Loads what belongs to statistic releases, one statement for everything that a level of the document asks for.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader as Loads;
use tertulia_app::engagement::statistic_release;
use tertulia_domain::{
    Error, Result,
    engagement::{
        release_cube::ReleaseCell,
        statistic_release::{Correction, Preparation, ReleaseComment, StatisticRelease},
    },
    id::StatisticReleaseId,
};

use crate::graphql::Loader;

impl Loads<StatisticReleaseId> for Loader {
    type Value = StatisticRelease;
    type Error = Error;

    async fn load(&self, keys: &[StatisticReleaseId]) -> Result<HashMap<StatisticReleaseId, StatisticRelease>> {
        Ok(statistic_release::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// A set of numbers of a release.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CellsOf(pub(super) StatisticReleaseId, pub(super) i64);

impl Loads<CellsOf> for Loader {
    type Value = Arc<Vec<ReleaseCell>>;
    type Error = Error;

    async fn load(&self, keys: &[CellsOf]) -> Result<HashMap<CellsOf, Arc<Vec<ReleaseCell>>>> {
        let editions: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let found = statistic_release::cells(&self.app, &self.ctx, &editions).await?;
        Ok(found.into_iter().map(|((release, edition), cells)| (CellsOf(release, edition), Arc::new(cells))).collect())
    }
}

/// The comments on a release that the caller may read.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CommentsOf(pub(super) StatisticReleaseId);

impl Loads<CommentsOf> for Loader {
    type Value = Arc<Vec<ReleaseComment>>;
    type Error = Error;

    async fn load(&self, keys: &[CommentsOf]) -> Result<HashMap<CommentsOf, Arc<Vec<ReleaseComment>>>> {
        let ids: Vec<StatisticReleaseId> = keys.iter().map(|key| key.0).collect();
        let mut of_each: HashMap<CommentsOf, Vec<ReleaseComment>> = HashMap::new();
        for comment in statistic_release::comments(&self.app, &self.ctx, &ids).await? {
            of_each.entry(CommentsOf(comment.release)).or_default().push(comment);
        }
        Ok(of_each.into_iter().map(|(key, comments)| (key, Arc::new(comments))).collect())
    }
}

/// The corrections of a release that the caller may read.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CorrectionsOf(pub(super) StatisticReleaseId);

impl Loads<CorrectionsOf> for Loader {
    type Value = Arc<Vec<Correction>>;
    type Error = Error;

    async fn load(&self, keys: &[CorrectionsOf]) -> Result<HashMap<CorrectionsOf, Arc<Vec<Correction>>>> {
        let ids: Vec<StatisticReleaseId> = keys.iter().map(|key| key.0).collect();
        let mut of_each: HashMap<CorrectionsOf, Vec<Correction>> = HashMap::new();
        for correction in statistic_release::corrections(&self.app, &self.ctx, &ids).await? {
            of_each.entry(CorrectionsOf(correction.release)).or_default().push(correction);
        }
        Ok(of_each.into_iter().map(|(key, corrections)| (key, Arc::new(corrections))).collect())
    }
}

/// What of a release is being worked out.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PreparationOf(pub(super) StatisticReleaseId);

impl Loads<PreparationOf> for Loader {
    type Value = Preparation;
    type Error = Error;

    async fn load(&self, keys: &[PreparationOf]) -> Result<HashMap<PreparationOf, Preparation>> {
        let ids: Vec<StatisticReleaseId> = keys.iter().map(|key| key.0).collect();
        let found = statistic_release::preparations(&self.app, &self.ctx, &ids).await?;
        Ok(found.into_iter().map(|one| (PreparationOf(one.release), one)).collect())
    }
}
