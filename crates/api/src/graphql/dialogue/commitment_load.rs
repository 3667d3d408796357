//! What commitments need of one another and of meetings, in one statement for everything that a level asks for.

use std::{collections::HashMap, hash, sync::Arc};

use async_graphql::dataloader::Loader as Loads;
use tertulia_app::dialogue::{agenda, commitment, evidence, measure};
use tertulia_domain::{
    Error, Result,
    dialogue::{AgendaItem, Commitment, CommitmentAct, Evidence},
    id::{AgendaItemId, CommitmentId, MeetingId},
    page::Page,
};

use crate::graphql::Loader;

/// What was done to a commitment.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ActsOf(pub(super) CommitmentId);

/// A point of an agenda.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PointOf(pub(super) AgendaItemId);

/// The first page of the commitments of a meeting, so many of them at most.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FirstPageOf(pub(super) MeetingId, pub(super) u16);

/// How many commitments a meeting has.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CountOf(pub(super) MeetingId);

/// The numbers of a commitment's measure.
#[derive(Clone)]
pub(super) struct FiguresOf(pub(super) Arc<Commitment>);

impl PartialEq for FiguresOf {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}
impl Eq for FiguresOf {}
impl hash::Hash for FiguresOf {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.id.hash(state);
    }
}

/// A piece of evidence, if the caller may read it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct SeenEvidence(pub(super) Evidence);

impl hash::Hash for SeenEvidence {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.reference.hash(state);
    }
}

impl Loads<CommitmentId> for Loader {
    type Value = Arc<Commitment>;
    type Error = Error;

    async fn load(&self, keys: &[CommitmentId]) -> Result<HashMap<CommitmentId, Arc<Commitment>>> {
        let found = commitment::by_ids(&self.app, &self.ctx, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, Arc::new(one))).collect())
    }
}

impl Loads<ActsOf> for Loader {
    type Value = Arc<Vec<CommitmentAct>>;
    type Error = Error;

    async fn load(&self, keys: &[ActsOf]) -> Result<HashMap<ActsOf, Arc<Vec<CommitmentAct>>>> {
        let ids: Vec<CommitmentId> = keys.iter().map(|key| key.0).collect();
        let mut of_each: HashMap<ActsOf, Vec<CommitmentAct>> = HashMap::new();
        for act in commitment::acts(&self.app, &self.ctx, &ids).await? {
            of_each.entry(ActsOf(act.commitment)).or_default().push(act);
        }
        Ok(of_each.into_iter().map(|(key, acts)| (key, Arc::new(acts))).collect())
    }
}

impl Loads<PointOf> for Loader {
    type Value = Arc<AgendaItem>;
    type Error = Error;

    async fn load(&self, keys: &[PointOf]) -> Result<HashMap<PointOf, Arc<AgendaItem>>> {
        let ids: Vec<AgendaItemId> = keys.iter().map(|key| key.0).collect();
        let found = agenda::by_ids(&self.app, &self.ctx, &ids).await?;
        Ok(found.into_iter().map(|item| (PointOf(item.id), Arc::new(item))).collect())
    }
}

impl Loads<FirstPageOf> for Loader {
    type Value = Arc<Page<Commitment>>;
    type Error = Error;

    async fn load(&self, keys: &[FirstPageOf]) -> Result<HashMap<FirstPageOf, Arc<Page<Commitment>>>> {
        let mut alike: HashMap<u16, Vec<MeetingId>> = HashMap::new();
        for FirstPageOf(meeting, limit) in keys {
            alike.entry(*limit).or_default().push(*meeting);
        }
        let mut pages = HashMap::new();
        for (limit, meetings) in alike {
            for (meeting, page) in commitment::first_pages(&self.app, &self.ctx, &meetings, limit).await? {
                pages.insert(FirstPageOf(meeting, limit), Arc::new(page));
            }
        }
        Ok(pages)
    }
}

impl Loads<CountOf> for Loader {
    type Value = u64;
    type Error = Error;

    async fn load(&self, keys: &[CountOf]) -> Result<HashMap<CountOf, u64>> {
        let meetings: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        let found = commitment::counts(&self.app, &self.ctx, &meetings).await?;
        Ok(found.into_iter().map(|(meeting, count)| (CountOf(meeting), count)).collect())
    }
}

impl Loads<FiguresOf> for Loader {
    type Value = measure::Figures;
    type Error = Error;

    async fn load(&self, keys: &[FiguresOf]) -> Result<HashMap<FiguresOf, measure::Figures>> {
        let commitments: Vec<Commitment> = keys.iter().map(|key| (*key.0).clone()).collect();
        let figures = measure::figures(&self.app, &self.ctx, &commitments).await?;
        Ok(keys.iter().cloned().zip(figures).filter_map(|(key, figures)| Some((key, figures?))).collect())
    }
}

impl Loads<SeenEvidence> for Loader {
    type Value = ();
    type Error = Error;

    async fn load(&self, keys: &[SeenEvidence]) -> Result<HashMap<SeenEvidence, ()>> {
        let wanted: Vec<Evidence> = keys.iter().map(|key| key.0.clone()).collect();
        let seen = evidence::seen(&self.app, &self.ctx, &wanted).await?;
        Ok(seen.into_iter().map(|one| (SeenEvidence(one), ())).collect())
    }
}
