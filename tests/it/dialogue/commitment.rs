//! Commitments: promised, reported on, confirmed, listed by their days, and reminded of.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tertulia_tests::{Client, TestApp, stories};

use super::{Circles, act, commitments, done, each, full, promise};
use crate::engagement::world::{self, World};

stories![
    from_a_proposal_to_its_fulfilment,
    nothing_is_kept_on_the_word_of_who_promised,
    refuses_what_is_wrong,
    refuses_what_is_foreign_or_out_of_turn,
    lists_by_the_day_and_what_is_overdue,
    evidence_is_shown_to_who_may_read_it,
    reminds_once_before_and_once_after,
];

async fn create(client: &Client, input: Value) -> Value {
    done(client, "CommitmentCreate", "commitment", input).await
}

async fn from_a_proposal_to_its_fulfilment(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (coordinator, platform, body) = (&circles.cast.coordinator, &circles.cast.stranger, &circles.cast.officer);
    let mut input = promise(&circles);
    input["meetingId"] = circles.meeting.clone();
    input["idempotencyKey"] = "k".into();
    let made = create(coordinator, input.clone()).await;
    assert_eq!((&made["status"], &made["version"]), (&json!("PROPOSED"), &json!(1)));
    assert_eq!(create(coordinator, input).await, made, "sent again it makes none");
    let id = &made["id"];
    let accepted = platform.mutate(&act("Accept"), json!({ "commitmentId": id, "version": 1 })).await["commitment"].clone();
    assert_eq!(accepted["status"], "ACCEPTED");
    let report = |note: &str, claim: Value| json!({ "commitmentId": id, "note": note, "claim": claim });
    let told = done(platform, "CommitmentReport", "commitment", report("Somebody was found", Value::Null)).await;
    assert_eq!(told, json!({ "id": id, "status": "IN_PROGRESS", "version": 3 }));
    let claimed = done(platform, "CommitmentReport", "commitment", report("Done", json!("FULFILLED"))).await;
    assert_eq!(claimed["status"], "IN_PROGRESS", "a claim waits for the other side");
    let kept = done(body, "CommitmentConfirm", "commitment", json!({ "commitmentId": id, "note": "Yes" })).await;
    assert_eq!(kept, json!({ "id": id, "status": "FULFILLED", "version": 5 }));
    let document = "query($id: ID!, $meeting: ID!) { commitment(id: $id) { status claim overdue committedBy { name } toWhom { name }
        confirmedBy { name } meeting { id } progress { step status outcome note organisation { name } person { name } } }
        node(id: $id) { ... on Commitment { text } } meeting(id: $meeting) { commitments { totalCount nodes { id } } } }";
    let variables = json!({ "id": id, "meeting": circles.meeting });
    let found = app.anonymous().data(document, variables.clone()).await;
    assert_eq!(found["node"]["text"], "To name a person who answers at weekends");
    assert_eq!(found["meeting"]["commitments"], json!({ "totalCount": 1, "nodes": [{ "id": id }] }));
    let one = &found["commitment"];
    assert_eq!((&one["committedBy"]["name"], &one["toWhom"][0]["name"]), (&json!("Platform"), &json!("Junta")));
    assert_eq!((&one["confirmedBy"]["name"], &one["claim"]), (&json!("Junta"), &json!("FULFILLED")));
    assert_eq!(each(&one["progress"], "step"), ["CREATED", "ACCEPTED", "REPORTED", "REPORTED", "CONFIRMED"]);
    assert!(one["progress"].as_array().unwrap().iter().all(|act| act["person"].is_null()));
    let own = body.data(document, variables).await["commitment"]["progress"].clone();
    assert_eq!((&own[4]["person"]["name"], &own[3]["person"]), (&json!("officer"), &Value::Null));
    let mine = create(platform, promise(&circles)).await;
    assert_eq!(mine["status"], "ACCEPTED", "put down by who promises it is promised");
}

