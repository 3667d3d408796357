//! What is kept is what counting anew gives, whatever was done and whenever it was folded.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tertulia_app::engagement::{
    generate,
    statistics::{fold_all, needs_recount, recount},
};
use tertulia_tests::{Client, TestApp, stories};

use super::{escalations, figures};
use crate::engagement::world::{World, act, done};

stories![
    any_acts_leave_what_counting_anew_gives,
    generated_contacts_are_counted_and_folded,
    what_was_logged_before_there_were_figures_is_noticed,
];

/// Numbers that look random and are the same each time (Numerical Recipes' generator).
struct Dice(u32);

impl Dice {
    fn below(&mut self, many: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(self.0 >> 8).unwrap() % many
    }
}

const ACTS: [(&str, bool); 10] = [
    ("ContactAcknowledge", true),
    ("ContactDecide", true),
    ("ContactDecide", false),
    ("ContactAsk", true),
    ("ContactReply", false),
    ("ContactWithdraw", false),
    ("ContactClose", false),
    ("ContactReopen", false),
    ("ContactShare", false),
    ("ContactSend", false),
];

/// Tries an act on a contact, which may be refused where the contact stands.
async fn try_act(dice: &mut Dice, officer: &Client, representative: &Client, contact: &Value) {
    let (name, by_platform) = ACTS[dice.below(ACTS.len())];
    let mut input = json!({ "contactId": contact });
    match name {
        "ContactDecide" => input["outcome"] = json!(["ACTION_TAKEN", "NO_ACTION_NOT_VIOLATING"][dice.below(2)]),
        "ContactAsk" | "ContactReply" => input["text"] = json!("A text"),
        "ContactWithdraw" | "ContactClose" | "ContactReopen" => input["reason"] = json!("A reason"),
        "ContactShare" => input["visibility"] = json!(["PARTIES", "ORGANISATION", "NAMED"][dice.below(3)]),
        _ => {}
    }
    act(if by_platform { representative } else { officer }, name, input).await;
}

const WAYS: [&[&str]; 4] =
    [&["PLATFORM", "KIND", "URGENCY"], &["PHASE", "PERIOD", "LANGUAGE"], &["PLATFORM_SERVICE", "REGION", "ELECTORAL_BODY"], &[]];

/// Everything that the readers are told, every way.
async fn told(readers: &[Client], generated: bool) -> Vec<Vec<Value>> {
    let mut all = Vec::new();
    for reader in readers {
        for way in WAYS {
            all.push(figures(reader, json!({ "generated": generated, "from": "2023-01-01" }), way).await);
        }
    }
    all
}

async fn any_acts_leave_what_counting_anew_gives(app: &TestApp) {
    let world = World::new(app).await;
    let readers = [world.officer().await, world.stranger().await, world.representative().await, world.rival().await];
    let (officer, stranger, representative) = (&readers[0], &readers[1], &readers[2]);
    let mut dice = Dice(7);
    let mut contacts: Vec<Value> = Vec::new();
    for turn in 0..6 {
        for _ in 0..4 {
            let service = [world.service, world.second_service, world.rival_service][dice.below(3)].to_string();
            let kind = [("ESCALATION", "PLATFORM_TERMS"), ("LEGAL_ORDER", "COURT_ORDER")][dice.below(2)];
            let sent_at = ["2026-03-02T08:00:00Z", "2026-02-01T08:00:00Z", "2025-12-31T23:59:59Z"][dice.below(3)];
            let urgency = ["HIGH", "LOW"][dice.below(2)];
            let sent_at = if dice.below(5) == 0 { Value::Null } else { json!(sent_at) };
            let input = json!({
                "platformServiceId": service, "kind": kind.0, "legalBasis": kind.1, "urgency": urgency,
                "sentAt": sent_at,
            });
            let by = if dice.below(4) == 0 { stranger } else { officer };
            contacts.push(done(by, "ContactLog", world.contact(&input)).await["id"].clone());
        }
        for _ in 0..12 {
            let contact = contacts[dice.below(contacts.len())].clone();
            try_act(&mut dice, officer, representative, &contact).await;
        }
        let live = told(&readers, false).await;
        assert!(live.iter().any(|cells| cells.len() > 1));
        if turn % 2 == 0 {
            fold_all(&app.app, &app.app.system(), |_| ()).await.unwrap();
            assert_eq!(told(&readers, false).await, live, "folded in turn {turn}");
        }
        if turn % 3 == 2 {
            assert!(recount(&app.app, &app.app.system(), |_| ()).await.unwrap() > 0);
            assert_eq!(told(&readers, false).await, live, "counted anew in turn {turn}");
        }
    }
}

async fn generated_contacts_are_counted_and_folded(app: &TestApp) {
    let world = World::new(app).await;
    let order = generate::Order { contacts: 600, seed: 3, among_generated: false, before: app.app.clock.now() };
    generate::generate(&app.app, &app.app.system(), order, |_| ()).await.unwrap();
    let fresh = async || app.database.counts("SELECT 'fresh', count(*) FROM counted_fresh").await["fresh"];
    assert_eq!(fresh().await, 0);
    let readers = [world.officer().await, world.stranger().await, world.representative().await, world.rival().await];
    let live = told(&readers, true).await;
    let sent = |reader: usize| live[reader * WAYS.len()].iter().map(|cell| cell["sent"].as_u64().unwrap()).sum::<u64>();
    assert!(sent(2) > 0, "the platform got some");
    recount(&app.app, &app.app.system(), |_| ()).await.unwrap();
    assert_eq!(told(&readers, true).await, live);
    assert_eq!(figures(&readers[0], json!({}), &[]).await, Vec::<Value>::new(), "a real body's own figures hold no generated contact");
}

async fn what_was_logged_before_there_were_figures_is_noticed(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let needed = async || needs_recount(&app.app, &app.app.system()).await.unwrap();
    assert!(!needed().await, "nothing was logged");
    done(&officer, "ContactLog", world.smallest()).await;
    done(&officer, "ContactLog", world.contact(&json!({ "sentAt": null }))).await;
    let told = json!({ "kind": "AUTHORITATIVE_INFO", "legalBasis": "NONE" });
    done(&officer, "ContactLog", world.contact(&told)).await;
    assert!(!needed().await, "a draft and what expects no answer count in nothing");
    let database = app.database.connect().await;
    database.execute_unprepared("DELETE FROM counted_fresh").await.unwrap();
    database.close().await.unwrap();
    done(&officer, "ContactLog", world.smallest()).await;
    assert!(needed().await);
    assert_eq!(escalations(&officer).await["sent"], 1);
    recount(&app.app, &app.app.system(), |_| ()).await.unwrap();
    assert_eq!((needed().await, escalations(&officer).await["sent"].clone()), (false, json!(2)));
}
