//! `Retry-After` (RFC 9110, 10.2.3): a number of seconds, or a date in one of the three forms of HTTP (5.6.7).

use chrono::{DateTime, TimeDelta, Utc};
use tertulia_domain::time::{Instant, to_micros};

/// Until when an endpoint asks to be left alone; `None` for a text that says nothing. `now` is when it answered.
pub(super) fn read(text: &str, now: Instant) -> Option<Instant> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than a clock has are as many as it has.
        let seconds = text.parse::<u32>().unwrap_or(u32::MAX);
        return now.checked_add_signed(TimeDelta::seconds(seconds.into()));
    }
    httpdate::parse_http_date(text).ok().map(|date| to_micros(DateTime::<Utc>::from(date)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    #[test]
    fn seconds_and_dates_of_http() {
        let now = at("2026-03-02T09:00:00Z");
        let date = at("1994-11-06T08:49:37Z");
        for (text, expected) in [
            ("0", Some(now)),
            (" 120 ", Some(at("2026-03-02T09:02:00Z"))),
            // The three forms of the specification's own example.
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(date)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(date)),
            ("Sun Nov  6 08:49:37 1994", Some(date)),
        ] {
            assert_eq!(read(text, now), expected, "{text}");
        }
        assert!(read("99999999999999999999999", now).is_some_and(|until| until > at("2100-01-01T00:00:00Z")));
        for text in ["", "-1", "1.5", "soon", "+5", "2026-03-02T09:00:00Z", "Sun, 32 Nov 1994 08:49:37 GMT"] {
            assert_eq!(read(text, now), None, "{text}");
        }
    }
}
