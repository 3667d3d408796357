//! Organisations of any kind, and platform companies.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use tertulia_app::directory::{Edit, organisation};
use tertulia_domain::{
    Faults, Result,
    directory::organisation::{OrganisationDraft, OrganisationKind as Kind, OrganisationPatch},
};

use super::patch;
use crate::graphql::{
    Resolving,
    directory::{
        organisation::{Organisation, Platform},
        provenance::ProvenanceInput,
        words::{OrganisationKind, OrganisationStatus},
    },
    ids,
    payload::{UserError, payload},
    scalar::{CountryCode, LanguageTag, TimeZone, Url},
    text::{self, LocalizedTextInput},
};

/// An identifier that another register gives an organisation.
#[derive(Clone, Debug, InputObject)]
pub struct ExternalIdInput {
    /// The register, as `wikidata`; each once.
    scheme: String,
    /// The identifier there.
    value: String,
}

pub(super) fn external(ids: Vec<ExternalIdInput>) -> Vec<(String, String)> {
    ids.into_iter().map(|id| (id.scheme, id.value)).collect()
}

pub(super) fn tags(tags: Vec<LanguageTag>) -> Vec<String> {
    tags.into_iter().map(|tag| tag.0).collect()
}

/// A new organisation that is no electoral body; `electoralBodyCreate` is for those.
#[derive(Clone, Debug, InputObject)]
pub struct OrganisationCreateInput {
    /// What it is.
    kind: OrganisationKind,
    /// Its names, each language once.
    names: Vec<LocalizedTextInput>,
    /// Its abbreviation, at most 60 characters.
    short_name: Option<String>,
    /// The country it serves or sits in.
    country: Option<CountryCode>,
    /// Its website.
    website: Option<Url>,
    /// Languages it works in.
    languages: Option<Vec<LanguageTag>>,
    /// Its time zone.
    time_zone: Option<TimeZone>,
    /// Whether it is at work; ACTIVE if left out.
    status: Option<OrganisationStatus>,
    /// Its identifiers in other registers.
    external_ids: Option<Vec<ExternalIdInput>>,
    /// The year it was founded in.
    founded_year: Option<i32>,
    /// What else a reader should know, in English.
    remark: Option<String>,
    /// Where the entry comes from.
    provenance: Option<ProvenanceInput>,
    /// The organisation that it belongs to.
    parent_id: Option<ID>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl OrganisationCreateInput {
    fn draft(self) -> Result<OrganisationDraft> {
        let mut faults = Faults::default();
        let parent = ids::noted(&mut faults, "parentId", self.parent_id.as_ref());
        let draft = OrganisationDraft {
            kind: Some(self.kind.into()),
            names: text::raw(self.names),
            short_name: self.short_name,
            country: self.country.map(|value| value.0),
            website: self.website.map(|value| value.0),
            languages: self.languages.map(tags).unwrap_or_default(),
            time_zone: self.time_zone.map(|value| value.0),
            status: self.status.map(Into::into),
            external_ids: self.external_ids.map(external).unwrap_or_default(),
            founded_year: self.founded_year,
            remark: self.remark,
            provenance: self.provenance.map(Into::into).unwrap_or_default(),
            parent,
            ..OrganisationDraft::default()
        };
        faults.finish_with(Some(draft))
    }
}

/// A change of an organisation of any kind; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct OrganisationUpdateInput {
    /// The organisation.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// What it is; an electoral body or a platform company stays one, and nothing else becomes one.
    kind: Option<OrganisationKind>,
    /// Its names, each language once. All of them; left out: as they are.
    names: Option<Vec<LocalizedTextInput>>,
    /// Its abbreviation, at most 60 characters. Left out: as it is; null: emptied.
    short_name: MaybeUndefined<String>,
    /// The country it serves or sits in. Left out: as it is; null: emptied.
    country: MaybeUndefined<CountryCode>,
    /// Its website. Left out: as it is; null: emptied.
    website: MaybeUndefined<Url>,
    /// Languages it works in. All of them; left out: as they are.
    languages: Option<Vec<LanguageTag>>,
    /// Its time zone. Left out: as it is; null: emptied.
    time_zone: MaybeUndefined<TimeZone>,
    /// Whether it is at work. Left out: as it is.
    status: Option<OrganisationStatus>,
    /// Its identifiers in other registers. All of them; left out: as they are.
    external_ids: Option<Vec<ExternalIdInput>>,
    /// The year it was founded in. Left out: as it is; null: emptied.
    founded_year: MaybeUndefined<i32>,
    /// What else a reader should know, in English. Left out: as it is; null: emptied.
    remark: MaybeUndefined<String>,
    /// Where the entry comes from. Left out: as it is.
    provenance: Option<ProvenanceInput>,
    /// The organisation that it belongs to. Left out: as it is; null: emptied.
    parent_id: MaybeUndefined<ID>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl OrganisationUpdateInput {
    /// The change; `only` is the kind that the organisation must be of, where the field is for that kind.
    fn edit(self, only: Option<Kind>) -> Edit<tertulia_domain::id::kinds::Organisation, OrganisationPatch> {
        let (id, version, key) = (ids::id(&self.id, "id"), self.version, self.idempotency_key.clone());
        Edit::new(id, version, self.patch(only), key)
    }

    fn patch(self, only: Option<Kind>) -> Result<OrganisationPatch> {
        let mut faults = Faults::default();
        let parent = patch(self.parent_id, |id| ids::noted(&mut faults, "parentId", Some(&id))).map(Option::flatten);
        let change = OrganisationPatch {
            only,
            kind: self.kind.map(Into::into),
            names: self.names.map(text::raw),
            short_name: patch(self.short_name, |value| value),
            country: patch(self.country, |value| value.0),
            website: patch(self.website, |value| value.0),
            languages: self.languages.map(tags),
            time_zone: patch(self.time_zone, |value| value.0),
            status: self.status.map(Into::into),
            external_ids: self.external_ids.map(external),
            founded_year: patch(self.founded_year, |value| value),
            remark: patch(self.remark, |value| value),
            provenance: self.provenance.map(Into::into),
            parent,
            body: None,
        };
        faults.finish_with(Some(change))
    }
}

/// A new platform company.
#[derive(Clone, Debug, InputObject)]
pub struct PlatformCreateInput {
    /// Its names, each language once.
    names: Vec<LocalizedTextInput>,
    /// Its abbreviation, at most 60 characters.
    short_name: Option<String>,
    /// The country it serves or sits in.
    country: Option<CountryCode>,
    /// Its website.
    website: Option<Url>,
    /// Languages it works in.
    languages: Option<Vec<LanguageTag>>,
    /// Its time zone.
    time_zone: Option<TimeZone>,
    /// Whether it is at work; ACTIVE if left out.
    status: Option<OrganisationStatus>,
    /// Its identifiers in other registers.
    external_ids: Option<Vec<ExternalIdInput>>,
    /// The year it was founded in.
    founded_year: Option<i32>,
    /// What else a reader should know, in English.
    remark: Option<String>,
    /// Where the entry comes from.
    provenance: Option<ProvenanceInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl PlatformCreateInput {
    fn draft(self) -> OrganisationDraft {
        OrganisationDraft {
            kind: Some(Kind::PlatformCompany),
            names: text::raw(self.names),
            short_name: self.short_name,
            country: self.country.map(|value| value.0),
            website: self.website.map(|value| value.0),
            languages: self.languages.map(tags).unwrap_or_default(),
            time_zone: self.time_zone.map(|value| value.0),
            status: self.status.map(Into::into),
            external_ids: self.external_ids.map(external).unwrap_or_default(),
            founded_year: self.founded_year,
            remark: self.remark,
            provenance: self.provenance.map(Into::into).unwrap_or_default(),
            ..OrganisationDraft::default()
        }
    }
}

/// What a change of an organisation answers.
#[derive(SimpleObject)]
pub struct OrganisationPayload {
    /// The entry as it is now; null if the change was refused.
    organisation: Option<Organisation>,
    /// Why the change was refused; empty if it was made.
    user_errors: Vec<UserError>,
}

impl OrganisationPayload {
    fn new(entry: Option<Organisation>, user_errors: Vec<UserError>) -> Self {
        Self { organisation: entry, user_errors }
    }
}

/// What a change of a platform company answers.
#[derive(SimpleObject)]
pub struct PlatformPayload {
    /// The entry as it is now; null if the change was refused.
    platform: Option<Platform>,
    /// Why the change was refused; empty if it was made.
    user_errors: Vec<UserError>,
}

impl PlatformPayload {
    fn new(entry: Option<Platform>, user_errors: Vec<UserError>) -> Self {
        Self { platform: entry, user_errors }
    }
}

/// Mutations of organisations.
#[derive(Default)]
pub struct OrganisationMutation;

#[Object]
impl OrganisationMutation {
    /// Records an organisation that is no electoral body. Who: COORDINATOR.
    async fn organisation_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organisation.")] input: OrganisationCreateInput,
    ) -> Option<Result<OrganisationPayload>> {
        let key = input.idempotency_key.clone();
        let result = organisation::create(ctx.app(), ctx.caller(), input.draft(), key.as_deref()).await;
        payload(result.map(Organisation::from), OrganisationPayload::new)
    }

    /// Edits the entry of an organisation of any kind. What the edit replaces stays in its history.
    /// Who: COORDINATOR, ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn organisation_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: OrganisationUpdateInput,
    ) -> Option<Result<OrganisationPayload>> {
        let result = organisation::update(ctx.app(), ctx.caller(), input.edit(None)).await;
        payload(result.map(Organisation::from), OrganisationPayload::new)
    }

    /// Records a platform company. Who: COORDINATOR.
    async fn platform_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The company.")] input: PlatformCreateInput,
    ) -> Option<Result<PlatformPayload>> {
        let key = input.idempotency_key.clone();
        let result = organisation::create(ctx.app(), ctx.caller(), Ok(input.draft()), key.as_deref()).await;
        payload(result.map(Platform::from), PlatformPayload::new)
    }

    /// Edits the entry of a platform company. What the edit replaces stays in its history.
    /// Who: COORDINATOR, ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn platform_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: OrganisationUpdateInput,
    ) -> Option<Result<PlatformPayload>> {
        let result = organisation::update(ctx.app(), ctx.caller(), input.edit(Some(Kind::PlatformCompany))).await;
        payload(result.map(Platform::from), PlatformPayload::new)
    }
}
