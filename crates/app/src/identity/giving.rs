//! What an invitation and a grant have in common: who gets which role where, and whether that may be.

use std::collections::BTreeSet;

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    id::{Id, Kind, OrganisationId, ParseIdError, UserId},
    identity::{Cover, Person, User},
    policy::{Act, Coverage, Gift, Grant, Role, Scope, may_give},
    text::CountryCode,
};
use tertulia_persistence::{
    Session,
    identity::{membership, organisation, user},
};

use super::organisation_lock;
use crate::{
    Ctx, UnitOfWork,
    mail::{
        Mail,
        letters::{self, Change},
    },
};

/// Who is to get which role where, as a caller typed it.
#[derive(Clone, Debug, Serialize)]
pub struct NewMember {
    /// The person's address.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The organisation's id.
    pub organisation_id: String,
    /// The role.
    pub role: Role,
    /// What a platform's membership covers.
    pub cover: NewCover,
}

/// What a platform's membership covers, as a caller typed it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewCover {
    /// Every country, present and future.
    pub all_countries: bool,
    /// Countries by code.
    pub countries: Vec<String>,
    /// Every service, present and future.
    pub all_services: bool,
    /// Services by id.
    pub services: Vec<String>,
}

/// The same, checked.
pub(super) struct Wanted {
    pub(super) person: Person,
    pub(super) organisation: OrganisationId,
    pub(super) role: Role,
    pub(super) cover: Cover,
}

impl NewCover {
    /// Checks every value and that it fits the role.
    pub(super) fn check(&self, role: Role) -> Result<Cover> {
        let mut faults = Faults::default();
        let countries = set(&mut faults, "countries", self.all_countries, &self.countries, CountryCode::parse);
        let services = set(&mut faults, "services", self.all_services, &self.services, id);
        let cover = Cover { countries, services };
        if faults.is_empty() {
            faults.check("", cover.check(role));
        }
        faults.finish_with(Some(cover))
    }
}

fn set<T: Ord>(faults: &mut Faults, path: &str, all: bool, raw: &[String], read: impl Fn(&str) -> Result<T>) -> Coverage<T> {
    if all && !raw.is_empty() {
        faults.add(Reason::Contradiction, path, "Name some or take all, not both.");
    }
    if all {
        return Coverage::All;
    }
    let limited = raw.iter().take(tertulia_domain::identity::membership::COVERED + 1).enumerate();
    let read: BTreeSet<T> = limited.filter_map(|(index, raw)| faults.check(&format!("{path}.{index}"), read(raw))).collect();
    Coverage::Only(read)
}

/// The id that a caller typed.
pub fn id<K: Kind>(raw: &str) -> Result<Id<K>> {
    raw.parse().map_err(|error| match error {
        ParseIdError::WrongKind => Error::invalid(Reason::WrongKind, "", "This is the id of another kind of object."),
        ParseIdError::Malformed => Error::invalid(Reason::Malformed, "", "This is not an id."),
    })
}

impl NewMember {
    /// Checks every value; says all faults at once.
    pub(super) fn check(&self) -> Result<Wanted> {
        let mut faults = Faults::default();
        let person = faults.check("", Person::parse(&self.email, &self.name));
        let organisation = faults.check("organisationId", id(&self.organisation_id));
        let cover = faults.check("", self.cover.check(self.role));
        let wanted = person.zip(organisation).zip(cover);
        faults.finish_with(wanted.map(|((person, organisation), cover)| Wanted { person, organisation, role: self.role, cover }))
    }
}

/// Decides whether the caller may give the role, and answers the person's account, if there is one.
pub(super) async fn decide(work: &UnitOfWork<'_>, act: Act, wanted: &Wanted) -> Result<(Grant, Option<User>)> {
    let user = user::find_by_email(work.writer(), &wanted.person.email).await?;
    let grant = permitted(work, work.ctx(), act, wanted, user.as_ref().map(|user| user.id)).await?;
    services_exist(work, wanted.organisation, &wanted.cover).await?;
    Ok((grant, user))
}

/// The policy's word on `giver` giving the role. The organisation stays locked, so that the decision holds at commit.
pub(super) async fn permitted(work: &UnitOfWork<'_>, giver: &Ctx, act: Act, wanted: &Wanted, to: Option<UserId>) -> Result<Grant> {
    let unknown = || Error::not_found("organisationId");
    let kind = organisation::hold(work.writer(), wanted.organisation).await?.ok_or_else(unknown)?;
    let scope = scope(work.writer(), wanted.organisation).await?;
    let grant = giver.allow(act, &scope)?;
    organisation_lock::admits(work.writer(), wanted.organisation, "organisationId").await?;
    may_give(&grant, &Gift { organisation: wanted.organisation, kind, role: wanted.role, to })?;
    Ok(grant)
}

/// What the policy must know of an organisation whose memberships are concerned.
pub(crate) async fn scope(session: &dyn Session, organisation: OrganisationId) -> Result<Scope> {
    let keepers = membership::keepers(session, organisation).await?;
    let has_administrator = keepers.iter().any(|(_, role)| role.is_administrator());
    Ok(Scope { has_administrator, ..Scope::owned_by(organisation) })
}

/// Refuses services that are not the organisation's.
pub(super) async fn services_exist(work: &UnitOfWork<'_>, organisation: OrganisationId, cover: &Cover) -> Result<()> {
    let Coverage::Only(services) = &cover.services else { return Ok(()) };
    let theirs = organisation::services(work.writer(), organisation, services).await?;
    let known = services.iter().all(|service| theirs.contains(service));
    if known { Ok(()) } else { Err(Error::invalid(Reason::UnknownId, "services", "The organisation has not all of these services.")) }
}

/// Letters about a change of memberships to everybody who keeps those of the organisation.
pub(crate) async fn tell_keepers(
    work: &UnitOfWork<'_>,
    change: Change,
    organisation: OrganisationId,
    person: &str,
    role: Role,
) -> Result<Vec<Mail>> {
    let keepers: Vec<_> = membership::keepers(work.writer(), organisation).await?.into_iter().map(|(user, _)| user).collect();
    let place = organisation::name(work.writer(), organisation).await?;
    let keepers = user::find_many(work.writer(), &keepers).await?;
    Ok(keepers.into_iter().map(|keeper| letters::membership(keeper.email, change, person, role, &place)).collect())
}
