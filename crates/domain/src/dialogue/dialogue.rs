//! A dialogue: a series of meetings between organisations, its parties, and who may read it.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::{
    agenda::Attribution,
    length::Length,
    recurrence::{MOST_DATES, Recurrence},
    series::Stretch,
    wall_time,
};
use crate::{
    error::{Code, Error, Faults, Reason, Result, closed},
    id::{DialogueId, OrganisationId},
    policy::{Actor, Role, Scope},
    text::{CountryCode, LanguageTag, LocalizedText, WebUrl},
    time::Instant,
};

/// Most organisations that belong to one dialogue.
pub const MOST_PARTIES: usize = 500;
/// Most working languages.
pub const MOST_LANGUAGES: usize = 20;
/// Most meetings that a recurrence may lay out up to the horizon.
pub const MOST_MEETINGS: usize = 1_000;
/// How many days ahead meetings are laid out as rows.
pub const HORIZON_DAYS: i64 = 400;

closed! {
    /// What a dialogue is for.
    DialogueKind {
        /// Electoral bodies and platforms of the whole world.
        Global = "GLOBAL",
        /// Those of one region.
        Regional = "REGIONAL",
        /// Two organisations.
        Bilateral = "BILATERAL",
        /// One subject.
        Thematic = "THEMATIC",
        /// Experts.
        Expert = "EXPERT",
    }
}

closed! {
    /// Whether a dialogue goes on.
    DialogueStatus {
        /// Meetings are laid out.
        Active = "ACTIVE",
        /// No further meetings are laid out for now.
        Paused = "PAUSED",
        /// No further meetings are laid out.
        Ended = "ENDED",
    }
}

closed! {
    /// Where a meeting takes place.
    MeetingFormat {
        /// By a link.
        Online = "ONLINE",
        /// At a venue.
        InPerson = "IN_PERSON",
        /// Both.
        Hybrid = "HYBRID",
    }
}

closed! {
    /// Who reads a dialogue and its meetings. Join links are for its parties whatever stands here.
    DialogueVisibility {
        /// Anyone.
        Public = "PUBLIC",
        /// Everyone signed in for a member organisation of the coalition.
        Coalition = "COALITION",
        /// Its conveners and members, and the coordinator.
        Parties = "PARTIES",
    }
}

closed! {
    /// What an organisation is to a dialogue.
    Part {
        /// It invites.
        Convener = "CONVENER",
        /// It takes part.
        Member = "MEMBER",
    }
}

/// A place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Venue {
    /// Its name.
    pub name: String,
    /// Its address, without the country.
    pub address: Option<String>,
    /// Its country.
    pub country: Option<CountryCode>,
}

/// A dialogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialogue {
    /// Its id.
    pub id: DialogueId,
    /// Its stable name in the reference files, if it comes from there.
    pub slug: Option<String>,
    /// Its title.
    pub title: LocalizedText,
    /// What it is meant to reach.
    pub purpose: Option<String>,
    /// What it is for.
    pub kind: DialogueKind,
    /// Who invites, at least one, in the order given.
    pub conveners: Vec<OrganisationId>,
    /// Who takes part besides.
    pub members: Vec<OrganisationId>,
    /// When it meets.
    pub recurrence: Recurrence,
    /// How long a meeting takes.
    pub length: Length,
    /// Where meetings take place.
    pub format: MeetingFormat,
    /// Who reads it.
    pub visibility: DialogueVisibility,
    /// The languages spoken.
    pub working_languages: Vec<LanguageTag>,
    /// What may be told of who spoke, at points and in minutes that state no rule of their own.
    pub attribution_default: Attribution,
    /// The link by which its parties join.
    pub join_url: Option<WebUrl>,
    /// The usual place.
    pub venue: Option<Venue>,
    /// Whether it goes on.
    pub status: DialogueStatus,
    /// What was changed from one of the rule's dates on, in the order of these dates.
    pub stretches: Vec<Stretch>,
    /// The first of the rule's dates on which no meeting takes place, while it is paused or since it ended.
    pub closed_from: Option<NaiveDateTime>,
    /// How often the series was changed, as iCalendar counts (RFC 5545, 3.8.7.4).
    pub sequence: i64,
    /// Meetings that begin before this instant are laid out.
    pub laid_out_to: Option<Instant>,
    /// Whether a generator made it.
    pub generated: bool,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// How often it was changed, from 1.
    pub version: i64,
}

/// Which dialogues a list shows; what is empty or `None` does not limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DialogueFilter {
    /// Of these kinds.
    pub kinds: Vec<DialogueKind>,
    /// With this status.
    pub statuses: Vec<DialogueStatus>,
    /// To which this organisation belongs, as convener or member.
    pub organisation: Option<OrganisationId>,
}

