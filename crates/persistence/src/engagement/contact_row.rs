//! The table `contact` and its mapping. Where a contact stands is kept beside it, made from its facts in the same transaction.

use sea_orm::{ActiveValue::Set, FromQueryResult, QueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use tertulia_domain::{
    Error,
    engagement::{
        contact::{Contact, Header},
        decision::Decision,
        fact::{Digest, Head},
        lifecycle::{EffectiveDecision, Lifecycle},
        reference::Reference,
        vocabulary::{AssertedBy, Closure, Direction, Format, Kind, LegalBasis, Medium, Status, Urgency, Visibility},
    },
    id::{Id, UserId},
    text::{self, CountryCode},
};

use super::target_cells;
use crate::{
    cells::{Cells, DriverCells},
    error::decoded,
    json,
};

const TABLE: &str = "contact";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) reference: String,
    pub(crate) electoral_body_id: Uuid,
    pub(crate) platform_id: Option<Uuid>,
    pub(crate) platform_service_id: Option<Uuid>,
    pub(crate) platform_name: Option<String>,
    pub(crate) country_code: Option<String>,
    pub(crate) direction: String,
    pub(crate) owner_id: Uuid,
    pub(crate) kind: String,
    pub(crate) medium: String,
    pub(crate) legal_basis: String,
    pub(crate) urgency: String,
    pub(crate) issue_types: String,
    pub(crate) subject: String,
    pub(crate) search_text: String,
    pub(crate) case_search: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) channel_id: Option<Uuid>,
    pub(crate) election_id: Option<Uuid>,
    pub(crate) case_number: Option<String>,
    pub(crate) visibility: String,
    pub(crate) visibility_chosen: bool,
    pub(crate) named_readers: String,
    pub(crate) shared_at: Option<DateTimeUtc>,
    pub(crate) read_at: Option<DateTimeUtc>,
    pub(crate) status: String,
    pub(crate) decision: Option<String>,
    pub(crate) sent_at: Option<DateTimeUtc>,
    pub(crate) acknowledged_at: Option<DateTimeUtc>,
    pub(crate) acknowledgement_implied: bool,
    pub(crate) decided_at: Option<DateTimeUtc>,
    pub(crate) closed_at: Option<DateTimeUtc>,
    pub(crate) closure: Option<String>,
    pub(crate) listed_at: DateTimeUtc,
    pub(crate) recorded_at: DateTimeUtc,
    pub(crate) backfilled: bool,
    pub(crate) generated: bool,
    pub(crate) recorded_by: Option<Uuid>,
    pub(crate) head_seq: Option<i64>,
    pub(crate) head_hash: Option<String>,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i64,
    pub(crate) instrument_id: Option<Uuid>,
    pub(crate) target: Option<String>,
    pub(crate) target_mark: Option<String>,
    pub(crate) due_at: Option<DateTimeUtc>,
    pub(crate) soon_at: Option<DateTimeUtc>,
    pub(crate) settled_at: Option<DateTimeUtc>,
    pub(crate) waits_until: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// A row of [`Entity`]'s own columns, read by place.
pub(crate) struct Row(pub(crate) Model);

impl FromQueryResult for Row {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let mut cells = DriverCells::of(row);
        Ok(Self(Model {
            id: cells.next()?,
            reference: cells.next()?,
            electoral_body_id: cells.next()?,
            platform_id: cells.next()?,
            platform_service_id: cells.next()?,
            platform_name: cells.next()?,
            country_code: cells.next()?,
            direction: cells.next()?,
            owner_id: cells.next()?,
            kind: cells.next()?,
            medium: cells.next()?,
            legal_basis: cells.next()?,
            urgency: cells.next()?,
            issue_types: cells.next()?,
            subject: cells.next()?,
            search_text: cells.next()?,
            case_search: cells.next()?,
            description: cells.next()?,
            language: cells.next()?,
            channel_id: cells.next()?,
            election_id: cells.next()?,
            case_number: cells.next()?,
            visibility: cells.next()?,
            visibility_chosen: cells.next()?,
            named_readers: cells.next()?,
            shared_at: cells.next()?,
            read_at: cells.next()?,
            status: cells.next()?,
            decision: cells.next()?,
            sent_at: cells.next()?,
            acknowledged_at: cells.next()?,
            acknowledgement_implied: cells.next()?,
            decided_at: cells.next()?,
            closed_at: cells.next()?,
            closure: cells.next()?,
            listed_at: cells.next()?,
            recorded_at: cells.next()?,
            backfilled: cells.next()?,
            generated: cells.next()?,
            recorded_by: cells.next()?,
            head_seq: cells.next()?,
            head_hash: cells.next()?,
            updated_at: cells.next()?,
            version: cells.next()?,
            instrument_id: cells.next()?,
            target: cells.next()?,
            target_mark: cells.next()?,
            due_at: cells.next()?,
            soon_at: cells.next()?,
            settled_at: cells.next()?,
            waits_until: cells.next()?,
        }))
    }
}

