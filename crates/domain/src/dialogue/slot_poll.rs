//! A poll about slots: candidates for one meeting, what people answer, and the one that is chosen.

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{length::Length, meeting::MeetingStatus, wall_time};
use crate::{
    error::{Code, Error, Faults, Reason, Result, closed},
    id::{DialogueId, MeetingId, OrganisationId, SlotPollId, UserId},
    time::{Instant, zone},
};

/// Most candidates of a poll.
pub const MOST_CANDIDATES: usize = 20;
/// Fewest candidates of a poll.
pub const FEWEST_CANDIDATES: usize = 2;

closed! {
    /// What somebody says of a candidate.
    SlotAnswer {
        /// Can come.
        Available = "AVAILABLE",
        /// Can come if no other slot is found.
        IfNeeded = "IF_NEEDED",
        /// Cannot come.
        Unavailable = "UNAVAILABLE",
    }
}

closed! {
    /// How far a poll has come.
    SlotPollStatus {
        /// Answers are taken until it closes.
        Open = "OPEN",
        /// A candidate was chosen and became the meeting.
        Chosen = "CHOSEN",
        /// It ended without a choice.
        Closed = "CLOSED",
    }
}

/// A slot that is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The wall time.
    pub local_start: NaiveDateTime,
    /// Its zone.
    pub zone: String,
}

impl Candidate {
    /// The zone of its clocks.
    pub fn zone(&self) -> Tz {
        zone(&self.zone).unwrap_or(Tz::UTC)
    }

    /// When it begins.
    pub fn starts_at(&self) -> Instant {
        wall_time::resolve(self.zone(), self.local_start)
    }
}

/// A poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotPoll {
    /// Its id.
    pub id: SlotPollId,
    /// The dialogue.
    pub dialogue: DialogueId,
    /// The meeting whose slot is sought; none for a further meeting of the dialogue.
    pub meeting: Option<MeetingId>,
    /// The slots that are asked about, in the order given.
    pub candidates: Vec<Candidate>,
    /// How long the meeting takes.
    pub length: Length,
    /// Until when answers are taken.
    pub closes_at: Instant,
    /// How far it has come.
    pub status: SlotPollStatus,
    /// The meeting's status before the poll, which a poll without a choice gives back.
    pub status_before: MeetingStatus,
    /// The place of the candidate that was chosen.
    pub chosen: Option<usize>,
    /// When it was opened.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// How often it was changed, from 1.
    pub version: i64,
}

/// Which polls a list shows; what is empty or `None` does not limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SlotPollFilter {
    /// Of this dialogue.
    pub dialogue: Option<DialogueId>,
    /// About this meeting.
    pub meeting: Option<MeetingId>,
    /// With this status.
    pub statuses: Vec<SlotPollStatus>,
}

/// What one person answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollAnswer {
    /// The poll.
    pub poll: SlotPollId,
    /// The person.
    pub person: UserId,
    /// The organisation for which the person answered.
    pub organisation: OrganisationId,
    /// What is said of each candidate, in their order.
    pub answers: Vec<SlotAnswer>,
    /// When.
    pub answered_at: Instant,
}

/// How many said what of a candidate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Who can come.
    pub available: i64,
    /// Who can come if need be.
    pub if_needed: i64,
    /// Who cannot come.
    pub unavailable: i64,
}

/// A candidate as somebody typed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CandidateDraft {
    /// The wall time.
    pub local_start: String,
    /// Its zone.
    pub time_zone: String,
}

