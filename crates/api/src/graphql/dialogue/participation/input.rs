//! What a front end sends about who takes part in meetings.

use async_graphql::{ID, InputObject};
use tertulia_app::dialogue::{
    interpretation,
    participation::{
        Attendance, AttendanceRecord, CapacitySet, Decide, Details, Invite, Invitee, Register, RegistrationSet, ReservedSeats, Respond,
        Withdraw,
    },
};

use super::words::{CapacityRole, InvitationResponse, Listed, ParticipationMode, RegistrationDecision, RegistrationMode};
use crate::graphql::{
    dialogue::{recurrence::local_text, words::InterpretationKind},
    scalar::{DateTime, LanguageTag, LocalDateTime},
};

fn text(id: Option<ID>) -> Option<String> {
    id.map(|id| id.0)
}

/// Invitations to a meeting.
#[derive(InputObject)]
pub(super) struct MeetingInviteInput {
    /// The meeting.
    meeting_id: ID,
    /// Who is invited, 1 to 100.
    invitees: Vec<MeetingInvitee>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it invites nobody twice.
    pub(super) idempotency_key: Option<String>,
}

/// Who is invited.
#[derive(InputObject)]
pub(super) struct MeetingInvitee {
    /// The organisation.
    organisation_id: ID,
    /// The person, by the user's id; without it the organisation says who comes.
    person_id: Option<ID>,
    /// As what; without it `EB_DELEGATE` for an electoral body, `PLATFORM_DELEGATE` for a platform, `OBSERVER` for others.
    capacity_role: Option<CapacityRole>,
    /// Where; without it as the meeting's format has it, online for a hybrid one.
    mode: Option<ParticipationMode>,
}

impl MeetingInviteInput {
    pub(super) fn command(self) -> Invite {
        let one = |one: MeetingInvitee| Invitee {
            organisation_id: one.organisation_id.0,
            person_id: text(one.person_id),
            role: one.capacity_role.map(Into::into),
            mode: one.mode.map(Into::into),
        };
        Invite { meeting_id: self.meeting_id.0, invitees: self.invitees.into_iter().map(one).collect() }
    }
}

fn details(
    mode: Option<ParticipationMode>,
    needs: Option<Vec<LanguageTag>>,
    access_needs: Option<String>,
    listed: Option<Listed>,
) -> Details {
    let interpretation_needs = needs.map(|tags| tags.into_iter().map(|tag| tag.0).collect());
    Details { mode: mode.map(Into::into), interpretation_needs, access_needs, listed: listed.map(Into::into) }
}

