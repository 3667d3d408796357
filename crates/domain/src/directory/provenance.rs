//! Where a fact comes from.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::entry::{day, optional};
use crate::{
    error::{Faults, closed},
    text::{WebUrl, block},
};

closed! {
    /// Whether a source stands behind an entry.
    ProvenanceState {
        /// A source says so.
        Sourced = "SOURCED",
        /// It is general knowledge that was seen in no source; check before relying on it.
        Unverified = "UNVERIFIED",
    }
}

/// Where an entry's facts come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Whether a source stands behind it.
    pub state: ProvenanceState,
    /// The source's page.
    pub source_url: Option<WebUrl>,
    /// The source in words, or what it does not cover.
    pub source_note: Option<String>,
    /// The day on which the source said so.
    pub as_of: Option<NaiveDate>,
}

/// A provenance as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct ProvenanceDraft {
    /// Whether a source stands behind it; SOURCED if left out while a source is given, else UNVERIFIED.
    pub state: Option<ProvenanceState>,
    /// The source's page.
    pub source_url: Option<String>,
    /// The source in words.
    pub source_note: Option<String>,
    /// The day on which the source said so.
    pub as_of: Option<String>,
}

impl ProvenanceDraft {
    /// Checks the draft; faults stand below `path`.
    pub fn check(&self, faults: &mut Faults, path: &str) -> Provenance {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let source_url = optional(faults, &below("sourceUrl"), self.source_url.as_deref(), WebUrl::parse);
        let source_note = optional(faults, &below("sourceNote"), self.source_note.as_deref(), |raw| block(raw, 1_000));
        let as_of = optional(faults, &below("asOf"), self.as_of.as_deref(), day);
        let state = self.state.unwrap_or(if source_url.is_some() || source_note.is_some() {
            ProvenanceState::Sourced
        } else {
            ProvenanceState::Unverified
        });
        if state == ProvenanceState::Sourced && self.source_url.is_none() && self.source_note.is_none() {
            faults.add(crate::error::Reason::Required, &below("sourceUrl"), "What is sourced names its source, as an address or in words.");
        }
        Provenance { state, source_url, source_note, as_of }
    }
}

impl Provenance {
    /// The provenance as somebody would type it again.
    pub fn draft(&self) -> ProvenanceDraft {
        ProvenanceDraft {
            state: Some(self.state),
            source_url: self.source_url.as_ref().map(|url| url.as_str().to_owned()),
            source_note: self.source_note.clone(),
            as_of: self.as_of.map(|day| day.to_string()),
        }
    }
}
