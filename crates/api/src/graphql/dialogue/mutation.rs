//! Mutations of dialogues and meetings.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Object, SimpleObject};
use tertulia_app::dialogue::{dialogue, meeting};
use tertulia_domain::Result;

use super::{
    dialogue::Dialogue,
    input::{DialogueCreateInput, DialogueMembersSetInput, MeetingCancelInput, MeetingPostponeInput, MeetingRescheduleInput},
    meeting::Meeting,
    readiness::{self, ReadinessItem},
};
use crate::graphql::{
    Resolving,
    payload::{UserError, payload},
};

/// What creating a dialogue answered.
#[derive(SimpleObject)]
pub(super) struct DialogueCreatePayload {
    /// The dialogue; null if it was refused.
    dialogue: Option<Dialogue>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What setting members answered.
#[derive(SimpleObject)]
pub(super) struct DialogueMembersSetPayload {
    /// The dialogue as it is now; null if the act was refused.
    dialogue: Option<Dialogue>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What moving a meeting answered.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(super) struct MeetingReschedulePayload {
    /// The meeting as it is now; null if the act was refused.
    meeting: Option<Meeting>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

#[ComplexObject]
impl MeetingReschedulePayload {
    /// What stands against the new date, for its organisers: languages that are needed by who comes and not given, and elections. It
    /// holds nothing up. Empty if the act was refused.
    async fn warnings(&self, ctx: &Context<'_>) -> Result<Vec<ReadinessItem>> {
        readiness::of_date(ctx, self.meeting.as_ref()).await
    }
}

/// What putting a meeting off answered.
#[derive(SimpleObject)]
pub(super) struct MeetingPostponePayload {
    /// The meeting as it is now; null if the act was refused.
    meeting: Option<Meeting>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What cancelling a meeting answered.
#[derive(SimpleObject)]
pub(super) struct MeetingCancelPayload {
    /// The meeting as it is now; null if the act was refused.
    meeting: Option<Meeting>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// Mutations of dialogues and meetings.
#[derive(Default)]
pub(super) struct DialogueMutation;

#[Object]
impl DialogueMutation {
    /// Creates a dialogue and lays out its meetings some 400 days ahead. Electoral bodies and platforms create bilateral
    /// dialogues that they convene; the coordinator creates any.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn dialogue_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The dialogue.")] input: DialogueCreateInput,
    ) -> Option<Result<DialogueCreatePayload>> {
        let key = input.idempotency_key.clone();
        let created = dialogue::create(ctx.app(), ctx.caller(), input.draft(), key.as_deref()).await;
        payload(created, |one, user_errors| DialogueCreatePayload { dialogue: one.map(|one| Dialogue(Arc::new(one))), user_errors })
    }

    /// Sets which organisations take part in a dialogue besides its conveners: they read it and have its join link from now
    /// on, and who is left out has it no longer. For bilateral dialogues their conveners may do it too.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn dialogue_members_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The dialogue and its new members.")] input: DialogueMembersSetInput,
    ) -> Option<Result<DialogueMembersSetPayload>> {
        let key = input.idempotency_key.clone();
        let changed = dialogue::set_members(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(changed, |one, user_errors| DialogueMembersSetPayload { dialogue: one.map(|one| Dialogue(Arc::new(one))), user_errors })
    }

    /// Moves a meeting of a dialogue, or its series from it on. Ids stay, and calendars that subscribe to the dialogue follow. For bilateral
    /// dialogues their conveners may do it too.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn meeting_reschedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The meeting and its new slot.")] input: MeetingRescheduleInput,
    ) -> Option<Result<MeetingReschedulePayload>> {
        let key = input.idempotency_key.clone();
        let moved = meeting::reschedule(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(moved, |one, user_errors| MeetingReschedulePayload { meeting: one.map(Meeting::from), user_errors })
    }

    /// Puts a meeting of a dialogue off until a date for it is found: `meetingReschedule` or a poll gives it one. Until then its
    /// `startsAt` is the date that it had, and calendars show it as cancelled. It stays so when its dialogue is paused and goes on.
    /// For bilateral dialogues their conveners may do it too.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn meeting_postpone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The meeting.")] input: MeetingPostponeInput,
    ) -> Option<Result<MeetingPostponePayload>> {
        let key = input.idempotency_key.clone();
        let postponed = meeting::postpone(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(postponed, |one, user_errors| MeetingPostponePayload { meeting: one.map(Meeting::from), user_errors })
    }

    /// Calls a meeting of a dialogue off, or its series from it on. It stays readable as cancelled, in calendars too. For bilateral dialogues their
    /// conveners may do it too.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn meeting_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The meeting.")] input: MeetingCancelInput,
    ) -> Option<Result<MeetingCancelPayload>> {
        let key = input.idempotency_key.clone();
        let cancelled = meeting::cancel(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(cancelled, |one, user_errors| MeetingCancelPayload { meeting: one.map(Meeting::from), user_errors })
    }
}
