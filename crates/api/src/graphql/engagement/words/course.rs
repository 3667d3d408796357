//! A contact's course.

use async_graphql::Enum;

/// Where a contact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Status")]
pub enum ContactStatus {
    /// Being prepared; the sender's only.
    Draft,
    /// Sent; no answer yet.
    Sent,
    /// A person at the receiver confirmed receipt.
    Acknowledged,
    /// The receiver asked something and waits for the sender.
    AwaitingSender,
    /// The receiver decided.
    Decided,
    /// The sender appealed against the decision.
    Disputed,
    /// Over.
    Closed,
    /// Taken back by the sender.
    Withdrawn,
    /// Dropped before it was sent.
    Discarded,
    /// Passed to somebody else before it was sent.
    Referred,
}

/// What a fact tells of; each act on a contact tells of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Step")]
pub enum ContactStep {
    /// The sender sent it.
    Sent,
    /// The receiver confirmed receipt.
    Acknowledged,
    /// The receiver asked the sender something.
    Asked,
    /// The sender answered what was asked.
    Replied,
    /// The receiver decided.
    Decided,
    /// The sender appealed against the decision.
    Disputed,
    /// The sender closed it.
    Closed,
    /// The sender opened it again.
    Reopened,
    /// The sender took it back.
    Withdrawn,
    /// The sender dropped it before sending.
    Discarded,
    /// The sender passed it to somebody else before sending.
    Referred,
}

/// Who says so. Follows from the membership acted under; never an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::AssertedBy")]
pub enum AssertedBy {
    /// The electoral body saw or heard it.
    EbObserved,
    /// The platform says so itself.
    PlatformReported,
    /// The coordinator recorded it for a body.
    Coordinator,
}

/// How a step was told in the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Format")]
pub enum ContactFormat {
    /// In writing.
    Written,
    /// By voice.
    Oral,
    /// In writing and by voice.
    Both,
    /// By a machine. An automated receipt is kept and moves nothing.
    Automated,
}

/// How exactly a moment is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Precision")]
pub enum OccurredPrecision {
    /// To the minute.
    Minute,
    /// To the hour.
    Hour,
    /// To the day.
    Day,
}

/// How a contact ended; follows from where it stood when it was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::vocabulary::Closure")]
pub enum ContactClosure {
    /// With a decision.
    Answered,
    /// In silence, after the target or 30 days.
    NoResponse,
    /// Delivered; a kind that expects no answer.
    Completed,
    /// While the receiver waited for the sender.
    Overtaken,
}

/// An act on a contact; the mutation is the same word after `contact`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::allowed_acts::Act")]
pub enum ContactAct {
    /// Send a draft.
    Send,
    /// Change who reads it.
    Share,
    /// Tell that receipt was confirmed.
    Acknowledge,
    /// Tell what was decided.
    Decide,
    /// Ask the sender something.
    Ask,
    /// Answer the receiver's question.
    Reply,
    /// Appeal against the decision.
    Dispute,
    /// Close it.
    Close,
    /// Open it again.
    Reopen,
    /// Take it back.
    Withdraw,
    /// Drop a draft.
    Discard,
    /// Pass a draft to somebody else.
    Refer,
    /// Correct a fact of one's own side.
    Correct,
    /// Write to the other side.
    Comment,
    /// Attach a file.
    Attach,
    /// Say which service a name means.
    ResolvePlatform,
}

/// How a list of contacts is sorted. A draft stands where it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::filter::ContactOrder")]
pub enum ContactOrder {
    /// The latest sent first.
    SentAtDesc,
    /// The first sent first.
    SentAt,
    /// The latest changed first.
    ChangedAtDesc,
    /// The first changed first.
    ChangedAt,
    /// What is due first comes first, and behind all that what was missed for good; `status` narrows to what still waits.
    /// Contacts without a target do not stand in this list.
    DueAt,
}
