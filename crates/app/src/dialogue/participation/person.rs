//! Who takes part, and what he says of it: what answering and registering have in common.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    dialogue::{
        CapacityRole, Listed, Participation, ParticipationMode, ParticipationStatus,
        participation::{ACCESS_NEEDS, ActedBy, MOST_NEEDS},
    },
    id::{OrganisationId, UserId, read},
    policy::{Grant, Role},
    text::{LanguageTag, block},
};
use tertulia_persistence::identity::membership;

use super::seating::Room;

/// What somebody says of how he takes part, as typed. What is left out stays as it was.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Details {
    /// Where.
    pub mode: Option<ParticipationMode>,
    /// The languages into which he needs interpretation.
    pub interpretation_needs: Option<Vec<String>>,
    /// What he needs to take part; an empty text takes it back.
    pub access_needs: Option<String>,
    /// To whom he consents to be shown.
    pub listed: Option<Listed>,
}

/// The same, checked.
#[derive(Clone, Debug)]
pub(super) struct Wishes {
    mode: Option<ParticipationMode>,
    needs: Option<Vec<LanguageTag>>,
    /// Empty where it is taken back.
    access: Option<String>,
    listed: Option<Listed>,
}

impl Details {
    /// Checks everything, noting each fault.
    pub(super) fn check(&self, faults: &mut Faults) -> Wishes {
        let raw = self.interpretation_needs.as_deref();
        if raw.is_some_and(|raw| raw.len() > MOST_NEEDS) {
            faults.add(Reason::TooLong, "interpretationNeeds", format!("At most {MOST_NEEDS} languages."));
        }
        let mut needs = raw.map(|_| Vec::new());
        for (index, raw) in raw.unwrap_or_default().iter().take(MOST_NEEDS).enumerate() {
            let tag = faults.check(&format!("interpretationNeeds.{index}"), LanguageTag::parse(raw));
            if let (Some(tag), Some(needs)) = (tag, needs.as_mut())
                && !needs.contains(&tag)
            {
                needs.push(tag);
            }
        }
        let access = self.access_needs.as_deref().map(|raw| {
            let said = Some(raw).filter(|raw| !raw.trim().is_empty());
            said.and_then(|raw| faults.check("accessNeeds", block(raw, ACCESS_NEEDS))).unwrap_or_default()
        });
        Wishes { mode: self.mode, needs, access, listed: self.listed }
    }
}

impl Wishes {
    /// The participation with what was said of it. Nobody consents for somebody else.
    pub(super) fn apply(&self, room: &Room<'_>, one: &Participation) -> Result<Participation> {
        let is_own = one.person.is_some() && one.person == room.ctx().actor.user();
        if !is_own && self.listed.is_some_and(|listed| listed != Listed::Nobody) {
            let message = "Only the person can consent to be listed.";
            return Err(Error::new(Code::Forbidden, Reason::NotPermitted, "listed", message));
        }
        let mode = if self.mode.is_some() { room.mode(self.mode)? } else { one.mode };
        Ok(Participation {
            mode,
            interpretation_needs: self.needs.clone().unwrap_or_else(|| one.interpretation_needs.clone()),
            access_needs: self.access.clone().map_or_else(|| one.access_needs.clone(), |said| Some(said).filter(|said| !said.is_empty())),
            listed: self.listed.unwrap_or(one.listed),
            ..one.clone()
        })
    }

    /// Where one who is new to the meeting wants to take part.
    pub(super) fn mode(&self, room: &Room<'_>) -> Result<ParticipationMode> {
        room.mode(self.mode)
    }
}

/// Who acted, unless the person did himself.
pub(super) fn acted_by(grant: &Grant, person: Option<UserId>) -> Option<ActedBy> {
    let (user, organisation) = (grant.user()?, grant.organisation()?);
    (Some(user) != person).then_some(ActedBy { user, organisation })
}

/// The organisation for which a person takes part, and the role there: the one wanted, else the only one.
///
/// # Errors
/// `UNKNOWN_ID` at `path` if the person acts for no such organisation; `REQUIRED` at `organisationId` where there are several.
pub(super) async fn standing(
    room: &Room<'_>,
    person: UserId,
    wanted: Option<OrganisationId>,
    path: &str,
) -> Result<(OrganisationId, Role)> {
    let mut held: Vec<(OrganisationId, Role)> = membership::held(room.uow.writer(), person).await?;
    held.retain(|(organisation, role)| *role != Role::Auditor && wanted.is_none_or(|wanted| wanted == *organisation));
    held.dedup_by_key(|(organisation, _)| *organisation);
    match held.as_slice() {
        [one] => Ok(*one),
        [] => Err(Error::not_found(path)),
        _ => Err(Error::invalid(Reason::Required, "organisationId", "Say for which organisation.")),
    }
}

/// A participation that begins with `status`.
pub(super) fn begin(
    room: &Room<'_>,
    (organisation, person): (OrganisationId, Option<UserId>),
    (role, mode): (CapacityRole, ParticipationMode),
    status: ParticipationStatus,
) -> Participation {
    let now = room.ctx().now;
    Participation {
        id: room.uow.app().ids.new_id(),
        meeting: room.meeting.id,
        dialogue: room.dialogue.id,
        organisation,
        person,
        role,
        status,
        mode,
        interpretation_needs: Vec::new(),
        access_needs: None,
        listed: Listed::Nobody,
        ticket: None,
        offered_until: None,
        acted_by: None,
        attended_from: None,
        attended_to: None,
        generated: false,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// Reads an id that may be missing.
pub(super) fn optional<K: tertulia_domain::id::Kind>(
    faults: &mut Faults,
    path: &str,
    raw: Option<&str>,
) -> Option<tertulia_domain::id::Id<K>> {
    raw.and_then(|raw| faults.check(path, read(raw)))
}
