//! Recording who came to a meeting.

use chrono::TimeDelta;
use serde::Serialize;
use tertulia_domain::{
    Faults, Reason, Result,
    dialogue::{Meeting, Participation, Step, participation::MOST_AT_ONCE},
    id::{MeetingId, ParticipationId, read},
    policy::Act,
    record::event::Topic,
    time::{self, Instant},
};
use tertulia_persistence::dialogue::participation;

use super::seating::Room;
use crate::{App, Ctx, IdempotencyKey};

/// How long before and after a meeting somebody may have been there.
const AROUND: TimeDelta = TimeDelta::days(1);

/// Who came, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct AttendanceRecord {
    /// The meeting's id.
    pub meeting_id: String,
    /// What is known of each.
    pub attendances: Vec<Attendance>,
}

/// Whether one came, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Attendance {
    /// The participation's id.
    pub participation_id: String,
    /// Whether the person came.
    pub attended: bool,
    /// From when the person was there, if not from the start.
    pub from: Option<Instant>,
    /// Until when, if not until the end.
    pub to: Option<Instant>,
}

impl AttendanceRecord {
    fn check(&self, now: Instant) -> Result<(MeetingId, Vec<ParticipationId>)> {
        let mut faults = Faults::default();
        let meeting = faults.check("meetingId", read(&self.meeting_id));
        if !(1..=MOST_AT_ONCE).contains(&self.attendances.len()) {
            faults.add(Reason::OutOfRange, "attendances", format!("1 to {MOST_AT_ONCE} persons."));
        }
        let mut ids = Vec::new();
        for (index, one) in self.attendances.iter().take(MOST_AT_ONCE).enumerate() {
            let path = |name: &str| format!("attendances.{index}.{name}");
            let id: Option<ParticipationId> = faults.check(&path("participationId"), read(&one.participation_id));
            if id.is_some_and(|id| ids.contains(&id)) {
                faults.add(Reason::Duplicate, &path("participationId"), "This person stands here twice.");
            }
            ids.extend(id);
            for (name, at) in [("attendedFrom", one.from), ("attendedTo", one.to)] {
                if let Some((reason, message)) = at.and_then(|at| time::fault_of(at, now)) {
                    faults.add(reason, &path(name), message);
                }
                if at.is_some() && !one.attended {
                    faults.add(Reason::Contradiction, &path(name), "Who did not come was not there at any time.");
                }
            }
            if one.from.zip(one.to).is_some_and(|(from, to)| to <= from) {
                faults.add(Reason::BeforePrevious, &path("attendedTo"), "The person would have left before coming.");
            }
        }
        let meeting = faults.finish_with(meeting)?;
        Ok((meeting, ids))
    }
}

/// Records who came, once the meeting has begun; all of it or nothing. Recorded again, the last word counts.
pub async fn record(app: &App, ctx: &Ctx, input: &AttendanceRecord, key: Option<&str>) -> Result<Meeting> {
    ctx.may(Act::AttendanceRecord)?;
    let key = IdempotencyKey::parse(key, input)?;
    let (meeting, ids) = input.check(ctx.now)?;
    let mut room = Room::enter(app, ctx, meeting).await?;
    let grant = room.organise(Act::AttendanceRecord)?;
    if room.uow.claim(&grant, key.as_ref(), meeting.any()).await?.is_some() {
        return Ok(room.meeting);
    }
    room.meeting.check_begun(ctx.now)?;
    let found = participation::held(room.uow.writer(), &ids).await?;
    let mut faults = Faults::default();
    let mut recorded = Vec::new();
    check_times(&mut faults, &room.meeting, &input.attendances);
    for ((index, id), said) in ids.iter().enumerate().zip(&input.attendances) {
        let path = format!("attendances.{index}.participationId");
        match found.iter().find(|one| one.id == *id && one.meeting == meeting) {
            Some(former) => recorded.push((former, after(former, said, ctx.now).map_err(|error| error.under(&path))?)),
            None => faults.add(Reason::UnknownId, &path, "There is no such participation in this meeting."),
        }
    }
    faults.finish()?;
    for (former, one) in recorded {
        room.keep(Some(former), &one, Topic::AttendanceRecorded).await?;
    }
    let meeting = room.meeting.clone();
    room.leave(grant, None).await?;
    Ok(meeting)
}

/// Notes each moment that is not of this meeting; rooms open before it and talks go on after it.
fn check_times(faults: &mut Faults, meeting: &Meeting, all: &[Attendance]) {
    let (earliest, latest) = (meeting.starts_at - AROUND, meeting.ends_at + AROUND);
    for (index, one) in all.iter().enumerate() {
        for (name, at) in [("attendedFrom", one.from), ("attendedTo", one.to)] {
            if at.is_some_and(|at| at < earliest || at > latest) {
                let path = format!("attendances.{index}.{name}");
                faults.add(Reason::OutOfRange, &path, "This is more than a day away from the meeting.");
            }
        }
    }
}

fn after(former: &Participation, said: &Attendance, now: Instant) -> Result<Participation> {
    let step = if said.attended { Step::Attend } else { Step::Miss };
    let (attended_from, attended_to) = (said.from.map(time::to_micros), said.to.map(time::to_micros));
    Ok(Participation { attended_from, attended_to, ..former.step(step, now)? })
}
