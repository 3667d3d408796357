//! The house stays as it is drawn: crates know only those below them, areas only those before them, files stay small.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tertulia_tests::checks;

use super::root;

checks![crates_know_only_those_below, areas_know_only_those_before, files_are_small];

/// Most lines of a file.
const LINES: usize = 400;

/// Every Rust file below `folder`.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn crates_know_only_those_below() {
    for (member, forbidden) in [
        ("crates/api", ["tertulia-persistence", "sea-orm"].as_slice()),
        ("crates/app", &["async-graphql", "actix-web", "tertulia-api", "sea-orm"]),
        ("crates/persistence", &["async-graphql", "actix-web", "tertulia-app", "tertulia-api"]),
        ("migrations", &["tertulia-persistence", "tertulia-domain"]),
    ] {
        let manifest = fs::read_to_string(root().join(member).join("Cargo.toml")).unwrap();
        for name in forbidden {
            let names = |line: &str| line.split(['=', '.', ' ']).next() == Some(name);
            assert!(!manifest.lines().any(names), "{member} names {name}");
        }
    }
    // The domain must not reach a framework even through another crate.
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "-p", "tertulia-domain", "-e", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    for name in ["sea-orm", "async-graphql", "actix-web", "tokio", "sqlx"] {
        assert!(!tree.lines().any(|line| line.split(' ').next() == Some(name)), "the domain reaches {name}");
    }
}

fn areas_know_only_those_before() {
    let allowed: [(&str, &[&str]); 6] = [
        ("directory", &[]),
        ("identity", &["directory"]),
        ("engagement", &["directory", "identity"]),
        ("dialogue", &["directory", "identity"]),
        ("knowledge", &["directory", "identity", "dialogue"]),
        ("record", &[]),
    ];
    let mut wrong = Vec::new();
    for layer in ["crates/domain/src", "crates/persistence/src", "crates/app/src"] {
        for (area, before) in allowed {
            for file in sources(&root().join(layer).join(area)) {
                let text = fs::read_to_string(&file).unwrap();
                for (other, _) in allowed.iter().filter(|(other, _)| *other != area && *other != "record" && !before.contains(other)) {
                    if text.contains(&format!("crate::{other}::")) || text.contains(&format!("crate::{{{other}")) {
                        wrong.push(format!("{} knows {other}", shown(&file)));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn files_are_small() {
    let folders = ["crates", "migrations", "tests"];
    let files = folders.iter().flat_map(|folder| sources(&root().join(folder)));
    let long: Vec<String> = files
        .filter(|file| !shown(file).contains("/target/"))
        .map(|file| (fs::read_to_string(&file).unwrap().lines().count(), file))
        .filter(|(lines, _)| *lines > LINES)
        .map(|(lines, file)| format!("{} has {lines} lines", shown(&file)))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
