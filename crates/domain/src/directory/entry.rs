//! What every entry of the directory has, and the checks that several kinds share.

use std::{collections::HashSet, ops::Deref};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Faults, Reason, Result, closed},
    id::{Id, Kind},
    text::{LocalizedText, line},
    time::Instant,
};

/// Most values in one list of an entry.
pub const LIST: usize = 300;

/// An entry of the directory: what it says, and its life here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<K: Kind, F> {
    /// Its id.
    pub id: Id<K>,
    /// The name of its row in the reference files; `None` for what a person entered.
    pub key: Option<String>,
    /// 1 at birth, one more with each change.
    pub version: i64,
    /// What it says.
    pub fields: F,
    /// Whether a generator made it, as for a demonstration.
    pub generated: bool,
    /// When a person last changed it, if that was after the last loading of reference data.
    pub edited_at: Option<Instant>,
    /// When it was entered.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl<K: Kind, F> Entry<K, F> {
    /// A new entry.
    pub fn born(id: Id<K>, key: Option<String>, fields: F, now: Instant) -> Self {
        Self { id, key, version: 1, fields, generated: false, edited_at: None, created_at: now, updated_at: now }
    }

    /// The entry as a person's change leaves it.
    #[must_use]
    pub fn edited(self, fields: F, now: Instant) -> Self {
        Self { version: self.version + 1, fields, edited_at: Some(now), updated_at: now, ..self }
    }

    /// The entry as a loading of reference data leaves it.
    #[must_use]
    pub fn loaded(self, fields: F, now: Instant) -> Self {
        Self { version: self.version + 1, fields, edited_at: None, updated_at: now, ..self }
    }
}

impl<K: Kind, F> Deref for Entry<K, F> {
    type Target = F;

    fn deref(&self) -> &F {
        &self.fields
    }
}

closed! {
    /// How exactly a date is known.
    Precision {
        /// To the day.
        Day = "DAY",
        /// To the month; the date given is its first day.
        Month = "MONTH",
        /// To the year; the date given is its first day.
        Year = "YEAR",
    }
}

/// A date that may be known only to its month or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartialDate {
    /// The day, or the first day of the month or year.
    pub date: NaiveDate,
    /// What of it is known.
    pub precision: Precision,
}

impl PartialDate {
    /// Reads `2026-11-03`, `2026-11` or `2026`, of the years 1800 to 2199.
    pub fn parse(raw: &str) -> Result<Self> {
        let raw = raw.trim();
        let (full, precision) = match raw.len() {
            10 => (raw.to_owned(), Precision::Day),
            7 => (format!("{raw}-01"), Precision::Month),
            4 => (format!("{raw}-01-01"), Precision::Year),
            _ => return Err(malformed_date()),
        };
        day(&full).map(|date| Self { date, precision })
    }

    /// A date with the precision stated for it; what is finer than the precision is cut off.
    pub fn of(date: NaiveDate, precision: Precision) -> Self {
        let text = date.format("%Y-%m-%d").to_string();
        let cut = match precision {
            Precision::Day => 10,
            Precision::Month => 7,
            Precision::Year => 4,
        };
        text.get(..cut).and_then(|text| Self::parse(text).ok()).unwrap_or(Self { date, precision })
    }

    /// The last day that the date may mean.
    pub fn last_day(self) -> NaiveDate {
        let next = match self.precision {
            Precision::Day => return self.date,
            Precision::Month => self.date.checked_add_months(chrono::Months::new(1)),
            Precision::Year => self.date.checked_add_months(chrono::Months::new(12)),
        };
        next.and_then(|next| next.pred_opt()).unwrap_or(self.date)
    }
}

impl std::fmt::Display for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.precision {
            Precision::Day => write!(f, "{}", self.date.format("%Y-%m-%d")),
            Precision::Month => write!(f, "{}", self.date.format("%Y-%m")),
            Precision::Year => write!(f, "{}", self.date.format("%Y")),
        }
    }
}

fn malformed_date() -> Error {
    Error::invalid(Reason::Malformed, "", "A date is written 2026-11-03 (or 2026-11, or 2026, where a part may be unknown).")
}

/// Reads a date, of the years 1800 to 2199.
pub fn day(raw: &str) -> Result<NaiveDate> {
    let raw = raw.trim();
    if raw.len() != 10 {
        return Err(malformed_date());
    }
    let date = NaiveDate::parse_from_str(raw, "%Y-%m-%d").map_err(|_| malformed_date())?;
    in_range(date)?;
    Ok(date)
}

