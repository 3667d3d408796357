//! How one contact counts: a pure function of the contact and all its facts, whatever the order in which they arrived.
//!
//! **Which contacts count**: those that a body sent to a platform ([`Counted::of`] says what is left out and why). A contact counts once,
//! however often it was reopened.
//!
//! **Sent** are all that count. **Answered** is a contact on which the platform decided; an acknowledgement by a human or a question is a
//! first response and no answer, and an automated receipt is neither. **Acted** upon is one whose decision that counts says `ACTION_TAKEN`.
//! **Unanswered** is every other: open, or closed in silence (`NO_RESPONSE`).
//!
//! **Waiting** for a first response begins with the sending and is as exact as the coarser of the two moments
//! ([`clocks`](crate::engagement::clocks)). Without one it is censored: by now, or by the closing if the contact was closed in silence.
//!
//! **One-sided** is a contact of which only one side tells anything: nobody confirmed even that it arrived. **Late** is an entry of a fact that
//! counts more than [`LATE`] after it happened, beyond what its precision leaves open.

use chrono::TimeDelta;

use super::phase::ElectionPhase;
use crate::{
    engagement::{
        clocks::Clock,
        contact::Contact,
        fact::Fact,
        lifecycle::Lifecycle,
        line::{Line, line, telling},
        target::{Course, Mark},
        vocabulary::{Closure, Direction, Kind, Outcome, Side, Status, Urgency, Visibility},
    },
    id::{OrganisationId, PlatformServiceId},
    text::{CountryCode, LanguageTag},
    time::Instant,
};

/// After how long an entry is late.
pub const LATE: TimeDelta = TimeDelta::hours(24);

/// How long a contact waited for a first response, in whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wait {
    /// For so long, until it came.
    Responded(i64),
    /// For so long, until the contact was closed without one.
    Ended(i64),
    /// Until now: since it was sent.
    Open,
}

/// How the target that binds a contact was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Promise {
    /// None binds it, it ended before its time was over, or its clock stands still.
    None,
    /// In time.
    Met,
    /// Not in time, or never.
    Missed,
    /// The answer is awaited: missed from this moment on.
    Due(Instant),
}

/// One contact as it counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
pub struct Counted {
    /// The body that sent it.
    pub electoral_body: OrganisationId,
    /// The body's country, which says the region.
    pub country: Option<CountryCode>,
    /// The company that is to answer; none while only a name is known.
    pub platform: Option<OrganisationId>,
    /// Its service.
    pub service: Option<PlatformServiceId>,
    /// What it is about.
    pub kind: Kind,
    /// How soon an answer is needed.
    pub urgency: Urgency,
    /// The phase of the election when it was sent.
    pub phase: ElectionPhase,
    /// The language in which it is written.
    pub language: Option<LanguageTag>,
    /// Whether the platform may read it: else it counts for its body only.
    pub shared: bool,
    /// Whether a generator made it.
    pub generated: bool,
    /// When it was sent.
    pub sent_at: Instant,
    /// How long it waited for a first response.
    pub wait: Wait,
    /// Whether the platform decided.
    pub answered: bool,
    /// The outcome that counts; `NO_RESPONSE` for a contact closed in silence, none while it is open.
    pub outcome: Option<Outcome>,
    /// How its target was kept.
    pub promise: Promise,
    /// Whether only one side tells anything of it.
    pub one_sided: bool,
    /// Whether a fact of it was recorded late.
    pub late_entry: bool,
}

impl Counted {
    /// How a contact counts, or none if it does not:
    ///
    /// * one that a platform sent, since the numbers say how platforms answer;
    /// * one that was never sent, as a draft, discarded or referred;
    /// * one of a kind that expects no answer;
    /// * one that its sender took back, or closed without an answer while the platform waited for him: its end says nothing of the platform;
    /// * one that only named persons read: what they alone may know is in no number;
    /// * one with a fact that counts and that the coordinator alone tells of.
    pub fn of(contact: &Contact, facts: &[Fact], phase: ElectionPhase) -> Option<Self> {
        let header = &contact.header;
        if header.direction != Direction::EbToPlatform || !header.kind.expects_answer() || contact.visibility == Visibility::Named {
            return None;
        }
        let line = line(contact.terms(), facts);
        let stands = Lifecycle::from_line(&line);
        let sent_at = stands.sent_at?;
        let given_up = stands.status == Status::Withdrawn || (stands.closure == Some(Closure::Overtaken) && stands.decided_at.is_none());
        if given_up || line.moves.iter().any(|step| step.fact.told.side == Side::Coordinator) {
            return None;
        }
        let course = contact.bound.as_ref().and_then(|bound| Course::of(&bound.target, contact.terms(), facts));
        Some(Self {
            electoral_body: contact.electoral_body,
            country: contact.country,
            platform: contact.platform,
            service: contact.service,
            kind: header.kind,
            urgency: header.urgency,
            phase,
            language: header.language.clone(),
            shared: contact.visibility == Visibility::Parties,
            generated: contact.generated,
            sent_at,
            wait: wait(&line, &stands, sent_at),
            answered: stands.decided_at.is_some(),
            outcome: stands.decision.as_ref().map(|effective| effective.decision.outcome),
            promise: course.map_or(Promise::None, promise),
            one_sided: is_one_sided(facts),
            late_entry: line.moves.iter().any(|step| is_late(step.fact)),
        })
    }

    /// Whether its target was kept or not, as far as that is decided at a moment.
    pub fn in_time(&self, now: Instant) -> Option<bool> {
        match self.promise {
            Promise::Met => Some(true),
            Promise::Missed => Some(false),
            Promise::Due(due) => (due <= now).then_some(false),
            Promise::None => None,
        }
    }

    /// How many minutes it has waited, and whether a response came then.
    pub fn waited(&self, now: Instant) -> (i64, bool) {
        match self.wait {
            Wait::Responded(minutes) => (minutes, true),
            Wait::Ended(minutes) => (minutes, false),
            Wait::Open => ((now - self.sent_at).num_minutes().max(0), false),
        }
    }
}

fn wait(line: &Line<'_>, stands: &Lifecycle, sent_at: Instant) -> Wait {
    match (Clock::of(None, line).time_to_first_response, stands.closed_at) {
        (Some(time), _) => Wait::Responded(time.num_minutes()),
        (None, Some(closed)) => Wait::Ended((closed - sent_at).num_minutes().max(0)),
        (None, None) => Wait::Open,
    }
}

/// An answer may still be awaited after its moment, so what is pending is told with that moment.
fn promise(course: Course) -> Promise {
    match course.mark {
        Mark::Met => Promise::Met,
        Mark::Late | Mark::Missed => Promise::Missed,
        Mark::Pending => course.due_at.map_or(Promise::None, Promise::Due),
        Mark::Paused | Mark::Void => Promise::None,
    }
}

fn is_one_sided(facts: &[Fact]) -> bool {
    let told_by = |side: Side| telling(facts).iter().any(|fact| fact.told.side == side);
    !(told_by(Side::ElectoralBody) && told_by(Side::Platform))
}

fn is_late(fact: &Fact) -> bool {
    let unit = fact.told.precision.unit();
    fact.recorded_at - fact.told.occurred_at > LATE + unit
}
