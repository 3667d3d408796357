//! What a receiver answers, and where the sides differ.

use async_graphql::Enum;

/// The class of an answer. `NO_RESPONSE` is set by closing in silence and is never an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Outcome")]
pub enum DecisionOutcome {
    /// The receiver did something.
    ActionTaken,
    /// Looked at, and found within the rules.
    NoActionNotViolating,
    /// Not enough to go on.
    NoActionInsufficientInformation,
    /// Not the receiver's matter.
    NoActionOutOfScope,
    /// Gone before anybody acted.
    AlreadyUnavailable,
    /// What was asked was answered.
    InformationProvided,
    /// Passed to somebody else.
    Referred,
    /// Silence, found when the contact was closed.
    NoResponse,
}

/// What was applied; the families of the EU's transparency database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Action")]
pub enum DecisionAction {
    /// Content was removed.
    ContentRemoved,
    /// Access was disabled.
    AccessDisabled,
    /// Hidden in some countries.
    GeoRestricted,
    /// Shown less.
    Demoted,
    /// Shown to adults only.
    AgeRestricted,
    /// Answers, shares or likes were limited.
    InteractionRestricted,
    /// A label was put on it.
    Labelled,
    /// An information panel was added.
    InfoPanelAdded,
    /// An advertisement was rejected.
    AdRejected,
    /// Earnings were suspended.
    MonetisationSuspended,
    /// Earnings were ended.
    MonetisationTerminated,
    /// An account was suspended.
    AccountSuspended,
    /// An account was ended.
    AccountTerminated,
    /// The service was suspended in part.
    ServicePartiallySuspended,
    /// The service was suspended.
    ServiceSuspended,
    /// Something else.
    Other,
}

/// How much of what was listed was acted upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Extent")]
pub enum DecisionExtent {
    /// Everything.
    Full,
    /// Some of it.
    Partial,
    /// Nothing.
    None,
}

/// The ground that the receiver named for its decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Ground")]
pub enum DecisionGround {
    /// Its terms.
    Terms,
    /// A law.
    Law,
    /// None.
    NoneGiven,
}

/// What the sides differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::divergence::DivergenceKind")]
pub enum DivergenceKind {
    /// When receipt was confirmed, by a unit of the coarser precision or more.
    AcknowledgedAt,
    /// When a question was asked.
    AskedAt,
    /// When it was decided.
    DecidedAt,
    /// The class of the answer.
    Outcome,
    /// What was applied.
    Actions,
    /// The class of the answer for one item.
    ItemOutcome,
}
