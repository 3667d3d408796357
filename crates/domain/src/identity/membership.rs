//! A user's role in an organisation, and the rules by which roles combine (DOMAIN.md 4.6, "Nobody climbs").
//!
//! Who may grant and revoke is the policy's matter; here stands what a set of memberships may be, whoever grants it.

use crate::{
    error::{Code, Error, Faults, Reason, Result},
    id::{MembershipId, OrganisationId, PlatformServiceId, UserId},
    policy::{Coverage, Role},
    text::CountryCode,
    time::Instant,
};

/// Most countries or services that one membership names.
pub const COVERED: usize = 300;

/// What a platform's membership covers: none until set. Other roles stand for their whole organisation and leave it empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// The countries of electoral bodies.
    pub countries: Coverage<CountryCode>,
    /// The organisation's services.
    pub services: Coverage<PlatformServiceId>,
}

impl Cover {
    /// Everything the organisation has, now and later.
    pub fn everything() -> Self {
        Self { countries: Coverage::All, services: Coverage::All }
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Checks that a cover fits the role: only a platform's role has one, of at most [`COVERED`] countries and services.
    pub fn check(&self, role: Role) -> Result<()> {
        let mut faults = Faults::default();
        let sizes = [("countries", size(&self.countries)), ("services", size(&self.services))];
        for (path, named) in sizes {
            if named.is_some_and(|named| named > COVERED) {
                faults.add(Reason::TooLong, path, format!("At most {COVERED}."));
            }
            if !role.is_platform() && named != Some(0) {
                faults.add(Reason::Contradiction, path, "Only memberships of a platform cover countries and services.");
            }
        }
        faults.finish()
    }
}

fn size<T: Ord>(coverage: &Coverage<T>) -> Option<usize> {
    match coverage {
        Coverage::All => None,
        Coverage::Only(set) => Some(set.len()),
    }
}

/// A user's role in an organisation, for as long as it lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The membership's id.
    pub id: MembershipId,
    /// Who holds it.
    pub user: UserId,
    /// Where.
    pub organisation: OrganisationId,
    /// As what.
    pub role: Role,
    /// The countries and services it covers.
    pub cover: Cover,
    /// Who granted it; `None` for the operator of the server.
    pub granted_by: Option<UserId>,
    /// When it began.
    pub granted_at: Instant,
    /// When it ended; it gives no right from then on.
    pub ended_at: Option<Instant>,
    /// Who ended it; `None` while it lasts and for the operator.
    pub ended_by: Option<UserId>,
}

impl Membership {
    /// Whether it gives rights now.
    pub fn is_active(&self) -> bool {
        self.ended_at.is_none()
    }

    /// Ends the membership, once. `keepers` are the users who keep the organisation's memberships ([`is_keeper`]): the last
    /// of them cannot go before another one has been granted the role.
    pub fn end(mut self, keepers: &[UserId], by: Option<UserId>, now: Instant) -> Result<Self> {
        if !self.is_active() {
            return Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "membershipId", "This membership has ended before."));
        }
        if is_keeper(self.role) && keepers.iter().all(|keeper| *keeper == self.user) {
            return Err(Error::new(
                Code::InvalidTransition,
                Reason::NotAllowedNow,
                "membershipId",
                "The last administrator cannot go before another one has been granted the role.",
            ));
        }
        self.ended_at = Some(now);
        self.ended_by = by;
        Ok(self)
    }
}

/// Whether a role keeps the memberships of its organisation: the administrators of both parties, and the coordinator at the desk.
pub const fn is_keeper(role: Role) -> bool {
    role.is_administrator() || matches!(role, Role::Coordinator)
}

