//! `organisations.csv` and `electoral_bodies.csv`, which fill one table.

use tertulia_domain::{
    Reason,
    directory::{
        electoral_body::{BodyLevel, ElectoralBodyDraft, ElectoralModel, Mandate, MemberBasis},
        organisation::{Organisation, OrganisationDraft, OrganisationFields, OrganisationKind, OrganisationStatus},
    },
    id::kinds,
};

use super::{
    keys::{Keys, Spelled, spelled},
    row::{Row, join, join_codes, join_texts, provenance_cells},
    sheet::Problems,
};

pub(super) const ORGANISATIONS: &str = "organisations.csv";
pub(super) const ORGANISATION_COLUMNS: &[&str] = &[
    "key",
    "version",
    "kind",
    "country",
    "names",
    "short_name",
    "website",
    "status",
    "parent",
    "founded_year",
    "languages",
    "time_zone",
    "external_ids",
    "remark",
    "provenance_state",
    "source_url",
    "source_note",
    "as_of",
];
pub(super) const BODIES: &str = "electoral_bodies.csv";
pub(super) const BODY_COLUMNS: &[&str] = &[
    "key",
    "version",
    "country",
    "names",
    "short_name",
    "website",
    "status",
    "model",
    "level",
    "mandates",
    "jurisdictions",
    "member_count",
    "member_basis",
    "term_years",
    "founded_year",
    "languages",
    "time_zone",
    "external_ids",
    "remark",
    "provenance_state",
    "source_url",
    "source_note",
    "as_of",
];

pub(super) fn organisation(row: &Row, keys: &Keys<kinds::Organisation>, problems: &mut Problems) -> Option<OrganisationFields> {
    let kind = row.member("kind", OrganisationKind::ALL, OrganisationKind::parse, problems);
    if kind == Some(OrganisationKind::ElectoralBody) {
        row.fault(problems, Reason::Contradiction, "kind", &format!("Electoral bodies stand in {BODIES}."));
    }
    let draft = OrganisationDraft { parent: keys.organisation(row, "parent", problems), ..shared(row, kind, problems) };
    row.checked(draft.check(), problems)
}

pub(super) fn body(row: &Row, problems: &mut Problems) -> Option<OrganisationFields> {
    let body = ElectoralBodyDraft {
        model: row.member("model", ElectoralModel::ALL, ElectoralModel::parse, problems),
        level: row.member("level", BodyLevel::ALL, BodyLevel::parse, problems),
        mandates: row.members("mandates", Mandate::ALL, Mandate::parse, problems),
        jurisdictions: row.codes("jurisdictions"),
        member_count: row.number("member_count", problems),
        member_basis: row.member("member_basis", MemberBasis::ALL, MemberBasis::parse, problems),
        term_years: row.number("term_years", problems),
    };
    let draft = OrganisationDraft { body, ..shared(row, Some(OrganisationKind::ElectoralBody), problems) };
    row.checked(draft.check(), problems)
}

fn shared(row: &Row, kind: Option<OrganisationKind>, problems: &mut Problems) -> OrganisationDraft {
    let external_ids = row.list("external_ids").into_iter().map(|part| match part.split_once('=') {
        Some((scheme, value)) => (scheme.to_owned(), value.to_owned()),
        None => (part, String::new()),
    });
    OrganisationDraft {
        kind,
        names: row.texts("names", problems),
        short_name: row.text("short_name"),
        country: row.text("country"),
        website: row.text("website"),
        languages: row.codes("languages"),
        time_zone: row.text("time_zone"),
        parent: None,
        status: row.member("status", OrganisationStatus::ALL, OrganisationStatus::parse, problems),
        external_ids: external_ids.collect(),
        founded_year: row.number("founded_year", problems),
        remark: row.text("remark"),
        provenance: row.provenance(problems),
        body: ElectoralBodyDraft::default(),
    }
}

fn number(number: Option<i32>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn external(draft: &OrganisationDraft) -> String {
    join(draft.external_ids.iter().map(|(scheme, value)| format!("{scheme}={value}")))
}

pub(super) fn organisation_cells(entry: &Organisation, keys: &Spelled) -> Vec<String> {
    let draft = entry.fields.draft();
    let external_ids = external(&draft);
    let [state, url, note, as_of] = provenance_cells(draft.provenance);
    vec![
        spelled(entry),
        entry.version.to_string(),
        entry.kind.to_string(),
        draft.country.unwrap_or_default(),
        join_texts(&draft.names),
        draft.short_name.unwrap_or_default(),
        draft.website.unwrap_or_default(),
        entry.status.to_string(),
        draft.parent.map(|id| keys.key(id)).unwrap_or_default(),
        number(draft.founded_year),
        join_codes(&draft.languages),
        draft.time_zone.unwrap_or_default(),
        external_ids,
        draft.remark.unwrap_or_default(),
        state,
        url,
        note,
        as_of,
    ]
}

pub(super) fn body_cells(entry: &Organisation) -> Vec<String> {
    let draft = entry.fields.draft();
    let external_ids = external(&draft);
    let [state, url, note, as_of] = provenance_cells(draft.provenance);
    let body = draft.body;
    vec![
        spelled(entry),
        entry.version.to_string(),
        draft.country.unwrap_or_default(),
        join_texts(&draft.names),
        draft.short_name.unwrap_or_default(),
        draft.website.unwrap_or_default(),
        entry.status.to_string(),
        body.model.map(|model| model.to_string()).unwrap_or_default(),
        body.level.map(|level| level.to_string()).unwrap_or_default(),
        join_codes(&body.mandates),
        join_codes(&body.jurisdictions),
        number(body.member_count),
        body.member_basis.map(|basis| basis.to_string()).unwrap_or_default(),
        number(body.term_years),
        number(draft.founded_year),
        join_codes(&draft.languages),
        draft.time_zone.unwrap_or_default(),
        external_ids,
        draft.remark.unwrap_or_default(),
        state,
        url,
        note,
        as_of,
    ]
}
