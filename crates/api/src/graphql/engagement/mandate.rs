//! Mandates under which the coordinator records for electoral bodies.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, dataloader::Loader as Loads};
use tertulia_app::engagement::mandate::{self, NewMandate, Revocation};
use tertulia_domain::{
    Error, Faults, Result,
    engagement::mandate::{Mandate as Domain, MandateDraft},
    id::{MandateId, OrganisationId},
    page::PageRequest,
};

use super::{
    input::each,
    party::{self, Election, ElectoralBody, Person},
    words::ContactKind,
};
use crate::graphql::{
    Loader, Resolving,
    connection::{Connection, page},
    ids,
    payload::{UserError, payload},
    scalar::{CountryCode, DateTime},
};

/// The mandates of a body that hold now, for what the coordinator may do.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct MandatesOf(pub(super) OrganisationId);

impl Loads<MandatesOf> for Loader {
    type Value = Arc<Vec<Domain>>;
    type Error = Error;

    async fn load(&self, keys: &[MandatesOf]) -> Result<HashMap<MandatesOf, Arc<Vec<Domain>>>> {
        let bodies: Vec<OrganisationId> = keys.iter().map(|key| key.0).collect();
        let mut of_each: HashMap<MandatesOf, Vec<Domain>> = HashMap::new();
        for mandate in mandate::in_force(&self.app, &self.ctx, &bodies).await? {
            of_each.entry(MandatesOf(mandate.electoral_body)).or_default().push(mandate);
        }
        Ok(of_each.into_iter().map(|(key, mandates)| (key, Arc::new(mandates))).collect())
    }
}

impl Loads<MandateId> for Loader {
    type Value = Domain;
    type Error = Error;

    async fn load(&self, keys: &[MandateId]) -> Result<HashMap<MandateId, Domain>> {
        Ok(mandate::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// A mandate, as the body that gave it and the coordinator read it. What a body is for by law is its `Mandate` in the directory.
pub struct Mandate(pub(crate) Domain);

/// A body's word that the coordinator may log contacts for it, and tell that they were acknowledged and decided. What is recorded so is
/// `assertedBy: COORDINATOR` and enters no statistic until a party tells of the same. Read by the body and the coordinator.
#[Object(name = "CoordinatorMandate")]
impl Mandate {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The body that gave it.
    async fn electoral_body(&self, ctx: &Context<'_>) -> Option<Result<ElectoralBody>> {
        party::electoral_body(ctx, self.0.electoral_body).await.transpose()
    }

    /// The kinds of contact it is for; empty: all.
    async fn kinds(&self) -> Vec<ContactKind> {
        self.0.scope.kinds.iter().copied().map(Into::into).collect()
    }

    /// The countries of bodies whose contacts it is for; empty: all.
    async fn countries(&self) -> Vec<CountryCode> {
        self.0.scope.countries.iter().map(CountryCode::from).collect()
    }

    /// The election whose contacts it is for; null: those of all, and of none.
    async fn election(&self, ctx: &Context<'_>) -> Option<Result<Election>> {
        party::election(ctx, self.0.scope.election).await.transpose()
    }

    /// Whether it holds now.
    async fn in_force(&self, ctx: &Context<'_>) -> bool {
        self.0.holds(ctx.caller().now)
    }

    /// When it was given.
    async fn granted_at(&self) -> DateTime {
        DateTime(self.0.granted_at)
    }

    /// Who gave it; null for who does not act for the body.
    async fn granted_by(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        party::person(ctx, self.0.electoral_body, self.0.granted_by).await.transpose()
    }

    /// Until when it holds, that moment left out.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When it was taken back; null if it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }
}

/// Queries of mandates.
#[derive(Default)]
pub(super) struct MandateQuery;

#[Object]
impl MandateQuery {
    /// The mandates that your body gave, or, for the coordinator, that bodies gave; the last given first. Who: COORDINATOR,
    /// ELECTORAL_BODY_OFFICER, ELECTORAL_BODY_ADMINISTRATOR.
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
    async fn mandates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this body.")] electoral_body_id: Option<ID>,
        #[graphql(desc = "Whether those that hold no longer are listed beside the others.", default = false)] include_ended: bool,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Mandate>>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(list(ctx, electoral_body_id, include_ended, request).await)
    }
}

async fn list(ctx: &Context<'_>, body: Option<ID>, ended: bool, request: Result<PageRequest>) -> Result<Connection<Mandate>> {
    mandate::may_read(ctx.caller())?;
    let request = request?;
    let body = body.map(|raw| ids::id(&raw, "electoralBodyId")).transpose()?;
    let found = mandate::list(ctx.app(), ctx.caller(), body, ended, &request).await?;
    let (app, caller) = ctx.shared();
    Ok(Connection::new(found.map(Mandate), move || {
        let (app, caller) = (app.clone(), caller.clone());
        async move { mandate::count(&app, &caller, body, ended).await }
    }))
}

/// A mandate for the coordinator.
#[derive(Clone, Debug, InputObject)]
pub struct MandateGrantInput {
    /// The body; by default the one you act for.
    electoral_body_id: Option<ID>,
    /// The kinds of contact it is for; left out or empty: all.
    kinds: Option<Vec<ContactKind>>,
    /// The countries of bodies whose contacts it is for, at most 50; left out or empty: all.
    countries: Option<Vec<CountryCode>>,
    /// The election whose contacts it is for; left out: those of all, and of none.
    election_id: Option<ID>,
    /// Until when it holds: at most 366 days from now.
    expires_at: DateTime,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl MandateGrantInput {
    fn read(self) -> Result<NewMandate> {
        let mut faults = Faults::default();
        let new = NewMandate {
            electoral_body: ids::noted(&mut faults, "electoralBodyId", self.electoral_body_id.as_ref()),
            draft: MandateDraft {
                kinds: each(self.kinds),
                countries: self.countries.unwrap_or_default().into_iter().map(|code| code.0).collect(),
                election: ids::noted(&mut faults, "electionId", self.election_id.as_ref()),
                expires_at: self.expires_at.0,
            },
        };
        faults.finish_with(Some(new))
    }
}

/// A mandate that is taken back.
#[derive(Clone, Debug, InputObject)]
pub struct MandateRevokeInput {
    /// The mandate.
    mandate_id: ID,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

/// What an act on a mandate answers.
#[derive(SimpleObject)]
pub struct MandatePayload {
    /// The mandate as it is now; null if the act was refused.
    mandate: Option<Mandate>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

fn answer(result: Result<Domain>) -> Option<Result<MandatePayload>> {
    payload(result.map(Mandate), |mandate, user_errors| MandatePayload { mandate, user_errors })
}

/// Mutations of mandates.
#[derive(Default)]
pub(super) struct MandateMutation;

#[Object]
impl MandateMutation {
    /// Lets the coordinator log contacts for your body and tell that they were acknowledged and decided, for a time. Who:
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn mandate_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The mandate.")] input: MandateGrantInput,
    ) -> Option<Result<MandatePayload>> {
        let key = input.idempotency_key.clone();
        answer(mandate::grant(ctx.app(), ctx.caller(), input.read(), key.as_deref()).await)
    }

    /// Takes a mandate back, with immediate effect; what was recorded under it stays. Who: ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn mandate_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The mandate.")] input: MandateRevokeInput,
    ) -> Option<Result<MandatePayload>> {
        let revocation = Revocation { mandate: input.mandate_id.to_string(), idempotency_key: input.idempotency_key };
        answer(mandate::revoke(ctx.app(), ctx.caller(), &revocation).await)
    }
}
