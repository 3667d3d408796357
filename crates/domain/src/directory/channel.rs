//! Ways to reach a platform. The address is restricted; that there is a channel, and how fresh it is, is public.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use super::{
    entry::{Entry, LIST, list, optional, replace},
    hours::check_hours,
};
use crate::{
    error::{Faults, Reason, Result, closed},
    id::{ChannelId, InstrumentId, OrganisationId, PlatformServiceId, kinds},
    text::{CountryCode, LanguageTag, SHORT, block, line},
};

closed! {
    /// What a channel is.
    ChannelKind {
        /// A person who answers.
        LiaisonPerson = "LIAISON_PERSON",
        /// A mailbox.
        Email = "EMAIL",
        /// A form on a page.
        WebForm = "WEB_FORM",
        /// A portal for partners.
        PartnerPortal = "PARTNER_PORTAL",
        /// An interface for programs.
        Api = "API",
        /// A telephone.
        Phone = "PHONE",
        /// A group in a messaging service.
        MessagingGroup = "MESSAGING_GROUP",
        /// Where papers with legal force are served.
        LegalIntake = "LEGAL_INTAKE",
    }
}

impl ChannelKind {
    /// Whether its address is a person's, so that the audit log tells of each who reads it (DOMAIN 4.1).
    pub const fn is_person(self) -> bool {
        matches!(self, Self::LiaisonPerson)
    }
}

closed! {
    /// What a channel is for, in the kinds of contact.
    ChannelPurpose {
        /// A review under the platform's rules.
        Escalation = "ESCALATION",
        /// A notice with legal force.
        LegalNotice = "LEGAL_NOTICE",
        /// An order with legal force.
        LegalOrder = "LEGAL_ORDER",
        /// A question of fact.
        InformationRequest = "INFORMATION_REQUEST",
        /// A question about a rule.
        PolicyQuestion = "POLICY_QUESTION",
        /// Dates, procedures, official accounts.
        AuthoritativeInfo = "AUTHORITATIVE_INFO",
        /// Political advertising.
        AdMatter = "AD_MATTER",
        /// Verification or recovery of an account.
        AccountSupport = "ACCOUNT_SUPPORT",
        /// A warning of a threat.
        ThreatWarning = "THREAT_WARNING",
        /// Training and exercises.
        Training = "TRAINING",
        /// Appeals and reviews afterwards.
        FollowUp = "FOLLOW_UP",
    }
}

pub use super::{
    channel_state::{CHECK_AFTER_DAYS, ChannelState, ChannelStatus, Verification, check_before},
    hours::{HoursSpan, HoursSpanDraft, is_open, next_opening},
};

/// What the directory says of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelFields {
    /// The company that it reaches.
    pub platform: OrganisationId,
    /// The service that it is for; `None`: all of the company's.
    pub service: Option<PlatformServiceId>,
    /// What it is.
    pub kind: ChannelKind,
    /// What it is for; empty: anything.
    pub purposes: Vec<ChannelPurpose>,
    /// Whom it serves; empty: every country.
    pub coverage_countries: Vec<CountryCode>,
    /// In which languages somebody answers.
    pub languages: Vec<LanguageTag>,
    /// When somebody answers; empty: not known.
    pub hours: Vec<HoursSpan>,
    /// The zone of those hours.
    pub hours_zone: Option<String>,
    /// How to reach it. Restricted: the coordinator, the platform, and the bodies of the countries it serves.
    pub address: Option<String>,
    /// How to use it; restricted as the address is.
    pub instructions: Option<String>,
    /// The agreement or law that it stands on.
    #[serde(default)]
    pub instrument: Option<InstrumentId>,
}

/// What a channel's entry says and how far it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelEntry {
    /// What it says.
    pub fields: ChannelFields,
    /// How far it holds.
    pub state: ChannelState,
}

/// A channel of the directory.
pub type Channel = Entry<kinds::Channel, ChannelEntry>;

impl Channel {
    /// Whether it serves a country.
    pub fn covers(&self, country: CountryCode) -> bool {
        let covered = &self.fields.fields.coverage_countries;
        covered.is_empty() || covered.contains(&country)
    }
}

/// A channel as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct ChannelDraft {
    /// The company that it reaches.
    pub platform: Option<OrganisationId>,
    /// The service that it is for.
    pub service: Option<PlatformServiceId>,
    /// What it is.
    pub kind: Option<ChannelKind>,
    /// What it is for.
    pub purposes: Vec<ChannelPurpose>,
    /// ISO 3166-1 alpha-2 codes.
    pub coverage_countries: Vec<String>,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// When somebody answers.
    pub hours: Vec<HoursSpanDraft>,
    /// The zone of those hours; needed with hours.
    pub hours_zone: Option<String>,
    /// How to reach it.
    pub address: Option<String>,
    /// How to use it.
    pub instructions: Option<String>,
    /// The agreement or law that it stands on.
    pub instrument: Option<InstrumentId>,
}

