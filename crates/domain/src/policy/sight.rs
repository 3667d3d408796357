//! What a caller may read, as values that list queries demand and turn into SQL. Only the policy makes them.

use std::collections::BTreeSet;

use super::{
    actor::{Actor, Coverage, Member},
    api_scope::ApiScope,
    role::Role,
};
use crate::{
    id::{OrganisationId, PlatformServiceId, UserId},
    text::CountryCode,
    time::Instant,
};

/// The contacts of a platform that one of the caller's memberships covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformSight {
    /// The platform company.
    pub platform: OrganisationId,
    /// The countries of electoral bodies covered.
    pub countries: Coverage<CountryCode>,
    /// The services covered.
    pub services: Coverage<PlatformServiceId>,
}

/// Which contacts a caller may read (DOMAIN 4.5). A contact is seen if one of these holds:
/// it is a party's own (owner's side) under ORGANISATION or PARTIES; it was shared (PARTIES and sent) with a body or a
/// covered platform; it was shared and `shared` is set; it is NAMED and names the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactSight {
    everything: bool,
    shared: bool,
    bodies: BTreeSet<OrganisationId>,
    platforms: Vec<PlatformSight>,
    desks: BTreeSet<OrganisationId>,
    user: Option<UserId>,
}

impl ContactSight {
    /// What `actor` sees.
    pub fn of(actor: &Actor) -> Self {
        Self::under(ApiScope::ContactsRead, actor)
    }

    /// The same, for a program as far as `scope` opens it: who may count contacts need not read them.
    pub fn under(scope: ApiScope, actor: &Actor) -> Self {
        if matches!(actor, Actor::System) {
            return Self { everything: true, ..Self::default() };
        }
        let members = actor.members_under(scope);
        let bodies = members.iter().filter(|member| member.role.is_electoral()).map(|member| member.organisation).collect();
        let platforms = members
            .iter()
            .filter(|member| member.role.is_platform())
            .map(|member| PlatformSight {
                platform: member.organisation,
                countries: member.countries.clone(),
                services: member.services.clone(),
            })
            .collect();
        let desks: BTreeSet<_> =
            members.iter().filter(|member| member.role == Role::Coordinator).map(|member| member.organisation).collect();
        Self { everything: false, shared: !desks.is_empty(), bodies, platforms, desks, user: actor.user() }
    }

    /// The server itself reads everything.
    pub fn everything(&self) -> bool {
        self.everything
    }

    /// Whether everything that was shared between parties is seen: the coordinator.
    pub fn shared(&self) -> bool {
        self.shared
    }

    /// The electoral bodies for which the caller acts.
    pub fn bodies(&self) -> &BTreeSet<OrganisationId> {
        &self.bodies
    }

    /// The platforms for which the caller acts, with what his memberships cover.
    pub fn platforms(&self) -> &[PlatformSight] {
        &self.platforms
    }

    /// Whether the caller acts for this organisation, so that what is its side's own may be shown: a party, or the coordinator's desk,
    /// which has notes on what it recorded under a mandate.
    pub fn acts_for(&self, organisation: OrganisationId) -> bool {
        self.everything
            || self.bodies.contains(&organisation)
            || self.desks.contains(&organisation)
            || self.platforms.iter().any(|sight| sight.platform == organisation)
    }

    /// Since when a caller who may read a contact is told of what happens to it; none is from its beginning, for who acts for the sender. What
    /// became of a draft is the sender's alone, also after it was sent.
    pub fn told_since(&self, sender: Option<OrganisationId>, shared_at: Option<Instant>) -> Option<Instant> {
        shared_at.filter(|_| !sender.is_some_and(|sender| self.acts_for(sender)))
    }

    /// The person, for contacts that name their readers.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }

    /// Whether nothing can be seen whatever there is, so that no query is needed.
    pub fn is_blind(&self) -> bool {
        !self.everything && !self.shared && self.bodies.is_empty() && self.platforms.is_empty()
    }
}

/// Which dialogues and meetings a caller may read: PUBLIC ones; COALITION ones if signed in with a membership; the rest if
/// one of his organisations convenes or belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialogueSight {
    everything: bool,
    coalition: bool,
    organisations: BTreeSet<OrganisationId>,
    user: Option<UserId>,
}

impl DialogueSight {
    /// What `actor` sees.
    pub fn of(actor: &Actor) -> Self {
        let members = actor.members_under(ApiScope::DialoguesRead);
        Self {
            everything: matches!(actor, Actor::System) || has_role(members, Role::Coordinator),
            coalition: !members.is_empty(),
            organisations: members.iter().filter(|member| member.role != Role::Auditor).map(|member| member.organisation).collect(),
            user: actor.user(),
        }
    }

    /// Everything: the coordinator and the server.
    pub fn everything(&self) -> bool {
        self.everything
    }

    /// The person, for meetings in which he takes part himself.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }

