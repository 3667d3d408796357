//! A table of counts with its totals.

use std::collections::BTreeMap;

use super::{Exact, Thresholds};
use crate::id::OrganisationId;

/// The contacts of a cell, by the electoral body they come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contributions(BTreeMap<OrganisationId, i64>);

impl Contributions {
    /// Counts contacts of a body.
    pub fn add(&mut self, body: OrganisationId, contacts: i64) {
        if contacts > 0 {
            *self.0.entry(body).or_default() += contacts;
        }
    }

    /// Counts what another cell counts, too.
    pub fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|(body, contacts)| self.add(*body, *contacts));
    }

    /// All contacts.
    pub fn contacts(&self) -> i64 {
        self.0.values().sum()
    }

    /// How many bodies they come from.
    pub fn bodies(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX)
    }

    /// Whether this may not be told by itself.
    pub fn is_sensitive(&self, thresholds: &Thresholds) -> bool {
        let contacts = self.contacts();
        contacts < thresholds.contacts || self.bodies() < thresholds.bodies || self.is_dominated(thresholds.dominance)
    }

    /// The p%-rule: what neither of the two largest contributed is less than p percent of the largest part.
    fn is_dominated(&self, percent: i64) -> bool {
        let (mut first, mut second) = (0, 0);
        for part in self.0.values().copied() {
            if part > first {
                (first, second) = (part, first);
            } else if part > second {
                second = part;
            }
        }
        (self.contacts() - first - second) * 100 < percent * first
    }
}

/// Where a cell stands: its row and its column. The last row and the last column hold the totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
}

/// Counts in rows and columns with totals of each and of all.
#[derive(Clone, Debug)]
pub struct Table {
    rows: usize,
    columns: usize,
    cells: Vec<Contributions>,
}

impl Table {
    /// A table of so many rows and columns besides the totals, with nothing in it.
    pub fn new(rows: usize, columns: usize) -> Self {
        Self { rows, columns, cells: vec![Contributions::default(); (rows + 1) * (columns + 1)] }
    }

    /// Counts contacts of a body in a cell and in its three totals.
    pub fn add(&mut self, place: Place, body: OrganisationId, contacts: i64) {
        let Place { row, column } = place;
        for place in [place, Place { row, column: self.columns }, Place { row: self.rows, column }, self.total()] {
            let index = self.index(place);
            if let Some(tally) = self.cells.get_mut(index) {
                tally.add(body, contacts);
            }
        }
    }

    /// How many rows there are besides the totals.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns there are besides the totals.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Where the total of everything stands.
    pub fn total(&self) -> Place {
        Place { row: self.rows, column: self.columns }
    }

    /// Every cell, totals included, row by row.
    pub fn places(&self) -> impl Iterator<Item = Place> + use<> {
        let (rows, columns) = (self.rows, self.columns);
        (0..=rows).flat_map(move |row| (0..=columns).map(move |column| Place { row, column }))
    }

    pub(super) fn index(&self, place: Place) -> usize {
        place.row * (self.columns + 1) + place.column
    }

    /// What a cell counts; nothing outside the table.
    pub fn contributions(&self, place: Place) -> Option<&Contributions> {
        self.cells.get(self.index(place))
    }

    /// How many contacts a cell has.
    pub fn count(&self, place: Place) -> i64 {
        self.contributions(place).map_or(0, Contributions::contacts)
    }

    /// What a cell counts, and whether that may not be told by itself.
    pub fn exact(&self, place: Place, thresholds: &Thresholds) -> Exact {
        Exact { count: self.count(place), sensitive: self.contributions(place).is_none_or(|cell| cell.is_sensitive(thresholds)) }
    }

    /// Every line: its parts, and the total of them.
    pub(super) fn lines(&self) -> Vec<(Vec<Place>, Place)> {
        let (rows, columns) = (self.rows, self.columns);
        let across = (0..=rows).map(|row| {
            let parts = (0..columns).map(|column| Place { row, column }).collect();
            (parts, Place { row, column: columns })
        });
        let down = (0..=columns).map(|column| {
            let parts = (0..rows).map(|row| Place { row, column }).collect();
            (parts, Place { row: rows, column })
        });
        across.chain(down).collect()
    }
}
