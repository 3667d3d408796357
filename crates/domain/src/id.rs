//! Typed identifiers: a UUIDv7 inside, a TypeID outside.
//!
//! Outside the program an id reads as its kind and 26 characters of base32 (`contact_01j…`), as the TypeID specification 0.3
//! lays down, in GraphQL, REST paths, events and logs. Inside, `Id<Contact>` and `Id<Meeting>` are different types, so an
//! id of the wrong kind does not compile. This module parses and prints; new ids come from the application's id source.

use std::{fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The alphabet of Crockford's base32 in lower case, as the TypeID specification wants it.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// What each byte stands for in that alphabet; 32 for a byte that is not of it.
#[expect(clippy::indexing_slicing, reason = "worked out by the compiler")]
const VALUES: [u8; 256] = {
    let mut values = [32; 256];
    let mut value = 0;
    while value < 32 {
        values[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    values
};
/// Characters of the base32 form of 128 bits.
const SUFFIX: usize = 26;

/// What an id can name. Implemented by the markers of [`kinds`] only.
pub trait Kind: Copy + Eq + hash::Hash + Send + Sync + 'static {
    /// The prefix of the printed id, without the underscore that follows it.
    const PREFIX: &'static str;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident, $alias:ident = $prefix:literal;)+) => {
        /// One marker a kind of object; the names are those of the model.
        pub mod kinds {
            $($(#[$doc])* #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)] pub enum $name {}
            impl super::Kind for $name { const PREFIX: &'static str = $prefix; })+
        }
        $($(#[$doc])* pub type $alias = Id<kinds::$name>;)+
        /// Every prefix in use.
        pub const PREFIXES: &[&str] = &[$($prefix),+];
    };
}

kinds! {
    /// A country or territory.
    Country, CountryId = "country";
    /// An organisation of any kind: electoral body, platform company, United Nations entity …
    Organisation, OrganisationId = "organisation";
    /// A product of a platform company.
    PlatformService, PlatformServiceId = "service";
    /// A way to reach a platform.
    Channel, ChannelId = "channel";
    /// An election and its polling days.
    Election, ElectionId = "election";
    /// An expert's profile.
    Expert, ExpertId = "expert";
    /// A programme through which content is reported to platforms.
    ReportingProgramme, ReportingProgrammeId = "programme";
    /// An agreement, code or law that founds a channel or a target.
    Instrument, InstrumentId = "instrument";
    /// A time within which a platform is to answer.
    ResponseTarget, ResponseTargetId = "target";
    /// A published document.
    Publication, PublicationId = "publication";
    /// A person who can sign in.
    User, UserId = "user";
    /// A user's role in an organisation.
    Membership, MembershipId = "membership";
    /// An invitation to sign up and take a membership.
    Invitation, InvitationId = "invitation";
    /// One sign-in and the refresh tokens that continue it.
    Session, SessionId = "session";
    /// A refresh token.
    RefreshToken, RefreshTokenId = "refresh";
    /// A request to set a new password.
    PasswordReset, PasswordResetId = "reset";
    /// A partner's program that signs in by itself.
    ApiClient, ApiClientId = "client";
    /// A key that signs access tokens.
    SigningKey, SigningKeyId = "key";
    /// A matter that may involve several platforms.
    Incident, IncidentId = "incident";
    /// One logged exchange between one electoral body and one platform.
    Contact, ContactId = "contact";
    /// A piece of content that a contact is about.
    ContentItem, ContentItemId = "item";
    /// An uploaded file.
    File, FileId = "file";
    /// An import of contacts from a file.
    ContactImport, ContactImportId = "import";
    /// A line of what an import reports.
    ContactImportRow, ContactImportRowId = "row";
    /// A fact in a contact's history.
    Transition, TransitionId = "transition";
    /// A body's word that the coordinator may record for it.
    Mandate, MandateId = "mandate";
    /// Numbers of a period that everybody may read.
    StatisticRelease, StatisticReleaseId = "release";
    /// A comment on a contact or on minutes.
    Comment, CommentId = "comment";
    /// A text that a body's officers begin a contact with.
    ContactTemplate, ContactTemplateId = "template";
    /// A file attached to a contact.
    Attachment, AttachmentId = "attachment";
    /// A recurring series of meetings.
    Dialogue, DialogueId = "dialogue";
    /// One occurrence of a dialogue, or a single meeting.
    Meeting, MeetingId = "meeting";
    /// A point of a meeting's agenda.
    AgendaItem, AgendaItemId = "agenda";
    /// A person's, or still an organisation's, part in one meeting.
    Participation, ParticipationId = "participation";
    /// The minutes of a meeting.
    Minutes, MinutesId = "minutes";
    /// A promise that an organisation made.
    Commitment, CommitmentId = "commitment";
    /// A poll about slots of a meeting.
    SlotPoll, SlotPollId = "poll";
    /// A revocable address of a private calendar.
    FeedToken, FeedTokenId = "feed";
    /// Where an organisation has events sent.
    WebhookEndpoint, WebhookEndpointId = "webhook";
    /// One message to a webhook endpoint.
    WebhookDelivery, WebhookDeliveryId = "delivery";
    /// A line of the audit log.
    AuditEntry, AuditEntryId = "audit";
    /// Something that happened, as subscribers hear of it.
    Event, EventId = "event";
}

/// An identifier of a `K`.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

impl<K> Id<K> {
    /// Wraps a UUID that is known to name a `K`.
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The UUID inside, as the database keeps it.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl<K: Kind> Id<K> {
    /// The same id without its type, for audit and events.
    pub const fn any(self) -> AnyId {
        AnyId { prefix: K::PREFIX, uuid: self.0 }
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> hash::Hash for Id<K> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.any().fmt(f)
    }
}
impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.any().fmt(f)
    }
}
impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(PhantomData))
    }
}

/// Reads an id where it stands, without a copy.
struct TextVisitor<K>(PhantomData<fn() -> K>);

impl<K: Kind> serde::de::Visitor<'_> for TextVisitor<K> {
    type Value = Id<K>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an id that begins with {}_", K::PREFIX)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Id<K>, E> {
        text.parse().map_err(E::custom)
    }
}

