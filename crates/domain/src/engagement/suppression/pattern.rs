//! Which cells of a table are hidden, and why.

use super::{
    Thresholds,
    network::{FREE, Hidden, Network},
    table::{Contributions, Place, Table},
};
use crate::error::closed;

closed! {
    /// Why a number is not told.
    Label {
        /// It counts too few contacts, or contacts of too few electoral bodies, or one body stands out.
        Primary = "PRIMARY",
        /// It could be told; but with it one that cannot could be worked out.
        Complementary = "COMPLEMENTARY",
    }
}

/// Who tries to work a hidden cell out, by sums and by what else he knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reader {
    /// He believes the labels: what could have been told has as many contacts as the threshold asks for.
    labels: bool,
    /// He guesses which cells are below the threshold, and guesses right.
    guesses: bool,
    /// He is the platform of this row, which knows the row.
    row: Option<usize>,
}

/// Which cells of a table are hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    columns: usize,
    labels: Vec<Option<Label>>,
}

impl Pattern {
    /// Nothing hidden yet of a table of so many rows and columns besides the totals.
    pub fn open(rows: usize, columns: usize) -> Self {
        Self { columns, labels: vec![None; (rows + 1) * (columns + 1)] }
    }

    /// Why a cell is hidden; none if it is shown.
    pub fn label(&self, place: Place) -> Option<Label> {
        self.labels.get(place.row * (self.columns + 1) + place.column).copied().flatten()
    }

    /// Hides a cell.
    pub fn hide(&mut self, place: Place, label: Label) {
        if let Some(one) = self.labels.get_mut(place.row * (self.columns + 1) + place.column) {
            *one = Some(label);
        }
    }

    /// What of a table is hidden so that the rest can be told.
    pub fn of(table: &Table, thresholds: &Thresholds) -> Self {
        let mut pattern = Self::open(table.rows(), table.columns());
        for place in table.places().filter(|place| is_sensitive(table, *place, thresholds)) {
            pattern.hide(place, Label::Primary);
        }
        pattern.complete(table, thresholds);
        pattern.labelled(table, thresholds)
    }

    /// The same for a table of the same cells that was worked out again after `self` was told. Nothing, unless exactly what was hidden can
    /// stay hidden: a number that was told and is to be told no longer could be worked out from what was told before.
    pub fn again(&self, table: &Table, thresholds: &Thresholds) -> Option<Self> {
        let mut pattern = self.clone();
        for place in table.places().filter(|place| is_sensitive(table, *place, thresholds)) {
            self.label(place)?;
            pattern.hide(place, Label::Primary);
        }
        pattern.holds(table, thresholds).then(|| pattern.labelled(table, thresholds))
    }

    /// Whether nothing that is hidden can be worked out.
    pub fn holds(&self, table: &Table, thresholds: &Thresholds) -> bool {
        self.open_line(table, thresholds).is_none() && !readers(table).into_iter().any(|reader| self.exposes(table, thresholds, reader))
    }

    /// Tells with the labels which hidden cells could have been told, unless with that one that could not can be worked out: then all labels
    /// of the table are the same.
    fn labelled(mut self, table: &Table, thresholds: &Thresholds) -> Self {
        let mut believers = readers(table).into_iter().map(|reader| Reader { labels: true, ..reader });
        if believers.any(|reader| self.exposes(table, thresholds, reader)) {
            self.labels.iter_mut().flatten().for_each(|label| *label = Label::Primary);
        }
        self
    }

    fn exposes(&self, table: &Table, thresholds: &Thresholds, reader: Reader) -> bool {
        table.places().any(|place| self.is_exposed(table, thresholds, reader, place))
    }

    /// Hides more until nothing hidden can be worked out. What is safe stays so when more is hidden, but for the sums of lines; so all is
    /// gone through until nothing more was hidden.
    fn complete(&mut self, table: &Table, thresholds: &Thresholds) {
        loop {
            let before = self.clone();
            if !self.close_lines(table, thresholds) {
                return;
            }
            for reader in readers(table) {
                for place in table.places() {
                    while self.is_exposed(table, thresholds, reader, place) {
                        let near: Vec<Place> = table.places().filter(|near| near.row == place.row || near.column == place.column).collect();
                        if !self.hide_smallest(table, &near) || !self.close_lines(table, thresholds) {
                            return;
                        }
                    }
                }
            }
            if *self == before {
                return;
            }
        }
    }

