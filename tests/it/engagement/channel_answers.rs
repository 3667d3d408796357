//! How channels answer: what one's own contacts show, what everybody is told, and how a body finds the channel to use today.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_app::engagement::channel_answers::assess;
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{Client, TestApp, people::id, stories};
use uuid::Uuid;

use super::world::{World, done};

stories![
    ones_own_contacts_show_when_a_channel_answered_and_that_it_stopped,
    others_are_told_a_week_once_enough_is_behind_it,
    a_channel_not_checked_in_time_is_degraded,
    a_body_finds_how_to_reach_a_platform_today_in_its_language,
];

const CREATE: &str = "mutation ($input: ChannelCreateInput!) { channelCreate(input: $input) { channel { id version } userErrors { code reason path message } } }";
const VERIFY: &str = "mutation ($input: ChannelVerifyInput!) { channelVerify(input: $input) { channel { id version } userErrors { code reason path message } } }";
const ONE: &str = "query ($id: ID!) { node(id: $id) { ... on Channel { status lastAnsweredAt lastAnsweredPrecision } } }";
const LISTED: &str = "query ($filter: ChannelFilter) { channels(filter: $filter) { totalCount nodes { id status } } }";

/// A channel of the platform, verified now.
async fn channel(world: &World<'_>, keeper: &Client, change: Value) -> Value {
    let mut input = json!({ "platformId": id(world.platform), "kind": "EMAIL", "address": "desk@parley.example" });
    input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let made = keeper.mutate(CREATE, input).await["channel"]["id"].clone();
    keeper.mutate(VERIFY, json!({ "id": made, "version": 1 })).await;
    made
}

async fn keeper(world: &World<'_>) -> Client {
    world.app.member("keeper@parley.example", world.platform, Role::PlatformAdministrator).await
}

/// Works out how channels answer, unless the server did so itself this week.
async fn work_out(app: &TestApp) {
    assess(&app.app, &app.app.system(), Uuid::nil()).await.unwrap();
}

async fn told(reader: &Client, channel: &Value) -> (String, Value, Value) {
    let node = reader.data(ONE, json!({ "id": channel })).await["node"].clone();
    (node["status"].as_str().unwrap().to_owned(), node["lastAnsweredAt"].clone(), node["lastAnsweredPrecision"].clone())
}

fn nothing(status: &str) -> (String, Value, Value) {
    (status.to_owned(), Value::Null, Value::Null)
}

/// The channels that a reader is listed with a status.
async fn with_status(reader: &Client, status: &str) -> usize {
    let found = reader.data(LISTED, json!({ "filter": { "status": [status] } })).await["channels"].clone();
    let nodes = found["nodes"].as_array().unwrap();
    assert!(nodes.iter().all(|node| node["status"] == status) && found["totalCount"] == json!(nodes.len()), "{found}");
    nodes.len()
}

async fn ones_own_contacts_show_when_a_channel_answered_and_that_it_stopped(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, stranger, representative) = (world.officer().await, world.stranger().await, world.representative().await);
    let coordinator = world.coordinator().await;
    let channel = channel(&world, &keeper(&world).await, json!({})).await;
    let log = async |sent: &str, change: Value| {
        let mut input = json!({ "channelId": channel, "sentAt": sent });
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        done(&officer, "ContactLog", world.contact(&input)).await["id"].clone()
    };
    let first = log("2026-01-05T08:00:00Z", json!({})).await;
    assert_eq!(told(&officer, &channel).await, nothing("ACTIVE"));
    done(&representative, "ContactAcknowledge", json!({ "contactId": first, "occurredAt": "2026-01-06T10:00:00Z" })).await;
    let exact = ("ACTIVE".to_owned(), json!("2026-01-06T10:00:00Z"), json!("EXACT"));
    assert_eq!(told(&officer, &channel).await, exact);
    assert_eq!(told(&representative, &channel).await, exact, "both parties know it");
    for reader in [&stranger, &coordinator, &app.anonymous()] {
        assert_eq!(told(reader, &channel).await, nothing("ACTIVE"), "one contact is told to nobody else");
    }
    // Neither of these waits in vain: one expects no answer, one was taken back, one is too young.
    log("2026-01-10T08:00:00Z", json!({ "kind": "TRAINING", "legalBasis": "NONE" })).await;
    let back = log("2026-01-11T08:00:00Z", json!({})).await;
    done(&officer, "ContactWithdraw", json!({ "contactId": back, "reason": "By mistake" })).await;
    log("2026-02-20T08:00:00Z", json!({})).await;
    log("2026-01-12T08:00:00Z", json!({})).await;
    log("2026-01-13T08:00:00Z", json!({})).await;
    assert_eq!(told(&officer, &channel).await, exact, "two in vain are not three");
    assert_eq!((with_status(&officer, "ACTIVE").await, with_status(&officer, "DEGRADED").await), (1, 0));
    let last = log("2026-01-14T08:00:00Z", json!({})).await;
    assert_eq!(told(&officer, &channel).await.0, "DEGRADED");
    assert_eq!((with_status(&officer, "ACTIVE").await, with_status(&officer, "DEGRADED").await), (0, 1));
    for reader in [&stranger, &coordinator, &app.anonymous()] {
        assert_eq!(told(reader, &channel).await, nothing("ACTIVE"), "one body's silence is told to nobody else");
        assert_eq!((with_status(reader, "ACTIVE").await, with_status(reader, "DEGRADED").await), (1, 0));
    }
    work_out(app).await;
    assert_eq!(told(&stranger, &channel).await, nothing("ACTIVE"), "nor once it was worked out");
    done(&representative, "ContactDecide", json!({ "contactId": last, "outcome": "ACTION_TAKEN", "occurredAt": "2026-03-01T10:00:00Z" }))
        .await;
    assert_eq!(told(&officer, &channel).await, ("ACTIVE".to_owned(), json!("2026-03-01T10:00:00Z"), json!("EXACT")));
    let inside = world.contact(&json!({ "channelId": channel, "sentAt": "2026-03-01T11:00:00Z", "visibility": "ORGANISATION" }));
    let inside = done(&officer, "ContactLog", inside).await;
    done(&officer, "ContactAcknowledge", json!({ "contactId": inside["id"], "occurredAt": "2026-03-01T12:00:00Z" })).await;
    assert_eq!(told(&officer, &channel).await.1, "2026-03-01T12:00:00Z");
    assert_eq!(told(&representative, &channel).await.1, "2026-03-01T10:00:00Z", "what a body keeps to itself tells the platform nothing");
}

