//! The table itself: a row an act, a column a caller. The snapshot test prints it for people to read.

use super::{
    Scope,
    act::Act,
    actor::{Actor, Member},
    role::Caller,
};

/// How far a right reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Never.
    No,
    /// On everything that the caller may read.
    Any,
    /// On what the caller's organisation owns.
    Own,
    /// On what is addressed to the caller's organisation.
    Received,
    /// On what the caller's organisation owns or what is addressed to it.
    Party,
    /// On what is about the caller's own person.
    Oneself,
    /// On what concerns the country of the caller's organisation.
    Country,
    /// On what is about the caller's own person in the same organisation, and on what belongs to a dialogue that it convenes.
    OneselfOrConvener,
    /// On what belongs to a dialogue that the caller's organisation convenes.
    Convener,
    /// On what the caller's organisation owns, and on what belongs to a dialogue that it convenes.
    OwnOrConvener,
    /// On an electoral body or platform that has no administrator yet, and on other organisations.
    Vacant,
    /// On what is recorded for an electoral body that gave a mandate for it.
    Mandated,
}

impl Right {
    /// The word in the printed matrix.
    pub const fn label(self) -> &'static str {
        match self {
            Self::No => "-",
            Self::Any => "any",
            Self::Own => "own",
            Self::Received => "received",
            Self::Party => "party",
            Self::Oneself => "oneself",
            Self::Country => "country",
            Self::OneselfOrConvener => "oneself+convener",
            Self::Convener => "convener",
            Self::OwnOrConvener => "own+convener",
            Self::Vacant => "vacant",
            Self::Mandated => "mandate",
        }
    }

    /// The words behind a caller's name in a description.
    const fn words(self) -> &'static str {
        match self {
            Self::No | Self::Any => "",
            Self::Own => " (of the organisation that owns it)",
            Self::Received => " (of the organisation it is addressed to)",
            Self::Party => " (of either party)",
            Self::Oneself => " (about oneself)",
            Self::Country => " (of the same country)",
            Self::OneselfOrConvener => " (about oneself, or of a convener)",
            Self::Convener => " (of a convener)",
            Self::OwnOrConvener => " (of the same organisation, or of a convener)",
            Self::Vacant => " (where there is no administrator yet)",
            Self::Mandated => " (under a mandate of the electoral body)",
        }
    }

    /// Whether the right reaches the object, for a caller who stands in its column through `member`.
    pub(super) fn holds(self, actor: &Actor, member: Option<&Member>, scope: &Scope) -> bool {
        let own = member.map(|member| member.organisation);
        match self {
            Self::No => false,
            Self::Any => true,
            Self::Own => own.is_some() && own == scope.owner,
            Self::Received => own.is_some() && own == scope.counterpart,
            Self::Party => own.is_some() && (own == scope.owner || own == scope.counterpart),
            Self::Oneself => actor.user().is_some() && actor.user() == scope.user,
            Self::Country => scope.country.is_some() && member.and_then(|member| member.country) == scope.country,
            Self::OneselfOrConvener => {
                let oneself = actor.user().is_some() && actor.user() == scope.user;
                own.is_some() && ((oneself && own == scope.owner) || own == scope.convener)
            }
            Self::Convener => own.is_some() && own == scope.convener,
            Self::OwnOrConvener => own.is_some() && (own == scope.owner || own == scope.convener),
            Self::Vacant => !scope.has_administrator,
            Self::Mandated => scope.mandated,
        }
    }
}

use Right::{Any, Convener, Country, Mandated, No, Oneself, OneselfOrConvener, Own, OwnOrConvener, Party, Received, Vacant};

type Row = [Right; 10];

