//! Statistic releases in the record: last, since time goes on.

use chrono::TimeDelta;
use serde_json::json;
use tertulia_domain::policy::Role;

use super::Book;
use crate::engagement::{
    statistic_release::{Numbers, decide, prepared},
    world::World,
};

pub(super) async fn tell(book: &mut Book<'_>, world: World<'_>) {
    let numbers = Numbers::of(world).await;
    let app = numbers.world.app;
    app.account("second@desk.example", numbers.world.desk, Role::Coordinator).await;
    let coordinator = &app.signed_in("coordinator@desk.example").await;
    let release = book.act(coordinator, "statisticReleasePropose", numbers.proposal()).await;
    let taken_back = json!({ "statisticReleaseId": release, "version": 1, "reason": "Too early" });
    book.act(coordinator, "statisticReleaseWithdraw", taken_back).await;
    let release = book.act(coordinator, "statisticReleasePropose", numbers.proposal()).await;
    prepared(coordinator, &json!({ "id": release })).await;
    let representative = &app.signed_in("answers@parley.example").await;
    book.act(representative, "statisticReleaseComment", json!({ "statisticReleaseId": release, "text": "So it was" })).await;
    app.advance(TimeDelta::days(14));
    let (coordinator, second) = (&app.signed_in("coordinator@desk.example").await, &app.signed_in("second@desk.example").await);
    book.act(second, "statisticReleasePublish", json!({ "statisticReleaseId": release, "version": 1 })).await;
    let representative = &app.signed_in("answers@parley.example").await;
    for contact in &numbers.open {
        decide(representative, contact).await;
    }
    book.act(coordinator, "statisticReleaseCorrect", json!({ "statisticReleaseId": release, "note": "Late reports" })).await;
    prepared(coordinator, &json!({ "id": release })).await;
    book.act(second, "statisticReleaseConfirmCorrection", json!({ "statisticReleaseId": release, "version": 3 })).await;
}
