//! The days on which people vote, and the silence before them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

use super::entry::{PartialDate, Precision, day, number, optional};
use crate::{
    error::{Error, Faults, Reason, Result},
    text::{SHORT, line},
};

/// A day on which people vote, or a time within which they do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollingDay {
    /// The day, as exactly as it is known. Only DAY precision makes a meeting conflict with it; the others warn.
    pub date: PartialDate,
    /// The last day, where people vote within a time whose single days no source names.
    pub until: Option<NaiveDate>,
    /// The round, 1 the first; `None` where no source says.
    pub round: Option<i32>,
    /// The phase within a round, where parts of a country vote on different days.
    pub phase: Option<i32>,
    /// When polling stations open, by the clock of `zone`.
    pub opens_at: Option<NaiveTime>,
    /// When polling stations close, by the clock of `zone`.
    pub closes_at: Option<NaiveTime>,
    /// The zone of those times; `None`: each place's own.
    pub zone: Option<String>,
    /// The part of the country that votes, in words.
    pub area: Option<String>,
}

impl PollingDay {
    /// The last day that this may mean.
    pub fn last_day(&self) -> NaiveDate {
        self.until.unwrap_or_else(|| self.date.last_day())
    }
}

/// A polling day as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollingDayDraft {
    /// `2024-02-11`, `2024-02` or `2024`.
    pub date: String,
    /// What of the date is known; if left out, what is written.
    pub precision: Option<Precision>,
    /// The last day of a time of voting.
    pub until: Option<String>,
    /// 1 to 9.
    pub round: Option<i32>,
    /// 1 to 99.
    pub phase: Option<i32>,
    /// `07:00`.
    pub opens_at: Option<String>,
    /// `20:00`.
    pub closes_at: Option<String>,
    /// An IANA zone.
    pub zone: Option<String>,
    /// The part of the country that votes.
    pub area: Option<String>,
}

impl PollingDayDraft {
    /// Checks every value and reports all faults at once.
    pub fn check(&self) -> Result<PollingDay> {
        let mut faults = Faults::default();
        let date = faults.check("date", PartialDate::parse(&self.date));
        let date = date.map(|date| self.precision.map_or(date, |precision| PartialDate::of(date.date, precision.max(date.precision))));
        let until = optional(&mut faults, "until", self.until.as_deref(), day);
        if date.zip(until).is_some_and(|(date, until)| until < date.date) {
            faults.add(Reason::BeforePrevious, "until", "The last day of voting does not come before the first.");
        }
        if until.is_some() && date.is_some_and(|date| date.precision != Precision::Day) {
            faults.add(Reason::Contradiction, "until", "A time of voting begins on a day known to the day.");
        }
        let value = PollingDay {
            date: date.unwrap_or(PartialDate { date: NaiveDate::default(), precision: Precision::Year }),
            until,
            round: number(&mut faults, "round", self.round, 1..=9),
            phase: number(&mut faults, "phase", self.phase, 1..=99),
            opens_at: optional(&mut faults, "opensAt", self.opens_at.as_deref(), clock),
            closes_at: optional(&mut faults, "closesAt", self.closes_at.as_deref(), clock),
            zone: optional(&mut faults, "timeZone", self.zone.as_deref(), |raw| Ok(crate::time::zone(raw)?.name().to_owned())),
            area: optional(&mut faults, "area", self.area.as_deref(), |raw| line(raw, SHORT)),
        };
        faults.finish()?;
        Ok(value)
    }

    /// Reads the form that files have: `2024-01-12..2024-06-30 round=1 phase=2 opens=07:00 closes=20:00 zone=Asia/Kolkata area=…`.
    pub fn read(raw: &str) -> Result<Self> {
        let (head, area) = raw.split_once(" area=").map_or((raw, None), |(head, area)| (head, Some(area.to_owned())));
        let mut parts = head.split_whitespace();
        let (date, until) = {
            let dates = parts.next().unwrap_or_default();
            dates.split_once("..").map_or((dates, None), |(from, to)| (from, Some(to.to_owned())))
        };
        let mut draft = Self { date: date.to_owned(), until, area, ..Self::default() };
        for part in parts {
            let (name, value) = part.split_once('=').ok_or_else(|| unknown_part(part))?;
            match name {
                "round" => draft.round = Some(whole(value)?),
                "phase" => draft.phase = Some(whole(value)?),
                "opens" => draft.opens_at = Some(value.to_owned()),
                "closes" => draft.closes_at = Some(value.to_owned()),
                "zone" => draft.zone = Some(value.to_owned()),
                _ => return Err(unknown_part(part)),
            }
        }
        Ok(draft)
    }
}

impl PollingDay {
    /// The day as somebody would type it again.
    pub fn draft(&self) -> PollingDayDraft {
        let time = |time: NaiveTime| time.format("%H:%M").to_string();
        PollingDayDraft {
            date: self.date.to_string(),
            precision: None,
            until: self.until.map(|day| day.to_string()),
            round: self.round,
            phase: self.phase,
            opens_at: self.opens_at.map(time),
            closes_at: self.closes_at.map(time),
            zone: self.zone.clone(),
            area: self.area.clone(),
        }
    }
}

/// The form that files have, which [`PollingDayDraft::read`] reads.
impl std::fmt::Display for PollingDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.date)?;
        if let Some(until) = self.until {
            write!(f, "..{until}")?;
        }
        let numbers = [("round", self.round), ("phase", self.phase)];
        for (name, number) in numbers {
            if let Some(number) = number {
                write!(f, " {name}={number}")?;
            }
        }
        for (name, time) in [("opens", self.opens_at), ("closes", self.closes_at)] {
            if let Some(time) = time {
                write!(f, " {name}={}", time.format("%H:%M"))?;
            }
        }
        for (name, text) in [("zone", &self.zone), ("area", &self.area)] {
            if let Some(text) = text {
                write!(f, " {name}={text}")?;
            }
        }
        Ok(())
    }
}

