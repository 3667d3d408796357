//! `tertulia health`: whether the server of this configuration is ready, as an exit code.

use std::{net::Ipv4Addr, time::Duration};

use super::{Failure, Outcome};
use crate::config::Config;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn run(config: &Config) -> Outcome {
    let mut address = config.server.listen;
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let client = reqwest::Client::builder().timeout(PATIENCE).build()?;
    let url = format!("http://{address}/health/ready");
    let answer = client.get(&url).send().await.map_err(|_| Failure::new(format!("No server answers at {url}.")))?;
    if answer.status().is_success() {
        println!("The server is ready.");
        return Ok(());
    }
    Err(Failure::new(format!("The server answers {} at {url}.", answer.status())))
}
