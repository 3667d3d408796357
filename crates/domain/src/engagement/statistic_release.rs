//! A statistic release: numbers of a period that everybody may read. The coordinator proposes it; the platforms that it names read it and
//! each may comment once; after ten working days another person of the coordinator's publishes it with their comments beside it. Its
//! numbers are kept as they were worked out. What was published is corrected by a second set, under a notice, by two persons again.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

use crate::{
    directory::{
        entry::{RawTexts, references, texts},
        hours::HoursSpan,
    },
    engagement::{business_time::Calendar, suppression::Thresholds},
    error::{Code, Error, Faults, Reason, Result, closed},
    id::{OrganisationId, StatisticReleaseId, UserId},
    text::{self, LocalizedText},
    time::Instant,
};

/// Most platforms that a release names.
pub const MOST_PLATFORMS: usize = 30;
/// Most months of a release.
pub const MOST_MONTHS: usize = 12;
/// Working days for which a proposal is open to comment.
pub const COMMENT_DAYS: i64 = 10;

closed! {
    /// Where a release stands.
    ReleaseStatus {
        /// Its numbers are being worked out.
        Preparing = "PREPARING",
        /// Open to the comment of the platforms that it names, or waiting to be published.
        Proposed = "PROPOSED",
        /// Readable by everybody.
        Published = "PUBLISHED",
        /// Taken back before it was published.
        Withdrawn = "WITHDRAWN",
    }
}

closed! {
    /// How a list of releases is sorted. What is not published stands where it was proposed.
    ReleaseOrder {
        /// The latest published first.
        PublishedAtDesc = "PUBLISHED_AT_DESC",
        /// The first published first.
        PublishedAt = "PUBLISHED_AT",
    }
}

/// Which contacts a release counts: those sent in these months, in UTC. The months of two releases are the same or have none in common, so
/// that no number minus another counts fewer contacts than a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day, which begins a month.
    pub from: NaiveDate,
    /// The first day after it, which begins a month.
    pub to: NaiveDate,
}

impl Period {
    /// Checks that it is made of whole months, a year at most, all of them over.
    fn check(self, faults: &mut Faults, now: Instant) {
        for (path, day) in [("period.from", self.from), ("period.to", self.to)] {
            if day.day() != 1 {
                faults.add(Reason::NotAnOption, path, "A release counts whole months: give the first day of one.");
            }
        }
        if self.to <= self.from {
            faults.add(Reason::BeforePrevious, "period.to", "The end comes after the beginning.");
        } else if self.months().len() > MOST_MONTHS {
            faults.add(Reason::OutOfRange, "period.to", format!("At most {MOST_MONTHS} months."));
        }
        if self.to > now.date_naive() {
            faults.add(Reason::InFuture, "period.to", "These months are not over.");
        }
    }

    /// The first days of its months; of one that is too long, one more than there may be.
    pub fn months(&self) -> Vec<NaiveDate> {
        let next = |month: &NaiveDate| month.checked_add_months(Months::new(1));
        std::iter::successors(Some(self.from), next).take_while(|month| *month < self.to).take(MOST_MONTHS + 1).collect()
    }

    /// From when until when.
    pub fn bounds(&self) -> (Instant, Instant) {
        let midnight = |day: NaiveDate| DateTime::<Utc>::from_naive_utc_and_offset(day.and_time(NaiveTime::MIN), Utc);
        (midnight(self.from), midnight(self.to))
    }
}

/// Who did something for which organisation, and when. The person is shown to the person's own organisation only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deed {
    /// When.
    pub at: Instant,
    /// Who; none for the server itself.
    pub person: Option<UserId>,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
}

