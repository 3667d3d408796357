//! `tertulia migrate`: the tables, apart from serving.

use tertulia_app::{App, Clock, SchemaState, dialogue, directory::reference, engagement::statistics};

use super::{Outcome, connect};
use crate::config::Config;

pub(super) async fn run(config: &Config) -> Outcome {
    let app = connect(config, Clock::system()).await?;
    bring_up_to_date(&app).await
}

/// Runs the migrations that are missing, and loads the reference data into a new database.
pub(super) async fn bring_up_to_date(app: &App) -> Outcome {
    match app.migrate().await? {
        SchemaState::New => println!("The database was empty; its tables are made."),
        SchemaState::Updated => println!("The database's tables are brought up to date."),
        SchemaState::Current => {}
    }
    if let Some(report) = reference::load_new(app, &app.system()).await? {
        let entries: usize = report.iter().map(|loaded| loaded.new).sum();
        println!("The reference data is loaded: {entries} entries from {} files.", report.len());
    }
    if dialogue::reference::load(app, &app.system()).await? {
        println!("The meeting of Madrid is loaded.");
    }
    if statistics::needs_recount(app, &app.system()).await? {
        println!(
            "Contacts were logged before there were figures and are in none. Run `tertulia statistics recount` once; servers may run meanwhile."
        );
    }
    Ok(())
}
