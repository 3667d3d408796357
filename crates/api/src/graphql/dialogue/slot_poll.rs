//! Polls about slots, and the queries for them.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, dataloader::Loader as Loads};
use tertulia_app::dialogue::slot_poll::{self, Answers};
use tertulia_domain::{
    Error, Faults, Result,
    dialogue::slot_poll as domain,
    id::{MeetingId, SlotPollId, UserId, read},
    page::PageRequest,
};

use super::{dialogue::Dialogue, meeting::Meeting};
use crate::graphql::{
    Loader, Resolving,
    connection::{Connection, page},
    directory::{Organisation, load},
    scalar::{DateTime, Duration, LocalDateTime, TimeZone},
};

/// What somebody says of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::SlotAnswer")]
pub enum SlotAnswer {
    /// Can come.
    Available,
    /// Can come if no other slot is found.
    IfNeeded,
    /// Cannot come.
    Unavailable,
}

/// How far a poll has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::SlotPollStatus")]
pub enum SlotPollStatus {
    /// Answers are taken until it closes.
    Open,
    /// A candidate was chosen and became the meeting.
    Chosen,
    /// It ended without a choice.
    Closed,
}

impl Loads<SlotPollId> for Loader {
    type Value = Arc<domain::SlotPoll>;
    type Error = Error;

    async fn load(&self, keys: &[SlotPollId]) -> Result<HashMap<SlotPollId, Self::Value>> {
        let found = slot_poll::by_ids(&self.app, &self.ctx, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, Arc::new(one))).collect())
    }
}

/// The open poll about a meeting.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct OpenPollOf(pub(super) MeetingId);

impl Loads<OpenPollOf> for Loader {
    type Value = Arc<domain::SlotPoll>;
    type Error = Error;

    async fn load(&self, keys: &[OpenPollOf]) -> Result<HashMap<OpenPollOf, Self::Value>> {
        let meetings: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        let found = slot_poll::open_of(&self.app, &self.ctx, &meetings).await?;
        Ok(found.into_iter().map(|(meeting, poll)| (OpenPollOf(meeting), Arc::new(poll))).collect())
    }
}

/// The answers to a poll that the caller was shown.
#[derive(Clone)]
struct AnswersOf(Arc<domain::SlotPoll>);

impl PartialEq for AnswersOf {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}
impl Eq for AnswersOf {}
impl std::hash::Hash for AnswersOf {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.id.hash(state);
    }
}

impl Loads<AnswersOf> for Loader {
    type Value = Arc<Answers>;
    type Error = Error;

    async fn load(&self, keys: &[AnswersOf]) -> Result<HashMap<AnswersOf, Self::Value>> {
        let polls: Vec<domain::SlotPoll> = keys.iter().map(|key| (*key.0).clone()).collect();
        let mut found = slot_poll::answers(&self.app, &self.ctx, &polls).await?;
        Ok(keys.iter().filter_map(|key| found.remove(&key.0.id).map(|answers| (key.clone(), Arc::new(answers)))).collect())
    }
}

/// A slot that is asked about, with how many said what.
#[derive(SimpleObject)]
pub(super) struct SlotCandidate {
    /// Its place, from 0: what `slotPollChoose` names.
    position: usize,
    /// What the clocks show when it begins.
    local_start: LocalDateTime,
    /// The zone of those clocks.
    time_zone: TimeZone,
    /// When it begins.
    starts_at: DateTime,
    /// How many can come.
    available: i64,
    /// How many can come if no other slot is found.
    if_needed: i64,
    /// How many cannot come.
    unavailable: i64,
}

/// What one person answered.
pub(super) struct SlotPollAnswer(domain::PollAnswer);

/// What one person answered.
#[Object]
impl SlotPollAnswer {
    /// The organisation for which the person answered.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, Some(self.0.organisation)).await.transpose()
    }

    /// Whether the answer is your own.
    async fn is_own(&self, ctx: &Context<'_>) -> bool {
        let own: Option<UserId> = ctx.caller().actor.user();
        own == Some(self.0.person)
    }

    /// What is said of each candidate, in their order.
    async fn answers(&self) -> Vec<SlotAnswer> {
        self.0.answers.iter().copied().map(SlotAnswer::from).collect()
    }

    /// When.
    async fn answered_at(&self) -> DateTime {
        DateTime(self.0.answered_at)
    }
}

/// A poll about slots as the schema shows it.
pub struct SlotPoll(pub(crate) Arc<domain::SlotPoll>);

impl From<domain::SlotPoll> for SlotPoll {
    fn from(poll: domain::SlotPoll) -> Self {
        Self(Arc::new(poll))
    }
}

/// A poll about the slot of a meeting. Who belongs to an organisation of its dialogue reads it, and who takes part in the meeting.
#[Object]
impl SlotPoll {
    /// The poll's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The dialogue; null if you take part in the meeting and may not read its dialogue.
    async fn dialogue(&self, ctx: &Context<'_>) -> Option<Result<Dialogue>> {
        ctx.loaders().load_one(self.0.dialogue).await.map(|found| found.map(Dialogue)).transpose()
    }

