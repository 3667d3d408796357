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
    /// A page of a list that is at hand whole and sorted by its ids alone.
    pub fn of_ids(items: impl Iterator<Item = T>, request: &PageRequest, id: impl Fn(&T) -> Uuid) -> Self {
        let is_beyond = |item: &T| request.after.as_ref().is_none_or(|after| id(item) > after.id);
        let is_before = |item: &T| request.before.as_ref().is_none_or(|before| id(item) < before.id);
        let (mut items, limit): (Vec<T>, _) = (items.filter(is_beyond).filter(is_before).collect(), usize::from(request.limit));
        let more = request.limit > 0 && items.len() > limit;
        let (has_next, has_previous) = match request.direction {
            Direction::Forward => {
                items.truncate(limit);
                (more, request.after.is_some())
            }
            Direction::Backward => {
                items.drain(..items.len().saturating_sub(limit));
                (request.before.is_some(), more)
            }
        };
        let edge = |item: T| Edge { position: Position { key: String::new(), id: id(&item) }, item };
        Self { edges: items.into_iter().map(edge).collect(), has_next, has_previous: has_previous && request.limit > 0 }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    fn page(first: Option<i32>, after: Option<u128>, last: Option<i32>, before: Option<u128>) -> (Vec<u128>, bool, bool) {
        let position = |number: u128| Position { key: String::new(), id: Uuid::from_u128(number) };
        let request = PageRequest::parse(first, after.map(position), last, before.map(position)).expect("a page");
        let page = Page::of_ids(1..=5, &request, |number| Uuid::from_u128(*number));
        assert!(page.edges.iter().all(|edge| edge.position == position(edge.item)));
        let (has_next, has_previous) = (page.has_next, page.has_previous);
        (page.into_items(), has_next, has_previous)
    }

    #[test]
    fn cuts_pages_of_what_is_at_hand() {
        assert_eq!(page(None, None, None, None), (vec![1, 2, 3, 4, 5], false, false));
        assert_eq!(page(Some(2), None, None, None), (vec![1, 2], true, false));
        assert_eq!(page(Some(2), Some(2), None, None), (vec![3, 4], true, true));
        assert_eq!(page(Some(2), Some(3), None, None), (vec![4, 5], false, true));
        assert_eq!(page(None, None, Some(2), None), (vec![4, 5], false, true));
        assert_eq!(page(None, None, Some(2), Some(3)), (vec![1, 2], true, false));
        assert_eq!(page(Some(0), None, None, None), (vec![], false, false));
        assert_eq!(page(Some(9), Some(1), None, Some(4)), (vec![2, 3], false, true));
    }
}
