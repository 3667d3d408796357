//! What of a commitment the contact log shows: the share of contacts answered in time, before and after; and when that number is
//! too thin to be told.

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::length::Length;
use crate::{
    engagement::{
        answered::{Answer, Answered, Question},
        suppression::{LEAST_BODIES, LEAST_CONTACTS, rounded},
        vocabulary::{Kind, Urgency},
    },
    error::{Error, Faults, Reason, Result},
    id::OrganisationId,
    text::{CountryCode, SHORT, line},
    time::Instant,
};

/// Fewest contacts behind a number that is told to others.
pub const FEWEST_CONTACTS: i64 = LEAST_CONTACTS;
/// Fewest electoral bodies behind a number that is told to others.
pub const FEWEST_BODIES: i64 = LEAST_BODIES;
/// Others are told a share in steps of so many thousandths, rounded down, and a count as a release tells it: so the difference of two
/// numbers tells of no few contacts.
const STEP: i64 = 50;
/// Longest period, in days.
pub const MOST_DAYS: i64 = 731;
/// Parts of a share that are kept.
const PARTS: f64 = 1_000.0;

/// Days from one up to another, which is left out; in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The day after the last.
    pub to: NaiveDate,
}

/// A share of something, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Share(i64);

impl Share {
    /// Reads a share above 0 up to 1.
    pub fn parse(raw: f64) -> Result<Self> {
        let thousandths = raw * PARTS;
        if !(1.0..=PARTS).contains(&thousandths) {
            return Err(Error::invalid(Reason::OutOfRange, "", "A share is above 0 and at most 1, as 0.9 for 90 %."));
        }
        #[expect(clippy::cast_possible_truncation, reason = "it was just found to lie between 1 and 1000")]
        Ok(Self(thousandths.round() as i64))
    }

    /// `part` of `whole`, which is not 0, rounded down.
    fn of(part: i64, whole: i64) -> Self {
        Self(part.saturating_mul(1_000) / whole.max(1))
    }

    /// The same in the steps in which others are told it, rounded down.
    fn stepped(self) -> Self {
        Self(self.0 / STEP * STEP)
    }

    /// As a number from 0 to 1.
    pub fn value(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "at most 1000")]
        let thousandths = self.0 as f64;
        thousandths / PARTS
    }
}

/// A measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// In words.
    pub description: String,
    /// Contacts of these kinds.
    pub kinds: Vec<Kind>,
    /// Of this urgency; of any if empty.
    pub urgencies: Vec<Urgency>,
    /// From bodies of this country.
    pub country: Option<CountryCode>,
    /// What counts as an answer.
    pub act: Answer,
    /// Within which time.
    pub within: Length,
    /// Which share of them.
    pub target: Share,
    /// When the promise holds.
    pub period: Period,
    /// The time before, with which it is compared.
    pub baseline: Period,
}

impl Period {
    /// Whether it begins and ends with a month.
    fn is_of_months(self) -> bool {
        self.from.day() == 1 && self.to.day() == 1
    }
}

/// One of the two numbers of a measure, as a reader may have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The share answered in time.
    pub share: Option<Share>,
    /// How many contacts there were.
    pub contacts: Option<i64>,
    /// Whether both are exact, or rounded as others are told them.
    pub is_exact: bool,
}

impl Figure {
    /// Too thin to be told.
    pub const SUPPRESSED: Self = Self { share: None, contacts: None, is_exact: false };

    /// Whether it is too thin to be told.
    pub fn is_suppressed(&self) -> bool {
        self.share.is_none()
    }
}

/// How near a reader is to what a measure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// He acts for the platform that got the contacts, for all of them.
    Receiver,
    /// He is the coordinator.
    Coordinator,
    /// Anybody else; of contacts of bodies for which he acts he knows anyway.
    Other,
}

impl Measure {
    /// What the log is asked for one of the periods.
    pub fn question(&self, period: Period, platform: OrganisationId, generated: bool) -> Question {
        let at = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        Question {
            platform,
            kinds: self.kinds.clone(),
            urgencies: self.urgencies.clone(),
            country: self.country,
            from: at(period.from),
            to: at(period.to),
            answer: self.act,
            minutes: self.within.minutes(),
            generated,
        }
    }

