//! Closed lists about organisations and places. The descriptions are those of the domain.

use async_graphql::Enum;

/// The kinds of organisation that the policy tells apart, as the directory lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::policy::OrganisationKind")]
pub enum OrganisationKind {
    /// A body with a mandate in elections, courts and supervisors included.
    ElectoralBody,
    /// A company that runs online platforms.
    PlatformCompany,
    /// A part of the United Nations.
    UnEntity,
    /// An intergovernmental organisation outside the United Nations.
    Intergovernmental,
    /// A civil-society organisation.
    Cso,
    /// A university or research institute.
    Academia,
    /// A government or its agency, other than an electoral body.
    Government,
    /// A media organisation.
    Media,
    /// A donor.
    Donor,
    /// A coalition or group of organisations without a legal form of its own.
    Coalition,
}

/// Whether an organisation is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::organisation::OrganisationStatus")]
pub enum OrganisationStatus {
    /// It is at work.
    Active,
    /// It exists and is not at work now.
    Dormant,
    /// It was dissolved or replaced; lists show it only when asked for.
    Dissolved,
}

/// How a list of organisations is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::organisation::OrganisationOrder")]
pub enum OrganisationOrder {
    /// By the English name, A first.
    Name,
    /// By when it was entered, the oldest first.
    CreatedAt,
}

/// How elections are managed, in International IDEA's classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::electoral_body::ElectoralModel")]
pub enum ElectoralModel {
    /// An institution independent of the executive.
    Independent,
    /// The executive, through a ministry or local authorities.
    Governmental,
    /// Both: one decides or supervises, the other carries out.
    Mixed,
    /// The country holds no national elections.
    NotApplicable,
}

/// What a body is charged with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::electoral_body::Mandate")]
pub enum Mandate {
    /// Conducts elections.
    Conduct,
    /// Supervises those who conduct them.
    Supervise,
    /// Decides disputes.
    Adjudicate,
    /// Regulates campaigns, their money or their advertising.
    RegulateCampaign,
    /// Draws boundaries of constituencies.
    Boundaries,
    /// Registers voters.
    VoterRegistration,
    /// Educates voters.
    CivicEducation,
}

/// How much of a country a body serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::electoral_body::BodyLevel")]
pub enum BodyLevel {
    /// The whole country or territory.
    National,
    /// A part of it.
    Subnational,
    /// Several countries.
    Supranational,
}

/// By what a body's members are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::electoral_body::MemberBasis")]
pub enum MemberBasis {
    /// Parties name them.
    Partisan,
    /// They are chosen as experts.
    Expert,
    /// Some of each.
    Mixed,
    /// By something else.
    Other,
}

/// How a list of electoral bodies is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::electoral_body::ElectoralBodyOrder")]
pub enum ElectoralBodyOrder {
    /// By the English name, A first.
    Name,
    /// By country code, then by name.
    Country,
}

/// Whether a source stands behind an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::provenance::ProvenanceState")]
pub enum ProvenanceState {
    /// A source says so.
    Sourced,
    /// It is general knowledge that was seen in no source; check before relying on it.
    Unverified,
}

/// How large a region is in the United Nations' M49.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::country::RegionLevel")]
pub enum RegionLevel {
    /// A continent, as M49 counts them.
    Region,
    /// A part of a continent.
    SubRegion,
    /// A part of a sub-region.
    IntermediateRegion,
}

/// A published list that a country stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::country::CountryGroup")]
pub enum CountryGroup {
    /// Least developed countries (United Nations).
    Ldc,
    /// Landlocked developing countries (United Nations).
    Lldc,
    /// Small island developing states (United Nations).
    Sids,
    /// Countries with a humanitarian response plan (OCHA).
    Hrp,
    /// Countries in the Global Humanitarian Overview (OCHA).
    Gho,
}

/// The World Bank's group of a country by income.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::country::IncomeGroup")]
pub enum IncomeGroup {
    /// Low income.
    Low,
    /// Lower middle income.
    LowerMiddle,
    /// Upper middle income.
    UpperMiddle,
    /// High income.
    High,
}

/// Where a country's code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::directory::country::CodeStatus")]
pub enum CodeStatus {
    /// ISO 3166-1 assigns it.
    Official,
    /// A user-assigned code of ISO 3166-1 in general use (XK).
    UserAssigned,
}
