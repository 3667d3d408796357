//! Comments on circulated minutes: written by those who take part until the minutes are adopted, and kept for those who organise the
//! meeting.

use serde::Serialize;

use super::{
    agenda::Attribution,
    minutes::{By, Minutes, MinutesStatus},
    series::not_now,
};
use crate::{
    error::{Code, Error, Faults, Reason, Result},
    id::{AgendaItemId, CommentId, MeetingId, MinutesId, read},
    policy::DialogueSight,
    text::{LONG, block},
};

/// Most comments on the minutes of one meeting.
pub const MOST_COMMENTS: u64 = 500;

/// A comment on minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinutesComment {
    /// Its id.
    pub id: CommentId,
    /// The minutes.
    pub minutes: MinutesId,
    /// Their meeting.
    pub meeting: MeetingId,
    /// Which revision of their text it is about.
    pub revision: i64,
    /// The point of the agenda that it is about.
    pub agenda_item: Option<AgendaItemId>,
    /// What could be told of who wrote it when it was written. No later rule makes it more.
    pub attribution: Attribution,
    /// What it says.
    pub text: String,
    /// Who wrote it and when; to a reader, as far as he may know.
    pub by: By,
}

/// How a reader stands to a comment that he may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether he organises the meeting.
    pub organises: bool,
    /// Whether the rule that holds now for the point lets names be told; on no point, the rule of the dialogue never changes.
    pub names: bool,
}

impl MinutesComment {
    /// The comment without what this reader may not know of who wrote it. The person is known to the person alone and to members of
    /// the same organisation, as everywhere, and to them too only where names may be told or they organise the meeting.
    #[must_use]
    pub fn told(self, reader: &DialogueSight, standing: Standing) -> Self {
        if self.by.user.is_some() && self.by.user == reader.user() {
            return self;
        }
        let names = standing.organises || (standing.names && self.attribution.names());
        let organisation = self.by.organisation.filter(|_| names);
        let user = self.by.user.filter(|_| organisation.is_some_and(|id| reader.organisations().contains(&id)));
        Self { by: By { user, organisation, at: self.by.at }, ..self }
    }
}

/// A comment as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct MinutesCommentDraft {
    /// What it says.
    pub text: String,
    /// The id of the point of the agenda that it is about.
    pub agenda_item_id: Option<String>,
}

impl MinutesCommentDraft {
    /// Checks everything and names every fault at once.
    pub fn check(&self) -> Result<(String, Option<AgendaItemId>)> {
        let mut faults = Faults::default();
        let text = faults.check("text", block(&self.text, LONG));
        let item = self.agenda_item_id.as_deref().and_then(|raw| faults.check("agendaItemId", read(raw)));
        Ok((faults.finish_with(text)?, item))
    }
}

/// Refuses a comment unless what those who take part read is circulated: a draft that only its writers read changes nothing for them.
///
/// # Errors
/// `INVALID_TRANSITION` before the minutes are circulated and once they are adopted.
pub fn check_taken(shared: Option<Minutes>) -> Result<Minutes> {
    match shared {
        Some(minutes) if minutes.status == MinutesStatus::Circulated => Ok(minutes),
        Some(_) => Err(not_now("Adopted minutes are not commented on.")),
        None => Err(not_now("Minutes are commented on once they are circulated.")),
    }
}

/// Refuses one comment more than there may be.
///
/// # Errors
/// `LIMIT_EXCEEDED` if there are as many as there may be.
pub fn check_room(already: u64) -> Result<()> {
    if already < MOST_COMMENTS {
        return Ok(());
    }
    let message = format!("Minutes take at most {MOST_COMMENTS} comments.");
    Err(Error::new(Code::LimitExceeded, Reason::TooMany, "", message))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        id::{OrganisationId, SessionId, UserId},
        policy::{Actor, Coverage, Member, OrganisationKind, Role},
    };

    fn reader(user: u128, organisation: u128) -> DialogueSight {
        let member = Member {
            id: crate::id::MembershipId::new(Uuid::from_u128(user)),
            organisation: OrganisationId::new(Uuid::from_u128(organisation)),
            organisation_kind: OrganisationKind::ElectoralBody,
            country: None,
            role: Role::ElectoralBodyOfficer,
            countries: Coverage::All,
            services: Coverage::All,
        };
        let (id, session) = (UserId::new(Uuid::from_u128(user)), SessionId::new(Uuid::from_u128(user)));
        DialogueSight::of(&Actor::User { id, session, members: vec![member] })
    }

    fn written(attribution: Attribution) -> MinutesComment {
        MinutesComment {
            id: CommentId::new(Uuid::from_u128(9)),
            minutes: MinutesId::new(Uuid::from_u128(8)),
            meeting: MeetingId::new(Uuid::from_u128(7)),
            revision: 1,
            agenda_item: None,
            attribution,
            text: "Said".to_owned(),
            by: By {
                user: Some(UserId::new(Uuid::from_u128(1))),
                organisation: Some(OrganisationId::new(Uuid::from_u128(1))),
                at: DateTime::UNIX_EPOCH,
            },
        }
    }

    proptest! {
        #[test]
        fn nobody_but_organisers_learns_who_wrote_where_no_names_may_be_told(
            attribution in prop::sample::select(Attribution::ALL), names in any::<bool>(), organises in any::<bool>(), is_own in any::<bool>(),
        ) {
            let told = written(attribution).told(&reader(2, if is_own { 1 } else { 2 }), Standing { organises, names });
            let may_know = organises || (names && attribution.names());
            prop_assert_eq!(told.by.organisation.is_some(), may_know);
            prop_assert_eq!(told.by.user.is_some(), may_know && is_own);
            let own = written(attribution).told(&reader(1, 1), Standing { organises, names });
            prop_assert_eq!(own, written(attribution));
        }
    }

    #[test]
    fn one_comment_more_than_there_may_be_is_refused() {
        assert!(check_room(MOST_COMMENTS - 1).is_ok());
        assert_eq!(check_room(MOST_COMMENTS).map_err(|error| error.code), Err(Code::LimitExceeded));
    }
}
