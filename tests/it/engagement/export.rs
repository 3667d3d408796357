//! The contact log taken out as a file, as wide as its reader's rights.

use calamine::{Reader, Xlsx};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, TestApp, stories};

use super::{
    contact_import::{counts, import},
    world::World,
};

stories![
    a_table_holds_what_its_reader_reads,
    no_separator_makes_a_formula_of_a_part_of_a_text,
    lines_are_the_contacts_themselves,
    a_file_has_every_page,
    a_spreadsheet_holds_the_same_as_the_table,
    is_refused_to_who_reads_no_contacts,
    a_file_takes_the_filter_of_the_list_and_no_page,
    who_took_a_file_out_stands_in_the_audit_log,
];

async fn log(client: &Client, world: &World<'_>, change: Value) -> Value {
    let logged = client.post("/v1/contacts", world.contact(&change)).await;
    assert_eq!(logged.status, StatusCode::CREATED, "{}", logged.text);
    logged.body
}

/// The rows of a table, each as its columns' names and cells.
async fn table(client: &Client, query: &str) -> Vec<Value> {
    let reply = client.get(&format!("/v1/contacts.csv{query}")).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    let mut table = csv::Reader::from_reader(reply.text.as_bytes());
    let names = table.headers().unwrap().clone();
    let row = |row: csv::StringRecord| names.iter().zip(row.iter()).map(|(name, cell)| (name.to_owned(), json!(cell))).collect();
    table.records().map(|record| Value::Object(row(record.unwrap()))).collect()
}

async fn a_table_holds_what_its_reader_reads(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let awkward = json!({ "subject": "=HYPERLINK(\"https://bad.example\"), twice", "description": "One line\nand \"another\"", "caseNumber": "@7",
        "items": [{ "url": "https://parley.example/post/1" }, { "platformContentId": "-42" }] });
    let sent = log(&officer, &world, awkward).await;
    let draft = log(&officer, &world, json!({ "sentAt": null, "subject": "Not sent" })).await;
    let own = table(&officer, "").await;
    assert_eq!(own.iter().map(|row| &row["id"]).collect::<Vec<_>>(), [&draft["id"], &sent["id"]]);
    let row = &own[1];
    assert_eq!(row["subject"], "'=HYPERLINK(\"https://bad.example\"), twice", "never run as a formula");
    assert_eq!((&row["description"], &row["caseNumber"]), (&json!("One line\nand \"another\""), &json!("'@7")));
    assert_eq!((&row["urls"], &row["country"]), (&json!("https://parley.example/post/1 -42"), &json!("PE")));
    assert_eq!((&row["platform"], &row["platformService"]), (&json!("Parley"), &json!("Parley Video")));
    assert_eq!((&row["status"], &row["sentAt"], &row["decidedAt"]), (&json!("SENT"), &json!("2026-03-02T08:00:00Z"), &json!("")));
    let seen = table(&representative, "").await;
    assert_eq!(seen.len(), 1, "a draft is its sender's only");
    assert_eq!((&seen[0]["id"], &seen[0]["caseNumber"]), (&sent["id"], &json!("")), "the sender's number is the sender's only");
    for client in [world.stranger().await, world.rival().await] {
        assert!(table(&client, "").await.is_empty());
    }
    let reply = officer.get("/v1/contacts.csv").await;
    assert_eq!(reply.headers["content-type"], "text/csv; charset=utf-8; header=present");
    assert_eq!(reply.headers["content-disposition"], "attachment; filename=\"contacts-2026-03-02.csv\"");
    assert!(reply.text.lines().next().unwrap().starts_with("reference,status,") && reply.text.ends_with("\r\n"));
}

async fn no_separator_makes_a_formula_of_a_part_of_a_text(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let said =
        json!({ "subject": "x;=HYPERLINK(\"https://bad.example\")", "description": "＝1+1\n- one\n\"@two\"|+3", "caseNumber": "'=7" });
    log(&officer, &world, said.clone()).await;
    let reply = officer.get("/v1/contacts.csv").await;
    let row = reply.text.split_once("\r\n").unwrap().1;
    assert!(row.starts_with('"') && row.ends_with("\"\r\n") && row.contains(",\"\","), "each value is quoted: {row}");
    for separator in [';', '\t', '|', '\n', ','] {
        for cell in row.split(separator) {
            assert!(!cell.trim_start_matches([' ', '"']).starts_with(['=', '+', '-', '@', '＝']), "{separator:?}: {cell}");
        }
    }
    // Cells that are separated by commas within a text too are kept together by quotes.
    let done = import(&officer, "x.csv", reply.text.replacen("platformName", "other", 1), json!({})).await;
    assert_eq!(counts(&done), (1, 0, 0), "{done}");
    let document = "{ contacts(first: 5) { nodes { subject description caseNumber } } }";
    for node in officer.data(document, json!({})).await["contacts"]["nodes"].as_array().unwrap() {
        assert_eq!(*node, said, "as it was written, twice");
    }
}