    /// Whether COALITION ones are seen.
    pub fn coalition(&self) -> bool {
        self.coalition
    }

    /// The caller's organisations.
    pub fn organisations(&self) -> &BTreeSet<OrganisationId> {
        &self.organisations
    }

    /// Whether the caller belongs to an organisation, or is the coordinator.
    pub fn is_of(&self, organisation: OrganisationId) -> bool {
        self.everything || self.organisations.contains(&organisation)
    }

    /// Whether the caller may have the link by which the parties of a dialogue join: one of his organisations is a party, or
    /// he is the coordinator.
    pub fn has_join_link(&self, mut parties: impl Iterator<Item = OrganisationId>) -> bool {
        self.everything || parties.any(|party| self.organisations.contains(&party))
    }
}

/// Which participations a caller may read: his own, those of organisations that he administers, invitations of his organisations
/// that name nobody yet, all of a meeting that one of his organisations convenes, and of the others those who come and consented to
/// be listed, as far as the meeting's list is open to him.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParticipationSight {
    everything: bool,
    user: Option<UserId>,
    organisations: BTreeSet<OrganisationId>,
    administered: BTreeSet<OrganisationId>,
}

impl ParticipationSight {
    /// What `actor` sees.
    pub fn of(actor: &Actor) -> Self {
        let members = actor.members_under(ApiScope::DialoguesRead);
        let of =
            |wanted: &dyn Fn(Role) -> bool| members.iter().filter(|member| wanted(member.role)).map(|member| member.organisation).collect();
        Self {
            everything: matches!(actor, Actor::System) || has_role(members, Role::Coordinator),
            user: actor.user(),
            organisations: of(&|role| role != Role::Auditor),
            administered: of(&Role::is_administrator),
        }
    }

    /// Everything: the coordinator and the server.
    pub fn everything(&self) -> bool {
        self.everything
    }

    /// The person, for what is about oneself.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }

    /// The caller's organisations.
    pub fn organisations(&self) -> &BTreeSet<OrganisationId> {
        &self.organisations
    }

    /// The organisations for whose people the caller may act.
    pub fn administered(&self) -> &BTreeSet<OrganisationId> {
        &self.administered
    }

    /// Whether the caller organises what these organisations convene.
    pub fn organises(&self, conveners: &[OrganisationId]) -> bool {
        self.everything || conveners.iter().any(|convener| self.organisations.contains(convener))
    }
}

/// Which parts of the directory a caller may read beyond what is public: experts listed to the coalition, one's own profile,
/// addresses of channels, instruments that one's own organisation proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectorySight {
    everything: bool,
    coalition: bool,
    organisations: BTreeSet<OrganisationId>,
    user: Option<UserId>,
}

impl DirectorySight {
    /// What `actor` sees.
    pub fn of(actor: &Actor) -> Self {
        let members = actor.members_under(ApiScope::DirectoryRead);
        Self {
            everything: matches!(actor, Actor::System) || has_role(members, Role::Coordinator),
            coalition: !members.is_empty(),
            organisations: members.iter().filter(|member| member.role != Role::Auditor).map(|member| member.organisation).collect(),
            user: actor.user(),
        }
    }

    /// The caller's organisations, for what they proposed.
    pub fn organisations(&self) -> &BTreeSet<OrganisationId> {
        &self.organisations
    }

    /// Everything: the coordinator, who keeps the directory, and the server.
    pub fn everything(&self) -> bool {
        self.everything
    }

    /// Whether what is listed to the coalition is seen.
    pub fn coalition(&self) -> bool {
        self.coalition
    }

    /// The person, for one's own profile.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }
}

/// Which memberships a caller may read: one's own, those of organisations that one administers, and, for the coordinator,
/// those of neither party (the desk itself, auditors, experts).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MembershipSight {
    everything: bool,
    outside_parties: bool,
    administered: BTreeSet<OrganisationId>,
    user: Option<UserId>,
}

impl MembershipSight {
    /// What `actor` sees.
    pub fn of(actor: &Actor) -> Self {
        let members = actor.members_in_person();
        let administrators = members.iter().filter(|member| member.role.is_administrator());
        Self {
            everything: matches!(actor, Actor::System),
            outside_parties: has_role(members, Role::Coordinator),
            administered: administrators.map(|member| member.organisation).collect(),
            user: actor.user(),
        }
    }

    /// The server itself reads everything.
    pub fn everything(&self) -> bool {
        self.everything
    }

    /// Whether memberships with a role outside the two parties are seen.
    pub fn outside_parties(&self) -> bool {
        self.outside_parties
    }

    /// The organisations whose memberships are all seen.
    pub fn administered(&self) -> &BTreeSet<OrganisationId> {
        &self.administered
    }

    /// The person, for one's own memberships.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }
}

pub(super) fn has_role(members: &[Member], role: Role) -> bool {
    members.iter().any(|member| member.role == role)
}
