//! The audit log: who did what to which object, and a chain of hashes that shows whether a line was altered.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    error::{Error, Faults, Reason, Result},
    id::{AnyId, ApiClientId, AuditEntryId, OrganisationId, PREFIXES, UserId},
    policy::Act,
    time::Instant,
};

/// A line of the audit log. It holds ids and names of fields, never values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// The line's id.
    pub id: AuditEntryId,
    /// When the act was committed.
    pub at: Instant,
    /// The act; a name that this version no longer knows stays as it was written.
    pub act: String,
    /// The object it was done to.
    pub object: AnyId,
    /// The person, for the person's own organisation only; none for the server and the command line.
    pub user: Option<UserId>,
    /// The API client, where a program acted and no person.
    pub client: Option<ApiClientId>,
    /// The organisation for which the person or the program acted.
    pub organisation: Option<OrganisationId>,
    /// Names of the fields that changed.
    pub fields: Vec<String>,
    /// The request's id, as the log has it.
    pub request_id: String,
    /// The line's place in the chain, given after commit by the one dispatcher.
    pub seq: Option<i64>,
    /// Hash of the line and of the hash before it, in hexadecimal.
    pub hash: Option<String>,
}

/// Which lines of the log are wanted; what is not set does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Lines of these acts.
    pub acts: Vec<Act>,
    /// Lines about objects of these kinds, by the prefixes of their ids.
    pub object_types: Vec<&'static str>,
    /// Lines about this object.
    pub object: Option<AnyId>,
    /// Lines of acts done for this organisation.
    pub organisation: Option<OrganisationId>,
    /// Lines from this instant on.
    pub from: Option<Instant>,
    /// Lines before this instant.
    pub to: Option<Instant>,
}

impl AuditFilter {
    /// Reads what a caller typed; says all faults at once.
    pub fn parse(raw: &RawAuditFilter) -> Result<Self> {
        let mut faults = Faults::default();
        let option = || Error::invalid(Reason::NotAnOption, "", "There is no such name.");
        let mut filter = Self { from: raw.from, to: raw.to, ..Self::default() };
        for (index, act) in raw.acts.iter().enumerate().take(Act::ALL.len()) {
            filter.acts.extend(faults.check(&format!("act.{index}"), Act::parse(act).ok_or_else(option)));
        }
        for (index, kind) in raw.object_types.iter().enumerate().take(PREFIXES.len()) {
            let known = PREFIXES.iter().find(|prefix| **prefix == kind.as_str()).copied();
            filter.object_types.extend(faults.check(&format!("objectType.{index}"), known.ok_or_else(option)));
        }
        let malformed = |_| Error::invalid(Reason::Malformed, "", "This is not an id.");
        filter.object = raw.object.as_deref().and_then(|id| faults.check("objectId", id.parse().map_err(malformed)));
        filter.organisation = raw.organisation.as_deref().and_then(|id| faults.check("organisationId", id.parse().map_err(malformed)));
        if raw.from.zip(raw.to).is_some_and(|(from, to)| from > to) {
            faults.add(Reason::Contradiction, "to", "The end lies before the beginning.");
        }
        faults.finish_with(Some(filter))
    }
}

/// An [`AuditFilter`] as a caller typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawAuditFilter {
    /// Names of acts.
    pub acts: Vec<String>,
    /// Prefixes of ids.
    pub object_types: Vec<String>,
    /// An id of any kind.
    pub object: Option<String>,
    /// An organisation's id.
    pub organisation: Option<String>,
    /// The beginning.
    pub from: Option<Instant>,
    /// The end, itself left out.
    pub to: Option<Instant>,
}

/// What a line of the log enters the chain with, in this order of fields.
#[derive(Serialize)]
struct Sealed<'a> {
    seq: i64,
    id: AuditEntryId,
    at: Instant,
    act: &'a str,
    object: String,
    user: Option<UserId>,
    /// Left out where there is none, as in the lines from before there were clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<ApiClientId>,
    organisation: Option<OrganisationId>,
    fields: &'a [String],
    request_id: &'a str,
    previous: &'a str,
}

/// The hash that seals `entry` at place `seq` behind `previous` (empty for the first): SHA-256 of its canonical JSON.
pub fn seal(entry: &AuditEntry, seq: i64, previous: &str) -> String {
    let sealed = Sealed {
        seq,
        id: entry.id,
        at: entry.at,
        act: &entry.act,
        object: entry.object.to_string(),
        user: entry.user,
        client: entry.client,
        organisation: entry.organisation,
        fields: &entry.fields,
        request_id: &entry.request_id,
        previous,
    };
    hex(&Sha256::digest(serde_json::to_vec(&sealed).unwrap_or_default()))
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        text
    })
}
