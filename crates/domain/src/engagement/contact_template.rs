//! Texts with which a body's officers begin a contact: subject and description, with places to be filled in.

use serde::Serialize;

use crate::{
    engagement::vocabulary::Kind,
    error::{Code, Error, Faults, Reason, Result, closed},
    id::{ContactTemplateId, InstrumentId, OrganisationId},
    text::{self, LanguageTag},
    time::Instant,
};

/// Templates that a body has at once, those put away left out.
pub const MOST: u64 = 200;

closed! {
    /// A place in a text that is filled in when a contact is written: `{{PLATFORM}}`.
    Placeholder {
        /// The body's name.
        ElectoralBody = "ELECTORAL_BODY",
        /// The country's name.
        Country = "COUNTRY",
        /// The platform company's name.
        Platform = "PLATFORM",
        /// The service's name.
        PlatformService = "PLATFORM_SERVICE",
        /// The election's name, or its kind and country.
        Election = "ELECTION",
        /// The next polling day of the election.
        PollingDay = "POLLING_DAY",
        /// The instrument's title.
        Instrument = "INSTRUMENT",
        /// The body's own number.
        CaseNumber = "CASE_NUMBER",
        /// The addresses of what the contact points at, one a line.
        Urls = "URLS",
        /// The day on which it is written.
        Date = "DATE",
        /// The name of who writes it.
        Officer = "OFFICER",
    }
}

/// A text that a body's officers begin a contact with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactTemplate {
    /// Its id.
    pub id: ContactTemplateId,
    /// The body whose officers use it.
    pub electoral_body: OrganisationId,
    /// What it says.
    pub said: Said,
    /// When it was put away.
    pub archived_at: Option<Instant>,
    /// When it was written.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// What a template says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Under which name officers find it.
    pub name: String,
    /// For contacts of which kinds; none: of every kind.
    pub kinds: Vec<Kind>,
    /// For contacts that stand on this instrument; none: on any, or on none.
    pub instrument: Option<InstrumentId>,
    /// The language it is written in.
    pub language: LanguageTag,
    /// The subject.
    pub subject: Option<String>,
    /// The description.
    pub description: Option<String>,
}

impl Said {
    /// The places that are to be filled in, each once, in the order of the list.
    pub fn placeholders(&self) -> Vec<Placeholder> {
        let texts = [self.subject.as_deref(), self.description.as_deref()];
        let mut found: Vec<Placeholder> = texts.into_iter().flatten().flat_map(|text| places(text).flatten()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// What of a template its history keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TemplateEntry {
    /// What it says.
    pub fields: Said,
    /// When it was put away.
    pub archived_at: Option<Instant>,
}

/// What a template is to say, as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidDraft {
    /// Its name.
    pub name: String,
    /// Kinds of contact.
    pub kinds: Vec<Kind>,
    /// The instrument.
    pub instrument: Option<InstrumentId>,
    /// A BCP 47 tag.
    pub language: String,
    /// The subject.
    pub subject: Option<String>,
    /// The description.
    pub description: Option<String>,
}

impl SaidDraft {
    /// Checks everything at once. That the instrument exists is for the caller to check.
    pub fn check(&self) -> Result<Said> {
        let mut faults = Faults::default();
        let mut kinds = self.kinds.clone();
        kinds.sort_unstable();
        kinds.dedup();
        let name = faults.check("name", text::line(&self.name, text::SHORT));
        let language = faults.check("language", LanguageTag::parse(&self.language));
        let mut words = |path: &str, raw: Option<&String>, read: fn(&str) -> Result<String>| {
            let text = raw.and_then(|raw| faults.check(path, read(raw)))?;
            faults.check(path, known(&text))?;
            Some(text)
        };
        let subject = words("subject", self.subject.as_ref(), |raw| text::line(raw, text::SHORT));
        let description = words("description", self.description.as_ref(), |raw| text::block(raw, text::LONG));
        if self.subject.is_none() && self.description.is_none() {
            faults.add(Reason::Required, "description", "A template has a subject or a description.");
        }
        let said = name.zip(language);
        let said = said.map(|(name, language)| Said { name, kinds, instrument: self.instrument, language, subject, description });
        faults.finish_with(said)
    }
}

/// The places of a text; none where it names one that is not in the list, or begins one that does not end.
fn places(text: &str) -> impl Iterator<Item = Option<Placeholder>> {
    text.split("{{").skip(1).map(|rest| rest.split_once("}}").and_then(|(name, _)| Placeholder::parse(name.trim())))
}

/// Refuses a text with a place that nobody can fill in.
fn known(text: &str) -> Result<()> {
    if places(text).all(|place| place.is_some()) {
        return Ok(());
    }
    let names: Vec<String> = Placeholder::ALL.iter().map(|place| format!("{{{{{place}}}}}")).collect();
    Err(Error::invalid(Reason::NotAnOption, "", format!("What is to be filled in is one of {}.", names.join(", "))))
}

impl ContactTemplate {
    /// What its history keeps of it when it is replaced.
    pub fn entry(&self) -> TemplateEntry {
        TemplateEntry { fields: self.said.clone(), archived_at: self.archived_at }
    }