/// Checks candidates and names every fault at once: 2 to 20, each ahead of the deadline, no instant twice.
pub fn check_candidates(drafts: &[CandidateDraft], closes_at: Instant, now: Instant) -> Result<Vec<Candidate>> {
    let mut faults = Faults::default();
    if closes_at <= now {
        faults.add(Reason::InPast, "closesAt", "The deadline lies in the past.");
    }
    if drafts.len() < FEWEST_CANDIDATES {
        faults.add(Reason::TooShort, "candidates", "A poll is about at least two slots.");
    }
    if drafts.len() > MOST_CANDIDATES {
        faults.add(Reason::TooLong, "candidates", format!("A poll is about at most {MOST_CANDIDATES} slots."));
    }
    let mut candidates: Vec<Candidate> = Vec::new();
    for (index, draft) in drafts.iter().take(MOST_CANDIDATES).enumerate() {
        let path = |field: &str| format!("candidates.{index}.{field}");
        let local_start = faults.check(&path("localStart"), wall_time::parse(&draft.local_start));
        let zone = faults.check(&path("timeZone"), zone(&draft.time_zone));
        let Some((local_start, zone)) = local_start.zip(zone) else { continue };
        let candidate = Candidate { local_start, zone: zone.name().to_owned() };
        let starts_at = candidate.starts_at();
        if starts_at <= closes_at.max(now) {
            faults.add(Reason::BeforePrevious, &path("localStart"), "The slot begins before the poll has closed.");
        } else if candidates.iter().any(|other| other.starts_at() == starts_at) {
            faults.add(Reason::Duplicate, &path("localStart"), "This slot stands twice.");
        }
        candidates.push(candidate);
    }
    faults.finish()?;
    Ok(candidates)
}

impl SlotPoll {
    /// Whether answers are taken.
    pub fn is_open(&self, now: Instant) -> bool {
        self.status == SlotPollStatus::Open && now < self.closes_at
    }

