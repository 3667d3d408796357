//! Where the document of a request comes from, and whether it may run: automatic persisted queries, and the list of an operator.

mod canonical;
mod list;

use std::{path::Path, sync::Arc};

use async_graphql::parser::types::ExecutableDocument;
use moka::sync::Cache;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tertulia_domain::{Code, Error, Reason, Result};

use self::list::List;
pub use self::list::Unreadable;

/// The SHA-256 hash of a document's text.
pub type Digest = [u8; 32];

/// What one kept document weighs besides its text.
const OVERHEAD: usize = 200;

/// About how many times the size of its text a parsed document takes.
const PARSED: usize = 20;

/// What the configuration says of documents; the default one explains it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml explains each field, once")]
pub struct Settings {
    pub persisted_bytes: u64,
    pub parsed_bytes: u64,
    pub allowed: String,
}

/// The documents that this server knows.
#[derive(Debug)]
pub struct Documents {
    persisted: Option<Cache<Digest, Arc<str>>>,
    parsed: Cache<Arc<str>, Arc<ExecutableDocument>>,
    allowed: Option<List>,
}

/// The text of a request's document.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) text: Arc<str>,
    /// Under which hash it is to be kept once it has shown that it can run; `None` for one that need not be kept.
    keep: Option<Digest>,
    is_known: bool,
}

impl Documents {
    /// Reads the list, if there is one.
    pub fn load(settings: &Settings) -> Result<Self, Unreadable> {
        let weigh = |_: &Digest, text: &Arc<str>| u32::try_from(text.len() + OVERHEAD).unwrap_or(u32::MAX);
        let bytes = settings.persisted_bytes;
        let persisted = (bytes > 0).then(|| Cache::builder().max_capacity(bytes).weigher(weigh).build());
        let allowed = if settings.allowed.is_empty() { None } else { Some(List::read(Path::new(&settings.allowed))?) };
        let weigh = |text: &Arc<str>, _: &Arc<ExecutableDocument>| u32::try_from(text.len() * PARSED + OVERHEAD).unwrap_or(u32::MAX);
        let parsed = Cache::builder().max_capacity(settings.parsed_bytes).weigher(weigh).build();
        Ok(Self { persisted, parsed, allowed })
    }

    /// The text that was sent, or that of an earlier request with this hash.
    pub(super) fn find(&self, text: Option<String>, hash: Option<Digest>) -> Result<Found> {
        let Some(hash) = hash else {
            let text = text.ok_or_else(|| Error::new(Code::InvalidDocument, Reason::Required, "", "There is no document."))?;
            return Ok(Found { text: text.into(), keep: None, is_known: false });
        };
        let Some(persisted) = &self.persisted else {
            return Err(Error::new(Code::PersistedQueryNotSupported, Reason::NotAnOption, "", "PersistedQueryNotSupported"));
        };
        let Some(text) = text else {
            let known = persisted.get(&hash).map(|text| Found { text, keep: None, is_known: true });
            // Clients look for these very words, or for the code.
            return known.ok_or_else(|| Error::new(Code::PersistedQueryNotFound, Reason::Required, "", "PersistedQueryNotFound"));
        };
        if Digest::from(Sha256::digest(text.as_bytes())) != hash {
            let message = "`persistedQuery.sha256Hash` is not the SHA-256 hash of `query`.";
            return Err(Error::new(Code::InvalidDocument, Reason::Contradiction, "", message));
        }
        Ok(Found { text: text.into(), keep: Some(hash), is_known: false })
    }

    /// The document as an earlier request had it parsed, if it is still there.
    pub(super) fn parsed(&self, found: &Found) -> Option<Arc<ExecutableDocument>> {
        self.parsed.get(&found.text)
    }

    /// Refuses a document that parses but is not on the list.
    pub(super) fn admit(&self, found: &Found) -> Result<()> {
        match &self.allowed {
            Some(list) if !found.is_known && !list.holds(&found.text) => {
                let message = "This server runs only the documents on its list, and this one is not among them.";
                Err(Error::new(Code::DocumentNotListed, Reason::NotPermitted, "", message))
            }
            _ => Ok(()),
        }
    }

    /// Keeps a document that has passed every check: parsed, and its text if it came with its hash.
    pub(super) fn keep(&self, found: &Found, document: &Arc<ExecutableDocument>) {
        if !self.parsed.contains_key(&found.text) {
            self.parsed.insert(Arc::clone(&found.text), Arc::clone(document));
        }
        if let (Some(persisted), Some(hash)) = (&self.persisted, found.keep) {
            persisted.insert(hash, Arc::clone(&found.text));
            // What is over the limit goes now, and not with some later request.
            persisted.run_pending_tasks();
        }
    }
}
