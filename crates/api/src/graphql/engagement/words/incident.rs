//! Words of incidents.

use async_graphql::Enum;

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::incident::IncidentStatus")]
pub enum IncidentStatus {
    /// Something is being done about it.
    Open,
    /// Nothing is to be done now; it is watched.
    Monitoring,
    /// It is over. It takes no change and no contact unless it is opened again.
    Closed,
}

/// How a list of incidents is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::incident::IncidentOrder")]
pub enum IncidentOrder {
    /// The last changed first.
    UpdatedAtDesc,
    /// The last opened first.
    OpenedAtDesc,
    /// The first opened first.
    OpenedAt,
}
