//! Closed lists about instruments. The descriptions are those of the domain.

use async_graphql::Enum;

/// What an instrument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::instrument::InstrumentType")]
pub enum InstrumentType {
    /// A law.
    Law,
    /// A regulation, or a resolution of an electoral court or body with legal force.
    Regulation,
    /// A memorandum of understanding.
    Mou,
    /// A code of practice or conduct.
    Code,
    /// A statement of intent.
    StatementOfIntent,
    /// Guidelines of an authority.
    Guideline,
    /// An accord that many sign.
    Accord,
    /// A platform's own policy or programme.
    PlatformPolicy,
}

/// Whether somebody can be held to an instrument by law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::instrument::Bindingness")]
pub enum Bindingness {
    /// By law.
    Binding,
    /// By his word only.
    Voluntary,
}

/// Whether the coordinator stands behind an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::instrument::InstrumentStatus")]
pub enum InstrumentStatus {
    /// An organisation proposed it; it and the coordinator read it.
    Proposed,
    /// The coordinator recorded or confirmed it. Whether it is over follows from its last day.
    InForce,
}

/// How a list of instruments is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::instrument::InstrumentOrder")]
pub enum InstrumentOrder {
    /// By the title, A first.
    Title,
    /// By the day of signature, the latest first; those without one come last.
    SignedOnDesc,
}
