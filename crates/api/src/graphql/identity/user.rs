//! A person who can sign in, as others see him.

use async_graphql::{Context, ID, Object};
use tertulia_domain::{Result, identity};

use super::load::{AddressOf, MembershipsOf};
use crate::graphql::{Resolving, scalar::DateTime};

/// A person who can sign in.
pub struct User(pub(crate) identity::User);

/// A person who can sign in. Others see a person only inside their own organisation.
#[Object]
impl User {
    /// The user's id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The name by which the person goes.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The address by which the person signs in; null unless it is you or you keep the memberships of the person's organisation. That you
    /// read the address of somebody else stands in the audit log.
    async fn email(&self, ctx: &Context<'_>) -> Option<Result<&str>> {
        self.shows_email(ctx).await.map(|shows| shows.then(|| self.0.email.as_str())).transpose()
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the person was taken out of the account; null unless you have just done so, since from then on it is read nowhere.
    async fn erased_at(&self) -> Option<DateTime> {
        self.0.erased_at.map(DateTime)
    }

    /// Whether this is no person but an account that a generator made for a demonstration.
    async fn generated(&self) -> bool {
        self.0.generated
    }
}

impl User {
    /// An address is for its owner and for who reads one of the owner's memberships by keeping them.
    async fn shows_email(&self, ctx: &Context<'_>) -> Result<bool> {
        if self.0.erased_at.is_some() {
            return Ok(false);
        }
        if ctx.caller().actor.user() == Some(self.0.id) {
            return Ok(true);
        }
        let kept = ctx.loaders().load_one(MembershipsOf(self.0.id)).await?;
        let Some(organisation) = kept.as_ref().and_then(|kept| kept.first()).map(|one| one.organisation) else { return Ok(false) };
        Ok(ctx.loaders().load_one(AddressOf(self.0.id, organisation)).await?.is_some())
    }
}
