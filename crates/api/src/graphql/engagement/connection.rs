//! A page of contacts, and what changed beside them.

use async_graphql::{Context, ID, Object, SimpleObject};
use tertulia_app::engagement::contact;
use tertulia_domain::{Result, time::Instant};

use super::at_hand::Contact;
use crate::graphql::{
    Resolving,
    connection::{Connection, Edge, PageInfo},
    scalar::DateTime,
};

/// A page of contacts, and the moment after which changes are asked for.
pub struct ContactConnection {
    pub(super) page: Connection<Contact>,
    pub(super) since: Option<Instant>,
}

/// A page of contacts, as Relay's cursor connections have it. To keep a copy current, ask with `filter.changedAfter` for what
/// changed, drop what `changes.lostSight` names, and go on from `changes.completeTo`.
#[Object]
impl ContactConnection {
    /// The contacts of this page with their cursors, in the list's order whichever way it is read.
    async fn edges(&self) -> &[Edge<Contact>] {
        &self.page.edges
    }

    /// The contacts of this page without their cursors.
    async fn nodes(&self) -> Vec<&Contact> {
        self.page.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Whether there is more, and the cursors to go on from.
    async fn page_info(&self) -> &PageInfo {
        &self.page.info
    }

    /// How many contacts the whole list has for you under this filter. Counted only when asked for; leave it out of pages
    /// that do not show it.
    async fn total_count(&self) -> Option<Result<i32>> {
        Some((self.page.counter)().await.map(|count| i32::try_from(count).unwrap_or(i32::MAX)))
    }

    /// What beside the contacts themselves changed after `filter.changedAfter`.
    async fn changes(&self, ctx: &Context<'_>) -> Option<Result<ContactChanges>> {
        Some(contact::changes(ctx.app(), ctx.caller(), self.since).await.map(ContactChanges::from))
    }
}

/// What beside the contacts themselves changed for you.
#[derive(SimpleObject)]
pub struct ContactChanges {
    /// Contacts that you could read before and cannot read any more: drop your copies.
    lost_sight: Vec<ID>,
    /// Whether your memberships changed, so that you may see other contacts than before: read everything anew.
    must_resync: bool,
    /// Up to when this answer is complete: the `changedAfter` of your next request.
    complete_to: DateTime,
}

impl From<contact::Changes> for ContactChanges {
    fn from(changes: contact::Changes) -> Self {
        Self {
            lost_sight: changes.lost.iter().map(|id| id.to_string().into()).collect(),
            must_resync: changes.resync,
            complete_to: DateTime(changes.complete_to),
        }
    }
}
