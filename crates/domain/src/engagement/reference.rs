//! The short name of a contact that people read to each other.

use std::fmt;

use crate::{
    error::{Error, Reason, Result},
    text::CountryCode,
};

/// Crockford's alphabet: no I, L, O or U, so that nothing is misheard or misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A contact's reference, as `PE-7F3K-92QD`: the body's country and eight random characters, so that it tells nobody how
/// many contacts there are. A body without a country has `ZZ`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference(String);

impl Reference {
    /// The reference that these random bytes give: 40 bits, eight characters.
    pub fn from_random(country: Option<CountryCode>, random: [u8; 5]) -> Self {
        let bits = random.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let symbol = |place: u32| {
            let five = (bits >> (5 * (7 - place))) & 31;
            usize::try_from(five).ok().and_then(|five| ALPHABET.get(five)).map_or('0', |byte| char::from(*byte))
        };
        let (first, second): (String, String) = ((0..4).map(symbol).collect(), (4..8).map(symbol).collect());
        Self(format!("{}-{first}-{second}", country.as_ref().map_or("ZZ", CountryCode::as_str)))
    }

    /// Reads a reference as people type it: in either case, with or without hyphens, I and L for 1 and O for 0.
    pub fn parse(raw: &str) -> Result<Self> {
        let malformed = || Error::invalid(Reason::Malformed, "", "A reference reads like PE-7F3K-92QD.");
        let plain: Vec<char> = raw.trim().chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_uppercase()).collect();
        let (country, code) = plain.split_at_checked(2).ok_or_else(malformed)?;
        let code: Vec<char> = code
            .iter()
            .map(|c| match c {
                'I' | 'L' => '1',
                'O' => '0',
                other => *other,
            })
            .collect();
        let known = |c: &char| c.is_ascii() && ALPHABET.iter().any(|byte| char::from(*byte) == *c);
        match (country, code.split_at_checked(4)) {
            ([a, b], Some((first, second)))
                if second.len() == 4 && a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && code.iter().all(known) =>
            {
                Ok(Self(format!("{a}{b}-{}-{}", first.iter().collect::<String>(), second.iter().collect::<String>())))
            }
            _ => Err(malformed()),
        }
    }

    /// A reference from the database, where only checked ones are.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_forty_bits_and_reads_them_back_as_people_type_them() {
        let peru = CountryCode::parse("PE").expect("a country");
        assert_eq!(Reference::from_random(Some(peru), [0; 5]).as_str(), "PE-0000-0000");
        assert_eq!(Reference::from_random(Some(peru), [255; 5]).as_str(), "PE-ZZZZ-ZZZZ");
        assert_eq!(Reference::from_random(None, [0, 0, 0, 0, 33]).as_str(), "ZZ-0000-0011");
        assert_eq!(Reference::parse(" pe-7f3k 92qd ").expect("a reference").as_str(), "PE-7F3K-92QD");
        assert_eq!(Reference::parse("PEoil19999").expect("a reference").as_str(), "PE-0111-9999");
        for bad in ["", "PE", "PE-7F3K-92Q", "PE-7F3K-92QDX", "P1-7F3K-92QD", "PE-7F3K-92QU", "é€-7F3K-92QD"] {
            assert!(Reference::parse(bad).is_err(), "{bad}");
        }
    }
}
