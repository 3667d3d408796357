//! What a caller may read of the audit log.

use std::collections::BTreeSet;

use super::{act::Act, actor::Actor, role::Role, sight::has_role};
use crate::{
    id::{OrganisationId, UserId},
    record::audit::AuditEntry,
};

/// Which lines of the audit log a caller may read: the auditor all, an administrator those done for the organisation, anybody
/// the own ones where the matrix says so. Lines of acts by which somebody speaks at a meeting only the auditor and who spoke read, since
/// beside what was said they would tell an administrator who said it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditSight {
    everything: bool,
    administered: BTreeSet<OrganisationId>,
    user: Option<UserId>,
    speaker: Option<UserId>,
}

impl AuditSight {
    /// What `actor` sees.
    pub fn of(actor: &Actor) -> Self {
        let members = actor.members_in_person();
        let administrators = members.iter().filter(|member| member.role.is_administrator());
        Self {
            everything: matches!(actor, Actor::System) || has_role(members, Role::Auditor),
            administered: administrators.map(|member| member.organisation).collect(),
            user: actor.user().filter(|_| has_role(members, Role::Coordinator)),
            speaker: actor.user(),
        }
    }

    /// Every line.
    pub fn everything(&self) -> bool {
        self.everything
    }

    /// What is told of a line that is seen. Two places among the lines of everybody would tell how much others did between, and who knows the
    /// line before finds a place by trying which one leads to the hash; so both are for those who see all.
    #[must_use]
    pub fn told(&self, line: AuditEntry) -> AuditEntry {
        let AuditEntry { seq, hash, .. } = line;
        AuditEntry { seq: seq.filter(|_| self.everything), hash: hash.filter(|_| self.everything), ..line }
    }

    /// The organisations whose lines are all seen.
    pub fn administered(&self) -> &BTreeSet<OrganisationId> {
        &self.administered
    }

    /// The acts of which, within an administered organisation, only the lines of [`Self::speaker`] are seen.
    pub const SPOKEN: &[Act] = &[Act::MinutesComment];

    /// The person who reads.
    pub fn speaker(&self) -> Option<UserId> {
        self.speaker
    }

    /// The person whose own lines are seen.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }
}
