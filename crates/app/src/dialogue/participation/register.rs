//! Registering for a meeting: open to all who read it, or only for whom the organisers admit, or only for who was invited.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    dialogue::{CapacityRole, Participation, ParticipationStatus, RegistrationMode, Step},
    id::{MeetingId, OrganisationId, UserId, read},
    policy::{Act, Grant, Role, Scope},
    record::event::Topic,
};
use tertulia_persistence::dialogue::participation;

use super::{
    person::{Details, Wishes, acted_by, begin, optional, standing},
    respond::{accept, answering, open_invitation},
    seating::Room,
};
use crate::{App, Ctx, IdempotencyKey};

/// A registration, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Register {
    /// The meeting's id.
    pub meeting_id: String,
    /// For which of the person's organisations.
    pub organisation_id: Option<String>,
    /// Who comes; without it the caller.
    pub person_id: Option<String>,
    /// As what; the organisers choose, for others it follows from their role in the organisation.
    pub role: Option<CapacityRole>,
    /// How.
    pub details: Details,
}

struct Wanted {
    meeting: MeetingId,
    organisation: Option<OrganisationId>,
    person: Option<UserId>,
    wishes: Wishes,
}

impl Register {
    fn check(&self) -> Result<Wanted> {
        let mut faults = Faults::default();
        let meeting = faults.check("meetingId", read(&self.meeting_id));
        let organisation = optional(&mut faults, "organisationId", self.organisation_id.as_deref());
        let person = optional(&mut faults, "personId", self.person_id.as_deref());
        let wishes = self.details.check(&mut faults);
        let meeting = faults.finish_with(meeting)?;
        Ok(Wanted { meeting, organisation, person, wishes })
    }
}

/// Registers the caller, or somebody for whom he may act.
pub async fn register(app: &App, ctx: &Ctx, input: &Register, key: Option<&str>) -> Result<Participation> {
    ctx.may(Act::MeetingRegister)?;
    let key = IdempotencyKey::parse(key, input)?;
    let wanted = input.check()?;
    let mut room = Room::enter(app, ctx, wanted.meeting).await?;
    let person = wanted.person.or(ctx.actor.user()).ok_or_else(|| Error::unauthenticated("Sign in first."))?;
    let is_own = ctx.actor.user() == Some(person);
    let before = participation::of_person(room.uow.writer(), wanted.meeting, person).await?;
    let invited = match &before {
        None if is_own => open_invitation(&room, wanted.organisation).await?,
        before => before.clone().filter(|one| is_own && one.status == ParticipationStatus::Invited),
    };
    if let Some(invited) = invited {
        return accept_invited(room, key.as_ref(), &invited, &wanted.wishes).await;
    }
    let (organisation, role) = standing_of(&room, person, &wanted).await?;
    let scope = Scope { owner: Some(organisation), user: Some(person), ..room.dialogue.organised(&ctx.actor) };
    let grant = ctx.allow(Act::MeetingRegister, &scope)?;
    let id = before.as_ref().map_or_else(|| app.ids.new_id(), |one| one.id);
    if let Some(done) = room.uow.claim(&grant, key.as_ref(), id.any()).await? {
        let done = done.typed().ok_or_else(|| Error::broken("a registration's key names something else"))?;
        return super::respond::by_id(&room, done).await;
    }
    let role = capacity(&room, input.role, CapacityRole::of(role))?;
    let begun = begin(&room, (organisation, Some(person)), (role, wanted.wishes.mode(&room)?), ParticipationStatus::Invited);
    let new = Participation { id, ..begun };
    let registered = admit(&room, &grant, before.as_ref(), new, &wanted.wishes).await?;
    room.keep(before.as_ref(), &registered, Topic::MeetingRegistered).await?;
    room.leave(grant, None).await?;
    Ok(registered)
}

/// Registering is accepting, for one who was invited.
async fn accept_invited(
    mut room: Room<'_>,
    key: Option<&IdempotencyKey>,
    invited: &Participation,
    wishes: &Wishes,
) -> Result<Participation> {
    let grant = room.ctx().allow(Act::MeetingRegister, &answering(&room, invited))?;
    if room.uow.claim(&grant, key, invited.id.any()).await?.is_some() {
        return Ok(invited.clone());
    }
    room.meeting.check_ahead(room.ctx().now)?;
    let accepted = accept(&room, invited, wishes).await?;
    room.keep(Some(invited), &accepted, Topic::MeetingRegistered).await?;
    room.leave(grant, None).await?;
    Ok(accepted)
}

/// For which organisation the person comes. Who registers somebody else learns of nobody whom he may not act for.
async fn standing_of(room: &Room<'_>, person: UserId, wanted: &Wanted) -> Result<(OrganisationId, Role)> {
    let ctx = room.ctx();
    let path = if wanted.organisation.is_some() { "organisationId" } else { "personId" };
    if ctx.actor.user() == Some(person) || room.is_organised_by_caller() {
        return standing(room, person, wanted.organisation, path).await;
    }
    let (sight, scope) = (ctx.participations(), Scope::of_user(person));
    let mut own = sight.administered().iter().copied();
    let own = own.find(|own| wanted.organisation.is_none_or(|wanted| wanted == *own));
    match own {
        Some(own) => standing(room, person, Some(own), path).await,
        None => Err(ctx.allow(Act::MeetingRegister, &scope).err().unwrap_or_else(|| Error::not_found(path))),
    }
}

/// As what somebody comes. A role may have seats of its own, so nobody chooses it for himself.
fn capacity(room: &Room<'_>, wanted: Option<CapacityRole>, usual: CapacityRole) -> Result<CapacityRole> {
    match wanted {
        Some(wanted) if wanted != usual && !room.is_organised_by_caller() => {
            let message = format!("You come as {usual}; the organisers may say otherwise.");
            Err(Error::new(Code::Forbidden, Reason::NotPermitted, "capacityRole", message))
        }
        wanted => Ok(wanted.unwrap_or(usual)),
    }
}

/// The registration as it is kept: with a seat, in the queue, or for the organisers to decide on.
async fn admit(
    room: &Room<'_>,
    grant: &Grant,
    before: Option<&Participation>,
    new: Participation,
    wishes: &Wishes,
) -> Result<Participation> {
    let now = room.ctx().now;
    room.meeting.check_ahead(now)?;
    if !room.is_open_to(new.organisation) {
        return Err(Error::not_found("organisationId"));
    }
    let by_organisers = room.is_organised_by_caller();
    let mode = room.meeting.admission.registration.mode;
    if !by_organisers {
        check_window(room, mode)?;
    }
    let begun = match before {
        Some(before) => {
            let again = before.anew(ParticipationStatus::Invited, now)?;
            Participation { organisation: new.organisation, role: new.role, mode: new.mode, version: before.version, ..again }
        }
        None => Participation { version: 0, ..new },
    };
    let asked = wishes.apply(room, &begun)?;
    let asked = Participation { acted_by: acted_by(grant, asked.person), ..asked };
    if mode == RegistrationMode::Approval && !by_organisers {
        return Ok(Participation { status: ParticipationStatus::Requested, ..asked.changed(now) });
    }
    room.seat(before, &asked, Step::Accept).await
}

fn check_window(room: &Room<'_>, mode: RegistrationMode) -> Result<()> {
    if mode == RegistrationMode::Invitation {
        return Err(Error::new(Code::Forbidden, Reason::NotPermitted, "meetingId", "This meeting is for those who are invited."));
    }
    if room.meeting.admission.registration.is_open(room.ctx().now) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "meetingId", "Registration has not opened yet, or is closed."))
}
