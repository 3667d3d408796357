//! What belongs to a meeting and is not the caller's answers by its id exactly as an id that nobody has: to `node`, to its own field, to
//! filters and to every mutation that takes it.

use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, TestApp, people::id, stories};

use crate::engagement::world::World;

stories![
    participations_of_others_do_not_exist,
    commitments_of_others_do_not_exist,
    minutes_of_others_do_not_exist,
    polls_of_others_do_not_exist,
];

/// Sends a document about an id and about one that nobody has: whatever is answered must be the same, but for the id itself.
async fn is_as_nobody(who: &str, client: &Client, prefix: &str, hidden: &Value, document: &str, variables: impl Fn(&Value) -> Value) {
    let unknown = json!(format!("{prefix}_00000000000000000000000001"));
    let words = async |id: &Value| {
        let reply = client.graphql(document, variables(id)).await;
        (reply.status, reply.text.replace(id.as_str().unwrap(), "ID"))
    };
    let (seen, nobody) = (words(hidden).await, words(&unknown).await);
    assert_eq!(seen, nobody, "{who}: {document}");
    assert!(!seen.1.contains("INVALID_DOCUMENT") && !seen.1.contains("MALFORMED"), "the document says nothing: {}", seen.1);
}

/// Asks for an object by `node` and `nodes`.
async fn nodes_are_nothing(who: &str, client: &Client, prefix: &str, hidden: &Value) {
    let document = "query($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id]) { __typename id } }";
    is_as_nobody(who, client, prefix, hidden, document, |id| json!({ "id": id })).await;
}

/// Runs mutations that take an object's id in the field of this name.
async fn acts_find_nothing(who: &str, client: &Client, (prefix, field): (&str, &str), hidden: &Value, acts: &[(&str, Value)]) {
    for (act, more) in acts {
        let kind = format!("{}{}", act[..1].to_uppercase(), &act[1..]);
        let document = format!("mutation($input: {kind}Input!) {{ {act}(input: $input) {{ userErrors {{ code reason path message }} }} }}");
        let input = |id: &Value| {
            let mut input = more.clone();
            input[field] = id.clone();
            json!({ "input": input })
        };
        is_as_nobody(who, client, prefix, hidden, &document, input).await;
    }
}

/// A world with a meeting of the desk and the body, and those who have no part in it.
struct Room<'a> {
    world: World<'a>,
    coordinator: Client,
    dialogue: Value,
    meeting: Value,
}

impl<'a> Room<'a> {
    async fn of(app: &'a TestApp, visibility: &str) -> Self {
        let world = World::new(app).await;
        let coordinator = world.coordinator().await;
        let create = "mutation($input: DialogueCreateInput!) { dialogueCreate(input: $input) {
            dialogue { id meetings(first: 1) { nodes { id } } } userErrors { code reason path message } } }";
        let input = json!({
            "title": [{ "language": "en", "text": "Monthly" }], "kind": "GLOBAL", "conveners": [id(world.desk)], "members": [id(world.body)],
            "recurrence": { "localStart": "2026-04-14T19:00:00", "timeZone": "Europe/Madrid", "rule": "FREQ=MONTHLY;BYDAY=2TU" },
            "duration": "PT90M", "format": "ONLINE", "visibility": visibility,
        });
        let dialogue = coordinator.mutate(create, input).await["dialogue"].clone();
        let meeting = dialogue["meetings"]["nodes"][0]["id"].clone();
        Self { world, coordinator, dialogue: dialogue["id"].clone(), meeting }
    }

    /// An officer of another body, a platform's administrator, and nobody at all.
    async fn outsiders(&self) -> [(&'static str, Client); 3] {
        let keeper = self.world.app.member("keeper@parley.example", self.world.platform, Role::PlatformAdministrator).await;
        [("officer", self.world.stranger().await), ("keeper", keeper), ("anonymous", self.world.app.anonymous())]
    }

    async fn act(&self, client: &Client, act: &str, object: &str, input: Value) -> Value {
        let kind = format!("{}{}", act[..1].to_uppercase(), &act[1..]);
        let document = format!(
            "mutation($input: {kind}Input!) {{ {act}(input: $input) {{ {object} {{ id }} userErrors {{ code reason path message }} }} }}"
        );
        client.mutate(&document, input).await[object]["id"].clone()
    }
}

async fn participations_of_others_do_not_exist(app: &TestApp) {
    // Everybody reads the meeting, and its list is open; who came consented to nobody.
    let room = Room::of(app, "PUBLIC").await;
    let officer = room.world.officer().await;
    let registration = json!({ "meetingId": room.meeting, "mode": "OPEN", "participantsVisibleTo": "PUBLIC", "version": 1 });
    room.act(&room.coordinator, "meetingRegistrationSet", "meeting", registration).await;
    let hidden = room.act(&officer, "meetingRegister", "participation", json!({ "meetingId": room.meeting })).await;
    let acts = [
        ("invitationRespond", json!({ "meetingId": room.meeting, "response": "DECLINED" })),
        ("registrationWithdraw", json!({})),
        ("registrationDecide", json!({ "decision": "REJECTED" })),
    ];
    let attended =
        |id: &Value| json!({ "input": { "meetingId": room.meeting, "attendances": [{ "participationId": id, "attended": true }] } });
    let attendance =
        "mutation($input: AttendanceRecordInput!) { attendanceRecord(input: $input) { userErrors { code reason path message } } }";
    for (who, client) in &room.outsiders().await {
        nodes_are_nothing(who, client, "participation", &hidden).await;
        acts_find_nothing(who, client, ("participation", "participationId"), &hidden, &acts).await;
        is_as_nobody(who, client, "participation", &hidden, attendance, attended).await;
    }
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(officer.data(node, json!({ "id": hidden })).await["node"]["id"], hidden, "the document would tell");
}

