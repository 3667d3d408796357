//! Mutations of publications.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use tertulia_app::{directory::Edit, knowledge::publication};
use tertulia_domain::{
    Faults, Result,
    id::kinds,
    knowledge::publication::{PublicationDraft, PublicationPatch},
};

use super::publication::Publication;
use crate::graphql::{
    Resolving,
    directory::{
        mutation::patch,
        partial_date::{PartialDateInput, spelled},
        provenance::ProvenanceInput,
        words::{PublicationType, PublicationVisibility},
    },
    ids,
    payload::{UserError, payload},
    scalar::{LanguageTag, Url},
    text::{self, LocalizedTextInput},
};

/// A new publication.
#[derive(Clone, Debug, InputObject)]
pub struct PublicationCreateInput {
    /// Its titles, each language once.
    titles: Vec<LocalizedTextInput>,
    /// What it is.
    #[graphql(name = "type")]
    kind: PublicationType,
    /// Languages it is written in, at most 60.
    languages: Option<Vec<LanguageTag>>,
    /// When it was published.
    published_on: Option<PartialDateInput>,
    /// Where it is.
    url: Option<Url>,
    /// Its digital object identifier, as `10.1000/182`.
    doi: Option<String>,
    /// The organisations that published it, at most 60.
    publisher_ids: Option<Vec<ID>>,
    /// Its authors, as it names them, at most 100.
    authors: Option<Vec<String>>,
    /// Who may read that it exists; PUBLIC if left out.
    visibility: Option<PublicationVisibility>,
    /// Where the entry comes from.
    provenance: Option<ProvenanceInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl PublicationCreateInput {
    fn draft(self) -> Result<PublicationDraft> {
        let mut faults = Faults::default();
        let draft = PublicationDraft {
            titles: text::raw(self.titles),
            kind: Some(self.kind.into()),
            languages: tags(self.languages.unwrap_or_default()),
            published_on: self.published_on.map(spelled),
            url: self.url.map(|value| value.0),
            doi: self.doi,
            publishers: ids::noted_list(&mut faults, "publisherIds", &self.publisher_ids.unwrap_or_default()),
            authors: self.authors.unwrap_or_default(),
            visibility: self.visibility.map(Into::into),
            provenance: self.provenance.map(Into::into).unwrap_or_default(),
        };
        faults.finish_with(Some(draft))
    }
}

/// A change of a publication; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct PublicationUpdateInput {
    /// The publication.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// Its titles, each language once. All of them; left out: as they are.
    titles: Option<Vec<LocalizedTextInput>>,
    /// What it is. Left out: as it is.
    #[graphql(name = "type")]
    kind: Option<PublicationType>,
    /// Languages it is written in, at most 60. All of them; left out: as they are.
    languages: Option<Vec<LanguageTag>>,
    /// When it was published. Left out: as it is; null: emptied.
    published_on: MaybeUndefined<PartialDateInput>,
    /// Where it is. Left out: as it is; null: emptied.
    url: MaybeUndefined<Url>,
    /// Its digital object identifier, as `10.1000/182`. Left out: as it is; null: emptied.
    doi: MaybeUndefined<String>,
    /// The organisations that published it, at most 60. All of them; left out: as they are.
    publisher_ids: Option<Vec<ID>>,
    /// Its authors, as it names them, at most 100. All of them; left out: as they are.
    authors: Option<Vec<String>>,
    /// Who may read that it exists. Left out: as it is.
    visibility: Option<PublicationVisibility>,
    /// Where the entry comes from. Left out: as it is.
    provenance: Option<ProvenanceInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl PublicationUpdateInput {
    fn edit(self) -> Edit<kinds::Publication, PublicationPatch> {
        let (id, version, key) = (ids::id(&self.id, "id"), self.version, self.idempotency_key.clone());
        Edit::new(id, version, self.patch(), key)
    }

    fn patch(self) -> Result<PublicationPatch> {
        let mut faults = Faults::default();
        let change = PublicationPatch {
            titles: self.titles.map(text::raw),
            kind: self.kind.map(Into::into),
            languages: self.languages.map(tags),
            published_on: patch(self.published_on, spelled),
            url: patch(self.url, |value| value.0),
            doi: patch(self.doi, |value| value),
            publishers: self.publisher_ids.map(|raw| ids::noted_list(&mut faults, "publisherIds", &raw)),
            authors: self.authors,
            visibility: self.visibility.map(Into::into),
            provenance: self.provenance.map(Into::into),
        };
        faults.finish_with(Some(change))
    }
}

fn tags(tags: Vec<LanguageTag>) -> Vec<String> {
    tags.into_iter().map(|tag| tag.0).collect()
}

/// What a change of a publication answers.
#[derive(SimpleObject)]
pub struct PublicationPayload {
    /// The entry as it is now; null if the change was refused.
    publication: Option<Publication>,
    /// Why the change was refused; empty if it was made.
    user_errors: Vec<UserError>,
}

impl PublicationPayload {
    fn new(publication: Option<Publication>, user_errors: Vec<UserError>) -> Self {
        Self { publication, user_errors }
    }
}

/// Mutations of publications.
#[derive(Default)]
pub struct PublicationMutation;

#[Object]
impl PublicationMutation {
    /// Records a publication. Who: COORDINATOR.
    async fn publication_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The publication.")] input: PublicationCreateInput,
    ) -> Option<Result<PublicationPayload>> {
        let key = input.idempotency_key.clone();
        let result = publication::create(ctx.app(), ctx.caller(), input.draft(), key.as_deref()).await;
        payload(result.map(Publication), PublicationPayload::new)
    }

    /// Edits a publication. What the edit replaces stays in its history. Who: COORDINATOR.
    async fn publication_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: PublicationUpdateInput,
    ) -> Option<Result<PublicationPayload>> {
        let result = publication::update(ctx.app(), ctx.caller(), input.edit()).await;
        payload(result.map(Publication), PublicationPayload::new)
    }
}
