//! Rows read by the place of their columns. A long row read by the names of its columns costs more than the query that found it.

use std::{fmt, str::Split};

use sea_orm::{DbErr, QueryResult, TryGetable, prelude::DateTimeUtc};
use serde::de::DeserializeOwned;
use tertulia_domain::time;
use uuid::Uuid;

/// What is read from a row by the place of its columns, however the row came here.
pub(crate) trait FromCells: Sized {
    /// Reads the row.
    fn from_cells(cells: &mut impl Cells) -> Result<Self, DbErr>;
}

/// The cells of a row that holds exactly the columns of its reader, in their order.
pub(crate) trait Cells {
    /// The next cell.
    fn next<T: Cell>(&mut self) -> Result<T, DbErr>;

    /// The next cell, which holds any text or nothing.
    fn prose(&mut self) -> Result<Option<String>, DbErr>;

    /// The next cell, which holds JSON.
    fn json<T: DeserializeOwned>(&mut self) -> Result<T, DbErr> {
        self.text(|text| {
            let text = text.ok_or_else(|| unreadable(None))?;
            serde_json::from_str(text).map_err(|_| unreadable(Some(text)))
        })
    }

    /// What `read` makes of the next cell, a text or nothing.
    fn text<T>(&mut self, read: impl FnOnce(Option<&str>) -> Result<T, DbErr>) -> Result<T, DbErr>;

    /// The next cell, a word of a closed list.
    fn word<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Result<T, DbErr> {
        self.text(|text| text.and_then(read).ok_or_else(|| unreadable(text)))
    }

    /// The next cell, a word or nothing.
    fn optional_word<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, DbErr> {
        self.text(|text| text.map(|word| read(word).ok_or_else(|| unreadable(text))).transpose())
    }
}

fn unreadable(text: Option<&str>) -> DbErr {
    DbErr::Type(format!("a cell holds {:?}", text.map(|text| text.chars().take(80).collect::<String>())))
}

pub(crate) fn unread(error: impl fmt::Display) -> DbErr {
    DbErr::Type(error.to_string())
}

/// What stands in a cell, read from the driver's value or from its text.
pub(crate) trait Cell: TryGetable {
    /// Reads the text for which a cell [stands](crate::packed::Packed); nothing, if it is none of these.
    fn parse(text: &str) -> Option<Self>;
}

impl Cell for Uuid {
    fn parse(text: &str) -> Option<Self> {
        Self::try_parse(text).ok()
    }
}

impl Cell for i64 {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Cell for bool {
    fn parse(text: &str) -> Option<Self> {
        Some(text != "0")
    }
}

impl Cell for DateTimeUtc {
    fn parse(text: &str) -> Option<Self> {
        time::read(text)
    }
}

impl Cell for String {
    fn parse(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl<T: Cell> Cell for Option<T> {
    fn parse(text: &str) -> Option<Self> {
        if text.is_empty() { Some(None) } else { T::parse(text).map(Some) }
    }
}

/// A row that the driver handed over as such.
pub(crate) struct DriverCells<'a> {
    row: &'a QueryResult,
    place: usize,
}

impl<'a> DriverCells<'a> {
    /// From the first cell on.
    pub(crate) const fn of(row: &'a QueryResult) -> Self {
        Self { row, place: 0 }
    }
}

impl Cells for DriverCells<'_> {
    fn next<T: Cell>(&mut self) -> Result<T, DbErr> {
        let cell = T::try_get_by_index(self.row, self.place)?;
        self.place += 1;
        Ok(cell)
    }

    fn prose(&mut self) -> Result<Option<String>, DbErr> {
        self.next()
    }

    fn text<T>(&mut self, read: impl FnOnce(Option<&str>) -> Result<T, DbErr>) -> Result<T, DbErr> {
        let text: Option<String> = self.next()?;
        read(text.as_deref())
    }
}

/// A row that came as a text, with a character between its cells that no cell contains. An empty cell holds nothing.
pub(crate) struct TextCells<'a>(Split<'a, char>);

impl<'a> TextCells<'a> {
    /// From the first cell on.
    pub(crate) fn of(row: &'a str, between: char) -> Self {
        Self(row.split(between))
    }

    fn cell(&mut self) -> Result<&'a str, DbErr> {
        self.0.next().ok_or_else(|| DbErr::Type("a row is too short".to_owned()))
    }
}

impl Cells for TextCells<'_> {
    fn next<T: Cell>(&mut self) -> Result<T, DbErr> {
        let text = self.cell()?;
        T::parse(text).ok_or_else(|| unreadable(Some(text)))
    }

    fn prose(&mut self) -> Result<Option<String>, DbErr> {
        self.json()
    }

    fn text<T>(&mut self, read: impl FnOnce(Option<&str>) -> Result<T, DbErr>) -> Result<T, DbErr> {
        let text = self.cell()?;
        read((!text.is_empty()).then_some(text))
    }
}