    /// Hides more until each sum of hidden parts can be told; whether something is left to hide.
    fn close_lines(&mut self, table: &Table, thresholds: &Thresholds) -> bool {
        while let Some(line) = self.open_line(table, thresholds) {
            if !self.hide_smallest(table, &line) {
                return false;
            }
        }
        true
    }

    /// Hides the smallest number of those near, or else of all; whether there was one.
    fn hide_smallest(&mut self, table: &Table, near: &[Place]) -> bool {
        let shown = |place: &Place| self.label(*place).is_none();
        let smallest = |place: &Place| (table.count(*place), *place);
        let near = near.iter().copied().filter(shown).min_by_key(smallest);
        let Some(place) = near.or_else(|| table.places().filter(shown).min_by_key(smallest)) else {
            return false;
        };
        self.hide(place, Label::Complementary);
        true
    }

    /// A line of which something hidden follows at once: one number alone is hidden, or the hidden parts cannot be told as a sum, which
    /// everybody can work out.
    fn open_line(&self, table: &Table, thresholds: &Thresholds) -> Option<Vec<Place>> {
        for (parts, total) in table.lines() {
            let hidden: Vec<Place> = parts.iter().copied().filter(|place| self.label(*place).is_some()).collect();
            let total_hidden = self.label(total).is_some();
            let alone = hidden.len() + usize::from(total_hidden) == 1;
            if !alone && (hidden.is_empty() || total_hidden) {
                continue;
            }
            let mut sum = Contributions::default();
            hidden.iter().filter_map(|place| table.contributions(*place)).for_each(|cell| sum.merge(cell));
            if alone || sum.is_sensitive(thresholds) {
                return Some(if hidden.len() == parts.len() { vec![total] } else { parts });
            }
        }
        None
    }

    /// Whether a reader can work a hidden cell out too well.
    fn is_exposed(&self, table: &Table, thresholds: &Thresholds, reader: Reader, place: Place) -> bool {
        let hidden = self.unknown(table, thresholds, reader);
        let Some(number) = hidden.iter().position(|hidden| hidden.place == place) else { return false };
        let network = Network::new(table, &hidden);
        let strict = !reader.guesses && reader.row.is_none() && is_sensitive(table, place, thresholds);
        !is_safe(&network, number, (table.count(place), strict), thresholds)
    }

    /// The hidden cells as a reader sees them.
    fn unknown(&self, table: &Table, thresholds: &Thresholds, reader: Reader) -> Vec<Hidden> {
        let hidden = table.places().filter(|place| reader.row != Some(place.row)).filter_map(|place| Some((place, self.label(place)?)));
        let bounds = hidden.map(|(place, label)| {
            let count = table.count(place);
            let believed = reader.labels && label == Label::Complementary;
            let least = if believed { thresholds.contacts.min(count) } else { 0 };
            let guessed = reader.guesses && count < thresholds.contacts;
            Hidden { place, up: if guessed { thresholds.contacts - 1 - count } else { FREE }, down: count - least }
        });
        bounds.collect()
    }
}

fn is_sensitive(table: &Table, place: Place, thresholds: &Thresholds) -> bool {
    table.contributions(place).is_none_or(|cell| cell.is_sensitive(thresholds))
}

/// Everybody who tries, where there are several rows with each platform that knows its own.
fn readers(table: &Table) -> Vec<Reader> {
    let insiders = (0..table.rows()).filter(|_| table.rows() > 1).map(|row| Reader { row: Some(row), ..Reader::default() });
    [Reader::default(), Reader { guesses: true, ..Reader::default() }].into_iter().chain(insiders).collect()
}

/// Whether a hidden cell stays as uncertain as it must: a sensitive one, for who knows and guesses nothing, more so.
fn is_safe(network: &Network, number: usize, (count, strict): (i64, bool), thresholds: &Thresholds) -> bool {
    let wide = |width: i64| {
        let rise = network.rise(number, width);
        rise >= width || rise + network.fall(number, width - rise) >= width
    };
    if !strict {
        return wide(thresholds.half());
    }
    let margin = (count * thresholds.dominance + 99) / 100;
    let (up, down) = if count < thresholds.contacts { (thresholds.contacts - count, count) } else { (margin, margin) };
    network.rise(number, up) >= up && network.fall(number, down) >= down && wide(thresholds.contacts)
}
