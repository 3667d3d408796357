//! The target of a contact, as the columns of its row keep it.

use chrono::{DateTime, NaiveDate, NaiveTime};
use sea_orm::entity::prelude::DateTimeUtc;
use tertulia_domain::{
    Error,
    engagement::target::{Bound, Course, Mark},
};

use super::contact_row::Model;
use crate::{error::decoded, json};

/// What the columns hold.
#[derive(Default)]
pub(super) struct Written {
    pub(super) target: Option<String>,
    pub(super) mark: Option<String>,
    pub(super) due_at: Option<DateTimeUtc>,
    pub(super) soon_at: Option<DateTimeUtc>,
    pub(super) settled_at: Option<DateTimeUtc>,
    pub(super) waits_until: Option<DateTimeUtc>,
}

/// The target and its course, for the row.
pub(super) fn written(bound: Option<&Bound>) -> Result<Written, Error> {
    let Some(bound) = bound else { return Ok(Written::default()) };
    let target = Some(json::encode(&bound.target)?);
    let Some(course) = bound.course else { return Ok(Written { target, ..Written::default() }) };
    Ok(Written {
        target,
        mark: Some(course.mark.to_string()),
        due_at: course.due_at,
        soon_at: course.soon_at,
        settled_at: course.settled_at,
        waits_until: place(&course),
    })
}

/// The place in the order of what is due: by the moment; behind them what is paused, and at the end what was missed for good. What is
/// settled otherwise has none.
fn place(course: &Course) -> Option<DateTimeUtc> {
    let end_of = |year: i32| NaiveDate::from_ymd_opt(year, 12, 31).map(|day| day.and_time(NaiveTime::MIN).and_utc());
    match course.mark {
        Mark::Pending => course.due_at,
        Mark::Paused => end_of(9_997),
        Mark::Missed => end_of(9_998),
        Mark::Met | Mark::Late | Mark::Void => None,
    }
}

/// The target and its course, from the row.
pub(super) fn bound(row: &Model) -> Result<Option<Bound>, Error> {
    let Some(target) = row.target.as_deref() else { return Ok(None) };
    let mark = row.target_mark.as_deref().map(|mark| decoded(Mark::parse(mark), "contact", "target_mark", mark)).transpose()?;
    let course = mark.map(|mark| Course { mark, due_at: row.due_at, soon_at: row.soon_at, settled_at: row.settled_at });
    Ok(Some(Bound { target: json::decode(target, "contact", "target")?, course }))
}

/// The place of a row that has one, for cursors.
pub(super) fn place_of(row: &Model) -> DateTimeUtc {
    row.waits_until.unwrap_or(DateTime::UNIX_EPOCH)
}