    /// What a reader may have of an answer. Who is a party to all of the contacts counts them himself. Others get a rounded number of whole
    /// months over enough contacts of enough bodies, and, but for the coordinator, only once nothing can be added to it any more: two
    /// answers with few contacts between them would tell what became of those.
    pub fn figure(&self, period: Period, counted: &Answered, nearness: Nearness, now: Instant) -> Figure {
        if counted.contacts == 0 {
            return Figure::SUPPRESSED;
        }
        let share = Share::of(counted.in_time, counted.contacts);
        if nearness == Nearness::Receiver || counted.own == counted.contacts {
            return Figure { share: Some(share), contacts: Some(counted.contacts), is_exact: true };
        }
        let is_enough = counted.contacts >= FEWEST_CONTACTS && counted.bodies >= FEWEST_BODIES;
        let over = period.to.and_time(NaiveTime::MIN).and_utc() + self.within.delta();
        let is_settled = nearness == Nearness::Coordinator || over <= now;
        if !(is_enough && is_settled && period.is_of_months()) {
            return Figure::SUPPRESSED;
        }
        let contacts = rounded(counted.contacts);
        Figure { share: Some(share.stepped()), contacts: Some(contacts), is_exact: false }
    }

    /// Whether a number reaches the target, if it is told, and if that follows from it as it is told.
    pub fn is_met(&self, figure: &Figure) -> Option<bool> {
        let share = figure.share?;
        let unsure = !figure.is_exact && share < self.target && self.target.0 < share.0 + STEP;
        (!unsure).then_some(share >= self.target)
    }
}

/// A measure as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct MeasureDraft {
    /// In words.
    pub description: String,
    /// Kinds of contact.
    pub kinds: Vec<Kind>,
    /// Urgencies.
    pub urgencies: Vec<Urgency>,
    /// A country's code.
    pub country: Option<String>,
    /// What counts as an answer.
    pub act: Answer,
    /// A duration.
    pub within: String,
    /// A share.
    pub target: f64,
    /// When the promise holds.
    pub period: Period,
    /// The time before.
    pub baseline: Period,
}

impl MeasureDraft {
    /// Checks everything and names every fault at once.
    pub fn check(&self) -> Result<Measure> {
        let mut faults = Faults::default();
        let description = faults.check("description", line(&self.description, SHORT));
        let kinds = faults.check("kinds", kinds(&self.kinds));
        let mut urgencies = self.urgencies.clone();
        urgencies.sort_unstable();
        urgencies.dedup();
        let country = self.country.as_deref().and_then(|raw| faults.check("country", CountryCode::parse(raw)));
        let within = faults.check("within", Length::parse(&self.within));
        let target = faults.check("target", Share::parse(self.target));
        for (path, period) in [("period", &self.period), ("baseline", &self.baseline)] {
            if period.from >= period.to {
                faults.add(Reason::Contradiction, &format!("{path}.to"), "The end must lie after the beginning.");
            } else if (period.to - period.from).num_days() > MOST_DAYS {
                faults.add(Reason::OutOfRange, &format!("{path}.to"), format!("At most {MOST_DAYS} days."));
            }
        }
        if self.baseline.to > self.period.from {
            faults.add(Reason::Contradiction, "baseline.to", "The time before must end before the promise holds.");
        }
        let whole = description.zip(kinds).zip(within.zip(target));
        let ((description, kinds), (within, target)) = faults.finish_with(whole)?;
        let (act, period, baseline) = (self.act, self.period, self.baseline);
        Ok(Measure { description, kinds, urgencies, country, act, within, target, period, baseline })
    }
}

/// Kinds that expect an answer, at least one; with legal force or without, since those two are never counted together.
fn kinds(raw: &[Kind]) -> Result<Vec<Kind>> {
    let mut faults = Faults::default();
    if raw.is_empty() {
        faults.add(Reason::Required, "", "Say which kinds of contact count.");
    }
    for (index, kind) in raw.iter().enumerate() {
        if !kind.expects_answer() || !kind.is_sent_by(crate::engagement::vocabulary::Side::ElectoralBody) {
            faults.add(Reason::NotAnOption, &index.to_string(), "Contacts of this kind expect no answer of a platform.");
        }
    }
    let is_legal = |kind: &Kind| matches!(kind, Kind::LegalNotice | Kind::LegalOrder);
    if raw.iter().any(is_legal) && !raw.iter().all(is_legal) {
        faults.add(Reason::Contradiction, "", "Contacts with legal force are never counted together with others.");
    }
    faults.finish()?;
    let mut kinds = raw.to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}
