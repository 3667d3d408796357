//! Text that people type: one value type a rule, so that a value that exists is a value that was checked.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::error::{Error, Faults, Reason, Result};

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

/// The form of a text in which search compares: compatibility-decomposed, without marks, in lower case, runs of
/// anything that is neither letter nor digit as one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            folded.push(c);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
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

/// An absolute http or https address without user name or password.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WebUrl(String);

impl WebUrl {
    /// Reads and normalizes an address, as the WHATWG URL standard does.
    pub fn parse(raw: &str) -> Result<Self> {
        let malformed = |message: &str| Error::invalid(Reason::Malformed, "", message);
        let raw = raw.trim();
        if raw.len() > URL {
            return Err(Error::invalid(Reason::TooLong, "", format!("At most {URL} bytes.")));
        }
        if raw.chars().any(is_forbidden) {
            return Err(Error::invalid(Reason::ForbiddenCharacter, "", "An address holds no control characters."));
        }
        let url = url::Url::parse(raw).map_err(|_| malformed("This is not an absolute http or https address."))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(malformed("This is not an absolute http or https address."));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(malformed("An address must not hold a user name or password."));
        }
        Ok(Self(url.into()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address in lower case, as `name@domain`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address. The mailbox must prove itself by receiving; this refuses only what cannot be one (RFC 5321, 4.5.3.1).
    pub fn parse(raw: &str) -> Result<Self> {
        let malformed = || Error::invalid(Reason::Malformed, "", "This is not an e-mail address.");
        let text = line(raw, 254)?.to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or_else(malformed)?;
        let labels_fit =
            domain.split('.').all(|label| !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-'));
        let fits = !local.is_empty() && local.len() <= 64 && domain.contains('.') && labels_fit;
        if !fits
            || text.chars().any(|c| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | ':' | '"' | '(' | ')' | '\\'))
            || local.contains('@')
        {
            return Err(malformed());
        }
        Ok(Self(text))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An ISO 3166-1 alpha-2 code, or XK; that a country has it is checked against the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// Reads two letters, in either case.
    pub fn parse(raw: &str) -> Result<Self> {
        match raw.trim().as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()])),
            _ => Err(Error::invalid(Reason::Malformed, "", "A country code is two letters, as ISO 3166-1 has them.")),
        }
    }

    /// The code in upper case.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("ZZ")
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl Serialize for CountryCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
impl<'de> Deserialize<'de> for CountryCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A BCP 47 language tag, well formed and in its usual case (`pt-BR`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// Reads a tag, as RFC 5646 section 2.1 writes it.
    pub fn parse(raw: &str) -> Result<Self> {
        let raw = raw.trim();
        if raw.len() > 35 {
            return Err(Error::invalid(Reason::TooLong, "", "A language tag has at most 35 characters."));
        }
        oxilangtag::LanguageTag::parse_and_normalize(raw)
            .map(|tag| Self(tag.into_inner()))
            .map_err(|_| Error::invalid(Reason::Malformed, "", "This is not a BCP 47 language tag."))
    }

    /// English, the language every reader is offered at last.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary language subtag (`pt` of `pt-BR`).
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// Whether text in this language runs from right to left, by its script or by the usual script of the language.
    pub fn is_right_to_left(&self) -> bool {
        let script = self.0.split('-').skip(1).find(|part| part.len() == 4 && part.chars().all(|c| c.is_ascii_alphabetic()));
        match script {
            Some(script) => matches!(script, "Arab" | "Hebr" | "Thaa" | "Syrc" | "Nkoo" | "Adlm" | "Rohg" | "Mand" | "Samr"),
            None => matches!(
                self.primary(),
                "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "ks" | "prs" | "ps" | "sd" | "syr" | "ug" | "ur" | "yi"
            ),
        }
    }
}

/// A text in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalText {
    /// The language.
    pub language: LanguageTag,
    /// The text.
    pub text: String,
    /// Whether a machine translated it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub machine_translated: bool,
}

/// A text in one or more languages, at most one text a language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalizedText(Vec<LocalText>);

impl LocalizedText {
    /// A text in one language, trusted to be checked.
    pub fn single(language: LanguageTag, text: impl Into<String>) -> Self {
        Self(vec![LocalText { language, text: text.into(), machine_translated: false }])
    }

