//! An invitation to take a membership, which its token lets the invited person accept once.

use chrono::TimeDelta;

use crate::{
    error::{Code, Error, Reason, Result},
    id::{InvitationId, OrganisationId, UserId},
    identity::{membership::Cover, user::Person},
    policy::Role,
    time::Instant,
};

/// How long an invitation can be accepted: long enough for a holiday, short enough for a lost mailbox.
pub const LIFETIME: TimeDelta = TimeDelta::days(7);

/// An invitation to take a membership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The invitation's id.
    pub id: InvitationId,
    /// Who is invited.
    pub person: Person,
    /// Into which organisation.
    pub organisation: OrganisationId,
    /// As what.
    pub role: Role,
    /// What the membership will cover.
    pub cover: Cover,
    /// Who invited; `None` for the operator of the server.
    pub invited_by: Option<UserId>,
    /// When.
    pub created_at: Instant,
    /// Until when it can be accepted, this instant excluded.
    pub expires_at: Instant,
    /// When it was accepted.
    pub accepted_at: Option<Instant>,
    /// When a newer invitation of the same person into the same role took its place.
    pub replaced_at: Option<Instant>,
}

impl Invitation {
    /// Accepts the invitation, once and in time.
    pub fn accept(mut self, now: Instant) -> Result<Self> {
        let refuse = |reason, message: &str| Err(Error::new(Code::InvalidInput, reason, "token", message));
        if self.accepted_at.is_some() {
            return refuse(Reason::AlreadyDone, "This invitation has been accepted before.");
        }
        if self.replaced_at.is_some() || now >= self.expires_at {
            return refuse(Reason::Expired, "This invitation has expired. Ask for another one.");
        }
        self.accepted_at = Some(now);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn is_accepted_once_and_in_time() {
        let start = DateTime::UNIX_EPOCH;
        let invitation = Invitation {
            id: InvitationId::new(Uuid::from_u128(1)),
            person: Person::parse("ana@example.org", "Ana").expect("a person"),
            organisation: OrganisationId::new(Uuid::from_u128(2)),
            role: Role::ElectoralBodyOfficer,
            cover: Cover::default(),
            invited_by: None,
            created_at: start,
            expires_at: start + LIFETIME,
            accepted_at: None,
            replaced_at: None,
        };
        let reason = |result: Result<Invitation>| result.map_err(|error| error.faults[0].reason).err();
        assert_eq!(reason(invitation.clone().accept(start + LIFETIME)), Some(Reason::Expired));
        let accepted = invitation.clone().accept(start).expect("in time");
        assert_eq!(reason(accepted.accept(start)), Some(Reason::AlreadyDone));
        assert_eq!(reason(Invitation { replaced_at: Some(start), ..invitation }.accept(start)), Some(Reason::Expired));
    }
}
