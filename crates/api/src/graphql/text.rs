//! Localized texts on the wire.

use async_graphql::{Context, Enum, InputObject, SimpleObject};
use tertulia_domain::{Result, text, text::LanguageTag as Tag};

use super::{Resolving, scalar::LanguageTag};

/// The direction in which a text's script runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TextDirection {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

/// A text in one language.
#[derive(Clone, Debug, SimpleObject)]
pub struct LocalizedText {
    /// The language.
    language: LanguageTag,
    /// The text.
    text: String,
    /// The direction in which its script runs.
    direction: TextDirection,
    /// Whether a machine translated it.
    machine_translated: bool,
}

/// A text in one language, to be stored.
#[derive(Clone, Debug, InputObject)]
pub struct LocalizedTextInput {
    /// The language.
    pub language: LanguageTag,
    /// The text.
    pub text: String,
}

/// All texts of a localized text.
pub fn all(texts: &text::LocalizedText) -> Vec<LocalizedText> {
    let one = |text: &text::LocalText| LocalizedText {
        direction: if text.language.is_right_to_left() { TextDirection::RightToLeft } else { TextDirection::LeftToRight },
        language: LanguageTag::from(text.language.as_str()),
        text: text.text.clone(),
        machine_translated: text.machine_translated,
    };
    texts.texts().iter().map(one).collect()
}

/// The text for the reader: in the language asked for, else in those of the request, else in English, else in any.
pub fn best(ctx: &Context<'_>, texts: &text::LocalizedText, language: Option<&LanguageTag>) -> Result<String> {
    let asked = language.map(|language| Tag::parse(language).map_err(|error| error.under("language"))).transpose()?;
    let wanted: Vec<Tag> = asked.into_iter().chain(ctx.caller().languages.iter().cloned()).collect();
    Ok(texts.best(&wanted).to_owned())
}

/// What a caller typed, as the domain reads it.
pub fn raw(texts: Vec<LocalizedTextInput>) -> Vec<(String, String)> {
    texts.into_iter().map(|text| (text.language.0, text.text)).collect()
}
