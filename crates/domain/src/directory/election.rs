//! Elections and their days.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    entry::{Entry, Precision, day, optional, references, replace},
    polling_day::{PollingDay, PollingDayDraft, SilencePeriod, SilencePeriodDraft},
    provenance::{Provenance, ProvenanceDraft},
};
use crate::{
    error::{Faults, Reason, Result, closed},
    id::{OrganisationId, kinds},
    text::{CountryCode, SHORT, line},
};

pub use super::{
    election_filter::{ElectionFilter, ElectionOrder},
    election_status::ElectionStatus,
};

closed! {
    /// What is elected.
    ElectionType {
        /// A president, by the people.
        Presidential = "PRESIDENTIAL",
        /// A president, by a parliament or college.
        PresidentialIndirect = "PRESIDENTIAL_INDIRECT",
        /// A parliament of one chamber, or both chambers.
        Legislative = "LEGISLATIVE",
        /// A lower chamber.
        LegislativeLower = "LEGISLATIVE_LOWER",
        /// An upper chamber.
        LegislativeUpper = "LEGISLATIVE_UPPER",
        /// Another office of the executive.
        ExecutiveOther = "EXECUTIVE_OTHER",
        /// Local authorities.
        Local = "LOCAL",
        /// A question put to the people.
        Referendum = "REFERENDUM",
        /// A seat that fell vacant.
        ByElection = "BY_ELECTION",
        /// A body of several countries.
        Supranational = "SUPRANATIONAL",
    }
}

/// What the directory says of an election.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectionFields {
    /// The country; a supranational election has none.
    pub country: Option<CountryCode>,
    /// The part of the country, or the union of countries, in words.
    pub jurisdiction: Option<String>,
    /// What is elected.
    pub kind: ElectionType,
    /// The status as stored; see [`ElectionFields::status_on`].
    pub status: ElectionStatus,
    /// The days on which people vote, in order.
    pub polling_days: Vec<PollingDay>,
    /// When campaigning is forbidden.
    pub silence_periods: Vec<SilencePeriod>,
    /// The campaign's first day.
    pub campaign_from: Option<NaiveDate>,
    /// The campaign's last day.
    pub campaign_to: Option<NaiveDate>,
    /// The bodies that are responsible for it, where a source names them.
    pub responsible_bodies: Vec<OrganisationId>,
    /// Where all this comes from.
    pub provenance: Provenance,
}

/// An election of the directory.
pub type Election = Entry<kinds::Election, ElectionFields>;

impl ElectionFields {
    /// The days on which people vote as far as they are known to the day; none of an election that was put off or called off, or is over.
    pub fn certain_days(&self) -> Vec<NaiveDate> {
        let is_ahead = matches!(self.status, ElectionStatus::Announced | ElectionStatus::Expected | ElectionStatus::Scheduled);
        let days = self.polling_days.iter().filter(|day| is_ahead && day.date.precision == Precision::Day);
        days.map(|day| day.date.date).collect()
    }

    /// The status on a day: an expected election whose last polling day has passed reads UNCONFIRMED.
    pub fn status_on(&self, today: NaiveDate) -> ElectionStatus {
        self.status.on(self.last_day(), today)
    }

    /// The first day on which people may vote.
    pub fn first_day(&self) -> Option<NaiveDate> {
        self.polling_days.iter().map(|day| day.date.date).min()
    }

    /// The last day on which people may vote.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.polling_days.iter().map(PollingDay::last_day).max()
    }

    /// The fields as somebody would type them again.
    pub fn draft(&self) -> ElectionDraft {
        ElectionDraft {
            country: self.country.map(|code| code.to_string()),
            jurisdiction: self.jurisdiction.clone(),
            kind: Some(self.kind),
            status: Some(self.status),
            polling_days: self.polling_days.iter().map(PollingDay::draft).collect(),
            silence_periods: self.silence_periods.iter().map(SilencePeriod::draft).collect(),
            campaign_from: self.campaign_from.map(|day| day.to_string()),
            campaign_to: self.campaign_to.map(|day| day.to_string()),
            responsible_bodies: self.responsible_bodies.clone(),
            provenance: self.provenance.draft(),
        }
    }
}

