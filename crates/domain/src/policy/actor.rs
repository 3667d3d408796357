//! Who is asking.

use std::collections::BTreeSet;

use super::role::{Caller, Role};
use crate::{
    error::closed,
    id::{MembershipId, OrganisationId, PlatformServiceId, SessionId, UserId},
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
    /// The server's scheduled work and the operator's command line.
    System,
}

impl Actor {
    /// The person, if one is signed in.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::User { id, .. } => Some(*id),
            Self::Anonymous | Self::System => None,
        }
    }

    /// The memberships in force.
    pub fn members(&self) -> &[Member] {
        match self {
            Self::User { members, .. } => members,
            Self::Anonymous | Self::System => &[],
        }
    }

    /// Whether one of the memberships has this role.
    pub fn has_role(&self, role: Role) -> bool {
        self.members().iter().any(|member| member.role == role)
    }

    /// Every column of the matrix in which this caller stands, with the membership that puts it there.
    pub(super) fn callers(&self) -> impl Iterator<Item = (Caller, Option<&Member>)> {
        let general: &[Caller] = match self {
            Self::Anonymous => &[Caller::Public],
            Self::User { .. } => &[Caller::SignedIn, Caller::Public],
            Self::System => &[Caller::System],
        };
        let roles = self.members().iter().map(|member| (Caller::Role(member.role), Some(member)));
        roles.chain(general.iter().map(|caller| (*caller, None)))
    }
}
