//! An attack on what is told: from everything published a linear program works out between which bounds each hidden cell lies.
//!
//! It shares nothing with the rules under attack but the published table. Its unknowns are all cells and, for rows and their cells, how
//! many were answered; its equations the totals; its bounds the rounding, the labels, the thresholds and the published shares. It is given
//! more than a reader has: in one attack the exact values of all that is shown, in one the row that a platform knows.

mod correction;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome, Variable};
use proptest::prelude::*;
use uuid::Uuid;

use super::{BASE, Label, Pattern, Table, Thresholds, Told, rounded, table::Place};
use crate::id::OrganisationId;

/// What the attacker has.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Knowledge {
    /// What is published: values rounded to five, shares to five percent.
    Published,
    /// The exact values and shares behind all that is shown.
    Exact,
    /// The same, and he guesses that each primary cell is below the threshold; he guesses right where it is.
    Guessed,
    /// The exact values, and everything in a row.
    Row(usize),
}

struct Release<'a> {
    table: &'a Table,
    /// The answered contacts: of each cell a part, that of a row's total the sum.
    answered: Table,
    pattern: Pattern,
    thresholds: Thresholds,
}

/// The unknowns of a problem, by their places.
struct Variables(Vec<(Place, Variable)>);

impl Variables {
    fn at(&self, place: Place) -> Variable {
        self.0.iter().find(|(other, _)| *other == place).expect("a place").1
    }
}

/// The unknowns of one set of numbers.
struct Unknowns {
    cells: Variables,
    answers: Variables,
}

fn optimum(problem: &Problem) -> f64 {
    match problem.solve() {
        Ok(SolveOutcome::Solution(solution)) => solution.objective(),
        Err(microlp::Error::Unbounded) => f64::INFINITY,
        other => panic!("{other:?}"),
    }
}

fn count(value: i64) -> f64 {
    f64::from(i32::try_from(value).expect("a small number"))
}

impl Release<'_> {
    /// The bounds of a cell before any sum is done.
    fn bounds(&self, place: Place, knowledge: Knowledge) -> (f64, f64) {
        let (value, least) = (self.table.count(place), self.thresholds.contacts);
        if knowledge == Knowledge::Row(place.row) {
            return (count(value), count(value));
        }
        match self.pattern.label(place) {
            None if knowledge == Knowledge::Published => {
                let shown = rounded(value);
                (count((shown - BASE / 2).max(least)), count(shown + BASE / 2))
            }
            None => (count(value), count(value)),
            Some(Label::Complementary) => (count(least.min(value)), f64::INFINITY),
            Some(Label::Primary) if knowledge == Knowledge::Guessed && value < least => (0.0, count(least - 1)),
            Some(Label::Primary) => (0.0, f64::INFINITY),
        }
    }

    /// The least (or the most) that a hidden cell can be.
    fn bound(&self, wanted: Place, way: OptimizationDirection, knowledge: Knowledge) -> f64 {
        let mut problem = Problem::new(way);
        self.unknowns(&mut problem, Some(wanted), knowledge);
        optimum(&problem)
    }

    /// Adds all cells and answers, and what is known of them, to a problem that asks for the cell `wanted`.
    fn unknowns(&self, problem: &mut Problem, wanted: Option<Place>, knowledge: Knowledge) -> Unknowns {
        let places = self.table.places();
        let weight = |place: Place| if Some(place) == wanted { 1.0 } else { 0.0 };
        let cells = Variables(places.map(|place| (place, problem.add_var(weight(place), self.bounds(place, knowledge)))).collect());
        for (parts, total) in self.table.lines() {
            let mut terms: Vec<(Variable, f64)> = parts.into_iter().map(|part| (cells.at(part), 1.0)).collect();
            terms.push((cells.at(total), -1.0));
            problem.add_constraint(&terms, ComparisonOp::Eq, 0.0);
        }
        let answers = self.answers(problem, &cells, knowledge);
        Unknowns { cells, answers }
    }

    /// The tree of answers: the rows' cells add up to the rows, the rows to all, and the shares of what is shown are known.
    fn answers(&self, problem: &mut Problem, cells: &Variables, knowledge: Knowledge) -> Variables {
        let (rows, columns) = (self.table.rows(), self.table.columns());
        let of_tree = self.table.places().filter(|place| place.row < rows || place.column == columns);
        let answers = Variables(of_tree.map(|place| (place, problem.add_var(0.0, (0.0, f64::INFINITY)))).collect());
        for (place, variable) in &answers.0 {
            let cell = cells.at(*place);
            problem.add_constraint([(*variable, 1.0), (cell, -1.0)], ComparisonOp::Le, 0.0);
            if self.pattern.label(*place).is_none() {
                let share = count(self.answered.count(*place)) / count(self.table.count(*place));
                let slack = if knowledge == Knowledge::Published { 0.025 } else { 1e-9 };
                let near = if knowledge == Knowledge::Published { (share * 20.0).round() / 20.0 } else { share };
                problem.add_constraint([(*variable, 1.0), (cell, -(near + slack))], ComparisonOp::Le, 1e-6);
                problem.add_constraint([(*variable, 1.0), (cell, -(near - slack))], ComparisonOp::Ge, -1e-6);
            }
        }
        for row in 0..rows {
            let mut terms: Vec<(Variable, f64)> = (0..columns).map(|column| (answers.at(Place { row, column }), 1.0)).collect();
            terms.push((answers.at(Place { row, column: columns }), -1.0));
            problem.add_constraint(&terms, ComparisonOp::Eq, 0.0);
        }
        let mut terms: Vec<(Variable, f64)> = (0..rows).map(|row| (answers.at(Place { row, column: columns }), 1.0)).collect();
        terms.push((answers.at(self.table.total()), -1.0));
        problem.add_constraint(&terms, ComparisonOp::Eq, 0.0);
        answers
    }

    /// Attacks every hidden cell, and says which it narrowed too far.
    fn attack(&self, knowledge: Knowledge) -> Vec<String> {
        let least = count(self.thresholds.contacts);
        let half = count(self.thresholds.half());
        let hidden = self.table.places().filter(|place| self.pattern.label(*place).is_some());
        let others = hidden.filter(|place| knowledge != Knowledge::Row(place.row));
        let narrowed = others.filter_map(|place| {
            let low = self.bound(place, OptimizationDirection::Minimize, knowledge);
            let high = self.bound(place, OptimizationDirection::Maximize, knowledge);
            let (value, label) = (self.table.count(place), self.pattern.label(place));
            let sensitive = self.table.contributions(place).expect("a cell").is_sensitive(&self.thresholds);
            let open = matches!(knowledge, Knowledge::Published | Knowledge::Exact) && sensitive;
            let wide = if open { least } else { half };
            let below = open && (high < least - 1e-4 || (value < self.thresholds.contacts && low > 1e-4));
            (below || high - low < wide - 1e-4).then(|| format!("{place:?} ({value}, {label:?}) lies in {low} to {high} for {knowledge:?}"))
        });
        narrowed.collect()
    }
}

