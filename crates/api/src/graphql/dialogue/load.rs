//! What dialogues and meetings need of one another, in one statement for everything that a level asks for.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader as Loads;
use tertulia_app::{
    App, Ctx,
    dialogue::{agenda, dialogue, meeting},
};
use tertulia_domain::{
    Error,
    dialogue::{AgendaItem, Dialogue, Meeting, MeetingFilter},
    id::{DialogueId, MeetingId},
    page::Page,
};

use crate::graphql::Loader;

/// The agenda of a meeting.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AgendaOf(pub(super) MeetingId);

/// The next meeting of a dialogue.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NextOf(pub(super) DialogueId);

/// How many meetings a dialogue has under a filter.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct CountOf(pub(super) DialogueId, pub(super) MeetingFilter);

/// The first page of a dialogue's meetings under a filter.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct FirstPageOf {
    pub(super) dialogue: DialogueId,
    pub(super) wanted: Wanted,
}

/// What dialogues of one level ask for alike.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Wanted {
    pub(super) filter: MeetingFilter,
    pub(super) descending: bool,
    pub(super) limit: u16,
}

impl Loads<DialogueId> for Loader {
    type Value = Arc<Dialogue>;
    type Error = Error;

    async fn load(&self, keys: &[DialogueId]) -> Result<HashMap<DialogueId, Arc<Dialogue>>, Error> {
        let found = dialogue::by_ids(&self.app, &self.ctx, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, Arc::new(one))).collect())
    }
}

impl Loads<MeetingId> for Loader {
    type Value = Arc<Meeting>;
    type Error = Error;

    async fn load(&self, keys: &[MeetingId]) -> Result<HashMap<MeetingId, Arc<Meeting>>, Error> {
        let found = meeting::by_ids(&self.app, &self.ctx, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, Arc::new(one))).collect())
    }
}

impl Loads<AgendaOf> for Loader {
    type Value = Arc<Vec<AgendaItem>>;
    type Error = Error;

    async fn load(&self, keys: &[AgendaOf]) -> Result<HashMap<AgendaOf, Arc<Vec<AgendaItem>>>, Error> {
        let ids: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        let agendas = agendas(&self.app, &self.ctx, &ids).await?;
        Ok(agendas.into_iter().map(|(meeting, agenda)| (AgendaOf(meeting), Arc::new(agenda))).collect())
    }
}

/// The agendas of meetings, by meeting.
pub(super) async fn agendas(app: &App, ctx: &Ctx, ids: &[MeetingId]) -> Result<HashMap<MeetingId, Vec<AgendaItem>>, Error> {
    let mut agendas: HashMap<MeetingId, Vec<AgendaItem>> = HashMap::new();
    for item in agenda::by_meetings(app, ctx, ids).await? {
        agendas.entry(item.meeting).or_default().push(item);
    }
    Ok(agendas)
}

impl Loads<NextOf> for Loader {
    type Value = Arc<Meeting>;
    type Error = Error;

    async fn load(&self, keys: &[NextOf]) -> Result<HashMap<NextOf, Arc<Meeting>>, Error> {
        let ids: Vec<DialogueId> = keys.iter().map(|key| key.0).collect();
        let found = meeting::next_of(&self.app, &self.ctx, &ids).await?;
        Ok(found.into_iter().map(|one| (NextOf(one.dialogue), Arc::new(one))).collect())
    }
}

impl Loads<FirstPageOf> for Loader {
    type Value = Arc<Page<Meeting>>;
    type Error = Error;

    async fn load(&self, keys: &[FirstPageOf]) -> Result<HashMap<FirstPageOf, Arc<Page<Meeting>>>, Error> {
        let mut alike: HashMap<&Wanted, Vec<DialogueId>> = HashMap::new();
        for key in keys {
            alike.entry(&key.wanted).or_default().push(key.dialogue);
        }
        let mut pages = HashMap::new();
        for (wanted, dialogues) in alike {
            let filter = MeetingFilter { dialogues, ..wanted.filter.clone() };
            for (dialogue, page) in meeting::first_pages(&self.app, &self.ctx, &filter, wanted.descending, wanted.limit).await? {
                pages.insert(FirstPageOf { dialogue, wanted: wanted.clone() }, Arc::new(page));
            }
        }
        Ok(pages)
    }
}

impl Loads<CountOf> for Loader {
    type Value = u64;
    type Error = Error;

    async fn load(&self, keys: &[CountOf]) -> Result<HashMap<CountOf, u64>, Error> {
        let mut alike: HashMap<&MeetingFilter, Vec<DialogueId>> = HashMap::new();
        for CountOf(dialogue, filter) in keys {
            alike.entry(filter).or_default().push(*dialogue);
        }
        let mut counts = HashMap::new();
        for (filter, dialogues) in alike {
            let wanted = MeetingFilter { dialogues, ..filter.clone() };
            for (dialogue, count) in meeting::counts(&self.app, &self.ctx, &wanted).await? {
                counts.insert(CountOf(dialogue, filter.clone()), count);
            }
        }
        Ok(counts)
    }
}