async fn others_are_told_a_week_once_enough_is_behind_it(app: &TestApp) {
    let world = World::new(app).await;
    let representative = world.representative().await;
    let channel = channel(&world, &keeper(&world).await, json!({})).await;
    let third = app.organisation(OrganisationKind::ElectoralBody, "A third body").await;
    let officers =
        [world.officer().await, world.stranger().await, app.member("third@third.example", third, Role::ElectoralBodyOfficer).await];
    let answered = async |officer: &Client, sent: &str, at: Option<&str>| {
        let contact = done(officer, "ContactLog", world.contact(&json!({ "channelId": channel, "sentAt": sent }))).await;
        if let Some(at) = at {
            done(&representative, "ContactAcknowledge", json!({ "contactId": contact["id"], "occurredAt": at })).await;
        }
    };
    for number in 0..9 {
        answered(&officers[number % 3], "2026-02-10T08:00:00Z", Some("2026-02-11T10:00:00Z")).await;
    }
    let anyone = app.anonymous();
    work_out(app).await;
    assert_eq!(told(&anyone, &channel).await, nothing("ACTIVE"), "nine are not ten");
    answered(&officers[0], "2026-02-18T08:00:00Z", Some("2026-02-19T15:30:00Z")).await;
    work_out(app).await;
    assert_eq!(told(&anyone, &channel).await, nothing("ACTIVE"), "it is worked out once a week");
    app.advance(TimeDelta::days(7));
    work_out(app).await;
    let coordinator = world.coordinator().await;
    let rival = world.rival().await;
    let signed_in = [app.signed_in("olga.officer@body.example").await, app.signed_in("rosa.representative@parley.example").await];
    for reader in [&app.anonymous(), &coordinator, &rival] {
        assert_eq!(told(reader, &channel).await, ("ACTIVE".to_owned(), json!("2026-02-16T00:00:00Z"), json!("WEEK")), "a Monday");
    }
    for party in &signed_in {
        assert_eq!(told(party, &channel).await.1, "2026-02-19T15:30:00Z");
    }
    // Answers stop: each body's contacts wait for more than 30 days.
    for number in 0..9 {
        let officer = app.signed_in(["olga.officer@body.example", "stranger@chile.example", "third@third.example"][number % 3]).await;
        let input = world.contact(&json!({ "channelId": channel, "sentAt": "2026-03-05T08:00:00Z" }));
        done(&officer, "ContactLog", input).await;
    }
    app.advance(TimeDelta::days(35));
    work_out(app).await;
    let rival = app.signed_in("rival@murmur.example").await;
    assert_eq!(told(&rival, &channel).await.0, "ACTIVE", "nine in vain are not ten");
    let officer = app.signed_in("olga.officer@body.example").await;
    assert_eq!(told(&officer, &channel).await.0, "DEGRADED", "her own three are");
    done(&officer, "ContactLog", world.contact(&json!({ "channelId": channel, "sentAt": "2026-03-06T08:00:00Z" }))).await;
    app.advance(TimeDelta::days(7));
    work_out(app).await;
    let rival = app.signed_in("rival@murmur.example").await;
    assert_eq!(told(&rival, &channel).await.0, "DEGRADED");
    assert_eq!((with_status(&rival, "ACTIVE").await, with_status(&rival, "DEGRADED").await), (0, 1));
    let topics = app.database.counts("SELECT topic, count(*) FROM audit_entry WHERE fields LIKE '%status%' GROUP BY topic").await;
    assert_eq!(topics.get("channel.assessed"), Some(&1), "it is told when answers stop: {topics:?}");
}

