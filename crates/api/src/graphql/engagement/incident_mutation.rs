//! Mutations of incidents.

use async_graphql::{Context, Object, SimpleObject};
use tertulia_app::engagement::incident;
use tertulia_domain::{Result, engagement::incident::Incident as Domain};

use super::{
    incident::Incident,
    incident_input::{
        IncidentCloseInput, IncidentContactAddInput, IncidentContactRemoveInput, IncidentMonitorInput, IncidentOpenInput,
        IncidentReopenInput, IncidentShareInput, IncidentUnshareInput, IncidentUpdateInput,
    },
};
use crate::graphql::{
    Resolving,
    payload::{UserError, payload},
};

/// What an act on an incident answers.
#[derive(SimpleObject)]
pub struct IncidentPayload {
    /// The incident as it is now; null if the act was refused, or if you do not read it any more.
    incident: Option<Incident>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

fn answer(result: Result<Domain>) -> Option<Result<IncidentPayload>> {
    payload(result.map(Incident), |incident, user_errors| IncidentPayload { incident, user_errors })
}

/// Mutations of incidents.
#[derive(Default)]
pub(super) struct IncidentMutation;

#[Object]
impl IncidentMutation {
    /// Opens an incident: one matter, for contacts with several platforms. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns
    /// it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn incident_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The incident.")] input: IncidentOpenInput,
    ) -> Option<Result<IncidentPayload>> {
        let key = input.idempotency_key.clone();
        answer(incident::open(ctx.app(), ctx.caller(), input.draft(), key.as_deref()).await)
    }

    /// Edits what an incident says. What the edit replaces stays in its history. Who: ELECTORAL_BODY_OFFICER (of the organisation that
    /// owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn incident_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: IncidentUpdateInput,
    ) -> Option<Result<IncidentPayload>> {
        answer(incident::update(ctx.app(), ctx.caller(), input.edit()).await)
    }

    /// Says that nothing is to be done about an open incident now, and that it is watched. Who: ELECTORAL_BODY_OFFICER (of the
    /// organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn incident_monitor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: IncidentMonitorInput,
    ) -> Option<Result<IncidentPayload>> {
        answer(incident::monitor(ctx.app(), ctx.caller(), input.edit()).await)
    }

    /// Closes an incident; its contacts go on as they stand. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn incident_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: IncidentCloseInput,
    ) -> Option<Result<IncidentPayload>> {
        answer(incident::close(ctx.app(), ctx.caller(), input.edit(), &input.reason).await)
    }

    /// Opens an incident again that is closed or only watched. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn incident_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: IncidentReopenInput,
    ) -> Option<Result<IncidentPayload>> {
        answer(incident::reopen(ctx.app(), ctx.caller(), input.edit()).await)
    }

    /// Lets another electoral body of the same country take part: it reads the incident and puts contacts of its own into it. Each
    /// body goes on reading its own contacts only. At most 50 bodies. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn incident_share(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The body.")] input: IncidentShareInput,
    ) -> Option<Result<IncidentPayload>> {
        answer(incident::share(ctx.app(), ctx.caller(), &input.into()).await)
    }

    /// Ends that a body takes part, and takes its contacts out of the incident: the owner for any body, each body for itself. Who:
    /// ELECTORAL_BODY_OFFICER (of either party), ELECTORAL_BODY_ADMINISTRATOR (of either party).
    async fn incident_unshare(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The body.")] input: IncidentUnshareInput,
    ) -> Option<Result<IncidentPayload>> {
        let result = incident::unshare(ctx.app(), ctx.caller(), &input.into()).await;
        payload(result, |incident, user_errors| IncidentPayload { incident: incident.flatten().map(Incident), user_errors })
    }

    /// Puts a contact of your own body into an incident that it owns or takes part in; a contact belongs to one at most, an incident
    /// holds 500 of each body. The other side of the contact learns nothing of it. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn incident_contact_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact.")] input: IncidentContactAddInput,
    ) -> Option<Result<IncidentPayload>> {
        answer(incident::contact_add(ctx.app(), ctx.caller(), &input.into()).await)
    }

    /// Takes a contact of your own body out of its incident. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn incident_contact_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact.")] input: IncidentContactRemoveInput,
    ) -> Option<Result<IncidentPayload>> {
        answer(incident::contact_remove(ctx.app(), ctx.caller(), &input.into()).await)
    }
}
