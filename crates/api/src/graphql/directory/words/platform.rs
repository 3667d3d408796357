//! Closed lists about platforms and their channels. The descriptions are those of the domain.

use async_graphql::Enum;

/// What a service is, in the main.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::platform::PlatformServiceType")]
pub enum PlatformServiceType {
    /// A social network.
    Social,
    /// Sharing of videos.
    Video,
    /// Messaging.
    Messaging,
    /// A search engine.
    Search,
    /// Discussion forums.
    Forum,
    /// A marketplace.
    Marketplace,
    /// Maps.
    Maps,
    /// An encyclopaedia.
    Encyclopaedia,
    /// Music, podcasts, radio.
    Audio,
    /// Adult content.
    Adult,
    /// Generation of content by machines.
    GenerativeAi,
    /// Delivery of advertising.
    AdNetwork,
    /// A shop for applications.
    AppStore,
    /// Something else.
    Other,
}

/// A service's standing under the European Union's Digital Services Act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::platform::DsaStatus")]
pub enum DsaStatus {
    /// Not designated.
    None,
    /// A very large online platform.
    Vlop,
    /// A very large online search engine.
    Vlose,
    /// It was designated and is no more.
    Ended,
}

/// How a list of services is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::platform::PlatformServiceOrder")]
pub enum PlatformServiceOrder {
    /// By the English name, A first.
    Name,
}

/// What a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::channel::ChannelKind")]
pub enum ChannelKind {
    /// A person who answers.
    LiaisonPerson,
    /// A mailbox.
    Email,
    /// A form on a page.
    WebForm,
    /// A portal for partners.
    PartnerPortal,
    /// An interface for programs.
    Api,
    /// A telephone.
    Phone,
    /// A group in a messaging service.
    MessagingGroup,
    /// Where papers with legal force are served.
    LegalIntake,
}

/// What a channel is for, in the kinds of contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::channel::ChannelPurpose")]
pub enum ChannelPurpose {
    /// A review under the platform's rules.
    Escalation,
    /// A notice with legal force.
    LegalNotice,
    /// An order with legal force.
    LegalOrder,
    /// A question of fact.
    InformationRequest,
    /// A question about a rule.
    PolicyQuestion,
    /// Dates, procedures, official accounts.
    AuthoritativeInfo,
    /// Political advertising.
    AdMatter,
    /// Verification or recovery of an account.
    AccountSupport,
    /// A warning of a threat.
    ThreatWarning,
    /// Training and exercises.
    Training,
    /// Appeals and reviews afterwards.
    FollowUp,
}

/// Whether a channel can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::channel::ChannelStatus")]
pub enum ChannelStatus {
    /// Nobody has tried it since it was entered or changed.
    Unverified,
    /// It was verified.
    Active,
    /// It answers late or in part.
    Degraded,
    /// It is closed; it stays readable and cannot come back.
    Retired,
}

/// How a list of channels is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::channel::ChannelOrder")]
pub enum ChannelOrder {
    /// Verified last first; those never verified come last.
    VerifiedAtDesc,
    /// By when it was entered, the oldest first.
    CreatedAt,
}