    /// Texts from a trusted source, the first of each language kept.
    pub fn from_texts(texts: impl IntoIterator<Item = LocalText>) -> Self {
        let mut kept: Vec<LocalText> = Vec::new();
        for text in texts {
            if kept.iter().all(|known| known.language != text.language) {
                kept.push(text);
            }
        }
        Self(kept)
    }

    /// Reads what a caller typed as `(language, text)` pairs: 1 to 40 languages, each once, each text a line of at most
    /// `most` characters. Faults stand at `0.language`, `0.text` …
    pub fn parse<'a>(raw: impl IntoIterator<Item = (&'a str, &'a str)>, most: usize) -> Result<Self> {
        let mut faults = Faults::default();
        let mut texts: Vec<LocalText> = Vec::new();
        let mut count = 0_usize;
        for (index, (language, text)) in raw.into_iter().enumerate() {
            count = index + 1;
            if count > 40 {
                faults.add(Reason::TooLong, "", "At most 40 languages.");
                break;
            }
            let language = faults.check(&format!("{index}.language"), LanguageTag::parse(language));
            let text = faults.check(&format!("{index}.text"), line(text, most));
            if let (Some(language), Some(text)) = (language, text) {
                if texts.iter().any(|known| known.language == language) {
                    faults.add(Reason::Duplicate, &format!("{index}.language"), "This language stands here twice.");
                } else {
                    texts.push(LocalText { language, text, machine_translated: false });
                }
            }
        }
        if count == 0 {
            faults.add(Reason::Required, "", "A text in at least one language is needed.");
        }
        faults.finish()?;
        Ok(Self(texts))
    }

    /// All texts.
    pub fn texts(&self) -> &[LocalText] {
        &self.0
    }

    /// The text for a reader: the first wanted language that there is (exactly, then by its primary subtag), else English, else any.
    pub fn best(&self, wanted: &[LanguageTag]) -> &str {
        let exact = |tag: &LanguageTag| self.0.iter().find(|text| text.language == *tag);
        let primary = |tag: &LanguageTag| self.0.iter().find(|text| text.language.primary() == tag.primary());
        wanted
            .iter()
            .find_map(|tag| exact(tag).or_else(|| primary(tag)))
            .or_else(|| self.0.iter().find(|text| text.language.primary() == "en"))
            .or_else(|| self.0.first())
            .map_or("", |text| text.text.as_str())
    }

    /// Every text folded for search, joined by line feeds, which no folded text holds.
    pub fn folded(&self) -> String {
        self.0.iter().map(|text| fold(&text.text)).collect::<Vec<_>>().join("\n")
    }

    /// The folded text by which lists sort: English, else the first.
    pub fn sort_name(&self) -> String {
        fold(self.best(&[]))
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
    }

    #[test]
    fn refuses_what_controls_or_reorders_text() {
        for text in ["a\0b", "a\u{202E}b", "a\nb", "\u{FEFF}a", "a\u{2066}b"] {
            assert_eq!(line(text, 10).map_err(|error| error.faults[0].reason), Err(Reason::ForbiddenCharacter), "{text:?}");
        }
        assert_eq!(block("a\nb", 10).expect("line breaks are allowed in a block"), "a\nb");
        assert_eq!(line(&"é".repeat(11), 10).map_err(|error| error.faults[0].reason), Err(Reason::TooLong));
        assert_eq!(line("e\u{301}", 10).expect("a text"), "é");
    }

    #[test]
    fn falls_back_by_language() {
        let names = LocalizedText::parse([("pt-BR", "Eleições"), ("en", "Elections")], SHORT).expect("two languages");
        let tag = |text| LanguageTag::parse(text).expect("a tag");
        assert_eq!(names.best(&[tag("pt")]), "Eleições");
        assert_eq!(names.best(&[tag("fr")]), "Elections");
        assert_eq!(names.best(&[]), "Elections");
    }

    #[test]
    fn names_every_fault_of_a_localized_text() {
        let error = LocalizedText::parse([("en", ""), ("??", "x"), ("fr", "a"), ("fr", "b")], SHORT).expect_err("three faults");
        let paths: Vec<String> = error.faults.iter().map(|fault| fault.path.join(".")).collect();
        assert_eq!(paths, ["0.text", "1.language", "3.language"]);
    }
}