async fn a_channel_not_checked_in_time_is_degraded(app: &TestApp) {
    let world = World::new(app).await;
    let keeper = keeper(&world).await;
    let channel = channel(&world, &keeper, json!({})).await;
    let due = "query ($id: ID!) { node(id: $id) { ... on Channel { nextCheckDue verifiedAt verifiedOn verifiedBy { id } } } }";
    let anyone = app.anonymous().data(due, json!({ "id": channel })).await["node"].clone();
    let expected = json!({ "nextCheckDue": "2026-05-31", "verifiedAt": "2026-03-02T00:00:00Z", "verifiedOn": "2026-03-02", "verifiedBy": { "id": id(world.platform) } });
    assert_eq!(anyone, expected, "in 90 days; everybody knows the day");
    assert_eq!(keeper.data(due, json!({ "id": channel })).await["node"]["verifiedAt"], "2026-03-02T09:00:00Z");
    app.advance(TimeDelta::days(90));
    assert_eq!((told(&app.anonymous(), &channel).await.0.as_str(), with_status(&app.anonymous(), "DEGRADED").await), ("ACTIVE", 0));
    app.advance(TimeDelta::days(1));
    assert_eq!((told(&app.anonymous(), &channel).await.0.as_str(), with_status(&app.anonymous(), "ACTIVE").await), ("DEGRADED", 0));
    assert_eq!(with_status(&app.anonymous(), "DEGRADED").await, 1);
    let keeper = app.signed_in("keeper@parley.example").await;
    keeper.mutate(VERIFY, json!({ "id": channel, "version": 2 })).await;
    assert_eq!(told(&app.anonymous(), &channel).await.0, "ACTIVE");
}

async fn a_body_finds_how_to_reach_a_platform_today_in_its_language(app: &TestApp) {
    let world = World::new(app).await;
    let keeper = keeper(&world).await;
    let monday = json!([{ "day": "MONDAY", "opensAt": "09:00", "closesAt": "18:00" }]);
    let spanish = json!({ "languages": ["es-419"], "purposes": ["ESCALATION", "LEGAL_ORDER"], "coverageCountries": ["PE", "CL"], "hours": monday, "hoursTimeZone": "America/Lima" });
    let spanish = channel(&world, &keeper, spanish).await;
    let english = channel(&world, &keeper, json!({ "languages": ["en"] })).await;
    channel(&world, &keeper, json!({ "languages": ["es"], "coverageCountries": ["KE"] })).await;
    channel(&world, &keeper, json!({ "languages": ["es"], "purposes": ["TRAINING"] })).await;
    let officer = world.officer().await;
    let query = "query ($filter: ChannelFilter!) { channels(filter: $filter) { nodes { id address openNow opensAt purposes hours { timeZone periods { weekday opensAt closesAt } } } } }";
    let find = async |officer: &Client, more: Value| {
        let mut filter =
            json!({ "country": "PE", "platformId": id(world.platform), "purpose": "ESCALATION", "status": ["ACTIVE", "DEGRADED"] });
        filter.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        officer.data(query, json!({ "filter": filter })).await["channels"]["nodes"].clone()
    };
    let found = find(&officer, json!({ "language": "es-PE" })).await;
    let expected = json!([{
        "id": spanish, "address": "desk@parley.example", "openNow": false, "opensAt": "2026-03-02T14:00:00Z",
        "purposes": ["ESCALATION", "LEGAL_ORDER"],
        "hours": { "timeZone": "America/Lima", "periods": [{ "weekday": "MONDAY", "opensAt": "09:00", "closesAt": "18:00" }] },
    }]);
    assert_eq!(found, expected);
    let all = find(&officer, json!({})).await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    let of_english = all.as_array().unwrap().iter().find(|node| node["id"] == english).unwrap();
    assert_eq!((&of_english["hours"], &of_english["openNow"], &of_english["opensAt"]), (&Value::Null, &Value::Null, &Value::Null));
    app.advance(TimeDelta::hours(5));
    let officer = app.signed_in("olga.officer@body.example").await;
    let open = find(&officer, json!({ "language": "es" })).await[0].clone();
    assert_eq!((&open["openNow"], &open["opensAt"]), (&json!(true), &Value::Null));
    let wrong = officer.graphql(query, json!({ "filter": { "language": "???" } })).await;
    assert_eq!(wrong.code(), "INVALID_INPUT");
}
