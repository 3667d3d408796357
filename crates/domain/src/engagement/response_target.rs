//! Response targets: within which time a platform is to answer which contacts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    directory::entry::{Entry, LIST, day, list, optional, replace},
    engagement::{
        business_time::{Calendar, CalendarDraft},
        election_span::{ElectionSpan, ElectionSpanDraft},
        target::{TargetClock, TargetNature, Within},
        vocabulary::{Kind, Urgency},
    },
    error::{Faults, Reason, Result, closed},
    id::{InstrumentId, OrganisationId, PlatformServiceId, kinds},
    text::CountryCode,
};

pub use crate::directory::instrument::InstrumentStatus as TargetStatus;

/// What a target says. An empty list does not narrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseTargetFields {
    /// The company that is to answer.
    pub platform: OrganisationId,
    /// One of its services; none: all of them.
    pub service: Option<PlatformServiceId>,
    /// Contacts of bodies of these countries.
    pub countries: Vec<CountryCode>,
    /// Contacts of these kinds; none: of all that expect an answer.
    pub contact_kinds: Vec<Kind>,
    /// Contacts of this urgency.
    pub urgencies: Vec<Urgency>,
    /// The agreement or law on which it stands.
    pub instrument: Option<InstrumentId>,
    /// The hours around a poll in which a contact must be sent; none: at any time.
    pub applies_when: Option<ElectionSpan>,
    /// Within which time the first response is to come.
    pub acknowledge_within: Option<Within>,
    /// Within which time the decision is to come.
    pub decide_within: Option<Within>,
    /// What time counts.
    pub clock: TargetClock,
    /// When somebody works, for business time.
    pub calendar: Option<Calendar>,
    /// The first day (UTC) on which it binds what is sent.
    pub valid_from: Option<NaiveDate>,
    /// The last day (UTC) on which it does.
    pub valid_to: Option<NaiveDate>,
    /// What it stands on.
    pub nature: TargetNature,
    /// Whether the coordinator stands behind it: until then it binds nothing.
    pub status: TargetStatus,
    /// The organisation that proposed it.
    pub proposed_by: Option<OrganisationId>,
}

/// A response target.
pub type ResponseTarget = Entry<kinds::ResponseTarget, ResponseTargetFields>;

impl ResponseTargetFields {
    /// Whose the entry is: who proposed it, until the coordinator confirms it.
    pub fn owner(&self) -> Option<OrganisationId> {
        self.proposed_by.filter(|_| self.status == TargetStatus::Proposed)
    }

    /// The same as the coordinator stands behind it.
    #[must_use]
    pub fn confirmed(self) -> Self {
        Self { status: TargetStatus::InForce, ..self }
    }

    /// The fields as somebody would type them again.
    pub fn draft(&self) -> ResponseTargetDraft {
        ResponseTargetDraft {
            platform: Some(self.platform),
            service: self.service,
            countries: self.countries.iter().map(CountryCode::to_string).collect(),
            contact_kinds: self.contact_kinds.clone(),
            urgencies: self.urgencies.clone(),
            instrument: self.instrument,
            applies_when: self.applies_when.map(|span| span.draft()),
            acknowledge_within: self.acknowledge_within.map(|time| time.to_string()),
            decide_within: self.decide_within.map(|time| time.to_string()),
            clock: Some(self.clock),
            calendar: self.calendar.as_ref().map(Calendar::draft),
            valid_from: self.valid_from.map(|day| day.to_string()),
            valid_to: self.valid_to.map(|day| day.to_string()),
            nature: Some(self.nature),
            proposed_by: self.proposed_by,
            generated: false,
        }
    }
}

