//! A contact: one exchange between one electoral body and one platform. The sender's organisation owns it.

use crate::{
    engagement::{
        fact::{Fact, Head},
        lifecycle::Lifecycle,
        line::{Silence, Terms},
        reference::Reference,
        target::Bound,
        vocabulary::{Direction, IssueType, Kind, LegalBasis, Medium, Side, Status, Urgency, Visibility},
    },
    id::{ChannelId, ContactId, ElectionId, InstrumentId, OrganisationId, PlatformServiceId, UserId},
    text::{CountryCode, LanguageTag},
    time::Instant,
};

/// One logged exchange, without its items and facts.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// The short name that people read to each other.
    pub reference: Reference,
    /// The electoral body.
    pub electoral_body: OrganisationId,
    /// The body's country, for filters.
    pub country: Option<CountryCode>,
    /// The platform company; none while only a name is known.
    pub platform: Option<OrganisationId>,
    /// The platform's service; none while only a name is known.
    pub service: Option<PlatformServiceId>,
    /// The name the sender gave, where the directory has no such service.
    pub platform_name: Option<String>,
    /// What the sender said of the exchange.
    pub header: Header,
    /// Who reads it, once it is sent.
    pub visibility: Visibility,
    /// Whether the sender chose the visibility; else a draft becomes readable by both sides when it is sent.
    pub visibility_chosen: bool,
    /// The persons who read it, if `visibility` is NAMED.
    pub named_readers: Vec<UserId>,
    /// Since when the other side may read it.
    pub shared_at: Option<Instant>,
    /// When the other side first read it.
    pub read_by_other_at: Option<Instant>,
    /// Where it stands and since when.
    pub life: Lifecycle,
    /// The target that binds it, as it was when the contact was sent.
    pub bound: Option<Bound>,
    /// The last fact.
    pub head: Option<Head>,
    /// Whether a generator made it.
    pub generated: bool,
    /// Whether its history was entered afterwards in one go.
    pub backfilled: bool,
    /// When it was logged here.
    pub recorded_at: Instant,
    /// When anything about it last changed here.
    pub changed_at: Instant,
    /// Counts the changes; a caller may state the one it read.
    pub version: i64,
    /// Who logged it; shown to the person's own organisation only.
    pub recorded_by: Option<UserId>,
}

/// What the sender says of the exchange as a whole.
#[derive(Clone, Debug)]
pub struct Header {
    /// Who sends.
    pub direction: Direction,
    /// What it is about.
    pub kind: Kind,
    /// The way it took.
    pub medium: Medium,
    /// Its legal ground.
    pub legal_basis: LegalBasis,
    /// How soon an answer is needed.
    pub urgency: Urgency,
    /// What the matter is, each once.
    pub issue_types: Vec<IssueType>,
    /// One line that says what it is.
    pub subject: String,
    /// The matter at length.
    pub description: Option<String>,
    /// The language it is written in.
    pub language: Option<LanguageTag>,
    /// The channel it took.
    pub channel: Option<ChannelId>,
    /// The election it belongs to.
    pub election: Option<ElectionId>,
    /// The agreement or law that it stands on.
    pub instrument: Option<InstrumentId>,
    /// The sender's own number, readable by its own side only.
    pub case_number: Option<String>,
}

/// What every list shows of a contact: a page of these costs a fraction of what the same contacts cost whole.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each field is the contact's of the same name")]
pub struct Brief {
    pub id: ContactId,
    pub reference: Reference,
    pub electoral_body: OrganisationId,
    pub country: Option<CountryCode>,
    pub platform: Option<OrganisationId>,
    pub direction: Direction,
    pub kind: Kind,
    pub visibility: Visibility,
    pub read_by_other_at: Option<Instant>,
    pub status: Status,
    pub changed_at: Instant,
}

