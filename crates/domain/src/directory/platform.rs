//! The services of platform companies. A company itself is an [`super::organisation::Organisation`].

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    entry::{Entry, LIST, RawTexts, day, list, optional, raw_texts, replace, texts},
    organisation::OrganisationStatus,
    provenance::{Provenance, ProvenanceDraft},
};
use crate::{
    error::{Faults, Reason, Result, closed},
    id::{OrganisationId, kinds},
    text::{CountryCode, LocalizedText, SHORT, SearchTerm, WebUrl, block},
};

closed! {
    /// What a service is, in the main.
    PlatformServiceType {
        /// A social network.
        Social = "SOCIAL",
        /// Sharing of videos.
        Video = "VIDEO",
        /// Messaging.
        Messaging = "MESSAGING",
        /// A search engine.
        Search = "SEARCH",
        /// Discussion forums.
        Forum = "FORUM",
        /// A marketplace.
        Marketplace = "MARKETPLACE",
        /// Maps.
        Maps = "MAPS",
        /// An encyclopaedia.
        Encyclopaedia = "ENCYCLOPAEDIA",
        /// Music, podcasts, radio.
        Audio = "AUDIO",
        /// Adult content.
        Adult = "ADULT",
        /// Generation of content by machines.
        GenerativeAi = "GENERATIVE_AI",
        /// Delivery of advertising.
        AdNetwork = "AD_NETWORK",
        /// A shop for applications.
        AppStore = "APP_STORE",
        /// Something else.
        Other = "OTHER",
    }
}

pub use super::dsa::{DsaStatus, EuUsers};

/// What the directory says of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformServiceFields {
    /// The company that runs it.
    pub platform: OrganisationId,
    /// Its names.
    pub names: LocalizedText,
    /// What it is, in the main.
    pub kind: PlatformServiceType,
    /// Its website.
    pub website: Option<WebUrl>,
    /// Whether it is offered.
    pub status: OrganisationStatus,
    /// Where it is offered; empty: not known or everywhere.
    pub countries_offered: Vec<CountryCode>,
    /// Pages with its rules.
    pub policy_urls: Vec<WebUrl>,
    /// Pages with its transparency reports.
    pub transparency_urls: Vec<WebUrl>,
    /// Its standing under the Digital Services Act.
    pub dsa_status: DsaStatus,
    /// When it was designated.
    pub dsa_designated_on: Option<NaiveDate>,
    /// When its designation ended.
    pub dsa_ended_on: Option<NaiveDate>,
    /// Its monthly users in the European Union.
    pub eu_monthly_users: Option<EuUsers>,
    /// What that figure means and where it stands.
    pub eu_users_note: Option<String>,
    /// Where all this comes from.
    pub provenance: Provenance,
}

/// A service of a platform company.
pub type PlatformService = Entry<kinds::PlatformService, PlatformServiceFields>;

/// A service as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct PlatformServiceDraft {
    /// The company that runs it.
    pub platform: Option<OrganisationId>,
    /// Its names, at least one.
    pub names: RawTexts,
    /// What it is, in the main.
    pub kind: Option<PlatformServiceType>,
    /// Its website.
    pub website: Option<String>,
    /// ACTIVE if left out.
    pub status: Option<OrganisationStatus>,
    /// ISO 3166-1 alpha-2 codes.
    pub countries_offered: Vec<String>,
    /// Pages with its rules.
    pub policy_urls: Vec<String>,
    /// Pages with its transparency reports.
    pub transparency_urls: Vec<String>,
    /// NONE if left out.
    pub dsa_status: Option<DsaStatus>,
    /// When it was designated.
    pub dsa_designated_on: Option<String>,
    /// When its designation ended.
    pub dsa_ended_on: Option<String>,
    /// Millions: `104.3`, `>45`.
    pub eu_monthly_users_millions: Option<String>,
    /// What that figure means.
    pub eu_users_note: Option<String>,
    /// Where all this comes from.
    pub provenance: ProvenanceDraft,
}

impl PlatformServiceDraft {
    /// Checks every value and reports all faults at once.
    pub fn check(&self) -> Result<PlatformServiceFields> {
        let mut faults = Faults::default();
        if self.platform.is_none() {
            faults.add(Reason::Required, "platform", "The company that runs the service is needed.");
        }
        if self.kind.is_none() {
            faults.add(Reason::Required, "type", "The type of service is needed.");
        }
        let names = texts(&mut faults, "names", &self.names, SHORT);
        let website = optional(&mut faults, "website", self.website.as_deref(), WebUrl::parse);
        let countries_offered = list(&mut faults, "countriesOffered", &self.countries_offered, LIST, CountryCode::parse);
        let policy_urls = list(&mut faults, "policyUrls", &self.policy_urls, 30, WebUrl::parse);
        let transparency_urls = list(&mut faults, "transparencyUrls", &self.transparency_urls, 30, WebUrl::parse);
        let designated = optional(&mut faults, "dsaDesignatedOn", self.dsa_designated_on.as_deref(), day);
        let ended = optional(&mut faults, "dsaEndedOn", self.dsa_ended_on.as_deref(), day);
        let dsa_status = self.dsa_status.unwrap_or(DsaStatus::None);
        check_designation(&mut faults, dsa_status, designated, ended);
        let users = optional(&mut faults, "euMonthlyUsersMillions", self.eu_monthly_users_millions.as_deref(), EuUsers::parse);
        let eu_users_note = optional(&mut faults, "euUsersNote", self.eu_users_note.as_deref(), |raw| block(raw, 1_000));
        let provenance = self.provenance.check(&mut faults, "provenance");
        let value = match (self.platform, names, self.kind) {
            (Some(platform), Some(names), Some(kind)) => Some(PlatformServiceFields {
                platform,
                names,
                kind,
                website,
                status: self.status.unwrap_or(OrganisationStatus::Active),
                countries_offered,
                policy_urls,
                transparency_urls,
                dsa_status,
                dsa_designated_on: designated,
                dsa_ended_on: ended,
                eu_monthly_users: users,
                eu_users_note,
                provenance,
            }),
            _ => None,
        };
        faults.finish_with(value)
    }
}

