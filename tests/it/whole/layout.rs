//! The house stays as it is drawn: crates know only those below them, areas only those before them, files stay small.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tertulia_tests::checks;

use super::root;

checks![crates_know_only_those_below, areas_know_only_those_before, entities_have_their_namesakes, files_are_small];

/// Files of the domain that have no namesake in some crate, each with the crates and the reason. Every other one has its table in
/// `persistence`, its use cases in `app` and its stories in `tests/it`.
const ALONE: &[(&str, &[&str], &str)] = &[
    ("directory/channel_state", EVERYWHERE, "the states of a channel"),
    ("directory/country", STORIES, "reference data: told in search and reference"),
    ("directory/dsa", EVERYWHERE, "a part of a service"),
    ("directory/election", STORIES, "told in search, edit and reference"),
    ("directory/election_filter", EVERYWHERE, "how elections are looked for"),
    ("directory/election_status", EVERYWHERE, "the states of an election"),
    ("directory/electoral_body", EVERYWHERE, "a kind of organisation, and kept with it"),
    ("directory/entry", EVERYWHERE, "what every entry of the directory has"),
    ("directory/hours", EVERYWHERE, "a part of a channel"),
    ("directory/instrument_part", EVERYWHERE, "a part of an instrument"),
    ("directory/organisation", STORIES, "told in search, edit and reference"),
    ("directory/organisation_filter", EVERYWHERE, "how organisations are looked for"),
    ("directory/platform", STORIES, "told in search, edit and reference"),
    ("directory/polling_day", EVERYWHERE, "a part of an election"),
    ("directory/provenance", EVERYWHERE, "a part of every entry"),
    ("directory/reporting_programme", STORIES, "told in search, edit and reference"),
    ("identity/password", &["persistence"], "a column of the user"),
    ("identity/token", &["persistence", "app"], "lifetimes and the rule of rotation; sessions keep and use them"),
    ("identity/user", STORIES, "told in invitation, session and membership"),
    ("engagement/allowed_acts", EVERYWHERE, "a rule of the contact"),
    ("engagement/answered", &["app", "tests"], "counts over contacts, for measures of commitments"),
    ("engagement/binding", EVERYWHERE, "a rule of the response targets"),
    ("engagement/binding_tests", EVERYWHERE, "tests of that rule"),
    ("engagement/business_time", EVERYWHERE, "a part of a response target"),
    ("engagement/clocks", EVERYWHERE, "derived from a contact's facts"),
    ("engagement/comment", &["app", "tests"], "an act of the contact: contact/comment, told in course"),
    ("engagement/contact", STORIES, "told act by act: log, course, sharing, sight, list"),
    ("engagement/content_item", &["app", "tests"], "a part of a contact"),
    ("engagement/decision", EVERYWHERE, "a part of a fact"),
    ("engagement/divergence", EVERYWHERE, "derived from a contact's facts"),
    ("engagement/election_span", EVERYWHERE, "a part of a response target"),
    ("engagement/fact", &["app", "tests"], "what the acts of a contact append"),
    ("engagement/filter", EVERYWHERE, "how contacts are looked for"),
    ("engagement/history", EVERYWHERE, "the exported form of a contact's facts"),
    ("engagement/incident_draft", EVERYWHERE, "how an incident is opened"),
    ("engagement/lifecycle", EVERYWHERE, "the states of a contact"),
    ("engagement/line", EVERYWHERE, "the order of a contact's facts"),
    ("engagement/new_contact", EVERYWHERE, "how a contact is logged"),
    ("engagement/properties", EVERYWHERE, "property tests of the states"),
    ("engagement/reference", EVERYWHERE, "the reference of a contact"),
    ("engagement/release_cube", EVERYWHERE, "the numbers of a statistic release, kept with it"),
    ("engagement/release_fixtures", EVERYWHERE, "published tables through those numbers"),
    ("engagement/statistic_release_tests", EVERYWHERE, "tests of the states"),
    ("engagement/suppression", EVERYWHERE, "which numbers of a statistic release are told"),
    ("engagement/target", EVERYWHERE, "columns of the contact"),
    ("engagement/target_tests", EVERYWHERE, "property tests of the target that binds a contact"),
    ("engagement/vocabulary", EVERYWHERE, "the words of a contact"),
    ("dialogue/agenda_draft", EVERYWHERE, "how an agenda is set"),
    ("dialogue/commitment_draft", EVERYWHERE, "how a commitment is put down"),
    ("dialogue/commitment_tests", EVERYWHERE, "property tests of the states and of suppression"),
    ("dialogue/dialogue", STORIES, "told in create and visibility"),
    ("dialogue/draft", EVERYWHERE, "how a dialogue is created"),
    ("dialogue/feed_token", STORIES, "told in feed"),
    ("dialogue/measure", &["persistence"], "a column of the commitment; engagement/answered counts"),
    ("dialogue/interpretation", &["persistence"], "a column of the meeting"),
    ("dialogue/length", EVERYWHERE, "a duration as people type it"),
    ("dialogue/participation_tests", EVERYWHERE, "property tests of participations and seats"),
    ("dialogue/plan", EVERYWHERE, "how a rule is worked out"),
    ("dialogue/readiness", &["persistence"], "derived from a meeting and what belongs to it"),
    ("dialogue/recurrence", &["persistence"], "columns of the dialogue"),
    ("dialogue/recurrence_tests", EVERYWHERE, "tests of the rules"),
    ("dialogue/rule", EVERYWHERE, "the text of a recurrence"),
    ("dialogue/rule_part", EVERYWHERE, "a part of that text"),
    ("dialogue/seats", EVERYWHERE, "a rule of the participations"),
    ("dialogue/series", &["persistence"], "columns of the dialogue"),
    ("dialogue/series_tests", EVERYWHERE, "tests of the rules"),
    ("dialogue/stretch_rule", EVERYWHERE, "a rule of the series"),
    ("dialogue/update", EVERYWHERE, "the input of dialogue/update"),
    ("dialogue/wall_time", EVERYWHERE, "local times and zones"),
    ("record/audit", STORIES, "told in identity/audit"),
    ("record/recorded", EVERYWHERE, "what record/event hands out"),
    ("record/public_address", EVERYWHERE, "a rule of the webhooks"),
    ("record/webhook_draft", EVERYWHERE, "what is typed of an endpoint, for webhook"),
    ("record/webhook_delivery", &["app", "tests"], "put on its way by app/webhooks, told in webhook"),
    ("record/event", &["app", "tests"], "written by the unit of work, told in whole/record and engagement/subscription"),
];
const EVERYWHERE: &[&str] = &["persistence", "app", "tests"];
const STORIES: &[&str] = &["tests"];