fn in_range(date: NaiveDate) -> Result<()> {
    use chrono::Datelike;
    if (1800..2200).contains(&date.year()) {
        Ok(())
    } else {
        Err(Error::invalid(Reason::OutOfRange, "", "The year must lie between 1800 and 2199."))
    }
}

/// Checks a value that may be missing; an empty text counts as missing.
pub fn optional<T>(faults: &mut Faults, path: &str, raw: Option<&str>, parse: impl FnOnce(&str) -> Result<T>) -> Option<T> {
    let raw = raw.map(str::trim).filter(|raw| !raw.is_empty())?;
    faults.check(path, parse(raw))
}

/// Checks each value of a list of at most `most` values, each standing once.
pub fn list<T: PartialEq>(faults: &mut Faults, path: &str, raw: &[String], most: usize, parse: impl Fn(&str) -> Result<T>) -> Vec<T> {
    if raw.len() > most {
        faults.add(Reason::TooLong, path, format!("At most {most} values."));
        return Vec::new();
    }
    let mut values = Vec::with_capacity(raw.len());
    for (index, raw) in raw.iter().enumerate() {
        let at = format!("{path}.{index}");
        if let Some(value) = faults.check(&at, parse(raw)) {
            if values.contains(&value) {
                faults.add(Reason::Duplicate, &at, "This value stands here twice.");
            } else {
                values.push(value);
            }
        }
    }
    values
}

/// Checks a list of at most `most` references, each standing once; that they lead somewhere is for the caller to check.
pub fn references<K: Kind>(faults: &mut Faults, path: &str, ids: &[Id<K>], most: usize) -> Vec<Id<K>> {
    if ids.len() > most {
        faults.add(Reason::TooLong, path, format!("At most {most} values."));
        return Vec::new();
    }
    let mut seen = HashSet::new();
    for (index, id) in ids.iter().enumerate() {
        if !seen.insert(id) {
            faults.add(Reason::Duplicate, &format!("{path}.{index}"), "This value stands here twice.");
        }
    }
    ids.to_vec()
}

/// Checks a whole number against its range.
pub fn number(faults: &mut Faults, path: &str, raw: Option<i32>, range: std::ops::RangeInclusive<i32>) -> Option<i32> {
    let value = raw?;
    if range.contains(&value) {
        return Some(value);
    }
    faults.add(Reason::OutOfRange, path, format!("A number from {} to {}.", range.start(), range.end()));
    None
}

/// Texts as somebody typed them: (language, text).
pub type RawTexts = Vec<(String, String)>;

/// Checks a text in one or more languages.
pub fn texts(faults: &mut Faults, path: &str, raw: &RawTexts, most: usize) -> Option<LocalizedText> {
    let pairs = raw.iter().map(|(language, text)| (language.as_str(), text.as_str()));
    faults.check(path, LocalizedText::parse(pairs, most))
}

/// Checks a text in one or more languages that may be missing.
pub fn optional_texts(faults: &mut Faults, path: &str, raw: &RawTexts, most: usize) -> LocalizedText {
    if raw.is_empty() { LocalizedText::default() } else { texts(faults, path, raw, most).unwrap_or_default() }
}

/// Checked texts as somebody would type them again.
pub fn raw_texts(texts: &LocalizedText) -> RawTexts {
    texts.texts().iter().map(|text| (text.language.as_str().to_owned(), text.text.clone())).collect()
}

/// Puts a part of a change, if it is given, in the place of what was there.
pub(crate) fn replace<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// Reads the key of a row of reference data: 1 to 120 lower-case letters, digits, `-` and `_`.
pub fn key(raw: &str) -> Result<String> {
    let key = line(raw, 120)?;
    if key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')) {
        Ok(key)
    } else {
        Err(Error::invalid(Reason::Malformed, "", "A key is made of lower-case letters, digits, - and _."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_may_lack_its_day_or_month() {
        for (text, last) in [("2024-02-11", "2024-02-11"), ("2024-02", "2024-02-29"), ("2026-12", "2026-12-31"), ("2026", "2026-12-31")] {
            let date = PartialDate::parse(text).expect("a date");
            assert_eq!(date.last_day().to_string(), last);
            assert_eq!(date.to_string(), text);
        }
        for text in ["", "24", "2024-13", "2024-02-30", "20240211xx", "1066", "é024-1-1é"] {
            assert!(PartialDate::parse(text).is_err(), "{text}");
        }
    }
}