/// A release without its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatisticRelease {
    /// Its id.
    pub id: StatisticReleaseId,
    /// Its titles.
    pub titles: LocalizedText,
    /// Which contacts it counts.
    pub period: Period,
    /// The platforms that it names.
    pub platforms: Vec<OrganisationId>,
    /// From when on a number is told.
    pub thresholds: Thresholds,
    /// Where it stands.
    pub status: ReleaseStatus,
    /// Who proposed it. Only what was shared with the platform by then is counted, and only what had happened by then.
    pub proposed: Deed,
    /// Until when the platforms may comment; none before there are numbers.
    pub comments_until: Option<Instant>,
    /// Who published it.
    pub published: Option<Deed>,
    /// Who took it back.
    pub withdrawn: Option<Deed>,
    /// Why it was taken back.
    pub reason: Option<String>,
    /// Which set of numbers stands, from 0: one more with each correction.
    pub edition: i64,
    /// When they were worked out; none if they never were.
    pub computed_at: Option<Instant>,
    /// By which version of the program.
    pub code_version: String,
    /// Counts the changes.
    pub version: i64,
}

impl StatisticRelease {
    /// Up to when contacts must have been shared, and things have happened, to be counted.
    pub fn cut_off(&self) -> Instant {
        self.proposed.at
    }

    fn must_be(&self, status: ReleaseStatus, message: &str) -> Result<()> {
        if self.status == status { Ok(()) } else { Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "", message)) }
    }

    /// Refuses a comment of a platform that is not named, or that comes too late.
    pub fn admits_comment(&self, now: Instant) -> Result<()> {
        self.must_be(ReleaseStatus::Proposed, "Only a proposed release is open to comment.")?;
        if self.comments_until.is_none_or(|until| now >= until) {
            return Err(Error::new(Code::InvalidTransition, Reason::Expired, "", "The time to comment is over."));
        }
        Ok(())
    }

    /// The release with its numbers, before the platforms from now on.
    pub fn prepared(mut self, now: Instant, code_version: &str) -> Result<Self> {
        self.must_be(ReleaseStatus::Preparing, "Its numbers are there.")?;
        (self.status, self.computed_at, self.comments_until) = (ReleaseStatus::Proposed, Some(now), Some(comments_until(now)));
        code_version.clone_into(&mut self.code_version);
        Ok(self)
    }

    /// The release, published: by another person than who proposed it, and not before the time to comment is over.
    pub fn publish(mut self, deed: Deed) -> Result<Self> {
        self.must_be(ReleaseStatus::Proposed, "Only a proposed release is published.")?;
        let until = self.comments_until.ok_or_else(|| Error::broken("a proposed release has no time to comment"))?;
        if deed.at < until {
            let message = format!("It is open to comment until {}.", until.format("%Y-%m-%d %H:%M UTC"));
            return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "", message));
        }
        another(self.proposed, deed)?;
        (self.status, self.published, self.version) = (ReleaseStatus::Published, Some(deed), self.version + 1);
        Ok(self)
    }

    /// The release, taken back before it is published.
    pub fn withdraw(mut self, deed: Deed, reason: String) -> Result<Self> {
        if self.status != ReleaseStatus::Preparing {
            self.must_be(ReleaseStatus::Proposed, "Only a proposed release is taken back; what is published is corrected.")?;
        }
        (self.status, self.withdrawn, self.reason) = (ReleaseStatus::Withdrawn, Some(deed), Some(reason));
        self.version += 1;
        Ok(self)
    }

    /// Refuses a correction of what is not published.
    pub fn admits_correction(&self) -> Result<()> {
        self.must_be(ReleaseStatus::Published, "Only a published release is corrected.")
    }

    /// The release with a correction in the place of its numbers: by another person than who prepared it.
    pub fn correct(mut self, correction: &Correction, deed: Deed) -> Result<Self> {
        self.admits_correction()?;
        another(correction.prepared, deed)?;
        (self.edition, self.computed_at) = (correction.edition, Some(correction.prepared.at));
        self.code_version.clone_from(&correction.code_version);
        self.version += 1;
        Ok(self)
    }
}

/// Two persons publish: the second is not the first, and both are known.
fn another(first: Deed, second: Deed) -> Result<()> {
    if second.person.is_some() && first.person != second.person {
        return Ok(());
    }
    Err(Error::forbidden("Two persons publish: somebody else than who prepared it."))
}

