//! Electoral bodies.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use tertulia_app::directory::{Edit, organisation};
use tertulia_domain::{
    Result,
    directory::{
        electoral_body::ElectoralBodyDraft,
        organisation::{OrganisationDraft, OrganisationKind as Kind, OrganisationPatch},
    },
    id::kinds,
};

use super::{
    organisation::{ExternalIdInput, external, tags},
    patch,
};
use crate::graphql::{
    Resolving,
    directory::{
        organisation::ElectoralBody,
        provenance::ProvenanceInput,
        words::{BodyLevel, ElectoralModel, Mandate, MemberBasis, OrganisationStatus},
    },
    ids,
    payload::{UserError, payload},
    scalar::{CountryCode, LanguageTag, TimeZone, Url},
    text::{self, LocalizedTextInput},
};

/// What an electoral body has beyond other organisations. In an edit it replaces all of that.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ElectoralBodyFactsInput {
    /// How the country's elections are managed.
    model: Option<ElectoralModel>,
    /// How much of the country it serves; NATIONAL if left out.
    level: Option<BodyLevel>,
    /// What it is charged with.
    mandates: Option<Vec<Mandate>>,
    /// The parts of the country it serves (ISO 3166-2); empty: the whole.
    jurisdictions: Option<Vec<String>>,
    /// How many members it has.
    member_count: Option<i32>,
    /// By what its members are chosen.
    member_basis: Option<MemberBasis>,
    /// A member's term, in years.
    term_years: Option<i32>,
}

impl From<ElectoralBodyFactsInput> for ElectoralBodyDraft {
    fn from(input: ElectoralBodyFactsInput) -> Self {
        Self {
            model: input.model.map(Into::into),
            level: input.level.map(Into::into),
            mandates: input.mandates.unwrap_or_default().into_iter().map(Into::into).collect(),
            jurisdictions: input.jurisdictions.unwrap_or_default(),
            member_count: input.member_count,
            member_basis: input.member_basis.map(Into::into),
            term_years: input.term_years,
        }
    }
}

/// A new electoral body. A country is needed unless its level is SUPRANATIONAL.
#[derive(Clone, Debug, InputObject)]
pub struct ElectoralBodyCreateInput {
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
    /// What it has beyond other organisations.
    facts: Option<ElectoralBodyFactsInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ElectoralBodyCreateInput {
    fn draft(self) -> OrganisationDraft {
        OrganisationDraft {
            kind: Some(Kind::ElectoralBody),
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
            parent: None,
            body: self.facts.unwrap_or_default().into(),
        }
    }
}

/// A change of an electoral body; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct ElectoralBodyUpdateInput {
    /// The body.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
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
    /// What it has beyond other organisations, whole. Left out: as it is.
    facts: Option<ElectoralBodyFactsInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ElectoralBodyUpdateInput {
    fn edit(self) -> Edit<kinds::Organisation, OrganisationPatch> {
        let (id, version, key) = (ids::id(&self.id, "id"), self.version, self.idempotency_key.clone());
        let change = OrganisationPatch {
            only: Some(Kind::ElectoralBody),
            kind: None,
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
            parent: None,
            body: self.facts.map(Into::into),
        };
        Edit::new(id, version, Ok(change), key)
    }
}

/// What a change of an electoral body answers.
#[derive(SimpleObject)]
pub struct ElectoralBodyPayload {
    /// The entry as it is now; null if the change was refused.
    electoral_body: Option<ElectoralBody>,
    /// Why the change was refused; empty if it was made.
    user_errors: Vec<UserError>,
}

impl ElectoralBodyPayload {
    fn new(entry: Option<ElectoralBody>, user_errors: Vec<UserError>) -> Self {
        Self { electoral_body: entry, user_errors }
    }
}

/// Mutations of electoral bodies.
#[derive(Default)]
pub struct ElectoralBodyMutation;

#[Object]
impl ElectoralBodyMutation {
    /// Records an electoral body. Who: COORDINATOR.
    async fn electoral_body_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The body.")] input: ElectoralBodyCreateInput,
    ) -> Option<Result<ElectoralBodyPayload>> {
        let key = input.idempotency_key.clone();
        let result = organisation::create(ctx.app(), ctx.caller(), Ok(input.draft()), key.as_deref()).await;
        payload(result.map(ElectoralBody::from), ElectoralBodyPayload::new)
    }

    /// Edits the entry of an electoral body. What the edit replaces stays in its history.
    /// Who: COORDINATOR, ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn electoral_body_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: ElectoralBodyUpdateInput,
    ) -> Option<Result<ElectoralBodyPayload>> {
        let result = organisation::update(ctx.app(), ctx.caller(), input.edit()).await;
        payload(result.map(ElectoralBody::from), ElectoralBodyPayload::new)
    }
}
