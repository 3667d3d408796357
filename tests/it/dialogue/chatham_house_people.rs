//! Under the Chatham House Rule nobody but the organisers learns who commented on minutes, nor from the list who came to speak.

use serde_json::{Value, json};
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{TestApp, people::id, stories};

use super::{
    Circles,
    chatham_house::{everything, item},
    done, run,
};

stories![nobody_learns_who_commented, nobody_learns_who_came_to_speak];

/// An organisation that does nothing else here.
const SCHOOL: &str = "Lykeion";

const OPEN: &str = "mutation($input: MeetingRegistrationSetInput!) { meetingRegistrationSet(input: $input) {
    meeting { version } userErrors { code reason path message } } }";
const COMMENT: &str = "mutation($input: MinutesCommentInput!) { minutesComment(input: $input) {
    minutes { version } userErrors { code reason path message } } }";

/// Opens a meeting to registrations, and its list to everybody; answers the version that the meeting has then.
async fn open(circles: &Circles, meeting: &Value, version: i64) -> i64 {
    let input = json!({ "meetingId": meeting, "mode": "OPEN", "participantsVisibleTo": "PUBLIC", "version": version });
    circles.cast.coordinator.mutate(OPEN, input).await["meeting"]["version"].as_i64().unwrap()
}

async fn nobody_learns_who_commented(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "CHATHAM_HOUSE").await;
    let school = app.organisation(OrganisationKind::ElectoralBody, SCHOOL).await;
    let keeper = app.member("keeper@school.example", school, Role::ElectoralBodyAdministrator).await;
    let auditor = app.member("auditor@desk.example", circles.cast.desk, Role::Auditor).await;
    let (coordinator, meeting) = (&circles.cast.coordinator, &circles.meeting);
    let version = open(&circles, meeting, 1).await;
    let agenda = json!({ "meetingId": meeting, "items": [item("CHATHAM_HOUSE", &json!([]))], "version": version });
    done(coordinator, "AgendaRevise", "meeting", agenda).await;
    let takes_part = &circles.cast.stranger;
    for client in [&keeper, takes_part] {
        done(client, "MeetingRegister", "participation", json!({ "meetingId": meeting, "listed": "NOBODY" })).await;
    }
    let minutes = json!({ "meetingId": meeting, "text": "Somebody said so", "summaryPublic": "It was agreed" });
    done(coordinator, "MinutesRevise", "minutes", minutes).await;
    done(coordinator, "MinutesCirculate", "minutes", json!({ "meetingId": meeting, "version": 1 })).await;
    keeper.mutate(COMMENT, json!({ "meetingId": meeting, "text": "Not quite so" })).await;
    let document = "query($id: ID!) { meeting(id: $id) { minutes { comments { text organisation { name } person { name } } } } }";
    for (client, organisation) in [
        (&circles.cast.officer, Value::Null),
        (takes_part, Value::Null),
        (coordinator, json!({ "name": SCHOOL })),
        (&circles.organiser, json!({ "name": SCHOOL })),
    ] {
        let found = client.data(document, json!({ "id": meeting })).await["meeting"]["minutes"]["comments"].clone();
        assert_eq!(found, json!([{ "text": "Not quite so", "organisation": organisation, "person": null }]));
    }
    done(coordinator, "MinutesAdopt", "minutes", json!({ "meetingId": meeting, "version": 2 })).await;
    for client in [&circles.cast.officer, takes_part, &circles.anonymous] {
        let found = everything(client, meeting).await;
        assert!(found.contains("It was agreed") && !found.contains(SCHOOL) && !found.contains("Not quite so"), "{found}");
    }
    // The auditor reads who acted, and no comment.
    assert!(!everything(&auditor, meeting).await.contains("Not quite so"));
}

/// The list of a meeting to a reader, whole and by each way to narrow it.
const LIST: &str = "query($id: ID!) { meeting(id: $id) { all: participants { ...L }
    speakers: participants(filter: { capacityRoles: [SPEAKER] }) { ...L } observers: participants(filter: { capacityRoles: [OBSERVER] }) { ...L }
    others: participants(filter: { capacityRoles: [CHAIR, EB_DELEGATE, PLATFORM_DELEGATE, EXPERT, OBSERVER, INTERPRETER, STAFF] }) { ...L } } }
    fragment L on ParticipationConnection { totalCount nodes { capacityRole status organisation { name } person { name } } }";

async fn nobody_learns_who_came_to_speak(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (coordinator, officer) = (&circles.cast.coordinator, &circles.cast.officer);
    let speaker = app.member("speaker@platform.example", circles.cast.platform, Role::PlatformRepresentative).await;
    let user = speaker.data("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].clone();
    let readers = [("participant", officer), ("anonymous", &circles.anonymous), ("convener", &circles.organiser), ("speaker", &speaker)];
    let mut lists = Vec::new();
    for role in ["SPEAKER", "OBSERVER"] {
        let meeting = circles.another("PUBLIC", "CHATHAM_HOUSE").await;
        open(&circles, &meeting, 1).await;
        let invitee = json!({ "organisationId": id(circles.cast.platform), "personId": user, "capacityRole": role });
        done(coordinator, "MeetingInvite", "results", json!({ "meetingId": meeting, "invitees": [invitee] })).await;
        let accept = json!({ "meetingId": meeting, "response": "ACCEPTED", "listed": "PUBLIC" });
        done(&speaker, "InvitationRespond", "participation", accept).await;
        let mut seen = Vec::new();
        for (who, client) in readers {
            seen.push((who, client.data(LIST, json!({ "id": meeting })).await["meeting"].clone()));
        }
        lists.push(seen);
    }
    for ((who, as_speaker), (_, as_observer)) in lists[0].iter().zip(&lists[1]) {
        let is_outside = ["participant", "anonymous"].contains(who);
        assert_eq!(as_speaker == as_observer, is_outside, "{who}: {as_speaker} {as_observer}");
        assert_eq!(as_speaker["all"]["totalCount"], 1, "{who} sees that somebody comes");
        assert_eq!(as_speaker["speakers"]["totalCount"], i32::from(!is_outside), "{who}");
        assert_eq!(as_speaker["all"]["nodes"][0]["capacityRole"].is_null(), is_outside, "{who}");
    }
    // One point under the rule is enough, also one that the reader does not see.
    let meeting = &circles.meeting;
    let version = open(&circles, meeting, 1).await;
    done(&speaker, "MeetingRegister", "participation", json!({ "meetingId": meeting, "listed": "PUBLIC" })).await;
    let role = async || officer.data(LIST, json!({ "id": meeting })).await["meeting"]["all"]["nodes"][0]["capacityRole"].clone();
    let feed = run(officer, "FeedTokenCreate", json!({ "input": { "scope": "MY_MEETINGS" } })).await.data();
    let path = format!("/v1/{}", feed["feedTokenCreate"]["url"].as_str().unwrap().split_once("/v1/").unwrap().1);
    let names_the_speaker = async || app.anonymous().get(&path).await.text.contains("CN=speaker");
    assert_eq!((role().await, names_the_speaker().await), (json!("PLATFORM_DELEGATE"), true));
    let mut hidden = item("CHATHAM_HOUSE", &json!([]));
    hidden["visibility"] = "HIDDEN".into();
    done(coordinator, "AgendaRevise", "meeting", json!({ "meetingId": meeting, "items": [hidden], "version": version })).await;
    assert_eq!((role().await, names_the_speaker().await), (Value::Null, false));
}
