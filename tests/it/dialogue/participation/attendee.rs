//! Who takes part, in private calendars: nobody is named there whom its owner may not see on the list.

use reqwest::{Method, header::IF_NONE_MATCH};
use serde_json::json;
use tertulia_tests::{Client, TestApp, people::id, stories};

use super::{
    Hall, done,
    list::{people, visible_to},
    user,
};
use crate::dialogue::{Cast, calendar::lines, feed::make};

stories![
    names_whom_the_owner_may_see,
    says_how_each_answered,
    an_organisation_stands_for_whom_it_has_not_named,
    under_the_chatham_house_rule_one_finds_oneself,
    in_confidence_one_finds_oneself,
    follows_each_answer,
    costs_the_same_for_many,
];

/// A calendar of the hall's dialogue for a client.
async fn path(hall: &Hall<'_>, client: &Client) -> String {
    let query = "query($id: ID!) { meeting(id: $id) { dialogue { id } } }";
    let dialogue = client.data(query, json!({ "id": hall.meeting })).await["meeting"]["dialogue"]["id"].clone();
    make(client, json!({ "scope": "DIALOGUE", "dialogueId": dialogue })).await.0
}

/// The attendees in a client's calendar.
async fn attendees(hall: &Hall<'_>, client: &Client) -> Vec<String> {
    let path = path(hall, client).await;
    of(&hall.app.anonymous().get(&path).await.text)
}

fn of(text: &str) -> Vec<String> {
    let mut found: Vec<String> = lines(text).into_iter().filter(|line| line.starts_with("ATTENDEE")).collect();
    found.sort_unstable();
    found
}

/// The line of a person under whom no address stands.
async fn urn(client: &Client, partstat: &str, name: &str) -> String {
    let id: tertulia_domain::id::UserId = user(client).await.as_str().unwrap().parse().unwrap();
    format!("ATTENDEE;CN={name};CUTYPE=INDIVIDUAL;PARTSTAT={partstat};ROLE=REQ-PARTICIPANT:urn:uuid:{}", id.uuid())
}

fn own(partstat: &str, name: &str) -> String {
    format!("ATTENDEE;CN={name};CUTYPE=INDIVIDUAL;PARTSTAT={partstat};ROLE=REQ-PARTICIPANT:mailto:{name}@body.example")
}

async fn names_whom_the_owner_may_see(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let people = people(&hall).await;
    let luis = hall.officer("luis").await;
    let [nora, pia, paul] = ["nora", "pia", "paul"];
    let (by_pia, by_paul) = (urn(&people[1], "ACCEPTED", pia).await, urn(&people[2], "ACCEPTED", paul).await);
    visible_to(&hall, "NOBODY").await;
    assert_eq!(attendees(&hall, &people[0]).await, [own("ACCEPTED", nora)], "oneself always");
    assert_eq!(attendees(&hall, &luis).await, Vec::<String>::new());
    visible_to(&hall, "PARTICIPANTS").await;
    assert_eq!(attendees(&hall, &people[0]).await, [own("ACCEPTED", nora), by_paul.clone(), by_pia.clone()]);
    assert_eq!(attendees(&hall, &luis).await, [by_paul.clone(), by_pia.clone()], "who consents, as a member of a party");
    assert_eq!(attendees(&hall, &hall.cast.stranger).await, Vec::<String>::new());
    visible_to(&hall, "PUBLIC").await;
    assert_eq!(attendees(&hall, &hall.cast.stranger).await, std::slice::from_ref(&by_paul));
    let everybody = attendees(&hall, &hall.cast.coordinator).await;
    let all = [urn(&people[3], "DECLINED", "dora").await, urn(&people[0], "ACCEPTED", nora).await, by_paul, by_pia];
    assert_eq!(everybody, all, "who organises sees all, and nobody's address");
    let dialogue = hall.cast.coordinator.data("{ dialogues { nodes { id } } }", json!({})).await["dialogues"]["nodes"][0]["id"].clone();
    for client in [&app.anonymous(), &people[0], &hall.cast.coordinator] {
        let public = client.get(&format!("/v1/dialogues/{}/calendar.ics", dialogue.as_str().unwrap())).await.text;
        assert!(public.contains("METHOD:PUBLISH") && !public.contains("ATTENDEE"), "{public}");
    }
}

async fn says_how_each_answered(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    let mut invitees = Vec::new();
    let mut clients = Vec::new();
    for name in ["asked", "comes", "maybe", "not", "sends"] {
        let client = hall.officer(name).await;
        invitees.push(json!({ "organisationId": id(hall.cast.body), "personId": user(&client).await }));
        clients.push(client);
    }
    invitees[1]["capacityRole"] = "CHAIR".into();
    hall.invite(json!(invitees)).await;
    let instead = hall.officer("instead").await;
    for (index, response, more) in [
        (1, "ACCEPTED", json!({})),
        (2, "TENTATIVE", json!({})),
        (3, "DECLINED", json!({})),
        (4, "DELEGATED", json!({ "delegateId": user(&instead).await })),
    ] {
        hall.respond(&clients[index], response, more).await;
    }
    hall.seats(json!(0), json!(null), json!([])).await.data();
    let waits = hall.officer("waits").await;
    hall.register(&waits, json!({ "mode": "IN_PERSON" })).await;
    let goes = hall.officer("goes").await;
    let gone = hall.register(&goes, json!({})).await;
    hall.withdraw(&goes, &gone["id"]).await;
    let seen = attendees(&hall, &hall.cast.coordinator).await;
    let mut expected = vec![
        urn(&clients[0], "NEEDS-ACTION", "asked").await,
        urn(&clients[1], "ACCEPTED", "comes").await.replace("REQ-PARTICIPANT", "CHAIR"),
        urn(&clients[2], "TENTATIVE", "maybe").await,
        urn(&clients[3], "DECLINED", "not").await,
        urn(&clients[4], "DELEGATED", "sends").await,
        urn(&instead, "NEEDS-ACTION", "instead").await,
        urn(&waits, "TENTATIVE", "waits").await,
    ];
    expected.sort_unstable();
    assert_eq!(seen, expected, "who went is not named");
    for (client, name, partstat) in [(&clients[3], "not", "DECLINED"), (&clients[4], "sends", "DELEGATED"), (&waits, "waits", "TENTATIVE")]
    {
        assert_eq!(attendees(&hall, client).await, [own(partstat, name)]);
    }
    assert_eq!(attendees(&hall, &goes).await, Vec::<String>::new());
}