/// Most lines of a file.
const LINES: usize = 350;

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
        ("dialogue", &["directory", "identity", "engagement"]),
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

fn entities_have_their_namesakes() {
    let places = [("persistence", "crates/persistence/src"), ("app", "crates/app/src"), ("tests", "tests/it")];
    let mut wrong = Vec::new();
    let mut listed: Vec<&str> = ALONE.iter().map(|(name, _, _)| *name).collect();
    for area in ["directory", "identity", "engagement", "dialogue", "knowledge", "record"] {
        for entry in fs::read_dir(root().join("crates/domain/src").join(area)).unwrap().flatten() {
            let stem = entry.path().file_stem().unwrap().to_str().unwrap().to_owned();
            if stem == "mod" || stem == "snapshots" {
                continue;
            }
            let name = format!("{area}/{stem}");
            let there = |folder: &str| root().join(folder).join(format!("{name}.rs")).is_file() || root().join(folder).join(&name).is_dir();
            let missing: Vec<&str> = places.iter().filter(|(_, folder)| !there(folder)).map(|(word, _)| *word).collect();
            let known = ALONE.iter().find(|(alone, _, _)| *alone == name).map_or(&[][..], |(_, missing, _)| missing);
            listed.retain(|one| *one != name);
            if missing != known {
                wrong.push(format!("{name} has no namesake in {missing:?}; the list says {known:?}"));
            }
        }
    }
    wrong.extend(listed.iter().map(|name| format!("{name} is listed and not there")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files that are one closed list and nothing else, which is as long as there are names.
const LISTS: [&str; 2] = ["crates/domain/src/policy/act.rs", "crates/domain/src/record/event.rs"];

fn files_are_small() {
    let folders = ["crates", "migrations", "tests"];
    let files = folders.iter().flat_map(|folder| sources(&root().join(folder)));
    let long: Vec<String> = files
        .filter(|file| !shown(file).contains("/target/") && !LISTS.contains(&shown(file).as_str()))
        .map(|file| (fs::read_to_string(&file).unwrap().lines().count(), file))
        .filter(|(lines, _)| *lines > LINES)
        .map(|(lines, file)| format!("{} has {lines} lines", shown(&file)))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