    /// The meeting whose slot is sought, or that came of the choice; null while a further one of the dialogue is sought.
    async fn meeting(&self, ctx: &Context<'_>) -> Option<Result<Meeting>> {
        let id = self.0.meeting?;
        ctx.loaders().load_one(id).await.map(|found| found.map(Meeting::from)).transpose()
    }

    /// How far it has come.
    async fn status(&self) -> SlotPollStatus {
        self.0.status.into()
    }

    /// How long the meeting takes.
    async fn duration(&self) -> Duration {
        self.0.length.into()
    }

    /// Until when answers are taken.
    async fn closes_at(&self) -> DateTime {
        DateTime(self.0.closes_at)
    }

    /// The slots that are asked about, in the order given, with how many said what of each.
    async fn candidates(&self, ctx: &Context<'_>) -> Result<Vec<SlotCandidate>> {
        let answers = self.answered(ctx).await?;
        let one = |(position, candidate): (usize, &domain::Candidate)| {
            let tally = answers.tallies.get(position).copied().unwrap_or_default();
            SlotCandidate {
                position,
                local_start: LocalDateTime(candidate.local_start),
                time_zone: candidate.zone().name().into(),
                starts_at: DateTime(candidate.starts_at()),
                available: tally.available,
                if_needed: tally.if_needed,
                unavailable: tally.unavailable,
            }
        };
        Ok(self.0.candidates.iter().enumerate().map(one).collect())
    }

    /// The answers, oldest first: all of them for the organisers, those of your own organisations for others.
    async fn answers(&self, ctx: &Context<'_>) -> Result<Vec<SlotPollAnswer>> {
        Ok(self.answered(ctx).await?.shown.iter().cloned().map(SlotPollAnswer).collect())
    }

    /// The place of the candidate that was chosen; null until then.
    async fn chosen(&self) -> Option<usize> {
        self.0.chosen
    }

    /// When it was opened.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Its version, for choosing and closing.
    async fn version(&self) -> i64 {
        self.0.version
    }
}

impl SlotPoll {
    async fn answered(&self, ctx: &Context<'_>) -> Result<Arc<Answers>> {
        Ok(ctx.loaders().load_one(AnswersOf(Arc::clone(&self.0))).await?.unwrap_or_default())
    }
}

/// What to narrow a list of polls to. What is left out does not narrow.
#[derive(InputObject, Default)]
pub(super) struct SlotPollFilter {
    /// Of this dialogue.
    dialogue_id: Option<ID>,
    /// About this meeting.
    meeting_id: Option<ID>,
    /// With one of these statuses.
    statuses: Option<Vec<SlotPollStatus>>,
}

impl SlotPollFilter {
    fn check(self) -> Result<domain::SlotPollFilter> {
        let mut faults = Faults::default();
        let dialogue = self.dialogue_id.map(|raw| faults.check("filter.dialogueId", read(&raw)));
        let meeting = self.meeting_id.map(|raw| faults.check("filter.meetingId", read(&raw)));
        faults.finish()?;
        let statuses = self.statuses.unwrap_or_default().into_iter().map(Into::into).collect();
        Ok(domain::SlotPollFilter { dialogue: dialogue.flatten(), meeting: meeting.flatten(), statuses })
    }
}

/// Queries for polls.
#[derive(Default)]
pub(super) struct SlotPollQuery;

#[Object]
impl SlotPollQuery {
    /// A poll about slots, by id; null if there is none that you may read.
    /// Who: anyone signed in (about oneself), COORDINATOR, ELECTORAL_BODY_OFFICER (of either party),
    /// ELECTORAL_BODY_ADMINISTRATOR (of either party), PLATFORM_REPRESENTATIVE (of either party), PLATFORM_ADMINISTRATOR (of
    /// either party), EXPERT (of either party).
    async fn slot_poll(&self, ctx: &Context<'_>, #[graphql(desc = "The poll's id.")] id: ID) -> Option<Result<SlotPoll>> {
        slot_poll::get(ctx.app(), ctx.caller(), &id).await.map(|found| found.map(SlotPoll::from)).transpose()
    }

    /// The polls about slots that you may read, a page at a time, the newest first.
    /// Who: anyone signed in (about oneself), COORDINATOR, ELECTORAL_BODY_OFFICER (of either party),
    /// ELECTORAL_BODY_ADMINISTRATOR (of either party), PLATFORM_REPRESENTATIVE (of either party), PLATFORM_ADMINISTRATOR (of
    /// either party), EXPERT (of either party).
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments and a filter")]
    async fn slot_polls(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to narrow the list to.")] filter: Option<SlotPollFilter>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<SlotPoll>>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(list(ctx, filter.unwrap_or_default().check(), request).await)
    }
}

async fn list(ctx: &Context<'_>, filter: Result<domain::SlotPollFilter>, request: Result<PageRequest>) -> Result<Connection<SlotPoll>> {
    let (filter, request) = (filter?, request?);
    let found = slot_poll::list(ctx.app(), ctx.caller(), &filter, &request).await?;
    let (app, caller) = ctx.shared();
    let count = move || {
        let (app, caller, filter) = (Arc::clone(&app), Arc::clone(&caller), filter.clone());
        async move { slot_poll::count(&app, &caller, &filter).await }
    };
    Ok(Connection::new(found.map(SlotPoll::from), count))
}
