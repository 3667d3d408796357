//! Who is asking.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{
    act::Act,
    api_scope::{ApiScope, ApiScopes},
    matrix::{self, Right},
    role::{Caller, Role},
};
use crate::{
    error::closed,
    id::{ApiClientId, MembershipId, OrganisationId, PlatformServiceId, SessionId, UserId},
    text::CountryCode,
};

closed! {
    /// The kinds of organisation that the policy tells apart, as the directory lists them.
    OrganisationKind {
        /// A body with a mandate in elections, courts and supervisors included.
        ElectoralBody = "ELECTORAL_BODY",
        /// A company that runs online platforms.
        PlatformCompany = "PLATFORM_COMPANY",
        /// A part of the United Nations.
        UnEntity = "UN_ENTITY",
        /// An intergovernmental organisation outside the United Nations.
        Intergovernmental = "INTERGOVERNMENTAL",
        /// A civil-society organisation.
        Cso = "CSO",
        /// A university or research institute.
        Academia = "ACADEMIA",
        /// A government or its agency, other than an electoral body.
        Government = "GOVERNMENT",
        /// A media organisation.
        Media = "MEDIA",
        /// A donor.
        Donor = "DONOR",
        /// A coalition or group of organisations without a legal form of its own.
        Coalition = "COALITION",
    }
}

/// What of something a membership covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage<T: Ord> {
    /// Everything, now and later.
    All,
    /// These only; none until set.
    Only(BTreeSet<T>),
}

impl<T: Ord> Default for Coverage<T> {
    fn default() -> Self {
        Self::Only(BTreeSet::new())
    }
}

impl<T: Ord> Coverage<T> {
    /// Whether `one` is covered.
    pub fn covers(&self, one: &T) -> bool {
        match self {
            Self::All => true,
            Self::Only(set) => set.contains(one),
        }
    }
}

/// One membership of the caller, with what the policy needs to know of its organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The membership.
    pub id: MembershipId,
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its kind.
    pub organisation_kind: OrganisationKind,
    /// Its country, if it has one.
    pub country: Option<CountryCode>,
    /// The role.
    pub role: Role,
    /// The countries that a platform's membership covers.
    pub countries: Coverage<CountryCode>,
    /// The services that a platform's membership covers.
    pub services: Coverage<PlatformServiceId>,
}

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody signed in.
    Anonymous,
    /// A person, signed in.
    User {
        /// The person.
        id: UserId,
        /// The sign-in.
        session: SessionId,
        /// The memberships in force.
        members: Vec<Member>,
    },
    /// A partner's program, for one organisation.
    Client {
        /// The client.
        id: ApiClientId,
        /// The memberships in that organisation of whoever made it.
        members: Vec<Member>,
        /// What it may do at most.
        scopes: ApiScopes,
    },
    /// The server's scheduled work and the operator's command line.
    System,
}

impl Actor {
    /// The person, if one is signed in.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::User { id, .. } => Some(*id),
            Self::Anonymous | Self::Client { .. } | Self::System => None,
        }
    }

    /// The API client, if one asks.
    pub fn client(&self) -> Option<ApiClientId> {
        match self {
            Self::Client { id, .. } => Some(*id),
            Self::Anonymous | Self::User { .. } | Self::System => None,
        }
    }

    /// The person or the client, for what is counted by caller.
    pub fn holder(&self) -> Option<Uuid> {
        self.user().map(UserId::uuid).or_else(|| self.client().map(ApiClientId::uuid))
    }

    /// Whether somebody showed who he is: a person or an API client.
    pub fn is_signed_in(&self) -> bool {
        matches!(self, Self::User { .. } | Self::Client { .. })
    }

    /// The memberships in force.
    pub fn members(&self) -> &[Member] {
        match self {
            Self::User { members, .. } | Self::Client { members, .. } => members,
            Self::Anonymous | Self::System => &[],
        }
    }

    /// The memberships as far as they open what is behind `scope`: those of a person, and those of a client that has the scope.
    pub fn members_under(&self, scope: ApiScope) -> &[Member] {
        match self {
            Self::Client { scopes, .. } if !scopes.has(scope) => &[],
            _ => self.members(),
        }
    }

    /// The memberships of a person, for what no API client may.
    pub fn members_in_person(&self) -> &[Member] {
        match self {
            Self::User { members, .. } => members,
            Self::Anonymous | Self::Client { .. } | Self::System => &[],
        }
    }

    /// Every column of the matrix in which this caller stands for `act`, with the membership that puts it there. A client stands where
    /// the scopes open the act, or where anyone does.
    pub(super) fn callers(&self, act: Act) -> impl Iterator<Item = (Caller, Option<&Member>)> {
        let (general, members): (&[Caller], &[Member]) = match self {
            Self::Anonymous => (&[Caller::Public], &[]),
            Self::User { members, .. } => (&[Caller::SignedIn, Caller::Public], members),
            Self::Client { scopes, members, .. } if scopes.open(act) => (&[Caller::SignedIn, Caller::Public], members),
            Self::Client { members, .. } if matrix::right(act, Caller::Public) != Right::No => (&[Caller::Public], members),
            Self::Client { .. } => (&[], &[]),
            Self::System => (&[Caller::System], &[]),
        };
        let roles = members.iter().map(|member| (Caller::Role(member.role), Some(member)));
        roles.chain(general.iter().map(|caller| (*caller, None)))
    }
}
