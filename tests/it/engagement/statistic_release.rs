//! Statistic releases: proposed, commented on, published by another person, corrected; and what of them nobody reads.

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};
use tertulia_domain::{
    id::OrganisationId,
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{Client, TestApp, people::id, stories};

use super::{
    cover::narrow,
    world::{World, done},
};

stories![
    a_release_is_commented_on_and_published_by_another_person,
    its_numbers_tell_of_no_single_body,
    a_month_is_told_once_and_generated_contacts_never,
    who_sees_a_part_of_a_platforms_contacts_does_not_speak_for_it,
    faults_of_a_proposal_are_told_at_once,
    anyone_reads_releases_over_rest,
];

const FULL: &str = include_str!("../../operations/engagement-full.graphql");

/// A log of February: two platforms with four contacts of each of three bodies, of which two bodies' were decided after two hours by the
/// platform, and one contact that its body keeps to itself.
pub(crate) struct Numbers<'a> {
    pub(crate) world: World<'a>,
    /// The contacts with the first platform that wait.
    pub(crate) open: Vec<Value>,
}

impl<'a> Numbers<'a> {
    pub(crate) async fn new(app: &'a TestApp) -> Self {
        Self::of(World::new(app).await).await
    }

    pub(crate) async fn of(world: World<'a>) -> Self {
        let app = world.app;
        let third = app.organisation(OrganisationKind::ElectoralBody, "The third body").await;
        let mut open = Vec::new();
        let officers = [
            app.member("one@numbers.example", world.body, Role::ElectoralBodyOfficer).await,
            app.member("two@numbers.example", world.other_body, Role::ElectoralBodyOfficer).await,
            app.member("three@numbers.example", third, Role::ElectoralBodyOfficer).await,
        ];
        let answers = [
            (world.service, app.member("answers@parley.example", world.platform, Role::PlatformRepresentative).await),
            (world.rival_service, app.member("answers@murmur.example", world.rival_platform, Role::PlatformRepresentative).await),
        ];
        for (service, representative) in &answers {
            for (body, officer) in officers.iter().enumerate() {
                for _ in 0..4 {
                    let sent = json!({ "platformServiceId": id(*service), "sentAt": "2026-02-10T08:00:00Z" });
                    let contact = done(officer, "ContactLog", world.contact(&sent)).await["id"].clone();
                    if body < 2 {
                        decide(representative, &contact).await;
                    } else if *service == world.service {
                        open.push(contact);
                    }
                }
            }
        }
        let own = json!({ "sentAt": "2026-02-10T08:00:00Z", "visibility": "ORGANISATION" });
        done(&officers[0], "ContactLog", world.contact(&own)).await;
        Self { world, open }
    }

    pub(crate) fn proposal(&self) -> Value {
        json!({
            "title": [{ "language": "en", "text": "February 2026" }], "period": { "from": "2026-02-01", "to": "2026-03-01" },
            "platformIds": [id(self.world.platform), id(self.world.rival_platform)],
        })
    }

    async fn second(&self) -> Client {
        self.world.app.member("second@desk.example", self.world.desk, Role::Coordinator).await
    }
}

/// The platform decided after two hours.
pub(crate) async fn decide(representative: &Client, contact: &Value) {
    let decided = json!({ "contactId": contact, "occurredAt": "2026-02-10T10:00:00Z", "outcome": "ACTION_TAKEN" });
    done(representative, "ContactDecide", decided).await;
}

const FIELDS: &str = "id title status progress version proposedAt commentsUntil publishedAt computedAt codeVersion withdrawalReason
    comments { platform { id } text } corrections { at note } preparedCorrection { note failure cells { value } }
    cells { dimensions { dimension value label } value suppressed reason answeredShare actedShare unansweredShare oneSidedShare
        lateEntryShare censoredShare withinTargetShare medianFirstResponse p90FirstResponse leftOutShare correctedAt }";