/// The decision that counts, as it is kept beside the contact.
#[derive(Serialize, Deserialize)]
struct StoredDecision {
    asserted_by: AssertedBy,
    format: Option<Format>,
    decision: Decision,
}

impl Model {
    fn header(&self) -> Result<Header, Error> {
        Ok(Header {
            direction: decoded(Direction::parse(&self.direction), TABLE, "direction", &self.direction)?,
            kind: decoded(Kind::parse(&self.kind), TABLE, "kind", &self.kind)?,
            medium: decoded(Medium::parse(&self.medium), TABLE, "medium", &self.medium)?,
            legal_basis: decoded(LegalBasis::parse(&self.legal_basis), TABLE, "legal_basis", &self.legal_basis)?,
            urgency: decoded(Urgency::parse(&self.urgency), TABLE, "urgency", &self.urgency)?,
            issue_types: json::decode(&self.issue_types, TABLE, "issue_types")?,
            subject: self.subject.clone(),
            description: self.description.clone(),
            language: self.language.as_deref().map(text::LanguageTag::parse).transpose()?,
            channel: self.channel_id.map(Id::new),
            election: self.election_id.map(Id::new),
            instrument: self.instrument_id.map(Id::new),
            case_number: self.case_number.clone(),
        })
    }

    fn life(&self) -> Result<Lifecycle, Error> {
        let decision = self.decision.as_deref().map(|text| json::decode::<StoredDecision>(text, TABLE, "decision")).transpose()?;
        let closure = self.closure.as_deref().map(|text| decoded(Closure::parse(text), TABLE, "closure", text)).transpose()?;
        Ok(Lifecycle {
            status: decoded(Status::parse(&self.status), TABLE, "status", &self.status)?,
            sent_at: self.sent_at,
            acknowledged_at: self.acknowledged_at,
            acknowledgement_implied: self.acknowledgement_implied,
            decided_at: self.decided_at,
            closed_at: self.closed_at,
            closure,
            decision: decision.map(|stored| EffectiveDecision {
                decision: stored.decision,
                asserted_by: stored.asserted_by,
                format: stored.format,
            }),
        })
    }

    fn head(&self) -> Result<Option<Head>, Error> {
        let (Some(seq), Some(hash)) = (self.head_seq, self.head_hash.as_deref()) else { return Ok(None) };
        let seq = decoded(u32::try_from(seq).ok(), TABLE, "head_seq", "a number out of range")?;
        Ok(Some(Head { seq, hash: decoded(Digest::parse(hash), TABLE, "head_hash", hash)? }))
    }
}

impl TryFrom<Row> for Contact {
    type Error = Error;

    fn try_from(Row(row): Row) -> Result<Self, Error> {
        Ok(Self {
            header: row.header()?,
            life: row.life()?,
            bound: target_cells::bound(&row)?,
            head: row.head()?,
            id: Id::new(row.id),
            country: row.country_code.as_deref().map(CountryCode::parse).transpose()?,
            electoral_body: Id::new(row.electoral_body_id),
            platform: row.platform_id.map(Id::new),
            service: row.platform_service_id.map(Id::new),
            visibility: decoded(Visibility::parse(&row.visibility), TABLE, "visibility", &row.visibility)?,
            visibility_chosen: row.visibility_chosen,
            named_readers: json::decode(&row.named_readers, TABLE, "named_readers")?,
            reference: Reference::stored(row.reference),
            platform_name: row.platform_name,
            shared_at: row.shared_at,
            read_by_other_at: row.read_at,
            generated: row.generated,
            backfilled: row.backfilled,
            recorded_at: row.recorded_at,
            changed_at: row.updated_at,
            version: row.version,
            recorded_by: row.recorded_by.map(Id::new),
        })
    }
}

