//! Which contacts belong to an incident. Putting one in changes nothing of the contact itself: the platform on its other side must not
//! learn that there is an incident.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    engagement::{
        incident::{Incident, MOST_CONTACTS},
        new_contact::id,
    },
    id::{ContactId, IncidentId, OrganisationId},
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::engagement::{contact as contacts, incident, incident_contact};

use super::share::held;
use crate::{App, Ctx, IdempotencyKey, UnitOfWork};

/// A contact and its incident; ids as typed.
#[derive(Clone, Debug, Serialize)]
pub struct Placing {
    /// The incident.
    pub incident: String,
    /// The contact.
    pub contact: String,
    /// A key under which the same act may be sent again.
    pub idempotency_key: Option<String>,
}

impl Placing {
    fn read(&self) -> Result<(IncidentId, ContactId, Option<IdempotencyKey>)> {
        let mut faults = Faults::default();
        let incident = faults.check("incidentId", id(&self.incident));
        let contact = faults.check("contactId", id(&self.contact));
        let key = faults.check("", IdempotencyKey::parse(self.idempotency_key.as_deref(), self)).flatten();
        let (incident, contact) = faults.finish_with(incident.zip(contact))?;
        Ok((incident, contact, key))
    }
}

/// Puts a contact of one's own body into an incident that it owns or takes part in. One that belongs to it already stays.
pub async fn contact_add(app: &App, ctx: &Ctx, input: &Placing) -> Result<Incident> {
    ctx.may(Act::IncidentContactAdd)?;
    let (id, contact, key) = input.read()?;
    let uow = app.begin(ctx).await?;
    let incident = held(&uow, id).await?;
    // Held, so that two incidents do not take it at once.
    let found = contacts::hold(uow.writer(), &ctx.contacts(), contact).await?.ok_or_else(|| Error::not_found("contactId"))?;
    let grant = ctx.allow(Act::IncidentContactAdd, &Scope::owned_by(found.electoral_body))?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(incident);
    }
    match incident_contact::incident_of(uow.writer(), contact).await? {
        Some(known) if known == id => return Ok(incident),
        Some(_) => {
            let message = "This contact belongs to another incident; take it out of that one first.";
            return Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "contactId", message));
        }
        None => {}
    }
    accepts(&uow, &incident, (found.electoral_body, "contactId"), 0).await?;
    incident_contact::insert(uow.writer(), id, contact, ctx.now).await?;
    uow.commit(grant, [Event::new(Topic::IncidentContactAdded, id.any())]).await?;
    Ok(incident)
}

/// Takes a contact of one's own body out of its incident.
pub async fn contact_remove(app: &App, ctx: &Ctx, input: &Placing) -> Result<Incident> {
    ctx.may(Act::IncidentContactRemove)?;
    let (id, contact, key) = input.read()?;
    let uow = app.begin(ctx).await?;
    let incident = held(&uow, id).await?;
    let found = contacts::find(uow.writer(), &ctx.contacts(), contact).await?.ok_or_else(|| Error::not_found("contactId"))?;
    let grant = ctx.allow(Act::IncidentContactRemove, &Scope::owned_by(found.electoral_body))?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(incident);
    }
    incident.fields.state.not_closed()?;
    if !incident_contact::delete(uow.writer(), id, contact).await? {
        let message = "This contact does not belong to this incident.";
        return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "contactId", message));
    }
    uow.commit(grant, [Event::new(Topic::IncidentContactRemoved, id.any())]).await?;
    Ok(incident)
}

/// Holds the incident to which a contact that `body` is about to log is to belong.
pub(in crate::engagement) async fn take_in(uow: &UnitOfWork<'_>, id: IncidentId, body: OrganisationId, beside: u64) -> Result<Incident> {
    let incident = held(uow, id).await?;
    accepts(uow, &incident, (body, "incidentId"), beside).await.map(|()| incident)
}

/// Refuses a contact of a body that takes no part, and one too many. A caller may read an incident for one body and act for another.
async fn accepts(uow: &UnitOfWork<'_>, incident: &Incident, (body, path): (OrganisationId, &str), beside: u64) -> Result<()> {
    incident.fields.state.not_closed()?;
    let takes_part =
        incident.owner() == body || incident::shares_of(uow.writer(), &[incident.id]).await?.iter().any(|(_, one)| *one == body);
    if !takes_part {
        return Err(Error::invalid(Reason::NotAnOption, path, "The contact's electoral body takes no part in this incident."));
    }
    if incident_contact::count(uow.writer(), incident.id, body).await? + beside >= MOST_CONTACTS {
        let message = format!("At most {MOST_CONTACTS} contacts of an electoral body belong to an incident.");
        return Err(Error::new(Code::LimitExceeded, Reason::TooMany, path, message));
    }
    Ok(())
}