pub(crate) async fn sent(client: &Client, act: &str, input: Value) -> Value {
    let document = format!(
        "mutation($input: StatisticRelease{act}Input!) {{ statisticRelease{act}(input: $input) {{
            statisticRelease {{ {FIELDS} }} userErrors {{ code reason path }} }} }}"
    );
    client.data(&document, json!({ "input": input })).await[format!("statisticRelease{act}")].clone()
}

pub(crate) async fn kept(client: &Client, act: &str, input: Value) -> Value {
    let payload = sent(client, act, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{act}");
    let release = payload["statisticRelease"].clone();
    if matches!(act, "Propose" | "Correct") { prepared(client, &release).await } else { release }
}

/// The release once the servers have worked out what they were asked for.
pub(crate) async fn prepared(coordinator: &Client, release: &Value) -> Value {
    loop {
        let now = read(coordinator, release).await;
        if now["progress"].is_null() && now["status"] != "PREPARING" {
            // What a level of the document asks for is read at a moment of its own: the version may be of before the end that progress tells.
            return read(coordinator, release).await;
        }
        tokio::task::yield_now().await;
    }
}

/// Why an act was refused: `code reason path` of each fault.
pub(crate) async fn refused(client: &Client, act: &str, input: Value) -> Vec<String> {
    let payload = sent(client, act, input).await;
    assert_eq!(payload["statisticRelease"], Value::Null, "{act}");
    let path = |fault: &Value| {
        let parts: Vec<&str> = fault["path"].as_array().unwrap().iter().skip(1).map(|part| part.as_str().unwrap()).collect();
        parts.join(".")
    };
    let told = |fault: &Value| {
        format!("{} {} {}", fault["code"].as_str().unwrap(), fault["reason"].as_str().unwrap(), path(fault)).trim().to_owned()
    };
    payload["userErrors"].as_array().unwrap().iter().map(told).collect()
}

pub(crate) async fn read(client: &Client, release: &Value) -> Value {
    let document = format!("query($id: ID!) {{ statisticRelease(id: $id) {{ {FIELDS} }} }}");
    client.data(&document, json!({ "id": release["id"] })).await["statisticRelease"].clone()
}

/// The cell of these values.
pub(crate) fn cell<'a>(release: &'a Value, wanted: &[&str]) -> &'a Value {
    let values = |cell: &Value| -> Vec<String> {
        cell["dimensions"].as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap().to_owned()).collect()
    };
    release["cells"].as_array().unwrap().iter().find(|cell| values(cell) == wanted).unwrap_or_else(|| panic!("no cell {wanted:?}"))
}

