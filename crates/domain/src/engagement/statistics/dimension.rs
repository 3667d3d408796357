//! What counted contacts are told apart by.

use chrono::{Datelike, NaiveDate};

use super::{counted::Counted, phase::ElectionPhase};
use crate::{
    directory::country::M49,
    engagement::vocabulary::{Kind, Urgency},
    error::closed,
    id::{OrganisationId, PlatformServiceId},
    text::LanguageTag,
    time::Instant,
};

closed! {
    /// What contacts are told apart by.
    ResponsivenessDimension {
        /// The platform company.
        Platform = "PLATFORM",
        /// The platform's service.
        PlatformService = "PLATFORM_SERVICE",
        /// What they are about.
        Kind = "KIND",
        /// How soon an answer is needed.
        Urgency = "URGENCY",
        /// The phase of the election when they were sent.
        Phase = "PHASE",
        /// The sub-region of the body's country in the United Nations' M49.
        Region = "REGION",
        /// The language in which they are written.
        Language = "LANGUAGE",
        /// The month in which they were sent, in UTC.
        Period = "PERIOD",
        /// The electoral body that sent them.
        ElectoralBody = "ELECTORAL_BODY",
    }
}

closed! {
    /// Whether a kind has legal force. Kinds that differ in this are never counted together: Brazil runs voluntary alerts and orders with
    /// limits of hours side by side.
    Force {
        /// Under the platform's own rules, or a mere question.
        Voluntary = "VOLUNTARY",
        /// A legal notice or order.
        Legal = "LEGAL",
    }
}

impl Force {
    /// That of a kind.
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::LegalNotice | Kind::LegalOrder => Self::Legal,
            _ => Self::Voluntary,
        }
    }
}

/// The dimensions by which contacts of these kinds (all, if empty) are told apart: those asked for, and the kind where what has legal force
/// would be counted together with what has none.
pub fn separating(asked: &[ResponsivenessDimension], kinds: &[Kind]) -> Vec<ResponsivenessDimension> {
    let mut dimensions = asked.to_vec();
    let of = |force: Force| kinds.iter().any(|kind| Force::of(*kind) == force);
    let mixed = kinds.is_empty() || (of(Force::Legal) && of(Force::Voluntary));
    if mixed && !dimensions.contains(&ResponsivenessDimension::Kind) {
        dimensions.push(ResponsivenessDimension::Kind);
    }
    dimensions
}

/// A month in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a moment.
    pub fn of(at: Instant) -> Self {
        Self::holding(at.date_naive())
    }

    /// The month of a day.
    pub fn holding(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Its first day.
    pub const fn first_day(self) -> NaiveDate {
        self.0
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

/// Where a contact stands in one dimension. `None` inside: the contact says nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each variant is the dimension of the same name")]
pub enum Value {
    Platform(Option<OrganisationId>),
    PlatformService(Option<PlatformServiceId>),
    Kind(Kind),
    Urgency(Urgency),
    Phase(ElectionPhase),
    Region(Option<M49>),
    Language(Option<LanguageTag>),
    Period(Month),
    ElectoralBody(OrganisationId),
}

impl Value {
    /// Where a contact stands. `region` is that of its body's country.
    pub fn of(dimension: ResponsivenessDimension, contact: &Counted, region: Option<M49>) -> Self {
        match dimension {
            ResponsivenessDimension::Platform => Self::Platform(contact.platform),
            ResponsivenessDimension::PlatformService => Self::PlatformService(contact.service),
            ResponsivenessDimension::Kind => Self::Kind(contact.kind),
            ResponsivenessDimension::Urgency => Self::Urgency(contact.urgency),
            ResponsivenessDimension::Phase => Self::Phase(contact.phase),
            ResponsivenessDimension::Region => Self::Region(region),
            ResponsivenessDimension::Language => Self::Language(contact.language.clone()),
            ResponsivenessDimension::Period => Self::Period(Month::of(contact.sent_at)),
            ResponsivenessDimension::ElectoralBody => Self::ElectoralBody(contact.electoral_body),
        }
    }

    /// The dimension.
    pub const fn dimension(&self) -> ResponsivenessDimension {
        match self {
            Self::Platform(_) => ResponsivenessDimension::Platform,
            Self::PlatformService(_) => ResponsivenessDimension::PlatformService,
            Self::Kind(_) => ResponsivenessDimension::Kind,
            Self::Urgency(_) => ResponsivenessDimension::Urgency,
            Self::Phase(_) => ResponsivenessDimension::Phase,
            Self::Region(_) => ResponsivenessDimension::Region,
            Self::Language(_) => ResponsivenessDimension::Language,
            Self::Period(_) => ResponsivenessDimension::Period,
            Self::ElectoralBody(_) => ResponsivenessDimension::ElectoralBody,
        }
    }

    /// The value on the wire: an id, a word, a code, a tag, or a month as `2026-03`; none where the contact says nothing.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Platform(id) => id.map(|id| id.to_string()),
            Self::PlatformService(id) => id.map(|id| id.to_string()),
            Self::Kind(kind) => Some(kind.to_string()),
            Self::Urgency(urgency) => Some(urgency.to_string()),
            Self::Phase(phase) => Some(phase.to_string()),
            Self::Region(region) => region.map(|region| region.to_string()),
            Self::Language(tag) => tag.as_ref().map(|tag| tag.as_str().to_owned()),
            Self::Period(month) => Some(month.to_string()),
            Self::ElectoralBody(id) => Some(id.to_string()),
        }
    }
}
