//! The words of numbers about how platforms answer.

use async_graphql::Enum;

/// What contacts are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::statistics::dimension::ResponsivenessDimension")]
pub enum ResponsivenessDimension {
    /// The platform company; the value is its id.
    Platform,
    /// The platform's service; the value is its id.
    PlatformService,
    /// What they are about; the value is a `ContactKind`.
    Kind,
    /// How soon an answer is needed; the value is an `Urgency`.
    Urgency,
    /// The phase of the election when they were sent; the value is an `ElectionPhase`.
    Phase,
    /// The sub-region of the body's country; the value is its code in the United Nations' M49.
    Region,
    /// The language in which they are written; the value is a BCP 47 tag.
    Language,
    /// The month in which they were sent, in UTC; the value is as `2026-03`.
    Period,
    /// The electoral body that sent them; the value is its id.
    ElectoralBody,
}

/// A phase of an election, the most pressing first: of several elections at a time, the first of these counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::statistics::phase::ElectionPhase")]
pub enum ElectionPhase {
    /// People vote.
    Polling,
    /// Campaigning is forbidden.
    Silence,
    /// Votes are counted: a week from the last poll.
    Counting,
    /// The campaign, until the last poll, between rounds too: from its first day where a source says which, else for 30 days.
    Campaign,
    /// Results are disputed: until 30 days after the last poll.
    Dispute,
    /// The 90 days before the campaign.
    PreCampaign,
    /// Until 90 days after the last poll.
    Post,
    /// No election is near.
    Outside,
}