async fn a_release_is_commented_on_and_published_by_another_person(app: &TestApp) {
    let numbers = Numbers::new(app).await;
    let world = &numbers.world;
    let (coordinator, second, officer) = (world.coordinator().await, numbers.second().await, world.officer().await);
    let (representative, rival) = (world.representative().await, world.rival().await);
    let elsewhere = app.organisation(OrganisationKind::PlatformCompany, "Chirp").await;
    let unnamed = app.member("rep@chirp.example", elsewhere, Role::PlatformAdministrator).await;
    for other in [&officer, &representative, &world.auditor().await] {
        assert_eq!(refused(other, "Propose", numbers.proposal()).await, ["FORBIDDEN NOT_PERMITTED"]);
    }
    let mut input = numbers.proposal();
    input["idempotencyKey"] = json!("p1");
    let release = kept(&coordinator, "Propose", input.clone()).await;
    assert_eq!((&release["status"], &release["title"]), (&json!("PROPOSED"), &json!("February 2026")));
    assert_eq!((&release["proposedAt"], &release["commentsUntil"]), (&json!("2026-03-02T09:00:00Z"), &json!("2026-03-16T09:00:00Z")));
    assert_eq!(kept(&coordinator, "Propose", input).await["id"], release["id"], "once under a key");
    // Until it is published it is there for the coordinator and the platforms that it names.
    for reader in [&app.anonymous(), &officer, &unnamed] {
        assert_eq!(read(reader, &release).await, Value::Null);
        let listed = reader.data("{ statisticReleases { totalCount nodes { id } } }", json!({})).await["statisticReleases"].clone();
        assert_eq!(listed, json!({ "totalCount": 0, "nodes": [] }));
    }
    for reader in [&coordinator, &second, &representative, &rival] {
        assert_eq!(read(reader, &release).await["cells"], release["cells"]);
    }
    // Each platform comments once, and reads its own comment.
    let of = |more: Value| {
        let mut input = more;
        input["statisticReleaseId"] = release["id"].clone();
        input
    };
    let words = of(json!({ "text": "Two of these were duplicates.", "idempotencyKey": "c1" }));
    for (other, why) in [(&officer, "FORBIDDEN NOT_PERMITTED"), (&coordinator, "FORBIDDEN NOT_PERMITTED")] {
        assert_eq!(refused(other, "Comment", words.clone()).await, [why]);
    }
    assert_eq!(refused(&unnamed, "Comment", words.clone()).await, ["NOT_FOUND UNKNOWN_ID statisticReleaseId"]);
    assert_eq!(refused(&representative, "Comment", of(json!({ "text": " " }))).await, ["INVALID_INPUT REQUIRED text"]);
    let said = json!([{ "platform": { "id": id(world.platform) }, "text": "Two of these were duplicates." }]);
    assert_eq!(kept(&representative, "Comment", words.clone()).await["comments"], said);
    assert_eq!(kept(&representative, "Comment", words).await["comments"], said, "the same again");
    let again = of(json!({ "text": "And another thing" }));
    assert_eq!(refused(&representative, "Comment", again.clone()).await, ["INVALID_TRANSITION ALREADY_DONE"]);
    assert_eq!(
        (read(&rival, &release).await["comments"].clone(), read(&coordinator, &release).await["comments"].clone()),
        (json!([]), said.clone())
    );
    // Nobody publishes before the time to comment is over, and not who proposed it.
    let publish = of(json!({ "version": 1 }));
    assert_eq!(refused(&second, "Publish", publish.clone()).await, ["INVALID_TRANSITION NOT_ALLOWED_NOW"]);
    app.advance(TimeDelta::days(14));
    let (coordinator, second) = (app.signed_in("coordinator@desk.example").await, app.signed_in("second@desk.example").await);
    let (rival, officer) = (app.signed_in("rival@murmur.example").await, app.signed_in("olga.officer@body.example").await);
    assert_eq!(refused(&rival, "Comment", again).await, ["INVALID_TRANSITION EXPIRED"]);
    assert_eq!(refused(&coordinator, "Publish", publish.clone()).await, ["FORBIDDEN NOT_PERMITTED"]);
    assert_eq!(refused(&rival, "Publish", publish.clone()).await, ["FORBIDDEN NOT_PERMITTED"]);
    assert_eq!(refused(&second, "Publish", of(json!({ "version": 2 }))).await, ["VERSION_MISMATCH STALE_VERSION version"]);
    assert_eq!(kept(&second, "Publish", publish.clone()).await["publishedAt"], "2026-03-16T09:00:00Z");
    assert_eq!(refused(&coordinator, "Publish", of(json!({ "version": 2 }))).await, ["INVALID_TRANSITION NOT_ALLOWED_NOW"]);
    assert_eq!(refused(&coordinator, "Withdraw", of(json!({ "version": 2, "reason": "x" }))).await, ["INVALID_TRANSITION NOT_ALLOWED_NOW"]);
    everybody_reads(app, &[&app.anonymous(), &officer, &rival], &release, &said).await;
}

