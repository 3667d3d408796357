//! What a sender says of a contact.

use async_graphql::Enum;

/// What a contact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Kind")]
pub enum ContactKind {
    /// A request for review under the platform's own rules.
    Escalation,
    /// A notice with legal force.
    LegalNotice,
    /// An order of a court or authority.
    LegalOrder,
    /// A request for information.
    InformationRequest,
    /// A question about what a rule means or why something was decided.
    PolicyQuestion,
    /// Dates, procedures, official accounts; expects no answer.
    AuthoritativeInfo,
    /// Political advertising.
    AdMatter,
    /// Verification, recovery or protection of an official account.
    AccountSupport,
    /// A platform's warning of a threat, a network or a service incident.
    ThreatWarning,
    /// A training, exercise or introduction; expects no answer.
    Training,
    /// An appeal, or a review after the election.
    FollowUp,
}

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Direction")]
pub enum ContactDirection {
    /// The electoral body writes to the platform.
    EbToPlatform,
    /// The platform writes to the electoral body.
    PlatformToEb,
}

/// The way a contact took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Medium")]
pub enum ContactMedium {
    /// E-mail.
    Email,
    /// A public or partner web form.
    Form,
    /// A partner portal.
    Portal,
    /// A call.
    Phone,
    /// A meeting.
    Meeting,
    /// A messaging group or direct message.
    Messaging,
    /// A programming interface.
    Api,
    /// A letter on paper.
    Letter,
}

/// The legal ground of a contact. Never pooled in statistics: a request under a platform's terms and an order differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::LegalBasis")]
pub enum LegalBasis {
    /// The platform's own rules.
    PlatformTerms,
    /// National law.
    NationalLaw,
    /// An order of a court.
    CourtOrder,
    /// A notice under article 16 of the EU's Digital Services Act.
    DsaArt16,
    /// A trusted flagger's notice under article 22 of the EU's Digital Services Act.
    DsaTrustedFlagger,
    /// None.
    None,
}

/// How soon an answer is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Urgency")]
pub enum Urgency {
    /// Danger to people, or polling is under way.
    Critical,
    /// Loses its point within a day.
    High,
    /// The usual case.
    Normal,
    /// Can wait.
    Low,
}

/// What the matter is, at the first level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::IssueType")]
pub enum IssueType {
    /// False times, places, documents or ways of voting.
    VotingProcedure,
    /// Keeping people from taking part.
    ParticipationInterference,
    /// Encouraging fraud.
    FraudIncitement,
    /// Denying results without ground.
    ResultDelegitimisation,
    /// Posing as the electoral body.
    EbImpersonation,
    /// Threats to or harassment of officials.
    OfficialsThreatOrHarassment,
    /// Violence or hate.
    ViolenceOrHate,
    /// A breach of the silence period or of campaign rules.
    SilenceOrCampaignRule,
    /// Political advertising that does not say what it is.
    PoliticalAdTransparency,
    /// Coordinated inauthentic behaviour.
    CoordinatedInauthentic,
    /// Interference from abroad.
    ForeignInterference,
    /// Abuse because of gender.
    GenderedAbuse,
    /// Publishing private or leaked data.
    DoxingOrLeak,
    /// Something else.
    Other,
}

/// Who reads a contact, once it is sent. A contact that was never sent is its sender's only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Visibility")]
pub enum ContactVisibility {
    /// Both sides' organisations and the coordinator.
    Parties,
    /// The sender's organisation.
    Organisation,
    /// The persons listed.
    Named,
}

/// What a piece of content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::ContentType")]
pub enum ContentType {
    /// Text.
    Text,
    /// A still image.
    Image,
    /// Video.
    Video,
    /// Audio.
    Audio,
    /// Made or altered by a machine to look real.
    SyntheticMedia,
    /// A live broadcast.
    Live,
    /// An advertisement.
    Ad,
    /// An account.
    Account,
    /// A group.
    Group,
    /// A channel.
    Channel,
    /// Something else.
    Other,
}