    /// Checks what somebody says: one answer to each candidate, while answers are taken.
    pub fn check_answers(&self, answers: &[SlotAnswer], now: Instant) -> Result<()> {
        if !self.is_open(now) {
            return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "", "This poll takes no more answers."));
        }
        if answers.len() != self.candidates.len() {
            let message = format!("Answer to each of the {} candidates, in their order.", self.candidates.len());
            return Err(Error::invalid(Reason::Contradiction, "answers", message));
        }
        Ok(())
    }

    /// The poll with one of its candidates chosen, and that candidate. The deadline need not have passed.
    pub fn choose(&self, index: i32, now: Instant) -> Result<(Self, Candidate)> {
        self.check_undecided()?;
        let found = usize::try_from(index).ok().and_then(|place| self.candidates.get(place).map(|one| (place, one.clone())));
        let Some((place, candidate)) = found else {
            return Err(Error::invalid(Reason::NotAnOption, "candidate", "There is no candidate at this place; the first is 0."));
        };
        if candidate.starts_at() <= now {
            return Err(Error::invalid(Reason::InPast, "candidate", "This slot lies in the past."));
        }
        Ok((Self { status: SlotPollStatus::Chosen, chosen: Some(place), ..self.changed(now) }, candidate))
    }

    /// The poll ended without a choice.
    pub fn close(&self, now: Instant) -> Result<Self> {
        self.check_undecided()?;
        Ok(Self { status: SlotPollStatus::Closed, ..self.changed(now) })
    }

    fn check_undecided(&self) -> Result<()> {
        if self.status == SlotPollStatus::Open {
            return Ok(());
        }
        Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "", "This poll has ended."))
    }

    fn changed(&self, now: Instant) -> Self {
        Self { updated_at: now, version: self.version + 1, ..self.clone() }
    }

    /// How many said what of each candidate.
    pub fn tallies<'a>(&self, answers: impl IntoIterator<Item = &'a [SlotAnswer]>) -> Vec<Tally> {
        let mut tallies = vec![Tally::default(); self.candidates.len()];
        for one in answers {
            for (answer, tally) in one.iter().zip(&mut tallies) {
                match answer {
                    SlotAnswer::Available => tally.available += 1,
                    SlotAnswer::IfNeeded => tally.if_needed += 1,
                    SlotAnswer::Unavailable => tally.unavailable += 1,
                }
            }
        }
        tallies
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    const NOW: &str = "2026-06-01T00:00:00Z";

    fn poll() -> SlotPoll {
        let draft = |hour: u32| CandidateDraft { local_start: format!("2026-06-10T{hour:02}:00"), time_zone: "Europe/Madrid".into() };
        SlotPoll {
            id: SlotPollId::new(Uuid::from_u128(1)),
            dialogue: DialogueId::new(Uuid::from_u128(2)),
            meeting: None,
            candidates: check_candidates(&[draft(10), draft(15)], at("2026-06-05T00:00:00Z"), at(NOW)).expect("candidates"),
            length: Length::parse("PT1H").expect("a length"),
            closes_at: at("2026-06-05T00:00:00Z"),
            status: SlotPollStatus::Open,
            status_before: MeetingStatus::Scheduled,
            chosen: None,
            created_at: at(NOW),
            updated_at: at(NOW),
            version: 1,
        }
    }

    #[derive(Clone, Copy, Debug)]
    enum Act {
        Choose(i32),
        Close,
    }

    proptest! {
        #[test]
        fn a_poll_ends_once(acts in prop::collection::vec(prop_oneof![(-1..3).prop_map(Act::Choose), Just(Act::Close)], 0..8)) {
            let mut poll = poll();
            for act in acts {
                let was_open = poll.status == SlotPollStatus::Open;
                let next = match act {
                    Act::Choose(index) => poll.choose(index, at(NOW)).map(|(poll, _)| poll),
                    Act::Close => poll.close(at(NOW)),
                };
                let is_possible = was_open && !matches!(act, Act::Choose(-1 | 2));
                prop_assert_eq!(next.is_ok(), is_possible);
                if let Ok(next) = next {
                    prop_assert_eq!(next.version, poll.version + 1);
                    prop_assert_eq!(next.chosen.is_some(), next.status == SlotPollStatus::Chosen);
                    poll = next;
                }
            }
        }

        #[test]
        fn tallies_add_up_to_those_who_answered(all in prop::collection::vec(prop::collection::vec(0_usize..3, 2), 0..20)) {
            let all: Vec<Vec<SlotAnswer>> = all.iter().map(|one| one.iter().map(|index| SlotAnswer::ALL[*index]).collect()).collect();
            for tally in poll().tallies(all.iter().map(Vec::as_slice)) {
                prop_assert_eq!(tally.available + tally.if_needed + tally.unavailable, i64::try_from(all.len()).expect("few"));
            }
        }
    }

    #[test]
    fn answers_are_taken_until_the_deadline_and_complete() {
        let poll = poll();
        let two = [SlotAnswer::Available, SlotAnswer::Unavailable];
        assert!(poll.check_answers(&two, at("2026-06-04T23:59:59Z")).is_ok());
        assert_eq!(poll.check_answers(&two, poll.closes_at).map_err(|error| error.code), Err(Code::InvalidTransition));
        assert_eq!(poll.check_answers(&two[..1], at(NOW)).map_err(|error| error.faults[0].reason), Err(Reason::Contradiction));
    }

    #[test]
    fn candidates_are_named_with_every_fault() {
        let draft = |local: &str, zone: &str| CandidateDraft { local_start: local.into(), time_zone: zone.into() };
        let faults = |drafts: &[CandidateDraft], closes: &str| {
            let error = check_candidates(drafts, at(closes), at(NOW)).expect_err("faults");
            error.faults.into_iter().map(|fault| format!("{} {}", fault.path.join("."), fault.reason)).collect::<Vec<_>>()
        };
        let same = [draft("2026-06-10T10:00", "Europe/Madrid"), draft("2026-06-10T08:00", "UTC"), draft("2026-06-04T08:00", "Mars")];
        assert_eq!(faults(&same, "2026-06-05T00:00:00Z"), ["candidates.1.localStart DUPLICATE", "candidates.2.timeZone NOT_AN_OPTION"]);
        assert_eq!(faults(&same[..1], "2026-06-11T00:00:00Z"), ["candidates TOO_SHORT", "candidates.0.localStart BEFORE_PREVIOUS"]);
        assert_eq!(faults(&same[..2], "2026-05-01T00:00:00Z"), ["closesAt IN_PAST", "candidates.1.localStart DUPLICATE"]);
    }
}
