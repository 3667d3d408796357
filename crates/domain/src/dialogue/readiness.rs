//! Readiness: what stands between now and a meeting, in one list for those who organise it.

use chrono::TimeDelta;

use super::{
    agenda::AgendaItem,
    dialogue::{Dialogue, MeetingFormat},
    interpretation::Gap,
    length::Length,
    meeting::{Meeting, MeetingStatus},
};
use crate::{error::closed, time::Instant};

closed! {
    /// What stands between now and a meeting.
    ReadinessCode {
        /// Its date is a proposal, is being voted on, or was put off.
        DateNotSettled = "DATE_NOT_SETTLED",
        /// It is in an election's days.
        ElectionWindow = "ELECTION_WINDOW",
        /// It may be in an election's days.
        ElectionPossible = "ELECTION_POSSIBLE",
        /// Nobody is invited.
        NobodyInvited = "NOBODY_INVITED",
        /// Organisations that were invited have not answered.
        NoReply = "NO_REPLY",
        /// Languages are needed and not given.
        LanguageMissing = "LANGUAGE_MISSING",
        /// It has no agenda.
        AgendaMissing = "AGENDA_MISSING",
        /// Its agenda takes longer than it does.
        AgendaTooLong = "AGENDA_TOO_LONG",
        /// It has no link to join by.
        JoinLinkMissing = "JOIN_LINK_MISSING",
        /// It has no place.
        VenueMissing = "VENUE_MISSING",
        /// The minutes of the dialogue's last meeting are not adopted.
        MinutesNotAdopted = "MINUTES_NOT_ADOPTED",
    }
}

impl ReadinessCode {
    /// Whether it hangs on the date, or on who comes on it: what whoever settles a date is told at once.
    pub const fn hangs_on_date(self) -> bool {
        matches!(self, Self::ElectionWindow | Self::ElectionPossible | Self::LanguageMissing)
    }
}

closed! {
    /// How much it matters.
    ReadinessSeverity {
        /// Without it the meeting cannot take place.
        Blocking = "BLOCKING",
        /// The meeting would suffer.
        Warning = "WARNING",
        /// To be known.
        Info = "INFO",
    }
}

/// One thing that stands between now and a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub code: ReadinessCode,
    /// How much it matters.
    pub severity: ReadinessSeverity,
    /// The same in words, in English.
    pub message: String,
    /// By when it is to be settled; none where nothing can be done by a day.
    pub due_at: Option<Instant>,
}

/// What is known of a meeting.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The meeting.
    pub meeting: &'a Meeting,
    /// Its dialogue.
    pub dialogue: &'a Dialogue,
    /// Its whole agenda.
    pub agenda: &'a [AgendaItem],
    /// How many organisations were invited.
    pub invited: usize,
    /// How many of them have not answered.
    pub unanswered: usize,
    /// The languages that are needed and not given.
    pub gap: &'a [Gap],
    /// Into how many elections' days it falls.
    pub conflicts: usize,
    /// Into how many more it may fall.
    pub warnings: usize,
    /// When the dialogue last met, if the minutes of that meeting are not adopted.
    pub without_minutes: Option<Instant>,
}

/// How long before the meeting most things are to be settled.
const WEEK: TimeDelta = TimeDelta::days(7);
/// How long before the meeting the last things are.
const DAY: TimeDelta = TimeDelta::days(1);

