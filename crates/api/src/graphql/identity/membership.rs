//! A role in an organisation.

use async_graphql::{Context, Enum, ID, Object};
use tertulia_domain::{Error, Result, id::OrganisationId, identity, policy::Coverage};

use super::User;
use crate::graphql::{
    Resolving,
    directory::Organisation,
    scalar::{CountryCode, DateTime},
};

/// What a membership entitles to. Each root field's description says which roles may use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::policy::Role")]
pub enum Role {
    /// UNDP's desk: keeps the directory, schedules dialogues, invites the first administrator of an organisation.
    Coordinator,
    /// Reads the audit log and nothing else; holds no other role.
    Auditor,
    /// Logs contacts for an electoral body.
    ElectoralBodyOfficer,
    /// An officer who also keeps the body's entry and its memberships.
    ElectoralBodyAdministrator,
    /// Answers contacts for a platform, in the countries and services that the membership covers.
    PlatformRepresentative,
    /// A representative who also keeps the platform's entry, channels and memberships.
    PlatformAdministrator,
    /// Speaks at meetings and reviews recommendations.
    Expert,
}

/// A user's role in an organisation.
pub struct Membership(pub(crate) identity::Membership);

/// A user's role in an organisation. It gives rights from `grantedAt` until `endedAt`, with immediate effect on both ends.
#[Object]
impl Membership {
    /// The membership's id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The role.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// The organisation.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        organisation(ctx, self.0.organisation).await.transpose()
    }

    /// Who holds it.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        ctx.loaders().load_one(self.0.user).await.map(|user| user.map(User)).transpose()
    }

    /// Whether a platform's membership covers every country, now and later.
    async fn all_countries(&self) -> bool {
        self.0.cover.countries == Coverage::All
    }

    /// The countries of electoral bodies whose contacts a platform's membership covers, unless it covers all; none until set.
    async fn countries(&self) -> Vec<CountryCode> {
        named(&self.0.cover.countries)
    }

    /// Whether a platform's membership covers every service of the platform, now and later.
    async fn all_services(&self) -> bool {
        self.0.cover.services == Coverage::All
    }

    /// The ids of the services that a platform's membership covers, unless it covers all; none until set.
    async fn service_ids(&self) -> Vec<ID> {
        named::<_, String>(&self.0.cover.services).into_iter().map(ID).collect()
    }

    /// When it was granted.
    async fn granted_at(&self) -> DateTime {
        DateTime(self.0.granted_at)
    }

    /// When it ended; null while it lasts.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}

fn named<T: Ord + ToString, U: From<String>>(coverage: &Coverage<T>) -> Vec<U> {
    match coverage {
        Coverage::All => Vec::new(),
        Coverage::Only(set) => set.iter().map(|one| U::from(one.to_string())).collect(),
    }
}

/// The organisation of that id, as the directory shows it.
pub(crate) async fn organisation(ctx: &Context<'_>, id: OrganisationId) -> Result<Option<Organisation>, Error> {
    Ok(ctx.loaders().load_one(id).await?.map(Organisation::from))
}
