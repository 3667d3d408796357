//! Cells, and the dates and times in them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

use crate::{
    engagement::vocabulary::Precision,
    error::{Error, Reason, Result, closed},
    text::bare_parts,
    time::{Instant, resolve_noting_gap, to_micros},
};

closed! {
    /// The order of the parts of a date with slashes, dots or hyphens whose year does not come first.
    DateOrder {
        /// Day, month, year.
        DayMonthYear = "DAY_MONTH_YEAR",
        /// Month, day, year.
        MonthDayYear = "MONTH_DAY_YEAR",
    }
}

/// What a cell holds. A formula is a text like any other, or what it last came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text or a number.
    Text(String),
    /// A date of a spreadsheet, with a time or at midnight.
    Moment(NaiveDateTime),
    /// A text that is longer than any column takes, or that came after too much of the line; nothing of it was read.
    TooLong,
}

impl Cell {
    /// The text that was typed, without the apostrophes that keep a spreadsheet from taking it for formulas; none if it is empty.
    pub fn text(&self) -> Option<String> {
        let text = match self {
            Self::Empty | Self::TooLong => return None,
            Self::Text(text) => text.trim().to_owned(),
            Self::Moment(at) => at.format("%Y-%m-%dT%H:%M:%S").to_string(),
        };
        Some(bare_parts(&text).trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Whether nothing is in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty() || self.text().is_none(),
            Self::Moment(_) | Self::TooLong => false,
        }
    }
}

/// How dates and times are read that do not say everything themselves.
#[derive(Clone, Copy, Debug)]
pub struct Moments {
    /// The zone of those that name none.
    pub zone: Tz,
    /// The order of dates that do not begin with the year.
    pub order: Option<DateOrder>,
}

impl Moments {
    /// Reads an instant as RFC 3339 has it, or a date and time of the place, as `2026-03-02 14:30` or `2026-03-02`. A date alone is known
    /// to the day and stands for its beginning.
    ///
    /// A local time that occurs twice means its first occurrence. One over which the clocks jump is refused: nothing happened then.
    pub fn read(self, cell: &Cell) -> Result<Option<(Instant, Precision)>> {
        let (wall, precision) = match cell {
            Cell::Moment(at) if at.time() == NaiveTime::MIN => (*at, Precision::Day),
            Cell::Moment(at) => (*at, Precision::Minute),
            _ => {
                let Some(text) = cell.text() else { return Ok(None) };
                if let Ok(at) = chrono::DateTime::parse_from_rfc3339(&text) {
                    return Ok(Some((to_micros(at.to_utc()), Precision::Minute)));
                }
                self.local(&text)?
            }
        };
        let (at, in_gap) = resolve_noting_gap(self.zone, wall);
        if in_gap && precision == Precision::Minute {
            return Err(Error::invalid(Reason::OutOfRange, "", format!("The clocks in {} jump over this time.", self.zone)));
        }
        Ok(Some((to_micros(at), precision)))
    }

    fn local(self, text: &str) -> Result<(NaiveDateTime, Precision)> {
        let (date, time) = text.split_once(['T', ' ']).map_or((text, None), |(date, time)| (date, Some(time.trim())));
        let date = self.date(date)?;
        let Some(time) = time else { return Ok((date.and_time(NaiveTime::MIN), Precision::Day)) };
        let forms = ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f", "%I:%M %p", "%I:%M:%S %p"];
        let time = forms.iter().find_map(|form| NaiveTime::parse_from_str(time, form).ok()).ok_or_else(malformed)?;
        Ok((date.and_time(time), Precision::Minute))
    }

    fn date(self, text: &str) -> Result<NaiveDate> {
        let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
        let [first, second, third] = parts.as_slice() else { return Err(malformed()) };
        let number = |part: &str| part.parse::<u32>().map_err(|_| malformed());
        let (year, month, day) = match (first.len(), third.len(), self.order) {
            (4, _, _) => (number(first)?, number(second)?, number(third)?),
            (_, 4, Some(DateOrder::DayMonthYear)) => (number(third)?, number(second)?, number(first)?),
            (_, 4, Some(DateOrder::MonthDayYear)) => (number(third)?, number(first)?, number(second)?),
            (_, 4, None) => {
                let message =
                    "This date may be read in two ways. Write it as 2026-03-02, or say the order of day and month with `dateOrder`.";
                return Err(Error::invalid(Reason::Malformed, "", message));
            }
            _ => return Err(malformed()),
        };
        i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day)).ok_or_else(malformed)
    }
}

fn malformed() -> Error {
    Error::invalid(Reason::Malformed, "", "This is no date or time as 2026-03-02T14:30:00Z, 2026-03-02 14:30 or 2026-03-02.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: Option<DateOrder>) -> Result<(String, Precision), Reason> {
        let moments = Moments { zone: "America/Sao_Paulo".parse().expect("a zone"), order };
        let found = moments.read(&Cell::Text(text.to_owned())).map_err(|error| error.faults[0].reason)?;
        let (at, precision) = found.expect("a moment");
        Ok((at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true), precision))
    }

    #[test]
    fn reads_instants_and_times_of_the_place() {
        let at = |text: &str| (text.to_owned(), Precision::Minute);
        assert_eq!(read("2026-03-02T14:30:00+01:00", None), Ok(at("2026-03-02T13:30:00Z")));
        for text in ["2026-03-02 14:30", "2026-03-02T14:30:00", "2026/03/02 2:30 PM", " 2026.3.2  14:30 "] {
            assert_eq!(read(text, None), Ok(at("2026-03-02T17:30:00Z")), "{text}");
        }
        assert_eq!(read("2026-03-02", None), Ok(("2026-03-02T03:00:00Z".to_owned(), Precision::Day)));
        assert_eq!(read("02/03/2026", Some(DateOrder::DayMonthYear)), Ok(("2026-03-02T03:00:00Z".to_owned(), Precision::Day)));
        assert_eq!(read("02/03/2026", Some(DateOrder::MonthDayYear)), Ok(("2026-02-03T03:00:00Z".to_owned(), Precision::Day)));
        for text in ["02/03/2026", "2026-13-01", "2026-02-30", "yesterday", "2026-03-02 25:00", "2/3/26", "99999-1-1"] {
            assert_eq!(read(text, None), Err(Reason::Malformed), "{text}");
        }
        // In 2018 the clocks went from 00:00 to 01:00 on the 4th of November: the day has a beginning, half past midnight there is none.
        assert_eq!(read("2018-11-04", None), Ok(("2018-11-04T03:00:00Z".to_owned(), Precision::Day)));
        assert_eq!(read("2018-11-04 00:30", None), Err(Reason::OutOfRange));
    }

    #[test]
    fn a_formula_is_a_text() {
        assert_eq!(Cell::Text(" =1+1 ".to_owned()).text().as_deref(), Some("=1+1"));
        assert_eq!(Cell::Text("'=1+1".to_owned()).text().as_deref(), Some("=1+1"), "as exports write it");
        assert_eq!(Cell::Text("'x;'=1+1".to_owned()).text().as_deref(), Some("'x;=1+1"));
        assert_eq!(Cell::Text("'quoted'".to_owned()).text().as_deref(), Some("'quoted'"));
        assert_eq!(Cell::Text("  ".to_owned()).text(), None);
    }
}
