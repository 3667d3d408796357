//! Codes of countries and tags of languages.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Reason, Result};

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
