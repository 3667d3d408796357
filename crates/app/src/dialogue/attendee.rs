//! Who takes part, in the entries of a private calendar: exactly those whom its owner may see on the list of each meeting.
//!
//! A calendar is copied to other services and devices, so an entry names the address of its owner only; others stand under a URN
//! of their id, which tells no address. Where names may not be told (Chatham House Rule), at a whole dialogue or at one point of the agenda, the owner finds nobody but himself.

use std::collections::HashMap;

use icalendar::{Component, Event, Property};
use tertulia_domain::{
    dialogue::{CapacityRole, Meeting, ParticipationStatus},
    id::{MeetingId, UserId},
    text::LanguageTag,
    time::Instant,
};
use tertulia_persistence::dialogue::attendee::Attendee;

/// Who takes part in the meetings of a dialogue, for one reader.
#[derive(Clone, Debug, Default)]
pub(super) struct Attendees {
    reader: Option<UserId>,
    of: HashMap<MeetingId, Vec<Attendee>>,
}

impl Attendees {
    /// Those of these meetings, as `reader` may have them in a calendar.
    pub(super) fn of(reader: Option<UserId>, seen: &HashMap<MeetingId, Vec<Attendee>>, meetings: &[Meeting]) -> Self {
        let is_told = |one: &&Attendee| one.is_attributed || (reader.is_some() && person(one) == reader);
        let told = |meeting: &Meeting| {
            let told: Vec<Attendee> = seen.get(&meeting.id)?.iter().filter(is_told).cloned().collect();
            told.iter().any(|one| partstat(one.status).is_some()).then_some((meeting.id, told))
        };
        Self { reader, of: meetings.iter().filter_map(told).collect() }
    }

    /// Whether anybody is named in the entry of this meeting.
    pub(super) fn are_named(&self, meeting: MeetingId) -> bool {
        self.of.contains_key(&meeting)
    }

    /// When what an entry says of them was last changed. Who went counts as long as the reader sees it.
    pub(super) fn changed_at(&self, meeting: MeetingId) -> Option<Instant> {
        self.of.get(&meeting)?.iter().map(|one| one.updated_at).max()
    }

    /// Names them in the entry of a meeting.
    pub(super) fn write(&self, event: &mut Event, meeting: MeetingId, languages: &[LanguageTag]) {
        for one in self.of.get(&meeting).into_iter().flatten() {
            if let Some(partstat) = partstat(one.status) {
                event.append_multi_property(self.line(one, partstat, languages));
            }
        }
    }

    fn line(&self, one: &Attendee, partstat: &str, languages: &[LanguageTag]) -> Property {
        let (kind, name, address) = match &one.person {
            Some(person) if Some(person.id) == self.reader => {
                ("INDIVIDUAL", person.name.as_str(), format!("mailto:{}", person.email.as_str()))
            }
            Some(person) => ("INDIVIDUAL", person.name.as_str(), format!("urn:uuid:{}", person.id.uuid())),
            None => ("GROUP", one.organisation_names.best(languages), format!("urn:uuid:{}", one.organisation.uuid())),
        };
        let role = if one.role == CapacityRole::Chair { "CHAIR" } else { "REQ-PARTICIPANT" };
        Property::new("ATTENDEE", address)
            .add_parameter("CN", &quotable(name))
            .add_parameter("CUTYPE", kind)
            .add_parameter("PARTSTAT", partstat)
            .add_parameter("ROLE", role)
            .done()
    }
}

fn person(one: &Attendee) -> Option<UserId> {
    one.person.as_ref().map(|person| person.id)
}

/// The word of RFC 5545, 3.2.12, for one who is named; who was not admitted, or went, is not.
pub(super) const fn partstat(status: ParticipationStatus) -> Option<&'static str> {
    use ParticipationStatus as S;
    match status {
        S::Accepted | S::Approved | S::Attended => Some("ACCEPTED"),
        // Would come, and has no seat yet.
        S::Tentative | S::Requested | S::Waitlisted => Some("TENTATIVE"),
        S::Invited | S::Offered => Some("NEEDS-ACTION"),
        S::Declined | S::Absent => Some("DECLINED"),
        S::Delegated => Some("DELEGATED"),
        S::Rejected | S::Lapsed | S::Withdrawn => None,
    }
}

/// A parameter cannot hold a quotation mark; RFC 6868 writes it otherwise.
fn quotable(name: &str) -> String {
    name.replace('^', "^^").replace('"', "^'")
}