async fn commitments_of_others_do_not_exist(app: &TestApp) {
    let room = Room::of(app, "PARTIES").await;
    let promise = json!({
        "meetingId": room.meeting, "committedById": id(room.world.body), "toWhom": [id(room.world.desk)], "text": "To answer", "dueOn": "2026-12-01",
    });
    let hidden = room.act(&room.coordinator, "commitmentCreate", "commitment", promise).await;
    let field = "query($id: ID!) { commitment(id: $id) { id } }";
    for (who, client) in &room.outsiders().await {
        nodes_are_nothing(who, client, "commitment", &hidden).await;
        is_as_nobody(who, client, "commitment", &hidden, field, |id| json!({ "id": id })).await;
        let acts = [
            ("commitmentAccept", json!({})),
            ("commitmentReport", json!({ "note": "Half way" })),
            ("commitmentConfirm", json!({})),
            ("commitmentWithdraw", json!({ "reason": "Too much" })),
            ("commitmentSupersede", json!({ "successorId": "commitment_00000000000000000000000002" })),
        ];
        acts_find_nothing(who, client, ("commitment", "commitmentId"), &hidden, &acts).await;
    }
    // In place of one's own commitment stands no other that one does not read.
    let (representative, own) = (
        room.world.representative().await,
        json!({
            "committedById": id(room.world.platform), "toWhom": [id(room.world.body)], "text": "Sooner", "dueOn": "2026-12-01",
        }),
    );
    let own = room.act(&room.coordinator, "commitmentCreate", "commitment", own).await;
    acts_find_nothing(
        "successor",
        &representative,
        ("commitment", "successorId"),
        &hidden,
        &[("commitmentSupersede", json!({ "commitmentId": own }))],
    )
    .await;
}

async fn minutes_of_others_do_not_exist(app: &TestApp) {
    let room = Room::of(app, "PUBLIC").await;
    let write = json!({ "meetingId": room.meeting, "text": "Said", "summaryPublic": "For all" });
    let of = "query($id: ID!) { meeting(id: $id) { minutes { id } } }";
    let comments = "mutation($input: MinutesCommentInput!) { minutesComment(input: $input) { minutes { id } userErrors { code reason path message } } }";
    let bare = json!({ "dialogueId": room.dialogue });
    let other = "query($dialogueId: ID!) { dialogue(id: $dialogueId) { meetings(first: 2) { nodes { id } } } }";
    let without = room.coordinator.data(other, bare).await["dialogue"]["meetings"]["nodes"][1]["id"].clone();
    let hidden = room.act(&room.coordinator, "minutesRevise", "minutes", write).await;
    let officer = room.world.officer().await;
    // Nobody but the organisers knows of a draft; who takes part knows of what is circulated.
    let mut outsiders = vec![("member", officer.clone())];
    outsiders.extend(room.outsiders().await);
    for step in ["draft", "circulated"] {
        for (who, client) in &outsiders {
            nodes_are_nothing(who, client, "minutes", &hidden).await;
            // A meeting whose minutes one does not read is as one without.
            let answer = async |meeting: &Value| {
                let read = client.graphql(of, json!({ "id": meeting })).await.text;
                let comment = client.graphql(comments, json!({ "input": { "meetingId": meeting, "text": "So?" } })).await.text;
                (read.replace(meeting.as_str().unwrap(), "ID"), comment.replace(meeting.as_str().unwrap(), "ID"))
            };
            assert_eq!(answer(&room.meeting).await, answer(&without).await, "{who} {step}");
        }
        if step == "draft" {
            room.act(&room.coordinator, "minutesCirculate", "minutes", json!({ "meetingId": room.meeting, "version": 1 })).await;
            outsiders.remove(0);
        }
    }
    assert_eq!(officer.data(of, json!({ "id": room.meeting })).await["meeting"]["minutes"]["id"], hidden, "the document would tell");
}

async fn polls_of_others_do_not_exist(app: &TestApp) {
    let room = Room::of(app, "PUBLIC").await;
    let slot = |day: u32| json!({ "localStart": format!("2026-06-{day:02}T10:00:00"), "timeZone": "Europe/Madrid" });
    let poll = json!({ "dialogueId": room.dialogue, "candidates": [slot(2), slot(3)], "closesAt": "2026-06-01T00:00:00Z" });
    let hidden = room.act(&room.coordinator, "slotPollOpen", "slotPoll", poll).await;
    let field = "query($id: ID!) { slotPoll(id: $id) { id } }";
    let acts = [
        ("slotPollAnswer", json!({ "answers": ["AVAILABLE", "AVAILABLE"] })),
        ("slotPollChoose", json!({ "candidate": 0, "version": 1 })),
        ("slotPollClose", json!({ "version": 1 })),
    ];
    for (who, client) in &room.outsiders().await {
        nodes_are_nothing(who, client, "poll", &hidden).await;
        is_as_nobody(who, client, "poll", &hidden, field, |id| json!({ "id": id })).await;
        acts_find_nothing(who, client, ("poll", "pollId"), &hidden, &acts).await;
    }
    let officer = room.world.officer().await;
    assert_eq!(officer.data(field, json!({ "id": hidden })).await["slotPoll"]["id"], hidden, "the document would tell");
}
