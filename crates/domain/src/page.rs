//! Lists: what a caller asks for and what comes back. Keyset pages only, so that page 10,000 costs what page 1 costs.

use uuid::Uuid;

use crate::error::{Code, Error, Reason, Result};

/// Items of a page that does not say how many.
pub const DEFAULT: u16 = 25;
/// Most items of a page.
pub const MAX: u16 = 100;

/// Where an item stands in a list: the value it is sorted by, as text, and its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The sort value; empty where the list is sorted by id alone. Instants stand as microseconds since 1970.
    pub key: String,
    /// The id, which breaks ties.
    pub id: Uuid,
}

/// Which way a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `first`/`after`.
    Forward,
    /// `last`/`before`.
    Backward,
}

/// A wanted page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The way it is read.
    pub direction: Direction,
    /// How many items, 1 to [`MAX`] (0 asks for the count alone).
    pub limit: u16,
    /// Only items after this position.
    pub after: Option<Position>,
    /// Only items before this position.
    pub before: Option<Position>,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { direction: Direction::Forward, limit: DEFAULT, after: None, before: None }
    }
}

impl PageRequest {
    /// Reads Relay's four arguments: `first` or `last`, not both; over [`MAX`] is refused and the limit named.
    pub fn parse(first: Option<i32>, after: Option<Position>, last: Option<i32>, before: Option<Position>) -> Result<Self> {
        let (direction, wanted, name) = match (first, last) {
            (Some(_), Some(_)) => return Err(Error::invalid(Reason::Contradiction, "last", "Give `first` or `last`, not both.")),
            (None, Some(last)) => (Direction::Backward, last, "last"),
            (Some(first), None) => (Direction::Forward, first, "first"),
            (None, None) => (Direction::Forward, i32::from(DEFAULT), "first"),
        };
        let limit =
            u16::try_from(wanted).map_err(|_| over(name)).and_then(|limit| if limit > MAX { Err(over(name)) } else { Ok(limit) })?;
        Ok(Self { direction, limit, after, before })
    }
}

fn over(name: &str) -> Error {
    Error::new(Code::LimitExceeded, Reason::OutOfRange, name, format!("A page has 0 to {MAX} items."))
}

/// An item and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge<T> {
    /// Its position, from which the next page goes on.
    pub position: Position,
    /// The item.
    pub item: T,
}

/// A page of a list, always in the list's order whichever way it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub edges: Vec<Edge<T>>,
    /// Whether more follow.
    pub has_next: bool,
    /// Whether some stand before.
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// The items without their positions.
    pub fn into_items(self) -> Vec<T> {
        self.edges.into_iter().map(|edge| edge.item).collect()
    }

    /// The same page of something else, unless one item cannot be turned into it.
    pub fn try_map<U>(self, mut f: impl FnMut(T) -> Result<U>) -> Result<Page<U>> {
        let edge = |edge: Edge<T>| f(edge.item).map(|item| Edge { position: edge.position, item });
        let edges = self.edges.into_iter().map(edge).collect::<Result<_>>()?;
        Ok(Page { edges, has_next: self.has_next, has_previous: self.has_previous })
    }

    /// The same page of something else.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Page<U> {
        let edges = self.edges.into_iter().map(|edge| Edge { position: edge.position, item: f(edge.item) }).collect();
        Page { edges, has_next: self.has_next, has_previous: self.has_previous }
    }
}