impl ChannelDraft {
    /// Checks every value and reports all faults at once. That company, service, countries and instrument exist is for the caller to check.
    pub fn check(&self) -> Result<ChannelFields> {
        let mut faults = Faults::default();
        if self.platform.is_none() {
            faults.add(Reason::Required, "platform", "The platform is needed.");
        }
        if self.kind.is_none() {
            faults.add(Reason::Required, "kind", "The kind of channel is needed.");
        }
        let mut purposes = self.purposes.clone();
        purposes.sort_unstable();
        purposes.dedup();
        let coverage_countries = list(&mut faults, "coverageCountries", &self.coverage_countries, LIST, CountryCode::parse);
        let languages = list(&mut faults, "languages", &self.languages, 60, LanguageTag::parse);
        let hours = check_hours(&mut faults, "hours", &self.hours);
        let zone = |raw: &str| Ok(crate::time::zone(raw)?.name().to_owned());
        let hours_zone = optional(&mut faults, "hoursTimeZone", self.hours_zone.as_deref(), zone);
        if !self.hours.is_empty() && self.hours_zone.as_deref().is_none_or(|raw| raw.trim().is_empty()) {
            faults.add(Reason::Required, "hoursTimeZone", "Hours need the zone of their clock.");
        }
        let address = optional(&mut faults, "address", self.address.as_deref(), |raw| line(raw, SHORT));
        let instructions = optional(&mut faults, "instructions", self.instructions.as_deref(), |raw| block(raw, 2_000));
        let value = self.platform.zip(self.kind).map(|(platform, kind)| ChannelFields {
            platform,
            service: self.service,
            kind,
            purposes,
            coverage_countries,
            languages,
            hours,
            hours_zone,
            address,
            instructions,
            instrument: self.instrument,
        });
        faults.finish_with(value)
    }
}

impl ChannelFields {
    /// The fields as somebody would type them again.
    pub fn draft(&self) -> ChannelDraft {
        let time = |time: NaiveTime| time.format("%H:%M").to_string();
        ChannelDraft {
            platform: Some(self.platform),
            service: self.service,
            kind: Some(self.kind),
            purposes: self.purposes.clone(),
            coverage_countries: self.coverage_countries.iter().map(ToString::to_string).collect(),
            languages: self.languages.iter().map(|tag| tag.as_str().to_owned()).collect(),
            hours: self
                .hours
                .iter()
                .map(|span| HoursSpanDraft { day: span.day, opens_at: time(span.opens_at), closes_at: time(span.closes_at) })
                .collect(),
            hours_zone: self.hours_zone.clone(),
            address: self.address.clone(),
            instructions: self.instructions.clone(),
            instrument: self.instrument,
        }
    }
}

/// A change of a channel: each part that is given replaces what was there; `Some(None)` empties it.
#[derive(Clone, Debug, Default)]
pub struct ChannelPatch {
    /// The service that it is for.
    pub service: Option<Option<PlatformServiceId>>,
    /// What it is.
    pub kind: Option<ChannelKind>,
    /// All purposes.
    pub purposes: Option<Vec<ChannelPurpose>>,
    /// All countries it serves.
    pub coverage_countries: Option<Vec<String>>,
    /// All languages.
    pub languages: Option<Vec<String>>,
    /// All hours.
    pub hours: Option<Vec<HoursSpanDraft>>,
    /// The zone of the hours.
    pub hours_zone: Option<Option<String>>,
    /// How to reach it.
    pub address: Option<Option<String>>,
    /// How to use it.
    pub instructions: Option<Option<String>>,
    /// The agreement or law that it stands on.
    pub instrument: Option<Option<InstrumentId>>,
}

impl ChannelPatch {
    /// The fields after the change, checked.
    pub fn apply(self, fields: &ChannelFields) -> Result<ChannelFields> {
        let mut draft = fields.draft();
        replace(&mut draft.service, self.service);
        draft.kind = self.kind.or(draft.kind);
        replace(&mut draft.purposes, self.purposes);
        replace(&mut draft.coverage_countries, self.coverage_countries);
        replace(&mut draft.languages, self.languages);
        replace(&mut draft.hours, self.hours);
        replace(&mut draft.hours_zone, self.hours_zone);
        replace(&mut draft.address, self.address);
        replace(&mut draft.instructions, self.instructions);
        replace(&mut draft.instrument, self.instrument);
        draft.check()
    }
}

/// What a list of channels is narrowed to. There is no filter on what not everybody may read.
#[derive(Clone, Debug, Default)]
pub struct ChannelFilter {
    /// Channels that serve this country.
    pub country: Option<CountryCode>,
    /// Channels of this company.
    pub platform: Option<OrganisationId>,
    /// Channels for this service, those for all of its company's included.
    pub service: Option<PlatformServiceId>,
    /// Channels for this purpose, those for anything included.
    pub purpose: Option<ChannelPurpose>,
    /// Channels on which somebody answers in this language, in any of its varieties.
    pub language: Option<LanguageTag>,
    /// Channels of any of these kinds; empty: of every kind.
    pub kinds: Vec<ChannelKind>,
    /// Channels with any of these states; empty: every state but RETIRED.
    pub statuses: Vec<ChannelStatus>,
    /// Channels over which, as far as the reader may be told, answers have stopped. Needed where [`Self::tells_degraded`].
    pub stopped: Vec<ChannelId>,
}

impl ChannelFilter {
    /// Whether it tells channels that can be relied on from those that cannot.
    pub fn tells_degraded(&self) -> bool {
        let wanted = self.wanted_statuses();
        wanted.contains(&ChannelStatus::Active) != wanted.contains(&ChannelStatus::Degraded)
    }

    /// The states that the filter lets through.
    pub fn wanted_statuses(&self) -> Vec<ChannelStatus> {
        if self.statuses.is_empty() {
            vec![ChannelStatus::Unverified, ChannelStatus::Active, ChannelStatus::Degraded]
        } else {
            self.statuses.clone()
        }
    }
}

closed! {
    /// How a list of channels is sorted.
    ChannelOrder {
        /// Verified last first; those never verified come last.
        VerifiedAtDesc = "VERIFIED_AT_DESC",
        /// By when it was entered, the oldest first.
        CreatedAt = "CREATED_AT",
        /// Those on which somebody answers in the reader's languages first, the best of them before the others; then those of which the
        /// languages are not known. Among equals as `VerifiedAtDesc`.
        LanguageMatch = "LANGUAGE_MATCH",
    }
}