/// The row of an act. Columns: anyone, signed in, coordinator, auditor, body's officer, body's administrator, platform's
/// representative, platform's administrator, expert, system. Rights add up: who is signed in also stands in `anyone`.
#[expect(clippy::too_many_lines, reason = "one table, in which every act stands")]
const fn row(act: Act) -> Row {
    use Act as A;
    match act {
        //                                         anyone   signed   coord    auditor  officer  EB adm   repr     PL adm   expert   system
        A::DirectoryRead
        | A::DialogueRead
        | A::SessionStart
        | A::SessionRefresh
        | A::ApiClientAuthenticate
        | A::PasswordResetRequest
        | A::PasswordReset
        | A::InvitationAccept
        | A::ViewerRead
        | A::ParticipationRead
        | A::StatisticReleaseRead
        | A::RecurrencePreview => [Any, Any, Any, Any, Any, Any, Any, Any, Any, Any],
        A::DirectoryImport
        | A::UserCreate
        | A::KeyRotate
        | A::ContactGenerate
        | A::ContactRemind
        | A::ResponsivenessRecount
        | A::StatisticReleasePrepare
        | A::ContactBreach
        | A::ContactsImportEnd
        | A::ContactsImportForget
        | A::ContactPurge
        | A::ContactTemplatePurge
        | A::IncidentPurge
        | A::ParticipationForget
        | A::DialogueExtend
        | A::MeetingRederive
        | A::MeetingStart
        | A::MeetingHold
        | A::RegistrationOffer
        | A::RegistrationLapse
        | A::CommitmentRemind
        | A::ParticipationGenerate
        | A::MeetingConflict
        | A::ChannelAssess
        | A::MeetingRemind => [No, No, No, No, No, No, No, No, No, Any],
        A::OrganisationCreate
        | A::ElectionCreate
        | A::ElectionUpdate
        | A::ReportingProgrammeCreate
        | A::ReportingProgrammeUpdate
        | A::InstrumentConfirm
        | A::ResponseTargetConfirm
        | A::PublicationCreate
        | A::PublicationUpdate
        | A::ExpertRecord
        | A::ContactResolvePlatform
        | A::DialogueCreate
        | A::MinutesRevise
        | A::MinutesCirculate
        | A::MinutesAdopt
        | A::MinutesAmend => [No, No, Any, No, No, No, No, No, No, Any],
        // Who has a role anywhere should know whom he does not reach now.
        A::OrganisationLockRead => [No, No, Any, Any, Any, Any, Any, Any, Any, Any],
        // The system is the operator of the server here, when nobody can sign in. Unlocking is not his: it takes two persons.
        A::OrganisationLock | A::DirectoryHistoryRead | A::OrganisationUpdate => [No, No, Any, No, No, Own, No, Own, No, Any],
        A::PlatformServiceCreate | A::PlatformServiceUpdate | A::ChannelCreate | A::ChannelUpdate | A::ChannelVerify | A::ChannelRetire => {
            [No, No, Any, No, No, No, No, Own, No, Any]
        }
        A::ChannelAddressRead => [No, No, Any, No, Country, Country, Own, Own, No, Any],
        A::ExpertUpdate | A::ExpertConsentWithdraw => [No, Oneself, Any, No, No, No, No, No, No, Any],
        A::ExpertConsent | A::SessionEnd | A::FeedTokenCreate | A::FeedTokenRevoke | A::FeedTokenUse | A::UserDataExport => {
            [No, Oneself, No, No, No, No, No, No, No, Any]
        }
        A::MeetingFollow | A::ResponseTargetRead => [No, Any, No, No, No, No, No, No, No, Any],
        // Oneself; to erase who has left, those who kept the last membership that ended.
        A::MembershipRead | A::UserErase => [No, Oneself, Vacant, No, No, Own, No, Own, No, Any],
        A::UserInvite | A::MembershipGrant | A::MembershipRevoke => [No, No, Vacant, No, No, Own, No, Own, No, Any],
        // A party's administrators, and the coordinator for his own desk.
        A::ApiClientRead
        | A::ApiClientCreate
        | A::ApiClientRotate
        | A::ApiClientRevoke
        | A::WebhookEndpointRead
        | A::WebhookEndpointCreate
        | A::WebhookEndpointUpdate
        | A::WebhookEndpointRotate
        | A::WebhookEndpointDisable
        | A::WebhookEndpointEnable
        | A::WebhookEndpointDelete
        | A::WebhookEndpointPing
        | A::WebhookEndpointReplay => [No, No, Own, No, No, Own, No, Own, No, Any],
        A::MembershipCover => [No, No, No, No, No, No, No, Own, No, Any],
        A::ContactRead => [No, No, Any, No, Party, Party, Party, Party, No, Any],
        A::ContactExport => [No, No, Any, No, Own, Own, Own, Own, No, No],
        A::FileUpload => [No, No, No, No, Own, Own, Own, Own, No, No],
        A::FileDownload => [No, No, No, No, Party, Party, Party, Party, No, No],
        A::ContactLog => [No, No, Mandated, No, Own, Own, Own, Own, No, Any],
        A::ContactAcknowledge | A::ContactDecide => [No, No, Mandated, No, Party, Party, Party, Party, No, Any],
        // Two persons of the coordinator's: the lock and the release themselves know who was the first.
        A::OrganisationUnlock
        | A::StatisticReleasePropose
        | A::StatisticReleasePublish
        | A::StatisticReleaseWithdraw
        | A::StatisticReleaseCorrect
        | A::StatisticReleaseConfirmCorrection => [No, No, Any, No, No, No, No, No, No, No],
        A::StatisticReleaseComment => [No, No, No, No, No, No, Own, Own, No, No],
        A::MandateRead => [No, No, Any, No, Any, Any, No, No, No, Any],
        A::MandateGrant | A::MandateRevoke | A::ContactTemplateCreate | A::ContactTemplateUpdate | A::ContactTemplateArchive => {
            [No, No, No, No, No, Own, No, No, No, Any]
        }
        A::ContactSend
        | A::ResponsivenessRead
        | A::ContactShare
        | A::ContactReply
        | A::ContactDispute
        | A::ContactClose
        | A::ContactReopen
        | A::ContactWithdraw
        | A::ContactDiscard
        | A::ContactRefer => [No, No, No, No, Own, Own, Own, Own, No, Any],
        A::ContactCorrect | A::ContactComment | A::ContactAttach | A::ContactDetach => {
            [No, No, No, No, Party, Party, Party, Party, No, Any]
        }
        // The bodies alone: whoever else read an incident would learn which platforms are involved.
        A::IncidentRead => [No, No, No, No, Any, Any, No, No, No, Any],
        A::IncidentOpen
        | A::IncidentUpdate
        | A::IncidentMonitor
        | A::IncidentClose
        | A::IncidentReopen
        | A::IncidentShare
        | A::IncidentContactAdd
        | A::IncidentContactRemove
        | A::ContactsImport
        | A::ContactsImportCancel
        | A::ContactsImportRead
        | A::ContactTemplateRead => [No, No, No, No, Own, Own, No, No, No, Any],
        // The owner for any body, and each body for itself.
        A::IncidentUnshare => [No, No, No, No, Party, Party, No, No, No, Any],
        A::ContactAsk => [No, No, No, No, Received, Received, Received, Received, No, Any],
        // Of instruments and targets the other parties propose, each for itself; the coordinator confirms.
        A::InstrumentCreate
        | A::InstrumentUpdate
        | A::ResponseTargetCreate
        | A::ResponseTargetUpdate
        | A::DialogueCreateBilateral
        | A::DialogueMembersSet
        | A::DialogueUpdate
        | A::DialoguePause
        | A::DialogueResume
        | A::DialogueEnd
        | A::MeetingReschedule
        | A::MeetingPostpone
        | A::MeetingCancel
        | A::MeetingRelocate
        | A::AgendaRevise
        | A::SlotsSuggest => [No, No, Any, No, Own, Own, Own, Own, No, Any],
        // The organisers of a meeting: the coordinator, and everybody who acts for a convener.
        A::MeetingInvite
        | A::MeetingCapacitySet
        | A::MeetingRegistrationSet
        | A::RegistrationDecide
        | A::AttendanceRecord
        | A::InterpretationOffer
        | A::InterpretationConfirm
        | A::SlotPollOpen
        | A::SlotPollChoose
        | A::SlotPollClose => [No, No, Any, No, Convener, Convener, Convener, Convener, Convener, Any],
        // The person himself, an administrator for his people, an organiser for anyone.
        A::InvitationRespond | A::MeetingRegister | A::RegistrationWithdraw => {
            [No, No, Any, No, OneselfOrConvener, OwnOrConvener, OneselfOrConvener, OwnOrConvener, OneselfOrConvener, Any]
        }
        A::CommitmentCreate | A::CommitmentAccept | A::CommitmentReport | A::CommitmentWithdraw | A::CommitmentSupersede => {
            [No, No, Any, No, Own, Own, Own, Own, Own, Any]
        }
        A::CommitmentConfirm => [No, No, Received, No, Received, Received, Received, Received, Received, Any],
        // Who belongs to a party of the dialogue, or takes part in the meeting himself.
        A::SlotPollRead | A::MinutesComment => [No, Oneself, Any, No, Party, Party, Party, Party, Party, Any],
        A::SlotPollAnswer => [No, Oneself, Party, No, Party, Party, Party, Party, Party, Any],
        A::AuditRead => [No, No, Oneself, Any, No, Own, No, Own, No, Any],
    }
}

/// The right of a caller to an act.
#[expect(clippy::indexing_slicing, reason = "a caller's column is below the row's length by construction")]
pub(super) fn right(act: Act, caller: Caller) -> Right {
    row(act)[caller.column()]
}

/// The sentence that says who may do `act`, as it ends descriptions in the schema.
pub fn who_may(act: Act) -> String {
    if right(act, Caller::Public) != Right::No {
        return "Who: anyone.".to_owned();
    }
    let mut callers: Vec<String> = Caller::ALL
        .iter()
        .filter(|caller| !matches!(caller, Caller::System | Caller::Public))
        .filter_map(|caller| match right(act, *caller) {
            Right::No => None,
            right => Some(format!("{}{}", caller.label(), right.words())),
        })
        .collect();
    if callers.is_empty() {
        callers.push("the operator, from the command line".to_owned());
    }
    format!("Who: {}.", callers.join(", "))
}
