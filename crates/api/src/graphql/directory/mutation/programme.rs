//! Reporting programmes.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use tertulia_app::directory::{Edit, reporting_programme};
use tertulia_domain::{
    Faults, Result,
    directory::reporting_programme::{ReportingProgrammeDraft, ReportingProgrammePatch},
    id::kinds,
};

use super::patch;
use crate::graphql::{
    Resolving,
    directory::{provenance::ProvenanceInput, reporting_programme::ReportingProgramme},
    ids,
    payload::{UserError, payload},
    scalar::Url,
    text::{self, LocalizedTextInput},
};

/// A new reporting programme.
#[derive(Clone, Debug, InputObject)]
pub struct ReportingProgrammeCreateInput {
    /// The organisation that runs it.
    operator_id: Option<ID>,
    /// Its names, each language once.
    names: Vec<LocalizedTextInput>,
    /// Who runs it, in words; this or `operatorId` is needed.
    operator_name: Option<String>,
    /// Who may join.
    who_may_join: Option<Vec<LocalizedTextInput>>,
    /// Which platforms and services it covers.
    covers: Option<Vec<LocalizedTextInput>>,
    /// Its own page.
    url: Option<Url>,
    /// Where the entry comes from.
    provenance: Option<ProvenanceInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ReportingProgrammeCreateInput {
    fn draft(self) -> Result<ReportingProgrammeDraft> {
        let mut faults = Faults::default();
        let operator = ids::noted(&mut faults, "operatorId", self.operator_id.as_ref());
        let draft = ReportingProgrammeDraft {
            operator,
            names: text::raw(self.names),
            operator_name: self.operator_name,
            who_may_join: self.who_may_join.map(text::raw).unwrap_or_default(),
            covers: self.covers.map(text::raw).unwrap_or_default(),
            url: self.url.map(|value| value.0),
            provenance: self.provenance.map(Into::into).unwrap_or_default(),
        };
        faults.finish_with(Some(draft))
    }
}

/// A change of a reporting programme; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct ReportingProgrammeUpdateInput {
    /// The programme.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// The organisation that runs it. Left out: as it is; null: emptied.
    operator_id: MaybeUndefined<ID>,
    /// Its names, each language once. All of them; left out: as they are.
    names: Option<Vec<LocalizedTextInput>>,
    /// Who runs it, in words; this or `operatorId` is needed. Left out: as it is; null: emptied.
    operator_name: MaybeUndefined<String>,
    /// Who may join. All of them; left out: as they are.
    who_may_join: Option<Vec<LocalizedTextInput>>,
    /// Which platforms and services it covers. All of them; left out: as they are.
    covers: Option<Vec<LocalizedTextInput>>,
    /// Its own page. Left out: as it is; null: emptied.
    url: MaybeUndefined<Url>,
    /// Where the entry comes from. Left out: as it is.
    provenance: Option<ProvenanceInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ReportingProgrammeUpdateInput {
    fn edit(self) -> Edit<kinds::ReportingProgramme, ReportingProgrammePatch> {
        let (id, version, key) = (ids::id(&self.id, "id"), self.version, self.idempotency_key.clone());
        Edit::new(id, version, self.patch(), key)
    }

    fn patch(self) -> Result<ReportingProgrammePatch> {
        let mut faults = Faults::default();
        let operator = patch(self.operator_id, |id| ids::noted(&mut faults, "operatorId", Some(&id))).map(Option::flatten);
        let change = ReportingProgrammePatch {
            operator,
            names: self.names.map(text::raw),
            operator_name: patch(self.operator_name, |value| value),
            who_may_join: self.who_may_join.map(text::raw),
            covers: self.covers.map(text::raw),
            url: patch(self.url, |value| value.0),
            provenance: self.provenance.map(Into::into),
        };
        faults.finish_with(Some(change))
    }
}

/// What a change of a programme answers.
#[derive(SimpleObject)]
pub struct ReportingProgrammePayload {
    /// The entry as it is now; null if the change was refused.
    reporting_programme: Option<ReportingProgramme>,
    /// Why the change was refused; empty if it was made.
    user_errors: Vec<UserError>,
}

impl ReportingProgrammePayload {
    fn new(entry: Option<ReportingProgramme>, user_errors: Vec<UserError>) -> Self {
        Self { reporting_programme: entry, user_errors }
    }
}

/// Mutations of reporting programmes.
#[derive(Default)]
pub struct ProgrammeMutation;

#[Object]
impl ProgrammeMutation {
    /// Records a reporting programme. Who: COORDINATOR.
    async fn reporting_programme_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The programme.")] input: ReportingProgrammeCreateInput,
    ) -> Option<Result<ReportingProgrammePayload>> {
        let key = input.idempotency_key.clone();
        let result = reporting_programme::create(ctx.app(), ctx.caller(), input.draft(), key.as_deref()).await;
        payload(result.map(ReportingProgramme), ReportingProgrammePayload::new)
    }

    /// Edits a reporting programme. What the edit replaces stays in its history. Who: COORDINATOR.
    async fn reporting_programme_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: ReportingProgrammeUpdateInput,
    ) -> Option<Result<ReportingProgrammePayload>> {
        let result = reporting_programme::update(ctx.app(), ctx.caller(), input.edit()).await;
        payload(result.map(ReportingProgramme), ReportingProgrammePayload::new)
    }
}
