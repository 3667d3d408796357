//! Cells that a spreadsheet would take for formulas (OWASP, "CSV Injection"): an apostrophe before them keeps it from that, and is taken
//! away again where a table is read.

/// What a formula begins with, in the full-width forms too, which spreadsheets of East Asia take for the same.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// What a spreadsheet may separate cells or lines by, whatever the table was written with. The comma is what it was written with.
const SEPARATORS: [char; 5] = [';', '\t', '|', '\n', '\r'];

/// Whether a spreadsheet may take this for a formula, or would if the apostrophes before it went.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['\t', '\r', '\n'])
        || cell.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\'' | '"')).starts_with(SIGNS)
}

/// The same for a cell that begins within a text, at the end of another one.
fn is_formula_within(cell: &str) -> bool {
    let skipped = |c: &char| matches!(c, ' ' | '\u{a0}' | '\'' | '"');
    cell.chars().find(|c| !skipped(c)).is_some_and(|c| SIGNS.contains(&c))
}

/// A cell that no spreadsheet takes for a formula.
pub fn guard(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// What [`guard`] was given.
pub fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// A cell of which no part is taken for a formula either, should a spreadsheet separate cells by another sign than the table's.
pub fn guard_parts(cell: &str) -> String {
    guard(&parts(cell, |out, part| {
        if is_formula_within(part) {
            out.push('\'');
        }
        part.len()
    }))
}

/// What [`guard_parts`] was given.
pub fn bare_parts(cell: &str) -> String {
    parts(bare(cell), |_, part| match part.strip_prefix('\'') {
        Some(rest) if is_formula_within(rest) => rest.len(),
        _ => part.len(),
    })
}

/// A text in which something is done before each part that follows a separator; answers how much of the part stays.
fn parts(text: &str, mut before: impl FnMut(&mut String, &str) -> usize) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut rest = text;
    while let Some((separator, after)) = rest.find(SEPARATORS).and_then(|at| rest.split_at_checked(at + 1)) {
        out.push_str(separator);
        let kept = before(&mut out, after);
        rest = after.get(after.len() - kept..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_taken_for_a_formula() {
        for cell in ["=1", "+1", "-1", "@A", "＝1", "＋1", "－1", "＠A", " =1", "\t=1", "\r=1", "\tx", "\u{3000}=1", "'=1", "\n+1"] {
            assert_eq!(guard(cell), format!("'{cell}"));
            assert_eq!(bare(&guard(cell)), cell);
        }
        for cell in ["", "a=1", "'quoted'", "1-2", "a; b", "mail@parley.example", "https://parley.example/?a=1;b=2"] {
            assert_eq!((guard(cell), guard_parts(cell)), (cell.to_owned(), cell.to_owned()));
        }
        assert_eq!(guard_parts("x;=HYPERLINK(\"y\")"), "x;'=HYPERLINK(\"y\")");
        assert_eq!(guard_parts("-a\n- b\tc|\"＝d; ' @e"), "'-a\n'- b\tc|'\"＝d;' ' @e");
    }

    proptest! {
        #[test]
        fn what_is_guarded_is_read_as_it_was(cell in "[ a'\"=＝+@;|\t\r\n-]{0,24}") {
            let guarded = guard(&cell);
            prop_assert_eq!(bare(&guarded), cell.as_str());
            let guarded = guard_parts(&cell);
            prop_assert_eq!(bare_parts(&guarded), cell.as_str());
            for part in guarded.split(SEPARATORS) {
                prop_assert!(!part.trim_start_matches([' ', '"']).starts_with(SIGNS), "{:?}", guarded);
            }
        }
    }
}
