//! What a row's key means: the entry that it names, or a new one.

use std::collections::{HashMap, hash_map::Entry as Place};

use tertulia_domain::{
    Reason, Result,
    directory::entry::{Entry, key as check_key},
    id::{Id, Kind, OrganisationId},
};

use super::{row::Row, sheet::Problems};
use crate::Ids;

/// A row as it was read: the entry that it is about, and what it says.
#[derive(Debug)]
pub(super) struct Parsed<K: Kind, F> {
    pub(super) id: Id<K>,
    pub(super) key: Option<String>,
    pub(super) version: Option<i64>,
    pub(super) fields: F,
}

/// Rows read as entries of the kind `E`.
pub(super) type ParsedOf<E> = Vec<Parsed<<E as Fielded>::Kind, <E as Fielded>::Fields>>;

/// Names the two parameters of an [`Entry`].
pub(super) trait Fielded {
    /// The kind of its id.
    type Kind: Kind;
    /// What it says.
    type Fields;
}
impl<K: Kind, F> Fielded for Entry<K, F> {
    type Kind = K;
    type Fields = F;
}

/// The entries of one kind by their keys: a slug of the reference files, or the id in text.
#[derive(Debug)]
pub(super) struct Keys<K: Kind> {
    known: HashMap<String, Id<K>>,
    rows: HashMap<String, u64>,
}

impl<K: Kind> Keys<K> {
    /// The keys of what is stored.
    pub(super) fn of<F>(entries: &[Entry<K, F>]) -> Self {
        let ids = entries.iter().map(|entry| (entry.id.to_string(), entry.id));
        let slugs = entries.iter().filter_map(|entry| entry.key.clone().map(|key| (key, entry.id)));
        Self { known: ids.chain(slugs).collect(), rows: HashMap::new() }
    }

    /// Gives every row's key its id: the stored entry's, the one that the key spells, or a new one.
    pub(super) fn enter(&mut self, rows: &[Row], ids: Ids, problems: &mut Problems) {
        for row in rows {
            let Some(key) = row.text("key") else {
                row.fault(problems, Reason::Required, "key", "Each row needs a key.");
                continue;
            };
            if let Some(line) = self.rows.insert(key.clone(), row.line) {
                row.fault(problems, Reason::Duplicate, "key", &format!("This key stands in line {line} already."));
            } else if let Place::Vacant(place) = self.known.entry(key)
                && let Some(id) = row.checked(new_id(place.key(), ids).map_err(|error| error.under("key")), problems)
            {
                place.insert(id);
            }
        }
    }

    /// The id that a row's key names.
    pub(super) fn id(&self, key: &str) -> Option<Id<K>> {
        self.known.get(key).copied()
    }

    /// The row with its id and version, if its fields were read.
    pub(super) fn parsed<F>(&self, row: &Row, fields: Option<F>, problems: &mut Problems) -> Option<Parsed<K, F>> {
        let key = row.text("key")?;
        let version = row.number("version", problems);
        let id = self.id(&key)?;
        let slug = if key.parse::<Id<K>>().is_ok() { None } else { Some(key) };
        Some(Parsed { id, key: slug, version, fields: fields? })
    }
}

fn new_id<K: Kind>(key: &str, ids: Ids) -> Result<Id<K>> {
    if let Ok(id) = key.parse() {
        return Ok(id);
    }
    check_key(key)?;
    Ok(ids.new_id())
}

impl Keys<tertulia_domain::id::kinds::Organisation> {
    /// The organisation that a cell names, if it names one.
    pub(super) fn organisation(&self, row: &Row, column: &str, problems: &mut Problems) -> Option<OrganisationId> {
        let key = row.text(column)?;
        self.named(row, column, &key, problems)
    }

    /// The organisations that a cell names, separated by spaces.
    pub(super) fn organisations(&self, row: &Row, column: &str, problems: &mut Problems) -> Vec<OrganisationId> {
        row.codes(column).iter().filter_map(|key| self.named(row, column, key, problems)).collect()
    }

    fn named(&self, row: &Row, column: &str, key: &str, problems: &mut Problems) -> Option<OrganisationId> {
        let id = self.id(key);
        if id.is_none() {
            row.fault(problems, Reason::UnknownId, column, &format!("There is no organisation with the key {key}."));
        }
        id
    }
}

/// Keys of organisations by their ids, for what is written.
#[derive(Debug)]
pub(super) struct Spelled(HashMap<OrganisationId, String>);

impl Spelled {
    /// The key of each entry: its slug, else its id.
    pub(super) fn of<F>(entries: &[Entry<tertulia_domain::id::kinds::Organisation, F>]) -> Self {
        Self(entries.iter().map(|entry| (entry.id, spelled(entry))).collect())
    }

    /// The key of an organisation.
    pub(super) fn key(&self, id: OrganisationId) -> String {
        self.0.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

/// The key under which an entry is written.
pub(super) fn spelled<K: Kind, F>(entry: &Entry<K, F>) -> String {
    entry.key.clone().unwrap_or_else(|| entry.id.to_string())
}
