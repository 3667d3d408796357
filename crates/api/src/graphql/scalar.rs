//! Scalars that areas share.
//!
//! What a program writes (instants, dates) is parsed here. What a person types (addresses, zones, countries, languages,
//! durations) stays text until the use case checks it, so that one bad value does not hide the faults of the others.
//! A value that is not written so is found with the document (`is_valid`), since only there its place in the input is known.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use tertulia_domain::time::{Instant, to_micros};

const INSTANT: &str = "An instant is written 2025-02-24T09:30:00Z.";
const LOCAL: &str = "A local date and time is written 2025-02-24T19:00:00, without an offset.";
const DAY: &str = "A date is written 2025-02-24.";

/// How a value of this scalar is written, if it is one that is parsed here.
pub fn written(scalar: &str) -> Option<&'static str> {
    match scalar {
        "DateTime" => Some(INSTANT),
        "LocalDateTime" => Some(LOCAL),
        "Date" => Some(DAY),
        _ => None,
    }
}

/// An instant; see the scalar's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub Instant);

/// An instant as RFC 3339 writes it, answered in UTC with at most microseconds (`2025-02-24T09:30:00Z`). In inputs any
/// offset is understood; without an offset the value is refused.
#[Scalar(name = "DateTime", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = string(&value)?;
        let at = chrono::DateTime::parse_from_rfc3339(text).map_err(|_| InputValueError::custom(INSTANT))?;
        Ok(Self(to_micros(at.with_timezone(&Utc))))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A wall time; see the scalar's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalDateTime(pub NaiveDateTime);

/// A date and time as a clock on the wall shows them, without an offset (`2025-02-24T19:00:00`). The zone stands beside it
/// in a `timeZone` field.
#[Scalar(name = "LocalDateTime", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for LocalDateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = string(&value)?;
        let formats = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
        let parsed = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
        parsed.map(Self).ok_or_else(|| InputValueError::custom(LOCAL))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%dT%H:%M:%S").to_string())
    }
}

/// A day; see the scalar's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub NaiveDate);

/// A day of the Gregorian calendar (`2025-02-24`). Where a date is known only to the month or year, a `precision` beside it
/// says so and this is the period's first day.
#[Scalar(name = "Date", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let parsed = NaiveDate::parse_from_str(string(&value)?, "%Y-%m-%d");
        parsed.map(Self).map_err(|_| InputValueError::custom(DAY))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

macro_rules! text {
    ($name:ident, $wire:literal, $url:literal, $(#[doc = $doc:literal])+) => {
        /// Text on its way to or from a use case; see the scalar's description.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(pub String);

        $(#[doc = $doc])+
        #[Scalar(name = $wire, specified_by_url = $url)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                Ok(Self(string(&value)?.to_owned()))
            }
            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }
        }

        impl<T: std::fmt::Display> From<T> for $name {
            fn from(value: T) -> Self {
                Self(value.to_string())
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }
    };
}

text!(Duration, "Duration", "https://www.rfc-editor.org/rfc/rfc3339#appendix-A",
    /// A length of time as ISO 8601 writes it, in days, hours, minutes and seconds (`PT90M`, `P1DT12H`).
);
text!(TimeZone, "TimeZone", "https://www.iana.org/time-zones",
    /// The name of a zone of the IANA time zone database (`America/Lima`).
);
text!(CountryCode, "CountryCode", "https://www.iso.org/iso-3166-country-codes.html",
    /// A country or territory by its ISO 3166-1 alpha-2 code in upper case (`PE`); Kosovo is `XK`.
);
text!(LanguageTag, "LanguageTag", "https://www.rfc-editor.org/rfc/rfc5646",
    /// A language by its BCP 47 tag (`es`, `pt-BR`, `zh-Hant`).
);
text!(Url, "URL", "https://url.spec.whatwg.org/",
    /// An absolute http or https address without user name or password.
);

fn string<T: async_graphql::InputType>(value: &Value) -> Result<&str, InputValueError<T>> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(InputValueError::expected_type(other.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: ScalarType>(text: &str) -> Option<String> {
        T::parse(Value::String(text.to_owned()))
            .ok()
            .map(|parsed| parsed.to_value().into_json().expect("a string").as_str().expect("text").to_owned())
    }

    #[test]
    fn reads_offsets_and_answers_utc_in_microseconds() {
        assert_eq!(read::<DateTime>("2025-02-24T10:30:00+01:00").as_deref(), Some("2025-02-24T09:30:00Z"));
        assert_eq!(read::<DateTime>("2025-02-24T09:30:00.123456789Z").as_deref(), Some("2025-02-24T09:30:00.123456Z"));
        assert_eq!(read::<DateTime>("2025-02-24T09:30:00"), None);
        assert_eq!(read::<LocalDateTime>("2025-02-24T19:00").as_deref(), Some("2025-02-24T19:00:00"));
        assert_eq!(read::<LocalDateTime>("2025-02-24T19:00:00Z"), None);
        assert_eq!(read::<Date>("2025-02-30"), None);
    }

    #[test]
    fn keeps_what_people_type_for_the_use_case() {
        assert_eq!(read::<Url>("not an address").as_deref(), Some("not an address"));
        assert!(Url::parse(Value::Boolean(true)).is_err());
    }
}