    /// The same, saying something else.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` for one that was put away.
    pub fn update(self, said: Said, now: Instant) -> Result<Self> {
        self.open()?;
        Ok(Self { said, updated_at: now, version: self.version + 1, ..self })
    }

    /// The same, put away.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` for one that was put away before.
    pub fn archive(self, now: Instant) -> Result<Self> {
        self.open()?;
        Ok(Self { archived_at: Some(now), updated_at: now, version: self.version + 1, ..self })
    }

    fn open(&self) -> Result<()> {
        if self.archived_at.is_none() {
            return Ok(());
        }
        Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "id", "This template was put away."))
    }
}

/// Which templates are listed.
#[derive(Clone, Debug, Default)]
pub struct TemplateFilter {
    /// Those of this body.
    pub electoral_body: Option<OrganisationId>,
    /// Those that fit contacts of this kind.
    pub kind: Option<Kind>,
    /// Those that fit contacts on this instrument.
    pub instrument: Option<InstrumentId>,
    /// Those in this language, in any of its varieties.
    pub language: Option<LanguageTag>,
    /// Those put away in the place of those in use.
    pub archived: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(subject: &str, description: &str) -> SaidDraft {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let (subject, description) = (some(subject), some(description));
        SaidDraft { name: "A name".to_owned(), language: "es-PE".to_owned(), subject, description, ..SaidDraft::default() }
    }

    #[test]
    fn places_are_those_of_the_list() {
        let said = draft("{{PLATFORM}}: {{ CASE_NUMBER }}", "{{DATE}}\n{{PLATFORM}} {not a place} }}").check().expect("a template");
        assert_eq!(said.placeholders(), [Placeholder::Platform, Placeholder::CaseNumber, Placeholder::Date]);
        for bad in ["{{platform}}", "{{NOBODY}}", "{{", "{{}}", "{{PLATFORM", "{{PLATFORM}} {{X}}", "{{{PLATFORM}}}"] {
            let error = draft(bad, "x").check().expect_err(bad);
            assert_eq!(
                (error.faults[0].reason, error.faults[0].path.as_slice()),
                (Reason::NotAnOption, &["subject".to_owned()][..]),
                "{bad}"
            );
        }
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let bad = SaidDraft { name: " ".to_owned(), language: "nonsense!".to_owned(), ..SaidDraft::default() };
        let paths: Vec<String> = bad.check().expect_err("faults").faults.into_iter().flat_map(|fault| fault.path).collect();
        assert_eq!(paths, ["name", "language", "description"]);
        assert!(draft(&"x".repeat(301), "").check().is_err() && draft(&"x".repeat(300), "").check().is_ok());
    }
}
