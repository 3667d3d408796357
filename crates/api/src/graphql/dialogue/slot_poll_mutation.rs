//! Mutations of polls about slots.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use tertulia_app::dialogue::slot_poll::{self, Answer, Decide, Open};
use tertulia_domain::{Result, dialogue::slot_poll::CandidateDraft};

use super::{
    meeting::Meeting,
    readiness::{self, ReadinessItem},
    recurrence::local_text,
    slot_poll::{SlotAnswer, SlotPoll},
};
use crate::graphql::{
    Resolving,
    payload::{UserError, payload},
    scalar::{DateTime, Duration, LocalDateTime, TimeZone},
};

/// A slot to be asked about.
#[derive(InputObject)]
pub(super) struct SlotCandidateInput {
    /// The wall time at which it begins. It must lie after the deadline.
    local_start: LocalDateTime,
    /// The zone of that wall time.
    time_zone: TimeZone,
}

/// A poll to be opened, about a meeting or about a further one of a dialogue.
#[derive(InputObject)]
pub(super) struct SlotPollOpenInput {
    /// The meeting whose slot is sought. It must lie ahead, and no other poll may be open about it.
    meeting_id: Option<ID>,
    /// The dialogue, if a meeting besides those of its rule is sought.
    dialogue_id: Option<ID>,
    /// The slots to be asked about, 2 to 20, each once.
    candidates: Vec<SlotCandidateInput>,
    /// How long the meeting takes; without it as long as it takes now, or as the dialogue's meetings do.
    duration: Option<Duration>,
    /// Until when answers are taken.
    closes_at: DateTime,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers with the poll opened before.
    idempotency_key: Option<String>,
}

impl SlotPollOpenInput {
    fn command(self) -> Open {
        let draft = |one: SlotCandidateInput| CandidateDraft { local_start: local_text(&one.local_start), time_zone: one.time_zone.0 };
        Open {
            meeting_id: self.meeting_id.map(|id| id.0),
            dialogue_id: self.dialogue_id.map(|id| id.0),
            candidates: self.candidates.into_iter().map(draft).collect(),
            duration: self.duration.map(|one| one.0),
            closes_at: self.closes_at.0,
        }
    }
}

