//! Mutations of instruments.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use tertulia_app::directory::{Edit, instrument};
use tertulia_domain::{
    Faults, Result,
    directory::instrument::{InstrumentDraft, InstrumentPartyDraft, InstrumentPatch, ObligationDraft},
    id::kinds,
};

use super::{patch, platform::codes};
use crate::graphql::{
    Resolving,
    directory::{
        instrument::Instrument,
        partial_date::{PartialDateInput, spelled},
        provenance::ProvenanceInput,
        words::{Bindingness, InstrumentType},
    },
    ids,
    payload::{UserError, payload},
    scalar::{CountryCode, Date, Url},
    text::{self, LocalizedTextInput},
};

/// Somebody who signed an instrument or is bound by it.
#[derive(Clone, Debug, InputObject)]
pub struct InstrumentPartyInput {
    /// The organisation; this or `name` is needed.
    organisation_id: Option<ID>,
    /// The name, at most 300 characters.
    name: Option<String>,
    /// When it signed or joined.
    signed_on: Option<PartialDateInput>,
    /// What it joined in or for, at most 300 characters.
    scope: Option<String>,
}

fn parties(faults: &mut Faults, parties: Vec<InstrumentPartyInput>) -> Vec<InstrumentPartyDraft> {
    let mut draft = |(index, party): (usize, InstrumentPartyInput)| {
        let organisation = ids::noted(faults, &format!("parties.{index}.organisationId"), party.organisation_id.as_ref());
        InstrumentPartyDraft { organisation, name: party.name, on: party.signed_on.map(spelled), scope: party.scope }
    };
    parties.into_iter().enumerate().map(&mut draft).collect()
}

/// Something that an instrument obliges somebody to.
#[derive(Clone, Debug, InputObject)]
pub struct InstrumentObligationInput {
    /// What, at most 2,000 characters.
    text: String,
    /// Whom, in words, at most 300 characters.
    addressee: Option<String>,
    /// By when or within which time, in words, at most 300 characters.
    deadline: Option<String>,
}

fn obligations(obligations: Vec<InstrumentObligationInput>) -> Vec<ObligationDraft> {
    let draft = |one: InstrumentObligationInput| ObligationDraft { text: one.text, addressee: one.addressee, deadline: one.deadline };
    obligations.into_iter().map(draft).collect()
}

