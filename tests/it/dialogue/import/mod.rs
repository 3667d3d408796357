//! Dialogues from iCalendar files.

mod expansion;
mod real;

use serde_json::{Value, json};
use tertulia_tests::{Client, Reply, TestApp, stories};

use super::Cast;

pub(crate) fn all() -> Vec<tertulia_tests::harness::Story> {
    [stories(), real::stories()].into_iter().flatten().collect()
}

stories![
    reads_what_real_files_bring,
    a_dry_run_keeps_nothing,
    moved_and_cancelled_meetings_come_along,
    the_first_date_takes_place,
    reports_by_line_what_it_refuses,
    knows_what_was_imported_before,
    imports_once_under_one_key,
    who_may_create_may_import,
    bounds_every_input,
    bounds_the_work_that_rules_make,
];

const IMPORT: &str = "mutation($input: DialogueImportInput!) { dialogueImport(input: $input) {
    dialogues { id title joinUrl venue { name } }
    series { line uid title rule localStart timeZone duration meetingCount dialogue { id } }
    lines { line refused reason message } userErrors { code reason path message } } }";

fn input(cast: &Cast, text: &str) -> Value {
    json!({
        "text": text, "kind": "GLOBAL", "conveners": [cast.desk.to_string()], "members": [cast.body.to_string()],
        "format": "ONLINE", "visibility": "PUBLIC", "dryRun": false,
    })
}

async fn import(client: &Client, input: Value) -> Reply {
    client.graphql(IMPORT, json!({ "input": input })).await
}

/// Imports a text for the desk, which must be done; answers the payload.
async fn imported(cast: &Cast, text: &str) -> Value {
    let reply = import(&cast.coordinator, input(cast, text)).await;
    assert_eq!(reply.faults(), Vec::<String>::new(), "{}", reply.text);
    reply.data()["dialogueImport"].clone()
}

/// A calendar of these events, each the lines between its `BEGIN` and its `END`.
fn calendar(events: &[&str]) -> String {
    let events: String = events.iter().map(|event| ["BEGIN:VEVENT\n", event, "\nEND:VEVENT\n"].concat()).collect();
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n")
}

/// What was said of the lines, as `7 REQUIRED`; a `!` stands before what left an event out.
fn said(payload: &Value) -> Vec<String> {
    let one = |line: &Value| {
        let refused = if line["refused"] == true { "!" } else { "" };
        format!("{refused}{} {}", line["line"], line["reason"].as_str().unwrap())
    };
    payload["lines"].as_array().unwrap().iter().map(one).collect()
}

async fn meetings(client: &Client, dialogue: &Value) -> Vec<Value> {
    let document = "query($id: ID!) { dialogue(id: $id) { meetings(first: 100) { nodes { localStart timeZone status duration title } } } }";
    client.data(document, json!({ "id": dialogue })).await["dialogue"]["meetings"]["nodes"].as_array().unwrap().clone()
}

async fn reads_what_real_files_bring(app: &TestApp) {
    let cast = Cast::of(app).await;
    let text = "\u{feff}BEGIN:VCALENDAR\r\nX-WR-TIMEZONE:America/Lima\r\nBEGIN:VTIMEZONE\r\nTZID:Office\r\nX-LIC-LOCATION:Asia/Tokyo\r\n\
        END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:A long title\r\n \\, folded\r\nDTSTART;TZID=GMT Standard Time:20260410T090000\r\n\
        DURATION:PT45M\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;TZIP=Europe/London:20260417T090000\r\nRDATE:20260501T080000Z\r\n\
        LOCATION:https://meet.example/room\r\nDESCRIPTION:The code is 1234\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:2\r\nSUMMARY;LANGUAGE=es:Todo el día\r\nDTSTART;VALUE=DATE:20260411\r\nLOCATION:Hall\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:3\r\nSUMMARY:Behind a prefix\r\nDTSTART;TZID=/mozilla.org/20070129_1/Africa/Nairobi:20260412T100000\r\n\
        DTEND;TZID=Office:20260412T180000\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:4\r\nSUMMARY:Office hours\r\nDTSTART;TZID=Office:20260413T100000\r\nEND:VEVENT\r\nEND:VCALENDAR";
    let done = imported(&cast, text).await;
    let series = done["series"].as_array().unwrap();
    let brief = |one: &Value| format!("{} {} {} {}", one["line"], one["title"], one["localStart"], one["timeZone"]).replace('"', "");
    let found: Vec<String> = series.iter().map(brief).collect();
    assert_eq!(
        found,
        [
            "7 A long title, folded 2026-04-10T09:00:00 Europe/London",
            "22 Todo el día 2026-04-11T00:00:00 America/Lima",
            "28 Behind a prefix 2026-04-12T10:00:00 Africa/Nairobi",
            "34 Office hours 2026-04-13T10:00:00 Asia/Tokyo",
        ]
    );
    let lengths: Vec<&str> = series.iter().map(|one| one["duration"].as_str().unwrap()).collect();
    assert_eq!(lengths, ["PT45M", "PT24H", "PT2H", "PT1H"]);
    assert_eq!(said(&done), ["37 REQUIRED"]);
    let first = &done["dialogues"][0];
    assert_eq!((first["joinUrl"].as_str(), &first["venue"]), (Some("https://meet.example/room"), &Value::Null));
    assert_eq!(done["dialogues"][1]["venue"]["name"], "Hall");
    let walls: Vec<String> = meetings(&cast.officer, &first["id"]).await.iter().map(|one| one["localStart"].to_string()).collect();
    assert_eq!(walls, ["\"2026-04-10T09:00:00\"", "\"2026-04-24T09:00:00\"", "\"2026-05-01T09:00:00\""]);
    let public = app.anonymous().get(&format!("/v1/dialogues/{}/calendar.ics", first["id"].as_str().unwrap())).await.text;
    assert!(!public.contains("meet.example") && !public.contains("1234"), "{public}");
}

