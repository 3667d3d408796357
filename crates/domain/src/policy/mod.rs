//! Who may do what: one table of acts and roles, one function that reads it, and the values that lists filter by.
//!
//! A use case asks [`decide`] on its first line. What it gets is a [`Grant`], which only this module can make and which
//! the unit of work demands before it commits: a write that nobody permitted does not compile.

mod act;
mod actor;
mod api_scope;
mod audit_sight;
mod climb;
mod matrix;
mod owner_sight;
mod release_sight;
mod role;
mod sight;

pub use act::Act;
pub use actor::{Actor, Coverage, Member, OrganisationKind};
pub use api_scope::{ApiScope, ApiScopes};
pub use audit_sight::AuditSight;
pub use climb::{Gift, may_give};
pub use matrix::{Right, who_may};
pub use owner_sight::OwnerSight;
pub use release_sight::ReleaseSight;
pub use role::{Caller, Role, Side};
pub use sight::{ContactSight, DialogueSight, DirectorySight, MembershipSight, ParticipationSight, PlatformSight};

use crate::{
    error::{Error, Result},
    id::{ApiClientId, MembershipId, OrganisationId, UserId},
    text::CountryCode,
};

impl Act {
    /// The act's name, object first (`contact.log`).
    pub const fn name(self) -> &'static str {
        self.as_str()
    }
}

/// What the decision needs to know of the object that the act is about.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The organisation that owns the object: the sender of a contact, the subject of a directory entry, the convener of a bilateral dialogue.
    pub owner: Option<OrganisationId>,
    /// The organisation on the other side: a contact's receiver.
    pub counterpart: Option<OrganisationId>,
    /// The organisation of the caller that convenes the dialogue to which the object belongs, if one does.
    pub convener: Option<OrganisationId>,
    /// The user whom the object is about: an expert's own profile, a user's own session.
    pub user: Option<UserId>,
    /// The country concerned, for rights limited to one's own.
    pub country: Option<CountryCode>,
    /// Whether the owner already has an administrator.
    pub has_administrator: bool,
    /// Whether the electoral body gave the coordinator a mandate for it.
    pub mandated: bool,
}

impl Scope {
    /// The scope of an object that an organisation owns.
    pub fn owned_by(owner: OrganisationId) -> Self {
        Self { owner: Some(owner), ..Self::default() }
    }

    /// The scope of an object that a user owns.
    pub fn of_user(user: UserId) -> Self {
        Self { user: Some(user), ..Self::default() }
    }
}

/// The proof that the policy allowed an act, and under which membership.
#[derive(Clone, Debug)]
pub struct Grant {
    act: Act,
    user: Option<UserId>,
    client: Option<ApiClientId>,
    member: Option<Member>,
}

impl Grant {
    /// The act that was allowed.
    pub fn act(&self) -> Act {
        self.act
    }

    /// The person who acts; none for an API client and the system.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }

    /// The API client that acts.
    pub fn client(&self) -> Option<ApiClientId> {
        self.client
    }

    /// The membership under which the person acts.
    pub fn member(&self) -> Option<&Member> {
        self.member.as_ref()
    }

    /// The organisation for which the person acts.
    pub fn organisation(&self) -> Option<OrganisationId> {
        self.member.as_ref().map(|member| member.organisation)
    }

    /// The side for which facts are asserted under this grant.
    pub fn side(&self) -> Option<Side> {
        self.member.as_ref().and_then(|member| member.role.side())
    }
}

/// Refuses early, before any database work, a caller none of whose roles may ever do `act`.
pub fn may_ever(actor: &Actor, act: Act) -> Result<()> {
    let ever = actor.callers(act).any(|(caller, _)| matrix::right(act, caller) != Right::No);
    if ever { Ok(()) } else { Err(refusal(actor, act)) }
}

/// Whether `actor` may do `act` under a mandate, which is then to be looked up before the decision.
pub fn needs_mandate(actor: &Actor, act: Act) -> bool {
    actor.callers(act).any(|(caller, _)| matrix::right(act, caller) == Right::Mandated)
}

/// Decides whether `actor` may do `act` on what `scope` describes. `acting_as` chooses one of several memberships; without
/// it the first that allows the act is taken.
///
/// # Errors
/// `UNAUTHENTICATED` for an anonymous caller, `FORBIDDEN` for any other.
pub fn decide(actor: &Actor, act: Act, scope: &Scope, acting_as: Option<MembershipId>) -> Result<Grant> {
    actor
        .callers(act)
        .filter(|(_, member)| acting_as.is_none() || member.map(|member| member.id) == acting_as)
        .find(|(caller, member)| matrix::right(act, *caller).holds(actor, *member, scope))
        .map(|(_, member)| Grant { act, user: actor.user(), client: actor.client(), member: member.cloned() })
        .ok_or_else(|| refusal(actor, act))
}

fn refusal(actor: &Actor, act: Act) -> Error {
    match actor {
        Actor::Anonymous => Error::unauthenticated("Sign in first."),
        Actor::Client { scopes, .. } if !scopes.open(act) => match ApiScope::of(act) {
            Some(needed) => Error::forbidden(format!("{} needs the scope {needed}, which this token has not.", act.name())),
            None => Error::forbidden(format!("{} is for people; no scope opens it to API clients.", act.name())),
        },
        _ => Error::forbidden(format!("Your roles do not allow {}. {}", act.name(), who_may(act))),
    }
}

#[cfg(test)]
mod tests;
