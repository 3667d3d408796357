//! What a password must be, after NIST SP 800-63B-4, 3.1.1.2: long, not guessable from the account, not among the commonest;
//! no rules about classes of characters.

use unicode_normalization::UnicodeNormalization;

use crate::{
    error::{Error, Reason, Result},
    text::{self, EmailAddress},
};

/// Least characters.
pub const SHORTEST: usize = 12;
/// Most characters; Argon2 would take more, a server that must hash them should not.
pub const LONGEST: usize = 200;
/// Fewest different characters: below this it is one key held down.
const DIFFERENT: usize = 5;

/// Guesses of at least [`SHORTEST`] characters that come first, folded: runs of digits and keys, common words doubled or
/// numbered, and what people make of this server's own name.
const COMMONEST: &[&str] = &[
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123456789012345",
    "1234567891234",
    "1qaz2wsx3edc",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u",
    "123qweasdzxc",
    "qwerty123456",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopasdfghjkl",
    "asdfghjkl123",
    "q1w2e3r4t5y6",
    "q1w2e3r4t5y6u7i8",
    "abcdefghijkl",
    "abcdefghijklmnop",
    "password1234",
    "password12345",
    "password123456",
    "passwordpassword",
    "mypassword123",
    "administrator",
    "administrator1",
    "administrator123",
    "changemechangeme",
    "letmeinletmein",
    "welcome12345",
    "welcome123456",
    "iloveyou1234",
    "iloveyouforever",
    "manchesterunited",
    "unbelievable",
    "correcthorsebatterystaple",
    "tertuliatertulia",
    "tertulia1234",
    "tertulia12345",
    "elections2024",
    "elections2025",
    "elections2026",
];

/// The form of a password that is hashed: NFKC, so that the same keys on another keyboard or system give the same password.
pub fn normalized(raw: &str) -> String {
    raw.nfkc().collect()
}

/// Checks a password that somebody wants to set for the account of `email`; the fault stands at the root.
pub fn check(raw: &str, email: &EmailAddress) -> Result<()> {
    let refuse = |reason, message: String| Err(Error::invalid(reason, "", message));
    if raw.len() > LONGEST * 4 {
        return refuse(Reason::TooLong, format!("At most {LONGEST} characters."));
    }
    let password = normalized(raw);
    let length = password.chars().count();
    if length < SHORTEST {
        return refuse(Reason::TooShort, format!("At least {SHORTEST} characters."));
    }
    if length > LONGEST {
        return refuse(Reason::TooLong, format!("At most {LONGEST} characters."));
    }
    if password.contains('\0') {
        return refuse(Reason::ForbiddenCharacter, "The character U+0000 is not allowed here.".to_owned());
    }
    let lower = password.to_lowercase();
    let folded = text::fold(&password).replace(' ', "");
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    let common = different.len() < DIFFERENT || COMMONEST.iter().any(|common| *common == lower || *common == folded);
    if common || lower == email.as_str() || folded == text::fold(email.as_str()).replace(' ', "") {
        return refuse(Reason::NotAnOption, "This password is too easy to guess. Choose a longer phrase.".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_short_long_common_and_ones_own_address() {
        let email = EmailAddress::parse("ana.lopez@example.org").expect("an address");
        let reason = |raw: &str| check(raw, &email).map_err(|error| error.faults[0].reason).err();
        assert_eq!(reason("elevenchars"), Some(Reason::TooShort));
        assert_eq!(reason(&"x1y2z3".repeat(40)), Some(Reason::TooLong));
        assert_eq!(reason(&"é".repeat(100_000)), Some(Reason::TooLong));
        for guessable in
            ["Password1234", "ANA.LOPEZ@example.org", "anaLopez example org", "aaaaaaaaaaaaaaaa", "Correct Horse Battery Staple"]
        {
            assert_eq!(reason(guessable), Some(Reason::NotAnOption), "{guessable}");
        }
        assert_eq!(reason("a fine long phrase"), None);
        assert_eq!(reason("ひらがなとかたかなのことば"), None);
        assert_eq!(reason("twelve chars\0"), Some(Reason::ForbiddenCharacter));
    }

    #[test]
    fn the_same_keys_give_the_same_password() {
        assert_eq!(normalized("cafe\u{301} ﬁne"), normalized("café fine"));
    }
}
