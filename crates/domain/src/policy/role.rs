//! The roles and the sides they speak for.

use super::actor::OrganisationKind;
use crate::error::closed;

closed! {
    /// What a membership entitles to.
    Role {
        /// UNDP's desk: keeps the directory and schedules dialogues.
        Coordinator = "COORDINATOR",
        /// Reads the audit log and nothing else.
        Auditor = "AUDITOR",
        /// Logs contacts for an electoral body.
        ElectoralBodyOfficer = "ELECTORAL_BODY_OFFICER",
        /// An officer who also keeps the body's entry and its memberships.
        ElectoralBodyAdministrator = "ELECTORAL_BODY_ADMINISTRATOR",
        /// Answers contacts for a platform.
        PlatformRepresentative = "PLATFORM_REPRESENTATIVE",
        /// A representative who also keeps the platform's entry, channels and memberships.
        PlatformAdministrator = "PLATFORM_ADMINISTRATOR",
        /// Speaks at meetings and reviews recommendations.
        Expert = "EXPERT",
    }
}

closed! {
    /// The side for which a fact about a contact is asserted. Declared in the order in which sides count.
    Side {
        /// What the electoral body observed.
        ElectoralBody = "ELECTORAL_BODY",
        /// What the platform reports.
        Platform = "PLATFORM",
        /// What the coordinator recorded under a body's mandate.
        Coordinator = "COORDINATOR",
    }
}

impl Role {
    /// Whether this role grants and revokes memberships of its organisation.
    pub const fn is_administrator(self) -> bool {
        matches!(self, Self::ElectoralBodyAdministrator | Self::PlatformAdministrator)
    }

    /// Whether this role speaks for one of the two parties to a contact.
    pub const fn is_party(self) -> bool {
        self.is_electoral() || self.is_platform()
    }

    /// The side for which this role asserts facts.
    pub const fn side(self) -> Option<Side> {
        match self {
            Self::ElectoralBodyOfficer | Self::ElectoralBodyAdministrator => Some(Side::ElectoralBody),
            Self::PlatformRepresentative | Self::PlatformAdministrator => Some(Side::Platform),
            Self::Coordinator => Some(Side::Coordinator),
            Self::Auditor | Self::Expert => None,
        }
    }

    /// Whether the role can be held in an organisation of this kind. The coordinator and the auditor belong to the United Nations.
    pub const fn fits(self, kind: OrganisationKind) -> bool {
        match self {
            Self::Coordinator | Self::Auditor => matches!(kind, OrganisationKind::UnEntity),
            Self::ElectoralBodyOfficer | Self::ElectoralBodyAdministrator => matches!(kind, OrganisationKind::ElectoralBody),
            Self::PlatformRepresentative | Self::PlatformAdministrator => matches!(kind, OrganisationKind::PlatformCompany),
            Self::Expert => !matches!(kind, OrganisationKind::PlatformCompany),
        }
    }

    /// Whether this is a role in an electoral body.
    pub const fn is_electoral(self) -> bool {
        matches!(self, Self::ElectoralBodyOfficer | Self::ElectoralBodyAdministrator)
    }

    /// Whether this is a role in a platform company.
    pub const fn is_platform(self) -> bool {
        matches!(self, Self::PlatformRepresentative | Self::PlatformAdministrator)
    }
}

/// A column of the matrix: a role, or a caller without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody signed in.
    Public,
    /// Anybody signed in, whatever the role.
    SignedIn,
    /// A member with this role.
    Role(Role),
    /// The server's own scheduled work and the operator's command line.
    System,
}

impl Caller {
    /// Every column, in the order of the matrix.
    pub const ALL: [Self; 10] = [
        Self::Public,
        Self::SignedIn,
        Self::Role(Role::Coordinator),
        Self::Role(Role::Auditor),
        Self::Role(Role::ElectoralBodyOfficer),
        Self::Role(Role::ElectoralBodyAdministrator),
        Self::Role(Role::PlatformRepresentative),
        Self::Role(Role::PlatformAdministrator),
        Self::Role(Role::Expert),
        Self::System,
    ];

    /// The column's place in the matrix.
    pub(super) const fn column(self) -> usize {
        match self {
            Self::Public => 0,
            Self::SignedIn => 1,
            Self::Role(Role::Coordinator) => 2,
            Self::Role(Role::Auditor) => 3,
            Self::Role(Role::ElectoralBodyOfficer) => 4,
            Self::Role(Role::ElectoralBodyAdministrator) => 5,
            Self::Role(Role::PlatformRepresentative) => 6,
            Self::Role(Role::PlatformAdministrator) => 7,
            Self::Role(Role::Expert) => 8,
            Self::System => 9,
        }
    }

    /// The column's name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Public => "anyone",
            Self::SignedIn => "anyone signed in",
            Self::Role(role) => role.as_str(),
            Self::System => "the server",
        }
    }
}
