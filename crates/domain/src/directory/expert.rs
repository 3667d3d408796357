//! Experts: recorded by the coordinator, listed only by their own consent.

use serde::{Deserialize, Serialize};

use super::{
    country::M49,
    entry::{Entry, RawTexts, list, optional, optional_texts, raw_texts, replace},
};
use crate::{
    error::{Code, Error, Faults, Reason, Result, closed},
    id::{OrganisationId, UserId, kinds},
    text::{ERASED, EmailAddress, LanguageTag, LocalizedText, SHORT, SearchTerm, block, fold, line},
    time::Instant,
};

/// The longest time a consent holds without being given again, in days.
pub const LONGEST_CONSENT_DAYS: i64 = 3 * 366;

closed! {
    /// Who may find an expert.
    Listing {
        /// The expert and the coordinator.
        Nobody = "NOBODY",
        /// Everybody who is signed in as a member of the coalition.
        Coalition = "COALITION",
        /// Anyone.
        Public = "PUBLIC",
    }
}

/// An expert's own decision about being listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Who may find the expert.
    pub listed: Listing,
    /// When it was given.
    pub given_at: Instant,
    /// The moment at which it ends.
    pub until: Instant,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Instant>,
}

impl Consent {
    /// A consent given now: it ends, after now and within [`LONGEST_CONSENT_DAYS`].
    pub fn give(listed: Listing, until: Instant, now: Instant) -> Result<Self> {
        if until <= now {
            return Err(Error::invalid(Reason::InPast, "until", "A consent ends in the future."));
        }
        if until - now > chrono::TimeDelta::days(LONGEST_CONSENT_DAYS) {
            return Err(Error::invalid(Reason::OutOfRange, "until", "A consent holds for three years at most; give it again then."));
        }
        Ok(Self { listed, given_at: now, until: crate::time::to_micros(until), withdrawn_at: None })
    }

    /// The consent withdrawn now.
    pub fn withdraw(self, now: Instant) -> Result<Self> {
        if self.listed_at(now) == Listing::Nobody {
            return Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "", "There is no consent in force."));
        }
        Ok(Self { withdrawn_at: Some(now), ..self })
    }

    /// Who may find the expert at a moment.
    pub fn listed_at(self, now: Instant) -> Listing {
        let in_force = self.given_at <= now && now < self.until && self.withdrawn_at.is_none_or(|at| now < at);
        if in_force { self.listed } else { Listing::Nobody }
    }
}

/// What the directory says of an expert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpertFields {
    /// The name, as the expert writes it.
    pub name: String,
    /// The organisation the expert works for, where the directory has it.
    pub affiliation: Option<OrganisationId>,
    /// What the expert knows about, in a few words each.
    pub topics: Vec<String>,
    /// Languages the expert works in.
    pub languages: Vec<LanguageTag>,
    /// Regions the expert knows.
    pub regions: Vec<M49>,
    /// Methods the expert uses.
    pub methods: Vec<String>,
    /// The expert's ORCID.
    pub orcid: Option<String>,
    /// Who the expert is, in a few lines.
    pub bio: LocalizedText,
    /// When the expert can be asked. The coordinator and the expert read it.
    pub availability_notes: Option<String>,
    /// Interests that might bias the expert.
    pub conflicts_of_interest: Option<String>,
}

/// An expert's entry: what it says, whose it is, and the expert's decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpertEntry {
    /// What it says.
    pub fields: ExpertFields,
    /// The account of the expert, from the first time that the expert used it here.
    pub user: Option<UserId>,
    /// The address by which the expert's account is known. The coordinator and the expert read it.
    pub email: Option<EmailAddress>,
    /// The expert's decision; `None` as long as there is none.
    pub consent: Option<Consent>,
}

/// An expert of the directory.
pub type Expert = Entry<kinds::Expert, ExpertEntry>;

