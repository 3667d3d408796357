//! Words of what a receiver answers.

use crate::error::closed;

closed! {
    /// The class of an answer. `NO_RESPONSE` is set by closing in silence and is never an input.
    Outcome {
        /// The receiver did something.
        ActionTaken = "ACTION_TAKEN",
        /// Looked at, and found within the rules.
        NoActionNotViolating = "NO_ACTION_NOT_VIOLATING",
        /// Not enough to go on.
        NoActionInsufficientInformation = "NO_ACTION_INSUFFICIENT_INFORMATION",
        /// Not the receiver's matter.
        NoActionOutOfScope = "NO_ACTION_OUT_OF_SCOPE",
        /// Gone before anybody acted.
        AlreadyUnavailable = "ALREADY_UNAVAILABLE",
        /// What was asked was answered.
        InformationProvided = "INFORMATION_PROVIDED",
        /// Passed to somebody else.
        Referred = "REFERRED",
        /// Silence, found when the contact was closed.
        NoResponse = "NO_RESPONSE",
    }
}

closed! {
    /// What was applied; the families of the EU's transparency database.
    Action {
        /// Content was removed.
        ContentRemoved = "CONTENT_REMOVED",
        /// Access was disabled.
        AccessDisabled = "ACCESS_DISABLED",
        /// Hidden in some countries.
        GeoRestricted = "GEO_RESTRICTED",
        /// Shown less.
        Demoted = "DEMOTED",
        /// Shown to adults only.
        AgeRestricted = "AGE_RESTRICTED",
        /// Answers, shares or likes were limited.
        InteractionRestricted = "INTERACTION_RESTRICTED",
        /// A label was put on it.
        Labelled = "LABELLED",
        /// An information panel was added.
        InfoPanelAdded = "INFO_PANEL_ADDED",
        /// An advertisement was rejected.
        AdRejected = "AD_REJECTED",
        /// Earnings were suspended.
        MonetisationSuspended = "MONETISATION_SUSPENDED",
        /// Earnings were ended.
        MonetisationTerminated = "MONETISATION_TERMINATED",
        /// An account was suspended.
        AccountSuspended = "ACCOUNT_SUSPENDED",
        /// An account was ended.
        AccountTerminated = "ACCOUNT_TERMINATED",
        /// The service was suspended in part.
        ServicePartiallySuspended = "SERVICE_PARTIALLY_SUSPENDED",
        /// The service was suspended.
        ServiceSuspended = "SERVICE_SUSPENDED",
        /// Something else.
        Other = "OTHER",
    }
}

closed! {
    /// How much of what was listed was acted upon.
    Extent {
        /// Everything.
        Full = "FULL",
        /// Some of it.
        Partial = "PARTIAL",
        /// Nothing.
        None = "NONE",
    }
}

closed! {
    /// The ground that the receiver named for its decision.
    Ground {
        /// Its terms.
        Terms = "TERMS",
        /// A law.
        Law = "LAW",
        /// None.
        NoneGiven = "NONE_GIVEN",
    }
}
