//! What a caller may read of statistic releases.

use std::collections::BTreeSet;

use super::{Coverage, actor::Actor, actor::Member, role::Role};
use crate::id::OrganisationId;

/// Which statistic releases a caller may read besides those published: the coordinator all, a platform those that name
/// it, by those of its people who may see all its contacts: numbers of all countries are told, and what is said of them is said for it.
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
        let sees_all = |member: &&Member| member.countries == Coverage::All && member.services == Coverage::All;
        let of_platforms = members.iter().filter(|member| member.role.is_platform()).filter(sees_all);
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
