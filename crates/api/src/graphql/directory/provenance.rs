//! Where facts come from.

use async_graphql::{InputObject, SimpleObject};
use tertulia_domain::directory::provenance;

use super::words::ProvenanceState;
use crate::graphql::scalar::{Date, Url};

/// Where an entry's facts come from.
#[derive(Clone, Debug, SimpleObject)]
pub struct Provenance {
    /// Whether a source stands behind it.
    state: ProvenanceState,
    /// The source's page; null where there is none or the source is no page.
    source_url: Option<Url>,
    /// The source in words, or what it does not cover.
    source_note: Option<String>,
    /// The day on which the source said so.
    as_of: Option<Date>,
}

impl From<&provenance::Provenance> for Provenance {
    fn from(provenance: &provenance::Provenance) -> Self {
        Self {
            state: provenance.state.into(),
            source_url: provenance.source_url.as_ref().map(|url| Url::from(url.as_str())),
            source_note: provenance.source_note.clone(),
            as_of: provenance.as_of.map(Date),
        }
    }
}

/// Where the facts of an entry come from. A source is an address, or words, or both.
#[derive(Clone, Debug, InputObject)]
pub struct ProvenanceInput {
    /// SOURCED if left out while a source is given, else UNVERIFIED.
    state: Option<ProvenanceState>,
    /// The source's page.
    source_url: Option<Url>,
    /// The source in words, at most 1,000 characters.
    source_note: Option<String>,
    /// The day on which the source said so.
    as_of: Option<Date>,
}

impl From<ProvenanceInput> for provenance::ProvenanceDraft {
    fn from(input: ProvenanceInput) -> Self {
        Self {
            state: input.state.map(Into::into),
            source_url: input.source_url.map(|url| url.0),
            source_note: input.source_note,
            as_of: input.as_of.map(|day| day.0.to_string()),
        }
    }
}
