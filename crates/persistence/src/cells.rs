//! Rows read by the place of their columns. A long row read by the names of its columns costs more than the query that found it.

use std::fmt;

use sea_orm::{DbErr, QueryResult, TryGetable};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, SeqAccess, Visitor};

/// What is read from a row by the place of its columns, however the row came here.
pub(crate) trait FromCells: Sized {
    /// Reads the row.
    fn from_cells(cells: &mut impl Cells) -> Result<Self, DbErr>;
}

/// The cells of a row that holds exactly the columns of its reader, in their order.
pub(crate) trait Cells {
    /// The next cell.
    fn next<T: TryGetable + DeserializeOwned>(&mut self) -> Result<T, DbErr>;

    /// The next cell, which holds JSON.
    fn json<T: DeserializeOwned>(&mut self) -> Result<T, DbErr>;

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
    fn next<T: TryGetable + DeserializeOwned>(&mut self) -> Result<T, DbErr> {
        let cell = T::try_get_by_index(self.row, self.place)?;
        self.place += 1;
        Ok(cell)
    }

    fn json<T: DeserializeOwned>(&mut self) -> Result<T, DbErr> {
        let text: String = self.next()?;
        serde_json::from_str(&text).map_err(|_| unreadable(Some(&text)))
    }

    fn text<T>(&mut self, read: impl FnOnce(Option<&str>) -> Result<T, DbErr>) -> Result<T, DbErr> {
        let text: Option<String> = self.next()?;
        read(text.as_deref())
    }
}

/// A row that came as a JSON array, read while the array is.
pub(crate) struct ArrayCells<A>(pub(crate) A);

impl<'de, A: SeqAccess<'de>> ArrayCells<A> {
    fn element<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, DbErr> {
        self.0.next_element_seed(seed).map_err(unread)?.ok_or_else(|| DbErr::Type("a row is too short".to_owned()))
    }
}

impl<'de, A: SeqAccess<'de>> Cells for ArrayCells<A> {
    fn next<T: TryGetable + DeserializeOwned>(&mut self) -> Result<T, DbErr> {
        self.json()
    }

    fn json<T: DeserializeOwned>(&mut self) -> Result<T, DbErr> {
        self.element(std::marker::PhantomData)
    }

    fn text<T>(&mut self, read: impl FnOnce(Option<&str>) -> Result<T, DbErr>) -> Result<T, DbErr> {
        self.element(Text(read))?
    }
}

/// Reads a text where it stands, or null.
struct Text<F>(F);

impl<'de, T, F: FnOnce(Option<&str>) -> T> DeserializeSeed<'de> for Text<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<T, F: FnOnce(Option<&str>) -> T> Visitor<'_> for Text<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or null")
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok((self.0)(Some(text)))
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok((self.0)(None))
    }
}