/// Everybody reads what is published, with the comments beside it.
async fn everybody_reads(app: &TestApp, readers: &[&Client], release: &Value, said: &Value) {
    for reader in readers {
        let published = read(reader, release).await;
        assert_eq!((&published["cells"], &published["comments"]), (&release["cells"], said));
        let node = "query($id: ID!) { node(id: $id) { ... on StatisticRelease { status } } }";
        assert_eq!(reader.data(node, json!({ "id": release["id"] })).await["node"]["status"], "PUBLISHED");
    }
    let answered = app.anonymous().operation(FULL, "LatestRelease", json!({})).await;
    assert!(answered.statements() <= 4, "the budget of the document, with all its numbers: {}", answered.statements());
    let latest = answered.data()["statisticReleases"]["nodes"].clone();
    assert_eq!((&latest[0]["id"], &latest[0]["thresholds"]), (&release["id"], &json!({ "contacts": 10, "electoralBodies": 3 })));
    assert_eq!(latest[0]["period"], json!({ "from": "2026-02-01", "to": "2026-03-01" }));
}

async fn its_numbers_tell_of_no_single_body(app: &TestApp) {
    let numbers = Numbers::new(app).await;
    let world = &numbers.world;
    let release = kept(&world.coordinator().await, "Propose", numbers.proposal()).await;
    let total = cell(&release, &["ESCALATION"]);
    assert_eq!(
        (&total["value"], &total["leftOutShare"]),
        (&json!(25), &json!(0.0)),
        "that of 25 one is left out is told of no fewer than ten"
    );
    for platform in [world.platform, world.rival_platform] {
        let row = cell(&release, &["ESCALATION", &platform.to_string()]);
        let told = json!({
            "dimensions": row["dimensions"], "value": 10, "suppressed": false, "reason": null, "answeredShare": 0.65, "actedShare": 0.65,
            "unansweredShare": 0.35, "oneSidedShare": 0.35, "lateEntryShare": 1.0, "censoredShare": 0.35, "withinTargetShare": null,
            "medianFirstResponse": "PT2H", "p90FirstResponse": null, "leftOutShare": null, "correctedAt": null,
        });
        assert_eq!(row, &told);
    }
    assert_eq!(cell(&release, &["ESCALATION", &world.platform.to_string()])["dimensions"][1]["label"], "Parley");
    // No continent has contacts of a known one; what is hidden of a line is never one number.
    for cell in release["cells"].as_array().unwrap() {
        let hidden = cell["reason"] != Value::Null;
        assert_eq!((&cell["suppressed"], cell["value"].is_null()), (&json!(hidden), hidden));
        if hidden {
            assert_eq!((&cell["answeredShare"], &cell["medianFirstResponse"]), (&Value::Null, &Value::Null));
        }
    }
    assert_eq!(cell(&release, &["LEGAL"])["reason"], "PRIMARY");
    assert_eq!(release["cells"].as_array().unwrap().len(), 3 * 3 * 7);
    let regions = ["002", "019", "142", "150", "009", "NONE"];
    assert!(regions.iter().all(|region| cell(&release, &["ESCALATION", region])["suppressed"] == true));
    assert_eq!(release["codeVersion"], env!("CARGO_PKG_VERSION"));
    // What is logged later changes nothing of it.
    let officer = world.officer().await;
    done(&officer, "ContactLog", world.contact(&json!({ "sentAt": "2026-02-11T08:00:00Z" }))).await;
    assert_eq!(read(&app.signed_in("coordinator@desk.example").await, &release).await["cells"], release["cells"]);
}

async fn a_month_is_told_once_and_generated_contacts_never(app: &TestApp) {
    let numbers = Numbers::new(app).await;
    let coordinator = numbers.world.coordinator().await;
    let with = |from: &str, to: &str| {
        let mut input = numbers.proposal();
        input["period"] = json!({ "from": from, "to": to });
        input
    };
    let january = kept(&coordinator, "Propose", with("2026-01-01", "2026-02-01")).await;
    assert!(january["cells"].as_array().unwrap().iter().all(|cell| cell["reason"] == "PRIMARY"), "nothing was sent");
    for (from, to) in [("2026-01-01", "2026-02-01"), ("2025-11-01", "2026-03-01")] {
        assert_eq!(refused(&coordinator, "Propose", with(from, to)).await, ["CONFLICT DUPLICATE period"]);
    }
    let on = async |day: &str| {
        let query = "query($day: Date) { statisticReleases(filter: { day: $day }) { totalCount } }";
        coordinator.data(query, json!({ "day": day })).await["statisticReleases"]["totalCount"].clone()
    };
    assert_eq!((on("2026-01-31").await, on("2026-02-01").await), (json!(1), json!(0)));
    let database = Database::connect(&app.database.url).await.unwrap();
    database.execute_unprepared("UPDATE contact SET generated = TRUE WHERE subject = (SELECT min(subject) FROM contact)").await.unwrap();
    database.close().await.unwrap();
    assert_eq!(refused(&coordinator, "Propose", numbers.proposal()).await, ["CONFLICT CONTRADICTION period"]);
}

