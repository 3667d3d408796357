//! Agreements, codes and laws on which channels, contacts, targets and commitments stand.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    entry::{Entry, LIST, PartialDate, RawTexts, day, list, optional, raw_texts, replace, texts},
    instrument_part::{obligations, parties},
    provenance::{Provenance, ProvenanceDraft},
};
use crate::{
    error::{Faults, Reason, Result, closed},
    id::{OrganisationId, kinds},
    text::{CountryCode, LocalizedText, SHORT, SearchTerm, WebUrl},
};

pub use super::instrument_part::{
    Bindingness, InstrumentParty, InstrumentPartyDraft, InstrumentStatus, InstrumentType, Obligation, ObligationDraft,
};

/// What the directory says of an instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstrumentFields {
    /// Its titles.
    pub titles: LocalizedText,
    /// What it is.
    pub kind: InstrumentType,
    /// Whether somebody can be held to it by law.
    pub bindingness: Bindingness,
    /// Where it holds; empty: in no particular country.
    pub countries: Vec<CountryCode>,
    /// When it was signed or adopted.
    pub signed_on: Option<PartialDate>,
    /// The first day on which it holds.
    pub valid_from: Option<NaiveDate>,
    /// The last day on which it holds.
    pub valid_to: Option<NaiveDate>,
    /// Its text or page.
    pub url: Option<WebUrl>,
    /// Who signed it or is bound by it.
    pub parties: Vec<InstrumentParty>,
    /// What it obliges to.
    pub obligations: Vec<Obligation>,
    /// Whether the coordinator stands behind the entry.
    pub status: InstrumentStatus,
    /// The organisation that proposed the entry; none for what the coordinator recorded himself.
    pub proposed_by: Option<OrganisationId>,
    /// Where all this comes from.
    pub provenance: Provenance,
}

/// An instrument of the directory.
pub type Instrument = Entry<kinds::Instrument, InstrumentFields>;

impl InstrumentFields {
    /// The titles folded for search.
    pub fn search_text(&self) -> String {
        self.titles.folded()
    }

    /// Whose the entry is: who proposed it, until the coordinator confirms it.
    pub fn owner(&self) -> Option<OrganisationId> {
        self.proposed_by.filter(|_| self.status == InstrumentStatus::Proposed)
    }

    /// The same as the coordinator stands behind it.
    #[must_use]
    pub fn confirmed(self) -> Self {
        Self { status: InstrumentStatus::InForce, ..self }
    }

    /// The fields as somebody would type them again.
    pub fn draft(&self) -> InstrumentDraft {
        InstrumentDraft {
            titles: raw_texts(&self.titles),
            kind: Some(self.kind),
            bindingness: Some(self.bindingness),
            countries: self.countries.iter().map(CountryCode::to_string).collect(),
            signed_on: self.signed_on.map(|date| date.to_string()),
            valid_from: self.valid_from.map(|day| day.to_string()),
            valid_to: self.valid_to.map(|day| day.to_string()),
            url: self.url.as_ref().map(|url| url.as_str().to_owned()),
            parties: self.parties.iter().map(InstrumentParty::draft).collect(),
            obligations: self.obligations.iter().map(Obligation::draft).collect(),
            proposed_by: self.proposed_by,
            provenance: self.provenance.draft(),
        }
    }
}

/// An instrument as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct InstrumentDraft {
    /// Its titles, at least one.
    pub titles: RawTexts,
    /// What it is.
    pub kind: Option<InstrumentType>,
    /// Whether somebody can be held to it by law.
    pub bindingness: Option<Bindingness>,
    /// ISO 3166-1 alpha-2 codes.
    pub countries: Vec<String>,
    /// `2024-03-14`, `2024-03` or `2024`.
    pub signed_on: Option<String>,
    /// The first day on which it holds.
    pub valid_from: Option<String>,
    /// The last day on which it holds.
    pub valid_to: Option<String>,
    /// Its text or page.
    pub url: Option<String>,
    /// Who signed it or is bound by it.
    pub parties: Vec<InstrumentPartyDraft>,
    /// What it obliges to.
    pub obligations: Vec<ObligationDraft>,
    /// The organisation that proposes the entry; with it the entry waits for the coordinator.
    pub proposed_by: Option<OrganisationId>,
    /// Where all this comes from.
    pub provenance: ProvenanceDraft,
}

impl InstrumentDraft {
    /// Checks every value and reports all faults at once. That countries and organisations exist is for the caller to check.
    pub fn check(&self) -> Result<InstrumentFields> {
        let mut faults = Faults::default();
        let titles = texts(&mut faults, "titles", &self.titles, SHORT);
        if self.kind.is_none() {
            faults.add(Reason::Required, "type", "The type of instrument is needed.");
        }
        if self.bindingness.is_none() {
            faults.add(Reason::Required, "bindingness", "Whether it binds is needed.");
        }
        let countries = list(&mut faults, "countries", &self.countries, LIST, CountryCode::parse);
        let signed_on = optional(&mut faults, "signedOn", self.signed_on.as_deref(), PartialDate::parse);
        let valid_from = optional(&mut faults, "validFrom", self.valid_from.as_deref(), day);
        let valid_to = optional(&mut faults, "validTo", self.valid_to.as_deref(), day);
        if valid_from.zip(valid_to).is_some_and(|(from, to)| to < from) {
            faults.add(Reason::BeforePrevious, "validTo", "The last day does not come before the first.");
        }
        let url = optional(&mut faults, "url", self.url.as_deref(), WebUrl::parse);
        let parties = parties(&mut faults, &self.parties);
        let obligations = obligations(&mut faults, &self.obligations);
        let provenance = self.provenance.check(&mut faults, "provenance");
        let status = if self.proposed_by.is_some() { InstrumentStatus::Proposed } else { InstrumentStatus::InForce };
        let value = titles.zip(self.kind).zip(self.bindingness).map(|((titles, kind), bindingness)| InstrumentFields {
            titles,
            kind,
            bindingness,
            countries,
            signed_on,
            valid_from,
            valid_to,
            url,
            parties,
            obligations,
            status,
            proposed_by: self.proposed_by,
            provenance,
        });
        faults.finish_with(value)
    }
}

