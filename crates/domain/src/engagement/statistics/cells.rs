//! Counted contacts as they are kept: contacts that count alike are one cell with a number, and cells can be added up and taken away again
//! in any order.
//!
//! A cell knows the bin of the waiting time and the day of sending; of a contact that still waits it knows the moment, since it waits until
//! *now*. So what is worked out from cells is the same as from the contacts themselves ([`Counted::reduced`]).
//!
//! Cells are written as bytes: first each party once, then a line of a dozen bytes a cell. Words of closed lists are written by their place
//! in the list; whoever changes the order of one raises [`FORMAT`], and everything is counted anew.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta};
use uuid::Uuid;

use super::{
    bins::Bin,
    counted::{Counted, Promise, Wait},
    phase::ElectionPhase,
};
use crate::{
    engagement::vocabulary::{Kind, Outcome, Urgency},
    error::{Error, Result},
    id::{Id, OrganisationId},
    text::{CountryCode, LanguageTag},
};

/// The first byte of what is written.
pub const FORMAT: u8 = 1;

impl Counted {
    /// The contact as cells know it.
    #[must_use]
    pub fn reduced(mut self) -> Self {
        let binned = |minutes: i64| Bin::of(minutes).minutes();
        self.wait = match self.wait {
            Wait::Responded(minutes) => Wait::Responded(binned(minutes)),
            Wait::Ended(minutes) => Wait::Ended(binned(minutes)),
            Wait::Open => return self,
        };
        self.sent_at = self.sent_at.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        self
    }
}

/// Cells, each with how many contacts are in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells(BTreeMap<Counted, u32>);

impl Cells {
    /// The cell of one contact; none of one that does not count.
    pub fn of(contact: Option<Counted>) -> Self {
        Self(contact.map(|contact| (contact.reduced(), 1)).into_iter().collect())
    }

    /// Whether nothing is counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The cells.
    pub fn iter(&self) -> impl Iterator<Item = (&Counted, u32)> {
        self.0.iter().map(|(contact, number)| (contact, *number))
    }

    /// Adds a cell.
    pub fn add(&mut self, contact: Counted, contacts: u32) {
        *self.0.entry(contact).or_default() += contacts;
    }

    /// Takes a cell away.
    ///
    /// # Errors
    /// `INTERNAL` if it is not there: then what is kept is not what was counted.
    pub fn take(&mut self, contact: &Counted, contacts: u32) -> Result<()> {
        let missing = || Error::broken("a contact that was counted is not in its cell; count anew with `tertulia statistics recount`");
        let left = self.0.get_mut(contact).ok_or_else(missing)?;
        *left = left.checked_sub(contacts).ok_or_else(missing)?;
        if *left == 0 {
            self.0.remove(contact);
        }
        Ok(())
    }

    /// Writes the cells.
    pub fn bytes(&self) -> Vec<u8> {
        let mut parties: Vec<Vec<u8>> = Vec::new();
        let mut lines = Vec::with_capacity(self.0.len() * 12);
        let base = self.0.keys().map(|contact| contact.sent_at.date_naive()).min().unwrap_or_default();
        for (contact, number) in &self.0 {
            // Cells are sorted by party, so that most have the party of the cell before them.
            let party = party(contact);
            let place = parties.iter().rposition(|known| *known == party).unwrap_or_else(|| {
                parties.push(party);
                parties.len() - 1
            });
            varint(&mut lines, u64::try_from(place).unwrap_or_default());
            line(&mut lines, contact, *number, base);
        }
        let mut bytes = vec![FORMAT];
        varint(&mut bytes, u64::try_from((base - NaiveDate::default()).num_days()).unwrap_or_default());
        varint(&mut bytes, u64::try_from(parties.len()).unwrap_or_default());
        bytes.extend(parties.into_iter().flatten());
        bytes.extend(lines);
        bytes
    }

    /// Reads cells.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let mut cells = Self::default();
        Reading::of(bytes)?.each(|_, contact, number| {
            cells.add(contact.clone(), number);
            Ok(())
        })?;
        Ok(cells)
    }
}

/// Cells that are read one after the other, without keeping them.
#[derive(Debug)]
pub struct Reading<'a> {
    base: NaiveDate,
    parties: Vec<Counted>,
    rest: Rest<'a>,
}

