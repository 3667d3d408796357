//! What the European Union's Digital Services Act makes public of a service.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Reason, Result, closed};

closed! {
    /// A service's standing under the European Union's Digital Services Act.
    DsaStatus {
        /// Not designated.
        None = "NONE",
        /// A very large online platform.
        Vlop = "VLOP",
        /// A very large online search engine.
        Vlose = "VLOSE",
        /// It was designated and is no more.
        Ended = "ENDED",
    }
}

/// Monthly users in the European Union, as published under the Digital Services Act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EuUsers {
    /// How many, in thousands.
    pub thousands: u32,
    /// Whether the source says only "more than".
    pub at_least: bool,
}

impl EuUsers {
    /// Reads millions with at most three decimals, `>` before them for "more than": `104.3`, `>45`.
    pub fn parse(raw: &str) -> Result<Self> {
        let malformed = || Error::invalid(Reason::Malformed, "", "Users are written in millions: 104.3, or >45 for more than that.");
        let raw = raw.trim();
        let (at_least, figure) = raw.strip_prefix('>').map_or((false, raw), |rest| (true, rest));
        let (whole, part) = figure.split_once('.').unwrap_or((figure, "0"));
        let digits = |text: &str, most: usize| !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole, 5) || !digits(part, 3) {
            return Err(malformed());
        }
        format!("{whole}{part:0<3}").parse().map(|thousands| Self { thousands, at_least }).map_err(|_| malformed())
    }
}

impl std::fmt::Display for EuUsers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = format!("{:03}", self.thousands % 1_000);
        let part = part.trim_end_matches('0');
        write!(f, "{}{}", if self.at_least { ">" } else { "" }, self.thousands / 1_000)?;
        if part.is_empty() { Ok(()) } else { write!(f, ".{part}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_read_and_print_alike() {
        for text in ["104.3", ">45", "0.125", "1", "401.7"] {
            assert_eq!(EuUsers::parse(text).expect("a figure").to_string(), text);
        }
        for text in ["", ">", "1.2345", "-1", "1e3", "123456", ".5", "٤٥"] {
            assert!(EuUsers::parse(text).is_err(), "{text}");
        }
    }
}