/// A change of an instrument: each part that is given replaces what was there; `Some(None)` empties it.
#[derive(Clone, Debug, Default)]
pub struct InstrumentPatch {
    /// All titles.
    pub titles: Option<RawTexts>,
    /// What it is.
    pub kind: Option<InstrumentType>,
    /// Whether somebody can be held to it by law.
    pub bindingness: Option<Bindingness>,
    /// All countries.
    pub countries: Option<Vec<String>>,
    /// When it was signed or adopted.
    pub signed_on: Option<Option<String>>,
    /// The first day on which it holds.
    pub valid_from: Option<Option<String>>,
    /// The last day on which it holds.
    pub valid_to: Option<Option<String>>,
    /// Its text or page.
    pub url: Option<Option<String>>,
    /// All parties.
    pub parties: Option<Vec<InstrumentPartyDraft>>,
    /// All obligations.
    pub obligations: Option<Vec<ObligationDraft>>,
    /// Where all this comes from.
    pub provenance: Option<ProvenanceDraft>,
}

impl InstrumentPatch {
    /// The fields after the change, checked. Who proposed the entry, and whether it was confirmed, stays.
    pub fn apply(self, fields: &InstrumentFields) -> Result<InstrumentFields> {
        let mut draft = fields.draft();
        replace(&mut draft.titles, self.titles);
        draft.kind = self.kind.or(draft.kind);
        draft.bindingness = self.bindingness.or(draft.bindingness);
        replace(&mut draft.countries, self.countries);
        replace(&mut draft.signed_on, self.signed_on);
        replace(&mut draft.valid_from, self.valid_from);
        replace(&mut draft.valid_to, self.valid_to);
        replace(&mut draft.url, self.url);
        replace(&mut draft.parties, self.parties);
        replace(&mut draft.obligations, self.obligations);
        replace(&mut draft.provenance, self.provenance);
        Ok(InstrumentFields { status: fields.status, ..draft.check()? })
    }
}

/// What a list of instruments is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct InstrumentFilter {
    /// Words found in any title.
    pub search: Option<SearchTerm>,
    /// Instruments of any of these types; empty: of every type.
    pub types: Vec<InstrumentType>,
    /// Whether they bind by law.
    pub bindingness: Option<Bindingness>,
    /// Instruments that name this country.
    pub country: Option<CountryCode>,
    /// Instruments with this party.
    pub party: Option<OrganisationId>,
    /// Confirmed or proposed ones; empty: both.
    pub statuses: Vec<InstrumentStatus>,
}

closed! {
    /// How a list of instruments is sorted.
    InstrumentOrder {
        /// By the title, A first.
        Title = "TITLE",
        /// By the day of signature, the latest first; those without one come last.
        SignedOnDesc = "SIGNED_ON_DESC",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> InstrumentDraft {
        InstrumentDraft {
            titles: vec![("en".into(), "A code".into())],
            kind: Some(InstrumentType::Code),
            bindingness: Some(Bindingness::Voluntary),
            ..InstrumentDraft::default()
        }
    }

    #[test]
    fn a_proposal_stays_one_until_it_is_confirmed() {
        let body = OrganisationId::new(uuid::Uuid::from_u128(7));
        let proposed = InstrumentDraft { proposed_by: Some(body), ..draft() }.check().expect("a proposal");
        assert_eq!((proposed.status, proposed.owner()), (InstrumentStatus::Proposed, Some(body)));
        let confirmed = proposed.confirmed();
        let edited = InstrumentPatch { valid_from: Some(Some("2024-01-01".into())), ..InstrumentPatch::default() }.apply(&confirmed);
        let edited = edited.expect("an edit");
        assert_eq!((edited.status, edited.owner(), edited.proposed_by), (InstrumentStatus::InForce, None, Some(body)));
        assert_eq!(draft().check().expect("an entry").status, InstrumentStatus::InForce);
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let wrong = InstrumentDraft {
            kind: None,
            signed_on: Some("soon".into()),
            valid_from: Some("2024-02-01".into()),
            valid_to: Some("2024-01-01".into()),
            parties: vec![InstrumentPartyDraft::default()],
            obligations: vec![ObligationDraft::default()],
            ..draft()
        };
        let faults = wrong.check().expect_err("faults").faults;
        let told: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.path.join("."), fault.reason)).collect();
        let expected =
            ["type REQUIRED", "signedOn MALFORMED", "validTo BEFORE_PREVIOUS", "parties.0.name REQUIRED", "obligations.0.text REQUIRED"];
        assert_eq!(told, expected);
    }
}
