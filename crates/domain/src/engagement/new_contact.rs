//! A contact as its sender logs it, and the check of everything it says at once.

use serde::Serialize;

use crate::{
    engagement::{
        contact::Header,
        content_item::{ContentItem, NewContentItem, check_all},
        decision::NewDecision,
        vocabulary::{Direction, Format, IssueType, Kind, LegalBasis, Medium, Precision, Side, Step, Urgency, Visibility},
    },
    error::{Error, Faults, Reason, Result},
    id::{ContentItemId, Id, IncidentId, Kind as IdKind, OrganisationId, ParseIdError, PlatformServiceId, UserId},
    text::{self, LanguageTag},
    time::{self, Instant},
};

/// Persons that one contact can name as its readers.
pub const MOST_READERS: usize = 50;

/// What a caller says when logging; ids and texts as typed.
#[derive(Clone, Debug, Serialize)]
pub struct NewContact {
    /// The electoral body; by default the caller's only one.
    pub electoral_body: Option<String>,
    /// The platform's service.
    pub service: Option<String>,
    /// The platform's name, where the directory has no such service.
    pub platform_name: Option<String>,
    /// What it is about.
    pub kind: Kind,
    /// Its legal ground.
    pub legal_basis: LegalBasis,
    /// Who sends; by default the caller's side.
    pub direction: Option<Direction>,
    /// The way it took; e-mail by default.
    pub medium: Option<Medium>,
    /// How soon an answer is needed; normal by default.
    pub urgency: Option<Urgency>,
    /// What the matter is.
    pub issue_types: Vec<IssueType>,
    /// One line; by default made of kind and service.
    pub subject: Option<String>,
    /// The matter at length.
    pub description: Option<String>,
    /// The language.
    pub language: Option<String>,
    /// The channel.
    pub channel: Option<String>,
    /// The election.
    pub election: Option<String>,
    /// The incident.
    pub incident: Option<String>,
    /// The agreement or law.
    pub instrument: Option<String>,
    /// The sender's own number.
    pub case_number: Option<String>,
    /// Who reads it.
    pub visibility: Option<Visibility>,
    /// The persons who read it.
    pub named_readers: Vec<String>,
    /// When it was sent; a draft without.
    pub sent_at: Option<Instant>,
    /// How exactly that is known; to the minute by default.
    pub occurred_precision: Option<Precision>,
    /// What it points at.
    pub items: Vec<NewContentItem>,
    /// What happened since, for a contact that is entered afterwards.
    pub history: Vec<NewHistoryFact>,
}

/// One step of a history that is entered with the contact.
#[derive(Clone, Debug, Serialize)]
pub struct NewHistoryFact {
    /// What happened.
    pub step: Step,
    /// When it happened.
    pub occurred_at: Instant,
    /// How exactly that is known; to the minute by default.
    pub precision: Option<Precision>,
    /// How it was told.
    pub format: Option<Format>,
    /// Why.
    pub reason: Option<String>,
    /// A note for one's own side.
    pub note: Option<String>,
    /// To whom, for a referral.
    pub referred_to: Option<String>,
    /// What was decided; items are named by their place in the list, from 0.
    pub decision: Option<NewDecision>,
}

/// A contact that was checked, as far as that goes without the directory.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The electoral body, if it was named.
    pub electoral_body: Option<OrganisationId>,
    /// The service; else there is a name.
    pub service: Option<PlatformServiceId>,
    /// The name; else there is a service.
    pub platform_name: Option<String>,
    /// The header; its subject is empty where the default is wanted.
    pub header: Header,
    /// Who reads it, if that was said.
    pub visibility: Option<Visibility>,
    /// The persons who read it, each once.
    pub named_readers: Vec<UserId>,
    /// When it was sent.
    pub sent_at: Option<Instant>,
    /// How exactly that is known.
    pub precision: Precision,
    /// What it points at.
    pub items: Vec<ContentItem>,
    /// The incident it belongs to.
    pub incident: Option<IncidentId>,
}

/// Reads an id as typed.
pub fn id<K: IdKind>(raw: &str) -> Result<Id<K>> {
    raw.trim().parse().map_err(|error| match error {
        ParseIdError::WrongKind => Error::invalid(Reason::WrongKind, "", "This is the id of another kind of object."),
        ParseIdError::Malformed => Error::invalid(Reason::Malformed, "", "This is not an id."),
    })
}