fn body(number: usize) -> OrganisationId {
    OrganisationId::new(Uuid::from_u128(u128::try_from(number).unwrap_or(0)))
}

/// Contacts of some bodies in each cell: mostly none or few, now and then many.
fn tables() -> impl Strategy<Value = (usize, usize, Vec<Vec<i64>>)> {
    let part = prop_oneof![4 => Just(0_i64), 4 => 0_i64..5, 2 => 0_i64..15, 1 => 0_i64..200];
    (1_usize..=5, 1_usize..=4).prop_flat_map(move |(rows, columns)| {
        let cell = proptest::collection::vec(part.clone(), 5);
        proptest::collection::vec(cell, rows * columns).prop_map(move |cells| (rows, columns, cells))
    })
}

fn table(rows: usize, columns: usize, cells: &[Vec<i64>]) -> Table {
    let mut table = Table::new(rows, columns);
    for (number, parts) in cells.iter().enumerate() {
        let place = Place { row: number / columns, column: number % columns };
        parts.iter().enumerate().for_each(|(number, part)| table.add(place, body(number), *part));
    }
    table
}

/// How many of each cell were answered: all in the first row, none in the second, some in the others.
fn answered(of: &Table) -> Table {
    let mut table = Table::new(of.rows(), of.columns());
    for place in of.places().filter(|place| place.row < of.rows() && place.column < of.columns()) {
        let count = of.count(place);
        let part = match place.row {
            0 => count,
            1 => 0,
            row => count / i64::try_from(row).unwrap_or(1),
        };
        table.add(place, body(0), part);
    }
    table
}

/// What was told of a table, for its corrections.
fn told(pattern: &Pattern, of: &Table, thresholds: &Thresholds) -> Told {
    Told::new(pattern.clone(), of.places().map(|place| of.exact(place, thresholds)).collect())
}

