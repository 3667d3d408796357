//! `platform_services.csv`, `elections.csv`, `reporting_programmes.csv` and `publications.csv`.

use tertulia_domain::{
    Result,
    directory::{
        election::{Election, ElectionDraft, ElectionFields, ElectionStatus, ElectionType},
        organisation::OrganisationStatus,
        platform::{DsaStatus, PlatformService, PlatformServiceDraft, PlatformServiceFields, PlatformServiceType},
        polling_day::{PollingDayDraft, SilencePeriodDraft},
        reporting_programme::{ReportingProgramme, ReportingProgrammeDraft, ReportingProgrammeFields},
    },
    id::kinds,
    knowledge::publication::{Publication, PublicationDraft, PublicationFields, PublicationType, PublicationVisibility},
};

use super::{
    keys::{Keys, Spelled, spelled},
    row::{Row, join, join_codes, join_texts, provenance_cells},
    sheet::Problems,
};

pub(super) const SERVICES: &str = "platform_services.csv";
pub(super) const SERVICE_COLUMNS: &[&str] = &[
    "key",
    "version",
    "platform",
    "names",
    "type",
    "website",
    "status",
    "countries_offered",
    "policy_urls",
    "transparency_urls",
    "dsa_status",
    "dsa_designated_on",
    "dsa_ended_on",
    "eu_monthly_users_millions",
    "eu_users_note",
    "provenance_state",
    "source_url",
    "source_note",
    "as_of",
];
pub(super) const ELECTIONS: &str = "elections.csv";
pub(super) const ELECTION_COLUMNS: &[&str] = &[
    "key",
    "version",
    "country",
    "jurisdiction",
    "type",
    "status",
    "polling_days",
    "silence_periods",
    "campaign_from",
    "campaign_to",
    "responsible_bodies",
    "provenance_state",
    "source_url",
    "source_note",
    "as_of",
];
pub(super) const PROGRAMMES: &str = "reporting_programmes.csv";
pub(super) const PROGRAMME_COLUMNS: &[&str] = &[
    "key",
    "version",
    "names",
    "operator",
    "operator_name",
    "who_may_join",
    "covers",
    "url",
    "provenance_state",
    "source_url",
    "source_note",
    "as_of",
];
pub(super) const PUBLICATIONS: &str = "publications.csv";
pub(super) const PUBLICATION_COLUMNS: &[&str] = &[
    "key",
    "version",
    "titles",
    "type",
    "languages",
    "published_on",
    "url",
    "doi",
    "publishers",
    "authors",
    "visibility",
    "provenance_state",
    "source_url",
    "source_note",
    "as_of",
];

type OrganisationKeys = Keys<kinds::Organisation>;

pub(super) fn service(row: &Row, keys: &OrganisationKeys, problems: &mut Problems) -> Option<PlatformServiceFields> {
    let draft = PlatformServiceDraft {
        platform: keys.organisation(row, "platform", problems),
        names: row.texts("names", problems),
        kind: row.member("type", PlatformServiceType::ALL, PlatformServiceType::parse, problems),
        website: row.text("website"),
        status: row.member("status", OrganisationStatus::ALL, OrganisationStatus::parse, problems),
        countries_offered: row.codes("countries_offered"),
        policy_urls: row.list("policy_urls"),
        transparency_urls: row.list("transparency_urls"),
        dsa_status: row.member("dsa_status", DsaStatus::ALL, DsaStatus::parse, problems),
        dsa_designated_on: row.text("dsa_designated_on"),
        dsa_ended_on: row.text("dsa_ended_on"),
        eu_monthly_users_millions: row.text("eu_monthly_users_millions"),
        eu_users_note: row.text("eu_users_note"),
        provenance: row.provenance(problems),
    };
    row.checked(draft.check(), problems)
}

pub(super) fn service_cells(entry: &PlatformService, keys: &Spelled) -> Vec<String> {
    let draft = entry.fields.draft();
    let [state, url, note, as_of] = provenance_cells(draft.provenance);
    vec![
        spelled(entry),
        entry.version.to_string(),
        keys.key(entry.platform),
        join_texts(&draft.names),
        entry.kind.to_string(),
        draft.website.unwrap_or_default(),
        entry.status.to_string(),
        join_codes(&draft.countries_offered),
        join(&draft.policy_urls),
        join(&draft.transparency_urls),
        entry.dsa_status.to_string(),
        draft.dsa_designated_on.unwrap_or_default(),
        draft.dsa_ended_on.unwrap_or_default(),
        draft.eu_monthly_users_millions.unwrap_or_default(),
        draft.eu_users_note.unwrap_or_default(),
        state,
        url,
        note,
        as_of,
    ]
}

