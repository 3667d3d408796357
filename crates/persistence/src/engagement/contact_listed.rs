//! What lists show of a contact, read from its row, alone or with its facts.

use sea_orm::entity::prelude::*;
use tertulia_domain::{
    engagement::{
        contact::{Brief, Contact, Listed, Shown},
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

/// The columns of a [`Brief`] and the instant by which lists are sorted, in the order in which they are read.
const BRIEF: &[Packed<Column>] = WITH_SHOWN.split_at(12).0;
/// The same, and then those of a [`Shown`].
const WITH_SHOWN: &[Packed<Column>] = &[
    Packed::Id(Column::Id),
    Packed::Plain(Column::Reference),
    Packed::Id(Column::ElectoralBodyId),
    Packed::Plain(Column::CountryCode),
    Packed::Id(Column::PlatformId),
    Packed::Plain(Column::Direction),
    Packed::Plain(Column::Kind),
    Packed::Plain(Column::Visibility),
    Packed::Plain(Column::ReadAt),
    Packed::Plain(Column::Status),
    Packed::Plain(Column::UpdatedAt),
    Packed::Plain(Column::ListedAt),
    Packed::Id(Column::PlatformServiceId),
    Packed::Text(Column::PlatformName),
    Packed::Plain(Column::Urgency),
    Packed::Text(Column::Subject),
    Packed::Plain(Column::SentAt),
    Packed::Plain(Column::AcknowledgedAt),
    Packed::Plain(Column::DecidedAt),
    Packed::Plain(Column::ClosedAt),
    Packed::Plain(Column::Generated),
    Packed::Plain(Column::Version),
];

/// The columns of a [`ListedRow`].
pub(crate) static OF_BRIEF: Columns<Column> = Columns::new(BRIEF);
/// The same of one with [`Shown`].
pub(crate) static OF_SHOWN: Columns<Column> = Columns::new(WITH_SHOWN);
/// The same of one with facts.
pub(crate) static OF_FACTS: Columns<Column> = Columns::with(BRIEF, fact::of_row);
/// The same of one with both.
pub(crate) static OF_SHOWN_AND_FACTS: Columns<Column> = Columns::with(WITH_SHOWN, fact::of_row);

/// A row of a list, with or without what most lists show and the facts.
pub(crate) struct ListedRow<const SHOWN: bool, const FACTS: bool> {
    pub(crate) listed: Listed,
    listed_at: DateTimeUtc,
}

impl<const SHOWN: bool, const FACTS: bool> ListedRow<SHOWN, FACTS> {
    /// Where it stands in a list sorted by the last change, or by the sending.
    pub(crate) fn position(&self, by_change: bool) -> Position {
        let key = if by_change { self.listed.brief.changed_at } else { self.listed_at };
        Position { key: instant_key(key), id: self.listed.brief.id.uuid() }
    }
}

impl<const SHOWN: bool, const FACTS: bool> FromCells for ListedRow<SHOWN, FACTS> {
    fn from_cells(cells: &mut impl Cells) -> Result<Self, DbErr> {
        let brief = Brief {
            id: Id::new(cells.next()?),
            reference: Reference::stored(cells.next()?),
            electoral_body: Id::new(cells.next()?),
            country: cells.optional_word(|code| CountryCode::parse(code).ok())?,
            platform: cells.next::<Option<Uuid>>()?.map(Id::new),
            direction: cells.word(Direction::parse)?,
            kind: cells.word(Kind::parse)?,
            visibility: cells.word(Visibility::parse)?,
            read_by_other_at: cells.next()?,
            status: cells.word(Status::parse)?,
            changed_at: cells.next()?,
        };
        let listed_at = cells.next()?;
        let shown = SHOWN.then(|| shown(cells)).transpose()?;
        let facts = FACTS.then(|| facts(cells)).transpose()?;
        Ok(Self { listed: Listed { brief, shown, facts }, listed_at })
    }
}

fn shown(cells: &mut impl Cells) -> Result<Shown, DbErr> {
    Ok(Shown {
        service: cells.next::<Option<Uuid>>()?.map(Id::new),
        platform_name: cells.prose()?,
        urgency: cells.word(Urgency::parse)?,
        subject: cells.prose()?.unwrap_or_default(),
        sent_at: cells.next()?,
        acknowledged_at: cells.next()?,
        decided_at: cells.next()?,
        closed_at: cells.next()?,
        generated: cells.next()?,
        version: cells.next()?,
    })
}

fn facts(cells: &mut impl Cells) -> Result<Vec<Fact>, DbErr> {
    let facts: Vec<fact::Of<Fact>> = cells.text(packed::parts_of)?;
    Ok(facts.into_iter().map(|fact::Of(_, fact)| fact).collect())
}

/// What a list shows of a contact that was read whole; its facts are not in its row.
pub(crate) fn of_whole(contact: &Contact) -> Listed {
    Listed { brief: Brief::from(contact), shown: Some(Shown::from(contact)), facts: None }
}