/// An election as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct ElectionDraft {
    /// ISO 3166-1 alpha-2; needed unless it is supranational.
    pub country: Option<String>,
    /// The part of the country, or the union of countries.
    pub jurisdiction: Option<String>,
    /// What is elected.
    pub kind: Option<ElectionType>,
    /// How certain it is; UNCONFIRMED cannot be set.
    pub status: Option<ElectionStatus>,
    /// The days on which people vote.
    pub polling_days: Vec<PollingDayDraft>,
    /// When campaigning is forbidden.
    pub silence_periods: Vec<SilencePeriodDraft>,
    /// The campaign's first day.
    pub campaign_from: Option<String>,
    /// The campaign's last day.
    pub campaign_to: Option<String>,
    /// The bodies that are responsible for it.
    pub responsible_bodies: Vec<OrganisationId>,
    /// Where all this comes from.
    pub provenance: ProvenanceDraft,
}

impl ElectionDraft {
    /// Checks every value and reports all faults at once. That the country and the bodies exist is for the caller to check.
    pub fn check(&self) -> Result<ElectionFields> {
        let mut faults = Faults::default();
        let country = optional(&mut faults, "country", self.country.as_deref(), CountryCode::parse);
        self.check_kind(&mut faults);
        let jurisdiction = optional(&mut faults, "jurisdiction", self.jurisdiction.as_deref(), |raw| line(raw, SHORT));
        let mut polling_days = each(&mut faults, "pollingDays", &self.polling_days, 60, PollingDayDraft::check);
        polling_days.sort_by_key(|day| day.date);
        let silence_periods = each(&mut faults, "silencePeriods", &self.silence_periods, 60, SilencePeriodDraft::check);
        let campaign_from = optional(&mut faults, "campaignFrom", self.campaign_from.as_deref(), day);
        let campaign_to = optional(&mut faults, "campaignTo", self.campaign_to.as_deref(), day);
        if campaign_from.zip(campaign_to).is_some_and(|(from, to)| to < from) {
            faults.add(Reason::BeforePrevious, "campaignTo", "A campaign ends after it began.");
        }
        let responsible_bodies = references(&mut faults, "responsibleBodyIds", &self.responsible_bodies, 30);
        let provenance = self.provenance.check(&mut faults, "provenance");
        let value = self.kind.zip(self.status).map(|(kind, status)| ElectionFields {
            country,
            jurisdiction,
            kind,
            status,
            polling_days,
            silence_periods,
            campaign_from,
            campaign_to,
            responsible_bodies,
            provenance,
        });
        faults.finish_with(value)
    }

    fn check_kind(&self, faults: &mut Faults) {
        let has_country = self.country.as_deref().is_some_and(|raw| !raw.trim().is_empty());
        match self.kind {
            None => faults.add(Reason::Required, "type", "What is elected is needed."),
            Some(ElectionType::Supranational) if has_country => {
                faults.add(Reason::Contradiction, "country", "A supranational election has no single country.");
            }
            Some(kind) if kind != ElectionType::Supranational && !has_country => {
                faults.add(Reason::Required, "country", "The country is needed.");
            }
            Some(_) => {}
        }
        match self.status {
            None => faults.add(Reason::Required, "status", "The status is needed."),
            Some(ElectionStatus::Unconfirmed) => {
                faults.add(
                    Reason::NotAnOption,
                    "status",
                    "UNCONFIRMED follows from the date; state EXPECTED, HELD, POSTPONED or CANCELLED.",
                );
            }
            Some(ElectionStatus::Held | ElectionStatus::Certified | ElectionStatus::Scheduled) if self.polling_days.is_empty() => {
                faults.add(Reason::Required, "pollingDays", "With this status at least one polling day is needed.");
            }
            Some(_) => {}
        }
    }
}

