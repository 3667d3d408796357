//! The words of imports.

use async_graphql::Enum;

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::contact_import::ImportStatus")]
pub enum ContactImportStatus {
    /// It waits for a server.
    Queued,
    /// It is under way.
    Running,
    /// Every row was looked at.
    Done,
    /// The file cannot be imported; nothing more of it will be. `failure` says why.
    Failed,
    /// Somebody stopped it; what was imported before stays.
    Cancelled,
}

/// What a column of a file of contacts says. Headers tell it in English, Spanish, French, Portuguese or Arabic, as the templates have
/// them, and as exports do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::contact_import::Field")]
pub enum ContactImportField {
    /// The service, by its id or one of its names. One that the directory does not have is a fault.
    PlatformService,
    /// The platform or service; a name that the directory does not have is kept as `platformName`.
    Platform,
    /// What the contact is about: a `ContactKind`. Needed.
    Kind,
    /// Its legal ground: a `LegalBasis`. Needed.
    LegalBasis,
    /// The way it took: a `ContactMedium`.
    Medium,
    /// How soon an answer is needed: an `Urgency`.
    Urgency,
    /// What the matter is: `IssueType`s, separated by spaces, commas or semicolons.
    IssueTypes,
    /// One line.
    Subject,
    /// The matter at length.
    Description,
    /// The language, as a BCP 47 tag.
    Language,
    /// The body's own number.
    CaseNumber,
    /// Who reads it: PARTIES or ORGANISATION.
    Visibility,
    /// Addresses of content, separated by spaces or line breaks.
    Urls,
    /// When it was sent; a row without is a draft.
    SentAt,
    /// When it was acknowledged.
    AcknowledgedAt,
    /// When it was decided.
    DecidedAt,
    /// The class of the answer: a `DecisionOutcome`.
    Outcome,
    /// What was applied: `DecisionAction`s, separated by spaces, commas or semicolons.
    Actions,
    /// The receiver's explanation.
    Explanation,
    /// How it was acknowledged and decided: a `ContactFormat`.
    Format,
    /// When it was closed.
    ClosedAt,
    /// Why it was closed.
    CloseReason,
    /// The channel it took, by its id or its address.
    Channel,
    /// The election it belongs to: its id, its key, or one of its polling days, as 2026-04-12, for an election of the body's country.
    Election,
    /// The agreement or law it stands on, by its id, its key or one of its titles.
    Instrument,
    /// The incident it belongs to, by its id or its title: one that is not closed and in which the body takes part.
    Incident,
}

/// The order of the parts of a date that does not begin with the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::contact_import::DateOrder")]
pub enum DateOrder {
    /// Day, month, year: 02/03/2026 is the 2nd of March.
    DayMonthYear,
    /// Month, day, year: 02/03/2026 is the 3rd of February.
    MonthDayYear,
}