async fn a_dry_run_keeps_nothing(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut dry = input(&cast, &calendar(&["UID:1\nSUMMARY:One\nDTSTART:20260410T090000Z\nDURATION:PT1H\nRRULE:FREQ=MONTHLY", "UID:2"]));
    dry.as_object_mut().unwrap().remove("dryRun");
    let done = import(&cast.coordinator, dry).await.data()["dialogueImport"].clone();
    assert_eq!((&done["dialogues"], &done["series"][0]["dialogue"]), (&json!([]), &Value::Null));
    assert_eq!((&done["series"][0]["meetingCount"], &done["series"][0]["rule"]), (&json!(12), &json!("FREQ=MONTHLY")));
    assert_eq!(said(&done), ["!10 REQUIRED"]);
    assert_eq!(cast.coordinator.data("{ dialogues { totalCount } }", json!({})).await["dialogues"]["totalCount"], 0);
}

async fn moved_and_cancelled_meetings_come_along(app: &TestApp) {
    let cast = Cast::of(app).await;
    let text = calendar(&[
        "UID:1\nSUMMARY:Weekly\nDTSTART;TZID=Europe/Madrid:20260410T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4",
        "UID:1\nSUMMARY:Weekly\nRECURRENCE-ID:20260417T070000Z\nDTSTART;TZID=Asia/Tokyo:20260418T200000\nDURATION:PT2H",
        "UID:1\nSUMMARY:Weekly\nRECURRENCE-ID;TZID=Europe/Madrid:20260424T090000\nDTSTART;TZID=Europe/Madrid:20260424T090000\nSTATUS:CANCELLED",
        "UID:1\nSUMMARY:Another name\nRECURRENCE-ID;TZID=Europe/Madrid:20260505T090000\nDTSTART;TZID=Europe/Madrid:20260505T090000",
    ]);
    let done = imported(&cast, &text).await;
    assert_eq!(said(&done), ["27 NOT_AN_OPTION"]);
    let found = meetings(&cast.officer, &done["dialogues"][0]["id"]).await;
    let brief = |one: &Value| format!("{} {} {} {}", one["localStart"], one["timeZone"], one["status"], one["duration"]).replace('"', "");
    assert_eq!(
        found.iter().map(brief).collect::<Vec<_>>(),
        [
            "2026-04-10T09:00:00 Europe/Madrid SCHEDULED PT1H",
            "2026-04-18T20:00:00 Asia/Tokyo SCHEDULED PT2H",
            "2026-04-24T09:00:00 Europe/Madrid CANCELLED PT1H",
            "2026-05-01T09:00:00 Europe/Madrid SCHEDULED PT1H",
            "2026-05-05T09:00:00 Europe/Madrid SCHEDULED PT1H",
        ]
    );
    assert_eq!(found[4]["title"], "Another name");
}

/// Calendar programs show the first date and count it, whether the rule yields it or not.
async fn the_first_date_takes_place(app: &TestApp) {
    let cast = Cast::of(app).await;
    let of = |uid: &str, count: u8| {
        format!("UID:{uid}\nSUMMARY:Off beat\nDTSTART:20260410T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT={count}")
    };
    let done = imported(&cast, &calendar(&[&of("1", 3), &of("2", 1)])).await;
    assert_eq!(said(&done), ["6 CONTRADICTION", "13 CONTRADICTION"]);
    for (index, dates) in [vec!["2026-04-10", "2026-04-13", "2026-04-20"], vec!["2026-04-10"]].iter().enumerate() {
        let found = meetings(&cast.officer, &done["dialogues"][index]["id"]).await;
        let days: Vec<&str> = found.iter().map(|one| &one["localStart"].as_str().unwrap()[..10]).collect();
        assert_eq!(days, *dates);
    }
}

