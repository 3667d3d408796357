//! What one side tells of a contact, chained so that no fact can be changed, dropped or slipped in unseen.
//!
//! A fact has a shared part, which both sides read, and a sealed part (the note and the person who recorded it), which its
//! own side alone reads. The hash covers the shared part and a salted digest of the sealed one, so that either side can
//! check the whole history it may read.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    engagement::{
        decision::Decision,
        vocabulary::{Format, Precision, Side, Step},
    },
    error::{Error, Result},
    id::{ContactId, OrganisationId, TransitionId, UserId},
    time::Instant,
};

/// A SHA-256 digest, printed as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// What the first fact of a contact has before it: 32 zero bytes.
    pub const ORIGIN: Self = Self([0; 32]);

    /// The digest of some bytes after a previous digest.
    pub fn after(previous: Self, bytes: &[u8]) -> Self {
        Self(Sha256::new().chain_update(previous.0).chain_update(bytes).finalize().into())
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0_u8; 32];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return None;
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).ok_or_else(|| serde::de::Error::custom("not 64 hexadecimal digits"))
    }
}

/// The last fact of a contact: how many there are, and the hash that stands for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last fact's number; the first is 1.
    pub seq: u32,
    /// The last fact's hash.
    pub hash: Digest,
}

/// What both sides read of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// What happened.
    pub step: Step,
    /// Whose knowledge it is.
    pub side: Side,
    /// The organisation that recorded it.
    pub organisation: OrganisationId,
    /// When it happened.
    #[serde(with = "micros")]
    pub occurred_at: Instant,
    /// How exactly that is known.
    pub precision: Precision,
    /// How it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Why, where the step asks for a reason; for a question or a reply, its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// To whom, for a referral.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referred_to: Option<String>,
    /// What was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The fact of the same side that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<TransitionId>,
}

impl Told {
    /// Whether it is a machine's receipt, which is kept and moves nothing.
    pub fn is_receipt(&self) -> bool {
        self.step == Step::Acknowledged && self.format == Some(Format::Automated)
    }
}

/// What only the fact's own side reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Random hexadecimal digits, so that a digest does not give away a short note.
    pub salt: String,
    /// The note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who recorded it; none for a machine's client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<UserId>,
}

impl Sealed {
    /// The digest that the hash covers.
    pub fn digest(&self) -> Result<Digest> {
        Ok(Digest::after(Digest::ORIGIN, &canonical(self)?))
    }
}

/// One fact of a contact's history, as both sides read it. Everything that follows from facts follows from this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its id.
    pub id: TransitionId,
    /// Its place in the history, from 1.
    pub seq: u32,
    /// When it was recorded here.
    pub recorded_at: Instant,
    /// What both sides read.
    pub told: Told,
}

/// What is kept beside a fact, and read only by who asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// What its own side reads.
    pub sealed: Sealed,
    /// SHA-256 of the previous hash and this fact's canonical JSON.
    pub hash: Digest,
}

/// A fact in its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chained {
    /// The fact.
    pub fact: Fact,
    /// What is kept beside it.
    pub seal: Seal,
}

/// A fact as it is hashed and exported, without its hash. Canonical JSON is that of RFC 8785: keys sorted, no spaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The contact, so that a fact cannot be moved to another one.
    pub contact: ContactId,
    /// The fact's id.
    pub id: TransitionId,
    /// Its place in the history.
    pub seq: u32,
    /// When it was recorded.
    #[serde(with = "micros")]
    pub recorded_at: Instant,
    /// What both sides read.
    #[serde(flatten)]
    pub told: Told,
    /// The digest of the sealed part.
    pub sealed: Digest,
}

/// What is known of a fact before it takes its place in the history.
#[derive(Clone, Debug)]
pub struct NewFact {
    /// Its id.
    pub id: TransitionId,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// What both sides read.
    pub told: Told,
    /// What its own side reads.
    pub sealed: Sealed,
}

impl NewFact {
    /// Puts the fact after the contact's last one.
    pub fn chain(self, contact: ContactId, head: Option<Head>) -> Result<Chained> {
        let (seq, previous) = head.map_or((1, Digest::ORIGIN), |head| (head.seq.saturating_add(1), head.hash));
        let fact = Fact { id: self.id, seq, recorded_at: self.recorded_at, told: self.told };
        let mut chained = Chained { fact, seal: Seal { sealed: self.sealed, hash: Digest::ORIGIN } };
        chained.seal.hash = Digest::after(previous, &canonical(&chained.record(contact)?)?);
        Ok(chained)
    }
}

impl Chained {
    /// The fact as it is hashed.
    pub fn record(&self, contact: ContactId) -> Result<Record> {
        let (fact, sealed) = (&self.fact, self.seal.sealed.digest()?);
        Ok(Record { contact, id: fact.id, seq: fact.seq, recorded_at: fact.recorded_at, told: fact.told.clone(), sealed })
    }

    /// This fact as the last of its contact.
    pub const fn head(&self) -> Head {
        Head { seq: self.fact.seq, hash: self.seal.hash }
    }
}

/// Canonical JSON of a value, as RFC 8785 writes it; floating-point numbers do not occur.
pub fn canonical(value: &impl Serialize) -> Result<Vec<u8>> {
    let value = serde_json::to_value(value).map_err(Error::internal)?;
    let mut out = Vec::with_capacity(512);
    write_canonical(&value, &mut out)?;
    Ok(out)
}

fn write_canonical(value: &serde_json::Value, out: &mut Vec<u8>) -> Result<()> {
    match value {
        serde_json::Value::Object(map) => {
            // Sorted here, because a feature of serde_json elsewhere may keep the order of insertion. All keys are ASCII.
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by(|a, b| a.0.cmp(b.0));
            out.push(b'{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                serde_json::to_writer(&mut *out, key).map_err(Error::internal)?;
                out.push(b':');
                write_canonical(value, out)?;
            }
            out.push(b'}');
        }
        serde_json::Value::Array(list) => {
            out.push(b'[');
            for (index, value) in list.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_canonical(value, out)?;
            }
            out.push(b']');
        }
        scalar => serde_json::to_writer(&mut *out, scalar).map_err(Error::internal)?,
    }
    Ok(())
}

/// Instants as RFC 3339 in UTC with exactly six decimals, so that one instant has one spelling.
mod micros {
    use std::fmt;

    use chrono::SecondsFormat;
    use serde::de::{Deserializer, Error, Visitor};

    use crate::time::{self, Instant};

    pub(super) fn serialize<S: serde::Serializer>(at: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        deserializer.deserialize_str(Moment)
    }

    /// Reads a moment where it stands, without a copy.
    struct Moment;

    impl Visitor<'_> for Moment {
        type Value = Instant;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an instant of RFC 3339")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Instant, E> {
            time::read(text).ok_or_else(|| E::custom("not an instant of RFC 3339"))
        }
    }
}
