//! Who sees the list of participants: nobody, those who take part, everybody; each only who consents.

use serde_json::json;
use tertulia_tests::{Client, TestApp, people::id, stories};

use super::{Hall, done, more_of, names, nodes, user};

stories![
    each_reader_sees_who_consents,
    filters_and_counts_see_no_more,
    others_learn_nothing_by_id,
    guests_take_part_too,
    pages_through_in_one_order
];

/// Three of the body who come and consent to nobody, participants and everybody, and one more who declined though listed.
pub(super) async fn people(hall: &Hall<'_>) -> Vec<Client> {
    hall.open("OPEN").await;
    let mut people = Vec::new();
    for (name, listed) in [("nora", "NOBODY"), ("pia", "PARTICIPANTS"), ("paul", "PUBLIC"), ("dora", "PUBLIC")] {
        let client = hall.officer(name).await;
        hall.register(&client, json!({ "listed": listed })).await;
        people.push(client);
    }
    hall.respond(&people[3], "DECLINED", json!({})).await;
    people
}

pub(super) async fn visible_to(hall: &Hall<'_>, level: &str) {
    let input = json!({ "meetingId": hall.meeting, "version": hall.version().await, "mode": "OPEN", "participantsVisibleTo": level });
    done(more_of(&hall.cast.coordinator, "MeetingRegistrationSet", json!({ "input": input })).await, "meeting");
}

async fn each_reader_sees_who_consents(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let people = people(&hall).await;
    let party = hall.officer("luis").await;
    let everybody = vec!["dora", "nora", "paul", "pia"];
    for (level, to_party, to_anyone) in
        [("NOBODY", vec![], vec![]), ("PARTICIPANTS", vec!["paul", "pia"], vec![]), ("PUBLIC", vec!["paul", "pia"], vec!["paul"])]
    {
        visible_to(&hall, level).await;
        for (client, sees) in [
            (&hall.cast.coordinator, &everybody),
            // The administrator of the people's own organisation acts for them.
            (&hall.cast.officer, &everybody),
            (&party, &to_party),
            (&hall.cast.stranger, &to_anyone),
            (&app.anonymous(), &to_anyone),
        ] {
            let room = hall.room(client, json!({})).await;
            assert_eq!((&names(&room), &room["participants"]["totalCount"]), (sees, &json!(sees.len())), "{level}");
        }
        let mut own = to_party.clone();
        own.insert(0, "nora");
        assert_eq!(names(&hall.room(&people[0], json!({})).await), own, "{level}: oneself always");
    }
}

async fn filters_and_counts_see_no_more(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    people(&hall).await;
    visible_to(&hall, "PUBLIC").await;
    for (filter, to_stranger, to_organiser) in [
        (json!({ "organisationId": id(hall.cast.body) }), 1, 4),
        (json!({ "statuses": ["DECLINED"] }), 0, 1),
        (json!({ "statuses": ["ACCEPTED"], "mode": "ONLINE", "capacityRoles": ["EB_DELEGATE"] }), 1, 3),
        (json!({ "organisationId": id(hall.cast.platform) }), 0, 0),
    ] {
        for (client, sees) in [(&hall.cast.stranger, to_stranger), (&hall.cast.coordinator, to_organiser)] {
            let room = hall.room(client, json!({ "filter": filter })).await;
            assert_eq!((nodes(&room).len(), &room["participants"]["totalCount"]), (sees, &json!(sees)), "{filter}");
        }
    }
    let wrong = more_of(&hall.cast.stranger, "Room", json!({ "id": hall.meeting, "filter": { "organisationId": hall.meeting } })).await;
    assert_eq!(wrong.code(), "INVALID_INPUT");
}

async fn others_learn_nothing_by_id(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let people = people(&hall).await;
    visible_to(&hall, "PUBLIC").await;
    let query = "query($id: ID!) { node(id: $id) { id ... on Participation { person { name email } accessNeeds interpretationNeeds actedBy { id } } } nodes(ids: [$id]) { id } }";
    for (index, seen) in [(0, false), (1, false), (2, true), (3, false)] {
        let own = hall.own(&people[index]).await;
        let found = hall.cast.stranger.data(query, json!({ "id": own["id"] })).await;
        assert_eq!((found["node"].is_object(), found["nodes"][0].is_object()), (seen, seen), "{index}");
        if seen {
            assert_eq!(found["node"]["person"], json!({ "name": "paul", "email": null }));
            assert_eq!(found["node"]["interpretationNeeds"], json!([]));
        }
    }
}

async fn guests_take_part_too(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    people(&hall).await;
    let guest = &hall.cast.stranger;
    assert_eq!(names(&hall.room(guest, json!({})).await), Vec::<&str>::new());
    hall.invite(json!([{ "organisationId": id(hall.cast.platform), "personId": user(guest).await }])).await;
    assert_eq!(names(&hall.room(guest, json!({})).await), ["paul", "pia", "rep"], "who is invited sees who comes, and himself");
    assert_eq!(hall.room(guest, json!({})).await["capacity"]["onlineTaken"], 3);
    hall.respond(guest, "DECLINED", json!({})).await;
    assert_eq!(names(&hall.room(guest, json!({})).await), ["rep"]);
}

async fn pages_through_in_one_order(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    people(&hall).await;
    let mut seen = Vec::new();
    let mut after = json!(null);
    loop {
        let page = hall.room(&hall.cast.coordinator, json!({ "first": 3, "after": after })).await;
        assert_eq!(page["participants"]["totalCount"], 4);
        seen.extend(nodes(&page).iter().map(|one| one["person"]["name"].as_str().unwrap().to_owned()));
        after = page["participants"]["pageInfo"]["endCursor"].clone();
        if page["participants"]["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(seen, ["nora", "pia", "paul", "dora"]);
    // Many meetings with their participants cost no more statements than one.
    let list = "query($first: Int) { meetings(first: $first) { nodes { id capacity { onlineTaken waiting } interpretationGap { language }
        viewerParticipation { id } participants(first: 5) { totalCount nodes { id waitlistPosition person { name } } } } } }";
    let cost = async |first: i64| hall.cast.coordinator.graphql(list, json!({ "first": first })).await.statements();
    cost(20).await;
    assert_eq!(cost(20).await, cost(1).await);
}
