//! What a column can say.

use crate::error::closed;

closed! {
    /// What a column of a file of contacts says.
    Field {
        /// The service, by its id or by one of its names.
        PlatformService = "PLATFORM_SERVICE",
        /// The platform or service; a name that the directory does not have is kept as it is.
        Platform = "PLATFORM",
        /// What the contact is about.
        Kind = "KIND",
        /// Its legal ground.
        LegalBasis = "LEGAL_BASIS",
        /// The way it took.
        Medium = "MEDIUM",
        /// How soon an answer is needed.
        Urgency = "URGENCY",
        /// What the matter is; several separated by spaces, commas or semicolons.
        IssueTypes = "ISSUE_TYPES",
        /// One line.
        Subject = "SUBJECT",
        /// The matter at length.
        Description = "DESCRIPTION",
        /// The language.
        Language = "LANGUAGE",
        /// The body's own number.
        CaseNumber = "CASE_NUMBER",
        /// Who reads it.
        Visibility = "VISIBILITY",
        /// Addresses of content, separated by spaces or breaks.
        Urls = "URLS",
        /// When it was sent.
        SentAt = "SENT_AT",
        /// When it was acknowledged.
        AcknowledgedAt = "ACKNOWLEDGED_AT",
        /// When it was decided.
        DecidedAt = "DECIDED_AT",
        /// The class of the answer.
        Outcome = "OUTCOME",
        /// What was applied; several separated by spaces, commas or semicolons.
        Actions = "ACTIONS",
        /// The receiver's explanation.
        Explanation = "EXPLANATION",
        /// How the answer came.
        Format = "FORMAT",
        /// When it was closed.
        ClosedAt = "CLOSED_AT",
        /// Why it was closed.
        CloseReason = "CLOSE_REASON",
        /// The channel it took, by its id or its address.
        Channel = "CHANNEL",
        /// The election it belongs to, by its id, its key, or a polling day of it in the body's country.
        Election = "ELECTION",
        /// The agreement or law it stands on, by its id, its key, or one of its titles.
        Instrument = "INSTRUMENT",
        /// The body's open incident it belongs to, by its id or its title.
        Incident = "INCIDENT",
    }
}

impl Field {
    /// Whether each row must say it.
    pub const fn is_required(self) -> bool {
        matches!(self, Self::Kind | Self::LegalBasis)
    }
}
