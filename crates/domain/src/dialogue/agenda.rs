//! What a meeting is about, point by point. Read only for now.

use serde::{Deserialize, Serialize};

use super::length::Length;
use crate::{
    id::{AgendaItemId, ExpertId, MeetingId, OrganisationId},
    text::LocalizedText,
};

/// A point of an agenda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaItem {
    /// Its id.
    pub id: AgendaItemId,
    /// The meeting.
    pub meeting: MeetingId,
    /// Its place, from 1.
    pub position: i64,
    /// Its title.
    pub title: LocalizedText,
    /// How long it takes, if that is known.
    pub length: Option<Length>,
    /// Who speaks, in order.
    pub speakers: Vec<Speaker>,
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
