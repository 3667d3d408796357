//! What the edits of every kind share: references that must exist, and the names of what changed.

use std::fmt::Debug;

use serde::Serialize;
use serde_json::Value;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    directory::{
        country::M49,
        organisation::{Organisation, OrganisationKind},
    },
    id::{Id, Kind, OrganisationId},
    text::CountryCode,
};
use tertulia_persistence::{
    Session,
    directory::{country, organisation},
};

use crate::IdempotencyKey;

/// A change that somebody asks for: what of it could be read, and how to tell it from the same change sent again.
#[derive(Debug)]
pub struct Edit<K: Kind, P> {
    /// The entry, or why its id cannot be read.
    pub id: Result<Id<K>>,
    /// The version that the caller read.
    pub version: i64,
    /// What is to be changed, or why it cannot be read.
    pub patch: Result<P>,
    /// The caller's key.
    pub key: Option<String>,
    /// What else makes it another change.
    digest: String,
}

/// An edit read: the entry, its version, the change and the key.
type Readable<K, P> = (Id<K>, i64, P, Option<IdempotencyKey>);

impl<K: Kind, P: Debug> Edit<K, P> {
    /// A change of `id`, as the caller sent it.
    pub fn new(id: Result<Id<K>>, version: i32, patch: Result<P>, key: Option<String>) -> Self {
        Self { id, version: i64::from(version), patch, key, digest: String::new() }
    }

    /// The same with more that tells it from others.
    #[must_use]
    pub(super) fn with(self, more: &impl Debug) -> Self {
        Self { digest: format!("{more:?}"), ..self }
    }

    /// Everything of it, or every fault.
    pub(super) fn read(self) -> Result<Readable<K, P>> {
        let mut faults = Faults::default();
        let id = faults.check("", self.id);
        let patch = faults.check("", self.patch);
        let (id, patch) = faults.finish_with(id.zip(patch))?;
        let key = IdempotencyKey::parse(self.key.as_deref(), &format!("{id} {} {patch:?} {}", self.version, self.digest))?;
        Ok((id, self.version, patch, key))
    }
}

/// The names of the fields that differ, for the audit log. Names come from this closed list, never from values.
pub(super) fn changed<T: Serialize>(before: &T, after: &T) -> Result<Vec<&'static str>> {
    let (before, after) = (json(before)?, json(after)?);
    Ok(FIELDS.iter().copied().filter(|name| before.get(name) != after.get(name)).collect())
}

fn json<T: Serialize>(value: &T) -> Result<Value> {
    serde_json::to_value(value).map_err(Error::internal)
}

/// The fields of every kind of entry.
const FIELDS: &[&str] = &[
    "address",
    "affiliation",
    "availability_notes",
    "bio",
    "body",
    "campaign_from",
    "campaign_to",
    "conflicts_of_interest",
    "country",
    "countries_offered",
    "coverage_countries",
    "covers",
    "dsa_designated_on",
    "dsa_ended_on",
    "dsa_status",
    "eu_monthly_users",
    "eu_users_note",
    "external_ids",
    "founded_year",
    "hours",
    "hours_zone",
    "instructions",
    "jurisdiction",
    "kind",
    "languages",
    "methods",
    "name",
    "names",
    "operator",
    "operator_name",
    "orcid",
    "parent",
    "platform",
    "policy_urls",
    "polling_days",
    "provenance",
    "purposes",
    "regions",
    "remark",
    "responsible_bodies",
    "service",
    "short_name",
    "silence_periods",
    "status",
    "time_zone",
    "topics",
    "transparency_urls",
    "url",
    "website",
    "who_may_join",
];

/// Notes a fault for each country that the directory does not have; `many` says that `path` is a list.
pub(super) async fn check_countries(
    session: &dyn Session,
    faults: &mut Faults,
    path: &str,
    many: bool,
    codes: &[CountryCode],
) -> Result<()> {
    if codes.is_empty() {
        return Ok(());
    }
    let known = country::find_many(session, codes).await?;
    for (index, code) in codes.iter().enumerate() {
        if known.iter().all(|country| country.code != *code) {
            let at = if many { format!("{path}.{index}") } else { path.to_owned() };
            faults.add(Reason::NotAnOption, &at, format!("There is no country with the code {code}."));
        }
    }
    Ok(())
}

/// Notes a fault for each region that the directory does not have.
pub(super) async fn check_regions(session: &dyn Session, faults: &mut Faults, path: &str, codes: &[M49]) -> Result<()> {
    if codes.is_empty() {
        return Ok(());
    }
    let known = country::regions(session).await?;
    for (index, code) in codes.iter().enumerate() {
        if known.iter().all(|region| region.code != *code) {
            faults.add(Reason::NotAnOption, &format!("{path}.{index}"), format!("There is no region with the code {code}."));
        }
    }
    Ok(())
}

/// Notes a fault if there is no such organisation, or none of the kind that is needed here; hands it on if there is.
pub(super) async fn check_organisation(
    session: &dyn Session,
    faults: &mut Faults,
    path: &str,
    id: Option<OrganisationId>,
    kind: Option<OrganisationKind>,
) -> Result<Option<Organisation>> {
    let Some(id) = id else { return Ok(None) };
    let found = organisation::find(session, id).await?;
    match &found {
        None => faults.add(Reason::UnknownId, path, "There is no organisation with this id."),
        Some(organisation) if kind.is_some_and(|kind| organisation.kind != kind) => {
            faults.add(Reason::WrongKind, path, format!("This organisation is no {}.", kind.map_or("", OrganisationKind::as_str)));
        }
        Some(_) => {}
    }
    Ok(found)
}
