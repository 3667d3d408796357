//! The days of the week on which a country rests.
//!
//! Source: Unicode CLDR 48.2, `supplemental/weekData.json` (`weekendStart`, `weekendEnd`), Unicode License v3. Countries that do
//! not stand here rest on Saturday and Sunday, as CLDR has it for the world.

use chrono::Weekday::{self, Fri, Sat, Sun, Thu};

use crate::text::CountryCode;

const FRIDAY_AND_SATURDAY: [&str; 14] = ["BH", "DZ", "EG", "IL", "IQ", "JO", "KW", "LY", "OM", "QA", "SA", "SD", "SY", "YE"];

/// The days on which this country rests; those of the world where the country is not known.
pub fn weekend(country: Option<CountryCode>) -> &'static [Weekday] {
    match country.as_ref().map(CountryCode::as_str) {
        Some("AF") => &[Thu, Fri],
        Some("IR") => &[Fri],
        Some("IN" | "UG") => &[Sun],
        Some(code) if FRIDAY_AND_SATURDAY.contains(&code) => &[Fri, Sat],
        _ => &[Sat, Sun],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_rest_as_cldr_has_it() {
        let of = |code: &str| weekend(Some(CountryCode::parse(code).expect("a code")));
        assert_eq!((of("EG"), of("PE"), of("IN"), of("IR")), (&[Fri, Sat][..], &[Sat, Sun][..], &[Sun][..], &[Fri][..]));
        assert_eq!(weekend(None), [Sat, Sun]);
    }
}
