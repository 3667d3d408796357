//! What a caller may read, keep or act on because his organisation owns it.

use std::collections::BTreeSet;

use super::{
    act::Act,
    actor::Actor,
    matrix::{self, Right},
};
use crate::id::OrganisationId;

/// The organisations whose objects of a kind a caller may read, keep or act on because they own them: their API clients, their
/// webhook endpoints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnerSight {
    everything: bool,
    organisations: BTreeSet<OrganisationId>,
}

impl OwnerSight {
    /// Where `actor` may do `act` to what an organisation owns.
    pub fn of(actor: &Actor, act: Act) -> Self {
        let own = actor.callers(act).filter(|(caller, _)| matrix::right(act, *caller) == Right::Own);
        Self {
            everything: matches!(actor, Actor::System),
            organisations: own.filter_map(|(_, member)| member.map(|member| member.organisation)).collect(),
        }
    }

    /// The server itself reads everything.
    pub fn everything(&self) -> bool {
        self.everything
    }

    /// The organisations.
    pub fn organisations(&self) -> &BTreeSet<OrganisationId> {
        &self.organisations
    }

    /// The only one, if there is one only.
    pub fn only(&self) -> Option<OrganisationId> {
        self.organisations.first().copied().filter(|_| self.organisations.len() == 1)
    }
}