async fn reports_by_line_what_it_refuses(app: &TestApp) {
    let cast = Cast::of(app).await;
    let start = "DTSTART:20260410T090000Z\nDURATION:PT1H";
    let text = calendar(&[
        "UID:a\nSUMMARY:No start",
        &format!("UID:b\nSUMMARY:Two rules\n{start}\nRRULE:FREQ=WEEKLY\nRRULE:FREQ=MONTHLY"),
        "UID:c\nSUMMARY:A zone of nobody\nDTSTART;TZID=Custom:20260410T090000",
        &format!("UID:d\nSUMMARY:A strange rule\n{start}\nRRULE:FREQ=SOMETIMES"),
        "UID:e\nSUMMARY:Backwards\nDTSTART:20260410T090000Z\nDTEND:20260410T080000Z",
        &format!("UID:f\n{start}"),
        &format!("UID:g\nSUMMARY:Off\n{start}\nSTATUS:CANCELLED"),
        &format!("UID:h\nSUMMARY:Too often\n{start}\nRRULE:FREQ=HOURLY"),
        &format!("UID:i\nSUMMARY:Excluding by rule\n{start}\nEXRULE:FREQ=WEEKLY"),
        &format!("UID:j\nSUMMARY:Fine\n{start}"),
        &format!("UID:j\nSUMMARY:Fine again\n{start}"),
        "UID:k\nSUMMARY:Malformed\nDTSTART:tomorrow",
    ]);
    let done = imported(&cast, &text).await;
    assert_eq!(
        said(&done),
        [
            "!3 REQUIRED",
            "!13 TOO_MANY",
            "!18 NOT_AN_OPTION",
            "!25 MALFORMED",
            "!31 CONTRADICTION",
            "!33 REQUIRED",
            "!43 NOT_ALLOWED_NOW",
            "!50 TOO_MANY",
            "!57 NOT_AN_OPTION",
            "!65 DUPLICATE",
            "!74 MALFORMED",
        ]
    );
    assert_eq!(done["series"].as_array().unwrap().len(), 1);
    assert_eq!(done["dialogues"][0]["title"], "Fine");
}

async fn knows_what_was_imported_before(app: &TestApp) {
    let cast = Cast::of(app).await;
    let text = calendar(&["UID:call@example\nSUMMARY:Call\nDTSTART:20260410T090000Z\nDURATION:PT1H"]);
    imported(&cast, &text).await;
    let later = calendar(&[
        "UID:call@example\nSUMMARY:Call\nDTSTART:20260411T090000Z\nDURATION:PT1H\nSEQUENCE:1",
        "UID:new@example\nSUMMARY:New\nDTSTART:20260411T090000Z\nDURATION:PT1H",
    ]);
    let mut dry = input(&cast, &later);
    dry["dryRun"] = json!(true);
    for payload in [import(&cast.coordinator, dry).await.data()["dialogueImport"].clone(), imported(&cast, &later).await] {
        assert_eq!((said(&payload), &payload["series"][0]["uid"]), (vec!["!3 ALREADY_DONE".to_owned()], &json!("new@example")));
    }
    // Another organisation keeps calendars of its own, and learns nothing of these.
    let mut own = input(&cast, &text);
    own["kind"] = json!("BILATERAL");
    own["conveners"] = json!([cast.body.to_string()]);
    own["members"] = json!([cast.desk.to_string()]);
    let payload = import(&cast.officer, own).await.data()["dialogueImport"].clone();
    assert_eq!((said(&payload).len(), payload["dialogues"].as_array().unwrap().len()), (0, 1));
}

async fn imports_once_under_one_key(app: &TestApp) {
    let cast = Cast::of(app).await;
    let start = "DTSTART:20260410T090000Z\nDURATION:PT1H";
    let mut keyed = input(&cast, &calendar(&[&format!("UID:1\nSUMMARY:One\n{start}"), &format!("UID:2\nSUMMARY:Two\n{start}")]));
    keyed["idempotencyKey"] = json!("calendar-1");
    let first = import(&cast.coordinator, keyed.clone()).await.data();
    let again = import(&cast.coordinator, keyed.clone()).await.data();
    assert_eq!(first, again);
    assert_eq!(first["dialogueImport"]["dialogues"].as_array().unwrap().len(), 2);
    keyed["visibility"] = json!("PARTIES");
    assert_eq!(import(&cast.coordinator, keyed).await.code(), "CONFLICT");
}

