//! A dialogue as somebody typed it, and the check that makes one of it.

use serde::Serialize;

use super::{
    agenda::Attribution,
    dialogue::{
        Dialogue, DialogueKind, DialogueStatus, DialogueVisibility, MOST_LANGUAGES, MOST_PARTIES, MeetingFormat, Venue, check_parties,
        check_recurrence, horizon,
    },
    length::Length,
    recurrence::{RawRecurrence, Recurrence},
};
use crate::{
    error::{Faults, Reason, Result},
    id::{DialogueId, OrganisationId, read},
    text::{CountryCode, LONG, LanguageTag, LocalizedText, SHORT, WebUrl, block, line},
    time::Instant,
};

/// A dialogue as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct DialogueDraft {
    /// Its title as (language, text).
    pub title: Vec<(String, String)>,
    /// What it is meant to reach.
    pub purpose: Option<String>,
    /// What it is for.
    pub kind: DialogueKind,
    /// Ids of who invites.
    pub conveners: Vec<String>,
    /// Ids of who takes part besides.
    pub members: Vec<String>,
    /// When it meets.
    pub recurrence: RawRecurrence,
    /// How long a meeting takes.
    pub duration: String,
    /// Where meetings take place.
    pub format: MeetingFormat,
    /// Who reads it.
    pub visibility: DialogueVisibility,
    /// The languages spoken.
    pub working_languages: Vec<String>,
    /// What may be told of who spoke, unless something else is said.
    pub attribution_default: Attribution,
    /// The link by which its parties join.
    pub join_url: Option<String>,
    /// The usual place.
    pub venue: Option<VenueDraft>,
    /// Whether a generator makes it.
    pub generated: bool,
}

/// A place as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct VenueDraft {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: Option<String>,
    /// Its country's code.
    pub country: Option<String>,
}

impl DialogueDraft {
    /// Who is meant to invite, as far as the ids can be read: what the policy looks at before the whole is checked.
    pub fn readable_conveners(&self) -> Vec<OrganisationId> {
        self.conveners.iter().take(MOST_PARTIES).filter_map(|raw| read(raw).ok()).collect()
    }

    /// Checks everything and names every fault at once. The dialogue is laid out to the horizon of `now`.
    pub fn check(&self, id: DialogueId, now: Instant) -> Result<Dialogue> {
        let mut faults = Faults::default();
        let title = LocalizedText::parse(self.title.iter().map(|(language, text)| (language.as_str(), text.as_str())), SHORT);
        let title = faults.check("title", title);
        let purpose = optional(&mut faults, "purpose", self.purpose.as_deref(), |text| block(text, LONG));
        let recurrence = faults.check("recurrence", Recurrence::parse(&self.recurrence));
        if let Some(recurrence) = &recurrence {
            faults.check("recurrence", check_recurrence(recurrence, now));
        }
        let length = faults.check("duration", Length::parse(&self.duration));
        let working_languages = languages(&mut faults, &self.working_languages);
        let join_url = optional(&mut faults, "joinUrl", self.join_url.as_deref(), WebUrl::parse);
        let venue = self.venue.as_ref().and_then(|venue| faults.check("venue", venue.check()));
        let conveners = organisations(&mut faults, "conveners", &self.conveners);
        let members = organisations(&mut faults, "members", &self.members);
        if let (Some(conveners), Some(members)) = (&conveners, &members) {
            faults.check("", check_parties(self.kind, conveners, members));
        }
        let whole = title.zip(recurrence).zip(length).zip(conveners.zip(members));
        let (((title, recurrence), length), (conveners, members)) = faults.finish_with(whole)?;
        let (kind, format, visibility, generated) = (self.kind, self.format, self.visibility, self.generated);
        let (status, laid_out_to) = (DialogueStatus::Active, Some(horizon(now)));
        Ok(Dialogue {
            id,
            slug: None,
            title,
            purpose,
            kind,
            conveners,
            members,
            recurrence,
            length,
            format,
            visibility,
            working_languages,
            attribution_default: self.attribution_default,
            join_url,
            venue,
            status,
            stretches: Vec::new(),
            closed_from: None,
            sequence: 0,
            laid_out_to,
            generated,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    }
}

impl VenueDraft {
    /// Checks every value and names every fault at once.
    pub fn check(&self) -> Result<Venue> {
        let mut faults = Faults::default();
        let name = faults.check("name", line(&self.name, SHORT));
        let address = optional(&mut faults, "address", self.address.as_deref(), |text| line(text, SHORT));
        let country = optional(&mut faults, "country", self.country.as_deref(), CountryCode::parse);
        let name = faults.finish_with(name)?;
        Ok(Venue { name, address, country })
    }
}

/// Reads ids of organisations; `None` if one of them is no such id.
pub fn organisations(faults: &mut Faults, path: &str, raw: &[String]) -> Option<Vec<OrganisationId>> {
    if raw.len() > MOST_PARTIES {
        faults.add(Reason::TooLong, path, format!("At most {MOST_PARTIES} organisations."));
        return None;
    }
    let ids: Vec<_> = raw.iter().enumerate().map(|(index, raw)| faults.check(&format!("{path}.{index}"), read(raw))).collect();
    ids.into_iter().collect()
}

pub(super) fn languages(faults: &mut Faults, raw: &[String]) -> Vec<LanguageTag> {
    if raw.len() > MOST_LANGUAGES {
        faults.add(Reason::TooLong, "workingLanguages", format!("At most {MOST_LANGUAGES} languages."));
        return Vec::new();
    }
    let mut tags = Vec::new();
    for (index, raw) in raw.iter().enumerate() {
        let tag = faults.check(&format!("workingLanguages.{index}"), LanguageTag::parse(raw));
        tags.extend(tag.filter(|tag| !tags.contains(tag)));
    }
    tags
}

/// Checks a value that may be missing; nothing but space is missing too.
pub(super) fn optional<T>(faults: &mut Faults, path: &str, raw: Option<&str>, read: impl Fn(&str) -> Result<T>) -> Option<T> {
    raw.filter(|raw| !raw.trim().is_empty()).and_then(|raw| faults.check(path, read(raw)))
}
