//! From the cells of a row to a contact as its sender would log it.

use super::{
    Cell, Columns, Field, Moments,
    names::{Known, Names},
};
use crate::{
    engagement::{
        content_item::{self, NewContentItem},
        decision::NewDecision,
        new_contact::{NewContact, NewHistoryFact},
        vocabulary::{Action, Format, IssueType, Kind, LegalBasis, Medium, Outcome, Precision, Step, Urgency, Visibility},
    },
    error::{Error, Fault, Reason, Result},
    id::{Kind as Thing, PlatformServiceId},
    time::Instant,
};

/// A row as a contact.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The contact.
    pub contact: NewContact,
    /// What the row says, whatever the services are called today: the same row says the same again.
    pub said: String,
    /// Every cell that cannot be read, with the column's header as path. With such, the contact is not what the row says.
    pub faults: Vec<Fault>,
    /// Of each step of the history, the column that tells when it happened.
    steps: Vec<Field>,
}

impl Planned {
    /// The column that a fault is about, by its place in the input of a contact.
    pub fn column<'a>(&self, columns: &'a Columns, fault: &Fault) -> Option<&'a str> {
        let mut path = fault.path.iter().map(String::as_str);
        let first = path.next().unwrap_or_default();
        let field = match first {
            "platformServiceId" | "platformName" => {
                return columns.header(Field::PlatformService).or_else(|| columns.header(Field::Platform));
            }
            "history" => {
                let step = path.next().and_then(|index| self.steps.get(index.parse::<usize>().ok()?)).copied()?;
                match path.next().unwrap_or_default() {
                    "decision" => match path.next().unwrap_or_default() {
                        "explanation" => Field::Explanation,
                        "actions" => Field::Actions,
                        _ => Field::Outcome,
                    },
                    "reason" => Field::CloseReason,
                    "format" => Field::Format,
                    _ => step,
                }
            }
            "items" => Field::Urls,
            "kind" => Field::Kind,
            "legalBasis" => Field::LegalBasis,
            "subject" => Field::Subject,
            "description" => Field::Description,
            "language" => Field::Language,
            "caseNumber" => Field::CaseNumber,
            "visibility" | "namedReaders" => Field::Visibility,
            "sentAt" => Field::SentAt,
            "channelId" => Field::Channel,
            "electionId" => Field::Election,
            "instrumentId" => Field::Instrument,
            "incidentId" => Field::Incident,
            _ => return None,
        };
        columns.header(field)
    }
}

/// A row while it is read.
struct Row<'a> {
    columns: &'a Columns,
    cells: &'a [Cell],
    moments: Moments,
    /// What is wrong, each below the column's header as the only part of its path.
    faults: Vec<Fault>,
}

/// What several values of one cell are separated by.
const SEPARATORS: [char; 6] = [' ', ',', ';', '\n', '\r', '\t'];

/// Values of a closed list in one cell.
const MOST_VALUES: usize = 100;

/// Reads a row.
pub fn read(columns: &Columns, cells: &[Cell], moments: Moments, names: &Names) -> Planned {
    let mut row = Row { columns, cells, moments, faults: Vec::new() };
    row.lengths();
    let kind = row.required(Field::Kind, Kind::parse);
    let legal_basis = row.required(Field::LegalBasis, LegalBasis::parse);
    let (service, platform_name, platform) = row.platform(names);
    let sent = row.moment(Field::SentAt);
    let (history, steps) = row.history();
    let urls = row.text(Field::Urls).unwrap_or_default();
    let url = |url: &str| NewContentItem { url: Some(url.to_owned()), ..NewContentItem::default() };
    let mut contact = NewContact {
        electoral_body: None,
        service: None,
        platform_name: Some(platform),
        kind: kind.unwrap_or(Kind::Escalation),
        legal_basis: legal_basis.unwrap_or(LegalBasis::None),
        direction: None,
        medium: row.member(Field::Medium, Medium::parse),
        urgency: row.member(Field::Urgency, Urgency::parse),
        issue_types: row.members(Field::IssueTypes, IssueType::parse),
        subject: row.text(Field::Subject),
        description: row.text(Field::Description),
        language: row.text(Field::Language),
        channel: row.text(Field::Channel),
        election: row.text(Field::Election),
        incident: row.text(Field::Incident),
        instrument: row.text(Field::Instrument),
        case_number: row.text(Field::CaseNumber),
        visibility: row.member(Field::Visibility, Visibility::parse),
        named_readers: Vec::new(),
        sent_at: sent.map(|(at, _)| at),
        occurred_precision: sent.map(|(_, precision)| precision),
        // One more than a contact takes is refused as all of them would be.
        items: urls.split_whitespace().take(content_item::MOST + 1).map(url).collect(),
        history,
    };
    let said = serde_json::to_string(&contact).unwrap_or_default();
    (contact.service, contact.platform_name) = (service.map(|id| id.to_string()), platform_name);
    contact.channel = row.named(Field::Channel, &names.channels);
    contact.election = row.named(Field::Election, &names.elections);
    contact.instrument = row.named(Field::Instrument, &names.instruments);
    contact.incident = row.named(Field::Incident, &names.incidents);
    Planned { contact, said, faults: row.faults, steps }
}

