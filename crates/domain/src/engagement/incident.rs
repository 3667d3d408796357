//! An incident: one matter of an electoral body, over which it may turn to several platforms, each by a contact of its own with
//! clocks of its own. Other bodies of the same country may take part with their contacts. No platform ever reads an incident,
//! since it would tell which other platforms are involved.

use serde::{Deserialize, Serialize};

use crate::{
    directory::entry::Entry,
    engagement::vocabulary::IssueType,
    error::{Code, Error, Reason, Result, closed},
    id::{ElectionId, OrganisationId, kinds},
    policy::OrganisationKind,
    text::{self, CountryCode, LanguageTag, SearchTerm},
    time::Instant,
};

/// Contacts of one body that an incident can hold, so that reading one stays bounded.
pub const MOST_CONTACTS: u64 = 500;
/// Bodies that can take part in one incident beside its owner.
pub const MOST_BODIES: usize = 50;

closed! {
    /// Where an incident stands.
    IncidentStatus {
        /// Something is being done about it.
        Open = "OPEN",
        /// Nothing is to be done now; it is watched.
        Monitoring = "MONITORING",
        /// It is over. It takes no change and no contact unless it is opened again.
        Closed = "CLOSED",
    }
}

closed! {
    /// How a list of incidents is sorted.
    IncidentOrder {
        /// The last changed first.
        UpdatedAtDesc = "UPDATED_AT_DESC",
        /// The last opened first.
        OpenedAtDesc = "OPENED_AT_DESC",
        /// The first opened first.
        OpenedAt = "OPENED_AT",
    }
}

/// The id of a technique in the red framework of the DISARM Foundation, as `T0086`, or of one of its sub-techniques, as `T0086.002`.
/// Checked by its form: the framework grows by several a year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Technique(String);

impl Technique {
    /// Reads an id, in either case.
    pub fn parse(raw: &str) -> Result<Self> {
        let id = raw.trim().to_ascii_uppercase();
        let digits = |text: &str, many: usize| text.len() == many && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_id = id.strip_prefix('T').is_some_and(|rest| match rest.split_once('.') {
            None => digits(rest, 4),
            Some((technique, part)) => digits(technique, 4) && digits(part, 3),
        });
        if is_id { Ok(Self(id)) } else { Err(Error::invalid(Reason::Malformed, "", "A DISARM technique is written T0086, or T0086.002.")) }
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What its owner says of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentFields {
    /// The body that owns it.
    pub electoral_body: OrganisationId,
    /// One line that says what it is.
    pub title: String,
    /// The matter at length.
    pub summary: Option<String>,
    /// The election it belongs to.
    pub election: Option<ElectionId>,
    /// What the matter is, each once.
    pub issue_types: Vec<IssueType>,
    /// How it is done, by DISARM's techniques.
    pub techniques: Vec<Technique>,
    /// The languages in which it spreads.
    pub languages: Vec<LanguageTag>,
    /// When it was first seen.
    pub first_seen_at: Option<Instant>,
}

impl IncidentFields {
    /// The text that search compares with.
    pub fn search_text(&self) -> String {
        text::fold(&format!("{} {}", self.title, self.summary.as_deref().unwrap_or_default()))
    }
}

/// Where an incident stands, and why it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentState {
    /// Where it stands.
    pub status: IncidentStatus,
    /// When it was closed; none while it is not.
    pub closed_at: Option<Instant>,
    /// Why it was closed.
    pub closed_reason: Option<String>,
}

impl IncidentState {
    /// The state of a new incident.
    pub const fn open() -> Self {
        Self { status: IncidentStatus::Open, closed_at: None, closed_reason: None }
    }

    /// The state of an incident that is only watched from now on.
    pub fn monitor(&self) -> Result<Self> {
        unless(self.status != IncidentStatus::Open, "Only an open incident comes to be watched.")?;
        Ok(Self { status: IncidentStatus::Monitoring, ..Self::open() })
    }