/// What most lists show beside it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each field is the contact's of the same name")]
pub struct Shown {
    pub service: Option<PlatformServiceId>,
    pub platform_name: Option<String>,
    pub urgency: Urgency,
    pub subject: String,
    pub sent_at: Option<Instant>,
    pub acknowledged_at: Option<Instant>,
    pub decided_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    pub generated: bool,
    pub version: i64,
}

/// What a page of a list reads of its contacts beside what every list shows.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// What most lists show.
    pub shown: bool,
    /// Their facts.
    pub facts: bool,
}

/// A contact as a page has it, with the parts that the page reads.
#[derive(Clone, Debug)]
pub struct Listed {
    /// What every list shows.
    pub brief: Brief,
    /// What most lists show.
    pub shown: Option<Shown>,
    /// Its facts, in the order of the history.
    pub facts: Option<Vec<Fact>>,
}

impl From<&Contact> for Brief {
    fn from(contact: &Contact) -> Self {
        Self {
            id: contact.id,
            reference: contact.reference.clone(),
            electoral_body: contact.electoral_body,
            country: contact.country,
            platform: contact.platform,
            direction: contact.header.direction,
            kind: contact.header.kind,
            visibility: contact.visibility,
            read_by_other_at: contact.read_by_other_at,
            status: contact.life.status,
            changed_at: contact.changed_at,
        }
    }
}

impl From<&Contact> for Shown {
    fn from(contact: &Contact) -> Self {
        let life = &contact.life;
        Self {
            service: contact.service,
            platform_name: contact.platform_name.clone(),
            urgency: contact.header.urgency,
            subject: contact.header.subject.clone(),
            sent_at: life.sent_at,
            acknowledged_at: life.acknowledged_at,
            decided_at: life.decided_at,
            closed_at: life.closed_at,
            generated: contact.generated,
            version: contact.version,
        }
    }
}

impl Brief {
    /// The organisation that sent it and owns it; none for a platform's whose name is not resolved.
    pub fn sender(&self) -> Option<OrganisationId> {
        on(self.direction.sender(), self.electoral_body, self.platform)
    }

    /// The organisation that receives it; none while only the platform's name is known.
    pub fn receiver(&self) -> Option<OrganisationId> {
        on(self.direction.receiver(), self.electoral_body, self.platform)
    }

    /// What its line depends on, to show a history that was admitted fact by fact.
    pub fn terms(&self) -> Terms<'static> {
        Terms { kind: self.kind, silence: Silence::Told }
    }
}

/// The organisation on a side.
fn on(side: Side, body: OrganisationId, platform: Option<OrganisationId>) -> Option<OrganisationId> {
    if side == Side::Platform { platform } else { Some(body) }
}

impl Contact {
    /// The organisation that sent it and owns it; none for a platform's whose name is not resolved.
    pub fn sender(&self) -> Option<OrganisationId> {
        on(self.header.direction.sender(), self.electoral_body, self.platform)
    }

    /// The organisation that receives it; none while only the platform's name is known.
    pub fn receiver(&self) -> Option<OrganisationId> {
        on(self.header.direction.receiver(), self.electoral_body, self.platform)
    }

    /// The side on which an organisation stands.
    pub fn side_of(&self, organisation: OrganisationId) -> Option<Side> {
        if organisation == self.electoral_body {
            Some(Side::ElectoralBody)
        } else if Some(organisation) == self.platform {
            Some(Side::Platform)
        } else {
            None
        }
    }

    /// The text that search compares with: subject and reference, the reference also without hyphens.
    pub fn search_text(&self) -> String {
        let plain = self.reference.as_str().replace('-', "");
        crate::text::fold(&format!("{} {} {plain}", self.header.subject, self.reference))
    }

    /// What its line depends on.
    pub fn terms(&self) -> Terms<'_> {
        let silence = self.bound.as_ref().map_or(Silence::Usual, |bound| Silence::Target(&bound.target));
        Terms { kind: self.header.kind, silence }
    }
}