impl ExpertEntry {
    /// The profile without the person. Its id stays, for what names it.
    pub fn erased() -> Self {
        let fields = ExpertFields {
            name: ERASED.to_owned(),
            affiliation: None,
            topics: Vec::new(),
            languages: Vec::new(),
            regions: Vec::new(),
            methods: Vec::new(),
            orcid: None,
            bio: LocalizedText::default(),
            availability_notes: None,
            conflicts_of_interest: None,
        };
        Self { fields, user: None, email: None, consent: None }
    }

    /// Who may find the expert at a moment.
    pub fn listed_at(&self, now: Instant) -> Listing {
        self.consent.map_or(Listing::Nobody, |consent| consent.listed_at(now))
    }
}

impl ExpertFields {
    /// Name and topics, folded, for search.
    pub fn search_text(&self) -> String {
        let mut text = fold(&self.name);
        for words in self.topics.iter().chain(&self.methods) {
            text.push('\n');
            text.push_str(&fold(words));
        }
        text
    }

    /// The fields as somebody would type them again.
    pub fn draft(&self) -> ExpertDraft {
        ExpertDraft {
            name: self.name.clone(),
            affiliation: self.affiliation,
            topics: self.topics.clone(),
            languages: self.languages.iter().map(|tag| tag.as_str().to_owned()).collect(),
            regions: self.regions.iter().map(ToString::to_string).collect(),
            methods: self.methods.clone(),
            orcid: self.orcid.clone(),
            bio: raw_texts(&self.bio),
            availability_notes: self.availability_notes.clone(),
            conflicts_of_interest: self.conflicts_of_interest.clone(),
        }
    }
}

/// An expert as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct ExpertDraft {
    /// The name.
    pub name: String,
    /// The organisation the expert works for.
    pub affiliation: Option<OrganisationId>,
    /// At most 30 topics.
    pub topics: Vec<String>,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// M49 codes.
    pub regions: Vec<String>,
    /// At most 30 methods.
    pub methods: Vec<String>,
    /// As `0000-0002-1825-0097`.
    pub orcid: Option<String>,
    /// Who the expert is.
    pub bio: RawTexts,
    /// When the expert can be asked.
    pub availability_notes: Option<String>,
    /// Interests that might bias the expert.
    pub conflicts_of_interest: Option<String>,
}

impl ExpertDraft {
    /// Checks every value and reports all faults at once. That affiliation and regions exist is for the caller to check.
    pub fn check(&self) -> Result<ExpertFields> {
        let mut faults = Faults::default();
        let name = faults.check("name", line(&self.name, SHORT));
        let topics = list(&mut faults, "topics", &self.topics, 30, |raw| line(raw, 80));
        let languages = list(&mut faults, "languages", &self.languages, 30, LanguageTag::parse);
        let regions = list(&mut faults, "regions", &self.regions, 30, M49::parse);
        let methods = list(&mut faults, "methods", &self.methods, 30, |raw| line(raw, 80));
        let orcid = optional(&mut faults, "orcid", self.orcid.as_deref(), read_orcid);
        let bio = optional_texts(&mut faults, "bio", &self.bio, 2_000);
        let availability_notes = optional(&mut faults, "availabilityNotes", self.availability_notes.as_deref(), |raw| block(raw, 1_000));
        let conflicts_of_interest =
            optional(&mut faults, "conflictsOfInterest", self.conflicts_of_interest.as_deref(), |raw| block(raw, 1_000));
        let value = name.map(|name| ExpertFields {
            name,
            affiliation: self.affiliation,
            topics,
            languages,
            regions,
            methods,
            orcid,
            bio,
            availability_notes,
            conflicts_of_interest,
        });
        faults.finish_with(value)
    }
}

/// Reads an ORCID and checks its last character (ISO 7064, MOD 11-2).
fn read_orcid(raw: &str) -> Result<String> {
    let malformed = || Error::invalid(Reason::Malformed, "", "This is not an ORCID, as 0000-0002-1825-0097.");
    let text = raw.trim().trim_start_matches("https://orcid.org/").to_ascii_uppercase();
    let groups: Vec<&str> = text.split('-').collect();
    if groups.len() != 4 || groups.iter().any(|group| group.len() != 4) {
        return Err(malformed());
    }
    let symbols: Vec<char> = groups.concat().chars().collect();
    let (last, first) = symbols.split_last().ok_or_else(malformed)?;
    let mut total = 0_u32;
    for symbol in first {
        total = (total + symbol.to_digit(10).ok_or_else(malformed)?) * 2;
    }
    let check = (12 - total % 11) % 11;
    let fits = if check == 10 { *last == 'X' } else { last.to_digit(10) == Some(check) };
    if fits { Ok(text) } else { Err(malformed()) }
}

