//! What an operator can set about metrics and traces.

use std::net::SocketAddr;

use serde::{Deserialize, Deserializer, de::Error as _};

/// Where metrics answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains each field, once")]
pub struct Metrics {
    #[serde(deserialize_with = "address")]
    pub listen: Option<SocketAddr>,
}

/// Where traces go.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains each field, once")]
pub struct Traces {
    pub endpoint: String,
    pub sample_ratio: f64,
}

/// An address and a port, or nothing.
fn address<'de, D: Deserializer<'de>>(text: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(text)?;
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(D::Error::custom) }
}
