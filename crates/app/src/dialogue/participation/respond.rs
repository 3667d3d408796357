//! Answering an invitation or an offered seat: yes, perhaps, no, or somebody else of the organisation comes.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    dialogue::{Listed, Participation, ParticipationStatus, Response, Step, seats::offered_until},
    id::{MeetingId, OrganisationId, ParticipationId, UserId, read},
    policy::{Act, Scope},
    record::event::Topic,
    text::EmailAddress,
};
use tertulia_persistence::{
    dialogue::participation,
    identity::{membership, user},
};

use super::{
    person::{Details, Wishes, acted_by, begin, optional, standing},
    seating::Room,
};
use crate::{App, Ctx, IdempotencyKey, check_version};

/// An answer, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Respond {
    /// The meeting's id.
    pub meeting_id: String,
    /// The participation's id, where it is not the caller's own.
    pub participation_id: Option<String>,
    /// The answer.
    pub response: Response,
    /// Who comes, for an invitation that names nobody yet; without it the caller.
    pub person_id: Option<String>,
    /// Who comes instead.
    pub delegate_id: Option<String>,
    /// The same, by the address with which he signs in.
    pub delegate_email: Option<String>,
    /// How.
    pub details: Details,
    /// The version that the caller read.
    pub version: Option<i64>,
}

/// The same, checked.
struct Answer {
    meeting: MeetingId,
    participation: Option<ParticipationId>,
    person: Option<UserId>,
    delegate: Option<UserId>,
    address: Option<EmailAddress>,
    wishes: Wishes,
}

impl Respond {
    fn check(&self) -> Result<Answer> {
        let mut faults = Faults::default();
        let meeting = faults.check("meetingId", read(&self.meeting_id));
        let participation = optional(&mut faults, "participationId", self.participation_id.as_deref());
        let person = optional(&mut faults, "personId", self.person_id.as_deref());
        let delegate = optional(&mut faults, "delegateId", self.delegate_id.as_deref());
        let address = self.delegate_email.as_deref().and_then(|raw| faults.check("delegateEmail", EmailAddress::parse(raw)));
        let wishes = self.details.check(&mut faults);
        let names = usize::from(self.delegate_id.is_some()) + usize::from(self.delegate_email.is_some());
        match (self.response, names) {
            (Response::Delegated, 0) => faults.add(Reason::Required, "delegateId", "Say who comes instead."),
            (Response::Delegated, 1) | (_, 0) => {}
            (Response::Delegated, _) => faults.add(Reason::Contradiction, "delegateEmail", "Name the person once."),
            (_, _) => faults.add(Reason::Contradiction, "delegateId", "Only who sends somebody else names one."),
        }
        let meeting = faults.finish_with(meeting)?;
        Ok(Answer { meeting, participation, person, delegate, address, wishes })
    }
}

/// Answers. The person himself, an administrator of his organisation, or an organiser.
pub async fn respond(app: &App, ctx: &Ctx, input: &Respond, key: Option<&str>) -> Result<Participation> {
    ctx.may(Act::InvitationRespond)?;
    let key = IdempotencyKey::parse(key, input)?;
    let answer = input.check()?;
    let mut room = Room::enter(app, ctx, answer.meeting).await?;
    let former = match answer.participation {
        Some(id) => by_id(&room, id).await?,
        None => own_invitation(&room).await?.ok_or_else(|| Error::not_found("meetingId"))?,
    };
    // Who says no for an organisation, or sends somebody, does not become the person of its invitation.
    let named = match input.response {
        Response::Accepted | Response::Tentative => name(&room, &former, answer.person).await?,
        Response::Declined | Response::Delegated => former.clone(),
    };
    let grant = ctx.allow(Act::InvitationRespond, &answering(&room, &named))?;
    if room.uow.claim(&grant, key.as_ref(), former.id.any()).await?.is_some() {
        return Ok(former);
    }
    if let Some(version) = input.version {
        check_version(version, former.version)?;
    }
    room.meeting.check_ahead(ctx.now)?;
    let wished = answer.wishes.apply(&room, &named)?;
    let answered = match input.response {
        Response::Accepted => room.seat(Some(&former), &wished, Step::Accept).await?,
        other => wished.step(other.step(), ctx.now)?,
    };
    let answered = Participation { acted_by: answered.person.and_then(|person| acted_by(&grant, Some(person))), ..answered };
    let delegate = match input.response {
        Response::Delegated => Some(delegate(&room, &former, &answer).await?),
        _ => None,
    };
    room.keep(Some(&former), &answered, Topic::InvitationResponded).await?;
    if let Some((before, delegate)) = delegate {
        let delegate = Participation { acted_by: acted_by(&grant, delegate.person), ..delegate };
        room.keep(before.as_ref(), &delegate, Topic::MeetingInvited).await?;
    }
    room.leave(grant, None).await?;
    Ok(answered)
}

