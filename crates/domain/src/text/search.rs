//! How search compares texts, and what a reader searches for.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::line;
use crate::error::{Error, Reason, Result};

/// The form of a text in which search compares: compatibility-decomposed, without marks, in lower case, letters that Unicode
/// does not decompose as people type them on other keyboards, runs of anything that is neither letter nor digit as one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match plain(c) {
            Some(letters) => folded.push_str(letters),
            None if c == TATWEEL || is_combining_mark(c) => {}
            None if c.is_alphanumeric() => folded.push(c),
            None if folded.is_empty() || folded.ends_with(' ') => {}
            None => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Lengthens an Arabic word and means nothing.
const TATWEEL: char = '\u{640}';

/// What stands for a letter with a stroke, a ligature or a special form on a keyboard without it.
const fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ı' => "i",
        'ł' => "l",
        'đ' => "d",
        'ø' => "o",
        'ħ' => "h",
        'ŧ' => "t",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ς' => "σ",
        _ => return None,
    })
}

/// What a reader searches for: 1 to 100 characters, folded; at most eight words, each of which must be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchTerm(Vec<String>);

impl SearchTerm {
    /// Reads a search text.
    pub fn parse(raw: &str) -> Result<Self> {
        let text = line(raw, 100)?;
        let words: Vec<String> = fold(&text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        match words.len() {
            0 => Err(Error::invalid(Reason::Required, "", "Search needs a letter or a digit.")),
            1..=8 => Ok(Self(words)),
            _ => Err(Error::invalid(Reason::TooLong, "", "Search takes at most eight words.")),
        }
    }

    /// The words, each folded.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Each word as a term of its own, for searches in which the words may stand in different places.
    pub fn each(&self) -> Vec<Self> {
        self.0.iter().map(|word| Self(vec![word.clone()])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_accents_case_and_scripts_alike() {
        assert_eq!(fold("Perú's  COMISIÓN"), "peru s comision");
        assert_eq!(fold("السودان"), fold("السُّودان"));
        assert_eq!(fold("ไทย"), "ไทย");
        assert_eq!(fold("Côte d’Ivoire"), "cote d ivoire");
        for text in ["Łódź Straße", "Seçki Komissiyası", "Hội đồng", "Εκλογές", "Sjælland Østfold", "İstanbul"] {
            assert_eq!(fold(text), fold(&text.to_uppercase()), "{text}");
        }
        assert_eq!(fold("Hội đồng Øst Łódź komissiyası"), "hoi dong ost lodz komissiyasi");
        assert_eq!(fold("السـودان"), fold("السودان"));
    }
}