async fn nothing_is_kept_on_the_word_of_who_promised(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (platform, body) = (&circles.cast.stranger, &circles.cast.officer);
    let page = json!([{ "kind": "URL", "ref": "https://platform.example/news" }]);
    for (claim, evidence, status) in [
        ("FULFILLED", json!([]), "IN_PROGRESS"),
        ("PARTLY_FULFILLED", json!([]), "IN_PROGRESS"),
        ("MISSED", json!([]), "MISSED"),
        ("FULFILLED", page.clone(), "FULFILLED"),
        ("PARTLY_FULFILLED", page, "PARTLY_FULFILLED"),
    ] {
        let id = create(platform, promise(&circles)).await["id"].clone();
        let input = json!({ "commitmentId": id, "claim": claim, "evidence": evidence });
        let told = done(platform, "CommitmentReport", "commitment", input).await;
        assert_eq!(told["status"], status, "{claim} with {evidence}");
        let other = if claim == "FULFILLED" { "PARTLY_FULFILLED" } else { "FULFILLED" };
        let contradicted = json!({ "input": { "commitmentId": id, "outcome": other } });
        let by_itself = full(platform, "CommitmentConfirm", contradicted.clone()).await;
        assert_eq!(by_itself.code(), "FORBIDDEN", "who promised confirms nothing");
        let reply = full(body, "CommitmentConfirm", contradicted).await;
        if status == "IN_PROGRESS" {
            assert_eq!(reply.data()["commitmentConfirm"]["commitment"]["status"], other, "the other side has the word");
        } else {
            assert_eq!(reply.code(), "INVALID_TRANSITION", "{status}");
        }
    }
}

/// The input of a front end with other fields.
fn changed(mut input: Value, change: &Value) -> Value {
    input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    json!({ "input": input })
}

async fn refuses_what_is_wrong(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (coordinator, platform) = (&circles.cast.coordinator, &circles.cast.stranger);
    let with = |change: Value| changed(promise(&circles), &change);
    let nobody = "organisation_00000000000000000000000001";
    let (own, desk) = (circles.cast.platform.to_string(), circles.cast.desk.to_string());
    let wrong = json!({ "toWhom": [own, desk, desk, "x"], "text": " ", "dueOn": "2026-03-01", "meetingId": own,
        "instrumentId": desk });
    assert_eq!(
        full(coordinator, "CommitmentCreate", with(wrong)).await.faults(),
        [
            "input.meetingId WRONG_KIND",
            "input.instrumentId WRONG_KIND",
            "input.toWhom.0 CONTRADICTION",
            "input.toWhom.2 DUPLICATE",
            "input.toWhom.3 MALFORMED",
            "input.text REQUIRED",
            "input.dueOn IN_PAST",
        ]
    );
    assert_eq!(full(coordinator, "CommitmentCreate", with(json!({ "toWhom": [] }))).await.faults(), ["input.toWhom REQUIRED"]);
    let instrument = "instrument_00000000000000000000000001";
    let unknown = json!({ "toWhom": [nobody], "committedById": "organisation_00000000000000000000000002", "instrumentId": instrument });
    let unknown = with(unknown);
    let faults = full(coordinator, "CommitmentCreate", unknown).await.faults();
    assert_eq!(faults, ["input.instrumentId UNKNOWN_ID", "input.committedById UNKNOWN_ID", "input.toWhom.0 UNKNOWN_ID"]);
    for (place, fault) in [
        (json!({ "meetingId": "meeting_00000000000000000000000001" }), "input.meetingId UNKNOWN_ID"),
        (json!({ "agendaItemId": "agenda_00000000000000000000000001" }), "input.agendaItemId UNKNOWN_ID"),
    ] {
        assert_eq!(full(coordinator, "CommitmentCreate", with(place)).await.faults(), [fault]);
    }
    let id = create(platform, promise(&circles)).await["id"].clone();
    let input = |more: Value| changed(json!({ "commitmentId": id }), &more);
    assert_eq!(full(platform, "CommitmentReport", input(json!({}))).await.faults(), ["input.note REQUIRED"]);
    let evidence = json!({ "evidence": [{ "kind": "URL", "ref": "nowhere" }, { "kind": "CONTACT", "ref": nobody }] });
    let faults = full(platform, "CommitmentReport", input(evidence)).await.faults();
    assert_eq!(faults, ["input.evidence.0.ref MALFORMED", "input.evidence.1.ref WRONG_KIND"]);
    let missing = json!({ "evidence": [
        { "kind": "CHANNEL", "ref": "channel_00000000000000000000000001" }, { "kind": "CONTACT", "ref": "contact_00000000000000000000000001" },
        { "kind": "PUBLICATION", "ref": "publication_00000000000000000000000001" }] });
    assert_eq!(
        full(platform, "CommitmentReport", input(missing)).await.faults(),
        ["input.evidence.0.ref UNKNOWN_ID", "input.evidence.1.ref UNKNOWN_ID", "input.evidence.2.ref UNKNOWN_ID"]
    );
    let itself = platform.graphql(&act("Supersede"), input(json!({ "successorId": id }))).await;
    assert_eq!(itself.faults(), ["input.successorId CONTRADICTION"]);
}

