//! Lets other bodies of the same country take part in an incident.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    engagement::{
        incident::{Incident, MOST_BODIES, may_take_part},
        new_contact::id,
    },
    id::{IncidentId, OrganisationId},
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{
    directory::organisation,
    engagement::{incident, incident_contact},
};

use crate::{App, Ctx, IdempotencyKey, UnitOfWork};

/// Letting a body take part, or ending that; ids as typed.
#[derive(Clone, Debug, Serialize)]
pub struct Sharing {
    /// The incident.
    pub incident: String,
    /// The body.
    pub electoral_body: String,
    /// A key under which the same act may be sent again.
    pub idempotency_key: Option<String>,
}

impl Sharing {
    fn read(&self) -> Result<(IncidentId, OrganisationId, Option<IdempotencyKey>)> {
        let mut faults = Faults::default();
        let incident = faults.check("incidentId", id(&self.incident));
        let body = faults.check("electoralBodyId", id(&self.electoral_body));
        let key = faults.check("", IdempotencyKey::parse(self.idempotency_key.as_deref(), self)).flatten();
        let (incident, body) = faults.finish_with(incident.zip(body))?;
        Ok((incident, body, key))
    }
}

/// The incident, held, if the caller may read it.
pub(super) async fn held(uow: &UnitOfWork<'_>, id: IncidentId) -> Result<Incident> {
    let found = incident::hold(uow.writer(), &uow.ctx().contacts(), id).await?;
    found.ok_or_else(|| Error::not_found("incidentId"))
}

/// Lets another body of the owner's country take part: it reads the incident and puts contacts of its own into it. Each body goes on
/// reading its own contacts only. Sharing with who takes part already changes nothing.
pub async fn share(app: &App, ctx: &Ctx, input: &Sharing) -> Result<Incident> {
    ctx.may(Act::IncidentShare)?;
    let (id, body, key) = input.read()?;
    let uow = app.begin(ctx).await?;
    let incident = held(&uow, id).await?;
    let grant = ctx.allow(Act::IncidentShare, &Scope::owned_by(incident.owner()))?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(incident);
    }
    incident.fields.state.not_closed()?;
    let found = organisation::find_many(uow.writer(), &[incident.owner(), body]).await?;
    let of = |id: OrganisationId| found.iter().find(|organisation| organisation.id == id);
    let other = of(body).ok_or_else(|| Error::not_found("electoralBodyId"))?;
    let country = of(incident.owner()).and_then(|owner| owner.country);
    may_take_part((incident.owner(), country), (body, other.kind, other.country))?;
    let shares = incident::shares_of(uow.writer(), &[id]).await?;
    if shares.iter().any(|(_, shared)| *shared == body) {
        return Ok(incident);
    }
    if shares.len() >= MOST_BODIES {
        let message = format!("At most {MOST_BODIES} bodies take part in an incident.");
        return Err(Error::new(Code::LimitExceeded, Reason::TooMany, "electoralBodyId", message));
    }
    incident::insert_share(uow.writer(), app.ids.uuid(), id, body, ctx.now).await?;
    uow.commit(grant, [Event::new(Topic::IncidentShared, id.any())]).await?;
    Ok(incident)
}

/// Ends that a body takes part, and takes its contacts out of the incident: the owner for any body, and a body for itself. Answers the
/// incident if the caller may read it still.
pub async fn unshare(app: &App, ctx: &Ctx, input: &Sharing) -> Result<Option<Incident>> {
    ctx.may(Act::IncidentUnshare)?;
    let (id, body, key) = input.read()?;
    let uow = app.begin(ctx).await?;
    let incident = held(&uow, id).await?;
    let grant = ctx.allow(Act::IncidentUnshare, &Scope { counterpart: Some(body), ..Scope::owned_by(incident.owner()) })?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(Some(incident));
    }
    if !incident::delete_share(uow.writer(), id, body).await? {
        return Err(Error::not_found("electoralBodyId"));
    }
    incident_contact::delete_of_body(uow.writer(), id, body).await?;
    let still = incident::find(uow.writer(), &ctx.contacts(), id).await?;
    uow.commit(grant, [Event::new(Topic::IncidentUnshared, id.any())]).await?;
    Ok(still)
}
