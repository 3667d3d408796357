//! Inviting organisations and persons.

use serde_json::json;
use tertulia_domain::policy::{OrganisationKind, Role};
use tertulia_tests::{TestApp, people::id, stories};

use super::{Hall, more_of, nodes, user};

stories![each_invitation_has_its_own_answer, only_organisers_invite, a_closed_dialogue_invites_its_parties, invites_once_under_one_key,];

async fn each_invitation_has_its_own_answer(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let (officer, elsewhere) = (hall.officer("rosa").await, id(hall.cast.platform));
    let person = user(&officer).await;
    let body = id(hall.cast.body);
    let results = hall
        .invite(json!([
            { "organisationId": body },
            { "organisationId": body, "personId": person, "capacityRole": "SPEAKER", "mode": "IN_PERSON" },
            { "organisationId": elsewhere, "personId": person },
            { "organisationId": "organisation_00000000000000000000000001" },
            { "organisationId": elsewhere },
            { "organisationId": body },
        ]))
        .await;
    let codes: Vec<&str> = results.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["INVITED", "INVITED", "UNKNOWN_PERSON", "UNKNOWN_ORGANISATION", "INVITED", "ALREADY_INVITED"]);
    assert_eq!(results[3], json!({ "organisation": null, "participation": null, "code": "UNKNOWN_ORGANISATION" }));
    assert_eq!((&results[0]["organisation"]["id"], &results[0]["participation"]["status"]), (&body, &json!("INVITED")));
    assert_eq!(results[5]["participation"]["id"], results[0]["participation"]["id"]);
    let room = hall.room(&hall.cast.coordinator, json!({})).await;
    let roles: Vec<&str> = nodes(&room).iter().map(|one| one["capacityRole"].as_str().unwrap()).collect();
    assert_eq!(roles, ["EB_DELEGATE", "SPEAKER", "PLATFORM_DELEGATE"]);
    assert_eq!((&nodes(&room)[0]["person"], &nodes(&room)[1]["mode"]), (&json!(null), &json!("IN_PERSON")));
    let many: Vec<_> = (0..101).map(|_| json!({ "organisationId": body })).collect();
    let refused = hall.send(&hall.cast.coordinator, "MeetingInvite", json!({ "meetingId": hall.meeting, "invitees": many })).await;
    assert_eq!(refused.faults(), ["input.invitees OUT_OF_RANGE"]);
    let wrong = json!([{ "organisationId": person, "personId": body }]);
    let refused = hall.send(&hall.cast.coordinator, "MeetingInvite", json!({ "meetingId": hall.meeting, "invitees": wrong })).await;
    assert_eq!(refused.faults(), ["input.invitees.0.organisationId WRONG_KIND", "input.invitees.0.personId WRONG_KIND"]);
}

async fn only_organisers_invite(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let input = json!({ "meetingId": hall.meeting, "invitees": [{ "organisationId": id(hall.cast.body) }] });
    assert_eq!(hall.send(&app.anonymous(), "MeetingInvite", input.clone()).await.code(), "UNAUTHENTICATED");
    assert_eq!(hall.send(&hall.cast.officer, "MeetingInvite", input.clone()).await.code(), "FORBIDDEN");
    // Whoever acts for a convener organises too.
    let group = app.organisation(OrganisationKind::Cso, "Group").await;
    let expert = app.member("ada@group.example", group, Role::Expert).await;
    let mut dialogue = hall.cast.monthly("PARTIES");
    dialogue["conveners"] = json!([id(hall.cast.desk), id(group)]);
    let meeting = hall.cast.create(dialogue).await["upcoming"]["nodes"][0]["id"].clone();
    let own = json!({ "meetingId": meeting, "invitees": [{ "organisationId": id(hall.cast.body) }] });
    assert_eq!(hall.send(&expert, "MeetingInvite", own).await.data()["meetingInvite"]["results"][0]["code"], "INVITED");
    assert_eq!(hall.send(&expert, "MeetingInvite", input).await.code(), "FORBIDDEN");
}

async fn a_closed_dialogue_invites_its_parties(app: &TestApp) {
    let hall = Hall::of(app, "PARTIES").await;
    let results = hall.invite(json!([{ "organisationId": id(hall.cast.platform) }, { "organisationId": id(hall.cast.body) }])).await;
    assert_eq!((&results[0]["code"], &results[0]["participation"]), (&json!("NOT_A_PARTY"), &json!(null)));
    assert_eq!(results[1]["code"], "INVITED");
    let missing = more_of(&hall.cast.stranger, "Room", json!({ "id": hall.meeting })).await.data();
    assert_eq!(missing["meeting"], json!(null));
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let invitation = json!({ "id": results[1]["participation"]["id"] });
    assert_eq!(hall.cast.stranger.data(node, invitation.clone()).await["node"], json!(null));
    assert_eq!(hall.cast.officer.data(node, invitation).await["node"]["id"], results[1]["participation"]["id"]);
}

async fn invites_once_under_one_key(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let mut input = json!({ "meetingId": hall.meeting, "invitees": [{ "organisationId": id(hall.cast.body) }], "idempotencyKey": "once" });
    let first = hall.send(&hall.cast.coordinator, "MeetingInvite", input.clone()).await.data()["meetingInvite"]["results"][0].clone();
    let again = hall.send(&hall.cast.coordinator, "MeetingInvite", input.clone()).await.data()["meetingInvite"]["results"][0].clone();
    assert_eq!((&first["code"], &again["code"]), (&json!("INVITED"), &json!("ALREADY_INVITED")));
    assert_eq!(first["participation"], again["participation"]);
    input["invitees"] = json!([{ "organisationId": id(hall.cast.platform) }]);
    assert_eq!(hall.send(&hall.cast.coordinator, "MeetingInvite", input).await.code(), "CONFLICT");
}