    /// The state of an incident that is over.
    pub fn close(&self, reason: &str, now: Instant) -> Result<Self> {
        self.not_closed()?;
        let reason = text::block(reason, text::LONG).map_err(|error| error.under("reason"))?;
        Ok(Self { status: IncidentStatus::Closed, closed_at: Some(now), closed_reason: Some(reason) })
    }

    /// The state of an incident about which something is done again.
    pub fn reopen(&self) -> Result<Self> {
        unless(self.status == IncidentStatus::Open, "This incident is open.")?;
        Ok(Self::open())
    }

    /// Refuses what a closed incident does not take.
    pub fn not_closed(&self) -> Result<()> {
        unless(self.status == IncidentStatus::Closed, "This incident is closed; open it again first.")
    }
}

fn unless(refused: bool, message: &str) -> Result<()> {
    if refused { Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "", message)) } else { Ok(()) }
}

/// What an incident says and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentEntry {
    /// What it says.
    pub fields: IncidentFields,
    /// Where it stands.
    pub state: IncidentState,
}

/// An incident.
pub type Incident = Entry<kinds::Incident, IncidentEntry>;

impl Incident {
    /// The body that owns it.
    pub fn owner(&self) -> OrganisationId {
        self.fields.fields.electoral_body
    }
}

/// Refuses to let an organisation take part that is no other electoral body of the owner's country. An owner without a country, as a
/// supranational one, has none beside it.
pub fn may_take_part(
    owner: (OrganisationId, Option<CountryCode>),
    body: (OrganisationId, OrganisationKind, Option<CountryCode>),
) -> Result<()> {
    if body.1 != OrganisationKind::ElectoralBody || body.0 == owner.0 || body.2.is_none() || body.2 != owner.1 {
        let message = "Only another electoral body of the same country takes part in an incident.";
        return Err(Error::invalid(Reason::NotAnOption, "electoralBodyId", message));
    }
    Ok(())
}

/// What a list of incidents is narrowed to. An empty list narrows nothing; several values of one field are alternatives.
#[derive(Clone, Debug, Default)]
pub struct IncidentFilter {
    /// The body that owns it.
    pub electoral_body: Option<OrganisationId>,
    /// Where it stands.
    pub statuses: Vec<IncidentStatus>,
    /// What the matter is; one of them is enough.
    pub issue_types: Vec<IssueType>,
    /// A technique it shows.
    pub technique: Option<Technique>,
    /// The election.
    pub election: Option<ElectionId>,
    /// Words in title and summary.
    pub search: Option<SearchTerm>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn body(number: u128) -> OrganisationId {
        OrganisationId::new(Uuid::from_u128(number))
    }

    #[test]
    fn reads_ids_of_techniques_by_their_form() {
        for id in ["T0086", "T0086.002", " t0049 "] {
            assert_eq!(Technique::parse(id).expect("an id").as_str(), id.trim().to_uppercase());
        }
        for id in ["", "T", "TA01", "T008", "T00866", "T0086.", "T0086.1234", "T００８６", "C00008"] {
            assert!(Technique::parse(id).is_err(), "{id}");
        }
    }

    #[test]
    fn a_closed_incident_takes_nothing_until_it_is_opened_again() {
        let now = Instant::default();
        let open = IncidentState::open();
        let watched = open.monitor().expect("watched");
        assert!(watched.monitor().is_err() && open.reopen().is_err());
        let closed = watched.close("It is over", now).expect("closed");
        assert!(closed.close("again", now).is_err() && closed.monitor().is_err());
        assert_eq!(closed.reopen().expect("open"), open);
    }

    #[test]
    fn only_another_body_of_the_same_country_takes_part() {
        let (peru, chile) = (CountryCode::parse("PE").ok(), CountryCode::parse("CL").ok());
        let (eb, cso) = (OrganisationKind::ElectoralBody, OrganisationKind::Cso);
        assert!(may_take_part((body(1), peru), (body(2), eb, peru)).is_ok());
        for (owner, other) in
            [(peru, (body(2), eb, chile)), (peru, (body(1), eb, peru)), (peru, (body(2), cso, peru)), (None, (body(2), eb, None))]
        {
            assert!(may_take_part((body(1), owner), other).is_err());
        }
    }
}
