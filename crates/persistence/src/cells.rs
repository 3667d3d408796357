//! Rows read by the place of their columns. A long row read by the names of its columns costs more than the query that found it.

use sea_orm::{DbErr, QueryResult, TryGetable};

/// The cells of a row that holds exactly the columns of its entity, in their order.
pub(crate) struct Cells<'a> {
    row: &'a QueryResult,
    place: usize,
}

impl<'a> Cells<'a> {
    /// From the first cell on.
    pub(crate) fn of(row: &'a QueryResult) -> Self {
        Self { row, place: 0 }
    }

    /// The next cell.
    pub(crate) fn next<T: TryGetable>(&mut self) -> Result<T, DbErr> {
        let place = self.place;
        self.place += 1;
        T::try_get_by_index(self.row, place).map_err(Into::into)
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

    fn unreadable(&self, text: &str) -> DbErr {
        DbErr::Type(format!("cell {} holds {:?}", self.place, text.chars().take(80).collect::<String>()))
    }
}
