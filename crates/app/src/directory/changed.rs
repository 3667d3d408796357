//! The names of what an edit changed.

use serde::Serialize;
use serde_json::Value;
use tertulia_domain::{Error, Result};

/// The names of the fields that differ, for the audit log. Names come from this closed list, never from values.
pub(crate) fn changed<T: Serialize>(before: &T, after: &T) -> Result<Vec<&'static str>> {
    let (before, after) = (said(before)?, said(after)?);
    Ok(FIELDS.iter().copied().filter(|name| before.get(name) != after.get(name)).collect())
}

/// What an entry says; of one that keeps a state beside it (a channel, an expert), without that.
fn said<T: Serialize>(entry: &T) -> Result<Value> {
    let mut entry = serde_json::to_value(entry).map_err(Error::internal)?;
    Ok(entry.get_mut("fields").map(Value::take).unwrap_or(entry))
}

/// The fields of every kind of entry.
const FIELDS: &[&str] = &[
    "acknowledge_within",
    "address",
    "affiliation",
    "applies_when",
    "authors",
    "availability_notes",
    "bindingness",
    "bio",
    "body",
    "calendar",
    "campaign_from",
    "campaign_to",
    "clock",
    "conflicts_of_interest",
    "contact_kinds",
    "countries",
    "countries_offered",
    "country",
    "coverage_countries",
    "covers",
    "decide_within",
    "description",
    "doi",
    "dsa_designated_on",
    "dsa_ended_on",
    "dsa_status",
    "election",
    "eu_monthly_users",
    "eu_users_note",
    "external_ids",
    "first_seen_at",
    "founded_year",
    "hours",
    "hours_zone",
    "instructions",
    "instrument",
    "issue_types",
    "jurisdiction",
    "kind",
    "kinds",
    "language",
    "languages",
    "methods",
    "name",
    "names",
    "nature",
    "obligations",
    "operator",
    "operator_name",
    "orcid",
    "parent",
    "parties",
    "platform",
    "policy_urls",
    "polling_days",
    "provenance",
    "published_on",
    "publishers",
    "purposes",
    "regions",
    "remark",
    "responsible_bodies",
    "service",
    "short_name",
    "signed_on",
    "silence_periods",
    "status",
    "subject",
    "summary",
    "techniques",
    "time_zone",
    "title",
    "titles",
    "topics",
    "transparency_urls",
    "urgencies",
    "url",
    "valid_from",
    "valid_to",
    "visibility",
    "website",
    "who_may_join",
];