async fn refuses_what_is_foreign_or_out_of_turn(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let (coordinator, platform, body) = (&circles.cast.coordinator, &circles.cast.stranger, &circles.cast.officer);
    let fresh = json!({ "input": promise(&circles) });
    assert_eq!(full(&circles.anonymous, "CommitmentCreate", fresh.clone()).await.code(), "UNAUTHENTICATED");
    assert_eq!(full(body, "CommitmentCreate", fresh).await.code(), "FORBIDDEN", "nobody promises for another");
    let id = create(coordinator, promise(&circles)).await["id"].clone();
    let input = |more: Value| changed(json!({ "commitmentId": id }), &more);
    assert_eq!(full(platform, "CommitmentReport", input(json!({ "note": "x" }))).await.code(), "INVALID_TRANSITION", "not promised yet");
    assert_eq!(full(body, "CommitmentConfirm", input(json!({}))).await.code(), "INVALID_TRANSITION");
    for (name, more) in [("Accept", json!({})), ("Report", json!({ "note": "x" })), ("Withdraw", json!({ "reason": "x" }))] {
        assert_eq!(body.graphql(&act(name), input(more)).await.code(), "FORBIDDEN", "{name} is for who promises");
    }
    assert_eq!(platform.graphql(&act("Accept"), input(json!({ "version": 2 }))).await.code(), "VERSION_MISMATCH");
    assert_eq!(platform.graphql(&act("Accept"), input(json!({}))).await.code_or_none(), None);
    assert_eq!(platform.graphql(&act("Accept"), input(json!({}))).await.code(), "INVALID_TRANSITION");
    let early = full(body, "CommitmentConfirm", input(json!({ "outcome": "MISSED" }))).await;
    assert_eq!(early.code(), "INVALID_TRANSITION", "its day is not over");
    let successor = create(platform, promise(&circles)).await["id"].clone();
    let replaced = platform.mutate(&act("Supersede"), json!({ "commitmentId": id, "successorId": successor })).await["commitment"].clone();
    assert_eq!((&replaced["status"], &replaced["supersededBy"]["id"]), (&json!("SUPERSEDED"), &successor));
    assert_eq!(platform.graphql(&act("Withdraw"), input(json!({ "reason": "x" }))).await.code(), "INVALID_TRANSITION");
    app.advance(TimeDelta::days(11));
    let body = app.signed_in("officer@body.example").await;
    let missed = done(&body, "CommitmentConfirm", "commitment", json!({ "commitmentId": successor, "outcome": "MISSED" })).await;
    assert_eq!(missed["status"], "MISSED");
}

async fn lists_by_the_day_and_what_is_overdue(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    for day in [20, 5, 12, 30, 9] {
        let mut input = promise(&circles);
        input["dueOn"] = format!("2026-03-{day:02}").into();
        input["text"] = format!("by the {day}").into();
        create(&circles.cast.stranger, input).await;
    }
    app.advance(TimeDelta::days(8));
    let platform = app.signed_in("rep@platform.example").await;
    let all = ["by the 5", "by the 9", "by the 12", "by the 20", "by the 30"];
    let none: [&str; 0] = [];
    let dialogue = "query($id: ID!) { meeting(id: $id) { dialogue { id } } }";
    let dialogue = platform.data(dialogue, json!({ "id": circles.meeting })).await["meeting"]["dialogue"]["id"].clone();
    for (filter, wanted) in [
        (Value::Null, &all[..]),
        (json!({ "overdue": true }), &all[..2]),
        (json!({ "overdue": false }), &all[2..]),
        (json!({ "dueFrom": "2026-03-09", "dueTo": "2026-03-20" }), &all[1..3]),
        (json!({ "status": ["FULFILLED"] }), &none),
        (json!({ "committedBy": [circles.cast.body.to_string()] }), &none),
        (json!({ "toWhom": [circles.cast.body.to_string()] }), &all),
        (json!({ "dialogueId": dialogue }), &none),
    ] {
        assert_eq!(commitments(&platform, filter.clone()).await, wanted, "on the 10th: {filter}");
    }
    let listed = full(&platform, "Commitments", json!({ "first": 3 })).await.data()["commitments"]["nodes"].clone();
    assert_eq!(listed.as_array().unwrap().iter().map(|one| &one["overdue"]).collect::<Vec<_>>(), [true, true, false]);
    let document = "query($after: String, $first: Int, $last: Int) { commitments(orderBy: DUE_ON_DESC, first: $first, after: $after,
        last: $last) { nodes { text } pageInfo { hasNextPage endCursor } } }";
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = platform.data(document, json!({ "first": 2, "after": after })).await["commitments"].clone();
        seen.extend(each(&page["nodes"], "text").into_iter().map(str::to_owned));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert!(seen.iter().eq(all.iter().rev()), "{seen:?}");
    let last = platform.data(document, json!({ "last": 2 })).await["commitments"].clone();
    assert_eq!(each(&last["nodes"], "text"), ["by the 9", "by the 5"]);
    let wrong = json!({ "committedBy": ["x"], "meetingIds": [circles.cast.body.to_string()] });
    assert_eq!(full(&platform, "Commitments", json!({ "filter": wrong })).await.code(), "INVALID_INPUT");
    let cost = async |first: u32| full(&platform, "Commitments", json!({ "first": first })).await.statements();
    cost(1).await;
    assert_eq!(cost(1).await, cost(5).await);
}

