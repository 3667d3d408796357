//! Reading incidents: of the bodies that own them or take part in them, by nobody else.

use std::collections::HashMap;

use tertulia_domain::{
    Result,
    engagement::{
        contact::Contact,
        incident::{Incident, IncidentFilter, IncidentOrder},
    },
    id::{ContactId, IncidentId, OrganisationId},
    page::{Edge, Page, PageRequest},
    policy::Act,
};
use tertulia_persistence::engagement::{incident, incident_contact};

use crate::{App, Ctx, engagement::contact};

/// Refuses early a caller who never reads incidents, before his input is looked at.
pub fn may_read(ctx: &Ctx) -> Result<()> {
    ctx.may(Act::IncidentRead)
}

/// Those of the incidents that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[IncidentId]) -> Result<Vec<Incident>> {
    ctx.may(Act::IncidentRead)?;
    incident::find_many(&app.reader(ctx), &ctx.contacts(), ids).await
}

/// A page of the incidents that the caller may read and the filter leaves.
pub async fn list(app: &App, ctx: &Ctx, filter: &IncidentFilter, order: IncidentOrder, page: &PageRequest) -> Result<Page<Incident>> {
    ctx.may(Act::IncidentRead)?;
    incident::list(&app.reader(ctx), &ctx.contacts(), filter, order, page).await
}

/// How many incidents the caller may read and the filter leaves.
pub async fn count(app: &App, ctx: &Ctx, filter: &IncidentFilter) -> Result<u64> {
    ctx.may(Act::IncidentRead)?;
    incident::count(&app.reader(ctx), &ctx.contacts(), filter).await
}

/// The incidents of contacts that the caller has read through his sight; none for who never reads incidents, as the other side.
pub async fn of_contacts(app: &App, ctx: &Ctx, contacts: &[ContactId]) -> Result<Vec<(ContactId, Incident)>> {
    if ctx.may(Act::IncidentRead).is_err() {
        return Ok(Vec::new());
    }
    incident_contact::incidents_of(&app.reader(ctx), &ctx.contacts(), contacts).await
}

/// The bodies that take part in incidents that the caller was shown, in the order of coming.
pub async fn shares(app: &App, ctx: &Ctx, ids: &[IncidentId]) -> Result<Vec<(IncidentId, OrganisationId)>> {
    ctx.may(Act::IncidentRead)?;
    incident::shares_of(&app.reader(ctx), ids).await
}

/// The first page of the contacts of each of these incidents, which the caller was shown, in one statement: those that he may read;
/// `limit` of them at most.
pub async fn first_contacts(app: &App, ctx: &Ctx, ids: &[IncidentId], limit: u16) -> Result<HashMap<IncidentId, Page<Contact>>> {
    ctx.may(Act::IncidentRead)?;
    let limit = usize::from(limit);
    let found = incident_contact::first_of_each(&app.reader(ctx), &ctx.contacts(), ids, limit as u64 + 1).await?;
    let mut pages: HashMap<IncidentId, Page<Contact>> = HashMap::new();
    for (incident, position, item) in found {
        let page = pages.entry(incident).or_insert_with(|| Page { edges: Vec::new(), has_next: false, has_previous: false });
        if page.edges.len() < limit {
            page.edges.push(Edge { position, item });
        } else {
            page.has_next = true;
        }
    }
    contact::note_read(app, ctx, pages.values().flat_map(|page| &page.edges).map(|edge| &edge.item)).await?;
    Ok(pages)
}

/// How many contacts the caller may read of each of these incidents, which he was shown; one without any does not occur.
pub async fn contact_counts(app: &App, ctx: &Ctx, ids: &[IncidentId]) -> Result<HashMap<IncidentId, u64>> {
    ctx.may(Act::IncidentRead)?;
    incident_contact::count_of_each(&app.reader(ctx), &ctx.contacts(), ids).await
}
