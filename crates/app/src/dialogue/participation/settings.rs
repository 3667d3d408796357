//! What a meeting says of its seats, its registration and its list.

use serde::Serialize;
use tertulia_domain::{
    Faults, Result,
    dialogue::{Admission, CapacityRole, Listed, Meeting, ParticipationMode, Registration, RegistrationMode, Reserved, wall_time},
    id::{MeetingId, read},
    policy::{Act, Grant},
    record::event::{Event, Topic},
};
use tertulia_persistence::dialogue::meeting;

use super::seating::Room;
use crate::{App, Ctx, IdempotencyKey, check_version};

/// The seats of a meeting, as somebody typed them.
#[derive(Clone, Debug, Serialize)]
pub struct CapacitySet {
    /// The meeting's id.
    pub meeting_id: String,
    /// Seats in the room; without a number no limit.
    pub in_person: Option<i64>,
    /// Seats online; without a number no limit.
    pub online: Option<i64>,
    /// Seats kept for roles.
    pub reserved: Vec<ReservedSeats>,
    /// The version on which the edit is based.
    pub version: i64,
}

/// Seats kept for a role, as somebody typed them.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ReservedSeats {
    /// For whom.
    pub role: CapacityRole,
    /// Where.
    pub mode: ParticipationMode,
    /// How many.
    pub seats: i64,
}

/// Sets how many seats a meeting has, and for whom some are kept; never fewer than are taken. Seats that become free this way are
/// offered to who waits longest.
pub async fn set_capacity(app: &App, ctx: &Ctx, input: &CapacitySet, key: Option<&str>) -> Result<Meeting> {
    let (id, key) = begin(ctx, Act::MeetingCapacitySet, &input.meeting_id, key, input)?;
    let room = Room::enter(app, ctx, id).await?;
    let grant = room.organise(Act::MeetingCapacitySet)?;
    if room.uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(room.meeting);
    }
    check_version(input.version, room.meeting.version)?;
    room.meeting.check_ahead(ctx.now)?;
    let reserved: Vec<_> = input.reserved.iter().map(|one| Reserved { role: one.role, mode: one.mode, seats: one.seats }).collect();
    room.meeting.check_seats((input.in_person, input.online), &reserved)?;
    let admission = room.meeting.admission.with_seats((input.in_person, input.online), reserved, &room.seats)?;
    let event = Event::edit(Topic::MeetingCapacitySet, id.any(), vec!["inPerson", "online", "reservedSeats"]);
    keep(room, grant, admission, event).await
}

/// The registration of a meeting, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct RegistrationSet {
    /// The meeting's id.
    pub meeting_id: String,
    /// Who can register.
    pub mode: RegistrationMode,
    /// From when, on the clocks of the meeting's zone.
    pub local_opens: Option<String>,
    /// Until when, on the same clocks.
    pub local_closes: Option<String>,
    /// Who sees the list of participants; without it as before.
    pub list: Option<Listed>,
    /// The version on which the edit is based.
    pub version: i64,
}

/// Sets who can register for a meeting and when, and who sees the list of participants.
pub async fn set_registration(app: &App, ctx: &Ctx, input: &RegistrationSet, key: Option<&str>) -> Result<Meeting> {
    let (id, key) = begin(ctx, Act::MeetingRegistrationSet, &input.meeting_id, key, input)?;
    let mut faults = Faults::default();
    let mut wall = |path: &str, raw: Option<&str>| raw.and_then(|raw| faults.check(path, wall_time::parse(raw)));
    let opens = wall("localOpens", input.local_opens.as_deref());
    let closes = wall("localCloses", input.local_closes.as_deref());
    faults.finish()?;
    let room = Room::enter(app, ctx, id).await?;
    let grant = room.organise(Act::MeetingRegistrationSet)?;
    if room.uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(room.meeting);
    }
    check_version(input.version, room.meeting.version)?;
    room.meeting.check_ahead(ctx.now)?;
    let registration = Registration { mode: input.mode, opens, closes, zone: room.meeting.zone };
    room.meeting.check_closing(&registration)?;
    let admission = room.meeting.admission.with_registration(registration, input.list.unwrap_or(room.meeting.admission.list))?;
    let event = Event::edit(Topic::MeetingRegistrationSet, id.any(), vec!["registration", "participantsVisibleTo"]);
    keep(room, grant, admission, event).await
}

fn begin(ctx: &Ctx, act: Act, raw: &str, key: Option<&str>, input: &impl Serialize) -> Result<(MeetingId, Option<IdempotencyKey>)> {
    ctx.may(act)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let id = faults.check("meetingId", read(raw));
    Ok((faults.finish_with(id)?, key))
}

/// What an edit of the admission replaces.
#[derive(Serialize)]
struct Replaced<'a> {
    in_person: Option<i64>,
    online: Option<i64>,
    reserved_seats: &'a [Reserved],
    registration: Registration,
    participants_visible_to: Listed,
}

async fn keep(mut room: Room<'_>, grant: Grant, admission: Admission, event: Event) -> Result<Meeting> {
    let former = &room.meeting.admission;
    let replaced = Replaced {
        in_person: former.in_person,
        online: former.online,
        reserved_seats: &former.reserved,
        registration: former.registration,
        participants_visible_to: former.list,
    };
    room.uow.replace(&grant, room.meeting.id.any(), room.meeting.version, &replaced)?;
    let changed = Meeting { admission, ..room.meeting.edited(room.ctx().now) };
    if !meeting::update(room.uow.writer(), &changed).await? {
        check_version(room.meeting.version, changed.version)?;
    }
    room.meeting = changed.clone();
    room.leave(grant, Some(event)).await?;
    Ok(changed)
}