async fn an_organisation_stands_for_whom_it_has_not_named(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let luis = hall.officer("luis").await;
    hall.invite(json!([{ "organisationId": id(hall.cast.body) }])).await;
    let line = format!("ATTENDEE;CN=Junta;CUTYPE=GROUP;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT:urn:uuid:{}", hall.cast.body.uuid());
    assert_eq!(attendees(&hall, &luis).await, [line]);
    assert_eq!(attendees(&hall, &hall.cast.stranger).await, Vec::<String>::new());
    let text = app.anonymous().get(&path(&hall, &luis).await).await.text;
    let lines = lines(&text);
    let has = |line: &str| lines.iter().any(|found| found == line);
    assert!(has("RECURRENCE-ID;TZID=America/Los_Angeles:20261015T190000") && !text.contains("METHOD"), "{text}");
    assert!(lines.iter().any(|line| line.starts_with("ORGANIZER;CN=Tertulia:mailto:")), "{text}");
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2, "the series, and the one meeting that names somebody");
}

async fn under_the_chatham_house_rule_one_finds_oneself(app: &TestApp) {
    only_oneself(app, "CHATHAM_HOUSE").await;
}

async fn in_confidence_one_finds_oneself(app: &TestApp) {
    only_oneself(app, "CONFIDENTIAL").await;
}

async fn only_oneself(app: &TestApp, attribution: &str) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PUBLIC");
    input["format"] = "HYBRID".into();
    input["attributionDefault"] = attribution.into();
    let meeting = cast.create(input).await["upcoming"]["nodes"][0]["id"].clone();
    let hall = Hall { app, cast, meeting };
    let people = people(&hall).await;
    visible_to(&hall, "PUBLIC").await;
    assert_eq!(attendees(&hall, &people[2]).await, [own("ACCEPTED", "paul")]);
    for other in [&hall.cast.coordinator, &hall.cast.officer, &hall.cast.stranger] {
        assert_eq!(attendees(&hall, other).await, Vec::<String>::new());
    }
}

async fn follows_each_answer(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let rosa = hall.officer("rosa").await;
    let (mine, _) = make(&rosa, json!({ "scope": "MY_MEETINGS" })).await;
    let of_body = json!({ "scope": "ORGANISATION", "organisationId": id(hall.cast.body) });
    let (ours, _) = make(&rosa, of_body).await;
    let client = app.anonymous();
    let before = client.get(&mine).await;
    assert_eq!(of(&before.text), Vec::<String>::new());
    hall.invite(json!([{ "organisationId": id(hall.cast.body), "personId": user(&rosa).await }])).await;
    app.advance(chrono::TimeDelta::minutes(5));
    hall.respond(&rosa, "TENTATIVE", json!({})).await;
    let tag = before.headers["etag"].clone();
    let again = client.send(client.request(Method::GET, &mine).header(IF_NONE_MATCH, tag)).await;
    assert_eq!((again.status.as_u16(), of(&again.text)), (200, vec![own("TENTATIVE", "rosa")]));
    assert!(again.text.contains("LAST-MODIFIED:20260302T090500Z"), "{}", again.text);
    assert_eq!(of(&client.get(&ours).await.text), [own("TENTATIVE", "rosa")]);
    let tag = again.headers["etag"].clone();
    let same = client.send(client.request(Method::GET, &mine).header(IF_NONE_MATCH, tag.clone())).await;
    assert_eq!(same.status.as_u16(), 304);
    hall.respond(&rosa, "DECLINED", json!({})).await;
    let other = client.send(client.request(Method::GET, &mine).header(IF_NONE_MATCH, tag)).await;
    assert_eq!((other.status.as_u16(), of(&other.text)), (200, vec![own("DECLINED", "rosa")]));
}

async fn costs_the_same_for_many(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let path = path(&hall, &hall.cast.coordinator).await;
    app.anonymous().get(&path).await;
    let cost = async || app.anonymous().get(&path).await.statements();
    let few = cost().await;
    people(&hall).await;
    let upcoming = "{ meetings(first: 5) { nodes { id version } } }";
    let meetings = hall.cast.coordinator.data(upcoming, json!({})).await["meetings"]["nodes"].clone();
    for meeting in meetings.as_array().unwrap().iter().skip(1) {
        let invitees = json!([{ "organisationId": id(hall.cast.body) }, { "organisationId": id(hall.cast.platform) }]);
        let input = json!({ "meetingId": meeting["id"], "invitees": invitees });
        done(hall.send(&hall.cast.coordinator, "MeetingInvite", input).await, "results");
    }
    assert_eq!(of(&app.anonymous().get(&path).await.text).len(), 12);
    assert_eq!(cost().await, few);
}