/// Whether a user who actively holds `held` (organisation and role of each) may also be given `role` in `organisation`:
/// the same role only once in an organisation, nothing beside the auditor's role, and no role of a body or of a platform at the coordinator's desk.
pub fn may_hold(held: &[(OrganisationId, Role)], organisation: OrganisationId, role: Role) -> Result<()> {
    let refuse = |reason, message: &str| Err(Error::new(Code::Conflict, reason, "role", message));
    if held.contains(&(organisation, role)) {
        return refuse(Reason::Duplicate, "The user holds this role in this organisation already.");
    }
    let auditor = role == Role::Auditor && !held.is_empty();
    if auditor || held.iter().any(|(_, held)| *held == Role::Auditor) {
        return refuse(Reason::Contradiction, "The auditor holds no other role.");
    }
    let climbs = |other: Role| (role == Role::Coordinator && other.is_party()) || (other == Role::Coordinator && role.is_party());
    if held.iter().any(|(_, held)| climbs(*held)) {
        return refuse(Reason::Contradiction, "The coordinator's desk holds no membership in an electoral body or a platform.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn organisation(number: u128) -> OrganisationId {
        OrganisationId::new(Uuid::from_u128(number))
    }

    fn membership(role: Role) -> Membership {
        Membership {
            id: MembershipId::new(Uuid::from_u128(1)),
            user: UserId::new(Uuid::from_u128(2)),
            organisation: organisation(3),
            role,
            cover: Cover::default(),
            granted_by: None,
            granted_at: DateTime::UNIX_EPOCH,
            ended_at: None,
            ended_by: None,
        }
    }

    #[test]
    fn the_last_keeper_stays() {
        let now = DateTime::UNIX_EPOCH;
        let other = UserId::new(Uuid::from_u128(5));
        for role in [Role::ElectoralBodyAdministrator, Role::PlatformAdministrator, Role::Coordinator] {
            let last = membership(role);
            let refusal = last.clone().end(&[last.user], None, now).expect_err("the last one");
            assert_eq!((refusal.code, refusal.faults[0].reason), (Code::InvalidTransition, Reason::NotAllowedNow));
            let ended = last.clone().end(&[last.user, other], None, now).expect("there is another");
            assert!(!ended.is_active());
            assert_eq!(ended.end(&[other], None, now).map_err(|error| error.faults[0].reason), Err(Reason::AlreadyDone));
        }
        assert!(membership(Role::ElectoralBodyOfficer).end(&[other], None, now).is_ok());
    }

    #[test]
    fn roles_that_exclude_each_other() {
        let (here, there) = (organisation(1), organisation(2));
        let refused = |held: &[(OrganisationId, Role)], role| may_hold(held, there, role).map_err(|error| error.faults[0].reason).err();
        for party in
            [Role::ElectoralBodyOfficer, Role::ElectoralBodyAdministrator, Role::PlatformRepresentative, Role::PlatformAdministrator]
        {
            assert_eq!(refused(&[(here, Role::Coordinator)], party), Some(Reason::Contradiction), "{party}");
            assert_eq!(refused(&[(here, party)], Role::Coordinator), Some(Reason::Contradiction), "{party}");
            assert_eq!(refused(&[(here, party)], Role::Auditor), Some(Reason::Contradiction), "{party}");
            assert_eq!(refused(&[(here, Role::Auditor)], party), Some(Reason::Contradiction), "{party}");
            assert_eq!(refused(&[(there, party)], party), Some(Reason::Duplicate), "{party}");
        }
        assert_eq!(refused(&[(here, Role::ElectoralBodyOfficer)], Role::ElectoralBodyOfficer), None);
        assert_eq!(refused(&[(here, Role::Coordinator)], Role::Expert), None);
        assert_eq!(refused(&[], Role::Auditor), None);
    }

    #[test]
    fn only_platforms_cover_countries_and_services() {
        let faults = |cover: Cover, role| cover.check(role).map_err(|error| error.faults.len()).err();
        assert_eq!(faults(Cover::default(), Role::ElectoralBodyOfficer), None);
        assert_eq!(faults(Cover::everything(), Role::PlatformRepresentative), None);
        assert_eq!(faults(Cover::everything(), Role::Expert), Some(2));
        let services = (0..=COVERED as u128).map(|number| PlatformServiceId::new(Uuid::from_u128(number))).collect();
        assert_eq!(faults(Cover { services: Coverage::Only(services), ..Cover::everything() }, Role::PlatformAdministrator), Some(1));
    }
}
