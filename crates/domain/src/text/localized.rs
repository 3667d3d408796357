//! Texts in several languages.

use serde::{Deserialize, Serialize};

use super::{LanguageTag, fold, line};
use crate::error::{Faults, Reason, Result};

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
    use super::{super::SHORT, *};

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
