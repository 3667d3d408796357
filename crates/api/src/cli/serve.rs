//! `tertulia serve`: the real thing.

use std::sync::Arc;

use tertulia_app::{Clock, engagement::file};

use super::{Outcome, connect, migrate};
use crate::{
    config::Config,
    server::{self, Told},
    telemetry,
};

/// Brings the database up to date, then serves until told to stop.
pub(super) async fn run(config: Config) -> Outcome {
    let telemetry = telemetry::start(&config)?;
    let app = connect(&config, Clock::system()).await?;
    migrate::bring_up_to_date(&app).await?;
    let running = server::start(Arc::clone(&app), config).await?;
    tokio::spawn(async move { file::warn_if_unusable(&app).await });
    let told = Told::listen()?;
    if let Some(address) = running.metrics {
        println!("Its metrics are at {address}/metrics.");
    }
    println!("Tertulia serves on http://{}. Stop it with Ctrl-C.", running.address);
    running.until(told).await;
    telemetry.end().await;
    Ok(())
}