impl NewContact {
    /// Checks everything at once for a caller who speaks for `side`; paths stand as in the input.
    pub fn check(&self, side: Side, now: Instant, item_ids: impl FnMut() -> ContentItemId) -> Result<Checked> {
        let mut faults = Faults::default();
        let electoral_body = self.electoral_body.as_deref().and_then(|raw| faults.check("electoralBodyId", id(raw)));
        let (service, platform_name) = self.check_platform(&mut faults);
        let header = self.check_header(side, &mut faults);
        if side == Side::Coordinator {
            self.check_mandated(&mut faults);
        }
        let named_readers = faults.check("namedReaders", self.check_readers());
        let incident = self.check_incident(side, &mut faults);
        let items = faults.check("items", check_all(&self.items, item_ids, now));
        if self.items.is_empty() && self.description.is_none() && self.subject.is_none() {
            faults.add(Reason::Required, "items", "A contact needs an item, or a question in its subject or description.");
        }
        if let Some((reason, message)) = self.sent_at.and_then(|at| time::fault_of(at, now)) {
            faults.add(reason, "sentAt", message);
        }
        faults.finish()?;
        Ok(Checked {
            electoral_body,
            service,
            platform_name,
            header: header.ok_or_else(|| Error::broken("a header left neither value nor fault"))?,
            visibility: self.visibility,
            named_readers: named_readers.unwrap_or_default(),
            sent_at: self.sent_at.map(time::to_micros),
            precision: self.occurred_precision.unwrap_or(Precision::Minute),
            items: items.unwrap_or_default(),
            incident,
        })
    }

    /// The coordinator records what a body sent, where it can be read by those who were there: no drafts, nothing for some alone.
    fn check_mandated(&self, faults: &mut Faults) {
        if self.sent_at.is_none() {
            faults.add(Reason::Required, "sentAt", "Under a mandate what was sent is recorded; say when.");
        }
        if self.visibility.is_some_and(|visibility| visibility != Visibility::Parties) {
            faults.add(Reason::NotAnOption, "visibility", "What is recorded under a mandate is read by both parties.");
        }
    }

    /// An electoral body names an incident; for every other side there is none.
    fn check_incident(&self, side: Side, faults: &mut Faults) -> Option<IncidentId> {
        let raw = self.incident.as_deref()?;
        if side == Side::ElectoralBody {
            return faults.check("incidentId", id(raw));
        }
        faults.add(Reason::UnknownId, "incidentId", "There is no such object.");
        None
    }

    fn check_platform(&self, faults: &mut Faults) -> (Option<PlatformServiceId>, Option<String>) {
        let service = self.service.as_deref().and_then(|raw| faults.check("platformServiceId", id(raw)));
        let name = self.platform_name.as_deref().and_then(|raw| faults.check("platformName", text::line(raw, text::SHORT)));
        match (&self.service, &self.platform_name) {
            (None, None) => faults.add(Reason::Required, "platformServiceId", "A service of a platform is needed, or the platform's name."),
            (Some(_), Some(_)) => faults.add(Reason::Contradiction, "platformName", "Give the service or the name, not both."),
            _ => {}
        }
        (service, name)
    }

    fn check_header(&self, side: Side, faults: &mut Faults) -> Option<Header> {
        // The coordinator logs what a body sent.
        let side = if side == Side::Coordinator { Side::ElectoralBody } else { side };
        let own = Direction::sent_by(side);
        if self.direction.is_some() && self.direction != own {
            faults.add(Reason::NotPermitted, "direction", "Only the sender logs a contact, and you do not speak for that side.");
        }
        if !self.kind.is_sent_by(side) {
            faults.add(Reason::NotAnOption, "kind", "Your side does not send this kind of contact.");
        }
        let mut issue_types = self.issue_types.clone();
        issue_types.sort_unstable();
        issue_types.dedup();
        let mut line = |path: &str, raw: &Option<String>| raw.as_deref().and_then(|raw| faults.check(path, text::line(raw, text::SHORT)));
        let (subject, case_number) = (line("subject", &self.subject), line("caseNumber", &self.case_number));
        let description = self.description.as_deref().and_then(|raw| faults.check("description", text::block(raw, text::LONG)));
        Some(Header {
            direction: own?,
            kind: self.kind,
            medium: self.medium.unwrap_or(Medium::Email),
            legal_basis: self.legal_basis,
            urgency: self.urgency.unwrap_or(Urgency::Normal),
            issue_types,
            subject: subject.unwrap_or_default(),
            description,
            language: self.language.as_deref().and_then(|raw| faults.check("language", LanguageTag::parse(raw))),
            channel: self.channel.as_deref().and_then(|raw| faults.check("channelId", id(raw))),
            election: self.election.as_deref().and_then(|raw| faults.check("electionId", id(raw))),
            instrument: self.instrument.as_deref().and_then(|raw| faults.check("instrumentId", id(raw))),
            case_number,
        })
    }

