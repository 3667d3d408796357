//! What lists show of a contact, read from its row, alone or with its facts.

use sea_orm::entity::prelude::*;
use tertulia_domain::{
    engagement::{
        contact::Summary,
        fact::Fact,
        reference::Reference,
        vocabulary::{Direction, Kind, Status, Urgency, Visibility},
    },
    id::Id,
    page::Position,
    text::CountryCode,
};

use super::{contact_row::Column, fact};
use crate::{
    cells::{Cells, FromCells},
    keyset::instant_key,
    packed::{self, Columns, Packed},
};

/// The columns of a [`Summary`], in the order in which [`SummaryRow`] reads them.
const LISTED: &[Packed<Column>] = &[
    Packed::Id(Column::Id),
    Packed::Plain(Column::Reference),
    Packed::Id(Column::ElectoralBodyId),
    Packed::Plain(Column::CountryCode),
    Packed::Id(Column::PlatformId),
    Packed::Id(Column::PlatformServiceId),
    Packed::Text(Column::PlatformName),
    Packed::Plain(Column::Direction),
    Packed::Plain(Column::Kind),
    Packed::Plain(Column::Urgency),
    Packed::Text(Column::Subject),
    Packed::Plain(Column::Visibility),
    Packed::Plain(Column::ReadAt),
    Packed::Plain(Column::Status),
    Packed::Plain(Column::SentAt),
    Packed::Plain(Column::AcknowledgedAt),
    Packed::Plain(Column::DecidedAt),
    Packed::Plain(Column::ClosedAt),
    Packed::Plain(Column::Generated),
    Packed::Plain(Column::UpdatedAt),
    Packed::Plain(Column::Version),
    Packed::Plain(Column::ListedAt),
];

/// What [`SummaryRow`] reads.
pub(crate) static SUMMARY: Columns<Column> = Columns::new(LISTED);
/// What [`WithFacts`] reads.
pub(crate) static SUMMARY_WITH_FACTS: Columns<Column> = Columns::with(LISTED, fact::of_row);

/// A row of the columns [`LISTED`], with the instant by which lists are sorted.
pub(crate) struct SummaryRow {
    pub(crate) contact: Summary,
    pub(crate) listed_at: DateTimeUtc,
}

impl SummaryRow {
    /// Where it stands in a list sorted by the last change, or by the sending.
    pub(crate) fn position(&self, by_change: bool) -> Position {
        let key = if by_change { self.contact.changed_at } else { self.listed_at };
        Position { key: instant_key(key), id: self.contact.id.uuid() }
    }
}

impl FromCells for SummaryRow {
    fn from_cells(cells: &mut impl Cells) -> Result<Self, DbErr> {
        let contact = Summary {
            id: Id::new(cells.next()?),
            reference: Reference::stored(cells.next()?),
            electoral_body: Id::new(cells.next()?),
            country: cells.optional_word(|code| CountryCode::parse(code).ok())?,
            platform: cells.next::<Option<Uuid>>()?.map(Id::new),
            service: cells.next::<Option<Uuid>>()?.map(Id::new),
            platform_name: cells.prose()?,
            direction: cells.word(Direction::parse)?,
            kind: cells.word(Kind::parse)?,
            urgency: cells.word(Urgency::parse)?,
            subject: cells.prose()?.unwrap_or_default(),
            visibility: cells.word(Visibility::parse)?,
            read_by_other_at: cells.next()?,
            status: cells.word(Status::parse)?,
            sent_at: cells.next()?,
            acknowledged_at: cells.next()?,
            decided_at: cells.next()?,
            closed_at: cells.next()?,
            generated: cells.next()?,
            changed_at: cells.next()?,
            version: cells.next()?,
        };
        Ok(Self { contact, listed_at: cells.next()? })
    }
}

/// The same with the contact's facts.
pub(crate) struct WithFacts {
    pub(crate) row: SummaryRow,
    pub(crate) facts: Vec<Fact>,
}

impl FromCells for WithFacts {
    fn from_cells(cells: &mut impl Cells) -> Result<Self, DbErr> {
        let row = SummaryRow::from_cells(cells)?;
        let facts: Vec<fact::Of<Fact>> = cells.text(packed::parts_of)?;
        Ok(Self { row, facts: facts.into_iter().map(|fact::Of(_, fact)| fact).collect() })
    }
}