/// An answer to an invitation, or to an offered seat.
#[derive(InputObject)]
pub(super) struct InvitationRespondInput {
    /// The meeting. You answer your own invitation, or one of your organisation's that names nobody yet.
    meeting_id: ID,
    /// The participation, where it is not your own: you administer its organisation, or organise the meeting.
    participation_id: Option<ID>,
    /// The answer.
    response: InvitationResponse,
    /// Who comes, by the user's id, for an invitation that names nobody yet; without it you.
    person_id: Option<ID>,
    /// Who comes instead, by the user's id: of the same organisation, for DELEGATED. A seat that you held is offered to this person.
    delegate_id: Option<ID>,
    /// The same, by the address with which the person signs in.
    delegate_email: Option<String>,
    /// Where; without it as before.
    mode: Option<ParticipationMode>,
    /// The languages into which interpretation is needed, at most 10; without it as before.
    interpretation_needs: Option<Vec<LanguageTag>>,
    /// What the person needs to take part, at most 2,000 characters; only the organisers and the person read it. An empty text takes
    /// it back.
    access_needs: Option<String>,
    /// To whom the person consents to be shown; without it as before, at first NOBODY. Nobody consents for somebody else.
    listed: Option<Listed>,
    /// The version that you read; without it the answer applies if the status allows it.
    version: Option<i64>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl InvitationRespondInput {
    pub(super) fn command(self) -> Respond {
        Respond {
            meeting_id: self.meeting_id.0,
            participation_id: text(self.participation_id),
            response: self.response.into(),
            person_id: text(self.person_id),
            delegate_id: text(self.delegate_id),
            delegate_email: self.delegate_email,
            details: details(self.mode, self.interpretation_needs, self.access_needs, self.listed),
            version: self.version,
        }
    }
}

/// A registration for a meeting.
#[derive(InputObject)]
pub(super) struct MeetingRegisterInput {
    /// The meeting.
    meeting_id: ID,
    /// For which of the person's organisations; without it the only one.
    organisation_id: Option<ID>,
    /// Who comes, by the user's id, where it is not you: you administer the person's organisation, or organise the meeting.
    person_id: Option<ID>,
    /// As what; without it by the person's role in the organisation. Only organisers may say otherwise.
    capacity_role: Option<CapacityRole>,
    /// Where; without it as the meeting's format has it, online for a hybrid one.
    mode: Option<ParticipationMode>,
    /// The languages into which interpretation is needed, at most 10.
    interpretation_needs: Option<Vec<LanguageTag>>,
    /// What the person needs to take part, at most 2,000 characters; only the organisers and the person read it.
    access_needs: Option<String>,
    /// To whom the person consents to be shown, at first NOBODY. Nobody consents for somebody else.
    listed: Option<Listed>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers with the participation made before.
    pub(super) idempotency_key: Option<String>,
}

impl MeetingRegisterInput {
    pub(super) fn command(self) -> Register {
        Register {
            meeting_id: self.meeting_id.0,
            organisation_id: text(self.organisation_id),
            person_id: text(self.person_id),
            role: self.capacity_role.map(Into::into),
            details: details(self.mode, self.interpretation_needs, self.access_needs, self.listed),
        }
    }
}

/// A decision on a registration.
#[derive(InputObject)]
pub(super) struct RegistrationDecideInput {
    /// The participation, in the status REQUESTED.
    participation_id: ID,
    /// The decision.
    decision: RegistrationDecision,
    /// The version that you read; without it the decision applies if the status allows it.
    version: Option<i64>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl RegistrationDecideInput {
    pub(super) fn command(self) -> Decide {
        let approved = self.decision == RegistrationDecision::Approved;
        Decide { participation_id: self.participation_id.0, approved, version: self.version }
    }
}

/// A participation to be taken back.
#[derive(InputObject)]
pub(super) struct RegistrationWithdrawInput {
    /// The participation.
    participation_id: ID,
    /// The version that you read; without it the act applies if the status allows it.
    version: Option<i64>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl RegistrationWithdrawInput {
    pub(super) fn command(self) -> Withdraw {
        Withdraw { participation_id: self.participation_id.0, version: self.version }
    }
}

/// The seats of a meeting.
#[derive(InputObject)]
pub(super) struct MeetingCapacitySetInput {
    /// The meeting.
    meeting_id: ID,
    /// Seats in the room, up to 100,000; without a number no limit. Never fewer than are taken.
    in_person: Option<i64>,
    /// Seats online, up to 100,000; without a number no limit. Never fewer than are taken.
    online: Option<i64>,
    /// All seats that are kept for a role, each role and mode once; they are among those above.
    reserved_seats: Option<Vec<ReservedSeatsInput>>,
    /// The version of the meeting that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

/// Seats that are kept for a role.
#[derive(InputObject)]
pub(super) struct ReservedSeatsInput {
    /// For whom.
    capacity_role: CapacityRole,
    /// In the room or online.
    mode: ParticipationMode,
    /// How many.
    seats: i64,
}

impl MeetingCapacitySetInput {
    pub(super) fn command(self) -> CapacitySet {
        let one = |one: ReservedSeatsInput| ReservedSeats { role: one.capacity_role.into(), mode: one.mode.into(), seats: one.seats };
        CapacitySet {
            meeting_id: self.meeting_id.0,
            in_person: self.in_person,
            online: self.online,
            reserved: self.reserved_seats.unwrap_or_default().into_iter().map(one).collect(),
            version: self.version,
        }
    }
}

/// Who can register for a meeting, and when.
#[derive(InputObject)]
pub(super) struct MeetingRegistrationSetInput {
    /// The meeting.
    meeting_id: ID,
    /// Who can register.
    mode: RegistrationMode,
    /// From when, on the clocks of the meeting's zone; without it from now on.
    local_opens: Option<LocalDateTime>,
    /// Until when, on the same clocks; without it until the meeting ends.
    local_closes: Option<LocalDateTime>,
    /// Who sees the list of participants, as far as each of them consents; without it as before, at first PARTICIPANTS.
    participants_visible_to: Option<Listed>,
    /// The version of the meeting that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl MeetingRegistrationSetInput {
    pub(super) fn command(self) -> RegistrationSet {
        RegistrationSet {
            meeting_id: self.meeting_id.0,
            mode: self.mode.into(),
            local_opens: self.local_opens.as_ref().map(local_text),
            local_closes: self.local_closes.as_ref().map(local_text),
            list: self.participants_visible_to.map(Into::into),
            version: self.version,
        }
    }
}

/// Who came to a meeting.
#[derive(InputObject)]
pub(super) struct AttendanceRecordInput {
    /// The meeting, which has begun.
    meeting_id: ID,
    /// What is known of each, 1 to 100; all of it is recorded, or nothing.
    attendances: Vec<AttendanceInput>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

/// Whether one came.
#[derive(InputObject)]
pub(super) struct AttendanceInput {
    /// The participation.
    participation_id: ID,
    /// Whether the person came.
    attended: bool,
    /// From when the person was there, if that is known.
    attended_from: Option<DateTime>,
    /// Until when, if that is known.
    attended_to: Option<DateTime>,
}

impl AttendanceRecordInput {
    pub(super) fn command(self) -> AttendanceRecord {
        let one = |one: AttendanceInput| Attendance {
            participation_id: one.participation_id.0,
            attended: one.attended,
            from: one.attended_from.map(|at| at.0),
            to: one.attended_to.map(|at| at.0),
        };
        AttendanceRecord { meeting_id: self.meeting_id.0, attendances: self.attendances.into_iter().map(one).collect() }
    }
}

/// A language into which a meeting could be interpreted.
#[derive(InputObject)]
pub(super) struct InterpretationOfferInput {
    /// The meeting.
    meeting_id: ID,
    /// The language.
    language: LanguageTag,
    /// How.
    kind: InterpretationKind,
    /// The version of the meeting that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl InterpretationOfferInput {
    pub(super) fn command(self) -> interpretation::Language {
        interpretation::Language {
            meeting_id: self.meeting_id.0,
            language: self.language.0,
            kind: Some(self.kind.into()),
            confirmed: false,
            version: self.version,
        }
    }
}

/// A language of which it is known whether somebody is engaged.
#[derive(InputObject)]
pub(super) struct InterpretationConfirmInput {
    /// The meeting.
    meeting_id: ID,
    /// The language, which is offered.
    language: LanguageTag,
    /// How; without it in every way in which the language is offered.
    kind: Option<InterpretationKind>,
    /// Whether somebody is engaged; `false` takes the confirmation back.
    #[graphql(default = true)]
    confirmed: bool,
    /// The version of the meeting that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl InterpretationConfirmInput {
    pub(super) fn command(self) -> interpretation::Language {
        interpretation::Language {
            meeting_id: self.meeting_id.0,
            language: self.language.0,
            kind: self.kind.map(Into::into),
            confirmed: self.confirmed,
            version: self.version,
        }
    }
}