fn each<D, T>(faults: &mut Faults, path: &str, drafts: &[D], most: usize, check: impl Fn(&D) -> Result<T>) -> Vec<T> {
    if drafts.len() > most {
        faults.add(Reason::TooLong, path, format!("At most {most} values."));
        return Vec::new();
    }
    drafts.iter().enumerate().filter_map(|(index, draft)| faults.check(&format!("{path}.{index}"), check(draft))).collect()
}

/// A change of an election: each part that is given replaces what was there; `Some(None)` empties it.
#[derive(Clone, Debug, Default)]
pub struct ElectionPatch {
    /// The part of the country, or the union of countries.
    pub jurisdiction: Option<Option<String>>,
    /// What is elected.
    pub kind: Option<ElectionType>,
    /// How certain it is.
    pub status: Option<ElectionStatus>,
    /// All polling days.
    pub polling_days: Option<Vec<PollingDayDraft>>,
    /// All silence periods.
    pub silence_periods: Option<Vec<SilencePeriodDraft>>,
    /// The campaign's first day.
    pub campaign_from: Option<Option<String>>,
    /// The campaign's last day.
    pub campaign_to: Option<Option<String>>,
    /// All bodies that are responsible for it.
    pub responsible_bodies: Option<Vec<OrganisationId>>,
    /// Where all this comes from.
    pub provenance: Option<ProvenanceDraft>,
}

impl ElectionPatch {
    /// The fields after the change, checked.
    pub fn apply(self, fields: &ElectionFields) -> Result<ElectionFields> {
        let mut draft = fields.draft();
        replace(&mut draft.jurisdiction, self.jurisdiction);
        draft.kind = self.kind.or(draft.kind);
        draft.status = self.status.or(draft.status);
        replace(&mut draft.polling_days, self.polling_days);
        replace(&mut draft.silence_periods, self.silence_periods);
        replace(&mut draft.campaign_from, self.campaign_from);
        replace(&mut draft.campaign_to, self.campaign_to);
        replace(&mut draft.responsible_bodies, self.responsible_bodies);
        replace(&mut draft.provenance, self.provenance);
        draft.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        day(text).expect("a date")
    }

    fn expected(polling: &str) -> ElectionFields {
        ElectionDraft {
            country: Some("NA".into()),
            kind: Some(ElectionType::Presidential),
            status: Some(ElectionStatus::Expected),
            polling_days: vec![PollingDayDraft::read(polling).expect("a day")],
            ..ElectionDraft::default()
        }
        .check()
        .expect("a valid draft")
    }

    #[test]
    fn an_expected_election_reads_unconfirmed_once_its_whole_period_has_passed() {
        for (polling, last) in [("2026-11-20", "2026-11-20"), ("2026-11", "2026-11-30"), ("2026", "2026-12-31")] {
            let election = expected(polling);
            assert_eq!(election.status_on(date(last)), ElectionStatus::Expected, "{polling}");
            assert_eq!(election.status_on(date(last).succ_opt().expect("a day")), ElectionStatus::Unconfirmed, "{polling}");
        }
    }

    #[test]
    fn a_country_and_a_day_are_asked_for_where_they_belong() {
        let draft = |kind, status, country: Option<&str>| ElectionDraft {
            kind: Some(kind),
            status: Some(status),
            country: country.map(str::to_owned),
            ..ElectionDraft::default()
        };
        let reasons = |draft: ElectionDraft| {
            draft.check().expect_err("a fault").faults.into_iter().map(|fault| (fault.path.join("."), fault.reason)).collect::<Vec<_>>()
        };
        assert_eq!(
            reasons(draft(ElectionType::Supranational, ElectionStatus::Expected, Some("PE"))),
            [("country".into(), Reason::Contradiction)]
        );
        assert_eq!(
            reasons(draft(ElectionType::Local, ElectionStatus::Held, None)),
            [("country".into(), Reason::Required), ("pollingDays".into(), Reason::Required)]
        );
        assert_eq!(reasons(draft(ElectionType::Local, ElectionStatus::Unconfirmed, Some("PE"))), [("status".into(), Reason::NotAnOption)]);
    }
}
