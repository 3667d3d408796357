//! Mutations of who takes part in meetings.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use tertulia_app::dialogue::{interpretation, participation};
use tertulia_domain::{Result, dialogue as domain};

use super::{
    input::{
        AttendanceRecordInput, InterpretationConfirmInput, InterpretationOfferInput, InvitationRespondInput, MeetingCapacitySetInput,
        MeetingInviteInput, MeetingRegisterInput, MeetingRegistrationSetInput, RegistrationDecideInput, RegistrationWithdrawInput,
    },
    object::Participation,
    words::MeetingInviteCode,
};
use crate::graphql::{
    Resolving,
    dialogue::{
        Meeting,
        election_window::{self, Certainty, ElectionConflict},
    },
    directory::{Organisation, load},
    payload::{UserError, payload},
};

/// What became of one invitation.
pub(super) struct MeetingInviteResult(participation::Invited, Arc<domain::Meeting>);

/// What became of one invitation.
#[Object]
impl MeetingInviteResult {
    /// The organisation; null if there is none of that id.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.0.organisation).await.transpose()
    }

    /// The participation; null if it could not be made.
    async fn participation(&self) -> Option<Participation> {
        self.0.participation.clone().map(Participation::from)
    }

    /// What became of it.
    async fn code(&self) -> MeetingInviteCode {
        self.0.code.into()
    }

    /// The elections of the organisation's country into whose days the meeting falls. They hold no invitation up.
    async fn election_conflicts(&self, ctx: &Context<'_>) -> Result<Vec<ElectionConflict>> {
        self.elections(ctx, Certainty::Certain).await
    }

    /// Those into whose days it may fall: their polling day is known to its month or year only, or they were put off.
    async fn election_warnings(&self, ctx: &Context<'_>) -> Result<Vec<ElectionConflict>> {
        self.elections(ctx, Certainty::Possible).await
    }
}

impl MeetingInviteResult {
    async fn elections(&self, ctx: &Context<'_>, certainty: Certainty) -> Result<Vec<ElectionConflict>> {
        let organisation = load::organisation(ctx, self.0.organisation.filter(|_| self.0.participation.is_some())).await?;
        let Some(country) = organisation.and_then(|one| one.country_code()) else { return Ok(Vec::new()) };
        let mut found = election_window::of_meeting(ctx, &self.1, certainty, (None, None)).await?;
        found.retain(|one| one.0.country == country);
        Ok(found)
    }
}

