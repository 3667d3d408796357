//! Who asks, when, and in which languages: made once a request and handed to every use case.

use chrono::TimeDelta;
use tertulia_domain::{
    Result,
    id::MembershipId,
    policy::{self, Act, Actor, ApiScope, ContactSight, DialogueSight, DirectorySight, Grant, ParticipationSight, ReleaseSight, Scope},
    text::LanguageTag,
    time::Instant,
};
use tertulia_persistence::Statements;

/// How long a session that wrote reads from the primary. Longer than [`RENEWED`], a request and [`LAG`] together, so that whatever
/// a session wrote before is on the replica when it is sent there.
const WROTE: TimeDelta = TimeDelta::seconds(90);
/// How old the note of a session's last write may be before a further write renews it.
const RENEWED: TimeDelta = TimeDelta::seconds(20);
/// How far behind a replica may be and still be read from.
pub(crate) const LAG: TimeDelta = TimeDelta::seconds(10);

/// What a request reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reads {
    /// What is committed now: from the primary.
    #[default]
    Now,
    /// What was committed [`LAG`] ago, and perhaps more: from a replica, if there is one that has come so far.
    Lately,
}

/// The context of one request.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// Who asks.
    pub actor: Actor,
    /// The time of the request; it does not move while the request runs.
    pub now: Instant,
    /// The request's id, in the log, the audit and the response.
    pub request_id: String,
    /// The reader's languages, best first.
    pub languages: Vec<LanguageTag>,
    /// Counts the request's SQL statements.
    pub statements: Statements,
    /// What it reads.
    pub reads: Reads,
    /// When the caller's session last wrote, as noted when this request was authenticated; `None` where it was not just then.
    pub wrote_at: Option<Instant>,
}

impl Ctx {
    /// A context for `actor`.
    pub fn new(actor: Actor, now: Instant, request_id: String, languages: Vec<LanguageTag>) -> Self {
        let (statements, reads, wrote_at) = (Statements::default(), Reads::Now, None);
        Self { actor, now, request_id, languages, statements, reads, wrote_at }
    }

    /// A context for the server's own work.
    pub(crate) fn system(now: Instant, request_id: String) -> Self {
        Self::new(Actor::System, now, request_id, Vec::new())
    }

    /// The same for a request that only reads and need not know the last seconds, unless its session wrote a short time ago: whoever
    /// wrote reads what he wrote, whichever server he asks.
    #[must_use]
    pub fn reading(self) -> Self {
        // A connection that stays open was authenticated when it began, and its session may have written since.
        let settled = match self.actor {
            Actor::Anonymous => true,
            Actor::User { .. } | Actor::Client { .. } | Actor::System => self.wrote_at.is_some_and(|at| self.now >= at + WROTE),
        };
        Self { reads: if settled { Reads::Lately } else { Reads::Now }, ..self }
    }

    /// How far what this request reads may be behind.
    pub(crate) fn lag(&self) -> TimeDelta {
        match self.reads {
            Reads::Now => TimeDelta::zero(),
            Reads::Lately => LAG,
        }
    }

    /// Whether a write of this request is to note that its session wrote.
    pub(crate) fn notes_write(&self) -> bool {
        self.wrote_at.is_none_or(|at| self.now >= at + RENEWED)
    }

    /// Refuses early a caller who may never do `act`.
    pub fn may(&self, act: Act) -> Result<()> {
        policy::may_ever(&self.actor, act)
    }

    /// The decision for this act on this object.
    pub fn allow(&self, act: Act, scope: &Scope) -> Result<Grant> {
        policy::decide(&self.actor, act, scope, None)
    }

    /// The decision under one of several memberships; without one, under the first that allows the act.
    pub fn allow_as(&self, act: Act, scope: &Scope, acting_as: Option<MembershipId>) -> Result<Grant> {
        policy::decide(&self.actor, act, scope, acting_as)
    }

    /// Which contacts the caller may read.
    pub fn contacts(&self) -> ContactSight {
        ContactSight::of(&self.actor)
    }

    /// Of which contacts the caller may read counts.
    pub fn counted_contacts(&self) -> ContactSight {
        ContactSight::under(ApiScope::StatisticsRead, &self.actor)
    }

    /// Which dialogues and meetings the caller may read.
    pub fn dialogues(&self) -> DialogueSight {
        DialogueSight::of(&self.actor)
    }

    /// Which participations in meetings the caller may read.
    pub fn participations(&self) -> ParticipationSight {
        ParticipationSight::of(&self.actor)
    }

    /// Which statistic releases the caller may read besides those published.
    pub fn releases(&self) -> ReleaseSight {
        ReleaseSight::of(&self.actor)
    }

    /// What of the directory the caller may read beyond what is public.
    pub fn directory(&self) -> DirectorySight {
        DirectorySight::of(&self.actor)
    }
}