/// Why a text is no id of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseIdError {
    /// The text has no known shape of an id.
    #[error("this is not an id")]
    Malformed,
    /// It is an id, of another kind of object.
    #[error("this is the id of another kind of object")]
    WrongKind,
}

/// Reads an id that somebody sent.
pub fn read<K: Kind>(raw: &str) -> crate::Result<Id<K>> {
    raw.parse().map_err(|error: ParseIdError| {
        let reason = if error == ParseIdError::WrongKind { crate::Reason::WrongKind } else { crate::Reason::Malformed };
        crate::Error::invalid(reason, "", error.to_string())
    })
}

impl<K: Kind> FromStr for Id<K> {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let any: AnyId = text.parse()?;
        if any.prefix == K::PREFIX { Ok(Self::new(any.uuid)) } else { Err(ParseIdError::WrongKind) }
    }
}

/// An id whose kind is known only when the program runs, as `node(id:)` and the audit log have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AnyId {
    prefix: &'static str,
    uuid: Uuid,
}

impl AnyId {
    /// The id of an object whose prefix was stored apart from its UUID; `None` if no kind has that prefix.
    pub fn from_parts(prefix: &str, uuid: Uuid) -> Option<Self> {
        PREFIXES.iter().find(|known| **known == prefix).map(|prefix| Self { prefix, uuid })
    }

    /// The kind's prefix.
    pub const fn prefix(self) -> &'static str {
        self.prefix
    }

    /// The UUID inside.
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }

    /// The typed id, if it is one of a `K`.
    pub fn typed<K: Kind>(self) -> Option<Id<K>> {
        (self.prefix == K::PREFIX).then(|| Id::new(self.uuid))
    }
}

impl fmt::Display for AnyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.uuid.as_u128();
        let mut suffix = [0_u8; SUFFIX];
        for (place, symbol) in suffix.iter_mut().rev().enumerate() {
            let five = (bits >> (5 * place)) & 31;
            *symbol = usize::try_from(five).ok().and_then(|five| ALPHABET.get(five)).copied().unwrap_or(b'0');
        }
        write!(f, "{}_{}", self.prefix, std::str::from_utf8(&suffix).unwrap_or_default())
    }
}

impl FromStr for AnyId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let (prefix, suffix) = text.rsplit_once('_').ok_or(ParseIdError::Malformed)?;
        // 26 characters hold 130 bits: a first character over 7 would overflow.
        if suffix.len() != SUFFIX || !suffix.starts_with(|first| ('0'..='7').contains(&first)) {
            return Err(ParseIdError::Malformed);
        }
        let mut bits = 0_u128;
        for symbol in suffix.bytes() {
            let five = VALUES.get(usize::from(symbol)).copied().filter(|five| *five < 32).ok_or(ParseIdError::Malformed)?;
            bits = (bits << 5) | u128::from(five);
        }
        Self::from_parts(prefix, Uuid::from_u128(bits)).ok_or(ParseIdError::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the specification's `valid.json`.
    #[test]
    fn prints_and_reads_the_specifications_vectors() {
        for (suffix, uuid) in [
            ("00000000000000000000000000", "00000000-0000-0000-0000-000000000000"),
            ("0000000000000000000000000g", "00000000-0000-0000-0000-000000000010"),
            ("7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
            ("01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057"),
        ] {
            let id = ContactId::new(uuid.parse().expect("a uuid"));
            assert_eq!(id.to_string(), format!("contact_{suffix}"));
            assert_eq!(format!("contact_{suffix}").parse(), Ok(id));
        }
    }

    #[test]
    fn refuses_what_is_no_id_or_another_kinds() {
        let id = ContactId::new(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse::<MeetingId>(), Err(ParseIdError::WrongKind));
        for text in [
            "",
            "contact",
            "contact_",
            "contact_80000000000000000000000000",
            "contact_0000000000000000000000000l",
            "nothing_00000000000000000000000000",
        ] {
            assert_eq!(text.parse::<ContactId>(), Err(ParseIdError::Malformed), "{text}");
        }
    }
}