impl<'a> Reading<'a> {
    /// Reads the parties; nothing, of no bytes at all.
    pub fn of(bytes: &'a [u8]) -> Result<Self> {
        let mut rest = Rest(bytes);
        if bytes.is_empty() {
            return Ok(Self { base: NaiveDate::default(), parties: Vec::new(), rest });
        }
        if rest.byte()? != FORMAT {
            return Err(Error::broken("what was counted is written in another format; count anew with `tertulia statistics recount`"));
        }
        let base = day(NaiveDate::default(), rest.varint()?)?;
        let parties = (0..rest.varint()?).map(|_| read_party(&mut rest)).collect::<Result<Vec<_>>>()?;
        Ok(Self { base, parties, rest })
    }

    /// The parties: contacts of which nothing else is told. Cells name them by their place.
    pub fn parties(&self) -> &[Counted] {
        &self.parties
    }

    /// Shows each cell: the place of its party, the cell, and how many contacts are in it.
    pub fn each(mut self, mut show: impl FnMut(usize, &Counted, u32) -> Result<()>) -> Result<()> {
        while !self.rest.0.is_empty() {
            let place = usize::try_from(self.rest.varint()?).unwrap_or(usize::MAX);
            let contact = self.parties.get_mut(place).ok_or_else(broken)?;
            let number = read_line(&mut self.rest, contact, self.base)?;
            show(place, contact, number)?;
        }
        Ok(())
    }
}

fn broken() -> Error {
    Error::broken("what was counted cannot be read; count anew with `tertulia statistics recount`")
}

fn day(base: NaiveDate, days: u64) -> Result<NaiveDate> {
    base.checked_add_days(chrono::Days::new(days)).ok_or_else(broken)
}

fn place<T: PartialEq>(all: &[T], one: &T) -> u32 {
    all.iter().position(|known| known == one).and_then(|place| u32::try_from(place).ok()).unwrap_or_default()
}

fn party(contact: &Counted) -> Vec<u8> {
    let mut bytes = contact.electoral_body.uuid().into_bytes().to_vec();
    let parts = [
        contact.country.map(|code| code.as_str().as_bytes().to_vec()),
        contact.platform.map(|id| id.uuid().into_bytes().to_vec()),
        contact.service.map(|id| id.uuid().into_bytes().to_vec()),
        contact.language.as_ref().map(|tag| tag.as_str().as_bytes().to_vec()),
    ];
    for part in parts {
        let part = part.unwrap_or_default();
        bytes.push(u8::try_from(part.len()).unwrap_or_default());
        bytes.extend(part);
    }
    bytes
}

fn read_party(rest: &mut Rest<'_>) -> Result<Counted> {
    let electoral_body = OrganisationId::new(uuid(rest.take(16)?)?);
    let mut part = || {
        let length = rest.byte()?;
        Ok::<_, Error>(Some(rest.take(length.into())?).filter(|part| !part.is_empty()))
    };
    let country = part()?.map(|part| CountryCode::parse(text(part)?)).transpose()?;
    let platform = part()?.map(uuid).transpose()?.map(Id::new);
    let service = part()?.map(uuid).transpose()?.map(Id::new);
    let language = part()?.map(|part| LanguageTag::parse(text(part)?)).transpose()?;
    Ok(Counted {
        electoral_body,
        country,
        platform,
        service,
        kind: Kind::Escalation,
        urgency: Urgency::Normal,
        phase: ElectionPhase::Outside,
        language,
        shared: false,
        generated: false,
        sent_at: DateTime::UNIX_EPOCH,
        wait: Wait::Open,
        answered: false,
        outcome: None,
        promise: Promise::None,
        one_sided: false,
        late_entry: false,
    })
}

fn uuid(bytes: &[u8]) -> Result<Uuid> {
    Uuid::from_slice(bytes).map_err(|_| broken())
}

fn text(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| broken())
}

