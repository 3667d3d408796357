//! What subscribers and webhooks get of an event is a contract: a change shows in the snapshot.

use std::fmt::Write;

use tertulia_domain::{
    id::ContactId,
    record::event::{RecordedEvent, Topic},
};
use tertulia_tests::{START, checks};

checks![the_events];

fn the_events() {
    let object = ContactId::new(uuid::Uuid::from_u128(7)).any();
    let event = RecordedEvent { seq: 1, topic: Topic::ContactLogged, object, at: START.parse().unwrap() };
    let mut list = format!("{}\n\n", serde_json::to_string(&event).unwrap());
    for topic in Topic::ALL {
        writeln!(list, "{topic}").unwrap();
    }
    insta::assert_snapshot!(list);
}
