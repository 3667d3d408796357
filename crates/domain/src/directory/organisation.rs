//! Organisations of every kind.

use serde::{Deserialize, Serialize};

use super::{
    electoral_body::{ElectoralBodyDraft, ElectoralBodyFacts},
    entry::{Entry, RawTexts, list, number, optional, raw_texts, replace, texts},
    provenance::{Provenance, ProvenanceDraft},
};
use crate::{
    error::{Error, Faults, Reason, Result, closed},
    id::{OrganisationId, kinds},
    text::{CountryCode, LanguageTag, LocalizedText, SHORT, WebUrl, block, fold, line},
};

pub use super::organisation_filter::{OrganisationFilter, OrganisationOrder};
pub use crate::policy::OrganisationKind;

closed! {
    /// Whether an organisation is at work.
    OrganisationStatus {
        /// It is at work.
        Active = "ACTIVE",
        /// It exists and is not at work now.
        Dormant = "DORMANT",
        /// It was dissolved or replaced; lists show it only when asked for.
        Dissolved = "DISSOLVED",
    }
}

/// An identifier that another register gives an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalId {
    /// The register, as `wikidata`.
    pub scheme: String,
    /// The identifier there.
    pub value: String,
}

/// What the directory says of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationFields {
    /// What it is.
    pub kind: OrganisationKind,
    /// Its names.
    pub names: LocalizedText,
    /// Its abbreviation.
    pub short_name: Option<String>,
    /// The country it serves or sits in.
    pub country: Option<CountryCode>,
    /// Its website.
    pub website: Option<WebUrl>,
    /// Languages it works in.
    pub languages: Vec<LanguageTag>,
    /// Its zone of the IANA time zone database.
    pub time_zone: Option<String>,
    /// The organisation it belongs to.
    pub parent: Option<OrganisationId>,
    /// Whether it is at work.
    pub status: OrganisationStatus,
    /// Its identifiers elsewhere.
    pub external_ids: Vec<ExternalId>,
    /// The year it was founded in.
    pub founded_year: Option<i32>,
    /// What else a reader should know.
    pub remark: Option<String>,
    /// Where all this comes from.
    pub provenance: Provenance,
    /// What only an electoral body has.
    pub body: Option<ElectoralBodyFacts>,
}

/// An organisation of the directory.
pub type Organisation = Entry<kinds::Organisation, OrganisationFields>;

impl OrganisationFields {
    /// Names and abbreviation, folded, for search; the country's names are searched beside them.
    pub fn search_text(&self) -> String {
        match &self.short_name {
            Some(short) => format!("{}\n{}", self.names.folded(), fold(short)),
            None => self.names.folded(),
        }
    }

    /// The fields as somebody would type them again.
    pub fn draft(&self) -> OrganisationDraft {
        OrganisationDraft {
            kind: Some(self.kind),
            names: raw_texts(&self.names),
            short_name: self.short_name.clone(),
            country: self.country.map(|code| code.to_string()),
            website: self.website.as_ref().map(|url| url.as_str().to_owned()),
            languages: self.languages.iter().map(|tag| tag.as_str().to_owned()).collect(),
            time_zone: self.time_zone.clone(),
            parent: self.parent,
            status: Some(self.status),
            external_ids: self.external_ids.iter().map(|id| (id.scheme.clone(), id.value.clone())).collect(),
            founded_year: self.founded_year,
            remark: self.remark.clone(),
            provenance: self.provenance.draft(),
            body: self.body.as_ref().map(ElectoralBodyFacts::draft).unwrap_or_default(),
        }
    }
}

/// An organisation as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct OrganisationDraft {
    /// What it is.
    pub kind: Option<OrganisationKind>,
    /// Its names, at least one.
    pub names: RawTexts,
    /// Its abbreviation.
    pub short_name: Option<String>,
    /// ISO 3166-1 alpha-2; needed for an electoral body.
    pub country: Option<String>,
    /// Its website.
    pub website: Option<String>,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// An IANA zone.
    pub time_zone: Option<String>,
    /// The organisation it belongs to.
    pub parent: Option<OrganisationId>,
    /// ACTIVE if left out.
    pub status: Option<OrganisationStatus>,
    /// Identifiers elsewhere: (scheme, value).
    pub external_ids: Vec<(String, String)>,
    /// 1500 to 2199.
    pub founded_year: Option<i32>,
    /// What else a reader should know.
    pub remark: Option<String>,
    /// Where all this comes from.
    pub provenance: ProvenanceDraft,
    /// What only an electoral body has; not looked at for other kinds.
    pub body: ElectoralBodyDraft,
}

