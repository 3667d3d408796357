//! The words of statistic releases.

use async_graphql::Enum;

/// Where a statistic release stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::statistic_release::ReleaseStatus")]
pub enum StatisticReleaseStatus {
    /// Its numbers are being worked out (`progress`). Only the coordinator reads it.
    Preparing,
    /// Open to the comment of the platforms that it names, or waiting to be published. Only they and the coordinator read it.
    Proposed,
    /// Readable by everybody.
    Published,
    /// Taken back before it was published. Only the platforms that it names and the coordinator read it.
    Withdrawn,
}

/// How a list of statistic releases is sorted. What is not published stands where it was proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::statistic_release::ReleaseOrder")]
pub enum StatisticReleaseOrder {
    /// The latest published first.
    PublishedAtDesc,
    /// The first published first.
    PublishedAt,
}

/// Why a number is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::suppression::Label")]
pub enum SuppressionReason {
    /// It counts too few contacts, or contacts of too few electoral bodies, or one body stands out. In a table so thin that telling which
    /// numbers could be told would give the others away, every number that is not told has this reason.
    Primary,
    /// It could be told; but with it a number that cannot could be worked out.
    Complementary,
}

/// What the numbers of a statistic release are told apart by. They are always the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum StatisticDimension {
    /// What the contacts are about: `ESCALATION`, `LEGAL` (notices and orders) or `REQUEST` (requests for information, questions about
    /// policies, matters of advertising, help with accounts, follow-ups). These are never added up.
    Kind,
    /// The platform, by its id.
    Platform,
    /// The continent of the body's country, by its code in the United Nations' M49; `NONE` for bodies of no single country.
    Region,
}
