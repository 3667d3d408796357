//! Inviting organisations and persons to a meeting, each with an answer of its own.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tertulia_domain::{
    Faults, Reason, Result,
    dialogue::{CapacityRole, Meeting, Participation, ParticipationMode, ParticipationStatus, participation::MOST_AT_ONCE},
    id::{MeetingId, OrganisationId, UserId, read},
    policy::{Act, OrganisationKind, Role},
    record::event::Topic,
};
use tertulia_persistence::{
    dialogue::participation,
    identity::{membership, organisation},
};

use super::{
    person::{begin, optional},
    seating::Room,
};
use crate::{App, Ctx, IdempotencyKey};

/// Invitations, as somebody typed them.
#[derive(Clone, Debug, Serialize)]
pub struct Invite {
    /// The meeting's id.
    pub meeting_id: String,
    /// Who is invited.
    pub invitees: Vec<Invitee>,
}

/// Who is invited, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Invitee {
    /// The organisation's id.
    pub organisation_id: String,
    /// The person's id; without it the organisation says who comes.
    pub person_id: Option<String>,
    /// As what; without it as is usual for the organisation.
    pub role: Option<CapacityRole>,
    /// Where.
    pub mode: Option<ParticipationMode>,
}

/// What became of one invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteCode {
    /// Invited.
    Invited,
    /// Invited before, or taking part already.
    AlreadyInvited,
    /// There is no such organisation.
    UnknownOrganisation,
    /// Nobody of that id acts for the organisation.
    UnknownPerson,
    /// People of this organisation may not read the meeting.
    NotAParty,
}

/// One invitation, and what became of it.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The organisation, if there is one.
    pub organisation: Option<OrganisationId>,
    /// The participation, if there is one.
    pub participation: Option<Participation>,
    /// What became of it.
    pub code: InviteCode,
}

struct Wanted {
    organisation: OrganisationId,
    person: Option<UserId>,
    role: Option<CapacityRole>,
    mode: Option<ParticipationMode>,
}

impl Invite {
    fn check(&self) -> Result<(MeetingId, Vec<Wanted>)> {
        let mut faults = Faults::default();
        let meeting = faults.check("meetingId", read(&self.meeting_id));
        if !(1..=MOST_AT_ONCE).contains(&self.invitees.len()) {
            faults.add(Reason::OutOfRange, "invitees", format!("1 to {MOST_AT_ONCE} invitations."));
        }
        let mut wanted = Vec::new();
        for (index, one) in self.invitees.iter().take(MOST_AT_ONCE).enumerate() {
            let organisation = faults.check(&format!("invitees.{index}.organisationId"), read(&one.organisation_id));
            let person = optional(&mut faults, &format!("invitees.{index}.personId"), one.person_id.as_deref());
            wanted.extend(organisation.map(|organisation| Wanted { organisation, person, role: one.role, mode: one.mode }));
        }
        let meeting = faults.finish_with(meeting)?;
        Ok((meeting, wanted))
    }
}

/// What the directory and the meeting know of those who are invited.
struct Known {
    kinds: BTreeMap<OrganisationId, OrganisationKind>,
    members: BTreeSet<(UserId, OrganisationId)>,
    taking_part: BTreeMap<UserId, Participation>,
    open: BTreeMap<OrganisationId, Participation>,
}

impl Known {
    async fn of(room: &Room<'_>, wanted: &[Wanted]) -> Result<Self> {
        let (writer, meeting) = (room.uow.writer(), room.meeting.id);
        let organisations: Vec<OrganisationId> = wanted.iter().map(|one| one.organisation).collect();
        let persons: Vec<UserId> = wanted.iter().filter_map(|one| one.person).collect();
        let held = membership::held_by(writer, &persons).await?.into_iter().filter(|(_, _, role)| *role != Role::Auditor);
        let named = participation::of_persons(writer, meeting, &persons).await?;
        let open = participation::unnamed(writer, meeting, &organisations).await?;
        Ok(Self {
            kinds: organisation::kinds(writer, &organisations).await?,
            members: held.map(|(user, organisation, _)| (user, organisation)).collect(),
            taking_part: named.into_iter().filter_map(|one| Some((one.person?, one))).collect(),
            open: open.into_iter().filter(|one| one.status == ParticipationStatus::Invited).map(|one| (one.organisation, one)).collect(),
        })
    }
}

/// Invites. Who was invited before, or takes part, stays as he is; the others are not held up by one that cannot be invited.
pub async fn invite(app: &App, ctx: &Ctx, input: &Invite, key: Option<&str>) -> Result<(Meeting, Vec<Invited>)> {
    ctx.may(Act::MeetingInvite)?;
    let key = IdempotencyKey::parse(key, input)?;
    let (meeting, wanted) = input.check()?;
    let mut room = Room::enter(app, ctx, meeting).await?;
    let grant = room.organise(Act::MeetingInvite)?;
    // Done again, it finds everybody invited; only another input under the same key is refused here.
    let again = room.uow.claim(&grant, key.as_ref(), meeting.any()).await?.is_some();
    room.meeting.check_ahead(ctx.now)?;
    for (index, one) in wanted.iter().enumerate() {
        room.mode(one.mode).map_err(|error| error.under(&format!("invitees.{index}")))?;
    }
    let mut known = Known::of(&room, &wanted).await?;
    let mut results = Vec::new();
    for one in &wanted {
        results.push(invite_one(&mut room, &mut known, one).await?);
    }
    let meeting = room.meeting.clone();
    if !again && results.iter().any(|one| one.code == InviteCode::Invited) {
        room.leave(grant, None).await?;
    }
    Ok((meeting, results))
}

async fn invite_one(room: &mut Room<'_>, known: &mut Known, wanted: &Wanted) -> Result<Invited> {
    let organisation = known.kinds.get(&wanted.organisation).copied();
    let refused = |code, participation| Ok(Invited { organisation: organisation.map(|_| wanted.organisation), participation, code });
    let Some(kind) = organisation else { return refused(InviteCode::UnknownOrganisation, None) };
    if !room.is_open_to(wanted.organisation) {
        return refused(InviteCode::NotAParty, None);
    }
    if wanted.person.is_some_and(|person| !known.members.contains(&(person, wanted.organisation))) {
        return refused(InviteCode::UnknownPerson, None);
    }
    let before = match wanted.person {
        Some(person) => known.taking_part.get(&person).cloned(),
        None => known.open.get(&wanted.organisation).cloned(),
    };
    let role = wanted.role.unwrap_or(CapacityRole::of_kind(kind));
    let mode = room.mode(wanted.mode)?;
    let invited = match &before {
        Some(before) if before.status.is_over() && before.organisation == wanted.organisation => {
            Participation { role, mode, ..before.anew(ParticipationStatus::Invited, room.ctx().now)? }
        }
        Some(before) => return refused(InviteCode::AlreadyInvited, Some(before.clone())),
        None => begin(room, (wanted.organisation, wanted.person), (role, mode), ParticipationStatus::Invited),
    };
    room.keep(before.as_ref(), &invited, Topic::MeetingInvited).await?;
    match wanted.person {
        Some(person) => known.taking_part.insert(person, invited.clone()),
        None => known.open.insert(wanted.organisation, invited.clone()),
    };
    Ok(Invited { organisation: Some(wanted.organisation), participation: Some(invited), code: InviteCode::Invited })
}