/// The columns that stay as they were logged.
pub(crate) fn logged(contact: &Contact) -> Result<ActiveModel, Error> {
    let (header, owner) = (&contact.header, contact.sender().ok_or_else(|| Error::broken("a contact without a sender"))?);
    let mut row = changed(contact)?;
    row.id = Set(contact.id.uuid());
    row.reference = Set(contact.reference.to_string());
    row.electoral_body_id = Set(contact.electoral_body.uuid());
    row.country_code = Set(contact.country.map(|code| code.to_string()));
    row.direction = Set(header.direction.to_string());
    row.owner_id = Set(owner.uuid());
    row.kind = Set(header.kind.to_string());
    row.medium = Set(header.medium.to_string());
    row.legal_basis = Set(header.legal_basis.to_string());
    row.urgency = Set(header.urgency.to_string());
    row.issue_types = Set(json::encode(&header.issue_types)?);
    row.subject = Set(header.subject.clone());
    row.search_text = Set(contact.search_text());
    row.case_search = Set(header.case_number.as_deref().map(text::fold));
    row.description = Set(header.description.clone());
    row.language = Set(header.language.as_ref().map(|tag| tag.as_str().to_owned()));
    row.channel_id = Set(header.channel.map(Id::uuid));
    row.election_id = Set(header.election.map(Id::uuid));
    row.instrument_id = Set(header.instrument.map(Id::uuid));
    row.case_number = Set(header.case_number.clone());
    row.recorded_at = Set(contact.recorded_at);
    row.backfilled = Set(contact.backfilled);
    row.generated = Set(contact.generated);
    row.recorded_by = Set(contact.recorded_by.map(UserId::uuid));
    Ok(row)
}

/// The columns that acts change.
pub(crate) fn changed(contact: &Contact) -> Result<ActiveModel, Error> {
    let life = &contact.life;
    let decision = life.decision.as_ref().map(|effective| {
        let EffectiveDecision { decision, asserted_by, format } = effective.clone();
        json::encode(&StoredDecision { asserted_by, format, decision })
    });
    let target = target_cells::written(contact.bound.as_ref())?;
    Ok(ActiveModel {
        platform_id: Set(contact.platform.map(Id::uuid)),
        platform_service_id: Set(contact.service.map(Id::uuid)),
        platform_name: Set(contact.platform_name.clone()),
        visibility: Set(contact.visibility.to_string()),
        visibility_chosen: Set(contact.visibility_chosen),
        named_readers: Set(json::encode(&contact.named_readers)?),
        shared_at: Set(contact.shared_at),
        read_at: Set(contact.read_by_other_at),
        status: Set(life.status.to_string()),
        decision: Set(decision.transpose()?),
        sent_at: Set(life.sent_at),
        acknowledged_at: Set(life.acknowledged_at),
        acknowledgement_implied: Set(life.acknowledgement_implied),
        decided_at: Set(life.decided_at),
        closed_at: Set(life.closed_at),
        closure: Set(life.closure.map(|closure| closure.to_string())),
        listed_at: Set(life.sent_at.unwrap_or(contact.recorded_at)),
        head_seq: Set(contact.head.map(|head| i64::from(head.seq))),
        head_hash: Set(contact.head.map(|head| head.hash.to_string())),
        updated_at: Set(contact.changed_at),
        version: Set(contact.version),
        target: Set(target.target),
        target_mark: Set(target.mark),
        due_at: Set(target.due_at),
        soon_at: Set(target.soon_at),
        settled_at: Set(target.settled_at),
        waits_until: Set(target.waits_until),
        ..<ActiveModel as Default>::default()
    })
}