/// A change of an expert's entry: each part that is given replaces what was there; `Some(None)` empties it.
#[derive(Clone, Debug, Default)]
pub struct ExpertPatch {
    /// The name.
    pub name: Option<String>,
    /// The organisation the expert works for.
    pub affiliation: Option<Option<OrganisationId>>,
    /// All topics.
    pub topics: Option<Vec<String>>,
    /// All languages.
    pub languages: Option<Vec<String>>,
    /// All regions.
    pub regions: Option<Vec<String>>,
    /// All methods.
    pub methods: Option<Vec<String>>,
    /// The ORCID.
    pub orcid: Option<Option<String>>,
    /// Who the expert is.
    pub bio: Option<RawTexts>,
    /// When the expert can be asked.
    pub availability_notes: Option<Option<String>>,
    /// Interests that might bias the expert.
    pub conflicts_of_interest: Option<Option<String>>,
}

impl ExpertPatch {
    /// The fields after the change, checked.
    pub fn apply(self, fields: &ExpertFields) -> Result<ExpertFields> {
        let mut draft = fields.draft();
        replace(&mut draft.name, self.name);
        replace(&mut draft.affiliation, self.affiliation);
        replace(&mut draft.topics, self.topics);
        replace(&mut draft.languages, self.languages);
        replace(&mut draft.regions, self.regions);
        replace(&mut draft.methods, self.methods);
        replace(&mut draft.orcid, self.orcid);
        replace(&mut draft.bio, self.bio);
        replace(&mut draft.availability_notes, self.availability_notes);
        replace(&mut draft.conflicts_of_interest, self.conflicts_of_interest);
        draft.check()
    }
}

/// What a list of experts is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct ExpertFilter {
    /// Words found in the name, a topic or a method.
    pub search: Option<SearchTerm>,
    /// Words found in one topic.
    pub topic: Option<SearchTerm>,
    /// Experts who work in this language.
    pub language: Option<LanguageTag>,
    /// Experts who know this region.
    pub region: Option<M49>,
}

closed! {
    /// How a list of experts is sorted.
    ExpertOrder {
        /// By name, A first.
        Name = "NAME",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_consent_lists_from_when_it_is_given_until_it_ends_or_is_withdrawn() {
        let now = Instant::default();
        let until = now + TimeDelta::days(30);
        let consent = Consent::give(Listing::Public, until, now).expect("a consent");
        assert_eq!(consent.listed_at(now), Listing::Public);
        assert_eq!(consent.listed_at(until), Listing::Nobody);
        let withdrawn = consent.withdraw(now + TimeDelta::days(1)).expect("withdrawn");
        assert_eq!(withdrawn.listed_at(now + TimeDelta::hours(23)), Listing::Public);
        assert_eq!(withdrawn.listed_at(now + TimeDelta::days(1)), Listing::Nobody);
        assert!(withdrawn.withdraw(now + TimeDelta::days(2)).is_err());
        assert!(Consent::give(Listing::Public, now, now).is_err());
        assert!(Consent::give(Listing::Public, now + TimeDelta::days(5_000), now).is_err());
    }

    #[test]
    fn an_orcid_is_checked_by_its_last_character() {
        assert!(read_orcid("https://orcid.org/0000-0002-1825-0097").is_ok());
        assert!(read_orcid("0000-0002-1694-233X").is_ok());
        for text in ["0000-0002-1825-0098", "0000-0002-1825", "0000000218250097", "é000-0002-1825-0097"] {
            assert!(read_orcid(text).is_err(), "{text}");
        }
    }
}