impl Facts<'_> {
    /// Everything that stands between now and the meeting, what matters most first; nothing of one that has begun or was called off.
    pub fn findings(&self, now: Instant) -> Vec<Finding> {
        let status = self.meeting.status;
        if !status.can_move() || (self.meeting.starts_at <= now && status != MeetingStatus::Postponed) {
            return Vec::new();
        }
        let mut found: Vec<Finding> = [self.date(), self.people(), self.papers(), self.place()].into_iter().flatten().collect();
        found.sort_by_key(|one| (one.severity, one.code));
        found
    }

    fn finding(&self, code: ReadinessCode, severity: ReadinessSeverity, lead: Option<TimeDelta>, message: String) -> Finding {
        Finding { code, severity, message, due_at: lead.map(|lead| self.meeting.starts_at - lead) }
    }

    fn date(&self) -> Vec<Finding> {
        use ReadinessCode as Code;
        let mut found = Vec::new();
        if self.meeting.status != MeetingStatus::Scheduled {
            found.push(self.finding(Code::DateNotSettled, ReadinessSeverity::Blocking, None, "Its date is not settled.".to_owned()));
        }
        for (code, severity, number, words) in [
            (Code::ElectionWindow, ReadinessSeverity::Warning, self.conflicts, "It falls into the days around"),
            (Code::ElectionPossible, ReadinessSeverity::Info, self.warnings, "It may fall into the days around"),
        ] {
            if number > 0 {
                let message = format!("{words} {}.", counted(number, "election of a country", "elections of countries"));
                found.push(self.finding(code, severity, None, message));
            }
        }
        found
    }

    fn people(&self) -> Vec<Finding> {
        use ReadinessCode as Code;
        let mut found = Vec::new();
        if self.invited == 0 {
            found.push(self.finding(Code::NobodyInvited, ReadinessSeverity::Warning, Some(WEEK), "Nobody is invited.".to_owned()));
        }
        if self.unanswered > 0 {
            let message = format!("No reply from {}.", counted(self.unanswered, "organisation", "organisations"));
            found.push(self.finding(Code::NoReply, ReadinessSeverity::Warning, Some(WEEK), message));
        }
        if !self.gap.is_empty() {
            let each = |gap: &Gap| format!("{} ({})", gap.language.as_str(), gap.needed);
            let message = format!("Needed and neither spoken nor confirmed: {}.", self.gap.iter().map(each).collect::<Vec<_>>().join(", "));
            found.push(self.finding(Code::LanguageMissing, ReadinessSeverity::Warning, Some(WEEK), message));
        }
        found
    }

    fn papers(&self) -> Vec<Finding> {
        use ReadinessCode as Code;
        let mut found = Vec::new();
        let minutes: i64 = self.agenda.iter().filter_map(|item| item.length).map(Length::minutes).sum();
        let (takes, has) = (minutes, self.meeting.length.minutes());
        if self.agenda.is_empty() {
            found.push(self.finding(Code::AgendaMissing, ReadinessSeverity::Warning, Some(WEEK), "It has no agenda.".to_owned()));
        } else if takes > has {
            let message = format!("Its agenda takes {takes} minutes, and it has {has}.");
            found.push(self.finding(Code::AgendaTooLong, ReadinessSeverity::Warning, Some(WEEK), message));
        }
        if let Some(at) = self.without_minutes {
            let day = at.with_timezone(&self.dialogue.recurrence.zone).format("%Y-%m-%d");
            let message = format!("The minutes of the meeting of {day} are not adopted.");
            found.push(self.finding(Code::MinutesNotAdopted, ReadinessSeverity::Info, Some(TimeDelta::zero()), message));
        }
        found
    }

    fn place(&self) -> Vec<Finding> {
        use ReadinessCode as Code;
        let format = self.meeting.format;
        let (link, venue) = (self.dialogue.join_url_of(self.meeting), self.dialogue.venue_of(self.meeting));
        let mut found = Vec::new();
        if format != MeetingFormat::InPerson && link.is_none() {
            let message = "It has no link to join by.".to_owned();
            found.push(self.finding(Code::JoinLinkMissing, ReadinessSeverity::Blocking, Some(DAY), message));
        }
        if format != MeetingFormat::Online && venue.is_none() {
            found.push(self.finding(Code::VenueMissing, ReadinessSeverity::Blocking, Some(WEEK), "It has no place.".to_owned()));
        }
        found
    }
}

/// A number and what is counted.
fn counted(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}
