//! How attempts ended, counted since this server started.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use tertulia_domain::record::webhook_delivery::Failure;

use crate::App;

/// Attempts by what was wrong with them.
#[derive(Debug, Default)]
pub(super) struct Tally(Mutex<BTreeMap<Option<Failure>, u64>>);

impl Tally {
    /// Counts an attempt.
    pub(super) fn count(&self, failure: Option<Failure>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(failure).or_default() += 1;
    }
}

/// How many attempts of this server ended in each way: well (`None`), or with which failure. Those of which there were none are there, too.
pub fn attempts(app: &App) -> Vec<(Option<Failure>, u64)> {
    let counted = app.webhooks.tally.0.lock().unwrap_or_else(PoisonError::into_inner);
    let every = std::iter::once(None).chain(Failure::ALL.iter().copied().map(Some));
    every.map(|failure| (failure, counted.get(&failure).copied().unwrap_or_default())).collect()
}