/// What inviting answered.
#[derive(SimpleObject)]
pub(super) struct MeetingInvitePayload {
    /// What became of each invitation, in the order of the input; null if the whole was refused.
    results: Option<Vec<MeetingInviteResult>>,
    /// The meeting; null if the whole was refused.
    meeting: Option<Meeting>,
    /// Why the whole was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What answering answered.
#[derive(SimpleObject)]
pub(super) struct InvitationRespondPayload {
    /// The participation as it is now; null if the act was refused.
    participation: Option<Participation>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What registering answered.
#[derive(SimpleObject)]
pub(super) struct MeetingRegisterPayload {
    /// The participation as it is now; null if the act was refused.
    participation: Option<Participation>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What deciding answered.
#[derive(SimpleObject)]
pub(super) struct RegistrationDecidePayload {
    /// The participation as it is now; null if the act was refused.
    participation: Option<Participation>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What withdrawing answered.
#[derive(SimpleObject)]
pub(super) struct RegistrationWithdrawPayload {
    /// The participation as it is now; null if the act was refused.
    participation: Option<Participation>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What setting the seats answered.
#[derive(SimpleObject)]
pub(super) struct MeetingCapacitySetPayload {
    /// The meeting as it is now; null if the act was refused.
    meeting: Option<Meeting>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What setting the registration answered.
#[derive(SimpleObject)]
pub(super) struct MeetingRegistrationSetPayload {
    /// The meeting as it is now; null if the act was refused.
    meeting: Option<Meeting>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What recording who came answered.
#[derive(SimpleObject)]
pub(super) struct AttendanceRecordPayload {
    /// The meeting as it is now; null if the act was refused.
    meeting: Option<Meeting>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What offering a language answered.
#[derive(SimpleObject)]
pub(super) struct InterpretationOfferPayload {
    /// The meeting as it is now; null if the act was refused.
    meeting: Option<Meeting>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What confirming a language answered.
#[derive(SimpleObject)]
pub(super) struct InterpretationConfirmPayload {
    /// The meeting as it is now; null if the act was refused.
    meeting: Option<Meeting>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// Mutations of who takes part in meetings.
#[derive(Default)]
pub(in crate::graphql::dialogue) struct ParticipationMutation;

#[Object]
impl ParticipationMutation {
    /// Invites organisations and persons to a meeting, each with a result of its own: one that cannot be invited does not hold up
    /// the others, and who was invited before or takes part stays as he is. The person is written to, with an entry for his calendar;
    /// for an organisation that has not named one, its people are asked who comes.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of a convener), ELECTORAL_BODY_ADMINISTRATOR (of a convener),
    /// PLATFORM_REPRESENTATIVE (of a convener), PLATFORM_ADMINISTRATOR (of a convener), EXPERT (of a convener).
    async fn meeting_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is invited.")] input: MeetingInviteInput,
    ) -> Option<Result<MeetingInvitePayload>> {
        let key = input.idempotency_key.clone();
        let invited = participation::invite(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(invited, |done, user_errors| {
            let Some((meeting, all)) = done else { return MeetingInvitePayload { results: None, meeting: None, user_errors } };
            let meeting = Meeting::from(meeting);
            let results = all.into_iter().map(|one| MeetingInviteResult(one, Arc::clone(&meeting.0))).collect();
            MeetingInvitePayload { results: Some(results), meeting: Some(meeting), user_errors }
        })
    }

    /// Answers an invitation to a meeting, or an offered seat. Who accepts where no seat is free waits for one, with a place in the
    /// queue. An administrator answers for the people of his organisation, an organiser for anyone; `actedBy` then says so.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (about oneself, or of a convener), ELECTORAL_BODY_ADMINISTRATOR (of the same
    /// organisation, or of a convener), PLATFORM_REPRESENTATIVE (about oneself, or of a convener), PLATFORM_ADMINISTRATOR (of the
    /// same organisation, or of a convener), EXPERT (about oneself, or of a convener).
    async fn invitation_respond(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] input: InvitationRespondInput,
    ) -> Option<Result<InvitationRespondPayload>> {
        let key = input.idempotency_key.clone();
        let done = participation::respond(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| InvitationRespondPayload { participation: one.map(Participation::from), user_errors })
    }

    /// Registers for a meeting. In the mode OPEN one has a seat at once, or waits for one; in the mode APPROVAL the organisers
    /// decide; in the mode INVITATION it accepts one's invitation. The organisers learn the name; who else does is for `listed` to
    /// say. An administrator registers people of his organisation, an organiser anyone at any time.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (about oneself, or of a convener), ELECTORAL_BODY_ADMINISTRATOR (of the same
    /// organisation, or of a convener), PLATFORM_REPRESENTATIVE (about oneself, or of a convener), PLATFORM_ADMINISTRATOR (of the
    /// same organisation, or of a convener), EXPERT (about oneself, or of a convener).
    async fn meeting_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and how.")] input: MeetingRegisterInput,
    ) -> Option<Result<MeetingRegisterPayload>> {
        let key = input.idempotency_key.clone();
        let done = participation::register(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| MeetingRegisterPayload { participation: one.map(Participation::from), user_errors })
    }

    /// Admits who asked to come to a meeting, to a seat or to the queue for one, or does not. The person is told by mail, with an
    /// entry for his calendar if he has a seat.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of a convener), ELECTORAL_BODY_ADMINISTRATOR (of a convener),
    /// PLATFORM_REPRESENTATIVE (of a convener), PLATFORM_ADMINISTRATOR (of a convener), EXPERT (of a convener).
    async fn registration_decide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] input: RegistrationDecideInput,
    ) -> Option<Result<RegistrationDecidePayload>> {
        let key = input.idempotency_key.clone();
        let done = participation::decide(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| RegistrationDecidePayload { participation: one.map(Participation::from), user_errors })
    }