/// What a platform says of a release that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseComment {
    /// The release.
    pub release: StatisticReleaseId,
    /// The platform.
    pub platform: OrganisationId,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub deed: Deed,
}

/// A second set of numbers of a published release, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The release.
    pub release: StatisticReleaseId,
    /// The set of numbers, from 1.
    pub edition: i64,
    /// Why, for everybody to read.
    pub note: String,
    /// Who prepared it.
    pub prepared: Deed,
    /// Who published it; until then only the coordinator reads it.
    pub published: Option<Deed>,
    /// By which version of the program.
    pub code_version: String,
    /// Why it has no numbers: they are as they were told, or cannot be told beside those.
    pub failure: Option<String>,
}

impl Correction {
    /// Whether it can be published in the place of the release's numbers, once its own are worked out.
    pub fn waits(&self, release: &StatisticRelease) -> bool {
        self.published.is_none() && self.failure.is_none() && self.edition > release.edition
    }
}

/// A set of numbers that is being worked out: of a proposal, or of a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preparation {
    /// The release.
    pub release: StatisticReleaseId,
    /// The set of numbers.
    pub edition: i64,
    /// When it was asked for.
    pub asked_at: Instant,
    /// How many contacts are counted.
    pub counted: i64,
    /// How many there are; none before a server took it up.
    pub total: Option<i64>,
}

impl Preparation {
    /// One that nobody took up yet.
    pub const fn asked(release: StatisticReleaseId, edition: i64, asked_at: Instant) -> Self {
        Self { release, edition, asked_at, counted: 0, total: None }
    }

    /// How far it is, from 0 to 1 in steps of a twentieth: finer ones would tell how many contacts there are.
    pub fn progress(&self) -> f64 {
        let twentieths = self.total.filter(|total| *total > 0).map_or(0, |total| self.counted.min(total).saturating_mul(20) / total);
        f64::from(u32::try_from(twentieths).unwrap_or_default()) / 20.0
    }
}

/// A release as somebody typed it.
#[derive(Clone, Debug)]
pub struct ReleaseDraft {
    /// Its titles, at least one.
    pub titles: RawTexts,
    /// Which contacts it counts.
    pub period: Period,
    /// The platforms that it names.
    pub platforms: Vec<OrganisationId>,
}

impl ReleaseDraft {
    /// Checks everything at once. That the platforms exist is for the caller to check.
    pub fn check(&self, now: Instant) -> Result<(LocalizedText, Vec<OrganisationId>)> {
        let mut faults = Faults::default();
        let titles = texts(&mut faults, "title", &self.titles, text::SHORT);
        self.period.check(&mut faults, now);
        let mut platforms = references(&mut faults, "platformIds", &self.platforms, MOST_PLATFORMS);
        if self.platforms.is_empty() {
            faults.add(Reason::Required, "platformIds", "Name the platforms that are counted.");
        }
        platforms.sort_unstable();
        platforms.dedup();
        faults.finish_with(titles.map(|titles| (titles, platforms)))
    }
}

/// Until when a proposal that is there from a moment on is open to comment: ten working days, Monday to Friday in UTC.
pub fn comments_until(proposed_at: Instant) -> Instant {
    let day = |day: Weekday| HoursSpan { day, opens_at: NaiveTime::MIN, closes_at: NaiveTime::MIN };
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    let calendar = Calendar { zone: "UTC".to_owned(), hours: days.map(day).to_vec(), holidays: Vec::new() };
    calendar.after(proposed_at, TimeDelta::days(COMMENT_DAYS))
}

/// What a list of releases is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct ReleaseFilter {
    /// Where they stand; of those that the reader may read any if empty.
    pub statuses: Vec<ReleaseStatus>,
    /// That name this platform.
    pub platform: Option<OrganisationId>,
    /// That count contacts sent on this day.
    pub day: Option<NaiveDate>,
}