fn check_designation(faults: &mut Faults, status: DsaStatus, designated: Option<NaiveDate>, ended: Option<NaiveDate>) {
    if status == DsaStatus::None && designated.is_some() {
        faults.add(Reason::Contradiction, "dsaDesignatedOn", "A service that was never designated has no day of designation.");
    }
    if status != DsaStatus::Ended && ended.is_some() {
        faults.add(Reason::Contradiction, "dsaEndedOn", "Only a designation that ended has a day on which it ended.");
    }
    if designated.zip(ended).is_some_and(|(from, to)| to < from) {
        faults.add(Reason::BeforePrevious, "dsaEndedOn", "A designation ends after it began.");
    }
}

impl PlatformServiceFields {
    /// The names folded for search; the company's are searched beside them.
    pub fn search_text(&self) -> String {
        self.names.folded()
    }

    /// The fields as somebody would type them again.
    pub fn draft(&self) -> PlatformServiceDraft {
        let urls = |urls: &[WebUrl]| urls.iter().map(|url| url.as_str().to_owned()).collect();
        PlatformServiceDraft {
            platform: Some(self.platform),
            names: raw_texts(&self.names),
            kind: Some(self.kind),
            website: self.website.as_ref().map(|url| url.as_str().to_owned()),
            status: Some(self.status),
            countries_offered: self.countries_offered.iter().map(ToString::to_string).collect(),
            policy_urls: urls(&self.policy_urls),
            transparency_urls: urls(&self.transparency_urls),
            dsa_status: Some(self.dsa_status),
            dsa_designated_on: self.dsa_designated_on.map(|day| day.to_string()),
            dsa_ended_on: self.dsa_ended_on.map(|day| day.to_string()),
            eu_monthly_users_millions: self.eu_monthly_users.map(|users| users.to_string()),
            eu_users_note: self.eu_users_note.clone(),
            provenance: self.provenance.draft(),
        }
    }
}

/// A change of a service: each part that is given replaces what was there; `Some(None)` empties it.
#[derive(Clone, Debug, Default)]
pub struct PlatformServicePatch {
    /// All names.
    pub names: Option<RawTexts>,
    /// What it is.
    pub kind: Option<PlatformServiceType>,
    /// Its website.
    pub website: Option<Option<String>>,
    /// Whether it is offered.
    pub status: Option<OrganisationStatus>,
    /// All countries where it is offered.
    pub countries_offered: Option<Vec<String>>,
    /// All pages with its rules.
    pub policy_urls: Option<Vec<String>>,
    /// All pages with its transparency reports.
    pub transparency_urls: Option<Vec<String>>,
    /// Its standing under the Digital Services Act.
    pub dsa_status: Option<DsaStatus>,
    /// When it was designated.
    pub dsa_designated_on: Option<Option<String>>,
    /// When its designation ended.
    pub dsa_ended_on: Option<Option<String>>,
    /// Millions of monthly users in the European Union.
    pub eu_monthly_users_millions: Option<Option<String>>,
    /// What that figure means.
    pub eu_users_note: Option<Option<String>>,
    /// Where all this comes from.
    pub provenance: Option<ProvenanceDraft>,
}

impl PlatformServicePatch {
    /// The fields after the change, checked.
    pub fn apply(self, fields: &PlatformServiceFields) -> Result<PlatformServiceFields> {
        let mut draft = fields.draft();
        replace(&mut draft.names, self.names);
        draft.kind = self.kind.or(draft.kind);
        replace(&mut draft.website, self.website);
        draft.status = self.status.or(draft.status);
        replace(&mut draft.countries_offered, self.countries_offered);
        replace(&mut draft.policy_urls, self.policy_urls);
        replace(&mut draft.transparency_urls, self.transparency_urls);
        draft.dsa_status = self.dsa_status.or(draft.dsa_status);
        replace(&mut draft.dsa_designated_on, self.dsa_designated_on);
        replace(&mut draft.dsa_ended_on, self.dsa_ended_on);
        replace(&mut draft.eu_monthly_users_millions, self.eu_monthly_users_millions);
        replace(&mut draft.eu_users_note, self.eu_users_note);
        replace(&mut draft.provenance, self.provenance);
        draft.check()
    }
}

/// What a list of services is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct PlatformServiceFilter {
    /// Words found in any name of the service or of its company.
    pub search: Option<SearchTerm>,
    /// Services of any of these types; empty: of every type.
    pub types: Vec<PlatformServiceType>,
    /// Services of this company.
    pub platform: Option<OrganisationId>,
    /// Services with any of these standings; empty: with any.
    pub dsa_statuses: Vec<DsaStatus>,
    /// Whether services that are no longer offered are shown beside the others.
    pub include_historical: bool,
}

closed! {
    /// How a list of services is sorted.
    PlatformServiceOrder {
        /// By the English name, A first.
        Name = "NAME",
    }
}
