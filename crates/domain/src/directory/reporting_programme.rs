//! Programmes through which content is reported to platforms. A programme is not a channel: it says who may join, not whom to call.

use serde::{Deserialize, Serialize};

use super::{
    entry::{Entry, RawTexts, optional, optional_texts, raw_texts, replace, texts},
    provenance::{Provenance, ProvenanceDraft},
};
use crate::{
    error::{Faults, Reason, Result, closed},
    id::{OrganisationId, kinds},
    text::{LocalizedText, SHORT, WebUrl, line},
};

/// What the directory says of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportingProgrammeFields {
    /// Its names.
    pub names: LocalizedText,
    /// The organisation that runs it, where the directory has that.
    pub operator: Option<OrganisationId>,
    /// Who runs it, in words.
    pub operator_name: Option<String>,
    /// Who may join.
    pub who_may_join: LocalizedText,
    /// Which platforms and services it covers.
    pub covers: LocalizedText,
    /// Its own page.
    pub url: Option<WebUrl>,
    /// Where all this comes from.
    pub provenance: Provenance,
}

/// A reporting programme of the directory.
pub type ReportingProgramme = Entry<kinds::ReportingProgramme, ReportingProgrammeFields>;

impl ReportingProgrammeFields {
    /// The fields as somebody would type them again.
    pub fn draft(&self) -> ReportingProgrammeDraft {
        ReportingProgrammeDraft {
            names: raw_texts(&self.names),
            operator: self.operator,
            operator_name: self.operator_name.clone(),
            who_may_join: raw_texts(&self.who_may_join),
            covers: raw_texts(&self.covers),
            url: self.url.as_ref().map(|url| url.as_str().to_owned()),
            provenance: self.provenance.draft(),
        }
    }
}

/// A programme as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct ReportingProgrammeDraft {
    /// Its names, at least one.
    pub names: RawTexts,
    /// The organisation that runs it; this or its name is needed.
    pub operator: Option<OrganisationId>,
    /// Who runs it, in words.
    pub operator_name: Option<String>,
    /// Who may join.
    pub who_may_join: RawTexts,
    /// Which platforms and services it covers.
    pub covers: RawTexts,
    /// Its own page.
    pub url: Option<String>,
    /// Where all this comes from.
    pub provenance: ProvenanceDraft,
}

impl ReportingProgrammeDraft {
    /// Checks every value and reports all faults at once. That the operator exists is for the caller to check.
    pub fn check(&self) -> Result<ReportingProgrammeFields> {
        let mut faults = Faults::default();
        let names = texts(&mut faults, "names", &self.names, SHORT);
        let operator_name = optional(&mut faults, "operatorName", self.operator_name.as_deref(), |raw| line(raw, SHORT));
        if self.operator.is_none() && self.operator_name.as_deref().is_none_or(|raw| raw.trim().is_empty()) {
            faults.add(Reason::Required, "operatorName", "Who runs the programme is needed, as an organisation or in words.");
        }
        let who_may_join = optional_texts(&mut faults, "whoMayJoin", &self.who_may_join, 1_000);
        let covers = optional_texts(&mut faults, "covers", &self.covers, 1_000);
        let url = optional(&mut faults, "url", self.url.as_deref(), WebUrl::parse);
        let provenance = self.provenance.check(&mut faults, "provenance");
        let value = names.map(|names| ReportingProgrammeFields {
            names,
            operator: self.operator,
            operator_name,
            who_may_join,
            covers,
            url,
            provenance,
        });
        faults.finish_with(value)
    }
}

/// A change of a programme: each part that is given replaces what was there; `Some(None)` empties it.
#[derive(Clone, Debug, Default)]
pub struct ReportingProgrammePatch {
    /// All names.
    pub names: Option<RawTexts>,
    /// The organisation that runs it.
    pub operator: Option<Option<OrganisationId>>,
    /// Who runs it, in words.
    pub operator_name: Option<Option<String>>,
    /// Who may join.
    pub who_may_join: Option<RawTexts>,
    /// Which platforms and services it covers.
    pub covers: Option<RawTexts>,
    /// Its own page.
    pub url: Option<Option<String>>,
    /// Where all this comes from.
    pub provenance: Option<ProvenanceDraft>,
}

impl ReportingProgrammePatch {
    /// The fields after the change, checked.
    pub fn apply(self, fields: &ReportingProgrammeFields) -> Result<ReportingProgrammeFields> {
        let mut draft = fields.draft();
        replace(&mut draft.names, self.names);
        replace(&mut draft.operator, self.operator);
        replace(&mut draft.operator_name, self.operator_name);
        replace(&mut draft.who_may_join, self.who_may_join);
        replace(&mut draft.covers, self.covers);
        replace(&mut draft.url, self.url);
        replace(&mut draft.provenance, self.provenance);
        draft.check()
    }
}

closed! {
    /// How a list of programmes is sorted.
    ReportingProgrammeOrder {
        /// By the name, A first.
        Name = "NAME",
    }
}
