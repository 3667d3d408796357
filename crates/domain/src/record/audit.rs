//! The audit log: who did what to which object, and a chain of hashes that shows whether a line was altered.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    id::{AnyId, AuditEntryId, OrganisationId, UserId},
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
    /// The organisation for which the person acted.
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

/// What a line of the log enters the chain with, in this order of fields.
#[derive(Serialize)]
struct Sealed<'a> {
    seq: i64,
    id: AuditEntryId,
    at: Instant,
    act: &'a str,
    object: String,
    user: Option<UserId>,
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
