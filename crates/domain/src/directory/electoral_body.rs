//! What an electoral body has beyond other organisations.

use serde::{Deserialize, Serialize};

use super::{
    country::M49,
    entry::{list, number},
    organisation::OrganisationStatus,
};
use crate::{
    error::{Error, Faults, Reason, Result, closed},
    text::{CountryCode, SearchTerm},
};

closed! {
    /// How elections are managed, in International IDEA's classes.
    ElectoralModel {
        /// An institution independent of the executive.
        Independent = "INDEPENDENT",
        /// The executive, through a ministry or local authorities.
        Governmental = "GOVERNMENTAL",
        /// Both: one decides or supervises, the other carries out.
        Mixed = "MIXED",
        /// The country holds no national elections.
        NotApplicable = "NOT_APPLICABLE",
    }
}

closed! {
    /// What a body is charged with.
    Mandate {
        /// Conducts elections.
        Conduct = "CONDUCT",
        /// Supervises those who conduct them.
        Supervise = "SUPERVISE",
        /// Decides disputes.
        Adjudicate = "ADJUDICATE",
        /// Regulates campaigns, their money or their advertising.
        RegulateCampaign = "REGULATE_CAMPAIGN",
        /// Draws boundaries of constituencies.
        Boundaries = "BOUNDARIES",
        /// Registers voters.
        VoterRegistration = "VOTER_REGISTRATION",
        /// Educates voters.
        CivicEducation = "CIVIC_EDUCATION",
    }
}

closed! {
    /// How much of a country a body serves.
    BodyLevel {
        /// The whole country or territory.
        National = "NATIONAL",
        /// A part of it.
        Subnational = "SUBNATIONAL",
        /// Several countries.
        Supranational = "SUPRANATIONAL",
    }
}

closed! {
    /// By what a body's members are chosen.
    MemberBasis {
        /// Parties name them.
        Partisan = "PARTISAN",
        /// They are chosen as experts.
        Expert = "EXPERT",
        /// Some of each.
        Mixed = "MIXED",
        /// By something else.
        Other = "OTHER",
    }
}

/// What an electoral body has beyond other organisations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectoralBodyFacts {
    /// How the country's elections are managed; `None` where no source says.
    pub model: Option<ElectoralModel>,
    /// How much of the country it serves.
    pub level: BodyLevel,
    /// What it is charged with; empty where no source says.
    pub mandates: Vec<Mandate>,
    /// The parts of the country it serves (ISO 3166-2); empty: the whole.
    pub jurisdictions: Vec<String>,
    /// How many members it has.
    pub member_count: Option<i32>,
    /// By what its members are chosen.
    pub member_basis: Option<MemberBasis>,
    /// A member's term, in years.
    pub term_years: Option<i32>,
}

/// The same as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct ElectoralBodyDraft {
    /// How the country's elections are managed.
    pub model: Option<ElectoralModel>,
    /// How much of the country it serves; NATIONAL if left out.
    pub level: Option<BodyLevel>,
    /// What it is charged with.
    pub mandates: Vec<Mandate>,
    /// ISO 3166-2 codes.
    pub jurisdictions: Vec<String>,
    /// 1 to 1000.
    pub member_count: Option<i32>,
    /// By what its members are chosen.
    pub member_basis: Option<MemberBasis>,
    /// 1 to 50.
    pub term_years: Option<i32>,
}

impl ElectoralBodyDraft {
    /// Checks the draft against the country that the body serves.
    pub fn check(&self, faults: &mut Faults, country: Option<CountryCode>) -> ElectoralBodyFacts {
        let mut mandates = self.mandates.clone();
        mandates.sort_unstable();
        mandates.dedup();
        ElectoralBodyFacts {
            model: self.model,
            level: self.level.unwrap_or(BodyLevel::National),
            mandates,
            jurisdictions: list(faults, "jurisdictions", &self.jurisdictions, 100, |raw| subdivision(raw, country)),
            member_count: number(faults, "memberCount", self.member_count, 1..=1_000),
            member_basis: self.member_basis,
            term_years: number(faults, "termYears", self.term_years, 1..=50),
        }
    }
}

impl ElectoralBodyFacts {
    /// The facts as somebody would type them again.
    pub fn draft(&self) -> ElectoralBodyDraft {
        ElectoralBodyDraft {
            model: self.model,
            level: Some(self.level),
            mandates: self.mandates.clone(),
            jurisdictions: self.jurisdictions.clone(),
            member_count: self.member_count,
            member_basis: self.member_basis,
            term_years: self.term_years,
        }
    }
}

/// Reads an ISO 3166-2 code (`ID-JK`) of that country.
fn subdivision(raw: &str, country: Option<CountryCode>) -> Result<String> {
    let code = raw.trim().to_ascii_uppercase();
    let malformed = || Error::invalid(Reason::Malformed, "", "A part of a country is written as ISO 3166-2 has it: ID-JK.");
    let (head, tail) = code.split_once('-').ok_or_else(malformed)?;
    if head.len() != 2 || !matches!(tail.len(), 1..=3) || !tail.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(malformed());
    }
    if country.is_some_and(|country| country.as_str() != head) {
        return Err(Error::invalid(Reason::Contradiction, "", "This is a part of another country."));
    }
    Ok(code)
}

/// What a list of electoral bodies is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct ElectoralBodyFilter {
    /// Words found in any name, the abbreviation, or any name of the country.
    pub search: Option<SearchTerm>,
    /// Bodies of this country.
    pub country: Option<CountryCode>,
    /// Bodies of countries within this region, at any depth.
    pub region: Option<M49>,
    /// Bodies under any of these models.
    pub models: Vec<ElectoralModel>,
    /// Bodies with any of these states; empty: every state but DISSOLVED.
    pub statuses: Vec<OrganisationStatus>,
    /// Whether dissolved bodies are shown beside the others.
    pub include_historical: bool,
}

impl ElectoralBodyFilter {
    /// The states that the filter lets through.
    pub fn wanted_statuses(&self) -> Vec<OrganisationStatus> {
        super::organisation_filter::wanted_statuses(&self.statuses, self.include_historical)
    }
}

closed! {
    /// How a list of electoral bodies is sorted.
    ElectoralBodyOrder {
        /// By the English name, A first.
        Name = "NAME",
        /// By country code, then by name.
        Country = "COUNTRY",
    }
}
