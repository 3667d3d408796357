//! Who stands behind an instrument, and what it obliges to.

use serde::{Deserialize, Serialize};

use super::entry::{PartialDate, optional};
use crate::{
    error::{Faults, Reason, closed},
    id::OrganisationId,
    text::{SHORT, block, line},
};

/// Most parties of an instrument.
pub const MOST_PARTIES: usize = 200;
/// Most obligations of an instrument that are recorded.
pub const MOST_OBLIGATIONS: usize = 50;
/// Longest text of an obligation, in characters.
const MOST_TEXT: usize = 2_000;

closed! {
    /// What an instrument is.
    InstrumentType {
        /// A law.
        Law = "LAW",
        /// A regulation, or a resolution of an electoral court or body with legal force.
        Regulation = "REGULATION",
        /// A memorandum of understanding.
        Mou = "MOU",
        /// A code of practice or conduct.
        Code = "CODE",
        /// A statement of intent.
        StatementOfIntent = "STATEMENT_OF_INTENT",
        /// Guidelines of an authority.
        Guideline = "GUIDELINE",
        /// An accord that many sign.
        Accord = "ACCORD",
        /// A platform's own policy or programme.
        PlatformPolicy = "PLATFORM_POLICY",
    }
}

closed! {
    /// Whether somebody can be held to an instrument by law.
    Bindingness {
        /// By law.
        Binding = "BINDING",
        /// By his word only.
        Voluntary = "VOLUNTARY",
    }
}

closed! {
    /// Whether the coordinator stands behind an entry.
    InstrumentStatus {
        /// An organisation proposed it; it and the coordinator read it.
        Proposed = "PROPOSED",
        /// The coordinator recorded or confirmed it. Whether it is over follows from its last day.
        InForce = "IN_FORCE",
    }
}

/// Somebody who signed an instrument or is bound by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstrumentParty {
    /// The organisation, where the directory has it.
    pub organisation: Option<OrganisationId>,
    /// The name, where the directory has no such organisation.
    pub name: Option<String>,
    /// When the party signed or joined.
    pub on: Option<PartialDate>,
    /// What it joined in or for, in words.
    pub scope: Option<String>,
}

/// A party as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct InstrumentPartyDraft {
    /// The organisation; this or the name is needed.
    pub organisation: Option<OrganisationId>,
    /// The name.
    pub name: Option<String>,
    /// `2024-03-14`, `2024-03` or `2024`.
    pub on: Option<String>,
    /// What it joined in or for.
    pub scope: Option<String>,
}

impl InstrumentPartyDraft {
    fn check(&self, faults: &mut Faults, path: &str) -> InstrumentParty {
        let name = optional(faults, &format!("{path}.name"), self.name.as_deref(), |raw| line(raw, SHORT));
        let on = optional(faults, &format!("{path}.signedOn"), self.on.as_deref(), PartialDate::parse);
        let scope = optional(faults, &format!("{path}.scope"), self.scope.as_deref(), |raw| line(raw, SHORT));
        if self.organisation.is_none() && self.name.as_deref().is_none_or(|raw| raw.trim().is_empty()) {
            faults.add(Reason::Required, &format!("{path}.name"), "Who it is is needed, as an organisation or by name.");
        }
        InstrumentParty { organisation: self.organisation, name, on, scope }
    }
}

impl InstrumentParty {
    /// The party as somebody would type it again.
    pub fn draft(&self) -> InstrumentPartyDraft {
        InstrumentPartyDraft {
            organisation: self.organisation,
            name: self.name.clone(),
            on: self.on.map(|on| on.to_string()),
            scope: self.scope.clone(),
        }
    }
}

/// Something that an instrument obliges somebody to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// What.
    pub text: String,
    /// Whom, in words.
    pub addressee: Option<String>,
    /// By when or within which time, in words.
    pub deadline: Option<String>,
}

/// An obligation as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct ObligationDraft {
    /// What.
    pub text: String,
    /// Whom.
    pub addressee: Option<String>,
    /// By when.
    pub deadline: Option<String>,
}

impl Obligation {
    /// The obligation as somebody would type it again.
    pub fn draft(&self) -> ObligationDraft {
        ObligationDraft { text: self.text.clone(), addressee: self.addressee.clone(), deadline: self.deadline.clone() }
    }
}

/// Checks the parties of an instrument, each organisation standing once.
pub(super) fn parties(faults: &mut Faults, drafts: &[InstrumentPartyDraft]) -> Vec<InstrumentParty> {
    if drafts.len() > MOST_PARTIES {
        faults.add(Reason::TooLong, "parties", format!("At most {MOST_PARTIES} parties."));
        return Vec::new();
    }
    let mut parties: Vec<InstrumentParty> = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.iter().enumerate() {
        let party = draft.check(faults, &format!("parties.{index}"));
        if party.organisation.is_some() && parties.iter().any(|known| known.organisation == party.organisation) {
            faults.add(Reason::Duplicate, &format!("parties.{index}.organisationId"), "This organisation stands here twice.");
        }
        parties.push(party);
    }
    parties
}

/// Checks the obligations of an instrument.
pub(super) fn obligations(faults: &mut Faults, drafts: &[ObligationDraft]) -> Vec<Obligation> {
    if drafts.len() > MOST_OBLIGATIONS {
        faults.add(Reason::TooLong, "obligations", format!("At most {MOST_OBLIGATIONS} obligations."));
        return Vec::new();
    }
    let one = |(index, draft): (usize, &ObligationDraft)| {
        let at = |name: &str| format!("obligations.{index}.{name}");
        let text = faults.check(&at("text"), block(&draft.text, MOST_TEXT));
        let addressee = optional(faults, &at("addressee"), draft.addressee.as_deref(), |raw| line(raw, SHORT));
        let deadline = optional(faults, &at("deadline"), draft.deadline.as_deref(), |raw| line(raw, SHORT));
        Some(Obligation { text: text?, addressee, deadline })
    };
    drafts.iter().enumerate().filter_map(one).collect()
}