impl OrganisationDraft {
    /// Checks every value and reports all faults at once. That the country and the parent exist is for the caller to check.
    pub fn check(&self) -> Result<OrganisationFields> {
        let mut faults = Faults::default();
        if self.kind.is_none() {
            faults.add(Reason::Required, "kind", "The kind of organisation is needed.");
        }
        let is_body = self.kind == Some(OrganisationKind::ElectoralBody);
        let names = texts(&mut faults, "names", &self.names, SHORT);
        let country = optional(&mut faults, "country", self.country.as_deref(), CountryCode::parse);
        if is_body && self.country.as_deref().is_none_or(|raw| raw.trim().is_empty()) && !self.is_supranational() {
            faults.add(Reason::Required, "country", "An electoral body has a country, unless it is supranational.");
        }
        let body = is_body.then(|| self.body.check(&mut faults, country));
        let short_name = optional(&mut faults, "shortName", self.short_name.as_deref(), |raw| line(raw, 60));
        let website = optional(&mut faults, "website", self.website.as_deref(), WebUrl::parse);
        let languages = list(&mut faults, "languages", &self.languages, 60, LanguageTag::parse);
        let zone = |raw: &str| Ok(crate::time::zone(raw)?.name().to_owned());
        let time_zone = optional(&mut faults, "timeZone", self.time_zone.as_deref(), zone);
        let external_ids = self.check_external_ids(&mut faults);
        let founded_year = number(&mut faults, "foundedYear", self.founded_year, 1_500..=2_199);
        let remark = optional(&mut faults, "remark", self.remark.as_deref(), |raw| block(raw, 1_000));
        let provenance = self.provenance.check(&mut faults, "provenance");
        let value = self.kind.zip(names).map(|(kind, names)| OrganisationFields {
            kind,
            names,
            short_name,
            country,
            website,
            languages,
            time_zone,
            parent: self.parent,
            status: self.status.unwrap_or(OrganisationStatus::Active),
            external_ids,
            founded_year,
            remark,
            provenance,
            body,
        });
        faults.finish_with(value)
    }

    fn is_supranational(&self) -> bool {
        self.body.level == Some(super::electoral_body::BodyLevel::Supranational)
    }

    fn check_external_ids(&self, faults: &mut Faults) -> Vec<ExternalId> {
        if self.external_ids.len() > 20 {
            faults.add(Reason::TooLong, "externalIds", "At most 20 identifiers.");
            return Vec::new();
        }
        let mut ids: Vec<ExternalId> = Vec::new();
        for (index, (scheme, value)) in self.external_ids.iter().enumerate() {
            let scheme = faults.check(&format!("externalIds.{index}.scheme"), line(scheme, 40));
            let value = faults.check(&format!("externalIds.{index}.value"), line(value, 200));
            let Some((scheme, value)) = scheme.zip(value) else { continue };
            if scheme.contains('=') {
                faults.add(Reason::Malformed, &format!("externalIds.{index}.scheme"), "A scheme's name holds no =.");
            } else if ids.iter().any(|known| known.scheme == scheme) {
                faults.add(Reason::Duplicate, &format!("externalIds.{index}.scheme"), "This scheme stands here twice.");
            } else {
                ids.push(ExternalId { scheme, value });
            }
        }
        ids
    }
}

