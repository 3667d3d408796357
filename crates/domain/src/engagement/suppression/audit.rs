//! Whether what is hidden of a table can be worked out, also from this table and those that were told of the same cells before.
//!
//! Whoever has several sets of numbers of the same cells may know by how much each hidden cell was corrected. Then each cell of one set
//! says the same as that of another, and any error about a hidden cell is the same in all sets. So the sets are audited as one table, in
//! which a cell may differ from the truth by what is possible in each of them: a count that was 3 and is 8 can have been 3 less at most,
//! and for who guesses that it is below ten in both, one more at most.

use super::{
    Label, Pattern, Thresholds,
    network::{FREE, Hidden, Network},
    table::{Place, Table},
};

/// What a cell counts, and whether that may not be told by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exact {
    /// How many contacts.
    pub count: i64,
    /// Whether they are too few, or those of too few bodies, or one body stands out.
    pub sensitive: bool,
}

/// A set of numbers that was told: what was hidden, and what all cells count.
#[derive(Clone, Debug)]
pub struct Told {
    pattern: Pattern,
    exact: Vec<Exact>,
}

impl Told {
    /// What was hidden of a table, with the exact counts of its cells, row by row.
    pub fn new(pattern: Pattern, exact: Vec<Exact>) -> Self {
        Self { pattern, exact }
    }

    /// What was hidden.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }
}

/// Who tries to work a hidden cell out, by sums and by what else he knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reader {
    /// He believes the labels: what could have been told has as many contacts as the threshold asks for.
    labels: bool,
    /// He guesses which cells are below the threshold, and guesses right.
    guesses: bool,
    /// He is the platform of this row, which knows the row.
    row: Option<usize>,
}

impl Reader {
    /// Everybody who tries, where there are several rows with each platform that knows its own.
    pub(super) fn all(table: &Table) -> Vec<Self> {
        let insiders = (0..table.rows()).filter(|_| table.rows() > 1).map(|row| Self { row: Some(row), ..Self::default() });
        [Self::default(), Self { guesses: true, ..Self::default() }].into_iter().chain(insiders).collect()
    }
}

/// How uncertain a hidden cell must stay: that it can be so much more, so much less, and lies within a range so wide.
#[derive(Clone, Copy, Debug)]
struct Need {
    up: i64,
    down: i64,
    width: i64,
}

/// The numbers of a table beside the sets that were told of the same cells before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Audit<'a> {
    pub(super) table: &'a Table,
    pub(super) thresholds: &'a Thresholds,
    pub(super) earlier: &'a [Told],
}

impl Audit<'_> {
    /// Whether a number may not be told by itself.
    pub(super) fn is_sensitive(&self, place: Place) -> bool {
        self.table.exact(place, self.thresholds).sensitive
    }

    /// Whether anybody who does not believe the labels can work something hidden out.
    pub(super) fn exposes(&self, pattern: &Pattern) -> bool {
        Reader::all(self.table).into_iter().any(|reader| self.exposes_to(pattern, reader))
    }

    /// Whether anybody who believes the labels can.
    pub(super) fn believers_expose(&self, pattern: &Pattern) -> bool {
        Reader::all(self.table).into_iter().any(|reader| self.exposes_to(pattern, Reader { labels: true, ..reader }))
    }

    fn exposes_to(&self, pattern: &Pattern, reader: Reader) -> bool {
        self.table.places().any(|place| self.is_exposed(pattern, reader, place))
    }

    /// Whether a reader can work a hidden cell out too well.
    pub(super) fn is_exposed(&self, pattern: &Pattern, reader: Reader, place: Place) -> bool {
        let unknown = |one: &Place| reader.row != Some(one.row) && pattern.label(*one).is_some();
        let hidden: Vec<Hidden> = self.table.places().filter(unknown).map(|one| self.room(pattern, reader, one)).collect();
        let Some(number) = hidden.iter().position(|hidden| hidden.place == place) else { return false };
        !self.need(reader, pattern, place).is_met(&Network::new(self.table, &hidden), number)
    }

    /// What each set says of a cell: its count, and why it is hidden.
    fn sets(&self, pattern: &Pattern, place: Place) -> impl Iterator<Item = (Exact, Option<Label>)> {
        let index = self.table.index(place);
        let earlier = self.earlier.iter().map(move |told| (told.exact.get(index).copied().unwrap_or_default(), told.pattern.label(place)));
        std::iter::once((self.table.exact(place, self.thresholds), pattern.label(place))).chain(earlier)
    }

    /// By how much a hidden cell can differ from the truth for a reader, in every set.
    fn room(&self, pattern: &Pattern, reader: Reader, place: Place) -> Hidden {
        let least = self.thresholds.contacts;
        let (mut up, mut down) = (FREE, FREE);
        for (Exact { count, .. }, label) in self.sets(pattern, place) {
            let believed = if reader.labels && label == Some(Label::Complementary) { least.min(count) } else { 0 };
            down = down.min(count - believed);
            if reader.guesses && count < least {
                up = up.min(least - 1 - count);
            }
        }
        Hidden { place, up, down }
    }

    /// A sensitive cell must be more uncertain than others, for who knows and guesses nothing.
    fn need(&self, reader: Reader, pattern: &Pattern, place: Place) -> Need {
        let least = self.thresholds.contacts;
        let mut need = Need { up: 0, down: 0, width: self.thresholds.half() };
        if reader.guesses || reader.row.is_some() {
            return need;
        }
        for (Exact { count, .. }, _) in self.sets(pattern, place).filter(|(exact, _)| exact.sensitive) {
            let margin = (count * self.thresholds.dominance + 99) / 100;
            let (up, down) = if count < least { (least - count, count) } else { (margin, margin) };
            need = Need { up: need.up.max(up), down: need.down.max(down), width: least };
        }
        let smallest = self.sets(pattern, place).map(|(exact, _)| exact.count).min().unwrap_or_default();
        Need { down: need.down.min(smallest), ..need }
    }
}

impl Need {
    fn is_met(&self, network: &Network, number: usize) -> bool {
        let rise = network.rise(number, self.width.max(self.up));
        rise >= self.up
            && network.fall(number, self.down) >= self.down
            && (rise >= self.width || rise + network.fall(number, self.width - rise) >= self.width)
    }
}