/// Words and flags in three bytes, then the day, and what else there is to say.
fn line(bytes: &mut Vec<u8>, contact: &Counted, number: u32, base: NaiveDate) {
    let wait = match contact.wait {
        Wait::Responded(_) => 0,
        Wait::Ended(_) => 1,
        Wait::Open => 2,
    };
    let promise = match contact.promise {
        Promise::None => 0,
        Promise::Met => 1,
        Promise::Missed => 2,
        Promise::Due(_) => 3,
    };
    let flags = [contact.shared, contact.generated, contact.answered, contact.one_sided, contact.late_entry];
    let flags = flags.iter().fold(0, |bits, flag| bits << 1 | u32::from(*flag));
    let outcome = contact.outcome.map_or(0, |outcome| place(Outcome::ALL, &outcome) + 1);
    let parts = [
        (place(Kind::ALL, &contact.kind), 4),
        (place(Urgency::ALL, &contact.urgency), 2),
        (place(ElectionPhase::ALL, &contact.phase), 3),
        (outcome, 4),
        (wait, 2),
        (promise, 2),
        (flags, 5),
    ];
    let packed = parts.iter().fold(0, |bits, (value, width)| bits << width | value);
    bytes.extend(packed.to_le_bytes().into_iter().take(3));
    varint(bytes, number.into());
    let sent = contact.sent_at.date_naive();
    varint(bytes, u64::try_from((sent - base).num_days()).unwrap_or_default());
    match contact.wait {
        Wait::Responded(minutes) | Wait::Ended(minutes) => varint(bytes, Bin::of(minutes).number().into()),
        Wait::Open => {
            let begin = sent.and_time(chrono::NaiveTime::MIN).and_utc();
            varint(bytes, (contact.sent_at - begin).num_microseconds().and_then(|micros| u64::try_from(micros).ok()).unwrap_or_default());
        }
    }
    if let Promise::Due(due) = contact.promise {
        varint(bytes, u64::try_from(due.timestamp_micros()).unwrap_or_default());
    }
}

fn read_line(rest: &mut Rest<'_>, contact: &mut Counted, base: NaiveDate) -> Result<u32> {
    let packed = rest.take(3)?.iter().rev().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
    let part = |from: u32, width: u32| packed >> from & ((1 << width) - 1);
    let flag = |bit: u32| packed >> bit & 1 == 1;
    contact.kind = nth(Kind::ALL, part(18, 4))?;
    contact.urgency = nth(Urgency::ALL, part(16, 2))?;
    contact.phase = nth(ElectionPhase::ALL, part(13, 3))?;
    contact.outcome = part(9, 4).checked_sub(1).map(|place| nth(Outcome::ALL, place)).transpose()?;
    (contact.shared, contact.generated, contact.answered) = (flag(4), flag(3), flag(2));
    (contact.one_sided, contact.late_entry) = (flag(1), flag(0));
    let number = u32::try_from(rest.varint()?).map_err(|_| broken())?;
    contact.sent_at = day(base, rest.varint()?)?.and_time(chrono::NaiveTime::MIN).and_utc();
    let more = rest.varint()?;
    let binned = || u16::try_from(more).ok().and_then(Bin::numbered).map(Bin::minutes).ok_or_else(broken);
    contact.wait = match part(7, 2) {
        0 => Wait::Responded(binned()?),
        1 => Wait::Ended(binned()?),
        _ => {
            contact.sent_at += TimeDelta::microseconds(i64::try_from(more).map_err(|_| broken())?);
            Wait::Open
        }
    };
    contact.promise = match part(5, 2) {
        0 => Promise::None,
        1 => Promise::Met,
        2 => Promise::Missed,
        _ => {
            let due = i64::try_from(rest.varint()?).ok().and_then(DateTime::from_timestamp_micros);
            Promise::Due(due.ok_or_else(broken)?)
        }
    };
    Ok(number)
}

fn nth<T: Copy>(all: &[T], place: u32) -> Result<T> {
    usize::try_from(place).ok().and_then(|place| all.get(place)).copied().ok_or_else(broken)
}

/// Seven bits a byte, the lowest first; the eighth says that there are more (LEB128).
fn varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap_or_default());
}

/// What is not read yet.
#[derive(Debug)]
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(broken)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.0.split_first().ok_or_else(broken)?;
        self.0 = rest;
        Ok(*first)
    }

    fn varint(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(broken())
    }
}
