//! Polls about slots: opened and decided by the organisers, answered by who takes part.

mod read;

pub use read::{Answers, answers, by_ids, count, get, list, open_of};

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    dialogue::{
        Dialogue, Length, Meeting, MeetingStatus, Occurrence, Slot,
        slot_poll::{CandidateDraft, PollAnswer, SlotAnswer, SlotPoll, SlotPollStatus, check_candidates},
        wall_time,
    },
    id::{DialogueId, MeetingId, SlotPollId, read},
    policy::{Act, Grant, ParticipationSight},
    record::event::{Event, Topic},
    time::Instant,
};
use tertulia_persistence::dialogue::{dialogue, meeting, slot_answer, slot_poll};

use super::{
    participation::part,
    series::{Change, write_telling},
};
use crate::{App, Ctx, IdempotencyKey, UnitOfWork, check_version};

fn sight(ctx: &Ctx) -> ParticipationSight {
    ParticipationSight::of(&ctx.actor)
}

/// A poll to be opened, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Open {
    /// The meeting whose slot is sought.
    pub meeting_id: Option<String>,
    /// The dialogue, for a further meeting.
    pub dialogue_id: Option<String>,
    /// The slots that are asked about.
    pub candidates: Vec<CandidateDraft>,
    /// How long the meeting takes; without it as long as before.
    pub duration: Option<String>,
    /// Until when answers are taken.
    pub closes_at: Instant,
}

/// Opens a poll. A meeting whose slot is sought is POLLING until it is decided.
pub async fn open(app: &App, ctx: &Ctx, input: &Open, key: Option<&str>) -> Result<SlotPoll> {
    ctx.may(Act::SlotPollOpen)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let meeting = input.meeting_id.as_deref().and_then(|raw| faults.check("meetingId", read::<tertulia_domain::id::kinds::Meeting>(raw)));
    let dialogue =
        input.dialogue_id.as_deref().and_then(|raw| faults.check("dialogueId", read::<tertulia_domain::id::kinds::Dialogue>(raw)));
    match (&input.meeting_id, &input.dialogue_id) {
        (None, None) => faults.add(Reason::Required, "meetingId", "Say for which meeting, or for which dialogue."),
        (Some(_), Some(_)) => faults.add(Reason::Contradiction, "dialogueId", "Say either a meeting or a dialogue, for a further one."),
        _ => {}
    }
    let length = input.duration.as_deref().and_then(|raw| faults.check("duration", Length::parse(raw)));
    let candidates = faults.check("", check_candidates(&input.candidates, input.closes_at, ctx.now));
    let candidates = faults.finish_with(candidates)?;
    let uow = app.begin(ctx).await?;
    let (dialogue, meeting) = subject(&uow, meeting, dialogue).await?;
    let grant = ctx.allow(Act::SlotPollOpen, &dialogue.organised(&ctx.actor))?;
    let id: SlotPollId = app.ids.new_id();
    if let Some(done) = uow.claim(&grant, key.as_ref(), id.any()).await? {
        return again(&uow, done.typed()).await;
    }
    let poll = SlotPoll {
        id,
        dialogue: dialogue.id,
        meeting: meeting.as_ref().map(|one| one.id),
        candidates,
        length: length.unwrap_or_else(|| meeting.as_ref().map_or(dialogue.length, |one| one.length)),
        closes_at: input.closes_at,
        status: SlotPollStatus::Open,
        status_before: meeting.as_ref().map_or(MeetingStatus::Proposed, |one| one.status),
        chosen: None,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    slot_poll::insert(uow.writer(), &poll).await?;
    let opened = Event::new(Topic::SlotPollOpened, id.any());
    match meeting {
        Some(found) => {
            let polled = found.poll(ctx.now)?;
            write_telling(uow, grant, polled_change(&dialogue, found, polled), vec![opened]).await?;
        }
        None => uow.commit(grant, [opened]).await?,
    }
    Ok(poll)
}

async fn again(uow: &UnitOfWork<'_>, id: Option<SlotPollId>) -> Result<SlotPoll> {
    let id = id.ok_or_else(|| Error::broken("a poll's key names something else"))?;
    slot_poll::find(uow.writer(), &sight(uow.ctx()), id).await?.ok_or_else(|| Error::not_found(""))
}

/// The dialogue and the meeting that a poll is about, as the caller reads them.
async fn subject(uow: &UnitOfWork<'_>, meeting: Option<MeetingId>, dialogue: Option<DialogueId>) -> Result<(Dialogue, Option<Meeting>)> {
    let seen = uow.ctx().dialogues();
    let found = match meeting {
        Some(id) => Some(meeting::find(uow.writer(), &seen, id).await?.ok_or_else(|| Error::not_found("meetingId"))?),
        None => None,
    };
    let id = found.as_ref().map(|one| one.dialogue).or(dialogue).ok_or_else(|| Error::broken("a poll about nothing"))?;
    let dialogue = dialogue::find(uow.writer(), &seen, id).await?.ok_or_else(|| Error::not_found("dialogueId"))?;
    Ok((dialogue, found))
}

/// What somebody says of the candidates, as typed.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The poll's id.
    pub poll_id: String,
    /// What is said of each candidate, in their order.
    pub answers: Vec<SlotAnswer>,
}

