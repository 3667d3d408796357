//! Closed lists about elections, experts, programmes and publications. The descriptions are those of the domain.

use async_graphql::Enum;

/// What is elected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::election::ElectionType")]
pub enum ElectionType {
    /// A president, by the people.
    Presidential,
    /// A president, by a parliament or college.
    PresidentialIndirect,
    /// A parliament of one chamber, or both chambers.
    Legislative,
    /// A lower chamber.
    LegislativeLower,
    /// An upper chamber.
    LegislativeUpper,
    /// Another office of the executive.
    ExecutiveOther,
    /// Local authorities.
    Local,
    /// A question put to the people.
    Referendum,
    /// A seat that fell vacant.
    ByElection,
    /// A body of several countries.
    Supranational,
}

/// How certain an election is, and how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::election::ElectionStatus")]
pub enum ElectionStatus {
    /// The authorities announced it without a day.
    Announced,
    /// A source expects it.
    Expected,
    /// It was expected, its day has passed, and no source says that it was held. Never stored: it follows from the date.
    Unconfirmed,
    /// The authorities set its day.
    Scheduled,
    /// It was put off.
    Postponed,
    /// It was called off.
    Cancelled,
    /// It was held.
    Held,
    /// Its result is final.
    Certified,
}

/// How a list of elections is sorted; those without a polling day come last in the one and first in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::election::ElectionOrder")]
pub enum ElectionOrder {
    /// By the first polling day, the earliest first.
    PollingDay,
    /// By the first polling day, the latest first.
    PollingDayDesc,
}

/// How exactly a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::entry::Precision")]
pub enum Precision {
    /// To the day.
    Day,
    /// To the month; the date given is its first day.
    Month,
    /// To the year; the date given is its first day.
    Year,
}

/// Who may find an expert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::expert::Listing")]
pub enum Listing {
    /// The expert and the coordinator.
    Nobody,
    /// Everybody who is signed in as a member of the coalition.
    Coalition,
    /// Anyone.
    Public,
}

/// How a list of experts is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::expert::ExpertOrder")]
pub enum ExpertOrder {
    /// By name, A first.
    Name,
}

/// How a list of programmes is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::reporting_programme::ReportingProgrammeOrder")]
pub enum ReportingProgrammeOrder {
    /// By the name, A first.
    Name,
}

/// What a publication is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::knowledge::publication::PublicationType")]
pub enum PublicationType {
    /// A report.
    Report,
    /// Guidance for practitioners.
    Guide,
    /// The study of one case.
    CaseStudy,
    /// A public summary of minutes.
    MinutesSummary,
    /// A tool.
    Tool,
    /// Data.
    Dataset,
}

/// Who may read that a publication exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::knowledge::publication::PublicationVisibility")]
pub enum PublicationVisibility {
    /// Anyone.
    Public,
    /// Everybody who is signed in as a member of the coalition.
    Coalition,
}

/// How a list of publications is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::knowledge::publication::PublicationOrder")]
pub enum PublicationOrder {
    /// By the day of publication, the latest first.
    PublishedOnDesc,
}
