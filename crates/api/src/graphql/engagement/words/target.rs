//! The words of response targets.

use async_graphql::Enum;

/// What time a target counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::target::TargetClock")]
pub enum TargetClock {
    /// Every minute.
    Elapsed,
    /// The minutes in which somebody works, by the target's calendar.
    Business,
}

/// What a target stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::target::TargetNature")]
pub enum TargetNature {
    /// The platform's own promise.
    Promised,
    /// An agreement of both sides.
    Agreed,
    /// A law or an order.
    Statutory,
    /// What is expected where nobody promised anything.
    Expected,
}

/// How a target stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::target::TargetState")]
pub enum TargetState {
    /// No target binds the contact; or it ended before its time was over without an answer, as when it was withdrawn.
    NoTarget,
    /// There is time, or the clock stands still while the receiver waits for the sender.
    Running,
    /// The last quarter of the time, at most a day, has begun.
    DueSoon,
    /// The answer came in time.
    Met,
    /// The time is over and no answer came.
    Missed,
    /// An answer came, and not in time.
    MissedThenAnswered,
}

/// What of a poll a time counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::election_span::Anchor")]
pub enum PollAnchor {
    /// When polling stations open; the day's beginning where no source says when.
    PollOpen,
    /// When polling stations close; the day's end where no source says when.
    PollClose,
    /// The whole polling day, in whole days before and after it.
    PollDay,
}

/// How a list of targets is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::response_target::ResponseTargetOrder")]
pub enum ResponseTargetOrder {
    /// By when it was entered, the latest first.
    CreatedAtDesc,
}
