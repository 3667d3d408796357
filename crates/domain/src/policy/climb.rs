//! "Nobody climbs" (DOMAIN.md 4.6): what even a granted act on memberships may not give away.
//!
//! The matrix says who may grant in which organisation; this says which role, and to whom.

use super::{Grant, OrganisationKind, Role};
use crate::{
    error::{Code, Error, Reason, Result},
    id::{OrganisationId, UserId},
};

/// A role about to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gift {
    /// In which organisation.
    pub organisation: OrganisationId,
    /// Its kind.
    pub kind: OrganisationKind,
    /// Which role.
    pub role: Role,
    /// To whom, if that is a user already.
    pub to: Option<UserId>,
}

/// Refuses a gift by which somebody would climb. Whoever administers an organisation gives its roles to others. The
/// coordinator, who got here because the organisation has no administrator, gives an electoral body or a platform its first
/// one and nothing else; the desk's own roles only at the desk. Nobody gives to himself. The operator gives what fits.
pub fn may_give(grant: &Grant, gift: &Gift) -> Result<()> {
    if !gift.role.fits(gift.kind) {
        return Err(Error::invalid(Reason::NotAnOption, "role", format!("{} is no role in this kind of organisation.", gift.role)));
    }
    let refuse = |path: &str, message: &str| Err(Error::new(Code::Forbidden, Reason::NotPermitted, path, message));
    if gift.to.is_some() && gift.to == grant.user() {
        return refuse("email", "Nobody grants a role to himself.");
    }
    let Some(desk) = grant.member().filter(|member| member.role == Role::Coordinator) else { return Ok(()) };
    let party = matches!(gift.kind, OrganisationKind::ElectoralBody | OrganisationKind::PlatformCompany);
    if party && !gift.role.is_administrator() {
        return refuse("role", "The coordinator invites the first administrator only; the administrator grants the other roles.");
    }
    if matches!(gift.role, Role::Coordinator | Role::Auditor) && gift.organisation != desk.organisation {
        return refuse("organisationId", "This role is held at the coordinator's own desk only.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        id::{MembershipId, SessionId},
        policy::{Act, Actor, Coverage, Member, Scope, decide},
    };

    const DESK: u128 = 1;
    const BODY: u128 = 2;

    fn organisation(number: u128) -> OrganisationId {
        OrganisationId::new(Uuid::from_u128(number))
    }

    fn actor(role: Role, at: u128, kind: OrganisationKind) -> Actor {
        let member = Member {
            id: MembershipId::new(Uuid::from_u128(10)),
            organisation: organisation(at),
            organisation_kind: kind,
            country: None,
            role,
            countries: Coverage::default(),
            services: Coverage::default(),
        };
        Actor::User { id: UserId::new(Uuid::from_u128(20)), session: SessionId::new(Uuid::from_u128(30)), members: vec![member] }
    }

    /// Whether `actor` may give `role` at `at` to `to`, by the matrix and by this file.
    fn may(actor: &Actor, at: u128, kind: OrganisationKind, has_administrator: bool, role: Role, to: Option<u128>) -> bool {
        let scope = Scope { has_administrator, ..Scope::owned_by(organisation(at)) };
        let gift = Gift { organisation: organisation(at), kind, role, to: to.map(|id| UserId::new(Uuid::from_u128(id))) };
        decide(actor, Act::MembershipGrant, &scope, None).and_then(|grant| may_give(&grant, &gift)).is_ok()
    }

    #[test]
    fn the_coordinator_gives_the_first_administrator_only() {
        let (body, un) = (OrganisationKind::ElectoralBody, OrganisationKind::UnEntity);
        let desk = actor(Role::Coordinator, DESK, un);
        assert!(may(&desk, BODY, body, false, Role::ElectoralBodyAdministrator, None));
        assert!(!may(&desk, BODY, body, true, Role::ElectoralBodyAdministrator, None), "there is one");
        assert!(!may(&desk, BODY, body, false, Role::ElectoralBodyOfficer, None));
        assert!(!may(&desk, BODY, body, false, Role::Expert, None));
        assert!(!may(&desk, BODY, body, false, Role::PlatformAdministrator, None), "does not fit");
        assert!(may(&desk, DESK, un, false, Role::Auditor, None));
        assert!(may(&desk, DESK, un, false, Role::Coordinator, None));
        assert!(!may(&desk, 3, un, false, Role::Coordinator, None), "another part of the United Nations");
        assert!(may(&desk, 3, OrganisationKind::Cso, false, Role::Expert, None));
        assert!(!may(&desk, DESK, un, false, Role::Auditor, Some(20)), "not to himself");
    }

    #[test]
    fn an_administrator_gives_in_the_own_organisation_and_to_others() {
        let (body, platform) = (OrganisationKind::ElectoralBody, OrganisationKind::PlatformCompany);
        let administrator = actor(Role::ElectoralBodyAdministrator, BODY, body);
        assert!(may(&administrator, BODY, body, true, Role::ElectoralBodyOfficer, Some(21)));
        assert!(may(&administrator, BODY, body, true, Role::ElectoralBodyAdministrator, None));
        assert!(!may(&administrator, BODY, body, true, Role::ElectoralBodyOfficer, Some(20)), "not to himself");
        assert!(!may(&administrator, BODY, body, true, Role::Coordinator, None));
        assert!(!may(&administrator, 3, body, false, Role::ElectoralBodyOfficer, None));
        assert!(!may(&actor(Role::ElectoralBodyOfficer, BODY, body), BODY, body, true, Role::ElectoralBodyOfficer, None));
        assert!(!may(&actor(Role::PlatformRepresentative, 4, platform), 4, platform, true, Role::PlatformRepresentative, None));
        assert!(!may(
            &actor(Role::Auditor, DESK, OrganisationKind::UnEntity),
            DESK,
            OrganisationKind::UnEntity,
            false,
            Role::Auditor,
            None
        ));
    }
}
