//! Registering: open, by approval, by invitation, in its time.

use serde_json::json;
use tertulia_domain::policy::Role;
use tertulia_tests::{TestApp, people::id, stories};

use super::{Hall, done, more_of, user};

stories![
    open_to_all_who_read_the_meeting,
    organisers_decide_on_each,
    by_invitation_only,
    opens_and_closes_by_the_meetings_clocks,
    comes_back_after_withdrawing,
    registers_others_only_where_one_may,
    registers_once_under_one_key,
];

async fn open_to_all_who_read_the_meeting(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    let (officer, stranger) = (hall.officer("rosa").await, &hall.cast.stranger);
    assert_eq!(hall.register(&officer, json!({ "mode": "IN_PERSON" })).await["status"], "ACCEPTED");
    let theirs = hall.register(stranger, json!({ "listed": "PUBLIC" })).await;
    assert_eq!((&theirs["status"], &theirs["mode"]), (&json!("ACCEPTED"), &json!("ONLINE")));
    let own = hall.own(stranger).await;
    assert_eq!((&own["capacityRole"], &own["organisation"]["name"]), (&json!("PLATFORM_DELEGATE"), &json!("Platform")));
    // A seat brings the link; the platform is no party of the dialogue.
    assert_eq!(hall.room(stranger, json!({})).await["joinUrl"], "https://meet.example/secret");
    assert_eq!(hall.room(&app.anonymous(), json!({})).await["joinUrl"], json!(null));
    assert_eq!(hall.try_register(&officer, json!({})).await.code(), "CONFLICT");
    let chair = hall.try_register(&hall.officer("luis").await, json!({ "capacityRole": "CHAIR" })).await;
    assert_eq!(chair.faults(), ["input.capacityRole NOT_PERMITTED"]);
    assert_eq!(hall.try_register(&app.anonymous(), json!({})).await.code(), "UNAUTHENTICATED");
    let auditor = app.member("auditor@desk.example", hall.cast.desk, Role::Auditor).await;
    assert_eq!(hall.try_register(&auditor, json!({})).await.code(), "FORBIDDEN");
    let closed = Hall { app, meeting: hall.cast.create(hall.cast.monthly("PARTIES")).await["upcoming"]["nodes"][0]["id"].clone(), ..hall };
    closed.open("OPEN").await;
    assert_eq!(closed.try_register(&closed.cast.stranger, json!({})).await.code(), "NOT_FOUND");
}

async fn organisers_decide_on_each(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("APPROVAL").await;
    hall.seats(json!(null), json!(1), json!([])).await.data();
    let mut asked = Vec::new();
    for name in ["rosa", "luis", "ines"] {
        let one = hall.register(&hall.officer(name).await, json!({})).await;
        assert_eq!(one["status"], "REQUESTED");
        asked.push(one["id"].clone());
    }
    let decide = async |client, id: &serde_json::Value, decision: &str| {
        more_of(client, "RegistrationDecide", json!({ "input": { "participationId": id, "decision": decision } })).await
    };
    assert_eq!(decide(&hall.cast.officer, &asked[0], "APPROVED").await.code(), "FORBIDDEN");
    let coordinator = &hall.cast.coordinator;
    assert_eq!(done(decide(coordinator, &asked[0], "APPROVED").await, "participation")["status"], "APPROVED");
    let waits = done(decide(coordinator, &asked[1], "APPROVED").await, "participation");
    assert_eq!((&waits["status"], &waits["waitlistPosition"]), (&json!("WAITLISTED"), &json!(1)));
    assert_eq!(done(decide(coordinator, &asked[2], "REJECTED").await, "participation")["status"], "REJECTED");
    assert_eq!(decide(coordinator, &asked[2], "APPROVED").await.code(), "INVALID_TRANSITION");
    assert_eq!(decide(coordinator, &asked[0], "REJECTED").await.code(), "INVALID_TRANSITION");
    assert_eq!(hall.try_register(&app.signed_in("ines@body.example").await, json!({})).await.code(), "CONFLICT");
}

async fn by_invitation_only(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let officer = hall.officer("rosa").await;
    let refused = hall.try_register(&officer, json!({})).await;
    assert_eq!((refused.code(), refused.faults()), ("FORBIDDEN", vec!["input.meetingId NOT_PERMITTED".to_owned()]));
    let invited = hall.invite(json!([{ "organisationId": id(hall.cast.body) }])).await[0]["participation"]["id"].clone();
    let accepted = hall.register(&officer, json!({})).await;
    assert_eq!((&accepted["id"], &accepted["status"]), (&invited, &json!("ACCEPTED")));
    // An organiser brings in whom he likes.
    let luis = user(&hall.officer("luis").await).await;
    let brought = hall.register(&hall.cast.coordinator, json!({ "personId": luis, "capacityRole": "OBSERVER" })).await;
    assert_eq!(brought["status"], "ACCEPTED");
}