/// A target as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct ResponseTargetDraft {
    /// The company.
    pub platform: Option<OrganisationId>,
    /// One of its services.
    pub service: Option<PlatformServiceId>,
    /// ISO 3166-1 alpha-2 codes.
    pub countries: Vec<String>,
    /// Kinds of contact that expect an answer.
    pub contact_kinds: Vec<Kind>,
    /// Urgencies.
    pub urgencies: Vec<Urgency>,
    /// The agreement or law.
    pub instrument: Option<InstrumentId>,
    /// The hours around a poll.
    pub applies_when: Option<ElectionSpanDraft>,
    /// ISO 8601; this or the time for a decision is needed.
    pub acknowledge_within: Option<String>,
    /// ISO 8601.
    pub decide_within: Option<String>,
    /// ELAPSED if left out.
    pub clock: Option<TargetClock>,
    /// Needed for business time, and refused without.
    pub calendar: Option<CalendarDraft>,
    /// The first day.
    pub valid_from: Option<String>,
    /// The last day.
    pub valid_to: Option<String>,
    /// What it stands on.
    pub nature: Option<TargetNature>,
    /// The organisation that proposes it.
    pub proposed_by: Option<OrganisationId>,
    /// Whether a generator makes it.
    pub generated: bool,
}

impl ResponseTargetDraft {
    /// Checks every value and reports all faults at once. That what it names exists is for the caller to check.
    pub fn check(&self) -> Result<ResponseTargetFields> {
        let mut faults = Faults::default();
        if self.platform.is_none() {
            faults.add(Reason::Required, "platformId", "The platform is needed.");
        }
        if self.nature.is_none() {
            faults.add(Reason::Required, "nature", "What it stands on is needed.");
        }
        let countries = list(&mut faults, "countries", &self.countries, LIST, CountryCode::parse);
        let contact_kinds = once(&self.contact_kinds);
        for (index, kind) in self.contact_kinds.iter().enumerate() {
            if !kind.expects_answer() || *kind == Kind::ThreatWarning {
                faults.add(Reason::NotAnOption, &format!("contactKinds.{index}"), "Nobody waits for a platform's answer to this kind.");
            }
        }
        let applies_when = self.applies_when.as_ref().and_then(|draft| draft.check(&mut faults, "appliesWhen"));
        let acknowledge_within = optional(&mut faults, "acknowledgeWithin", self.acknowledge_within.as_deref(), Within::parse);
        let decide_within = optional(&mut faults, "decideWithin", self.decide_within.as_deref(), Within::parse);
        self.check_times(&mut faults, acknowledge_within, decide_within);
        let clock = self.clock.unwrap_or(TargetClock::Elapsed);
        let calendar = self.check_calendar(&mut faults, clock);
        let valid_from = optional(&mut faults, "validFrom", self.valid_from.as_deref(), day);
        let valid_to = optional(&mut faults, "validTo", self.valid_to.as_deref(), day);
        if valid_from.zip(valid_to).is_some_and(|(from, to)| to < from) {
            faults.add(Reason::BeforePrevious, "validTo", "The last day does not come before the first.");
        }
        let value = self.platform.zip(self.nature).map(|(platform, nature)| ResponseTargetFields {
            platform,
            service: self.service,
            countries,
            contact_kinds,
            urgencies: once(&self.urgencies),
            instrument: self.instrument,
            applies_when,
            acknowledge_within,
            decide_within,
            clock,
            calendar,
            valid_from,
            valid_to,
            nature,
            status: if self.proposed_by.is_some() { TargetStatus::Proposed } else { TargetStatus::InForce },
            proposed_by: self.proposed_by,
        });
        faults.finish_with(value)
    }

    fn check_times(&self, faults: &mut Faults, acknowledge: Option<Within>, decide: Option<Within>) {
        let given = |raw: &Option<String>| raw.as_deref().is_some_and(|raw| !raw.trim().is_empty());
        if !given(&self.acknowledge_within) && !given(&self.decide_within) {
            faults.add(Reason::Required, "decideWithin", "Say within which time a decision or an acknowledgement is to come.");
        }
        if acknowledge.zip(decide).is_some_and(|(acknowledge, decide)| acknowledge > decide) {
            faults.add(Reason::Contradiction, "acknowledgeWithin", "A decision is an acknowledgement too, so it does not come first.");
        }
    }

