//! Closed lists about platforms and their channels. The descriptions are those of the domain.

use async_graphql::Enum;
use tertulia_domain::directory::channel::ChannelPurpose;

use crate::graphql::engagement::words::ContactKind;

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

/// What a channel is for is said in the kinds of contact.
macro_rules! purposes {
    ($($purpose:ident),+ $(,)?) => {
        impl From<ContactKind> for ChannelPurpose {
            fn from(kind: ContactKind) -> Self {
                match kind { $(ContactKind::$purpose => Self::$purpose),+ }
            }
        }
        impl From<ChannelPurpose> for ContactKind {
            fn from(purpose: ChannelPurpose) -> Self {
                match purpose { $(ChannelPurpose::$purpose => Self::$purpose),+ }
            }
        }
    };
}
purposes!(
    Escalation,
    LegalNotice,
    LegalOrder,
    InformationRequest,
    PolicyQuestion,
    AuthoritativeInfo,
    AdMatter,
    AccountSupport,
    ThreatWarning,
    Training,
    FollowUp,
);

/// Whether a channel can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::channel::ChannelStatus")]
pub enum ChannelStatus {
    /// Nobody has tried it since it was entered or changed.
    Unverified,
    /// It was verified.
    Active,
    /// It answers late or in part, as was stated; or it was verified, and is overdue to be checked again or answers have stopped.
    Degraded,
    /// It is closed; it stays readable and cannot come back.
    Retired,
}

/// How exactly it is told when somebody answered over a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ChannelAnswerPrecision {
    /// To the moment: it was an answer to you.
    Exact,
    /// To the week (UTC), of which the moment is the beginning: it was an answer to somebody, with at least 10 contacts of 3 electoral
    /// bodies behind it.
    Week,
}

/// How a list of channels is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::channel::ChannelOrder")]
pub enum ChannelOrder {
    /// Verified last first, by the day; those never verified come last.
    VerifiedAtDesc,
    /// By when it was entered, the oldest first.
    CreatedAt,
    /// Those first on which somebody answers in your languages (`Accept-Language`), the best of them before the others; then those of
    /// which the languages are not known. Among equals verified last first.
    LanguageMatch,
}
