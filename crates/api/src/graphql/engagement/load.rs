//! What belongs to contacts, in one statement for all contacts of a level.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader as Loads;
use tertulia_app::engagement::contact;
use tertulia_domain::{
    Error,
    engagement::{
        comment::Comment,
        contact::Contact,
        content_item::ContentItem,
        fact::{Fact, Seal},
    },
    id::ContactId,
};

use crate::graphql::Loader;

/// The facts of a contact and what is kept beside each.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FactsOf(pub(super) ContactId);

/// The items of a contact.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ItemsOf(pub(super) ContactId);

/// The comments on a contact.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CommentsOf(pub(super) ContactId);

impl Loads<ContactId> for Loader {
    type Value = Contact;
    type Error = Error;

    async fn load(&self, keys: &[ContactId]) -> Result<HashMap<ContactId, Contact>, Error> {
        let found = contact::by_ids(&self.app, &self.ctx, keys).await?;
        Ok(found.into_iter().map(|contact| (contact.id, contact)).collect())
    }
}

impl Loads<FactsOf> for Loader {
    type Value = (Arc<Vec<Fact>>, Arc<Vec<Seal>>);
    type Error = Error;

    async fn load(&self, keys: &[FactsOf]) -> Result<HashMap<FactsOf, Self::Value>, Error> {
        let ids: Vec<ContactId> = keys.iter().map(|key| key.0).collect();
        let mut found: HashMap<FactsOf, (Vec<Fact>, Vec<Seal>)> = HashMap::new();
        for (contact, chained) in contact::facts(&self.app, &self.ctx, &ids).await? {
            let (facts, seals) = found.entry(FactsOf(contact)).or_default();
            facts.push(chained.fact);
            seals.push(chained.seal);
        }
        Ok(found.into_iter().map(|(of, (facts, seals))| (of, (Arc::new(facts), Arc::new(seals)))).collect())
    }
}

impl Loads<ItemsOf> for Loader {
    type Value = Arc<Vec<ContentItem>>;
    type Error = Error;

    async fn load(&self, keys: &[ItemsOf]) -> Result<HashMap<ItemsOf, Arc<Vec<ContentItem>>>, Error> {
        let ids: Vec<ContactId> = keys.iter().map(|key| key.0).collect();
        Ok(grouped(contact::items(&self.app, &self.ctx, &ids).await?, ItemsOf))
    }
}

impl Loads<CommentsOf> for Loader {
    type Value = Arc<Vec<Comment>>;
    type Error = Error;

    async fn load(&self, keys: &[CommentsOf]) -> Result<HashMap<CommentsOf, Arc<Vec<Comment>>>, Error> {
        let ids: Vec<ContactId> = keys.iter().map(|key| key.0).collect();
        let comments = contact::comments(&self.app, &self.ctx, &ids).await?;
        Ok(grouped(comments.into_iter().map(|comment| (comment.contact, comment)).collect(), CommentsOf))
    }
}

/// What was found, by contact, in the order in which it was found.
pub(super) fn grouped<T, K: Eq + std::hash::Hash>(found: Vec<(ContactId, T)>, key: impl Fn(ContactId) -> K) -> HashMap<K, Arc<Vec<T>>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for (contact, one) in found {
        groups.entry(key(contact)).or_default().push(one);
    }
    groups.into_iter().map(|(key, group)| (key, Arc::new(group))).collect()
}