/// Answers to a poll, in place of what the person answered before.
pub async fn answer(app: &App, ctx: &Ctx, input: &Answer, key: Option<&str>) -> Result<SlotPoll> {
    ctx.may(Act::SlotPollAnswer)?;
    let key = IdempotencyKey::parse(key, input)?;
    let id = read(&input.poll_id).map_err(|error| error.under("pollId"))?;
    let person = ctx.actor.user().ok_or_else(|| Error::unauthenticated("Sign in first."))?;
    let uow = app.begin(ctx).await?;
    let poll = slot_poll::find(uow.writer(), &sight(ctx), id).await?.ok_or_else(|| Error::not_found("pollId"))?;
    let (scope, of_participation) = part(&uow, poll.dialogue, poll.meeting).await?;
    let grant = ctx.allow(Act::SlotPollAnswer, &scope)?;
    let organisation = grant.organisation().or(of_participation).ok_or_else(|| Error::broken("an answer for no organisation"))?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(poll);
    }
    poll.check_answers(&input.answers, ctx.now)?;
    let answer = PollAnswer { poll: id, person, organisation, answers: input.answers.clone(), answered_at: ctx.now };
    slot_answer::put(uow.writer(), app.ids.uuid(), &answer).await?;
    uow.commit(grant, [Event::new(Topic::SlotPollAnswered, id.any())]).await?;
    Ok(poll)
}

/// A choice, or an end without one, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Decide {
    /// The poll's id.
    pub poll_id: String,
    /// The place of the candidate that is chosen, from 0.
    pub candidate: Option<i32>,
    /// The version on which the edit is based.
    pub version: i64,
}

/// Makes a candidate the slot of the poll's meeting, or a further meeting of its dialogue; answers the poll and the meeting.
pub async fn choose(app: &App, ctx: &Ctx, input: &Decide, key: Option<&str>) -> Result<(SlotPoll, Option<Meeting>)> {
    let (uow, grant, poll, dialogue) = match decided(app, ctx, Act::SlotPollChoose, input, key).await? {
        Decision::Before(poll) => {
            let meeting = match poll.meeting {
                Some(id) => meeting::find(&app.reader(ctx), &ctx.dialogues(), id).await?,
                None => None,
            };
            return Ok((*poll, meeting));
        }
        Decision::Now(uow, grant, poll, dialogue) => (*uow, grant, *poll, *dialogue),
    };
    let index = input.candidate.ok_or_else(|| Error::invalid(Reason::Required, "candidate", "Say which candidate."))?;
    let (chosen, candidate) = poll.choose(index, ctx.now)?;
    let slot = Slot { local_start: candidate.local_start, zone: candidate.zone(), length: poll.length };
    let told = Event::edit(Topic::SlotPollChosen, poll.id.any(), vec!["status", "chosen"]);
    if let Some(id) = poll.meeting {
        let found = meeting::find(uow.writer(), &ctx.dialogues(), id).await?.ok_or_else(|| Error::not_found("pollId"))?;
        let settled = found.settle(slot, ctx.now)?;
        keep(&uow, &chosen).await?;
        let change = Change {
            before: &dialogue,
            after: None,
            meetings: vec![(found, settled.clone())],
            topic: Topic::MeetingRescheduled,
            fields: &["localStart", "timeZone", "duration", "status"],
        };
        write_telling(uow, grant, change, vec![told]).await?;
        return Ok((chosen, Some(settled)));
    }
    let (extended, added) = add_meeting(&uow, &dialogue, slot).await?;
    let chosen = SlotPoll { meeting: Some(added.id), ..chosen };
    keep(&uow, &chosen).await?;
    let longer = Event::edit(Topic::DialogueUpdated, dialogue.id.any(), vec!["additionalDates"]);
    let topic = Topic::MeetingAdded;
    let change = Change { before: &dialogue, after: Some((extended, longer)), meetings: Vec::new(), topic, fields: &[] };
    write_telling(uow, grant, change, vec![told, Event::new(topic, added.id.any())]).await?;
    Ok((chosen, Some(added)))
}

