//! Incidents and what belongs to them, in one statement for everything that a level asks for.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader as Loads;
use tertulia_app::engagement::incident;
use tertulia_domain::{
    Error, Result,
    engagement::{contact::Contact, incident::Incident},
    id::{ContactId, IncidentId, OrganisationId},
    page::Page,
};

use crate::graphql::Loader;

/// The incident to which a contact belongs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct IncidentOf(pub(super) ContactId);

/// The bodies that take part in an incident beside its owner.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SharesOf(pub(super) IncidentId);

/// The first page of the contacts of an incident, so many of them at most.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FirstContactsOf(pub(super) IncidentId, pub(super) u16);

/// How many contacts of an incident the caller may read.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ContactCountOf(pub(super) IncidentId);

impl Loads<IncidentId> for Loader {
    type Value = Incident;
    type Error = Error;

    async fn load(&self, keys: &[IncidentId]) -> Result<HashMap<IncidentId, Incident>> {
        Ok(incident::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|one| (one.id, one)).collect())
    }
}

impl Loads<IncidentOf> for Loader {
    type Value = Arc<Incident>;
    type Error = Error;

    async fn load(&self, keys: &[IncidentOf]) -> Result<HashMap<IncidentOf, Arc<Incident>>> {
        let contacts: Vec<ContactId> = keys.iter().map(|key| key.0).collect();
        let found = incident::of_contacts(&self.app, &self.ctx, &contacts).await?;
        Ok(found.into_iter().map(|(contact, incident)| (IncidentOf(contact), Arc::new(incident))).collect())
    }
}

impl Loads<SharesOf> for Loader {
    type Value = Arc<Vec<OrganisationId>>;
    type Error = Error;

    async fn load(&self, keys: &[SharesOf]) -> Result<HashMap<SharesOf, Arc<Vec<OrganisationId>>>> {
        let ids: Vec<IncidentId> = keys.iter().map(|key| key.0).collect();
        let mut of_each: HashMap<SharesOf, Vec<OrganisationId>> = HashMap::new();
        for (incident, body) in incident::shares(&self.app, &self.ctx, &ids).await? {
            of_each.entry(SharesOf(incident)).or_default().push(body);
        }
        Ok(of_each.into_iter().map(|(key, bodies)| (key, Arc::new(bodies))).collect())
    }
}

impl Loads<FirstContactsOf> for Loader {
    type Value = Arc<Page<Contact>>;
    type Error = Error;

    async fn load(&self, keys: &[FirstContactsOf]) -> Result<HashMap<FirstContactsOf, Arc<Page<Contact>>>> {
        let mut alike: HashMap<u16, Vec<IncidentId>> = HashMap::new();
        for FirstContactsOf(incident, limit) in keys {
            alike.entry(*limit).or_default().push(*incident);
        }
        let mut pages = HashMap::new();
        for (limit, incidents) in alike {
            for (incident, page) in incident::first_contacts(&self.app, &self.ctx, &incidents, limit).await? {
                pages.insert(FirstContactsOf(incident, limit), Arc::new(page));
            }
        }
        Ok(pages)
    }
}

impl Loads<ContactCountOf> for Loader {
    type Value = u64;
    type Error = Error;

    async fn load(&self, keys: &[ContactCountOf]) -> Result<HashMap<ContactCountOf, u64>> {
        let ids: Vec<IncidentId> = keys.iter().map(|key| key.0).collect();
        let found = incident::contact_counts(&self.app, &self.ctx, &ids).await?;
        Ok(found.into_iter().map(|(incident, count)| (ContactCountOf(incident), count)).collect())
    }
}