impl Dialogue {
    /// Its conveners and members.
    pub fn parties(&self) -> impl Iterator<Item = OrganisationId> {
        self.conveners.iter().chain(&self.members).copied()
    }

    /// What the policy decides by: see [`scope`].
    pub fn scope(&self, actor: &Actor) -> Scope {
        scope(self.kind, &self.conveners, actor)
    }

    /// What the policy decides the acts of organisers by: the organisation of the caller, if there is one, that convenes the dialogue.
    pub fn organised(&self, actor: &Actor) -> Scope {
        let mut own = actor.members().iter().filter(|member| member.role != Role::Auditor).map(|member| member.organisation);
        Scope { convener: own.find(|own| self.conveners.contains(own)), ..Scope::default() }
    }

    /// The same dialogue with one more date besides those of its rule.
    ///
    /// # Errors
    /// `LIMIT_EXCEEDED` if it has as many as a series may have.
    pub fn with_additional(&self, original: chrono::NaiveDateTime, now: Instant) -> Result<Self> {
        let mut recurrence = self.recurrence.clone();
        recurrence.excluded.retain(|date| *date != original);
        if !recurrence.additional.contains(&original) {
            recurrence.additional.push(original);
            recurrence.additional.sort_unstable();
        }
        if recurrence.additional.len() > MOST_DATES {
            let message = format!("A series has at most {MOST_DATES} dates besides its rule.");
            return Err(Error::new(Code::LimitExceeded, Reason::TooMany, "", message));
        }
        Ok(Self { recurrence, ..self.edited(now) })
    }

    /// The same dialogue with other members.
    pub fn with_members(&self, members: Vec<OrganisationId>, now: Instant) -> Result<Self> {
        check_parties(self.kind, &self.conveners, &members)?;
        Ok(Self { members, ..self.edited(now) })
    }
}

/// What the policy decides by: a bilateral dialogue belongs to its conveners (to the caller's own organisation, if it is one
/// of them), any other to nobody, so that only the coordinator may change it.
pub fn scope(kind: DialogueKind, conveners: &[OrganisationId], actor: &Actor) -> Scope {
    let is_own = |id: &&OrganisationId| actor.members().iter().any(|member| member.organisation == **id);
    let owner = conveners.iter().find(is_own).or(conveners.first()).filter(|_| kind == DialogueKind::Bilateral);
    Scope { owner: owner.copied(), ..Scope::default() }
}

/// Checks who belongs to a dialogue: at least one convener, nobody twice, and two organisations in a bilateral one.
pub fn check_parties(kind: DialogueKind, conveners: &[OrganisationId], members: &[OrganisationId]) -> Result<()> {
    let mut faults = Faults::default();
    if conveners.is_empty() {
        faults.add(Reason::Required, "conveners", "Somebody must invite.");
    }
    if conveners.len() + members.len() > MOST_PARTIES {
        faults.add(Reason::TooLong, "members", format!("At most {MOST_PARTIES} organisations belong to a dialogue."));
    } else {
        for (path, list) in [("conveners", conveners), ("members", members)] {
            for (index, id) in list.iter().enumerate() {
                let stands_before = list.iter().take(index).any(|known| known == id);
                if stands_before || (path == "members" && conveners.contains(id)) {
                    faults.add(Reason::Duplicate, &format!("{path}.{index}"), "This organisation stands twice.");
                }
            }
        }
    }
    if faults.is_empty() && kind == DialogueKind::Bilateral && conveners.len() + members.len() != 2 {
        faults.add(Reason::Contradiction, "members", "A bilateral dialogue has two organisations, conveners and members together.");
    }
    faults.finish()
}

/// Refuses a recurrence by which no meeting ever takes place, or more than [`MOST_MEETINGS`] within the horizon.
pub fn check_recurrence(recurrence: &Recurrence, now: Instant) -> Result<()> {
    if recurrence.between(None, None, 1)?.items.is_empty() {
        return Err(Error::invalid(Reason::Contradiction, "rule", "By this rule no meeting ever takes place."));
    }
    let from = wall_time::resolve(recurrence.zone, recurrence.local_start).max(first_laid_out(now));
    let to = horizon(now).max(horizon(from));
    if recurrence.between(Some(from), Some(to), MOST_MEETINGS)?.truncated {
        let message = format!("This rule yields more than {MOST_MEETINGS} meetings within {HORIZON_DAYS} days. Choose a longer interval.");
        return Err(Error::invalid(Reason::TooMany, "rule", message));
    }
    Ok(())
}

/// The instant from which meetings of a dialogue created at `now` are laid out, if its recurrence began earlier still.
pub fn first_laid_out(now: Instant) -> Instant {
    now - chrono::TimeDelta::days(HORIZON_DAYS)
}

/// The instant up to which meetings are laid out at `now`.
pub fn horizon(now: Instant) -> Instant {
    now + chrono::TimeDelta::days(HORIZON_DAYS)
}
