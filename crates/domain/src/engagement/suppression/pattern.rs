//! Which cells of a table are hidden, and why.

use super::{
    Thresholds,
    audit::{Audit, Reader, Told},
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
        let audit = Audit { table, thresholds, earlier: &[] };
        let mut pattern = Self::open(table.rows(), table.columns());
        for place in table.places().filter(|place| audit.is_sensitive(*place)) {
            pattern.hide(place, Label::Primary);
        }
        pattern.complete(&audit);
        if audit.believers_expose(&pattern) { pattern.unlabelled() } else { pattern }
    }

    /// The same for a table of the same cells that was worked out again after these sets, the last first, were told. Nothing, unless exactly
    /// what was hidden can stay hidden, and all sets together do not give it away: a number that was told and is to be told no longer
    /// could be worked out from what was told before.
    pub fn again(earlier: &[Told], table: &Table, thresholds: &Thresholds) -> Option<Self> {
        let audit = Audit { table, thresholds, earlier };
        let mut pattern = earlier.first()?.pattern().clone();
        for place in table.places().filter(|place| audit.is_sensitive(*place)) {
            pattern.label(place)?;
            pattern.hide(place, Label::Primary);
        }
        let alone = Audit { earlier: &[], ..audit };
        if !pattern.holds(table, thresholds) || audit.exposes(&pattern) {
            return None;
        }
        let told = if alone.believers_expose(&pattern) || audit.believers_expose(&pattern) { pattern.unlabelled() } else { pattern };
        (!audit.believers_expose(&told)).then_some(told)
    }

    /// Whether nothing that is hidden can be worked out.
    pub fn holds(&self, table: &Table, thresholds: &Thresholds) -> bool {
        self.open_line(table, thresholds).is_none() && !Audit { table, thresholds, earlier: &[] }.exposes(self)
    }

    /// The same without telling which hidden cells could have been told: with that, one that could not can sometimes be worked out.
    fn unlabelled(mut self) -> Self {
        self.labels.iter_mut().flatten().for_each(|label| *label = Label::Primary);
        self
    }

    /// Hides more until nothing hidden can be worked out. What is safe stays so when more is hidden, but for the sums of lines; so all is
    /// gone through until nothing more was hidden.
    fn complete(&mut self, audit: &Audit<'_>) {
        let (table, thresholds) = (audit.table, audit.thresholds);
        loop {
            let before = self.clone();
            if !self.close_lines(table, thresholds) {
                return;
            }
            for reader in Reader::all(table) {
                for place in table.places() {
                    while audit.is_exposed(self, reader, place) {
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
}
