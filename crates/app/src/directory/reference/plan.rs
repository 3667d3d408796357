//! What a loading will do to the entries of one kind: pure, before anything is written.

use std::collections::HashMap;

use tertulia_domain::{directory::entry::Entry, id::Kind, time::Instant};

use super::keys::{Parsed, spelled};

/// Rows whose key begins like this make entries that are marked as generated.
const FICTIONAL: &str = "fictional-";

/// What became of the rows of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The file.
    pub file: &'static str,
    /// Rows that made a new entry.
    pub new: usize,
    /// Rows that changed an entry.
    pub changed: usize,
    /// Rows that say what the entry says already.
    pub unchanged: usize,
    /// Keys of entries that were left as people had edited them, although the row says something else.
    pub kept: Vec<String>,
    /// Keys of entries whose edits by people the row replaced; counted among the changed ones too.
    pub overwritten: Vec<String>,
}

/// What is to be written for one kind.
#[derive(Debug)]
pub(super) struct Plan<K: Kind, F> {
    /// New and changed entries, whole.
    pub(super) writes: Vec<Entry<K, F>>,
    /// The states that changes replace.
    pub(super) replaced: Vec<Entry<K, F>>,
    pub(super) loaded: Loaded,
}

/// Compares the rows with what is stored.
///
/// A row with a version changes the entry only if it still has that version. A row without one does not touch what a person
/// edited after the last loading. `overwrite` lifts both; either way the report names what was in question.
pub(super) fn plan<K: Kind, F: PartialEq + Clone>(
    file: &'static str,
    stored: &[Entry<K, F>],
    rows: Vec<Parsed<K, F>>,
    overwrite: bool,
    now: Instant,
) -> Plan<K, F> {
    let mut stored: HashMap<_, _> = stored.iter().map(|entry| (entry.id, entry)).collect();
    let mut plan = Plan { writes: Vec::new(), replaced: Vec::new(), loaded: Loaded { file, ..Loaded::default() } };
    for row in rows {
        let Some(entry) = stored.remove(&row.id) else {
            plan.loaded.new += 1;
            let generated = row.key.as_deref().is_some_and(|key| key.starts_with(FICTIONAL));
            plan.writes.push(Entry { generated, ..Entry::born(row.id, row.key, row.fields, now) });
            continue;
        };
        if entry.fields == row.fields {
            plan.loaded.unchanged += 1;
            continue;
        }
        let in_question = row.version.map_or(entry.edited_at.is_some(), |version| version != entry.version);
        if in_question && !overwrite {
            plan.loaded.kept.push(spelled(entry));
            continue;
        }
        if in_question {
            plan.loaded.overwritten.push(spelled(entry));
        }
        plan.loaded.changed += 1;
        plan.replaced.push(entry.clone());
        plan.writes.push(entry.clone().loaded(row.fields, now));
    }
    plan
}

#[cfg(test)]
mod tests {
    use tertulia_domain::id::{Id, kinds};
    use uuid::Uuid;

    use super::*;

    type Thing = Entry<kinds::Election, &'static str>;

    fn thing(number: u128, says: &'static str) -> Thing {
        Entry::born(Id::new(Uuid::from_u128(number)), Some(format!("thing-{number}")), says, Instant::default())
    }

    fn row(entry: &Thing, version: Option<i64>, fields: &'static str) -> Parsed<kinds::Election, &'static str> {
        Parsed { id: entry.id, key: entry.key.clone(), version, fields }
    }

    #[test]
    fn a_persons_edit_is_kept_unless_told_otherwise() {
        let now = Instant::default();
        let (same, other, edited) = (thing(1, "a"), thing(2, "b"), thing(3, "c").edited("d", now));
        let stored = [same.clone(), other.clone(), edited.clone()];
        let rows = || vec![row(&same, None, "a"), row(&other, None, "B"), row(&edited, None, "c"), row(&thing(4, ""), None, "e")];
        let kept = plan("x.csv", &stored, rows(), false, now);
        assert_eq!((kept.loaded.new, kept.loaded.changed, kept.loaded.unchanged), (1, 1, 1));
        assert_eq!(kept.loaded.kept, ["thing-3"]);
        let over = plan("x.csv", &stored, rows(), true, now);
        assert_eq!((over.loaded.changed, over.loaded.overwritten), (2, vec!["thing-3".to_owned()]));
        assert_eq!(over.replaced[1].fields, "d");
        assert_eq!(over.writes[1].edited_at, None);
    }

    #[test]
    fn a_row_with_a_version_changes_that_version_only() {
        let now = Instant::default();
        let edited = thing(1, "a").edited("b", now);
        for (version, changed) in [(2, 1), (1, 0)] {
            let plan = plan("x.csv", std::slice::from_ref(&edited), vec![row(&edited, Some(version), "c")], false, now);
            assert_eq!((plan.loaded.changed, plan.loaded.kept.len()), (changed, 1 - changed));
        }
    }
}
