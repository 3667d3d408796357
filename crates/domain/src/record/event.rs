//! Events: what happened to which object. A write commits at least one, in the same transaction.

pub use super::recorded::{Event, RecordedEvent};
use crate::error::closed;

closed! {
    /// What happened, named after the act that did it, in the past tense.
    Topic {
        /// Reference data was loaded or corrected from files.
        DirectoryImported = "directory.imported",
        /// An organisation was recorded.
        OrganisationCreated = "organisation.created",
        /// An organisation's entry was edited.
        OrganisationUpdated = "organisation.updated",
        /// An organisation was locked: nobody acts for it any more.
        OrganisationLocked = "organisation.locked",
        /// A first person wants to unlock an organisation.
        OrganisationUnlockProposed = "organisation.unlockProposed",
        /// A second person agreed, and the organisation is unlocked.
        OrganisationUnlocked = "organisation.unlocked",
        /// A platform's service was recorded.
        PlatformServiceCreated = "platformService.created",
        /// A platform's service was edited.
        PlatformServiceUpdated = "platformService.updated",
        /// A channel was recorded.
        ChannelCreated = "channel.created",
        /// A channel was edited.
        ChannelUpdated = "channel.updated",
        /// A channel was stated to work.
        ChannelVerified = "channel.verified",
        /// It was worked out anew how a channel answers.
        ChannelAssessed = "channel.assessed",
        /// A channel was taken out of use.
        ChannelRetired = "channel.retired",
        /// An election was recorded.
        ElectionCreated = "election.created",
        /// An election was edited.
        ElectionUpdated = "election.updated",
        /// A reporting programme was recorded.
        ReportingProgrammeCreated = "reportingProgramme.created",
        /// A reporting programme was edited.
        ReportingProgrammeUpdated = "reportingProgramme.updated",
        /// An instrument was recorded or proposed.
        InstrumentCreated = "instrument.created",
        /// An instrument was edited.
        InstrumentUpdated = "instrument.updated",
        /// A proposed instrument was confirmed.
        InstrumentConfirmed = "instrument.confirmed",
        /// A publication was recorded.
        PublicationCreated = "publication.created",
        /// A publication was edited.
        PublicationUpdated = "publication.updated",
        /// An expert was recorded.
        ExpertRecorded = "expert.recorded",
        /// An expert's profile was edited.
        ExpertUpdated = "expert.updated",
        /// An expert consented to be listed.
        ExpertConsented = "expert.consented",
        /// An expert's consent was withdrawn.
        ExpertConsentWithdrawn = "expert.consentWithdrawn",
        /// Somebody signed in.
        SessionStarted = "session.started",
        /// A sign-in was continued.
        SessionRefreshed = "session.refreshed",
        /// Somebody signed out, or was signed out.
        SessionEnded = "session.ended",
        /// A new password was asked for.
        PasswordResetRequested = "password.resetRequested",
        /// A new password was set.
        PasswordChanged = "password.changed",
        /// A person was invited.
        UserInvited = "user.invited",
        /// A person accepted an invitation.
        InvitationAccepted = "invitation.accepted",
        /// The operator created a user.
        UserCreated = "user.created",
        /// A membership was granted.
        MembershipGranted = "membership.granted",
        /// A membership was ended.
        MembershipRevoked = "membership.revoked",
        /// What a membership covers was set.
        MembershipCovered = "membership.covered",
        /// An API client was made.
        ApiClientCreated = "apiClient.created",
        /// An API client got another secret.
        ApiClientRotated = "apiClient.rotated",
        /// An API client was taken out of use.
        ApiClientRevoked = "apiClient.revoked",
        /// An API client signed in.
        ApiClientAuthenticated = "apiClient.authenticated",
        /// A person took out what is kept about him.
        UserDataExported = "user.dataExported",
        /// A person was taken out of his account.
        UserErased = "user.erased",
        /// A new signing key came into use.
        KeyRotated = "key.rotated",
        /// A contact was logged.
        ContactLogged = "contact.logged",
        /// A contact was sent.
        ContactSent = "contact.sent",
        /// A contact was opened to more readers.
        ContactShared = "contact.shared",
        /// A contact was acknowledged.
        ContactAcknowledged = "contact.acknowledged",
        /// A contact was decided.
        ContactDecided = "contact.decided",
        /// The receiver asked something.
        ContactAsked = "contact.asked",
        /// The sender replied.
        ContactReplied = "contact.replied",
        /// A decision was disputed.
        ContactDisputed = "contact.disputed",
        /// A contact was closed.
        ContactClosed = "contact.closed",
        /// A contact was opened again.
        ContactReopened = "contact.reopened",
        /// A contact was withdrawn.
        ContactWithdrawn = "contact.withdrawn",
        /// A draft was discarded.
        ContactDiscarded = "contact.discarded",
        /// A draft was referred.
        ContactReferred = "contact.referred",
        /// A fact was corrected.
        ContactCorrected = "contact.corrected",
        /// A contact was commented on.
        ContactCommented = "contact.commented",
        /// A file was attached to a contact.
        ContactAttached = "contact.attached",
        /// An attachment of a contact was taken back.
        ContactDetached = "contact.detached",
        /// A contact's platform was made known.
        ContactPlatformResolved = "contact.platformResolved",
        /// The other side read a contact for the first time, after which it cannot be narrowed.
        ContactRead = "contact.read",
        /// Somebody took the contacts that he reads out as a file.
        ContactsExported = "contact.exported",
        /// An import of contacts was asked for.
        ContactsImportRequested = "contacts.importRequested",
        /// An import of contacts came to its end.
        ContactsImported = "contacts.imported",
        /// An import of contacts could not be done.
        ContactsImportFailed = "contacts.importFailed",
        /// What an import reported of its rows and the name of its file were forgotten, since the time to keep them is over.
        ContactsImportForgotten = "contacts.importForgotten",
        /// An import of contacts was stopped.
        ContactsImportCancelled = "contacts.importCancelled",
        /// A template of contacts was written.
        ContactTemplateCreated = "contactTemplate.created",
        /// A template of contacts says something else.
        ContactTemplateUpdated = "contactTemplate.updated",
        /// A template of contacts was put away.
        ContactTemplateArchived = "contactTemplate.archived",
        /// A template that was put away was removed, since its time to be kept is over.
        ContactTemplatePurged = "contactTemplate.purged",
        /// A file was uploaded.
        FileUploaded = "file.uploaded",
        /// A file was downloaded.
        FileDownloaded = "file.downloaded",
        /// The answer to a contact is due soon.
        ContactReminded = "contact.reminded",
        /// The time to answer a contact is over, and no answer came.
        ContactBreached = "contact.breached",
        /// A contact was removed, since its time to be kept is over.
        ContactPurged = "contact.purged",
        /// A response target was set or proposed.
        ResponseTargetCreated = "responseTarget.created",
        /// A response target was edited.
        ResponseTargetUpdated = "responseTarget.updated",
        /// A proposed response target was confirmed.
        ResponseTargetConfirmed = "responseTarget.confirmed",
        /// Contacts were generated for a trial.
        ContactsGenerated = "contact.generated",
        /// A body let the coordinator record for it.
        MandateGranted = "mandate.granted",
        /// A mandate was taken back.
        MandateRevoked = "mandate.revoked",
        /// A statistic release was proposed.
        StatisticReleaseProposed = "statisticRelease.proposed",
        /// The numbers of a release, or of a correction, were worked out. A proposal is before the platforms from now on.
        StatisticReleasePrepared = "statisticRelease.prepared",
        /// The numbers of a release, or of a correction, cannot be told: a proposal was taken back.
        StatisticReleasePreparationFailed = "statisticRelease.preparationFailed",
        /// A platform commented on a proposed release.
        StatisticReleaseCommented = "statisticRelease.commented",
        /// A statistic release was published.
        StatisticReleasePublished = "statisticRelease.published",
        /// A proposed release was taken back.
        StatisticReleaseWithdrawn = "statisticRelease.withdrawn",
        /// A correction of a release was prepared.
        StatisticReleaseCorrectionPrepared = "statisticRelease.correctionPrepared",
        /// The numbers of a release were corrected.
        StatisticReleaseCorrected = "statisticRelease.corrected",
        /// An incident was opened.
        IncidentOpened = "incident.opened",
        /// What an incident says was edited.
        IncidentUpdated = "incident.updated",
        /// An incident is only watched from now on.
        IncidentMonitored = "incident.monitored",
        /// An incident was closed.
        IncidentClosed = "incident.closed",
        /// An incident was opened again.
        IncidentReopened = "incident.reopened",
        /// Another body came to take part in an incident.
        IncidentShared = "incident.shared",
        /// A body takes part in an incident no longer.
        IncidentUnshared = "incident.unshared",
        /// A contact was put into an incident.
        IncidentContactAdded = "incident.contactAdded",
        /// A contact was taken out of an incident.
        IncidentContactRemoved = "incident.contactRemoved",
        /// An incident was removed, since its time to be kept is over.
        IncidentPurged = "incident.purged",
        /// A dialogue was created.
        DialogueCreated = "dialogue.created",
        /// A dialogue's members were set.
        DialogueMembersSet = "dialogue.membersSet",
        /// What a dialogue says of itself was changed, or its series as a whole.
        DialogueUpdated = "dialogue.updated",
        /// A dialogue was paused.
        DialoguePaused = "dialogue.paused",
        /// A paused dialogue goes on.
        DialogueResumed = "dialogue.resumed",
        /// A dialogue was ended.
        DialogueEnded = "dialogue.ended",
        /// More meetings of a dialogue were laid out.
        DialogueExtended = "dialogue.extended",
        /// A meeting was moved.
        MeetingRescheduled = "meeting.rescheduled",
        /// A meeting was cancelled.
        MeetingCancelled = "meeting.cancelled",
        /// A meeting's time has come.
        MeetingStarted = "meeting.started",
        /// A meeting's time is over.
        MeetingHeld = "meeting.held",
        /// The seats of a meeting were set.
        MeetingCapacitySet = "meeting.capacitySet",
        /// Who can register for a meeting, and who sees the list, was set.
        MeetingRegistrationSet = "meeting.registrationSet",
        /// An organisation or a person was invited to a meeting.
        MeetingInvited = "meeting.invited",
        /// An invitation or an offered seat was answered.
        InvitationResponded = "invitation.responded",
        /// Somebody registered for a meeting.
        MeetingRegistered = "meeting.registered",
        /// A registration was approved or rejected.
        RegistrationDecided = "registration.decided",
        /// A participation was taken back.
        RegistrationWithdrawn = "registration.withdrawn",
        /// A free seat was offered to who waited longest.
        RegistrationOffered = "registration.offered",
        /// An offered seat was not taken in time.
        RegistrationLapsed = "registration.lapsed",
        /// It was recorded whether somebody came.
        AttendanceRecorded = "attendance.recorded",
        /// A language into which a meeting could be interpreted was noted.
        InterpretationOffered = "interpretation.offered",
        /// Interpretation into a language was confirmed.
        InterpretationConfirmed = "interpretation.confirmed",
        /// Participations were generated for a trial.
        ParticipationGenerated = "participation.generated",
        /// What somebody needed to take part was forgotten, some time after the meeting.
        ParticipationForgotten = "participation.forgotten",
        /// The agenda of a meeting was set.
        AgendaRevised = "agenda.revised",
        /// Minutes were written.
        MinutesRevised = "minutes.revised",
        /// Minutes were put before those who take part.
        MinutesCirculated = "minutes.circulated",
        /// Circulated minutes were commented on.
        MinutesCommented = "minutes.commented",
        /// Minutes were agreed.
        MinutesAdopted = "minutes.adopted",
        /// Agreed minutes were changed.
        MinutesAmended = "minutes.amended",
        /// A meeting's place or link was changed.
        MeetingRelocated = "meeting.relocated",
        /// A meeting follows its dialogue, which was changed.
        MeetingUpdated = "meeting.updated",
        /// A meeting has no date that holds: it was put off, or its dialogue is paused.
        MeetingPostponed = "meeting.postponed",
        /// A meeting is on again, since its dialogue goes on.
        MeetingResumed = "meeting.resumed",
        /// A meeting's instant was derived anew after a change of the zone data.
        MeetingRederived = "meeting.rederived",
        /// A commitment was put down.
        CommitmentCreated = "commitment.created",
        /// What was proposed was promised.
        CommitmentAccepted = "commitment.accepted",
        /// It was told how far a commitment is.
        CommitmentReported = "commitment.reported",
        /// It was confirmed what became of a commitment.
        CommitmentConfirmed = "commitment.confirmed",
        /// A commitment was taken back.
        CommitmentWithdrawn = "commitment.withdrawn",
        /// Another commitment was put in the place of one.
        CommitmentSuperseded = "commitment.superseded",
        /// Somebody was reminded of a commitment.
        CommitmentReminded = "commitment.reminded",
        /// A meeting came to fall into the days around an election of a country that takes part.
        MeetingConflicted = "meeting.conflicted",
        /// Those who take part were reminded of a meeting.
        MeetingReminded = "meeting.reminded",
        /// A poll about slots was opened.
        SlotPollOpened = "slotPoll.opened",
        /// Somebody answered to a poll, or answered anew.
        SlotPollAnswered = "slotPoll.answered",
        /// A candidate of a poll became the meeting's slot.
        SlotPollChosen = "slotPoll.chosen",
        /// A poll ended without a choice.
        SlotPollClosed = "slotPoll.closed",
        /// Whether a meeting's date stands was put to a poll, or a poll about it ended without a choice.
        MeetingPolled = "meeting.polled",
        /// A meeting besides those of the rule was added to a dialogue.
        MeetingAdded = "meeting.added",
        /// Somebody read restricted data of this object.
        RestrictedRead = "restricted.read",
        /// A private calendar address was made.
        FeedTokenCreated = "feedToken.created",
        /// A private calendar address was revoked.
        FeedTokenRevoked = "feedToken.revoked",
        /// A private calendar was fetched for the first time on a day.
        FeedTokenUsed = "feedToken.used",
        /// A webhook endpoint was made.
        WebhookEndpointCreated = "webhookEndpoint.created",
        /// A webhook endpoint's address, events or description were changed.
        WebhookEndpointUpdated = "webhookEndpoint.updated",
        /// Another secret of a webhook endpoint came into use.
        WebhookEndpointRotated = "webhookEndpoint.rotated",
        /// A webhook endpoint was taken out of use, by its organisation, or because it answered no more or has nobody's rights.
        WebhookEndpointDisabled = "webhookEndpoint.disabled",
        /// A webhook endpoint was put into use again.
        WebhookEndpointEnabled = "webhookEndpoint.enabled",
        /// A webhook endpoint was removed.
        WebhookEndpointDeleted = "webhookEndpoint.deleted",
        /// A webhook endpoint was tried.
        WebhookEndpointPinged = "webhookEndpoint.pinged",
        /// Messages to a webhook endpoint were asked for again.
        WebhookEndpointReplayed = "webhookEndpoint.replayed",
    }
}
