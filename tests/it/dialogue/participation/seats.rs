//! Seats: counted in the room and online, kept for roles, waited for, offered, let go; none is given twice.

use futures::future::join_all;
use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::{Client, TestApp, people::PASSWORD, stories};

use super::{Hall, done, more_of, nodes};

stories![
    waits_in_order_and_moves_up,
    an_offer_lapses_and_the_next_one_is_asked,
    near_the_start_an_offer_is_short,
    keeps_seats_for_roles,
    is_not_lowered_below_what_is_taken,
    are_only_where_one_can_take_part,
    changing_ones_way_needs_a_seat_there,
    the_queue_is_for_oneself_and_the_organisers,
    five_hundred_for_ten_seats,
    two_servers_offer_a_seat_once,
    the_seat_of_who_is_erased_goes_to_who_waits,
];

/// So many officers of the body, each registered in the room, in this order.
async fn fill(hall: &Hall<'_>, names: &[&str]) -> Vec<(Client, Value)> {
    let mut people = Vec::new();
    for name in names {
        let client = hall.officer(name).await;
        let one = hall.register(&client, json!({ "mode": "IN_PERSON" })).await;
        people.push((client, one));
    }
    people
}

async fn waits_in_order_and_moves_up(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    hall.seats(json!(1), json!(null), json!([])).await.data();
    let people = fill(&hall, &["rosa", "luis", "ines", "juan"]).await;
    let places: Vec<_> = people.iter().map(|(_, one)| (one["status"].as_str().unwrap(), one["waitlistPosition"].as_i64())).collect();
    assert_eq!(places, [("ACCEPTED", None), ("WAITLISTED", Some(1)), ("WAITLISTED", Some(2)), ("WAITLISTED", Some(3))]);
    let room = hall.room(&hall.cast.coordinator, json!({})).await;
    assert_eq!((&room["capacity"]["inPersonTaken"], &room["capacity"]["waiting"]), (&json!(1), &json!(3)));
    // One in the middle leaves: who stands behind moves up, who stands before stays.
    hall.withdraw(&people[2].0, &people[2].1["id"]).await;
    assert_eq!(hall.own(&people[1].0).await["waitlistPosition"], 1);
    assert_eq!(hall.own(&people[3].0).await["waitlistPosition"], 2);
    hall.withdraw(&people[0].0, &people[0].1["id"]).await;
    let offered = hall.own(&people[1].0).await;
    assert_eq!((&offered["status"], &offered["offeredUntil"]), (&json!("OFFERED"), &json!("2026-03-03T09:00:00Z")));
    // The seat is his while he thinks; one who comes now waits behind the others.
    let late = hall.register(&hall.officer("eva").await, json!({ "mode": "IN_PERSON" })).await;
    assert_eq!((&late["status"], &late["waitlistPosition"]), (&json!("WAITLISTED"), &json!(2)));
    assert_eq!(hall.respond(&people[1].0, "ACCEPTED", json!({})).await["status"], "ACCEPTED");
}

async fn the_seat_of_who_is_erased_goes_to_who_waits(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    hall.seats(json!(1), json!(null), json!([])).await.data();
    let people = fill(&hall, &["rosa", "luis"]).await;
    let erase = "mutation($input: UserEraseInput!) { userErase(input: $input) { user { id } userErrors { code reason path message } } }";
    people[0].0.mutate(erase, json!({ "password": PASSWORD })).await;
    assert_eq!(hall.own(&people[1].0).await["status"], "OFFERED");
    let room = hall.room(&hall.cast.coordinator, json!({})).await;
    let left: Vec<(&Value, &Value)> = nodes(&room).iter().map(|one| (&one["status"], &one["person"]["name"])).collect();
    assert!(left.contains(&(&json!("WITHDRAWN"), &Value::Null)) && left.contains(&(&json!("OFFERED"), &json!("luis"))), "{left:?}");
}

async fn an_offer_lapses_and_the_next_one_is_asked(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    hall.seats(json!(1), json!(null), json!([])).await.data();
    let people = fill(&hall, &["rosa", "luis", "ines"]).await;
    hall.withdraw(&people[0].0, &people[0].1["id"]).await;
    app.advance(chrono::TimeDelta::hours(24));
    let (luis, ines) = (app.signed_in("luis@body.example").await, app.signed_in("ines@body.example").await);
    // Whoever acts first finds it lapsed, if the worker has not been there before.
    assert_eq!(hall.try_respond(&luis, "ACCEPTED", json!({})).await.code(), "INVALID_TRANSITION");
    let late = hall.register(&hall.officer("eva").await, json!({ "mode": "IN_PERSON" })).await;
    assert_eq!(late["status"], "WAITLISTED");
    assert_eq!(hall.own(&luis).await["status"], "LAPSED");
    assert_eq!(hall.own(&ines).await["status"], "OFFERED");
    // Who let it pass queues anew, behind the others.
    let again = hall.register(&luis, json!({ "mode": "IN_PERSON" })).await;
    assert_eq!((&again["status"], &again["waitlistPosition"]), (&json!("WAITLISTED"), &json!(2)));
    let topics = app.database.counts("SELECT act, count(*) FROM audit_entry GROUP BY act").await;
    assert_eq!((topics["registration.offer"], topics["registration.lapse"]), (2, 1), "the server's own acts are in the record as such");
}

