//! Words of a contact's course: its states and steps, and who tells of them.

use super::heading::Direction;
use crate::error::closed;
pub use crate::policy::Side;

closed! {
    /// Where a contact stands.
    Status {
        /// Being prepared; the sender's only.
        Draft = "DRAFT",
        /// Sent; no answer yet.
        Sent = "SENT",
        /// A person at the receiver confirmed receipt.
        Acknowledged = "ACKNOWLEDGED",
        /// The receiver asked something and waits for the sender.
        AwaitingSender = "AWAITING_SENDER",
        /// The receiver decided.
        Decided = "DECIDED",
        /// The sender appealed against the decision.
        Disputed = "DISPUTED",
        /// Over.
        Closed = "CLOSED",
        /// Taken back by the sender.
        Withdrawn = "WITHDRAWN",
        /// Dropped before it was sent.
        Discarded = "DISCARDED",
        /// Passed to somebody else before it was sent.
        Referred = "REFERRED",
    }
}

closed! {
    /// What a fact tells of. The order of declaration is the order of steps told for one and the same moment.
    Step {
        /// The sender sent it.
        Sent = "SENT",
        /// The receiver confirmed receipt.
        Acknowledged = "ACKNOWLEDGED",
        /// The receiver asked the sender something.
        Asked = "ASKED",
        /// The sender answered what was asked.
        Replied = "REPLIED",
        /// The receiver decided.
        Decided = "DECIDED",
        /// The sender appealed against the decision.
        Disputed = "DISPUTED",
        /// The sender closed it.
        Closed = "CLOSED",
        /// The sender opened it again.
        Reopened = "REOPENED",
        /// The sender took it back.
        Withdrawn = "WITHDRAWN",
        /// The sender dropped it before sending.
        Discarded = "DISCARDED",
        /// The sender passed it to somebody else before sending.
        Referred = "REFERRED",
    }
}

impl Step {
    /// Whether `side` can tell of this step of a contact in that direction by an act. Receiving and deciding are told by
    /// either side; a question is the receiver's, everything else the sender's. The coordinator speaks under a mandate only.
    pub fn is_told_by(self, side: Side, direction: Direction) -> bool {
        match self {
            // Under a mandate of the body, the coordinator tells of these too.
            Self::Acknowledged | Self::Decided => true,
            Self::Sent => side == direction.sender() || side == Side::Coordinator,
            Self::Asked => side == direction.receiver(),
            _ => side == direction.sender(),
        }
    }

    /// Whether the fact must give a reason.
    pub const fn wants_reason(self) -> bool {
        matches!(self, Self::Disputed | Self::Closed | Self::Reopened | Self::Withdrawn | Self::Discarded | Self::Referred)
    }
}

impl Side {
    /// How the side's knowledge is called in answers.
    pub const fn asserted_by(self) -> AssertedBy {
        match self {
            Self::ElectoralBody => AssertedBy::EbObserved,
            Self::Platform => AssertedBy::PlatformReported,
            Self::Coordinator => AssertedBy::Coordinator,
        }
    }
}

closed! {
    /// Who says so. Follows from the membership acted under; never an input.
    AssertedBy {
        /// The electoral body saw or heard it.
        EbObserved = "EB_OBSERVED",
        /// The platform says so itself.
        PlatformReported = "PLATFORM_REPORTED",
        /// The coordinator recorded it for a body.
        Coordinator = "COORDINATOR",
    }
}

closed! {
    /// How a step was told in the world.
    Format {
        /// In writing.
        Written = "WRITTEN",
        /// By voice.
        Oral = "ORAL",
        /// In writing and by voice.
        Both = "BOTH",
        /// By a machine. An automated receipt is kept and moves nothing.
        Automated = "AUTOMATED",
    }
}

closed! {
    /// How exactly a moment is known.
    Precision {
        /// To the minute.
        Minute = "MINUTE",
        /// To the hour.
        Hour = "HOUR",
        /// To the day.
        Day = "DAY",
    }
}

impl Precision {
    /// The length of one unit.
    pub const fn unit(self) -> chrono::TimeDelta {
        match self {
            Self::Minute => chrono::TimeDelta::minutes(1),
            Self::Hour => chrono::TimeDelta::hours(1),
            Self::Day => chrono::TimeDelta::days(1),
        }
    }
}

closed! {
    /// How a contact ended; follows from where it stood when it was closed.
    Closure {
        /// With a decision.
        Answered = "ANSWERED",
        /// In silence, after the target or 30 days.
        NoResponse = "NO_RESPONSE",
        /// Delivered; a kind that expects no answer.
        Completed = "COMPLETED",
        /// While the receiver waited for the sender.
        Overtaken = "OVERTAKEN",
    }
}
