//! What a list of contacts is narrowed to, and how it is sorted.

use crate::{
    engagement::{
        new_contact::id,
        target::TargetState,
        vocabulary::{IssueType, Kind, Status, Urgency},
    },
    error::{Error, Faults, Reason, Result, closed},
    id::{ElectionId, IncidentId, OrganisationId, PlatformServiceId},
    text::{CountryCode, SearchTerm},
    time::Instant,
};

/// What a list of contacts is narrowed to. An empty list narrows nothing; several values of one field are alternatives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactFilter {
    /// The electoral body.
    pub electoral_body: Option<OrganisationId>,
    /// The platform companies.
    pub platforms: Vec<OrganisationId>,
    /// The services.
    pub services: Vec<PlatformServiceId>,
    /// The bodies' countries.
    pub countries: Vec<CountryCode>,
    /// What it is about.
    pub kinds: Vec<Kind>,
    /// Where it stands.
    pub statuses: Vec<Status>,
    /// How soon an answer is needed.
    pub urgencies: Vec<Urgency>,
    /// What the matter is; one of them is enough.
    pub issue_types: Vec<IssueType>,
    /// The election.
    pub election: Option<ElectionId>,
    /// The incident; one that the caller may not read holds no contact.
    pub incident: Option<IncidentId>,
    /// Sent at or after.
    pub sent_from: Option<Instant>,
    /// Sent before.
    pub sent_to: Option<Instant>,
    /// Words in the subject, the reference and, for its own side, the sender's number.
    pub search: Option<SearchTerm>,
    /// Changed here after.
    pub changed_after: Option<Instant>,
    /// How the target stands.
    pub target_states: Vec<TargetState>,
    /// Only what is awaited under a target, or was missed: what a list by due moment shows.
    pub due: bool,
    /// The moment to which `target_states` applies.
    pub now: Instant,
}

impl ContactFilter {
    /// The same for a list in that order, as it is at that moment.
    #[must_use]
    pub fn for_list(&self, order: ContactOrder, now: Instant) -> Self {
        Self { due: order == ContactOrder::DueAt, now, ..self.clone() }
    }
}

closed! {
    /// How a list of contacts is sorted. A draft stands where it was recorded.
    ContactOrder {
        /// The latest sent first.
        SentAtDesc = "SENT_AT_DESC",
        /// The first sent first.
        SentAt = "SENT_AT",
        /// The latest changed first.
        ChangedAtDesc = "CHANGED_AT_DESC",
        /// The first changed first.
        ChangedAt = "CHANGED_AT",
        /// What is due first comes first, and behind all that what was missed for good; `status` narrows to what still waits.
        /// Contacts without a target do not stand in this list.
        DueAt = "DUE_AT",
    }
}

/// What a caller narrows a list to; ids and texts as typed.
#[derive(Clone, Debug, Default)]
pub struct NewContactFilter {
    /// The electoral body.
    pub electoral_body: Option<String>,
    /// The platform companies.
    pub platforms: Vec<String>,
    /// The services.
    pub services: Vec<String>,
    /// The bodies' countries.
    pub countries: Vec<String>,
    /// What it is about.
    pub kinds: Vec<Kind>,
    /// Where it stands.
    pub statuses: Vec<Status>,
    /// How soon an answer is needed.
    pub urgencies: Vec<Urgency>,
    /// What the matter is.
    pub issue_types: Vec<IssueType>,
    /// The election.
    pub election: Option<String>,
    /// The incident.
    pub incident: Option<String>,
    /// Sent at or after.
    pub sent_from: Option<Instant>,
    /// Sent before.
    pub sent_to: Option<Instant>,
    /// Words.
    pub search: Option<String>,
    /// Changed here after.
    pub changed_after: Option<Instant>,
    /// How the target stands.
    pub target_states: Vec<TargetState>,
}

/// Values that one field of a filter can list.
const MOST: usize = 100;

impl NewContactFilter {
    /// Checks everything at once; paths stand as in the filter.
    pub fn check(&self) -> Result<ContactFilter> {
        let mut faults = Faults::default();
        let electoral_body = self.electoral_body.as_deref().and_then(|raw| faults.check("electoralBodyId", id(raw)));
        let platforms = faults.check("platformId", each(&self.platforms, id)).unwrap_or_default();
        let services = faults.check("platformServiceId", each(&self.services, id)).unwrap_or_default();
        let countries = faults.check("country", each(&self.countries, CountryCode::parse)).unwrap_or_default();
        let election = self.election.as_deref().and_then(|raw| faults.check("electionId", id(raw)));
        let incident = self.incident.as_deref().and_then(|raw| faults.check("incidentId", id(raw)));
        let search = self.search.as_deref().filter(|raw| !raw.trim().is_empty());
        let search = search.and_then(|raw| faults.check("search", SearchTerm::parse(raw)));
        faults.finish()?;
        Ok(ContactFilter {
            electoral_body,
            platforms,
            services,
            countries,
            kinds: self.kinds.clone(),
            statuses: self.statuses.clone(),
            urgencies: self.urgencies.clone(),
            issue_types: self.issue_types.clone(),
            election,
            incident,
            sent_from: self.sent_from,
            sent_to: self.sent_to,
            search,
            changed_after: self.changed_after,
            target_states: self.target_states.clone(),
            due: false,
            now: Instant::default(),
        })
    }
}

fn each<T>(raw: &[String], parse: impl Fn(&str) -> Result<T>) -> Result<Vec<T>> {
    if raw.len() > MOST {
        return Err(Error::invalid(Reason::TooLong, "", format!("At most {MOST} values.")));
    }
    let mut faults = Faults::default();
    let values = raw.iter().enumerate().filter_map(|(index, raw)| faults.check(&index.to_string(), parse(raw))).collect();
    faults.finish()?;
    Ok(values)
}
