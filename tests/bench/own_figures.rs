//! Questions for an organisation's own figures, one at a time: how long one reader waits for his answer.

use serde_json::json;

use crate::{
    load,
    prepare::World,
    process::Server,
    scenario::{Scenario, get, graphql, sign_in},
};

const FIGURES: &str = "query Own($filter: ResponsivenessFilter!, $by: [ResponsivenessDimension!]!) {
    responsiveness(filter: $filter, groupBy: $by) { cells {
        dimensions { value } sent answered unanswered unansweredShare outcomes { outcome count }
        withinTargetShare oneSidedShare lateEntryShare timeToFirstResponse { median p90 reached censoredShare } } } }";
/// By what they are told apart, beside the kind.
const WAYS: [&str; 3] = ["PERIOD", "URGENCY", "PLATFORM_SERVICE"];

/// The last year's figures of a body and of a platform, each of those with the most contacts.
pub(crate) async fn scenarios(world: &World, server: &Server) -> Vec<Scenario> {
    let mut all = Vec::new();
    let names = ["own figures of the busiest body", "own figures of the busiest platform"];
    for ((name, (own, email)), is_platform) in names.into_iter().zip(&world.readers).zip([false, true]) {
        let reader = sign_in(server, email).await;
        let ask = |by: &&str| {
            let filter = json!({ "organisationId": own.to_string(), "generated": true });
            graphql(FIGURES, &json!({ "filter": filter, "by": [by] }), Some(&reader))
        };
        let answer = load::once(server.address(), &ask(&WAYS[0])).await;
        assert!(answer.contains(r#""sent":"#), "{name}: no contacts are counted: {answer}");
        let bare = |by: &&str| get(&format!("/figures?own={}&platform={is_platform}&by={by}", own.uuid()));
        all.push(Scenario {
            name,
            ours: WAYS.iter().map(ask).collect(),
            bare: WAYS.iter().map(bare).collect(),
            fresh: &[],
            connections: 1,
        });
    }
    all
}