    fn check_calendar(&self, faults: &mut Faults, clock: TargetClock) -> Option<Calendar> {
        match (clock, &self.calendar) {
            (TargetClock::Business, None) => faults.add(Reason::Required, "calendar", "Business time needs a calendar."),
            (TargetClock::Elapsed, Some(_)) => faults.add(Reason::Contradiction, "calendar", "Only business time has a calendar."),
            _ => {}
        }
        self.calendar.as_ref().and_then(|draft| draft.check(faults, "calendar"))
    }
}

/// The values, each once, in order.
fn once<T: Copy + Ord>(values: &[T]) -> Vec<T> {
    let mut values = values.to_vec();
    values.sort_unstable();
    values.dedup();
    values
}

/// A change of a target: each part that is given replaces what was there; `Some(None)` empties it. The platform stays.
#[derive(Clone, Debug, Default)]
pub struct ResponseTargetPatch {
    /// One of the company's services.
    pub service: Option<Option<PlatformServiceId>>,
    /// All countries.
    pub countries: Option<Vec<String>>,
    /// All kinds.
    pub contact_kinds: Option<Vec<Kind>>,
    /// All urgencies.
    pub urgencies: Option<Vec<Urgency>>,
    /// The agreement or law.
    pub instrument: Option<Option<InstrumentId>>,
    /// The hours around a poll.
    pub applies_when: Option<Option<ElectionSpanDraft>>,
    /// Within which time the first response is to come.
    pub acknowledge_within: Option<Option<String>>,
    /// Within which time the decision is to come.
    pub decide_within: Option<Option<String>>,
    /// What time counts.
    pub clock: Option<TargetClock>,
    /// When somebody works.
    pub calendar: Option<Option<CalendarDraft>>,
    /// The first day.
    pub valid_from: Option<Option<String>>,
    /// The last day: with it a target is retired.
    pub valid_to: Option<Option<String>>,
    /// What it stands on.
    pub nature: Option<TargetNature>,
}

impl ResponseTargetPatch {
    /// The fields after the change, checked. What was sent before keeps the target as it was.
    pub fn apply(self, fields: &ResponseTargetFields) -> Result<ResponseTargetFields> {
        let mut draft = fields.draft();
        replace(&mut draft.service, self.service);
        replace(&mut draft.countries, self.countries);
        replace(&mut draft.contact_kinds, self.contact_kinds);
        replace(&mut draft.urgencies, self.urgencies);
        replace(&mut draft.instrument, self.instrument);
        replace(&mut draft.applies_when, self.applies_when);
        replace(&mut draft.acknowledge_within, self.acknowledge_within);
        replace(&mut draft.decide_within, self.decide_within);
        draft.clock = self.clock.or(draft.clock);
        replace(&mut draft.calendar, self.calendar);
        replace(&mut draft.valid_from, self.valid_from);
        replace(&mut draft.valid_to, self.valid_to);
        draft.nature = self.nature.or(draft.nature);
        Ok(ResponseTargetFields { status: fields.status, ..draft.check()? })
    }
}

/// What a list of targets is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct ResponseTargetFilter {
    /// Of this company.
    pub platform: Option<OrganisationId>,
    /// On this instrument.
    pub instrument: Option<InstrumentId>,
    /// That hold in this country, for all countries or by name.
    pub country: Option<CountryCode>,
    /// Confirmed or proposed ones; empty: both.
    pub statuses: Vec<TargetStatus>,
}

closed! {
    /// How a list of targets is sorted.
    ResponseTargetOrder {
        /// By when it was entered, the latest first.
        CreatedAtDesc = "CREATED_AT_DESC",
    }
}
