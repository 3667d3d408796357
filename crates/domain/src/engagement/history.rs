//! A contact's history as a file, and the check of such a file, which needs no database.

use serde_json::{Map, Value, json};

use crate::{
    engagement::fact::{Chained, Digest, Fact, Head, Record, Sealed, canonical},
    error::{Error, Reason, Result},
    id::ContactId,
};

/// The name and version of the file's format.
pub const FORMAT: &str = "tertulia-contact-history/1";

/// The history as a JSON document. `opens` says of which facts the reader may read the sealed part, which are those of his own side.
pub fn export(contact: ContactId, reference: &str, facts: &[Chained], opens: impl Fn(&Fact) -> bool) -> Result<Value> {
    let mut list = Vec::with_capacity(facts.len());
    for chained in facts {
        let mut entry = serde_json::to_value(chained.record(contact)?).map_err(Error::internal)?;
        if let Some(object) = entry.as_object_mut() {
            object.insert("hash".to_owned(), json!(chained.seal.hash));
            if opens(&chained.fact) {
                object.insert("opened".to_owned(), serde_json::to_value(&chained.seal.sealed).map_err(Error::internal)?);
            }
        }
        list.push(entry);
    }
    let head = facts.last().map(Chained::head).map(|head| json!({ "seq": head.seq, "hash": head.hash }));
    Ok(json!({ "format": FORMAT, "contact": contact, "reference": reference, "head": head, "facts": list }))
}

/// What a sound history says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The contact.
    pub contact: ContactId,
    /// The last fact, which can be compared with what the server or the other side says.
    pub head: Option<Head>,
}

/// Checks an exported history: every fact follows the one before it, nothing in it was changed, and nothing is missing before the
/// head. Whether the newest facts were cut off shows only by comparing the head with one that somebody else keeps.
pub fn verify(text: &str) -> Result<Verified> {
    let broken = |path: &str, message: String| Error::invalid(Reason::Contradiction, path, message);
    let malformed = |path: &str, message: String| Error::invalid(Reason::Malformed, path, message);
    let file: Value = serde_json::from_str(text).map_err(|error| malformed("", format!("This is not JSON: {error}.")))?;
    let field = |name: &str| file.get(name).ok_or_else(|| malformed(name, format!("`{name}` is missing.")));
    if field("format")?.as_str() != Some(FORMAT) {
        return Err(malformed("format", format!("The format must be {FORMAT}.")));
    }
    let contact: ContactId =
        field("contact")?.as_str().and_then(|id| id.parse().ok()).ok_or_else(|| malformed("contact", "This is no contact's id.".into()))?;
    let facts = field("facts")?.as_array().ok_or_else(|| malformed("facts", "A list of facts is needed.".into()))?;
    let mut head: Option<Head> = None;
    for (index, entry) in facts.iter().enumerate() {
        let object = entry.as_object().ok_or_else(|| malformed(&format!("facts.{index}"), "A fact is an object.".into()))?;
        head = Some(follow(object, contact, head).map_err(|error| error.under(&format!("facts.{index}")))?);
    }
    let stated = file.get("head").filter(|head| !head.is_null());
    let stated_hash = stated.and_then(|head| head.get("hash")).and_then(Value::as_str);
    let stated_seq = stated.and_then(|head| head.get("seq")).and_then(Value::as_u64);
    if stated_hash != head.map(|head| head.hash.to_string()).as_deref() || stated_seq != head.map(|head| u64::from(head.seq)) {
        return Err(broken("head", "The head is not the last fact.".into()));
    }
    Ok(Verified { contact, head })
}

/// Checks one fact against the one before it and answers the new head.
fn follow(object: &Map<String, Value>, contact: ContactId, head: Option<Head>) -> Result<Head> {
    let broken = |path: &str, message: String| Error::invalid(Reason::Contradiction, path, message);
    let mut hashed = object.clone();
    let opened = hashed.remove("opened");
    let hash = hashed.remove("hash").as_ref().and_then(Value::as_str).and_then(Digest::parse);
    let hashed = Value::Object(hashed);
    let record: Record = serde_json::from_value(hashed.clone())
        .map_err(|error| Error::invalid(Reason::Malformed, "", format!("This is not a fact: {error}.")))?;
    if record.contact != contact {
        return Err(broken("contact", format!("The fact belongs to {}.", record.contact)));
    }
    let (expected, previous) = head.map_or((1, Digest::ORIGIN), |head| (head.seq.saturating_add(1), head.hash));
    if record.seq != expected {
        return Err(broken("seq", format!("Fact {expected} was expected and {} stands here.", record.seq)));
    }
    let computed = Digest::after(previous, &canonical(&hashed)?);
    if hash != Some(computed) {
        return Err(broken("hash", format!("The fact was changed, or one before it: its hash should be {computed}.")));
    }
    if let Some(opened) = opened {
        let sealed: Sealed =
            serde_json::from_value(opened).map_err(|error| Error::invalid(Reason::Malformed, "opened", format!("{error}.")))?;
        if sealed.digest()? != record.sealed {
            return Err(broken("opened", "The note or the person was changed.".into()));
        }
    }
    Ok(Head { seq: record.seq, hash: computed })
}