/// Ends a poll without a choice. A meeting gets back the status that it had before.
pub async fn close(app: &App, ctx: &Ctx, input: &Decide, key: Option<&str>) -> Result<SlotPoll> {
    let (uow, grant, poll, dialogue) = match decided(app, ctx, Act::SlotPollClose, input, key).await? {
        Decision::Before(poll) => return Ok(*poll),
        Decision::Now(uow, grant, poll, dialogue) => (*uow, grant, *poll, *dialogue),
    };
    let closed = poll.close(ctx.now)?;
    keep(&uow, &closed).await?;
    let told = Event::edit(Topic::SlotPollClosed, poll.id.any(), vec!["status"]);
    let found = match poll.meeting {
        Some(id) => meeting::find(uow.writer(), &ctx.dialogues(), id).await?,
        None => None,
    };
    match found.filter(|meeting| meeting.status == MeetingStatus::Polling) {
        Some(found) => {
            let back = found.unpoll(poll.status_before, ctx.now);
            write_telling(uow, grant, polled_change(&dialogue, found, back), vec![told]).await?;
        }
        None => uow.commit(grant, [told]).await?,
    }
    Ok(closed)
}

/// A meeting whose date is asked about from now on, or no longer.
fn polled_change(dialogue: &Dialogue, found: Meeting, changed: Meeting) -> Change<'_> {
    Change { before: dialogue, after: None, meetings: vec![(found, changed)], topic: Topic::MeetingPolled, fields: &["status"] }
}

/// What an organiser wants to do with a poll.
enum Decision<'a> {
    /// It was done before, under the same key.
    Before(Box<SlotPoll>),
    /// He may do it.
    Now(Box<UnitOfWork<'a>>, Grant, Box<SlotPoll>, Box<Dialogue>),
}

async fn decided<'a>(app: &'a App, ctx: &'a Ctx, act: Act, input: &Decide, key: Option<&str>) -> Result<Decision<'a>> {
    ctx.may(act)?;
    let key = IdempotencyKey::parse(key, input)?;
    let id = read(&input.poll_id).map_err(|error| error.under("pollId"))?;
    let missing = || Error::not_found("pollId");
    let uow = app.begin(ctx).await?;
    let poll = slot_poll::find(uow.writer(), &sight(ctx), id).await?.ok_or_else(missing)?;
    let dialogue = dialogue::find(uow.writer(), &ctx.dialogues(), poll.dialogue).await?.ok_or_else(missing)?;
    let grant = ctx.allow(act, &dialogue.organised(&ctx.actor))?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(Decision::Before(Box::new(poll)));
    }
    check_version(input.version, poll.version)?;
    Ok(Decision::Now(Box::new(uow), grant, Box::new(poll), Box::new(dialogue)))
}

async fn keep(uow: &UnitOfWork<'_>, poll: &SlotPoll) -> Result<()> {
    if slot_poll::update(uow.writer(), poll).await? { Ok(()) } else { check_version(poll.version - 1, poll.version) }
}

/// Adds a meeting besides those of the rule, and answers the dialogue with its date among the additional ones, so that calendars know
/// it.
async fn add_meeting(uow: &UnitOfWork<'_>, dialogue: &Dialogue, slot: Slot) -> Result<(Dialogue, Meeting)> {
    let (app, now) = (uow.app(), uow.ctx().now);
    let starts_at = slot.starts_at();
    let zone = dialogue.recurrence.zone;
    let original = wall_time::wall(zone, starts_at);
    let extended = dialogue.with_additional(original, now)?;
    let laid_out = Meeting::lay_out(app.ids.new_id(), &extended, Occurrence { starts_at, original, zone }, now);
    let added = Meeting {
        local_start: slot.local_start,
        zone: slot.zone,
        length: slot.length,
        starts_at,
        ends_at: starts_at + slot.length.delta(),
        ..laid_out
    };
    if meeting::insert_missing(uow.writer(), std::slice::from_ref(&added)).await? == 0 {
        let message = "The dialogue has a meeting at this time.";
        return Err(Error::new(Code::Conflict, Reason::Duplicate, "candidate", message));
    }
    Ok((extended, added))
}
