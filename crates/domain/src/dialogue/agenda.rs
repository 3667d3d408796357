//! What a meeting is about, point by point, and who may read of each point what.

use serde::{Deserialize, Serialize};

use super::length::Length;
use crate::{
    error::{Error, Reason, Result, closed},
    id::{AgendaItemId, ExpertId, MeetingId, OrganisationId},
    text::{LocalizedText, WebUrl},
};

/// Most points of an agenda.
pub const MOST_ITEMS: usize = 100;
/// Most people who speak to one point.
pub const MOST_SPEAKERS: usize = 50;
/// Most documents of one point.
pub const MOST_DOCUMENTS: usize = 20;

closed! {
    /// What is done at a point.
    AgendaItemKind {
        /// Somebody presents something.
        Presentation = "PRESENTATION",
        /// Everybody talks.
        Discussion = "DISCUSSION",
        /// Something is decided.
        Decision = "DECISION",
        /// Somebody reports.
        Report = "REPORT",
        /// Anything else.
        Other = "OTHER",
    }
}

closed! {
    /// Who reads a point of an agenda.
    AgendaVisibility {
        /// Whoever reads the meeting.
        Open = "OPEN",
        /// Those who take part: the dialogue's parties and whoever takes part in the meeting.
        Internal = "INTERNAL",
        /// Those who organise it: the coordinator and the dialogue's conveners.
        Hidden = "HIDDEN",
    }
}

closed! {
    /// What may be told of who said something.
    Attribution {
        /// Names may be told.
        Attributed = "ATTRIBUTED",
        /// What was said may be told, and by nobody who said it (the Chatham House Rule).
        ChathamHouse = "CHATHAM_HOUSE",
        /// Neither leaves the room.
        Confidential = "CONFIDENTIAL",
    }
}

impl Attribution {
    /// Whether names may be told.
    pub const fn names(self) -> bool {
        matches!(self, Self::Attributed)
    }
}

/// A point of an agenda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaItem {
    /// Its id, which stays wherever it is moved.
    pub id: AgendaItemId,
    /// The meeting.
    pub meeting: MeetingId,
    /// Its place, from 1 without a gap.
    pub position: i64,
    /// Its title.
    pub title: LocalizedText,
    /// What is done.
    pub kind: AgendaItemKind,
    /// How long it takes, if that is known.
    pub length: Option<Length>,
    /// Who speaks, in order. Empty unless names may be told: what must never be shown is not kept.
    pub speakers: Vec<Speaker>,
    /// What there is to read.
    pub documents: Vec<AgendaDocument>,
    /// Who reads it.
    pub visibility: AgendaVisibility,
    /// What may be told of who spoke.
    pub attribution: Attribution,
}

/// Somebody who speaks at a meeting, under the name that the published programme gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// The name.
    pub name: String,
    /// The function in the organisation, as the programme words it.
    #[serde(default)]
    pub role: Option<String>,
    /// The organisation.
    #[serde(default)]
    pub organisation: Option<OrganisationId>,
    /// The expert's profile, if the speaker has one.
    #[serde(default)]
    pub expert: Option<ExpertId>,
}

/// Something to read for a point, where it lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaDocument {
    /// What it is called.
    pub title: String,
    /// Where it lies.
    pub url: WebUrl,
}

/// How long these points take together; `None` if none of them says. To be compared with the length of the meeting.
///
/// # Errors
/// `OUT_OF_RANGE` if that is longer than any meeting.
pub fn total(items: &[AgendaItem]) -> Result<Option<Length>> {
    let minutes: i64 = items.iter().filter_map(|item| item.length).map(Length::minutes).sum();
    if minutes == 0 {
        return Ok(None);
    }
    Length::of_minutes(minutes)
        .map(Some)
        .map_err(|_| Error::invalid(Reason::OutOfRange, "items", "Together these points take longer than a week."))
}
