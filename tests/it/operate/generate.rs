//! `tertulia generate`: contacts for a trial, marked, and never beside real ones.

use tertulia_app::engagement::generate;
use tertulia_domain::Code;
use tertulia_tests::TestApp;

tertulia_tests::stories![fills_a_database_with_marked_contacts, refuses_a_number_out_of_range];

fn order(app: &TestApp, contacts: u64) -> generate::Order {
    generate::Order { contacts, seed: 7, among_generated: false, before: app.app.clock.now() }
}

async fn fills_a_database_with_marked_contacts(app: &TestApp) {
    let ctx = app.app.system();
    let mut told = Vec::new();
    let made = generate::generate(&app.app, &ctx, order(app, 450), |made| told.push(made)).await.unwrap();
    assert_eq!((made, told.last()), (450, Some(&450)));
    // The same seed at the same moment makes the same contacts, and those are there already.
    assert_eq!(generate::generate(&app.app, &ctx, order(app, 10), |_| {}).await.map_err(|error| error.code), Err(Code::Conflict));
}

async fn refuses_a_number_out_of_range(app: &TestApp) {
    let ctx = app.app.system();
    for contacts in [0, 10_000_001] {
        let error = generate::generate(&app.app, &ctx, order(app, contacts), |_| {}).await.unwrap_err();
        assert_eq!((error.code, error.faults[0].path.as_slice()), (Code::InvalidInput, ["contacts".to_owned()].as_slice()));
    }
}
