//! Every act, by its name. The name stands in the audit log; events, mutations, use cases and tests are named after it.

use crate::error::closed;

closed! {
/// One thing that somebody can do or read, in the order of the matrix.
Act {
    /// Read the published directory: countries, organisations, services, elections, programmes, publications, channels without address.
    DirectoryRead = "directory.read",
    /// Load or correct reference data from files.
    DirectoryImport = "directory.import",
    /// Read what edits of a directory entry replaced.
    DirectoryHistoryRead = "directory.history.read",
    /// Record an organisation of any kind.
    OrganisationCreate = "organisation.create",
    /// Edit an organisation's entry.
    OrganisationUpdate = "organisation.update",
    /// Read whether an organisation is locked.
    OrganisationLockRead = "organisation.lock.read",
    /// Lock an organisation, at once.
    OrganisationLock = "organisation.lock",
    /// Unlock an organisation, as one of two persons.
    OrganisationUnlock = "organisation.unlock",
    /// Record a platform's service.
    PlatformServiceCreate = "platformService.create",
    /// Edit a platform's service.
    PlatformServiceUpdate = "platformService.update",
    /// Record a channel.
    ChannelCreate = "channel.create",
    /// Edit a channel.
    ChannelUpdate = "channel.update",
    /// State that a channel works.
    ChannelVerify = "channel.verify",
    /// Work out how a channel answers. The server does it.
    ChannelAssess = "channel.assess",
    /// Take a channel out of use.
    ChannelRetire = "channel.retire",
    /// Read a channel's address.
    ChannelAddressRead = "channel.address.read",
    /// Record an election.
    ElectionCreate = "election.create",
    /// Edit an election.
    ElectionUpdate = "election.update",
    /// Record a reporting programme.
    ReportingProgrammeCreate = "reportingProgramme.create",
    /// Edit a reporting programme.
    ReportingProgrammeUpdate = "reportingProgramme.update",
    /// Record an instrument, or propose one for one's own organisation.
    InstrumentCreate = "instrument.create",
    /// Edit an instrument, or one's own proposal.
    InstrumentUpdate = "instrument.update",
    /// Stand behind an instrument that an organisation proposed.
    InstrumentConfirm = "instrument.confirm",
    /// Record a publication.
    PublicationCreate = "publication.create",
    /// Edit a publication.
    PublicationUpdate = "publication.update",
    /// Record an expert, not yet listed.
    ExpertRecord = "expert.record",
    /// Edit an expert's profile.
    ExpertUpdate = "expert.update",
    /// Consent to be listed.
    ExpertConsent = "expert.consent",
    /// Withdraw that consent.
    ExpertConsentWithdraw = "expert.consentWithdraw",
    /// Sign in.
    SessionStart = "session.start",
    /// Continue a sign-in.
    SessionRefresh = "session.refresh",
    /// Sign out.
    SessionEnd = "session.end",
    /// Ask for a new password.
    PasswordResetRequest = "password.resetRequest",
    /// Set a new password with the token that was sent.
    PasswordReset = "password.reset",
    /// Read who one is.
    ViewerRead = "viewer.read",
    /// Read an organisation's users and memberships.
    MembershipRead = "membership.read",
    /// Invite a person to an organisation.
    UserInvite = "user.invite",
    /// Accept an invitation.
    InvitationAccept = "invitation.accept",
    /// Give a person a role in an organisation.
    MembershipGrant = "membership.grant",
    /// End a membership.
    MembershipRevoke = "membership.revoke",
    /// Set the countries and services that a platform's membership covers.
    MembershipCover = "membership.cover",
    /// Create the first coordinator or an auditor from the command line.
    UserCreate = "user.create",
    /// Read an organisation's API clients.
    ApiClientRead = "apiClient.read",
    /// Make an API client for one's own organisation.
    ApiClientCreate = "apiClient.create",
    /// Give an API client another secret.
    ApiClientRotate = "apiClient.rotate",
    /// Take an API client out of use.
    ApiClientRevoke = "apiClient.revoke",
    /// Sign in as an API client.
    ApiClientAuthenticate = "apiClient.authenticate",
    /// Take out what is kept about oneself.
    UserDataExport = "user.dataExport",
    /// Take a person out of his account.
    UserErase = "user.erase",
    /// Put a new signing key into use.
    KeyRotate = "key.rotate",
    /// Read contacts.
    ContactRead = "contact.read",
    /// Log a contact.
    ContactLog = "contact.log",
    /// Send a drafted contact.
    ContactSend = "contact.send",
    /// Let the other side, or more people, read a contact.
    ContactShare = "contact.share",
    /// Acknowledge a contact.
    ContactAcknowledge = "contact.acknowledge",
    /// Record what was decided.
    ContactDecide = "contact.decide",
    /// Ask the sender something.
    ContactAsk = "contact.ask",
    /// Answer the receiver's question.
    ContactReply = "contact.reply",
    /// Dispute a decision.
    ContactDispute = "contact.dispute",
    /// Close a contact.
    ContactClose = "contact.close",
    /// Open a closed contact again.
    ContactReopen = "contact.reopen",
    /// Withdraw a contact.
    ContactWithdraw = "contact.withdraw",
    /// Discard a draft.
    ContactDiscard = "contact.discard",
    /// Refer a draft to somebody else.
    ContactRefer = "contact.refer",
    /// Correct a fact of one's own side.
    ContactCorrect = "contact.correct",
    /// Comment on a contact.
    ContactComment = "contact.comment",
    /// Attach a file to a contact.
    ContactAttach = "contact.attach",
    /// Take an attachment of a contact back.
    ContactDetach = "contact.detach",
    /// Say which platform service a contact with a free platform name is about.
    ContactResolvePlatform = "contact.resolvePlatform",
    /// Take the contacts that one reads out as a file.
    ContactExport = "contact.export",
    /// Import contacts of one's own body from a file.
    ContactsImport = "contacts.import",
    /// Bring an import to its end. The server does it.
    ContactsImportEnd = "contacts.importEnd",
    /// Stop an import.
    ContactsImportCancel = "contacts.importCancel",
    /// Forget what an import reported of its rows and the name of its file. The server does it.
    ContactsImportForget = "contacts.importForget",
    /// Read what became of the imports of one's own body.
    ContactsImportRead = "contacts.importRead",
    /// Read the templates of one's own body.
    ContactTemplateRead = "contactTemplate.read",
    /// Write a template for one's own body.
    ContactTemplateCreate = "contactTemplate.create",
    /// Let a template say something else.
    ContactTemplateUpdate = "contactTemplate.update",
    /// Put a template away.
    ContactTemplateArchive = "contactTemplate.archive",
    /// Remove a template that was put away and whose time to be kept is over. The server does it.
    ContactTemplatePurge = "contactTemplate.purge",
    /// Upload a file for one's own organisation.
    FileUpload = "file.upload",
    /// Download a file that the caller may read.
    FileDownload = "file.download",
    /// Note that the answer to a contact is due soon. The server does it.
    ContactRemind = "contact.remind",
    /// Note that the time to answer a contact is over. The server does it.
    ContactBreach = "contact.breach",
    /// Remove a contact whose time to be kept is over. The server does it.
    ContactPurge = "contact.purge",
    /// Read response targets.
    ResponseTargetRead = "responseTarget.read",
    /// Set a response target, or propose one for one's own organisation.
    ResponseTargetCreate = "responseTarget.create",
    /// Edit a response target, or one's own proposal.
    ResponseTargetUpdate = "responseTarget.update",
    /// Stand behind a response target that an organisation proposed.
    ResponseTargetConfirm = "responseTarget.confirm",
    /// Generate marked contacts for a trial.
    ContactGenerate = "contact.generate",
    /// Read how one's own contacts were answered, as numbers.
    ResponsivenessRead = "responsiveness.read",
    /// Count every contact anew.
    ResponsivenessRecount = "responsiveness.recount",
    /// Read mandates under which the coordinator records for bodies.
    MandateRead = "mandate.read",
    /// Let the coordinator record for one's own body.
    MandateGrant = "mandate.grant",
    /// Take a mandate back.
    MandateRevoke = "mandate.revoke",
    /// Read statistic releases.
    StatisticReleaseRead = "statisticRelease.read",
    /// Propose a statistic release.
    StatisticReleasePropose = "statisticRelease.propose",
    /// Work the numbers of a release, or of a correction, out.
    StatisticReleasePrepare = "statisticRelease.prepare",
    /// Comment, for a platform that it names, on a proposed release.
    StatisticReleaseComment = "statisticRelease.comment",
    /// Publish a release that somebody else proposed.
    StatisticReleasePublish = "statisticRelease.publish",
    /// Take a proposed release back.
    StatisticReleaseWithdraw = "statisticRelease.withdraw",
    /// Work the numbers of a published release out again.
    StatisticReleaseCorrect = "statisticRelease.correct",
    /// Publish a correction that somebody else prepared.
    StatisticReleaseConfirmCorrection = "statisticRelease.confirmCorrection",
    /// Read incidents.
    IncidentRead = "incident.read",
    /// Open an incident.
    IncidentOpen = "incident.open",
    /// Edit what an incident says.
    IncidentUpdate = "incident.update",
    /// Only watch an incident from now on.
    IncidentMonitor = "incident.monitor",
    /// Close an incident.
    IncidentClose = "incident.close",
    /// Open an incident again.
    IncidentReopen = "incident.reopen",
    /// Let another body of the same country take part in an incident.
    IncidentShare = "incident.share",
    /// End that a body takes part in an incident.
    IncidentUnshare = "incident.unshare",
    /// Put a contact into an incident.
    IncidentContactAdd = "incident.contactAdd",
    /// Take a contact out of its incident.
    IncidentContactRemove = "incident.contactRemove",
    /// Remove an incident whose time to be kept is over. The server does it.
    IncidentPurge = "incident.purge",
    /// Read dialogues and meetings.
    DialogueRead = "dialogue.read",
    /// Create a dialogue of any kind.
    DialogueCreate = "dialogue.create",
    /// Create a dialogue between one's own organisation and another.
    DialogueCreateBilateral = "dialogue.createBilateral",
    /// Set who takes part in a dialogue.
    DialogueMembersSet = "dialogue.membersSet",
    /// Change what a dialogue says of itself, how long its meetings take and where.
    DialogueUpdate = "dialogue.update",
    /// Pause a dialogue.
    DialoguePause = "dialogue.pause",
    /// Let a paused dialogue go on.
    DialogueResume = "dialogue.resume",
    /// End a dialogue.
    DialogueEnd = "dialogue.end",
    /// Move the horizon up to which meetings are laid out.
    DialogueExtend = "dialogue.extend",
    /// Move a meeting.
    MeetingReschedule = "meeting.reschedule",
    /// Put a meeting off until a date for it is found.
    MeetingPostpone = "meeting.postpone",
    /// Cancel a meeting.
    MeetingCancel = "meeting.cancel",
    /// A meeting's time has come. The server does it.
    MeetingStart = "meeting.start",
    /// A meeting's time is over. The server does it.
    MeetingHold = "meeting.hold",
    /// Set how many seats a meeting has, and for whom some are kept.
    MeetingCapacitySet = "meeting.capacitySet",
    /// Set who can register for a meeting and when, and who sees the list of participants.
    MeetingRegistrationSet = "meeting.registrationSet",
    /// Read who takes part in meetings.
    ParticipationRead = "participation.read",
    /// Invite organisations and persons to a meeting.
    MeetingInvite = "meeting.invite",
    /// Answer an invitation, or an offered seat.
    InvitationRespond = "invitation.respond",
    /// Register for a meeting.
    MeetingRegister = "meeting.register",
    /// Approve or reject a registration.
    RegistrationDecide = "registration.decide",
    /// Take back a participation.
    RegistrationWithdraw = "registration.withdraw",
    /// Offer a free seat to who waits longest. The server does it.
    RegistrationOffer = "registration.offer",
    /// Let an offered seat go that nobody took in time. The server does it.
    RegistrationLapse = "registration.lapse",
    /// Record who came.
    AttendanceRecord = "attendance.record",
    /// Note a language into which a meeting could be interpreted.
    InterpretationOffer = "interpretation.offer",
    /// Confirm that a meeting is interpreted into a language.
    InterpretationConfirm = "interpretation.confirm",
    /// Generate marked participations for a trial.
    ParticipationGenerate = "participation.generate",
    /// Forget what somebody needed to take part, some time after the meeting. The server does it.
    ParticipationForget = "participation.forget",
    /// Set the agenda of a meeting.
    AgendaRevise = "agenda.revise",
    /// Write minutes.
    MinutesRevise = "minutes.revise",
    /// Put minutes before those who take part.
    MinutesCirculate = "minutes.circulate",
    /// Comment on circulated minutes.
    MinutesComment = "minutes.comment",
    /// Record that minutes were agreed.
    MinutesAdopt = "minutes.adopt",
    /// Change minutes after they were agreed.
    MinutesAmend = "minutes.amend",
    /// Hold a meeting at another place or by another link.
    MeetingRelocate = "meeting.relocate",
    /// Hear of changes of meetings as they come.
    MeetingFollow = "meeting.follow",
    /// Derive a meeting's instant anew after a change of the zone data.
    MeetingRederive = "meeting.rederive",
    /// Put down a commitment.
    CommitmentCreate = "commitment.create",
    /// Promise what was proposed.
    CommitmentAccept = "commitment.accept",
    /// Tell how far a commitment is.
    CommitmentReport = "commitment.report",
    /// Confirm what became of a commitment.
    CommitmentConfirm = "commitment.confirm",
    /// Take a commitment back.
    CommitmentWithdraw = "commitment.withdraw",
    /// Put another commitment in the place of one.
    CommitmentSupersede = "commitment.supersede",
    /// Remind of a commitment. The server does it.
    CommitmentRemind = "commitment.remind",
    /// Note that a meeting fell into the days around an election.
    MeetingConflict = "meeting.conflict",
    /// Remind of a meeting. The server does it.
    MeetingRemind = "meeting.remind",
    /// Look for slots at which a group can meet.
    SlotsSuggest = "slots.suggest",
    /// Read the polls about slots of meetings.
    SlotPollRead = "slotPoll.read",
    /// Ask about slots for a meeting.
    SlotPollOpen = "slotPoll.open",
    /// Answer to a poll about slots.
    SlotPollAnswer = "slotPoll.answer",
    /// Make a candidate of a poll the meeting's slot.
    SlotPollChoose = "slotPoll.choose",
    /// End a poll without a choice.
    SlotPollClose = "slotPoll.close",
    /// Work out a recurrence without keeping it.
    RecurrencePreview = "recurrence.preview",
    /// Make a private calendar address for oneself.
    FeedTokenCreate = "feedToken.create",
    /// Revoke a private calendar address.
    FeedTokenRevoke = "feedToken.revoke",
    /// Fetch a private calendar by its address; noted once a day.
    FeedTokenUse = "feedToken.use",
    /// Read an organisation's webhook endpoints, and what was sent to them.
    WebhookEndpointRead = "webhookEndpoint.read",
    /// Have events sent to an address of one's own organisation's.
    WebhookEndpointCreate = "webhookEndpoint.create",
    /// Change a webhook endpoint's address, events or description.
    WebhookEndpointUpdate = "webhookEndpoint.update",
    /// Put another secret of a webhook endpoint into use.
    WebhookEndpointRotate = "webhookEndpoint.rotate",
    /// Take a webhook endpoint out of use.
    WebhookEndpointDisable = "webhookEndpoint.disable",
    /// Put a webhook endpoint into use again.
    WebhookEndpointEnable = "webhookEndpoint.enable",
    /// Remove a webhook endpoint.
    WebhookEndpointDelete = "webhookEndpoint.delete",
    /// Try a webhook endpoint.
    WebhookEndpointPing = "webhookEndpoint.ping",
    /// Have messages sent to a webhook endpoint again.
    WebhookEndpointReplay = "webhookEndpoint.replay",
    /// Read the audit log.
    AuditRead = "audit.read",
}
}