    fn check_readers(&self) -> Result<Vec<UserId>> {
        check_readers(&self.named_readers, self.visibility)
    }
}

/// Checks the list of persons who read a contact: some for NAMED, none otherwise.
pub fn check_readers(raw: &[String], visibility: Option<Visibility>) -> Result<Vec<UserId>> {
    let mut faults = Faults::default();
    match (visibility == Some(Visibility::Named), raw.is_empty()) {
        (true, true) => faults.add(Reason::Required, "", "NAMED needs the persons who may read."),
        (false, false) => faults.add(Reason::Contradiction, "", "Only NAMED comes with readers."),
        _ if raw.len() > MOST_READERS => faults.add(Reason::TooLong, "", format!("At most {MOST_READERS} persons.")),
        _ => {}
    }
    let mut readers: Vec<UserId> =
        raw.iter().take(MOST_READERS).enumerate().filter_map(|(index, raw)| faults.check(&index.to_string(), id(raw))).collect();
    faults.finish()?;
    readers.sort_unstable();
    readers.dedup();
    Ok(readers)
}

/// The subject of a contact whose sender gave none.
pub fn default_subject(kind: Kind, service: &str) -> String {
    format!("{}: {service}", kind.label()).chars().take(text::SHORT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ContactId;

    fn smallest() -> NewContact {
        NewContact {
            electoral_body: None,
            service: Some(PlatformServiceId::new(uuid::Uuid::nil()).to_string()),
            platform_name: None,
            kind: Kind::Escalation,
            legal_basis: LegalBasis::PlatformTerms,
            direction: None,
            medium: None,
            urgency: None,
            issue_types: vec![],
            subject: None,
            description: None,
            language: None,
            channel: None,
            election: None,
            incident: None,
            instrument: None,
            case_number: None,
            visibility: None,
            named_readers: vec![],
            sent_at: None,
            occurred_precision: None,
            items: vec![NewContentItem { url: Some("https://example.org/".into()), ..Default::default() }],
            history: vec![],
        }
    }

    fn check(new: &NewContact, side: Side) -> Result<Checked, Vec<String>> {
        let item = || ContentItemId::new(uuid::Uuid::nil());
        let told = |error: Error| error.faults.iter().map(|fault| format!("{} {}", fault.path.join("."), fault.reason)).collect();
        new.check(side, chrono::DateTime::UNIX_EPOCH, item).map_err(told)
    }

    #[test]
    fn fills_in_what_the_smallest_call_leaves_out() {
        let checked = check(&smallest(), Side::ElectoralBody).expect("a contact");
        assert_eq!((checked.header.medium, checked.header.urgency), (Medium::Email, Urgency::Normal));
        assert_eq!(checked.header.direction, Direction::EbToPlatform);
        assert_eq!(default_subject(Kind::Escalation, "Instagram"), "Escalation: Instagram");
    }

    #[test]
    fn names_every_fault_at_once() {
        let new = NewContact {
            service: Some(ContactId::new(uuid::Uuid::nil()).to_string()),
            platform_name: Some("x".into()),
            kind: Kind::ThreatWarning,
            direction: Some(Direction::PlatformToEb),
            subject: Some("a\0b".into()),
            language: Some("???".into()),
            election: Some("nonsense".into()),
            visibility: Some(Visibility::Named),
            sent_at: Some(chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(1)),
            ..smallest()
        };
        assert_eq!(
            check(&new, Side::ElectoralBody).expect_err("faults"),
            [
                "platformServiceId WRONG_KIND",
                "platformName CONTRADICTION",
                "direction NOT_PERMITTED",
                "kind NOT_AN_OPTION",
                "subject FORBIDDEN_CHARACTER",
                "language MALFORMED",
                "electionId MALFORMED",
                "namedReaders REQUIRED",
                "sentAt IN_FUTURE",
            ]
        );
        let incident = Some(IncidentId::new(uuid::Uuid::nil()).to_string());
        let warning = NewContact { kind: Kind::ThreatWarning, incident: incident.clone(), ..smallest() };
        assert_eq!(check(&warning, Side::Platform).expect_err("faults"), ["incidentId UNKNOWN_ID"], "a platform knows of none");
        assert!(check(&NewContact { incident, ..smallest() }, Side::ElectoralBody).is_ok());
        let nothing = NewContact { items: vec![], service: None, ..smallest() };
        assert_eq!(check(&nothing, Side::ElectoralBody).expect_err("faults"), ["platformServiceId REQUIRED", "items REQUIRED"]);
    }
}