/// A participation of this meeting that the caller may read.
pub(super) async fn by_id(room: &Room<'_>, id: ParticipationId) -> Result<Participation> {
    let sights = (&room.ctx().dialogues(), &room.ctx().participations());
    let found = participation::find(room.uow.writer(), sights, id).await?;
    found.filter(|one| one.meeting == room.meeting.id).ok_or_else(|| Error::not_found("participationId"))
}

/// The caller's own participation; where there is none, an invitation of one of his organisations that names nobody yet.
async fn own_invitation(room: &Room<'_>) -> Result<Option<Participation>> {
    let Some(user) = room.ctx().actor.user() else { return Ok(None) };
    match participation::of_person(room.uow.writer(), room.meeting.id, user).await? {
        Some(own) => Ok(Some(own)),
        None => open_invitation(room, None).await,
    }
}

/// An invitation that names nobody yet, of the organisation wanted or of any of the caller's.
pub(super) async fn open_invitation(room: &Room<'_>, wanted: Option<OrganisationId>) -> Result<Option<Participation>> {
    let organisations: Vec<OrganisationId> = room.ctx().participations().organisations().iter().copied().collect();
    let open = participation::unnamed(room.uow.writer(), room.meeting.id, &organisations).await?;
    let is_wanted = |one: &Participation| wanted.is_none_or(|wanted| one.organisation == wanted);
    Ok(open.into_iter().find(|one| one.status == ParticipationStatus::Invited && is_wanted(one)))
}

/// The invitation with the person who answers it for the organisation, where it names nobody yet. One who answers for an
/// organisation that is not his leaves it without a name, unless he says who comes.
async fn name(room: &Room<'_>, former: &Participation, wanted: Option<UserId>) -> Result<Participation> {
    if former.person.is_some() {
        let refused = Error::invalid(Reason::Contradiction, "personId", "This invitation names somebody already.");
        return if wanted.is_none_or(|wanted| former.person == Some(wanted)) { Ok(former.clone()) } else { Err(refused) };
    }
    let ctx = room.ctx();
    let is_member = ctx.participations().organisations().contains(&former.organisation);
    let person = wanted.or(ctx.actor.user().filter(|_| is_member));
    let Some(person) = person else {
        return Err(Error::invalid(Reason::Required, "personId", "Say who comes for the organisation."));
    };
    standing(room, person, Some(former.organisation), "personId").await?;
    if participation::of_person(room.uow.writer(), room.meeting.id, person).await?.is_some() {
        let message = "This person takes part in the meeting already.";
        return Err(Error::new(Code::Conflict, Reason::Duplicate, "personId", message));
    }
    Ok(Participation { person: Some(person), ..former.clone() })
}

/// The participation of who comes instead, and what it was before if there was one. A seat that was held is offered to him; it goes
/// to the next who waits if he does not take it.
async fn delegate(room: &Room<'_>, from: &Participation, answer: &Answer) -> Result<(Option<Participation>, Participation)> {
    let now = room.ctx().now;
    let path = if answer.delegate.is_some() { "delegateId" } else { "delegateEmail" };
    let person = match (answer.delegate, &answer.address) {
        (Some(id), _) => Some(id),
        (None, Some(address)) => user::find_by_email(room.uow.writer(), address).await?.map(|user| user.id),
        (None, None) => None,
    };
    let person = person.ok_or_else(|| Error::not_found(path))?;
    let held = membership::held(room.uow.writer(), person).await?;
    let belongs =
        |(organisation, role): &(OrganisationId, _)| *organisation == from.organisation && *role != tertulia_domain::policy::Role::Auditor;
    if !held.iter().any(belongs) || from.person == Some(person) {
        return Err(Error::not_found(path));
    }
    let until = offered_until(now, room.meeting.starts_at, room.uow.app().dialogue.offer).filter(|_| from.status.holds_seat());
    let status = if until.is_some() { ParticipationStatus::Offered } else { ParticipationStatus::Invited };
    let before = participation::of_person(room.uow.writer(), room.meeting.id, person).await?;
    let anew = match &before {
        Some(before) => before.anew(status, now).map_err(|error| error.under(path))?,
        None => begin(room, (from.organisation, Some(person)), (from.role, from.mode), status),
    };
    let comes = Participation { role: from.role, mode: from.mode, listed: Listed::Nobody, offered_until: until, ..anew };
    Ok((before, comes))
}

/// Accepts the caller's own invitation: what registering means for one who was invited.
pub(super) async fn accept(room: &Room<'_>, former: &Participation, wishes: &Wishes) -> Result<Participation> {
    let named = name(room, former, None).await?;
    room.seat(Some(former), &wishes.apply(room, &named)?, Step::Accept).await
}

/// What the policy decides an answer by: an invitation that names nobody is everybody's of the organisation.
pub(super) fn answering(room: &Room<'_>, one: &Participation) -> Scope {
    Scope { user: one.person.or(room.ctx().actor.user()), ..room.scope(one) }
}