impl Row<'_> {
    fn cell(&self, field: Field) -> &Cell {
        self.columns.place(field).and_then(|place| self.cells.get(place)).unwrap_or(&Cell::Empty)
    }

    fn text(&self, field: Field) -> Option<String> {
        self.cell(field).text()
    }

    fn fault(&mut self, field: Field, reason: Reason, message: impl Into<String>) {
        let header = self.columns.header(field).unwrap_or_default().to_owned();
        self.faults.push(Fault { reason, path: vec![header], message: message.into() });
    }

    /// Reports the cells that are too long.
    fn lengths(&mut self) {
        for field in Field::ALL.iter().filter(|field| *self.cell(**field) == Cell::TooLong).copied().collect::<Vec<_>>() {
            self.fault(field, Reason::TooLong, "This is longer than any column takes, or the row is.");
        }
    }

    /// Whether nothing is in a cell.
    fn lacks(&self, field: Field) -> bool {
        self.cell(field).is_blank()
    }

    fn check<T>(&mut self, field: Field, result: Result<T>) -> Option<T> {
        let error = match result {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        for fault in error.faults {
            self.fault(field, fault.reason, fault.message);
        }
        None
    }

    /// A member of a closed list, whatever its case and whether its words are joined by spaces, hyphens or underscores.
    fn parsed<T>(&mut self, field: Field, text: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let plain: String = text.trim().chars().map(|c| if [' ', '-'].contains(&c) { '_' } else { c.to_ascii_uppercase() }).collect();
        let found = parse(&plain);
        if found.is_none() {
            self.fault(field, Reason::NotAnOption, "This is none of the values that are possible here; the template lists them.");
        }
        found
    }

    fn member<T>(&mut self, field: Field, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(field)?;
        self.parsed(field, &text, parse)
    }

    fn required<T>(&mut self, field: Field, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        if self.lacks(field) {
            self.fault(field, Reason::Required, "Each row needs this.");
        }
        self.member(field, parse)
    }

    fn members<T>(&mut self, field: Field, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let text = self.text(field).unwrap_or_default();
        let several: Vec<&str> = text.split(SEPARATORS).filter(|part| !part.is_empty()).take(MOST_VALUES + 1).collect();
        if several.len() > MOST_VALUES {
            self.fault(field, Reason::TooMany, format!("At most {MOST_VALUES} values."));
            return Vec::new();
        }
        several.into_iter().filter_map(|part| self.parsed(field, part, &parse)).collect()
    }

    fn moment(&mut self, field: Field) -> Option<(Instant, Precision)> {
        let read = self.moments.read(self.cell(field));
        self.check(field, read).flatten()
    }

    /// The id of what a cell names.
    fn named<K: Thing>(&mut self, field: Field, known: &Known<K>) -> Option<String> {
        let name = self.text(field)?;
        let missing =
            || Error::invalid(Reason::UnknownId, "", "You read nothing that goes by this name; the template says how it is named.");
        let found = known.find(&name).and_then(|found| found.ok_or_else(missing));
        self.check(field, found).map(|id| id.to_string())
    }

    /// The service, or else the name to keep; and what the row says of both.
    fn platform(&mut self, names: &Names) -> (Option<PlatformServiceId>, Option<String>, String) {
        let (service, platform) = (self.text(Field::PlatformService), self.text(Field::Platform));
        let said = [service.as_deref(), platform.as_deref()].map(Option::unwrap_or_default).join("\n");
        if let Some(name) = service {
            let missing = || Error::invalid(Reason::UnknownId, "", "The directory has no service of this name.");
            let found = names.services.find(&name).and_then(|found| found.ok_or_else(missing));
            return (self.check(Field::PlatformService, found), None, said);
        }
        let Some(name) = platform else {
            let column = if self.columns.place(Field::Platform).is_some() { Field::Platform } else { Field::PlatformService };
            if self.lacks(column) {
                self.fault(column, Reason::Required, "Each row needs a platform.");
            }
            return (None, None, said);
        };
        match names.services.find(&name) {
            Ok(Some(id)) => (Some(id), None, said),
            Ok(None) => (None, Some(name), said),
            Err(error) => {
                self.check::<()>(Field::Platform, Err(error));
                (None, None, said)
            }
        }
    }

    /// What happened since, with the columns that say when.
    fn history(&mut self) -> (Vec<NewHistoryFact>, Vec<Field>) {
        let format = self.member(Field::Format, Format::parse);
        let moments = [Field::AcknowledgedAt, Field::DecidedAt, Field::ClosedAt].map(|field| (field, self.moment(field)));
        let decision = self.decision();
        let reason = self.text(Field::CloseReason);
        for (when, what, is_said) in
            [(Field::DecidedAt, Field::Outcome, decision.is_some()), (Field::ClosedAt, Field::CloseReason, reason.is_some())]
        {
            match (!self.lacks(when), is_said || !self.lacks(what)) {
                (true, false) => self.fault(what, Reason::Required, "This is needed, since the row says when."),
                (false, true) => self.fault(when, Reason::Required, "This is needed, since the row says what."),
                _ => {}
            }
        }
        let mut told = (Vec::new(), Vec::new());
        for (field, moment) in moments {
            let Some((occurred_at, precision)) = moment else { continue };
            let step = match field {
                Field::AcknowledgedAt => Step::Acknowledged,
                Field::DecidedAt => Step::Decided,
                _ => Step::Closed,
            };
            told.0.push(NewHistoryFact {
                step,
                occurred_at,
                precision: Some(precision),
                format: format.filter(|_| step != Step::Closed),
                reason: reason.clone().filter(|_| step == Step::Closed),
                note: None,
                referred_to: None,
                decision: decision.clone().filter(|_| step == Step::Decided),
            });
            told.1.push(field);
        }
        told
    }

    fn decision(&mut self) -> Option<NewDecision> {
        let actions = self.members(Field::Actions, Action::parse);
        let outcome = self.member(Field::Outcome, Outcome::parse)?;
        let explanation = self.text(Field::Explanation);
        Some(NewDecision { outcome, actions, items: Vec::new(), ground: None, explanation, territories: Vec::new(), until: None })
    }
}