/// A new instrument.
#[derive(Clone, Debug, InputObject)]
pub struct InstrumentCreateInput {
    /// Your organisation, if you propose the instrument: the entry then waits for the coordinator. The coordinator leaves it out.
    proposed_by_id: Option<ID>,
    /// Its titles, each language once.
    titles: Vec<LocalizedTextInput>,
    /// What it is.
    #[graphql(name = "type")]
    kind: InstrumentType,
    /// Whether somebody can be held to it by law.
    bindingness: Bindingness,
    /// Where it holds.
    countries: Option<Vec<CountryCode>>,
    /// When it was signed or adopted.
    signed_on: Option<PartialDateInput>,
    /// The first day on which it holds.
    valid_from: Option<Date>,
    /// The last day on which it holds.
    valid_to: Option<Date>,
    /// Its text or page.
    url: Option<Url>,
    /// Who signed it or is bound by it, at most 200.
    parties: Option<Vec<InstrumentPartyInput>>,
    /// What it obliges to, at most 50.
    obligations: Option<Vec<InstrumentObligationInput>>,
    /// Where the entry comes from.
    provenance: Option<ProvenanceInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl InstrumentCreateInput {
    fn draft(self) -> Result<InstrumentDraft> {
        let mut faults = Faults::default();
        let draft = InstrumentDraft {
            proposed_by: ids::noted(&mut faults, "proposedById", self.proposed_by_id.as_ref()),
            titles: text::raw(self.titles),
            kind: Some(self.kind.into()),
            bindingness: Some(self.bindingness.into()),
            countries: self.countries.map(codes).unwrap_or_default(),
            signed_on: self.signed_on.map(spelled),
            valid_from: self.valid_from.map(|day| day.0.to_string()),
            valid_to: self.valid_to.map(|day| day.0.to_string()),
            url: self.url.map(|value| value.0),
            parties: parties(&mut faults, self.parties.unwrap_or_default()),
            obligations: obligations(self.obligations.unwrap_or_default()),
            provenance: self.provenance.map(Into::into).unwrap_or_default(),
        };
        faults.finish_with(Some(draft))
    }
}

/// A change of an instrument; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct InstrumentUpdateInput {
    /// The instrument.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// Its titles, each language once. All of them; left out: as they are.
    titles: Option<Vec<LocalizedTextInput>>,
    /// What it is. Left out: as it is.
    #[graphql(name = "type")]
    kind: Option<InstrumentType>,
    /// Whether somebody can be held to it by law. Left out: as it is.
    bindingness: Option<Bindingness>,
    /// Where it holds. All of them; left out: as they are.
    countries: Option<Vec<CountryCode>>,
    /// When it was signed or adopted. Left out: as it is; null: emptied.
    signed_on: MaybeUndefined<PartialDateInput>,
    /// The first day on which it holds. Left out: as it is; null: emptied.
    valid_from: MaybeUndefined<Date>,
    /// The last day on which it holds. Left out: as it is; null: emptied.
    valid_to: MaybeUndefined<Date>,
    /// Its text or page. Left out: as it is; null: emptied.
    url: MaybeUndefined<Url>,
    /// Who signed it or is bound by it, at most 200. All of them; left out: as they are.
    parties: Option<Vec<InstrumentPartyInput>>,
    /// What it obliges to, at most 50. All of them; left out: as they are.
    obligations: Option<Vec<InstrumentObligationInput>>,
    /// Where the entry comes from. Left out: as it is.
    provenance: Option<ProvenanceInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl InstrumentUpdateInput {
    fn edit(self) -> Edit<kinds::Instrument, InstrumentPatch> {
        let (id, version, key) = (ids::id(&self.id, "id"), self.version, self.idempotency_key.clone());
        Edit::new(id, version, self.patch(), key)
    }

    fn patch(self) -> Result<InstrumentPatch> {
        let mut faults = Faults::default();
        let change = InstrumentPatch {
            titles: self.titles.map(text::raw),
            kind: self.kind.map(Into::into),
            bindingness: self.bindingness.map(Into::into),
            countries: self.countries.map(codes),
            signed_on: patch(self.signed_on, spelled),
            valid_from: patch(self.valid_from, |day| day.0.to_string()),
            valid_to: patch(self.valid_to, |day| day.0.to_string()),
            url: patch(self.url, |value| value.0),
            parties: self.parties.map(|list| parties(&mut faults, list)),
            obligations: self.obligations.map(obligations),
            provenance: self.provenance.map(Into::into),
        };
        faults.finish_with(Some(change))
    }
}

/// The coordinator's word for a proposal.
#[derive(Clone, Debug, InputObject)]
pub struct InstrumentConfirmInput {
    /// The instrument.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

/// What a change of an instrument answers.
#[derive(SimpleObject)]
pub struct InstrumentPayload {
    /// The entry as it is now; null if the change was refused.
    instrument: Option<Instrument>,
    /// Why the change was refused; empty if it was made.
    user_errors: Vec<UserError>,
}

impl InstrumentPayload {
    fn new(entry: Option<Instrument>, user_errors: Vec<UserError>) -> Self {
        Self { instrument: entry, user_errors }
    }
}

/// Mutations of instruments.
#[derive(Default)]
pub struct InstrumentMutation;

#[Object]
impl InstrumentMutation {
    /// Records an instrument; with `proposedById` proposes it, which all but the coordinator do. Who: COORDINATOR,
    /// ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it),
    /// PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn instrument_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The instrument.")] input: InstrumentCreateInput,
    ) -> Option<Result<InstrumentPayload>> {
        let key = input.idempotency_key.clone();
        let result = instrument::create(ctx.app(), ctx.caller(), input.draft(), key.as_deref()).await;
        payload(result.map(Instrument), InstrumentPayload::new)
    }

    /// Edits an instrument; a proposal is its organisation's until the coordinator confirms it. What the edit replaces stays in its
    /// history. Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn instrument_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: InstrumentUpdateInput,
    ) -> Option<Result<InstrumentPayload>> {
        let result = instrument::update(ctx.app(), ctx.caller(), input.edit()).await;
        payload(result.map(Instrument), InstrumentPayload::new)
    }

    /// Confirms a proposed instrument: from now on everybody reads it, and only the coordinator edits it. One that is confirmed
    /// stays so. Who: COORDINATOR.
    async fn instrument_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: InstrumentConfirmInput,
    ) -> Option<Result<InstrumentPayload>> {
        let edit = Edit::new(ids::id(&input.id, "id"), input.version, Ok(()), input.idempotency_key);
        let result = instrument::confirm(ctx.app(), ctx.caller(), edit).await;
        payload(result.map(Instrument), InstrumentPayload::new)
    }
}
