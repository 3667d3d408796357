//! The list of documents that may run, from files of an operator.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use async_graphql::parser::parse_query;
use serde_json::Value;

use super::canonical::Definitions;

/// Why a list cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// A file or folder is not there or not ours to read.
    #[error("The list of documents {0} cannot be read: {1}.")]
    File(PathBuf, io::Error),
    /// A file holds something else.
    #[error("{0} in the list of documents: {1}.")]
    Content(PathBuf, String),
    /// Nothing would be allowed.
    #[error("The list of documents {0} holds no operation; no document would run.")]
    Empty(PathBuf),
}

/// Every operation that may run, whole.
#[derive(Debug)]
pub(super) struct List(HashSet<String>);

impl List {
    /// Reads one file, or every file of a folder and those below it: `.graphql` and `.gql` files with operations and fragments,
    /// which may stand in different files, and `.json` files with texts of documents as clients' tools write them.
    pub(super) fn read(path: &Path) -> Result<Self, Unreadable> {
        let mut texts = Vec::new();
        for file in files(path)? {
            let text = fs::read_to_string(&file).map_err(|error| Unreadable::File(file.clone(), error))?;
            let is_json = file.extension().is_some_and(|extension| extension == "json");
            let documents = if is_json { of_manifest(&file, &text)? } else { vec![text] };
            texts.extend(documents.into_iter().map(|text| (file.clone(), text)));
        }
        for (file, text) in &texts {
            let parsed = parse_query(text);
            let is_fragments = |error: &_| matches!(error, async_graphql::parser::Error::MissingOperation);
            if let Err(error) = parsed.map(drop).or_else(|error| if is_fragments(&error) { Ok(()) } else { Err(error) }) {
                return Err(Unreadable::Content(file.clone(), error.to_string()));
            }
        }
        let all: Vec<Definitions<'_>> = texts.iter().map(|(_, text)| Definitions::of(text)).collect();
        let mut operations = HashSet::new();
        for ((file, _), own) in texts.iter().zip(&all) {
            for operation in &own.operations {
                // A fragment of the same document first, then one of any other.
                let find = |name: &str| own.fragments.get(name).or_else(|| all.iter().find_map(|other| other.fragments.get(name)));
                let missing = |name| Unreadable::Content(file.clone(), format!("the fragment `{name}` stands nowhere"));
                operations.insert(operation.whole(find).map_err(missing)?);
            }
        }
        if operations.is_empty() { Err(Unreadable::Empty(path.to_owned())) } else { Ok(Self(operations)) }
    }

    /// Whether every operation of a document that parses is on the list, with the very fragments it stands there with.
    pub(super) fn holds(&self, text: &str) -> bool {
        let found = Definitions::of(text);
        let is_listed = |whole: Result<String, String>| whole.is_ok_and(|whole| self.0.contains(&whole));
        found.operations.iter().all(|operation| is_listed(operation.whole(|name| found.fragments.get(name))))
    }
}

/// The files of a list, in the order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>, Unreadable> {
    let failed = |error| Unreadable::File(path.to_owned(), error);
    if !fs::metadata(path).map_err(failed)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let below = entry.map_err(failed)?.path();
        let is_listed = below.extension().is_some_and(|extension| ["graphql", "gql", "json"].iter().any(|known| extension == *known));
        if below.is_dir() || is_listed {
            found.extend(files(&below)?);
        }
    }
    found.sort();
    Ok(found)
}

/// The documents of a manifest: `{"operations": [{"body": …}]}` as Apollo's tools write it, or `{"id": "text"}` as Relay's do.
fn of_manifest(file: &Path, text: &str) -> Result<Vec<String>, Unreadable> {
    let wrong = |error: &dyn std::fmt::Display| Unreadable::Content(file.to_owned(), error.to_string());
    let manifest: Value = serde_json::from_str(text).map_err(|error| wrong(&error))?;
    let bodies: Option<Vec<String>> = match manifest.get("operations") {
        Some(Value::Array(operations)) => operations.iter().map(|one| Some(one.get("body")?.as_str()?.to_owned())).collect(),
        _ => manifest.as_object().and_then(|texts| texts.values().map(|text| Some(text.as_str()?.to_owned())).collect()),
    };
    bodies.ok_or_else(|| wrong(&"it is no manifest of documents"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: &[(&str, &str)]) -> Result<List, String> {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        List::read(folder.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn reads_folders_and_manifests() {
        let list = read(&[
            ("a/queries.graphql", "query A { a ...F } query B { b }"),
            ("fragments.gql", "fragment F on Query { c }"),
            ("apollo.json", r#"{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"1","body":"query C { c }"}]}"#),
            ("relay.json", r#"{"abc":"query D { d }"}"#),
            ("README.md", "no document"),
        ])
        .expect("a list");
        for text in ["query A{a...F}fragment F on Query{c}", "query B { b }", "query B{b} query C{c}", "query D { d }"] {
            assert!(list.holds(text), "{text}");
        }
        for text in ["query A { a ...F } fragment F on Query { d }", "query B { b b2 }", "query B { b } query X { x }", "{ b }"] {
            assert!(!list.holds(text), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_list() {
        for (name, text) in [
            ("a.graphql", "query {"),
            ("a.graphql", "query A { ...Missing }"),
            ("a.graphql", "fragment F on Query { a }"),
            ("a.json", "{"),
            ("a.json", r#"{"a":1}"#),
            ("a.json", r#"{"operations":[{"id":"1"}]}"#),
            ("a.txt", "{ a }"),
        ] {
            assert!(read(&[(name, text)]).is_err(), "{name} {text}");
        }
        assert!(List::read(Path::new("/nowhere")).is_err());
    }
}
