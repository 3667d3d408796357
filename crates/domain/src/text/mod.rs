//! Text that people type: one value type a rule, so that a value that exists is a value that was checked.

mod address;
mod code;
mod formula;
mod localized;
mod search;

use unicode_normalization::UnicodeNormalization;

pub use self::{
    address::{EmailAddress, WebUrl},
    code::{CountryCode, LanguageTag},
    formula::{bare, bare_parts, guard, guard_parts},
    localized::{LocalText, LocalizedText},
    search::{SearchTerm, fold},
};
use crate::error::{Error, Reason, Result};

/// What stands where the name of a person stood who was erased.
pub const ERASED: &str = "(erased)";
/// Longest short text (names, titles, subjects), in characters.
pub const SHORT: usize = 300;
/// Longest long text (descriptions, notes, comments), in characters.
pub const LONG: usize = 10_000;
/// Longest URL, in bytes.
pub const URL: usize = 2_048;

/// Trims, normalizes to NFC and checks one line of text: 1 to `most` characters, nothing that controls or reorders text.
pub fn line(raw: &str, most: usize) -> Result<String> {
    checked(raw, most, false)
}

/// As [`line`], with line breaks and tabs allowed.
pub fn block(raw: &str, most: usize) -> Result<String> {
    checked(raw, most, true)
}

fn checked(raw: &str, most: usize, breaks: bool) -> Result<String> {
    // The bound comes before normalization: what NFC makes of a text is at most three times as long.
    if raw.len() > most.saturating_mul(12) {
        return Err(too_long(most));
    }
    let text: String = raw.trim().nfc().collect();
    if text.is_empty() {
        return Err(Error::invalid(Reason::Required, "", "A text is needed here."));
    }
    if text.chars().count() > most {
        return Err(too_long(most));
    }
    if let Some(bad) = text.chars().find(|c| is_forbidden(*c) && !(breaks && matches!(c, '\n' | '\r' | '\t'))) {
        return Err(Error::invalid(Reason::ForbiddenCharacter, "", format!("The character U+{:04X} is not allowed here.", bad as u32)));
    }
    Ok(text)
}

fn too_long(most: usize) -> Error {
    Error::invalid(Reason::TooLong, "", format!("At most {most} characters."))
}

/// Control characters, the bidirectional overrides and isolates of Unicode Annex 9 (which can make a text read as
/// another), line and paragraph separators, the byte-order mark, tags and non-characters.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
        || (c as u32) & 0xFFFE == 0xFFFE
        || matches!(c, '\u{FDD0}'..='\u{FDEF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_controls_or_reorders_text() {
        for text in ["a\0b", "a\u{202E}b", "a\nb", "\u{FEFF}a", "a\u{2066}b"] {
            assert_eq!(line(text, 10).map_err(|error| error.faults[0].reason), Err(Reason::ForbiddenCharacter), "{text:?}");
        }
        assert_eq!(block("a\nb", 10).expect("line breaks are allowed in a block"), "a\nb");
        assert_eq!(line(&"é".repeat(11), 10).map_err(|error| error.faults[0].reason), Err(Reason::TooLong));
        assert_eq!(line("e\u{301}", 10).expect("a text"), "é");
    }
}