async fn near_the_start_an_offer_is_short(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    hall.seats(json!(1), json!(null), json!([])).await.data();
    fill(&hall, &["rosa", "luis"]).await;
    // Ten hours before 16 October, 02:00 UTC.
    app.advance("2026-10-15T16:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.app.clock.now());
    let (rosa, luis) = (app.signed_in("rosa@body.example").await, app.signed_in("luis@body.example").await);
    let own = hall.own(&rosa).await;
    hall.withdraw(&rosa, &own["id"]).await;
    assert_eq!(hall.own(&luis).await["offeredUntil"], "2026-10-15T21:00:00Z");
}

async fn keeps_seats_for_roles(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    let experts = json!([{ "capacityRole": "EXPERT", "mode": "IN_PERSON", "seats": 1 }]);
    hall.seats(json!(2), json!(0), experts).await.data();
    let people = fill(&hall, &["rosa", "luis"]).await;
    assert_eq!((&people[0].1["status"], &people[1].1["status"]), (&json!("ACCEPTED"), &json!("WAITLISTED")));
    let university = app.organisation(tertulia_domain::policy::OrganisationKind::Academia, "University").await;
    let ada = app.member("ada@university.example", university, Role::Expert).await;
    let seated = hall.register(&ada, json!({ "mode": "IN_PERSON" })).await;
    assert_eq!(seated["status"], "ACCEPTED", "the kept seat is hers though others wait");
    let online = hall.register(&app.member("bob@university.example", university, Role::Expert).await, json!({})).await;
    assert_eq!(
        (&online["status"], &online["waitlistPosition"]),
        (&json!("WAITLISTED"), &json!(1)),
        "online there is no seat, and a queue of its own"
    );
    hall.withdraw(&ada, &seated["id"]).await;
    assert_eq!(hall.own(&people[1].0).await["status"], "WAITLISTED", "and it stays an expert's");
}

async fn is_not_lowered_below_what_is_taken(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    let people = fill(&hall, &["rosa", "luis", "ines"]).await;
    let refused = hall.seats(json!(2), json!(null), json!([])).await;
    assert_eq!(refused.faults(), ["input.inPerson OUT_OF_RANGE"]);
    let error = refused.body["data"]["meetingCapacitySet"]["userErrors"][0].clone();
    assert_eq!((&error["code"], &error["message"]), (&json!("INVALID_INPUT"), &json!("3 seats are taken; there cannot be fewer.")));
    done(hall.seats(json!(3), json!(5), json!([])).await, "meeting");
    let waits = hall.register(&hall.officer("juan").await, json!({ "mode": "IN_PERSON" })).await;
    assert_eq!(waits["status"], "WAITLISTED");
    done(hall.seats(json!(4), json!(5), json!([])).await, "meeting");
    assert_eq!(hall.own(&app.signed_in("juan@body.example").await).await["status"], "OFFERED", "the new seat is offered");
    let many = hall.seats(json!(4), json!(-1), json!([{ "capacityRole": "CHAIR", "mode": "IN_PERSON", "seats": 9 }])).await;
    assert_eq!(many.faults(), ["input.reservedSeats CONTRADICTION", "input.online OUT_OF_RANGE"]);
    let foreign = json!({ "input": { "meetingId": hall.meeting, "version": 1, "inPerson": 9 } });
    assert_eq!(more_of(&people[0].0, "MeetingCapacitySet", foreign.clone()).await.code(), "FORBIDDEN");
    assert_eq!(more_of(&hall.cast.coordinator, "MeetingCapacitySet", foreign).await.code(), "VERSION_MISMATCH");
}

async fn are_only_where_one_can_take_part(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    let online = hall.cast.create(hall.cast.monthly("PUBLIC")).await["upcoming"]["nodes"][0]["id"].clone();
    let input = json!({ "meetingId": online, "version": 1, "inPerson": 5, "online": 5,
        "reservedSeats": [{ "capacityRole": "CHAIR", "mode": "IN_PERSON", "seats": 1 }] });
    let refused = more_of(&hall.cast.coordinator, "MeetingCapacitySet", json!({ "input": input })).await;
    assert_eq!(refused.faults(), ["input.inPerson CONTRADICTION", "input.reservedSeats.0.mode CONTRADICTION"]);
}

async fn changing_ones_way_needs_a_seat_there(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    hall.seats(json!(1), json!(1), json!([])).await.data();
    let people = fill(&hall, &["rosa"]).await;
    let online = hall.officer("luis").await;
    hall.register(&online, json!({ "mode": "ONLINE" })).await;
    let refused = hall.try_respond(&online, "ACCEPTED", json!({ "mode": "IN_PERSON" })).await;
    assert_eq!((refused.code(), refused.faults()), ("CONFLICT", vec!["input.mode TOO_MANY".to_owned()]));
    assert_eq!(hall.own(&online).await["mode"], "ONLINE");
    hall.withdraw(&people[0].0, &people[0].1["id"]).await;
    assert_eq!(hall.respond(&online, "ACCEPTED", json!({ "mode": "IN_PERSON" })).await["mode"], "IN_PERSON");
}

async fn the_queue_is_for_oneself_and_the_organisers(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    hall.seats(json!(1), json!(null), json!([])).await.data();
    let people = fill(&hall, &["rosa", "luis", "ines"]).await;
    hall.respond(&people[0].0, "ACCEPTED", json!({ "listed": "PUBLIC" })).await;
    let list = json!({ "filter": { "statuses": ["WAITLISTED"] } });
    let organiser = hall.room(&hall.cast.coordinator, list.clone()).await;
    let positions: Vec<_> = super::nodes(&organiser).iter().map(|one| one["waitlistPosition"].as_i64()).collect();
    assert_eq!((positions, &organiser["participants"]["totalCount"]), (vec![Some(1), Some(2)], &json!(2)));
    // One who waits sees himself, others who wait nobody of the queue, an administrator his people and not where they stand.
    let own = hall.room(&people[2].0, list.clone()).await;
    assert_eq!((super::names(&own), &own["participants"]["totalCount"]), (vec!["ines"], &json!(1)));
    assert_eq!(own["capacity"]["waiting"], json!(null));
    let outside = hall.room(&hall.cast.stranger, list.clone()).await;
    assert_eq!(outside["participants"]["totalCount"], 0);
    assert_eq!((&outside["capacity"]["waiting"], &outside["capacity"]["inPersonTaken"]), (&json!(null), &json!(null)));
    let administrator = hall.room(&hall.cast.officer, list).await;
    assert_eq!(administrator["participants"]["totalCount"], 2);
    assert!(super::nodes(&administrator).iter().all(|one| one["waitlistPosition"].is_null()), "{administrator}");
    assert_eq!(administrator["capacity"]["inPersonTaken"], 1);
}

async fn five_hundred_for_ten_seats(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    hall.seats(json!(10), json!(null), json!([])).await.data();
    let mut people = Vec::new();
    for number in 0..500 {
        app.account(&format!("p{number}@body.example"), hall.cast.body, Role::ElectoralBodyOfficer).await;
        people.push(app.signed_in(&format!("p{number}@body.example")).await);
    }
    // A server that is asked for more at once than it can serve in its time says so, and the same request is sent again.
    let register = async |(number, client): (usize, &Client)| loop {
        let input = json!({ "mode": "IN_PERSON", "idempotencyKey": format!("p{number}") });
        let reply = hall.try_register(client, input).await;
        if reply.code_or_none() != Some("UNAVAILABLE") {
            break done(reply, "participation");
        }
    };
    let all = join_all(people.iter().enumerate().map(register)).await;
    let of = |status: &str| all.iter().filter(|one| one["status"] == status).count();
    assert_eq!((of("ACCEPTED"), of("WAITLISTED")), (10, 490));
    let room = hall.room(&hall.cast.coordinator, json!({})).await;
    assert_eq!((&room["capacity"]["inPersonTaken"], &room["capacity"]["waiting"]), (&json!(10), &json!(490)));
    // Ids are made while the meeting is held, in the order in which the seats were asked for; the list is in that order.
    let (mut line, mut after) = (Vec::new(), json!(null));
    while line.len() < 500 {
        let page = hall.room(&hall.cast.coordinator, json!({ "first": 100, "after": after })).await;
        line.extend(super::nodes(&page).iter().map(|one| one["waitlistPosition"].as_i64()));
        after = page["participants"]["pageInfo"]["endCursor"].clone();
    }
    let expected: Vec<_> = std::iter::repeat_n(None, 10).chain((1..=490).map(Some)).collect();
    assert_eq!(line, expected);
}

async fn two_servers_offer_a_seat_once(app: &TestApp) {
    let hall = Hall::of(app, "PUBLIC").await;
    hall.open("OPEN").await;
    hall.seats(json!(1), json!(null), json!([])).await.data();
    let people = fill(&hall, &["rosa", "luis", "ines", "juan"]).await;
    let other = app.beside().await;
    let there = |client: &Client| other.with_token(client.token.clone().unwrap());
    // The seat becomes free here while others come and go there.
    let eva = hall.officer("eva").await;
    let (at_other, eva_there) = (there(&people[3].0), there(&eva));
    let ((), (), ()) = tokio::join!(
        async { drop(hall.withdraw(&people[0].0, &people[0].1["id"]).await) },
        async { drop(hall.withdraw(&at_other, &people[3].1["id"]).await) },
        async { drop(hall.register(&eva_there, json!({ "mode": "IN_PERSON" })).await) },
    );
    let room = hall.room(&hall.cast.coordinator, json!({})).await;
    let of = |status: &str| super::nodes(&room).iter().filter(|one| one["status"] == status).count();
    assert_eq!((of("OFFERED"), of("WAITLISTED"), of("WITHDRAWN")), (1, 2, 2), "{room}");
    assert_eq!(hall.own(&people[1].0).await["status"], "OFFERED", "to who waited longest");
    other.finish().await;
}