async fn who_may_create_may_import(app: &TestApp) {
    let cast = Cast::of(app).await;
    let text = calendar(&["UID:1\nSUMMARY:One\nDTSTART:20260410T090000Z\nDURATION:PT1H"]);
    assert_eq!(import(&app.anonymous(), input(&cast, &text)).await.code(), "UNAUTHENTICATED");
    assert_eq!(import(&cast.officer, input(&cast, &text)).await.code(), "FORBIDDEN");
    let mut foreign = input(&cast, &text);
    foreign["kind"] = json!("BILATERAL");
    assert_eq!(import(&cast.officer, foreign).await.code(), "FORBIDDEN");
}

async fn bounds_every_input(app: &TestApp) {
    let cast = Cast::of(app).await;
    let of = |text: &str| import(&cast.coordinator, input(&cast, text));
    assert_eq!(of("Not a calendar").await.faults(), ["input.text MALFORMED"]);
    assert_eq!(of(&"x".repeat(512 * 1024 + 1)).await.faults(), ["input.text TOO_LONG"]);
    assert_eq!(of(&calendar(&["UID:x"; 1_001])).await.faults(), ["input.text TOO_MANY"]);
    let long = format!("UID:1\nSUMMARY:{}\nDTSTART:20260410T090000Z", "x".repeat(17 * 1024));
    assert_eq!(said(&imported(&cast, &calendar(&[&long])).await), ["!5 TOO_LONG"]);
    let deep = format!("BEGIN:VCALENDAR\n{}", "BEGIN:X\n".repeat(9));
    assert_eq!(said(&imported(&cast, &deep).await), ["!9 TOO_MANY"]);
    let daily: Vec<String> =
        (0..13).map(|uid| format!("UID:{uid}\nSUMMARY:Daily\nDTSTART:20200410T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY")).collect();
    let mut many = input(&cast, &calendar(&daily.iter().map(String::as_str).collect::<Vec<_>>()));
    many["dryRun"] = json!(true);
    let payload = import(&cast.coordinator, many).await.data()["dialogueImport"].clone();
    // Each lays out some 800 days.
    assert_eq!((payload["series"].as_array().unwrap().len(), said(&payload)), (12, vec!["!87 TOO_MANY".to_owned()]));
    let mut wrong = input(&cast, &calendar(&[]));
    for (name, value) in [("language", "??"), ("timeZone", "Mars/Olympus"), ("duration", "90")] {
        wrong[name] = json!(value);
    }
    wrong["conveners"] = json!([]);
    let mut faults = import(&cast.coordinator, wrong).await.faults();
    faults.sort();
    assert_eq!(
        faults,
        ["input.conveners REQUIRED", "input.duration MALFORMED", "input.language MALFORMED", "input.timeZone NOT_AN_OPTION"]
    );
    let mut unknown = input(&cast, &calendar(&[]));
    unknown["members"] = json!(["organisation_00000000000000000000000000"]);
    assert_eq!(import(&cast.coordinator, unknown).await.faults(), ["input.members.0 UNKNOWN_ID"]);
}

async fn bounds_the_work_that_rules_make(app: &TestApp) {
    let cast = Cast::of(app).await;
    let of = async |start: &str, rule: &str| {
        let events: Vec<String> =
            (0..200).map(|uid| format!("UID:{uid}\nSUMMARY:Old\nDTSTART:{start}\nDURATION:PT1H\nRRULE:{rule}")).collect();
        let mut many = input(&cast, &calendar(&events.iter().map(String::as_str).collect::<Vec<_>>()));
        many["dryRun"] = json!(true);
        let payload = import(&cast.coordinator, many).await.data()["dialogueImport"].clone();
        let refused = said(&payload).into_iter().filter(|line| line.starts_with('!') && line.ends_with("TOO_MANY")).count();
        (payload["series"].as_array().unwrap().len(), refused)
    };
    // A day a moment for more than a century, three times.
    assert_eq!(of("19000101T090000Z", "FREQ=DAILY").await, (3, 197));
    // An hour a moment is never followed to the present.
    assert_eq!(of("19000101T090000Z", "FREQ=HOURLY").await, (0, 200));
    // There is no such day, which takes long to find out.
    assert_eq!(of("19000101T090000Z", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").await, (0, 197));
    // Rules of a usual kind and age make little work.
    assert_eq!(of("20150105T090000Z", "FREQ=MONTHLY;BYDAY=2TU").await, (200, 0));
    assert_eq!(of("19000101T090000Z", "FREQ=DAILY;COUNT=5").await, (200, 0));
}