    /// Takes a participation back, whatever its status before the meeting. Its seat is offered to who waits longest, who is told by
    /// mail until when; from the calendar of a guest the entry is taken out.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (about oneself, or of a convener), ELECTORAL_BODY_ADMINISTRATOR (of the same
    /// organisation, or of a convener), PLATFORM_REPRESENTATIVE (about oneself, or of a convener), PLATFORM_ADMINISTRATOR (of the
    /// same organisation, or of a convener), EXPERT (about oneself, or of a convener).
    async fn registration_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which participation.")] input: RegistrationWithdrawInput,
    ) -> Option<Result<RegistrationWithdrawPayload>> {
        let key = input.idempotency_key.clone();
        let done = participation::withdraw(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| RegistrationWithdrawPayload { participation: one.map(Participation::from), user_errors })
    }

    /// Sets how many seats a meeting has in the room and online, and for whom some are kept. Refused below the number taken, which
    /// the message names. New seats are offered to who waits longest.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of a convener), ELECTORAL_BODY_ADMINISTRATOR (of a convener),
    /// PLATFORM_REPRESENTATIVE (of a convener), PLATFORM_ADMINISTRATOR (of a convener), EXPERT (of a convener).
    async fn meeting_capacity_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The seats.")] input: MeetingCapacitySetInput,
    ) -> Option<Result<MeetingCapacitySetPayload>> {
        let key = input.idempotency_key.clone();
        let done = participation::set_capacity(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| MeetingCapacitySetPayload { meeting: one.map(Meeting::from), user_errors })
    }

    /// Sets who can register for a meeting and when, and who sees the list of its participants.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of a convener), ELECTORAL_BODY_ADMINISTRATOR (of a convener),
    /// PLATFORM_REPRESENTATIVE (of a convener), PLATFORM_ADMINISTRATOR (of a convener), EXPERT (of a convener).
    async fn meeting_registration_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The registration.")] input: MeetingRegistrationSetInput,
    ) -> Option<Result<MeetingRegistrationSetPayload>> {
        let key = input.idempotency_key.clone();
        let done = participation::set_registration(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| MeetingRegistrationSetPayload { meeting: one.map(Meeting::from), user_errors })
    }

    /// Records who came to a meeting, once it has begun. Recorded again, the last word counts.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of a convener), ELECTORAL_BODY_ADMINISTRATOR (of a convener),
    /// PLATFORM_REPRESENTATIVE (of a convener), PLATFORM_ADMINISTRATOR (of a convener), EXPERT (of a convener).
    async fn attendance_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who came.")] input: AttendanceRecordInput,
    ) -> Option<Result<AttendanceRecordPayload>> {
        let key = input.idempotency_key.clone();
        let done = participation::record(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| AttendanceRecordPayload { meeting: one.map(Meeting::from), user_errors })
    }

    /// Notes a language into which a meeting could be interpreted, not confirmed yet.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of a convener), ELECTORAL_BODY_ADMINISTRATOR (of a convener),
    /// PLATFORM_REPRESENTATIVE (of a convener), PLATFORM_ADMINISTRATOR (of a convener), EXPERT (of a convener).
    async fn interpretation_offer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language.")] input: InterpretationOfferInput,
    ) -> Option<Result<InterpretationOfferPayload>> {
        let key = input.idempotency_key.clone();
        let done = interpretation::offer(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| InterpretationOfferPayload { meeting: one.map(Meeting::from), user_errors })
    }

    /// Confirms that somebody is engaged to interpret a meeting into an offered language, or that nobody is any more.
    /// `interpretationGap` of the meeting says what is still needed.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of a convener), ELECTORAL_BODY_ADMINISTRATOR (of a convener),
    /// PLATFORM_REPRESENTATIVE (of a convener), PLATFORM_ADMINISTRATOR (of a convener), EXPERT (of a convener).
    async fn interpretation_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language.")] input: InterpretationConfirmInput,
    ) -> Option<Result<InterpretationConfirmPayload>> {
        let key = input.idempotency_key.clone();
        let done = interpretation::confirm(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| InterpretationConfirmPayload { meeting: one.map(Meeting::from), user_errors })
    }
}
