//! What somebody typed to change a dialogue, or the place of a meeting, and the check that makes a change of it.

use serde::Serialize;

use super::{
    dialogue::{Dialogue, DialogueVisibility, Venue},
    draft::{VenueDraft, languages, optional},
    length::Length,
    series::Stretch,
};
use crate::{
    error::{Faults, Reason, Result},
    text::{LONG, LanguageTag, LocalizedText, SHORT, WebUrl, block},
};

/// A change of a dialogue: each part that is given replaces what was there; `Some(None)` empties it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DialoguePatch {
    /// All titles, as (language, text).
    pub title: Option<Vec<(String, String)>>,
    /// What it is meant to reach.
    pub purpose: Option<Option<String>>,
    /// Who reads it.
    pub visibility: Option<DialogueVisibility>,
    /// The languages spoken from now on.
    pub working_languages: Option<Vec<String>>,
    /// How long meetings that lie ahead take.
    pub duration: Option<String>,
    /// Where meetings that lie ahead take place, and by which link.
    pub place: Relocation,
}

/// Another place, as somebody typed it: what is not given stays; `Some(None)` empties it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Relocation {
    /// The place.
    pub venue: Option<Option<VenueDraft>>,
    /// The link.
    pub join_url: Option<Option<String>>,
}

/// Another place, checked.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The place.
    pub venue: Option<Option<Venue>>,
    /// The link.
    pub join_url: Option<Option<WebUrl>>,
}

/// A change of a dialogue, checked.
#[derive(Clone, Debug)]
pub struct DialogueChange {
    /// The dialogue's own fields, replaced.
    pub fields: Fields,
    /// How long meetings that lie ahead take.
    pub length: Option<Length>,
    /// Where they take place.
    pub place: Place,
}

/// What a dialogue says of itself as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fields {
    /// Its title.
    pub title: LocalizedText,
    /// What it is meant to reach.
    pub purpose: Option<String>,
    /// Who reads it.
    pub visibility: DialogueVisibility,
    /// The languages spoken.
    pub working_languages: Vec<LanguageTag>,
}

impl Relocation {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        self.venue.is_none() && self.join_url.is_none()
    }

    /// Checks every value and notes every fault.
    pub fn check(&self, faults: &mut Faults) -> Place {
        let venue = self.venue.as_ref().map(|venue| venue.as_ref().and_then(|venue| faults.check("venue", venue.check())));
        let join_url = self.join_url.as_ref().map(|url| optional(faults, "joinUrl", url.as_deref(), WebUrl::parse));
        Place { venue, join_url }
    }
}

impl Place {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        self.venue.is_none() && self.join_url.is_none()
    }

    /// Writes it over what holds in a stretch.
    pub fn write(&self, stretch: &mut Stretch) {
        if let Some(venue) = &self.venue {
            stretch.venue.clone_from(venue);
        }
        if let Some(join_url) = &self.join_url {
            stretch.join_url.clone_from(join_url);
        }
    }
}

impl Dialogue {
    /// What it says of itself as a whole.
    pub fn fields(&self) -> Fields {
        Fields {
            title: self.title.clone(),
            purpose: self.purpose.clone(),
            visibility: self.visibility,
            working_languages: self.working_languages.clone(),
        }
    }

    /// The same dialogue saying this of itself.
    #[must_use]
    pub fn with_fields(&self, fields: Fields) -> Self {
        let Fields { title, purpose, visibility, working_languages } = fields;
        Self { title, purpose, visibility, working_languages, ..self.clone() }
    }
}

impl DialoguePatch {
    /// Names of the fields that are given.
    pub fn names(&self) -> Vec<&'static str> {
        let given = [
            ("title", self.title.is_some()),
            ("purpose", self.purpose.is_some()),
            ("visibility", self.visibility.is_some()),
            ("workingLanguages", self.working_languages.is_some()),
            ("duration", self.duration.is_some()),
            ("venue", self.place.venue.is_some()),
            ("joinUrl", self.place.join_url.is_some()),
        ];
        given.into_iter().filter_map(|(name, is_given)| is_given.then_some(name)).collect()
    }

    /// Checks every value and names every fault at once.
    pub fn check(&self, before: &Dialogue) -> Result<DialogueChange> {
        let mut faults = Faults::default();
        let mut fields = before.fields();
        if let Some(title) = &self.title {
            let texts = title.iter().map(|(language, text)| (language.as_str(), text.as_str()));
            fields.title = faults.check("title", LocalizedText::parse(texts, SHORT)).unwrap_or(fields.title);
        }
        if let Some(purpose) = &self.purpose {
            fields.purpose = optional(&mut faults, "purpose", purpose.as_deref(), |text| block(text, LONG));
        }
        fields.visibility = self.visibility.unwrap_or(fields.visibility);
        if let Some(tags) = &self.working_languages {
            fields.working_languages = languages(&mut faults, tags);
        }
        let length = self.duration.as_deref().and_then(|raw| faults.check("duration", Length::parse(raw)));
        let place = self.place.check(&mut faults);
        if length.is_none() && place.is_empty() && fields == before.fields() && faults.is_empty() {
            faults.add(Reason::Required, "", "Say what is to be changed.");
        }
        faults.finish()?;
        Ok(DialogueChange { fields, length, place })
    }
}