async fn opens_and_closes_by_the_meetings_clocks(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let set = async |more: serde_json::Value| {
        let mut input = json!({ "meetingId": hall.meeting, "version": hall.version().await, "mode": "OPEN" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        more_of(&hall.cast.coordinator, "MeetingRegistrationSet", json!({ "input": input })).await
    };
    let turned = set(json!({ "localOpens": "2026-03-02T12:00:00", "localCloses": "2026-03-02T12:00:00" })).await;
    assert_eq!(turned.faults(), ["input.localCloses CONTRADICTION"]);
    assert_eq!(set(json!({ "localCloses": "2036-03-02T12:00:00" })).await.faults(), ["input.localCloses CONTRADICTION"], "after it begins");
    // Los Angeles is eight hours behind UTC in early March.
    let window = json!({ "localOpens": "2026-03-02T02:00:00", "localCloses": "2026-03-02T03:00:00", "participantsVisibleTo": "PUBLIC" });
    let registration = done(set(window).await, "meeting")["registration"].clone();
    assert_eq!(
        registration,
        json!({ "mode": "OPEN", "opensAt": "2026-03-02T10:00:00Z", "closesAt": "2026-03-02T11:00:00Z", "localOpens": "2026-03-02T02:00:00",
            "open": false, "participantsVisibleTo": "PUBLIC" })
    );
    let officer = hall.officer("rosa").await;
    assert_eq!(hall.try_register(&officer, json!({})).await.code(), "INVALID_TRANSITION");
    app.advance(chrono::TimeDelta::minutes(60));
    let officer = app.signed_in("rosa@body.example").await;
    assert_eq!(hall.register(&officer, json!({})).await["status"], "ACCEPTED");
    app.advance(chrono::TimeDelta::minutes(60));
    let late = hall.officer("luis").await;
    assert_eq!(hall.try_register(&late, json!({})).await.code(), "INVALID_TRANSITION");
    let stale = json!({ "meetingId": hall.meeting, "version": 1, "mode": "OPEN" });
    let coordinator = app.signed_in("coordinator@desk.example").await;
    assert_eq!(more_of(&coordinator, "MeetingRegistrationSet", json!({ "input": stale.clone() })).await.code(), "VERSION_MISMATCH");
    assert_eq!(more_of(&late, "MeetingRegistrationSet", json!({ "input": stale })).await.code(), "FORBIDDEN");
}

async fn comes_back_after_withdrawing(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    let officer = hall.officer("rosa").await;
    let first = hall.register(&officer, json!({ "accessNeeds": "A ramp" })).await;
    assert_eq!(hall.withdraw(&officer, &first["id"]).await["status"], "WITHDRAWN");
    let needs = "query($id: ID!) { node(id: $id) { ... on Participation { accessNeeds } } }";
    let needs = hall.cast.coordinator.data(needs, json!({ "id": first["id"] })).await;
    assert_eq!(needs["node"]["accessNeeds"], serde_json::Value::Null, "who does not come needs nothing");
    let twice = more_of(&officer, "RegistrationWithdraw", json!({ "input": { "participationId": first["id"] } })).await;
    assert_eq!(twice.code(), "INVALID_TRANSITION");
    let again = hall.register(&officer, json!({})).await;
    assert_eq!((&again["id"], &again["status"]), (&first["id"], &json!("ACCEPTED")));
    let other = more_of(&hall.cast.stranger, "RegistrationWithdraw", json!({ "input": { "participationId": first["id"] } })).await;
    assert_eq!(other.code(), "NOT_FOUND");
    assert_eq!(hall.withdraw(&hall.cast.officer, &first["id"]).await["status"], "WITHDRAWN");
    assert_eq!(hall.own(&officer).await["actedBy"]["name"], "Junta");
}

async fn registers_others_only_where_one_may(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    let rosa = hall.officer("rosa").await;
    let luis = user(&hall.officer("luis").await).await;
    assert_eq!(hall.try_register(&rosa, json!({ "personId": luis })).await.code(), "FORBIDDEN");
    assert_eq!(hall.try_register(&hall.cast.stranger, json!({ "personId": luis })).await.code(), "NOT_FOUND", "not of his organisation");
    assert_eq!(hall.register(&hall.cast.officer, json!({ "personId": luis })).await["status"], "ACCEPTED");
    let (stranger, elsewhere) = hall.stranger("junta-two").await;
    let wrong = hall.try_register(&rosa, json!({ "organisationId": id(elsewhere) })).await;
    assert_eq!(wrong.faults(), ["input.organisationId UNKNOWN_ID"]);
    app.account("both@body.example", hall.cast.body, Role::ElectoralBodyOfficer).await;
    let keeper = app.member("keeper@elsewhere.example", elsewhere, Role::ElectoralBodyAdministrator).await;
    let grant = "mutation($input: MembershipGrantInput!) { membershipGrant(input: $input) { membership { id } userErrors { code } } }";
    let both = json!({ "email": "both@body.example", "name": "both", "organisationId": id(elsewhere), "role": "ELECTORAL_BODY_OFFICER" });
    keeper.mutate(grant, both).await;
    let both = app.signed_in("both@body.example").await;
    assert_eq!(hall.try_register(&both, json!({})).await.faults(), ["input.organisationId REQUIRED"]);
    hall.register(&both, json!({ "organisationId": id(elsewhere) })).await;
    assert_eq!(hall.own(&both).await["organisation"]["name"], "junta-two");
    assert_eq!(hall.own(&stranger).await, json!(null));
}

async fn registers_once_under_one_key(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    let officer = hall.officer("rosa").await;
    let first = hall.register(&officer, json!({ "idempotencyKey": "once" })).await;
    assert_eq!(hall.register(&officer, json!({ "idempotencyKey": "once" })).await, first);
    let other = hall.try_register(&officer, json!({ "idempotencyKey": "once", "mode": "IN_PERSON" })).await;
    assert_eq!(other.faults(), ["input.idempotencyKey KEY_REUSED"]);
}