async fn who_sees_a_part_of_a_platforms_contacts_does_not_speak_for_it(app: &TestApp) {
    let numbers = Numbers::new(app).await;
    let release = kept(&numbers.world.coordinator().await, "Propose", numbers.proposal()).await;
    let part = narrow(&numbers.world).await;
    let comment = json!({ "statisticReleaseId": release["id"], "text": "So it was" });
    assert_eq!(refused(&part, "Comment", comment).await, ["NOT_FOUND UNKNOWN_ID statisticReleaseId"]);
    assert_eq!(read(&part, &release).await, Value::Null);
}

async fn faults_of_a_proposal_are_told_at_once(app: &TestApp) {
    let world = World::new(app).await;
    let coordinator = world.coordinator().await;
    let many: Vec<String> = (0..31).map(|number| OrganisationId::new(uuid::Uuid::from_u128(number)).to_string()).collect();
    let wrong = json!({ "title": [], "period": { "from": "2026-02-02", "to": "2026-04-01" }, "platformIds": many });
    assert_eq!(
        refused(&coordinator, "Propose", wrong).await,
        [
            "INVALID_INPUT REQUIRED title",
            "INVALID_INPUT NOT_AN_OPTION period.from",
            "INVALID_INPUT IN_FUTURE period.to",
            "INVALID_INPUT TOO_LONG platformIds",
        ]
    );
    let title = json!([{ "language": "en", "text": "A month" }]);
    let strange = json!({ "title": title, "period": { "from": "2026-01-01", "to": "2026-02-01" }, "platformIds": [id(world.body), "organisation_00000000000000000000000001"] });
    let found = refused(&coordinator, "Propose", strange).await;
    assert_eq!(found.len(), 2, "{found:?}");
    let none = json!({ "title": title, "period": { "from": "2026-01-01", "to": "2026-02-01" }, "platformIds": [] });
    assert_eq!(refused(&coordinator, "Propose", none).await, ["INVALID_INPUT REQUIRED platformIds"]);
}

async fn anyone_reads_releases_over_rest(app: &TestApp) {
    let numbers = Numbers::new(app).await;
    let release = kept(&numbers.world.coordinator().await, "Propose", numbers.proposal()).await;
    let path = format!("/v1/statistic-releases/{}", release["id"].as_str().unwrap());
    assert_eq!(app.anonymous().get(&path).await.status, 404);
    app.account("second@desk.example", numbers.world.desk, Role::Coordinator).await;
    app.advance(TimeDelta::days(14));
    let second = app.signed_in("second@desk.example").await;
    kept(&second, "Publish", json!({ "statisticReleaseId": release["id"], "version": 1 })).await;
    let list = app.anonymous().get("/v1/statistic-releases?orderBy=PUBLISHED_AT_DESC&limit=5").await.body;
    assert_eq!(list["items"][0]["id"], release["id"]);
    let one = app.anonymous().get(&path).await;
    assert_eq!((one.status.as_u16(), &one.body["cells"][0]["dimensions"][0]["dimension"]), (200, &json!("KIND")));
    let tag = one.headers["etag"].to_str().unwrap().to_owned();
    let client = app.anonymous();
    let request = client.request("GET".parse().unwrap(), &path).header("if-none-match", tag);
    assert_eq!(client.send(request).await.status, 304);
}
