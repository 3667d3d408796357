//! Rows read by the place of their columns. A long row read by the names of its columns costs more than the query that found it.

use sea_orm::{DbErr, FromQueryResult, QueryResult, TryGetable};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// What is read from a row by the place of its columns, however the row came here.
pub(crate) trait FromCells: Sized + Send + Sync {
    /// Reads the row.
    fn from_cells(cells: &mut Cells<'_>) -> Result<Self, DbErr>;
}

/// A row that the driver handed over as such.
pub(crate) struct Row<T>(pub(crate) T);

impl<T: FromCells> FromQueryResult for Row<T> {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        T::from_cells(&mut Cells::of(row)).map(Self)
    }
}

/// The cells of a row that holds exactly the columns of its reader, in their order.
pub(crate) struct Cells<'a> {
    row: Source<'a>,
    place: usize,
}

enum Source<'a> {
    Driver(&'a QueryResult),
    Packed(&'a [&'a RawValue]),
}

impl<'a> Cells<'a> {
    /// From the first cell on.
    pub(crate) fn of(row: &'a QueryResult) -> Self {
        Self { row: Source::Driver(row), place: 0 }
    }

    /// The same of a row that [`crate::packed`] wrote.
    pub(crate) fn packed(row: &'a [&'a RawValue]) -> Self {
        Self { row: Source::Packed(row), place: 0 }
    }

    /// The next cell.
    pub(crate) fn next<T: TryGetable + DeserializeOwned>(&mut self) -> Result<T, DbErr> {
        let place = self.place;
        self.place += 1;
        match self.row {
            Source::Driver(row) => T::try_get_by_index(row, place).map_err(Into::into),
            Source::Packed(row) => self.read(row.get(place).map_or("", |cell| cell.get())),
        }
    }

    /// The next cell, which holds JSON.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<T, DbErr> {
        let place = self.place;
        self.place += 1;
        match self.row {
            Source::Driver(row) => self.read(&String::try_get_by_index(row, place)?),
            Source::Packed(row) => self.read(row.get(place).map_or("", |cell| cell.get())),
        }
    }

    /// The next cell, a word of a closed list.
    pub(crate) fn word<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Result<T, DbErr> {
        let text: String = self.next()?;
        read(&text).ok_or_else(|| self.unreadable(&text))
    }

    /// The next cell, a word or nothing.
    pub(crate) fn optional_word<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, DbErr> {
        let text: Option<String> = self.next()?;
        text.map(|text| read(&text).ok_or_else(|| self.unreadable(&text))).transpose()
    }

    fn read<T: DeserializeOwned>(&self, json: &str) -> Result<T, DbErr> {
        serde_json::from_str(json).map_err(|_| self.unreadable(json))
    }

    fn unreadable(&self, text: &str) -> DbErr {
        DbErr::Type(format!("cell {} holds {:?}", self.place, text.chars().take(80).collect::<String>()))
    }
}
