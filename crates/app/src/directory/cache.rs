//! The entries that nearly every answer names, kept in memory: countries, organisations, services. All of them are public, so
//! one copy serves every reader. With them the response targets, which each contact that is sent asks for and which show only in what
//! they bind, and the elections of countries, which say in which phase it was sent.
//!
//! Everything is dropped when a change of the directory is committed here or its event comes in from another server, and a
//! minute after it was first read at the latest. What was read before a change and comes in after it is not kept.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::TimeDelta;
use tertulia_domain::{
    Result,
    directory::{country::Country, organisation::Organisation, platform::PlatformService},
    engagement::response_target::ResponseTarget,
    id::{OrganisationId, PlatformServiceId},
    record::event::Topic,
    text::CountryCode,
    time::Instant,
};

use super::votes::Votes;

/// How long an entry is kept at most.
const KEPT: TimeDelta = TimeDelta::seconds(60);
/// How many entries of one kind are kept; above this the memory begins anew.
const MOST: usize = 20_000;

/// The memory of one server.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    pub(crate) countries: Kept<CountryCode, Country>,
    pub(crate) organisations: Kept<OrganisationId, Organisation>,
    pub(crate) services: Kept<PlatformServiceId, PlatformService>,
    /// Every response target that is confirmed.
    pub(crate) targets: Kept<(), Vec<ResponseTarget>>,
    /// The elections of countries.
    pub(crate) votes: Kept<CountryCode, Votes>,
}

impl Cache {
    /// Drops what a change of this topic may have made untrue.
    pub(crate) fn changed(&self, topic: Topic) {
        if matches!(
            topic,
            Topic::DirectoryImported
                | Topic::OrganisationCreated
                | Topic::OrganisationUpdated
                | Topic::PlatformServiceCreated
                | Topic::PlatformServiceUpdated
        ) {
            self.countries.clear();
            self.organisations.clear();
            self.services.clear();
        }
        if matches!(topic, Topic::DirectoryImported | Topic::ElectionCreated | Topic::ElectionUpdated) {
            self.votes.clear();
        }
        if matches!(topic, Topic::ResponseTargetCreated | Topic::ResponseTargetUpdated | Topic::ResponseTargetConfirmed) {
            self.targets.clear();
        }
    }
}

/// The entries of one kind.
#[derive(Debug)]
pub(crate) struct Kept<K, V>(RwLock<Memory<K, V>>);

#[derive(Debug)]
struct Memory<K, V> {
    entries: HashMap<K, Arc<V>>,
    /// When the oldest entry was read.
    since: Option<Instant>,
    /// Counts the clearings, so that a read that began before one is recognised.
    turn: u64,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(RwLock::new(Memory { entries: HashMap::new(), since: None, turn: 0 }))
    }
}

impl<K: Copy + Eq + Hash, V> Kept<K, V> {
    /// The entry, if it is in memory.
    pub(crate) fn get(&self, key: K, now: Instant) -> Option<Arc<V>> {
        let memory = self.0.read().unwrap_or_else(PoisonError::into_inner);
        memory.since.filter(|since| now - *since < KEPT)?;
        memory.entries.get(&key).cloned()
    }

    /// The entries with these keys: from memory, and the others from `read`, which keeps them.
    pub(crate) async fn many(
        &self,
        keys: &[K],
        now: Instant,
        key_of: impl Fn(&V) -> K,
        read: impl AsyncFnOnce(&[K]) -> Result<Vec<V>>,
    ) -> Result<Vec<Arc<V>>> {
        let mut found: Vec<Arc<V>> = Vec::with_capacity(keys.len());
        let mut missing = Vec::new();
        for key in keys {
            match self.get(*key, now) {
                Some(entry) => found.push(entry),
                None => missing.push(*key),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let turn = self.0.read().unwrap_or_else(PoisonError::into_inner).turn;
        let read: Vec<Arc<V>> = read(&missing).await?.into_iter().map(Arc::new).collect();
        let mut memory = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if memory.turn == turn {
            if memory.entries.len() > MOST || memory.since.is_none_or(|since| now - since >= KEPT) {
                memory.entries.clear();
                memory.since = Some(now);
            }
            memory.entries.extend(read.iter().map(|entry| (key_of(entry), Arc::clone(entry))));
        }
        found.extend(read);
        Ok(found)
    }

    fn clear(&self) {
        let mut memory = self.0.write().unwrap_or_else(PoisonError::into_inner);
        memory.entries.clear();
        memory.since = None;
        memory.turn += 1;
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    const NOW: Instant = DateTime::UNIX_EPOCH;

    async fn look(kept: &Kept<u8, (u8, &'static str)>, now: Instant, answer: &'static str) -> &'static str {
        let found = kept.many(&[1], now, |entry| entry.0, async |keys| Ok(keys.iter().map(|key| (*key, answer)).collect())).await;
        found.expect("an entry")[0].1
    }

    #[tokio::test]
    async fn keeps_what_it_read_for_a_minute() {
        let kept = Kept::default();
        assert_eq!(look(&kept, NOW, "old").await, "old");
        assert_eq!(look(&kept, NOW + TimeDelta::seconds(59), "new").await, "old");
        assert_eq!(look(&kept, NOW + TimeDelta::seconds(60), "new").await, "new");
    }

    #[tokio::test]
    async fn a_change_drops_it_and_what_was_read_before_it() {
        let kept = Kept::default();
        assert_eq!(look(&kept, NOW, "old").await, "old");
        kept.clear();
        assert_eq!(look(&kept, NOW, "new").await, "new");
        kept.clear();
        let late = async |keys: &[u8]| {
            kept.clear();
            Ok(keys.iter().map(|key| (*key, "before the change")).collect())
        };
        kept.many(&[1], NOW, |entry| entry.0, late).await.expect("an entry");
        assert_eq!(look(&kept, NOW, "after it").await, "after it");
    }
}