/// A time in which campaigning is forbidden, by the clock of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilencePeriod {
    /// Its beginning.
    pub local_start: NaiveDateTime,
    /// Its end, which is no more part of it.
    pub local_end: NaiveDateTime,
    /// The zone of both.
    pub zone: String,
}

/// A silence period as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SilencePeriodDraft {
    /// `2024-01-26T00:00` or with seconds.
    pub local_start: String,
    /// `2024-01-28T18:00` or with seconds.
    pub local_end: String,
    /// An IANA zone.
    pub zone: String,
}

impl SilencePeriodDraft {
    /// Checks every value and reports all faults at once.
    pub fn check(&self) -> Result<SilencePeriod> {
        let mut faults = Faults::default();
        let start = faults.check("localStart", wall_time(&self.local_start));
        let end = faults.check("localEnd", wall_time(&self.local_end));
        let zone = faults.check("timeZone", crate::time::zone(&self.zone));
        if start.zip(end).is_some_and(|(start, end)| end <= start) {
            faults.add(Reason::BeforePrevious, "localEnd", "A period ends after it began.");
        }
        let value = match (start, end, zone) {
            (Some(local_start), Some(local_end), Some(zone)) => {
                Some(SilencePeriod { local_start, local_end, zone: zone.name().to_owned() })
            }
            _ => None,
        };
        faults.finish_with(value)
    }

    /// Reads the form that files have: `2024-01-26T00:00/2024-01-28T18:00 Europe/Helsinki`.
    pub fn read(raw: &str) -> Result<Self> {
        let malformed = || Error::invalid(Reason::Malformed, "", "A period is written 2024-01-26T00:00/2024-01-28T18:00 Europe/Helsinki.");
        let (span, zone) = raw.trim().split_once(' ').ok_or_else(malformed)?;
        let (start, end) = span.split_once('/').ok_or_else(malformed)?;
        Ok(Self { local_start: start.to_owned(), local_end: end.to_owned(), zone: zone.trim().to_owned() })
    }
}

impl SilencePeriod {
    /// The period as somebody would type it again.
    pub fn draft(&self) -> SilencePeriodDraft {
        let text = |at: NaiveDateTime| at.format("%Y-%m-%dT%H:%M:%S").to_string();
        SilencePeriodDraft { local_start: text(self.local_start), local_end: text(self.local_end), zone: self.zone.clone() }
    }
}

/// The form that files have, which [`SilencePeriodDraft::read`] reads.
impl std::fmt::Display for SilencePeriod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let draft = self.draft();
        write!(f, "{}/{} {}", draft.local_start, draft.local_end, draft.zone)
    }
}

/// Reads a time of day, `07:00`.
pub(super) fn clock(raw: &str) -> Result<NaiveTime> {
    NaiveTime::parse_from_str(raw.trim(), "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(raw.trim(), "%H:%M:%S"))
        .map_err(|_| Error::invalid(Reason::Malformed, "", "A time of day is written 07:00."))
}

fn wall_time(raw: &str) -> Result<NaiveDateTime> {
    let raw = raw.trim();
    let at = NaiveDateTime::parse_from_str(raw, "%Y-%m-%dT%H:%M:%S")
        .or_else(|_| NaiveDateTime::parse_from_str(raw, "%Y-%m-%dT%H:%M"))
        .map_err(|_| Error::invalid(Reason::Malformed, "", "A local time is written 2024-01-26T00:00."))?;
    day(&at.date().to_string())?;
    Ok(at)
}

fn whole(raw: &str) -> Result<i32> {
    raw.parse().map_err(|_| Error::invalid(Reason::Malformed, "", format!("`{raw}` is not a whole number.")))
}

fn unknown_part(part: &str) -> Error {
    Error::invalid(Reason::NotAnOption, "", format!("`{part}` is none of round=, phase=, opens=, closes=, zone=, area=."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_alike() {
        for text in [
            "2024-01-28 round=1",
            "2024",
            "2026-11",
            "2024-01-12..2024-06-30",
            "2024-04-19 round=1 phase=2 opens=07:00 closes=18:00 zone=Asia/Kolkata area=Twenty-one states and territories",
        ] {
            let day = PollingDayDraft::read(text).and_then(|draft| draft.check()).expect("a polling day");
            assert_eq!(day.to_string(), text);
            assert_eq!(day.draft().check().expect("the same day"), day);
        }
        for text in [
            "",
            "tomorrow",
            "2024-01-28 round=x",
            "2024-01-28 colour=red",
            "2024-01..2024-02-01",
            "2024-02-01..2024-01-01",
            "2024-01-28 round",
        ] {
            assert!(PollingDayDraft::read(text).and_then(|draft| draft.check()).is_err(), "{text}");
        }
        let text = "2024-01-26T00:00:00/2024-01-28T18:00:00 Europe/Helsinki";
        let period = SilencePeriodDraft::read(text).and_then(|draft| draft.check()).expect("a period");
        assert_eq!(period.to_string(), text);
    }

    #[test]
    fn a_stated_precision_cuts_the_date() {
        let draft = PollingDayDraft { date: "2026-05-17".into(), precision: Some(Precision::Month), ..Default::default() };
        assert_eq!(draft.check().expect("a month").to_string(), "2026-05");
    }
}