/// A change of an organisation: each part that is given replaces what was there; `Some(None)` empties it.
#[derive(Clone, Debug, Default)]
pub struct OrganisationPatch {
    /// The kind that it must be already, where the change is made for organisations of that kind only.
    pub only: Option<OrganisationKind>,
    /// What it is; an electoral body or platform company stays one, and nothing else becomes one.
    pub kind: Option<OrganisationKind>,
    /// All names.
    pub names: Option<RawTexts>,
    /// Its abbreviation.
    pub short_name: Option<Option<String>>,
    /// Its country.
    pub country: Option<Option<String>>,
    /// Its website.
    pub website: Option<Option<String>>,
    /// All languages.
    pub languages: Option<Vec<String>>,
    /// Its zone.
    pub time_zone: Option<Option<String>>,
    /// The organisation it belongs to.
    pub parent: Option<Option<OrganisationId>>,
    /// Whether it is at work.
    pub status: Option<OrganisationStatus>,
    /// All identifiers elsewhere.
    pub external_ids: Option<Vec<(String, String)>>,
    /// The year it was founded in.
    pub founded_year: Option<Option<i32>>,
    /// What else a reader should know.
    pub remark: Option<Option<String>>,
    /// Where all this comes from.
    pub provenance: Option<ProvenanceDraft>,
    /// What only an electoral body has, whole.
    pub body: Option<ElectoralBodyDraft>,
}

impl OrganisationPatch {
    /// The fields after the change, checked; with no provenance given, the old one stays.
    pub fn apply(self, fields: &OrganisationFields) -> Result<OrganisationFields> {
        if self.only.is_some_and(|only| only != fields.kind) {
            return Err(Error::invalid(Reason::WrongKind, "id", "This organisation is of another kind."));
        }
        if self.kind.is_some_and(|kind| kind != fields.kind && (has_own_type(kind) || has_own_type(fields.kind))) {
            return Err(Error::invalid(
                Reason::Contradiction,
                "kind",
                "An electoral body or a platform company stays one, and nothing else becomes one.",
            ));
        }
        let mut draft = fields.draft();
        draft.kind = self.kind.or(draft.kind);
        replace(&mut draft.names, self.names);
        replace(&mut draft.short_name, self.short_name);
        replace(&mut draft.country, self.country);
        replace(&mut draft.website, self.website);
        replace(&mut draft.languages, self.languages);
        replace(&mut draft.time_zone, self.time_zone);
        replace(&mut draft.parent, self.parent);
        draft.status = self.status.or(draft.status);
        replace(&mut draft.external_ids, self.external_ids);
        replace(&mut draft.founded_year, self.founded_year);
        replace(&mut draft.remark, self.remark);
        replace(&mut draft.provenance, self.provenance);
        replace(&mut draft.body, self.body);
        draft.check()
    }
}

const fn has_own_type(kind: OrganisationKind) -> bool {
    matches!(kind, OrganisationKind::ElectoralBody | OrganisationKind::PlatformCompany)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> OrganisationDraft {
        OrganisationDraft {
            kind: Some(OrganisationKind::ElectoralBody),
            names: vec![("en".into(), "Electoral Board".into())],
            country: Some("AD".into()),
            ..OrganisationDraft::default()
        }
    }

    #[test]
    fn a_draft_comes_back_from_its_fields() {
        let fields = draft().check().expect("a valid draft");
        assert_eq!(fields.draft().check().expect("the same draft"), fields);
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let mut bad = draft();
        bad.names = vec![("en".into(), "a\0b".into())];
        bad.country = None;
        bad.website = Some("javascript:alert(1)".into());
        bad.body.member_count = Some(0);
        bad.external_ids = vec![("a=b".into(), "c".into())];
        let error = bad.check().expect_err("five faults");
        let mut paths: Vec<String> = error.faults.iter().map(|fault| fault.path.join(".")).collect();
        paths.sort();
        assert_eq!(paths, ["country", "externalIds.0.scheme", "memberCount", "names.0.text", "website"]);
    }

    #[test]
    fn a_patch_replaces_empties_and_leaves() {
        let fields = OrganisationDraft { short_name: Some("EB".into()), ..draft() }.check().expect("a valid draft");
        let patch = OrganisationPatch { short_name: Some(None), website: Some(Some("https://example.org".into())), ..Default::default() };
        let changed = patch.apply(&fields).expect("a valid patch");
        assert_eq!((changed.short_name, changed.website.map(|url| url.as_str().to_owned())), (None, Some("https://example.org/".into())));
        assert_eq!(changed.names, fields.names);
        let patch = OrganisationPatch { kind: Some(OrganisationKind::Media), ..Default::default() };
        assert_eq!(patch.apply(&fields).map_err(|error| error.faults[0].reason), Err(Reason::Contradiction));
    }
}
