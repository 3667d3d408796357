//! Interpretation as a resource: what is offered, what is confirmed, and what those who come need and would not get.

use std::collections::BTreeMap;

use super::meeting::{Interpretation, InterpretationKind, Meeting};
use crate::{
    error::{Code, Error, Reason, Result},
    text::LanguageTag,
    time::Instant,
};

/// Most languages that a meeting can be interpreted into.
pub const MOST_OFFERED: usize = 40;

/// A language that people need and would not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The language.
    pub language: LanguageTag,
    /// How many of those who come need it.
    pub needed: i64,
}

/// Whether who needs `needed` is served by `given`: the same tag, or the plain language of which the other is a variety.
fn serves(given: &LanguageTag, needed: &LanguageTag) -> bool {
    given == needed || (given.primary() == needed.primary() && [given, needed].iter().any(|tag| tag.as_str() == tag.primary()))
}

impl Meeting {
    /// The languages that those who come need, `needs` being each one's, and that are neither spoken nor confirmed; what most people
    /// need stands first.
    pub fn interpretation_gap<'a>(&self, needs: impl IntoIterator<Item = &'a [LanguageTag]>) -> Vec<Gap> {
        let confirmed = self.interpretation.iter().filter(|one| one.confirmed).filter_map(|one| one.language.as_ref());
        let given: Vec<&LanguageTag> = self.working_languages.iter().chain(confirmed).collect();
        let mut open: BTreeMap<&LanguageTag, i64> = BTreeMap::new();
        for needed in needs.into_iter().flatten() {
            if !given.iter().any(|given| serves(given, needed)) {
                *open.entry(needed).or_default() += 1;
            }
        }
        let mut gap: Vec<Gap> = open.into_iter().map(|(language, needed)| Gap { language: language.clone(), needed }).collect();
        gap.sort_by_key(|one| std::cmp::Reverse(one.needed));
        gap
    }

    /// The meeting with one more language that it could be interpreted into.
    ///
    /// # Errors
    /// `DUPLICATE` if it is offered in the same way already; `LIMIT_EXCEEDED` beyond [`MOST_OFFERED`].
    pub fn offer_interpretation(&self, language: LanguageTag, kind: InterpretationKind, now: Instant) -> Result<Self> {
        if self.interpretation.iter().any(|one| one.kind == kind && one.language.as_ref() == Some(&language)) {
            return Err(Error::new(Code::Conflict, Reason::Duplicate, "language", "This language is offered in this way already."));
        }
        if self.interpretation.len() >= MOST_OFFERED {
            return Err(Error::new(Code::LimitExceeded, Reason::TooMany, "language", format!("At most {MOST_OFFERED} languages.")));
        }
        let mut interpretation = self.interpretation.clone();
        interpretation.push(Interpretation { language: Some(language), kind, confirmed: false });
        Ok(Self { interpretation, ..self.edited(now) })
    }

    /// The meeting with an offered language confirmed, or no longer so.
    ///
    /// # Errors
    /// `NOT_FOUND` at `language` if it is not offered in this way.
    pub fn confirm_interpretation(
        &self,
        language: &LanguageTag,
        kind: Option<InterpretationKind>,
        confirmed: bool,
        now: Instant,
    ) -> Result<Self> {
        let mut interpretation = self.interpretation.clone();
        let is_meant = |one: &&mut Interpretation| one.language.as_ref() == Some(language) && kind.is_none_or(|kind| one.kind == kind);
        let mut meant = interpretation.iter_mut().filter(is_meant).peekable();
        if meant.peek().is_none() {
            return Err(Error::new(Code::NotFound, Reason::NotAnOption, "language", "This language is not offered in this way."));
        }
        meant.for_each(|one| one.confirmed = confirmed);
        Ok(Self { interpretation, ..self.edited(now) })
    }
}
