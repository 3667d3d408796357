//! What meetings and participations need of one another, in one statement for everything that a level asks for.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader as Loads;
use tertulia_app::dialogue::participation;
use tertulia_domain::{
    Error,
    dialogue::{Participation, ParticipationFilter, Seats},
    id::{MeetingId, ParticipationId},
    page::Page,
    text::LanguageTag,
};

use crate::graphql::Loader;

/// How many take part in a meeting, by status, role and mode.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SeatsOf(pub(super) MeetingId);

/// Whether the caller himself takes part in a meeting.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TakesPart(pub(super) MeetingId);

/// Whether it is told of a meeting as what others take part.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TellsRoles(pub(super) MeetingId);

/// The languages that each of those who come to a meeting needs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NeedsOf(pub(super) MeetingId);

/// The caller's own participation in a meeting.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct OwnIn(pub(super) MeetingId);

/// The place in the queue of a meeting.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PlaceOf(pub(super) MeetingId, pub(super) ParticipationId);

/// The first page of a meeting's participants under a filter.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct FirstOf(pub(super) MeetingId, pub(super) ParticipationFilter, pub(super) u16);

/// How many participants of a meeting the caller sees under a filter.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct CountOf(pub(super) MeetingId, pub(super) ParticipationFilter);

/// That the caller is told what a person needs: it is there once that is noted.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AccessNeedsOf(pub(super) ParticipationId);

impl Loads<AccessNeedsOf> for Loader {
    type Value = ();
    type Error = Error;

    async fn load(&self, keys: &[AccessNeedsOf]) -> Result<HashMap<AccessNeedsOf, ()>, Error> {
        let ids: Vec<ParticipationId> = keys.iter().map(|key| key.0).collect();
        participation::note_needs_read(&self.app, &self.ctx, &ids).await?;
        Ok(keys.iter().map(|key| (*key, ())).collect())
    }
}

impl Loads<ParticipationId> for Loader {
    type Value = Arc<Participation>;
    type Error = Error;

    async fn load(&self, keys: &[ParticipationId]) -> Result<HashMap<ParticipationId, Arc<Participation>>, Error> {
        let found = participation::by_ids(&self.app, &self.ctx, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, Arc::new(one))).collect())
    }
}

impl Loads<SeatsOf> for Loader {
    type Value = Seats;
    type Error = Error;

    async fn load(&self, keys: &[SeatsOf]) -> Result<HashMap<SeatsOf, Seats>, Error> {
        let ids: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        let found = participation::seats(&self.app, &self.ctx, &ids).await?;
        Ok(found.into_iter().map(|(id, seats)| (SeatsOf(id), seats)).collect())
    }
}

impl Loads<TakesPart> for Loader {
    type Value = ();
    type Error = Error;

    async fn load(&self, keys: &[TakesPart]) -> Result<HashMap<TakesPart, ()>, Error> {
        let ids: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        Ok(participation::takes_part(&self.app, &self.ctx, &ids).await?.into_iter().map(|id| (TakesPart(id), ())).collect())
    }
}

impl Loads<TellsRoles> for Loader {
    type Value = ();
    type Error = Error;

    async fn load(&self, keys: &[TellsRoles]) -> Result<HashMap<TellsRoles, ()>, Error> {
        let ids: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        Ok(participation::telling_roles(&self.app, &self.ctx, &ids).await?.into_iter().map(|id| (TellsRoles(id), ())).collect())
    }
}

impl Loads<NeedsOf> for Loader {
    type Value = Vec<Vec<LanguageTag>>;
    type Error = Error;

    async fn load(&self, keys: &[NeedsOf]) -> Result<HashMap<NeedsOf, Vec<Vec<LanguageTag>>>, Error> {
        let ids: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        Ok(participation::gaps(&self.app, &self.ctx, &ids).await?.into_iter().map(|(id, needs)| (NeedsOf(id), needs)).collect())
    }
}

impl Loads<OwnIn> for Loader {
    type Value = Arc<Participation>;
    type Error = Error;

    async fn load(&self, keys: &[OwnIn]) -> Result<HashMap<OwnIn, Arc<Participation>>, Error> {
        let ids: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        Ok(participation::own(&self.app, &self.ctx, &ids).await?.into_iter().map(|(id, one)| (OwnIn(id), Arc::new(one))).collect())
    }
}

impl Loads<PlaceOf> for Loader {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[PlaceOf]) -> Result<HashMap<PlaceOf, i64>, Error> {
        let mut ids: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let places: HashMap<ParticipationId, i64> = participation::places(&self.app, &self.ctx, &ids).await?.into_iter().collect();
        Ok(keys.iter().filter_map(|key| Some((*key, *places.get(&key.1)?))).collect())
    }
}

impl Loads<FirstOf> for Loader {
    type Value = Arc<Page<Participation>>;
    type Error = Error;

    async fn load(&self, keys: &[FirstOf]) -> Result<HashMap<FirstOf, Arc<Page<Participation>>>, Error> {
        let mut alike: HashMap<(&ParticipationFilter, u16), Vec<MeetingId>> = HashMap::new();
        for FirstOf(meeting, filter, limit) in keys {
            alike.entry((filter, *limit)).or_default().push(*meeting);
        }
        let mut pages = HashMap::new();
        for ((filter, limit), meetings) in alike {
            for (meeting, page) in participation::first_pages(&self.app, &self.ctx, filter, &meetings, limit).await? {
                pages.insert(FirstOf(meeting, filter.clone(), limit), Arc::new(page));
            }
        }
        Ok(pages)
    }
}

impl Loads<CountOf> for Loader {
    type Value = u64;
    type Error = Error;

    async fn load(&self, keys: &[CountOf]) -> Result<HashMap<CountOf, u64>, Error> {
        let mut alike: HashMap<&ParticipationFilter, Vec<MeetingId>> = HashMap::new();
        for CountOf(meeting, filter) in keys {
            alike.entry(filter).or_default().push(*meeting);
        }
        let mut counts = HashMap::new();
        for (filter, meetings) in alike {
            for (meeting, count) in participation::counts(&self.app, &self.ctx, filter, &meetings).await? {
                counts.insert(CountOf(meeting, filter.clone()), count);
            }
        }
        Ok(counts)
    }
}