async fn lines_are_the_contacts_themselves(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let logged = log(&officer, &world, json!({ "caseNumber": "7" })).await;
    let path = format!("/v1/contacts/{}", logged["id"].as_str().unwrap());
    assert_eq!(representative.post(&format!("{path}/acknowledge"), json!({})).await.status, StatusCode::OK);
    for client in [officer, representative] {
        let lines = client.get("/v1/contacts.ndjson").await;
        assert_eq!((lines.status, &lines.headers["content-type"]), (StatusCode::OK, &"application/x-ndjson".parse().unwrap()));
        let line: Value = serde_json::from_str(lines.text.trim_end()).unwrap();
        assert_eq!(line, client.get(&path).await.body);
    }
}

async fn a_file_has_every_page(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let mut logged = Vec::new();
    for number in 0..203 {
        logged.push(log(&officer, &world, json!({ "subject": format!("Number {number}") })).await["id"].clone());
    }
    let rows = table(&officer, "?orderBy=SENT_AT").await;
    assert_eq!(rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>(), logged, "each once, in order");
}

async fn a_spreadsheet_holds_the_same_as_the_table(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative) = (world.officer().await, world.representative().await);
    let awkward = json!({ "subject": "=1+1", "description": "Two\nlines", "caseNumber": "7" });
    log(&officer, &world, awkward).await;
    for number in 0..101 {
        log(&officer, &world, json!({ "subject": format!("Number {number}") })).await;
    }
    log(&officer, &world, json!({ "sentAt": null })).await;
    for (client, rows) in [(&officer, 103), (&representative, 102)] {
        let request = client.request(Method::GET, "/v1/contacts.xlsx?orderBy=SENT_AT").send().await.unwrap();
        assert_eq!(request.headers()["content-disposition"], "attachment; filename=\"contacts-2026-03-02.xlsx\"");
        let mut book = Xlsx::new(std::io::Cursor::new(request.bytes().await.unwrap().to_vec())).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let mut lines = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>());
        let names = lines.next().unwrap();
        let told = lines.map(|row| Value::Object(names.iter().cloned().zip(row.into_iter().map(Value::from)).collect()));
        let told: Vec<Value> = told.collect();
        assert_eq!((told.len(), &told), (rows, &table(client, "?orderBy=SENT_AT").await));
    }
}

async fn is_refused_to_who_reads_no_contacts(app: &TestApp) {
    let world = World::new(app).await;
    let university = app.organisation(OrganisationKind::Academia, "University").await;
    let expert = app.member("ada@university.example", university, Role::Expert).await;
    let auditor = world.auditor().await;
    for path in ["/v1/contacts.csv", "/v1/contacts.ndjson", "/v1/contacts.xlsx"] {
        assert_eq!(app.anonymous().get(path).await.status, StatusCode::UNAUTHORIZED);
        for client in [&expert, &auditor] {
            assert_eq!(client.get(path).await.status, StatusCode::FORBIDDEN);
        }
    }
}

async fn a_file_takes_the_filter_of_the_list_and_no_page(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let question = log(&officer, &world, json!({ "kind": "POLICY_QUESTION" })).await;
    log(&officer, &world, json!({})).await;
    let found = table(&officer, "?kind=POLICY_QUESTION").await;
    assert_eq!(found.iter().map(|row| &row["id"]).collect::<Vec<_>>(), [&question["id"]]);
    for query in ["limit=5", "cursor=aa", "count=true", "colour=red", "kind=NONE", "sentFrom=yesterday"] {
        let refused = officer.get(&format!("/v1/contacts.csv?{query}")).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::BAD_REQUEST, "INVALID_INPUT"), "{query}");
    }
}

async fn who_took_a_file_out_stands_in_the_audit_log(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let user = officer.data("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].clone();
    officer.get("/v1/contacts.csv?limit=5").await;
    officer.get("/v1/contacts.csv").await;
    let document = "{ auditEntries(filter: { act: \"contact.export\" }, first: 5) { nodes { objectId organisation { id } } } }";
    let entries = world.auditor().await.data(document, json!({})).await["auditEntries"]["nodes"].clone();
    assert_eq!(
        entries,
        json!([{ "objectId": user, "organisation": { "id": world.body.to_string() } }]),
        "once, and not for what was refused"
    );
}
