//! Users and memberships, in one statement for everything that a level asks for.

use std::collections::HashMap;

use async_graphql::dataloader::Loader as Loads;
use tertulia_app::identity::{membership, user};
use tertulia_domain::{
    Error,
    id::{MembershipId, OrganisationId, UserId},
    identity::{Membership, User},
};

use crate::graphql::Loader;

/// The active memberships of a user that the caller may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct MembershipsOf(pub(super) UserId);

/// That the caller is told the address of a user, whose membership in the organisation he keeps: it is there once that is noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct AddressOf(pub(super) UserId, pub(super) OrganisationId);

impl Loads<AddressOf> for Loader {
    type Value = ();
    type Error = Error;

    async fn load(&self, keys: &[AddressOf]) -> Result<HashMap<AddressOf, ()>, Error> {
        let read: Vec<(UserId, OrganisationId)> = keys.iter().map(|key| (key.0, key.1)).collect();
        user::note_addresses_read(&self.app, &self.ctx, &read).await?;
        Ok(keys.iter().map(|key| (*key, ())).collect())
    }
}

impl Loads<UserId> for Loader {
    type Value = User;
    type Error = Error;

    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, User>, Error> {
        let found = user::by_ids(&self.app, &self.ctx, keys).await?;
        Ok(found.into_iter().map(|user| (user.id, user)).collect())
    }
}

impl Loads<MembershipId> for Loader {
    type Value = Membership;
    type Error = Error;

    async fn load(&self, keys: &[MembershipId]) -> Result<HashMap<MembershipId, Membership>, Error> {
        let found = membership::by_ids(&self.app, &self.ctx, keys).await?;
        Ok(found.into_iter().map(|membership| (membership.id, membership)).collect())
    }
}

impl Loads<MembershipsOf> for Loader {
    type Value = Vec<Membership>;
    type Error = Error;

    async fn load(&self, keys: &[MembershipsOf]) -> Result<HashMap<MembershipsOf, Vec<Membership>>, Error> {
        let users: Vec<UserId> = keys.iter().map(|key| key.0).collect();
        let found = membership::of_users(&self.app, &self.ctx, &users).await?;
        Ok(found.into_iter().map(|(user, theirs)| (MembershipsOf(user), theirs)).collect())
    }
}
