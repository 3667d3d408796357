//! What cells can name: things of the directory and incidents, by what officers write for them.

use std::collections::HashMap;

use crate::{
    error::{Error, Reason, Result},
    id::{Id, Kind, kinds},
    text::fold,
};

/// Things of one kind, by what a cell can say for them. Case, accents and signs do not matter.
#[derive(Clone, Debug)]
pub struct Known<K: Kind>(HashMap<String, Vec<Id<K>>>);

impl<K: Kind> Default for Known<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Kind> Known<K> {
    /// Makes a thing known by a name.
    pub fn add(&mut self, name: &str, id: Id<K>) {
        let known = self.0.entry(fold(name)).or_default();
        if !known.contains(&id) {
            known.push(id);
        }
    }

    /// The only thing of that name.
    ///
    /// # Errors
    /// `NOT_AN_OPTION` where several go by it.
    pub(super) fn find(&self, name: &str) -> Result<Option<Id<K>>> {
        match self.0.get(&fold(name)).map(Vec::as_slice) {
            None => Ok(None),
            Some([one]) => Ok(Some(*one)),
            Some(_) => Err(Error::invalid(Reason::NotAnOption, "", "Several go by this name; give one that only one has, or the id.")),
        }
    }
}

/// What the cells of a file can name.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Services: each by its id, its names in any language and, where its company has no other, by those of its company.
    pub services: Known<kinds::PlatformService>,
    /// Channels in use, as far as who imports reads their addresses.
    pub channels: Known<kinds::Channel>,
    /// Elections.
    pub elections: Known<kinds::Election>,
    /// Instruments that who imports reads.
    pub instruments: Known<kinds::Instrument>,
    /// Incidents that are not closed.
    pub incidents: Known<kinds::Incident>,
}
