//! What a caller may read of statistic releases.

use std::collections::BTreeSet;

use super::{actor::Actor, role::Role};
use crate::id::OrganisationId;

/// Which statistic releases a caller may read besides those published: the coordinator all, a platform those that name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseSight {
    everything: bool,
    platforms: BTreeSet<OrganisationId>,
}

impl ReleaseSight {
    /// What `actor` sees: a program reads what is published.
    pub fn of(actor: &Actor) -> Self {
        let members = actor.members_in_person();
        let is_coordinator = members.iter().any(|member| member.role == Role::Coordinator);
        let of_platforms = members.iter().filter(|member| member.role.is_platform());
        Self {
            everything: matches!(actor, Actor::System) || is_coordinator,
            platforms: of_platforms.map(|member| member.organisation).collect(),
        }
    }

    /// Everything: the coordinator and the server.
    pub fn everything(&self) -> bool {
        self.everything
    }

    /// The platforms for which the caller acts.
    pub fn platforms(&self) -> &BTreeSet<OrganisationId> {
        &self.platforms
    }
}
