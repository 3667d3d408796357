//! The room of one meeting, held while somebody's seat changes: whoever wants to change another's waits until the transaction ends,
//! on whichever server. Offers that have lapsed go, and free seats are offered, before and after each act.

use tertulia_domain::{
    Code, Error, Reason, Result,
    dialogue::{
        Dialogue, DialogueVisibility, Meeting, Participation, ParticipationMode, ParticipationStatus, Seats, Step, seats::offered_until,
    },
    id::{MeetingId, OrganisationId},
    policy::{Act, Grant, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::dialogue::{dialogue, meeting, participation};

use super::letter;
use crate::{App, Ctx, UnitOfWork};

/// Meetings in which one turn of the worker lets offers lapse.
const BATCH: u64 = 50;

/// A meeting that is held.
pub(super) struct Room<'a> {
    pub(super) uow: UnitOfWork<'a>,
    pub(super) meeting: Meeting,
    pub(super) dialogue: Dialogue,
    pub(super) seats: Seats,
    events: Vec<Event>,
    letters: Vec<letter::Step>,
}

impl<'a> Room<'a> {
    /// Holds the meeting, if the caller may read it, and settles what is due.
    pub(super) async fn enter(app: &'a App, ctx: &'a Ctx, id: MeetingId) -> Result<Self> {
        let uow = app.begin(ctx).await?;
        let missing = || Error::not_found("meetingId");
        let meeting = meeting::hold(uow.writer(), &ctx.dialogues(), id).await?.ok_or_else(missing)?;
        let dialogue = dialogue::find(uow.writer(), &ctx.dialogues(), meeting.dialogue).await?.ok_or_else(missing)?;
        let seats = participation::seats(uow.writer(), &[id]).await?.pop().map(|(_, seats)| seats).unwrap_or_default();
        let mut room = Self { uow, meeting, dialogue, seats, events: Vec::new(), letters: Vec::new() };
        room.settle().await?;
        Ok(room)
    }

    pub(super) fn ctx(&self) -> &'a Ctx {
        self.uow.ctx()
    }

    /// The grant for an act of organisers.
    pub(super) fn organise(&self, act: Act) -> Result<Grant> {
        self.ctx().allow(act, &self.dialogue.organised(&self.ctx().actor))
    }

    /// What the policy decides the acts on a participation by.
    pub(super) fn scope(&self, one: &Participation) -> Scope {
        Scope { owner: Some(one.organisation), user: one.person, ..self.dialogue.organised(&self.ctx().actor) }
    }

    /// Whether the caller organises the meeting.
    pub(super) fn is_organised_by_caller(&self) -> bool {
        self.ctx().participations().organises(&self.dialogue.conveners)
    }

    /// Whether people of this organisation may read the meeting, and so take part in it.
    pub(super) fn is_open_to(&self, organisation: OrganisationId) -> bool {
        self.dialogue.visibility != DialogueVisibility::Parties || self.dialogue.parties().any(|party| party == organisation)
    }

    /// A participation that takes a seat by `step`, or waits where there is none. `former` holds what the seats know of it.
    pub(super) async fn seat(&self, former: Option<&Participation>, one: &Participation, step: Step) -> Result<Participation> {
        let now = self.ctx().now;
        let mut seats = self.seats.clone();
        if let Some(former) = former {
            seats.add(former.mode, former.role, former.status, -1);
        }
        let keeps = former.is_some_and(|former| former.status.holds_seat() && former.mode == one.mode);
        if keeps || seats.has_room(&self.meeting.admission, one.mode, one.role) {
            return one.step(step, now);
        }
        if former.is_some_and(|former| former.status.holds_seat()) {
            let message = "There is no free seat of that kind. The present seat stays.";
            return Err(Error::new(Code::Conflict, Reason::TooMany, "mode", message));
        }
        let waits = one.step(Step::Queue, now)?;
        let ticket = participation::next_ticket(self.uow.writer(), self.meeting.id).await?;
        Ok(Participation { ticket: Some(ticket), ..waits })
    }

    /// Keeps a participation as it is now; `former` is what it was, if it is not new. `topic` is what happened to it.
    pub(super) async fn keep(&mut self, former: Option<&Participation>, one: &Participation, topic: Topic) -> Result<()> {
        self.write(former, one).await?;
        self.events.push(Event::edit(topic, one.id.any(), vec!["status"]));
        Ok(())
    }

    async fn write(&mut self, former: Option<&Participation>, one: &Participation) -> Result<()> {
        match former {
            Some(former) => {
                self.seats.add(former.mode, former.role, former.status, -1);
                participation::update(self.uow.writer(), std::slice::from_ref(one)).await?;
            }
            None => participation::insert(self.uow.writer(), std::slice::from_ref(one)).await?,
        }
        self.seats.add(one.mode, one.role, one.status, 1);
        self.letters.extend(letter::Step::of(former, one, self.ctx().actor.user()));
        Ok(())
    }

    /// Lets lapse what has lapsed, and offers what is free to who waits longest.
    pub(super) async fn settle(&mut self) -> Result<()> {
        let now = self.ctx().now;
        if self.seats.with(ParticipationStatus::Offered) > 0 {
            for former in participation::lapsed(self.uow.writer(), self.meeting.id, now).await? {
                let lapsed = former.step(Step::Lapse, now)?;
                self.write(Some(&former), &lapsed).await?;
                self.uow.consequence(Act::RegistrationLapse, Event::edit(Topic::RegistrationLapsed, lapsed.id.any(), vec!["status"]))?;
            }
        }
        let usual = self.uow.app().dialogue.offer;
        let until = offered_until(now, self.meeting.starts_at, usual).filter(|_| self.meeting.status.can_move());
        let Some(until) = until.filter(|_| self.seats.owes_an_offer(&self.meeting.admission)) else { return Ok(()) };
        let queue = participation::queue(self.uow.writer(), self.meeting.id).await?;
        let chosen = self.seats.offer(&self.meeting.admission, &queue);
        let waiting = participation::held(self.uow.writer(), &chosen).await?;
        let offer = |one: &Participation| Ok(Participation { offered_until: Some(until), ..one.step(Step::Offer, now)? });
        let offered = waiting.iter().map(offer).collect::<Result<Vec<_>>>()?;
        participation::update(self.uow.writer(), &offered).await?;
        let steps = waiting.iter().zip(&offered).filter_map(|(former, one)| letter::Step::of(Some(former), one, None));
        self.letters.extend(steps);
        for one in &offered {
            self.uow.consequence(Act::RegistrationOffer, Event::edit(Topic::RegistrationOffered, one.id.any(), vec!["status"]))?;
        }
        Ok(())
    }

    /// Offers what the act has freed, and makes everything durable.
    pub(super) async fn leave(mut self, grant: Grant, more: Option<Event>) -> Result<()> {
        self.settle().await?;
        letter::send(&self, &self.letters).await?;
        let events = std::mem::take(&mut self.events);
        self.uow.commit(grant, events.into_iter().chain(more)).await
    }

    /// Where somebody takes part: as he says, else as is usual; checked against the meeting.
    pub(super) fn mode(&self, wanted: Option<ParticipationMode>) -> Result<ParticipationMode> {
        let mode = wanted.unwrap_or_else(|| self.meeting.usual_mode());
        self.meeting.check_mode(mode)?;
        Ok(mode)
    }
}

/// Lets offers lapse whose time has passed, and offers their seats to the next; says in how many meetings.
pub(crate) async fn let_offers_lapse(app: &App, ctx: &Ctx) -> Result<u64> {
    let meetings = participation::with_lapsed(&app.current_reader(ctx), ctx.now, BATCH).await?;
    for id in &meetings {
        let room = Room::enter(app, ctx, *id).await?;
        letter::send(&room, &room.letters).await?;
        // Another server, or somebody's act, may have done it meanwhile.
        room.uow.commit_consequences().await?;
    }
    Ok(meetings.len() as u64)
}
