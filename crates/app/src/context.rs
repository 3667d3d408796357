//! Who asks, when, and in which languages: made once a request and handed to every use case.

use tertulia_domain::{
    Result,
    id::MembershipId,
    policy::{self, Act, Actor, ContactSight, DialogueSight, DirectorySight, Grant, Scope},
    text::LanguageTag,
    time::Instant,
};
use tertulia_persistence::Statements;

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
}

impl Ctx {
    /// A context for `actor`.
    pub fn new(actor: Actor, now: Instant, request_id: String, languages: Vec<LanguageTag>) -> Self {
        Self { actor, now, request_id, languages, statements: Statements::default() }
    }

    /// A context for the server's own work.
    pub(crate) fn system(now: Instant, request_id: String) -> Self {
        Self::new(Actor::System, now, request_id, Vec::new())
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

    /// Which dialogues and meetings the caller may read.
    pub fn dialogues(&self) -> DialogueSight {
        DialogueSight::of(&self.actor)
    }

    /// What of the directory the caller may read beyond what is public.
    pub fn directory(&self) -> DirectorySight {
        DirectorySight::of(&self.actor)
    }
}