async fn evidence_is_shown_to_who_may_read_it(app: &TestApp) {
    let world = World::new(app).await;
    let (officer, representative, coordinator) = (world.officer().await, world.representative().await, world.coordinator().await);
    let contact = world::done(&officer, "ContactLog", world.contact(&json!({ "visibility": "PARTIES" }))).await["id"].clone();
    let promise = json!({ "committedById": world.platform.to_string(), "toWhom": [world.body.to_string(), world.other_body.to_string()],
        "text": "To answer", "dueOn": "2026-03-12" });
    let id = create(&representative, promise).await["id"].clone();
    let page = "https://parley.example/news";
    let shown = json!([{ "kind": "CONTACT", "ref": contact }, { "kind": "URL", "ref": page }]);
    let told = json!({ "commitmentId": id, "claim": "FULFILLED", "evidence": shown });
    assert_eq!(done(&representative, "CommitmentReport", "commitment", told).await["status"], "FULFILLED");
    let document = "query($id: ID!) { commitment(id: $id) { evidence { kind ref } progress { evidence { kind ref } } } }";
    for (client, wanted) in [
        (&representative, shown.clone()),
        (&officer, shown.clone()),
        (&coordinator, shown),
        (&world.stranger().await, json!([{ "kind": "URL", "ref": page }])),
    ] {
        let found = client.data(document, json!({ "id": id })).await["commitment"].clone();
        assert_eq!((&found["evidence"], &found["progress"][1]["evidence"]), (&wanted, &wanted));
    }
}

async fn reminds_once_before_and_once_after(app: &TestApp) {
    let circles = Circles::around(app, "PUBLIC", "ATTRIBUTED").await;
    let platform = &circles.cast.stranger;
    let mut far = promise(&circles);
    far["dueOn"] = "2026-06-01".into();
    create(platform, far).await;
    create(&circles.cast.coordinator, promise(&circles)).await;
    let spanish =
        "mutation($input: OrganisationUpdateInput!) { platformUpdate(input: $input) { platform { id } userErrors { code path message } } }";
    platform.mutate(spanish, json!({ "id": circles.cast.platform.to_string(), "version": 1, "languages": ["es-PE", "en"] })).await;
    create(platform, promise(&circles)).await;
    let remind = async || {
        for _ in 0..2 {
            tertulia_app::dialogue::commitment_reminder::remind(&app.app, &app.app.system()).await.unwrap();
        }
        app.mails("rep@platform.example").await
    };
    assert_eq!(remind().await.len(), 0, "ten days before");
    app.advance(TimeDelta::days(4));
    let soon = remind().await;
    assert_eq!(soon.len(), 1, "six days before; a proposal and what is far away are not due");
    assert!(soon[0].contains("Subject: Un compromiso vence pronto") && soon[0].contains("2026-03-12"), "{}", soon[0]);
    assert!(soon[0].contains("To name a person who answers at weekends"), "{}", soon[0]);
    app.advance(TimeDelta::days(6));
    assert_eq!(remind().await.len(), 1, "on the day itself nothing is late");
    app.advance(TimeDelta::days(1));
    let all = remind().await;
    assert_eq!(all.len(), 2);
    assert_eq!(all.iter().filter(|mail| mail.contains("Subject: Un compromiso ha vencido")).count(), 1, "{all:?}");
    app.advance(TimeDelta::days(20));
    assert_eq!(remind().await.len(), 2, "each once");
    let others: Vec<String> = app.mails("officer@body.example").await.into_iter().filter(|mail| !mail.contains("text/calendar")).collect();
    assert_eq!(others.len(), 0, "who was promised something is not reminded");
    let sent = app.database.counts("SELECT act, count(*) FROM audit_entry WHERE act = 'commitment.remind' GROUP BY act").await;
    assert_eq!(sent.get("commitment.remind"), Some(&2));
}