pub(super) fn election(row: &Row, keys: &OrganisationKeys, problems: &mut Problems) -> Option<ElectionFields> {
    let draft = ElectionDraft {
        country: row.text("country"),
        jurisdiction: row.text("jurisdiction"),
        kind: row.member("type", ElectionType::ALL, ElectionType::parse, problems),
        status: row.member("status", ElectionStatus::ALL, ElectionStatus::parse, problems),
        polling_days: each(row, "polling_days", PollingDayDraft::read, problems),
        silence_periods: each(row, "silence_periods", SilencePeriodDraft::read, problems),
        campaign_from: row.text("campaign_from"),
        campaign_to: row.text("campaign_to"),
        responsible_bodies: keys.organisations(row, "responsible_bodies", problems),
        provenance: row.provenance(problems),
    };
    row.checked(draft.check(), problems)
}

fn each<T>(row: &Row, column: &'static str, read: fn(&str) -> Result<T>, problems: &mut Problems) -> Vec<T> {
    let parts = row.list(column);
    parts.iter().filter_map(|part| row.checked(read(part).map_err(|error| error.under(column)), problems)).collect()
}

pub(super) fn election_cells(entry: &Election, keys: &Spelled) -> Vec<String> {
    let draft = entry.fields.draft();
    let [state, url, note, as_of] = provenance_cells(draft.provenance);
    vec![
        spelled(entry),
        entry.version.to_string(),
        draft.country.unwrap_or_default(),
        draft.jurisdiction.unwrap_or_default(),
        entry.kind.to_string(),
        entry.status.to_string(),
        join(entry.polling_days.iter().map(ToString::to_string)),
        join(entry.silence_periods.iter().map(ToString::to_string)),
        draft.campaign_from.unwrap_or_default(),
        draft.campaign_to.unwrap_or_default(),
        join_codes(entry.responsible_bodies.iter().map(|id| keys.key(*id))),
        state,
        url,
        note,
        as_of,
    ]
}

pub(super) fn programme(row: &Row, keys: &OrganisationKeys, problems: &mut Problems) -> Option<ReportingProgrammeFields> {
    let draft = ReportingProgrammeDraft {
        names: row.texts("names", problems),
        operator: keys.organisation(row, "operator", problems),
        operator_name: row.text("operator_name"),
        who_may_join: row.texts("who_may_join", problems),
        covers: row.texts("covers", problems),
        url: row.text("url"),
        provenance: row.provenance(problems),
    };
    row.checked(draft.check(), problems)
}

pub(super) fn programme_cells(entry: &ReportingProgramme, keys: &Spelled) -> Vec<String> {
    let draft = entry.fields.draft();
    let [state, url, note, as_of] = provenance_cells(draft.provenance);
    vec![
        spelled(entry),
        entry.version.to_string(),
        join_texts(&draft.names),
        draft.operator.map(|id| keys.key(id)).unwrap_or_default(),
        draft.operator_name.unwrap_or_default(),
        join_texts(&draft.who_may_join),
        join_texts(&draft.covers),
        draft.url.unwrap_or_default(),
        state,
        url,
        note,
        as_of,
    ]
}

pub(super) fn publication(row: &Row, keys: &OrganisationKeys, problems: &mut Problems) -> Option<PublicationFields> {
    let draft = PublicationDraft {
        titles: row.texts("titles", problems),
        kind: row.member("type", PublicationType::ALL, PublicationType::parse, problems),
        languages: row.codes("languages"),
        published_on: row.text("published_on"),
        url: row.text("url"),
        doi: row.text("doi"),
        publishers: keys.organisations(row, "publishers", problems),
        authors: row.list("authors"),
        visibility: row.member("visibility", PublicationVisibility::ALL, PublicationVisibility::parse, problems),
        provenance: row.provenance(problems),
    };
    row.checked(draft.check(), problems)
}

pub(super) fn publication_cells(entry: &Publication, keys: &Spelled) -> Vec<String> {
    let draft = entry.fields.draft();
    let [state, url, note, as_of] = provenance_cells(draft.provenance);
    vec![
        spelled(entry),
        entry.version.to_string(),
        join_texts(&draft.titles),
        entry.kind.to_string(),
        join_codes(&draft.languages),
        draft.published_on.unwrap_or_default(),
        draft.url.unwrap_or_default(),
        draft.doi.unwrap_or_default(),
        join_codes(entry.publishers.iter().map(|id| keys.key(*id))),
        join(&draft.authors),
        entry.visibility.to_string(),
        state,
        url,
        note,
        as_of,
    ]
}
