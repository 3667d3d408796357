//! Published documents.

use serde::{Deserialize, Serialize};

use crate::{
    directory::{
        entry::{Entry, PartialDate, RawTexts, list, optional, raw_texts, references, replace, texts},
        provenance::{Provenance, ProvenanceDraft},
    },
    error::{Faults, Reason, Result, closed},
    id::{OrganisationId, kinds},
    text::{LanguageTag, LocalizedText, SHORT, SearchTerm, WebUrl, line},
};

closed! {
    /// What a publication is.
    PublicationType {
        /// A report.
        Report = "REPORT",
        /// Guidance for practitioners.
        Guide = "GUIDE",
        /// The study of one case.
        CaseStudy = "CASE_STUDY",
        /// A public summary of minutes.
        MinutesSummary = "MINUTES_SUMMARY",
        /// A tool.
        Tool = "TOOL",
        /// Data.
        Dataset = "DATASET",
    }
}

closed! {
    /// Who may read that a publication exists.
    PublicationVisibility {
        /// Anyone.
        Public = "PUBLIC",
        /// Everybody who is signed in as a member of the coalition.
        Coalition = "COALITION",
    }
}

/// What is known of a publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationFields {
    /// Its titles.
    pub titles: LocalizedText,
    /// What it is.
    pub kind: PublicationType,
    /// Languages it is written in.
    pub languages: Vec<LanguageTag>,
    /// When it was published.
    pub published_on: Option<PartialDate>,
    /// Where it is.
    pub url: Option<WebUrl>,
    /// Its digital object identifier, as `10.1000/182`.
    pub doi: Option<String>,
    /// The organisations that published it.
    pub publishers: Vec<OrganisationId>,
    /// Its authors, as it names them.
    pub authors: Vec<String>,
    /// Who may read that it exists.
    pub visibility: PublicationVisibility,
    /// Where all this comes from.
    pub provenance: Provenance,
}

/// A publication.
pub type Publication = Entry<kinds::Publication, PublicationFields>;

impl PublicationFields {
    /// The titles folded for search.
    pub fn search_text(&self) -> String {
        self.titles.folded()
    }

    /// The fields as somebody would type them again.
    pub fn draft(&self) -> PublicationDraft {
        PublicationDraft {
            titles: raw_texts(&self.titles),
            kind: Some(self.kind),
            languages: self.languages.iter().map(|tag| tag.as_str().to_owned()).collect(),
            published_on: self.published_on.map(|date| date.to_string()),
            url: self.url.as_ref().map(|url| url.as_str().to_owned()),
            doi: self.doi.clone(),
            publishers: self.publishers.clone(),
            authors: self.authors.clone(),
            visibility: Some(self.visibility),
            provenance: self.provenance.draft(),
        }
    }
}

/// A publication as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct PublicationDraft {
    /// Its titles, at least one.
    pub titles: RawTexts,
    /// What it is.
    pub kind: Option<PublicationType>,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// `2024-03-14`, `2024-03` or `2024`.
    pub published_on: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// Its digital object identifier.
    pub doi: Option<String>,
    /// The organisations that published it.
    pub publishers: Vec<OrganisationId>,
    /// Its authors.
    pub authors: Vec<String>,
    /// PUBLIC if left out.
    pub visibility: Option<PublicationVisibility>,
    /// Where all this comes from.
    pub provenance: ProvenanceDraft,
}

impl PublicationDraft {
    /// Checks every value and reports all faults at once. That the publishers exist is for the caller to check.
    pub fn check(&self) -> Result<PublicationFields> {
        let mut faults = Faults::default();
        let titles = texts(&mut faults, "titles", &self.titles, SHORT);
        if self.kind.is_none() {
            faults.add(Reason::Required, "type", "The type of publication is needed.");
        }
        let languages = list(&mut faults, "languages", &self.languages, 60, LanguageTag::parse);
        let published_on = optional(&mut faults, "publishedOn", self.published_on.as_deref(), PartialDate::parse);
        let url = optional(&mut faults, "url", self.url.as_deref(), WebUrl::parse);
        let doi = optional(&mut faults, "doi", self.doi.as_deref(), |raw| line(raw, 200));
        if doi.as_ref().is_some_and(|doi| !doi.starts_with("10.") || !doi.contains('/')) {
            faults.add(Reason::Malformed, "doi", "A DOI is written 10.1000/182.");
        }
        let publishers = references(&mut faults, "publisherIds", &self.publishers, 60);
        let authors = list(&mut faults, "authors", &self.authors, 100, |raw| line(raw, SHORT));
        let provenance = self.provenance.check(&mut faults, "provenance");
        let value = titles.zip(self.kind).map(|(titles, kind)| PublicationFields {
            titles,
            kind,
            languages,
            published_on,
            url,
            doi,
            publishers,
            authors,
            visibility: self.visibility.unwrap_or(PublicationVisibility::Public),
            provenance,
        });
        faults.finish_with(value)
    }
}

/// A change of a publication: each part that is given replaces what was there; `Some(None)` empties it.
#[derive(Clone, Debug, Default)]
pub struct PublicationPatch {
    /// All titles.
    pub titles: Option<RawTexts>,
    /// What it is.
    pub kind: Option<PublicationType>,
    /// All languages it is written in.
    pub languages: Option<Vec<String>>,
    /// When it was published.
    pub published_on: Option<Option<String>>,
    /// Where it is.
    pub url: Option<Option<String>>,
    /// Its digital object identifier.
    pub doi: Option<Option<String>>,
    /// All organisations that published it.
    pub publishers: Option<Vec<OrganisationId>>,
    /// All authors.
    pub authors: Option<Vec<String>>,
    /// Who may read that it exists.
    pub visibility: Option<PublicationVisibility>,
    /// Where all this comes from.
    pub provenance: Option<ProvenanceDraft>,
}

impl PublicationPatch {
    /// The fields after the change, checked.
    pub fn apply(self, fields: &PublicationFields) -> Result<PublicationFields> {
        let mut draft = fields.draft();
        replace(&mut draft.titles, self.titles);
        draft.kind = self.kind.or(draft.kind);
        replace(&mut draft.languages, self.languages);
        replace(&mut draft.published_on, self.published_on);
        replace(&mut draft.url, self.url);
        replace(&mut draft.doi, self.doi);
        replace(&mut draft.publishers, self.publishers);
        replace(&mut draft.authors, self.authors);
        draft.visibility = self.visibility.or(draft.visibility);
        replace(&mut draft.provenance, self.provenance);
        draft.check()
    }
}

/// What a list of publications is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct PublicationFilter {
    /// Words found in any title.
    pub search: Option<SearchTerm>,
    /// Publications of any of these types; empty: of every type.
    pub types: Vec<PublicationType>,
}

closed! {
    /// How a list of publications is sorted.
    PublicationOrder {
        /// By the day of publication, the latest first.
        PublishedOnDesc = "PUBLISHED_ON_DESC",
    }
}
