//! An attack on a corrected release together with its predecessor: one linear program over both published tables.
//!
//! The attacker knows in which hidden cells nothing changed, so that what he learns of one set of numbers he knows of the other; and he
//! knows the exact values and shares of all that is shown in both, or as a platform its own row as well. Of a hidden cell that was corrected
//! he so learns how much came or went; that a cell is below the threshold, or what it is to less than the threshold (for a platform: half
//! of it), he must not learn.

use super::*;

/// Two sets of numbers of one release.
struct Pair<'a> {
    before: Release<'a>,
    after: Release<'a>,
}

impl Pair<'_> {
    /// The least (or the most) that a hidden cell of one set can be.
    fn bound(&self, (later, wanted): (bool, Place), way: OptimizationDirection, knowledge: Knowledge) -> f64 {
        let mut problem = Problem::new(way);
        let before = self.before.unknowns(&mut problem, Some(wanted).filter(|_| !later), knowledge);
        let after = self.after.unknowns(&mut problem, Some(wanted).filter(|_| later), knowledge);
        let same = |one: &Table, other: &Table, place: Place| one.count(place) == other.count(place);
        for (place, cell) in &before.cells.0 {
            if self.before.pattern.label(*place).is_some() && same(self.before.table, self.after.table, *place) {
                problem.add_constraint([(*cell, 1.0), (after.cells.at(*place), -1.0)], ComparisonOp::Eq, 0.0);
            }
        }
        for (place, answer) in &before.answers.0 {
            let hidden = self.before.pattern.label(*place).is_some();
            if hidden && same(&self.before.answered, &self.after.answered, *place) {
                problem.add_constraint([(*answer, 1.0), (after.answers.at(*place), -1.0)], ComparisonOp::Eq, 0.0);
            }
        }
        optimum(&problem)
    }

    /// Attacks every hidden cell of both, and says which it narrowed too far.
    fn attack(&self, knowledge: Knowledge) -> Vec<String> {
        let mut narrowed = Vec::new();
        for (later, release) in [(false, &self.before), (true, &self.after)] {
            let (least, half) = (count(release.thresholds.contacts), count(release.thresholds.half()));
            let hidden = release.table.places().filter(|place| release.pattern.label(*place).is_some());
            for place in hidden.filter(|place| knowledge != Knowledge::Row(place.row)) {
                let low = self.bound((later, place), OptimizationDirection::Minimize, knowledge);
                let high = self.bound((later, place), OptimizationDirection::Maximize, knowledge);
                let sensitive = release.table.contributions(place).expect("a cell").is_sensitive(&release.thresholds);
                let open = matches!(knowledge, Knowledge::Published | Knowledge::Exact) && sensitive;
                let wide = if open { least } else { half };
                if (open && high < least - 1e-4) || high - low < wide - 1e-4 {
                    let value = release.table.count(place);
                    narrowed.push(format!("{place:?} ({value}, later: {later}) lies in {low} to {high} for {knowledge:?}"));
                }
            }
        }
        narrowed
    }
}

/// What is worked out again and is the same can be told again.
fn same(table: &Table, thresholds: &Thresholds) -> bool {
    let pattern = Pattern::of(table, thresholds);
    !pattern.holds(table, thresholds) || Pattern::again(&[told(&pattern, table, thresholds)], table, thresholds) == Some(pattern)
}

fn attacked(before: &Table, after: &Table, thresholds: Thresholds) -> Option<Vec<String>> {
    let pattern = Pattern::of(before, &thresholds);
    let again = Pattern::again(&[told(&pattern, before, &thresholds)], after, &thresholds)?;
    let release = |table, pattern| Release { table, answered: answered(table), pattern, thresholds };
    let pair = Pair { before: release(before, pattern), after: release(after, again) };
    let mut knowledge = vec![Knowledge::Published, Knowledge::Exact, Knowledge::Guessed];
    knowledge.extend((0..before.rows()).filter(|_| before.rows() > 1).map(Knowledge::Row));
    Some(knowledge.into_iter().flat_map(|knowledge| pair.attack(knowledge)).collect())
}

/// Contacts of some bodies in each cell of a small table, so that both programs stay quick.
fn small() -> impl Strategy<Value = (usize, usize, Vec<Vec<i64>>)> {
    let part = prop_oneof![3 => Just(0_i64), 4 => 0_i64..5, 2 => 3_i64..15, 1 => 0_i64..200];
    (1_usize..=4, 1_usize..=3).prop_flat_map(move |(rows, columns)| {
        let cell = proptest::collection::vec(part.clone(), 5);
        proptest::collection::vec(cell, rows * columns).prop_map(move |cells| (rows, columns, cells))
    })
}

/// Some cells change: contacts of a body came, or went.
fn changed(cells: &[Vec<i64>], changes: &[(usize, usize, i64)]) -> Vec<Vec<i64>> {
    let mut cells = cells.to_vec();
    for (cell, part, by) in changes {
        let cell = cell % cells.len();
        if let Some(part) = cells.get_mut(cell).and_then(|parts| parts.get_mut(part % 5)) {
            *part = (*part + by).max(0);
        }
    }
    cells
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_correction_beside_its_predecessor_gives_nothing_away(
        (rows, columns, cells) in small(),
        changes in proptest::collection::vec((0_usize..20, 0_usize..5, -12_i64..12), 1..4),
    ) {
        let thresholds = Thresholds::configured(10, 3).expect("the least");
        let (before, after) = (table(rows, columns, &cells), table(rows, columns, &changed(&cells, &changes)));
        prop_assert!(same(&before, &thresholds));
        if let Some(found) = attacked(&before, &after, thresholds) {
            prop_assert_eq!(found, Vec::<String>::new());
        }
    }
}

/// The published table of India in 2019, corrected: of what is hidden, one came to four.
#[test]
fn a_corrected_table_gives_nothing_away() {
    let thresholds = Thresholds { contacts: 10, bodies: 1, dominance: 0 };
    let of = |counts: [i64; 5]| table(5, 1, &counts.map(|count| vec![count]));
    let before = of([650, 220, 31, 5, 3]);
    for after in [[650, 220, 31, 5, 4], [649, 221, 31, 5, 3], [650, 220, 34, 5, 3], [650, 220, 28, 9, 3]] {
        assert_eq!(attacked(&before, &of(after), thresholds), Some(Vec::new()), "{after:?}");
    }
}

/// The attack finds what there is to find: two sets that hide different cells.
#[test]
fn the_attack_breaks_two_sets_that_hide_different_cells() {
    let thresholds = Thresholds { contacts: 10, bodies: 1, dominance: 0 };
    let both = table(3, 1, &[vec![650], vec![220], vec![5]]);
    let hiding = |rows: [usize; 2]| {
        let mut pattern = Pattern::open(3, 1);
        for row in rows {
            for column in [0, 1] {
                pattern.hide(Place { row, column }, Label::Primary);
            }
        }
        Release { table: &both, answered: answered(&both), pattern, thresholds }
    };
    let pair = Pair { before: hiding([1, 2]), after: hiding([0, 2]) };
    let found = pair.attack(Knowledge::Exact);
    assert!(found.iter().any(|line| line.contains("(5, later: false) lies in 5")), "{found:?}");
}
