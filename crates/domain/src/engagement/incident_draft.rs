//! What somebody types of an incident, and the check of all of it at once.

use crate::{
    directory::entry::{list, optional, replace},
    engagement::{
        incident::{IncidentEntry, IncidentFields, Technique},
        vocabulary::IssueType,
    },
    error::{Error, Faults, Reason, Result},
    id::{ElectionId, OrganisationId},
    text::{self, LanguageTag},
    time::{self, Instant},
};

/// Techniques and languages that one incident can name.
const MOST: usize = 50;

/// An incident as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct IncidentDraft {
    /// The body that owns it.
    pub electoral_body: Option<OrganisationId>,
    /// One line.
    pub title: String,
    /// The matter at length.
    pub summary: Option<String>,
    /// The election.
    pub election: Option<ElectionId>,
    /// What the matter is.
    pub issue_types: Vec<IssueType>,
    /// DISARM ids.
    pub techniques: Vec<String>,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// When it was first seen.
    pub first_seen_at: Option<Instant>,
}

impl IncidentDraft {
    /// Checks every value and reports all faults at once. That the election exists is for the caller to check.
    pub fn check(&self) -> Result<IncidentFields> {
        let mut faults = Faults::default();
        if self.electoral_body.is_none() {
            faults.add(Reason::Required, "electoralBodyId", "You act for several electoral bodies; say for which one.");
        }
        let title = faults.check("title", text::line(&self.title, text::SHORT));
        let summary = optional(&mut faults, "summary", self.summary.as_deref(), |raw| text::block(raw, text::LONG));
        let mut issue_types = self.issue_types.clone();
        issue_types.sort_unstable();
        issue_types.dedup();
        let techniques = list(&mut faults, "techniques", &self.techniques, MOST, Technique::parse);
        let languages = list(&mut faults, "languages", &self.languages, MOST, LanguageTag::parse);
        let value = self.electoral_body.zip(title).map(|(electoral_body, title)| IncidentFields {
            electoral_body,
            title,
            summary,
            election: self.election,
            issue_types,
            techniques,
            languages,
            first_seen_at: self.first_seen_at.map(time::to_micros),
        });
        faults.finish_with(value)
    }

    /// The same, and that what was seen does not lie ahead of `now`.
    pub fn check_at(&self, now: Instant) -> Result<()> {
        let mut faults = Faults::default();
        faults.check("", self.check());
        faults.check("", seen_before(self.first_seen_at, now));
        faults.finish()
    }
}

/// Refuses a moment at which something was seen that lies ahead of `now`.
fn seen_before(at: Option<Instant>, now: Instant) -> Result<()> {
    match at.and_then(|at| time::fault_of(at, now)) {
        Some((reason, message)) => Err(Error::invalid(reason, "firstSeenAt", message)),
        None => Ok(()),
    }
}

/// A change of an incident: each part that is given replaces what was there; `Some(None)` empties it.
#[derive(Clone, Debug, Default)]
pub struct IncidentPatch {
    /// One line.
    pub title: Option<String>,
    /// The matter at length.
    pub summary: Option<Option<String>>,
    /// The election.
    pub election: Option<Option<ElectionId>>,
    /// All that the matter is.
    pub issue_types: Option<Vec<IssueType>>,
    /// All techniques.
    pub techniques: Option<Vec<String>>,
    /// All languages.
    pub languages: Option<Vec<String>>,
    /// When it was first seen.
    pub first_seen_at: Option<Option<Instant>>,
}

impl IncidentPatch {
    /// Refuses a moment ahead of `now`.
    pub fn check_at(&self, now: Instant) -> Result<()> {
        seen_before(self.first_seen_at.flatten(), now)
    }

    /// The entry after the change, checked. A closed incident takes none.
    pub fn apply(self, entry: &IncidentEntry) -> Result<IncidentEntry> {
        entry.state.not_closed()?;
        let mut draft = entry.fields.draft();
        replace(&mut draft.title, self.title);
        replace(&mut draft.summary, self.summary);
        replace(&mut draft.election, self.election);
        replace(&mut draft.issue_types, self.issue_types);
        replace(&mut draft.techniques, self.techniques);
        replace(&mut draft.languages, self.languages);
        replace(&mut draft.first_seen_at, self.first_seen_at);
        Ok(IncidentEntry { fields: draft.check()?, state: entry.state.clone() })
    }
}

impl IncidentFields {
    /// The fields as somebody would type them again.
    fn draft(&self) -> IncidentDraft {
        IncidentDraft {
            electoral_body: Some(self.electoral_body),
            title: self.title.clone(),
            summary: self.summary.clone(),
            election: self.election,
            issue_types: self.issue_types.clone(),
            techniques: self.techniques.iter().map(|technique| technique.as_str().to_owned()).collect(),
            languages: self.languages.iter().map(|tag| tag.as_str().to_owned()).collect(),
            first_seen_at: self.first_seen_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{Code, engagement::incident::IncidentState};

    fn draft() -> IncidentDraft {
        let electoral_body = Some(OrganisationId::new(Uuid::nil()));
        IncidentDraft { electoral_body, title: "False dates".into(), ..IncidentDraft::default() }
    }

    #[test]
    fn names_every_fault_at_once() {
        let now = Instant::default();
        let wrong = IncidentDraft {
            electoral_body: None,
            title: " ".into(),
            techniques: vec!["T0086".into(), "T86".into(), "t0086".into(), "T0086.02".into()],
            languages: vec!["???".into()],
            first_seen_at: Some(now + chrono::TimeDelta::hours(1)),
            ..draft()
        };
        let error = wrong.check_at(now).expect_err("faults");
        let told: Vec<String> = error.faults.iter().map(|fault| format!("{} {}", fault.path.join("."), fault.reason)).collect();
        assert_eq!(
            told,
            [
                "electoralBodyId REQUIRED",
                "title REQUIRED",
                "techniques.1 MALFORMED",
                "techniques.2 DUPLICATE",
                "techniques.3 MALFORMED",
                "languages.0 MALFORMED",
                "firstSeenAt IN_FUTURE",
            ]
        );
    }

    #[test]
    fn a_change_replaces_what_it_names_and_a_closed_incident_takes_none() {
        let now = Instant::default();
        let entry = IncidentEntry { fields: draft().check().expect("fields"), state: IncidentState::open() };
        let change =
            || IncidentPatch { summary: Some(Some("At length".into())), techniques: Some(vec!["T0086".into()]), ..Default::default() };
        let changed = change().apply(&entry).expect("changed").fields;
        assert_eq!((changed.title.as_str(), changed.summary.as_deref()), ("False dates", Some("At length")));
        assert!(
            IncidentPatch { first_seen_at: Some(Some(now + chrono::TimeDelta::hours(1))), ..Default::default() }.check_at(now).is_err()
        );
        let closed = IncidentEntry { state: entry.state.close("It is over", now).expect("closed"), ..entry };
        assert_eq!(change().apply(&closed).expect_err("closed").code, Code::InvalidTransition);
    }
}
