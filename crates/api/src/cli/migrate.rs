//! `tertulia migrate`: the tables, apart from serving.

use tertulia_app::{App, Clock, SchemaState};

use super::{Outcome, connect};
use crate::config::Config;

pub(super) async fn run(config: &Config) -> Outcome {
    let app = connect(config, Clock::system()).await?;
    bring_up_to_date(&app).await
}

/// Runs the migrations that are missing.
pub(super) async fn bring_up_to_date(app: &App) -> Outcome {
    match app.migrate().await? {
        SchemaState::New => println!("The database was empty; its tables are made."),
        SchemaState::Updated => println!("The database's tables are brought up to date."),
        SchemaState::Current => {}
    }
    Ok(())
}
