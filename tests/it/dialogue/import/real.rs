//! Every real calendar of the shared data: imported, and read again as a calendar and as meetings.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tertulia_tests::{TestApp, stories};

use super::{
    Cast,
    expansion::{Instants, instants, read},
    import, input,
};

stories![every_real_calendar_says_the_same_after_its_import];

/// What is left out of the files, with the reason and how often.
const LEFT_OUT: &str = "
ansible-community_meetings.ics ALREADY_DONE 1
ansible-community_meetings.ics DUPLICATE 2
ansible-docs.ics ALREADY_DONE 1
ansible-network.ics ALREADY_DONE 1
ansible-windows.ics ALREADY_DONE 2
holidays-india.ics OUT_OF_RANGE 1
holidays-mexican.ics REQUIRED 4
icaljs-multiple-rrules.ics TOO_MANY 1
lib-daylight-saving-time.ics OUT_OF_RANGE 1
lib-small-bad-calendar.ics REQUIRED 1
nh-legislature-2021-meetings.ics REQUIRED 116
oci-tdc-2018-06.ics ALREADY_DONE 1
rust-project-meetings.ics TOO_MANY 1
sovereign-cloud-stack-scs.ics DUPLICATE 1
";

/// The files; they may not be copied under this project's licence and are read where they lie beside it.
fn files() -> Option<Vec<PathBuf>> {
    let beside = |folder: &Path| std::fs::read_dir(folder.join("shared/data/ics")).ok();
    let Some(folder) = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().find_map(beside) else {
        eprintln!("not run: no folder above has shared/data/ics");
        return None;
    };
    let mut files: Vec<PathBuf> = folder.map(|file| file.unwrap().path()).collect();
    files.sort();
    Some(files)
}

async fn every_real_calendar_says_the_same_after_its_import(app: &TestApp) {
    let Some(files) = files() else { return };
    let cast = Cast::of(app).await;
    let end: DateTime<Utc> = "2027-04-01T00:00:00Z".parse().unwrap();
    let mut expected: BTreeMap<String, (String, Instants)> = BTreeMap::new();
    let mut left_out = String::from("\n");
    for path in &files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        let reply = import(&cast.coordinator, input(&cast, &text)).await;
        assert_eq!(reply.faults(), Vec::<String>::new(), "{name}: {}", reply.text);
        let payload = reply.data()["dialogueImport"].clone();
        let (floating, events) = read(&text);
        for series in payload["series"].as_array().unwrap() {
            let uid = series["uid"].as_str().unwrap();
            let id = series["dialogue"]["id"].as_str().unwrap().to_owned();
            expected.insert(id, (format!("{name} {uid}"), instants(&events[uid], floating, end)));
        }
        left_out += &refusals(name, &payload);
    }
    assert_eq!(left_out, LEFT_OUT);
    assert!(expected.len() > 400, "{}", expected.len());
    let made = cast.coordinator.mutate(FEED, json!({ "scope": "MY_MEETINGS" })).await;
    let url = made["url"].as_str().unwrap().split_once("/v1/").unwrap().1.to_owned();
    let feed = app.anonymous().get(&format!("/v1/{url}")).await;
    assert_eq!(feed.status, 200);
    let (_, exported) = read(&feed.text);
    let found = of_meetings(&cast).await;
    let from: DateTime<Utc> = "2025-02-01T00:00:00Z".parse().unwrap();
    let mut wrong = Vec::new();
    for (id, (name, wanted)) in &expected {
        let exported = exported.get(&format!("{id}@tertulia")).map(|events| instants(events, chrono_tz::UTC, end)).unwrap_or_default();
        if exported != *wanted {
            wrong.push(format!("calendar of {name}: {}", differences(wanted, &exported)));
        }
        let within: Instants = wanted.iter().filter(|at| **at >= from).copied().collect();
        let shown: Instants = found.get(id).into_iter().flatten().filter(|at| **at >= from && **at < end).copied().collect();
        if shown != within {
            wrong.push(format!("meetings of {name}: {}", differences(&within, &shown)));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

const FEED: &str =
    "mutation($input: FeedTokenCreateInput!) { feedTokenCreate(input: $input) { url userErrors { code reason path message } } }";

fn refusals(name: &str, payload: &Value) -> String {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for line in payload["lines"].as_array().unwrap().iter().filter(|line| line["refused"] == true) {
        *reasons.entry(line["reason"].as_str().unwrap()).or_default() += 1;
    }
    reasons.into_iter().map(|(reason, many)| [name, " ", reason, " ", &many.to_string(), "\n"].concat()).collect()
}

fn differences(wanted: &Instants, found: &Instants) -> String {
    let some = |set: BTreeSet<&DateTime<Utc>>| set.into_iter().take(3).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    format!("missing {}; too many {}", some(wanted.difference(found).collect()), some(found.difference(wanted).collect()))
}

/// When the meetings of each dialogue begin, those that were called off left out.
async fn of_meetings(cast: &Cast) -> BTreeMap<String, Instants> {
    let document = "query($after: String) { meetings(first: 100, after: $after) {
        nodes { startsAt status dialogue { id } } pageInfo { hasNextPage endCursor } } }";
    let mut found: BTreeMap<String, Instants> = BTreeMap::new();
    let mut after = Value::Null;
    loop {
        let page = cast.officer.data(document, json!({ "after": after })).await["meetings"].clone();
        for node in page["nodes"].as_array().unwrap().iter().filter(|node| node["status"] != "CANCELLED") {
            let id = node["dialogue"]["id"].as_str().unwrap().to_owned();
            found.entry(id).or_default().insert(node["startsAt"].as_str().unwrap().parse().unwrap());
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
    }
}