fn attacked(table: &Table, thresholds: Thresholds) -> Vec<String> {
    let pattern = Pattern::of(table, &thresholds);
    let release = Release { table, answered: answered(table), pattern, thresholds };
    let mut knowledge = vec![Knowledge::Published, Knowledge::Exact, Knowledge::Guessed];
    knowledge.extend((0..table.rows()).filter(|_| table.rows() > 1).map(Knowledge::Row));
    knowledge.into_iter().flat_map(|knowledge| release.attack(knowledge)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_hidden_cell_is_narrowed_under_the_thresholds_in_force((rows, columns, cells) in tables()) {
        let table = table(rows, columns, &cells);
        prop_assert_eq!(attacked(&table, Thresholds::configured(10, 3).expect("the least")), Vec::<String>::new());
    }

    #[test]
    fn no_hidden_cell_is_narrowed_where_only_contacts_count((rows, columns, cells) in tables()) {
        let table = table(rows, columns, &cells);
        prop_assert_eq!(attacked(&table, Thresholds { contacts: 10, bodies: 1, dominance: 0 }), Vec::<String>::new());
    }

    #[test]
    fn what_a_line_hides_can_be_told_as_a_sum((rows, columns, cells) in tables()) {
        let (table, thresholds) = (table(rows, columns, &cells), Thresholds::configured(10, 3).expect("the least"));
        let pattern = Pattern::of(&table, &thresholds);
        for place in table.places().filter(|place| pattern.label(*place).is_none()) {
            prop_assert!(!table.contributions(place).expect("a cell").is_sensitive(&thresholds), "{:?}", place);
        }
        for (parts, total) in table.lines() {
            let hidden: Vec<&Place> = parts.iter().filter(|place| pattern.label(**place).is_some()).collect();
            if pattern.label(total).is_none() && !hidden.is_empty() {
                let mut sum = super::Contributions::default();
                hidden.into_iter().filter_map(|place| table.contributions(*place)).for_each(|cell| sum.merge(cell));
                prop_assert!(!sum.is_sensitive(&thresholds), "{:?}", total);
            }
        }
        prop_assert!(pattern.holds(&table, &thresholds));
        prop_assert_eq!(Pattern::of(&table, &thresholds), pattern, "the same each time");
    }

    /// Of two sets of numbers of one period a reader knows the difference of all that is shown; he takes what is hidden to be the same in
    /// both where it is. The correction is attacked as it is told, and it hides what the first one hid.
    #[test]
    fn a_correction_gives_nothing_away((rows, columns, cells) in tables(), change in 0_usize..20, by in 1_i64..4) {
        let thresholds = Thresholds::configured(10, 3).expect("the least");
        let before = table(rows, columns, &cells);
        let pattern = Pattern::of(&before, &thresholds);
        let mut after = before.clone();
        let number = change % (rows * columns);
        after.add(Place { row: number / columns, column: number % columns }, body(change % 5), by);
        if let Some(again) = Pattern::again(&[told(&pattern, &before, &thresholds)], &after, &thresholds) {
            for place in before.places() {
                prop_assert_eq!(again.label(place).is_some(), pattern.label(place).is_some());
            }
            let release = Release { table: &after, answered: answered(&after), pattern: again, thresholds };
            for knowledge in [Knowledge::Published, Knowledge::Exact, Knowledge::Guessed] {
                prop_assert_eq!(release.attack(knowledge), Vec::<String>::new());
            }
        }
    }
}

#[test]
fn published_tables_give_nothing_away() {
    for counts in [vec![7, 6, 5], vec![650, 220, 31, 5, 3], vec![482, 73, 43, 28, 11, 11, 2], vec![1764, 82, 80, 24, 12, 9, 1]] {
        let cells: Vec<Vec<i64>> = counts.iter().map(|count| vec![*count]).collect();
        let found = attacked(&table(counts.len(), 1, &cells), Thresholds { contacts: 10, bodies: 1, dominance: 0 });
        assert_eq!(found, Vec::<String>::new(), "{counts:?}");
    }
}

/// The attack finds what there is to find: without complementary suppression it works out what is hidden.
#[test]
fn the_attack_breaks_a_table_that_hides_too_little() {
    let thresholds = Thresholds { contacts: 10, bodies: 1, dominance: 0 };
    let table = table(3, 1, &[vec![650], vec![220], vec![5]]);
    let mut pattern = Pattern::open(3, 1);
    for column in [0, 1] {
        pattern.hide(Place { row: 2, column }, Label::Primary);
    }
    let release = Release { table: &table, answered: answered(&table), pattern, thresholds };
    let place = Place { row: 2, column: 0 };
    let bound = |way| release.bound(place, way, Knowledge::Exact);
    let found = (bound(OptimizationDirection::Minimize), bound(OptimizationDirection::Maximize));
    assert!((found.0 - 5.0).abs() < 1e-3 && (found.1 - 5.0).abs() < 1e-3, "{found:?}");
}
