//! Published tables (DOMAIN 8) under the rules. Each is of one country and body, so the thresholds are arguments.

use uuid::Uuid;

use super::{
    Label, Pattern, Table, Thresholds, Told, rounded,
    table::{Contributions, Place},
};
use crate::id::OrganisationId;

const OF_ONE_BODY: Thresholds = Thresholds { contacts: 10, bodies: 1, dominance: 0 };

fn body(number: u128) -> OrganisationId {
    OrganisationId::new(Uuid::from_u128(number))
}

/// A table of one column, and of empty ones beside it.
fn column(counts: &[i64], columns: usize) -> Table {
    let mut table = Table::new(counts.len(), columns);
    for (row, count) in counts.iter().enumerate() {
        table.add(Place { row, column: 0 }, body(1), *count);
    }
    table
}

/// What is told of the rows, and of all.
fn told(table: &Table, pattern: &Pattern) -> (Vec<Option<i64>>, Option<i64>) {
    let value = |place: Place| pattern.label(place).is_none().then(|| table.count(place));
    ((0..table.rows()).map(|row| value(Place { row, column: table.columns() })).collect(), value(table.total()))
}

#[test]
fn of_the_eu_in_2024_no_platform_is_told_and_the_total_is() {
    for columns in [1, 6] {
        let table = column(&[7, 6, 5], columns);
        let pattern = Pattern::of(&table, &OF_ONE_BODY);
        assert_eq!(told(&table, &pattern), (vec![None, None, None], Some(18)), "{columns}");
        assert!(table.places().all(|place| pattern.label(place).is_some() || table.count(place) == 18));
    }
}

#[test]
fn of_india_in_2019_five_and_three_are_hidden_and_one_more() {
    let table = column(&[650, 220, 31, 5, 3], 1);
    let pattern = Pattern::of(&table, &OF_ONE_BODY);
    assert_eq!(told(&table, &pattern), (vec![Some(650), Some(220), None, None, None], Some(909)));
    let labels: Vec<_> = (0..5).map(|row| pattern.label(Place { row, column: 0 })).collect();
    assert_eq!(labels, [None, None, Some(Label::Complementary), Some(Label::Primary), Some(Label::Primary)]);
}

#[test]
fn of_facebooks_classes_in_india_the_small_ones_are_hidden_with_enough_beside_them() {
    let table = column(&[482, 73, 43, 28, 11, 11, 2], 1);
    let pattern = Pattern::of(&table, &OF_ONE_BODY);
    let (rows, total) = told(&table, &pattern);
    assert_eq!((rows, total), (vec![Some(482), Some(73), Some(43), Some(28), None, None, None], Some(650)));
}

#[test]
fn of_brazil_in_2022_the_platforms_with_few_reports_are_hidden() {
    let table = column(&[1764, 82, 80, 24, 12, 9, 1], 1);
    let (rows, total) = told(&table, &Pattern::of(&table, &OF_ONE_BODY));
    assert_eq!((rows.get(..2), total), (Some([Some(1764), Some(82)].as_slice()), Some(1972)));
    assert!(rows.iter().skip(4).all(Option::is_none));
}

#[test]
fn a_cell_needs_contacts_and_bodies_and_no_body_that_stands_out() {
    let strict = Thresholds::configured(10, 3).expect("the least");
    let sensitive = |parts: &[i64]| {
        let mut tally = Contributions::default();
        parts.iter().enumerate().for_each(|(number, part)| tally.add(body(u128::try_from(number).unwrap_or(0)), *part));
        tally.is_sensitive(&strict)
    };
    assert!(!sensitive(&[4, 3, 3]) && sensitive(&[3, 3, 3]) && sensitive(&[50, 50]) && sensitive(&[]));
    assert!(sensitive(&[100, 30, 9]) && !sensitive(&[100, 30, 10]), "what the others sent is less than 10 % of the largest");
}

#[test]
fn an_operator_sets_more_and_never_less() {
    for (contacts, bodies, fine) in [(10, 3, true), (9, 3, false), (10, 2, false), (50, 5, true), (1_001, 3, false)] {
        assert_eq!(Thresholds::configured(contacts, bodies).is_ok(), fine, "{contacts} {bodies}");
    }
}

#[test]
fn counts_are_rounded_to_the_nearest_five() {
    let values: Vec<i64> = [10, 11, 12, 13, 14, 15, 17, 18].into_iter().map(rounded).collect();
    assert_eq!(values, [10, 10, 10, 15, 15, 15, 15, 20]);
}

#[test]
fn what_is_worked_out_again_hides_the_same_or_is_not_told() {
    let first = column(&[650, 220, 31, 5, 3], 1);
    let pattern = Pattern::of(&first, &OF_ONE_BODY);
    let told = [Told::new(pattern.clone(), first.places().map(|place| first.exact(place, &OF_ONE_BODY)).collect())];
    let again = |counts: &[i64]| Pattern::again(&told, &column(counts, 1), &OF_ONE_BODY);
    assert_eq!(again(&[649, 221, 31, 5, 3]).as_ref(), Some(&pattern));
    let grown = again(&[650, 220, 40, 15, 3]).expect("what was hidden stays so");
    assert_eq!(grown.label(Place { row: 3, column: 0 }), Some(Label::Primary));
    assert!(again(&[650, 9, 31, 5, 3]).is_none(), "220 was told and 9 must not be");
    assert!(again(&[650, 220, 1, 5, 3]).is_none(), "the sum of what is hidden is too small");
}