/// What you say of the candidates of a poll.
#[derive(InputObject)]
pub(super) struct SlotPollAnswerInput {
    /// The poll.
    poll_id: ID,
    /// What you say of each candidate, in their order.
    answers: Vec<SlotAnswer>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

/// A candidate to be chosen.
#[derive(InputObject)]
pub(super) struct SlotPollChooseInput {
    /// The poll.
    poll_id: ID,
    /// The place of the candidate, from 0.
    candidate: i32,
    /// The version of the poll that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

/// A poll to be ended without a choice.
#[derive(InputObject)]
pub(super) struct SlotPollCloseInput {
    /// The poll.
    poll_id: ID,
    /// The version of the poll that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

/// What opening a poll answered.
#[derive(SimpleObject)]
pub(super) struct SlotPollOpenPayload {
    /// The poll; null if it was refused.
    slot_poll: Option<SlotPoll>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What answering to a poll answered.
#[derive(SimpleObject)]
pub(super) struct SlotPollAnswerPayload {
    /// The poll with your answer; null if it was refused.
    slot_poll: Option<SlotPoll>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What choosing answered.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(super) struct SlotPollChoosePayload {
    /// The poll as it is now; null if the act was refused.
    slot_poll: Option<SlotPoll>,
    /// The meeting that has the slot now; null if the act was refused.
    meeting: Option<Meeting>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

#[ComplexObject]
impl SlotPollChoosePayload {
    /// What stands against the new date, for its organisers: languages that are needed by who comes and not given, and elections. It
    /// holds nothing up. Empty if the act was refused.
    async fn warnings(&self, ctx: &Context<'_>) -> Result<Vec<ReadinessItem>> {
        readiness::of_date(ctx, self.meeting.as_ref()).await
    }
}

/// What ending a poll answered.
#[derive(SimpleObject)]
pub(super) struct SlotPollClosePayload {
    /// The poll as it is now; null if the act was refused.
    slot_poll: Option<SlotPoll>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// Mutations of polls.
#[derive(Default)]
pub(super) struct SlotPollMutation;

#[Object]
impl SlotPollMutation {
    /// Asks about slots for a meeting, which is POLLING until the poll is decided, or for a further meeting of a dialogue.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of a convener), ELECTORAL_BODY_ADMINISTRATOR (of a convener),
    /// PLATFORM_REPRESENTATIVE (of a convener), PLATFORM_ADMINISTRATOR (of a convener), EXPERT (of a convener).
    async fn slot_poll_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked about, and until when.")] input: SlotPollOpenInput,
    ) -> Option<Result<SlotPollOpenPayload>> {
        let key = input.idempotency_key.clone();
        let opened = slot_poll::open(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(opened, |one, user_errors| SlotPollOpenPayload { slot_poll: one.map(SlotPoll::from), user_errors })
    }

    /// Says of each candidate whether you can come, in place of what you said before, until the deadline. For members of the
    /// dialogue's organisations, and who takes part in the meeting.
    /// Who: anyone signed in (about oneself), COORDINATOR (of either party), ELECTORAL_BODY_OFFICER (of either party),
    /// ELECTORAL_BODY_ADMINISTRATOR (of either party), PLATFORM_REPRESENTATIVE (of either party), PLATFORM_ADMINISTRATOR (of
    /// either party), EXPERT (of either party).
    async fn slot_poll_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The poll and what you say.")] input: SlotPollAnswerInput,
    ) -> Option<Result<SlotPollAnswerPayload>> {
        let key = input.idempotency_key;
        let answer = Answer { poll_id: input.poll_id.0, answers: input.answers.into_iter().map(Into::into).collect() };
        let answered = slot_poll::answer(ctx.app(), ctx.caller(), &answer, key.as_deref()).await;
        payload(answered, |one, user_errors| SlotPollAnswerPayload { slot_poll: one.map(SlotPoll::from), user_errors })
    }

    /// Makes a candidate the slot of the meeting, which is SCHEDULED then, or a further meeting of the dialogue. The deadline need not
    /// have passed.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of a convener), ELECTORAL_BODY_ADMINISTRATOR (of a convener),
    /// PLATFORM_REPRESENTATIVE (of a convener), PLATFORM_ADMINISTRATOR (of a convener), EXPERT (of a convener).
    async fn slot_poll_choose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The poll and the candidate.")] input: SlotPollChooseInput,
    ) -> Option<Result<SlotPollChoosePayload>> {
        let decide = Decide { poll_id: input.poll_id.0, candidate: Some(input.candidate), version: input.version };
        let chosen = slot_poll::choose(ctx.app(), ctx.caller(), &decide, input.idempotency_key.as_deref()).await;
        payload(chosen, |one, user_errors| {
            let (poll, meeting) = one.unzip();
            SlotPollChoosePayload { slot_poll: poll.map(SlotPoll::from), meeting: meeting.flatten().map(Meeting::from), user_errors }
        })
    }

    /// Ends a poll without a choice. The meeting gets back the status that it had before.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of a convener), ELECTORAL_BODY_ADMINISTRATOR (of a convener),
    /// PLATFORM_REPRESENTATIVE (of a convener), PLATFORM_ADMINISTRATOR (of a convener), EXPERT (of a convener).
    async fn slot_poll_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The poll.")] input: SlotPollCloseInput,
    ) -> Option<Result<SlotPollClosePayload>> {
        let decide = Decide { poll_id: input.poll_id.0, candidate: None, version: input.version };
        let closed = slot_poll::close(ctx.app(), ctx.caller(), &decide, input.idempotency_key.as_deref()).await;
        payload(closed, |one, user_errors| SlotPollClosePayload { slot_poll: one.map(SlotPoll::from), user_errors })
    }
}
