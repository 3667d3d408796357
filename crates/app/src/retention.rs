//! How long what is kept for a time only is kept.

use chrono::TimeDelta;
use tertulia_domain::Result;
use uuid::Uuid;

use crate::{
    App, Ctx,
    dialogue::participation,
    engagement::{contact, contact_import, contact_template, incident},
};

/// The job under which one server at a time removes what is over.
pub(crate) const JOB: &str = "purge";

/// How long each kind of data is kept; none: for good.
#[derive(Clone, Copy, Debug, Default)]
pub struct Periods {
    /// Contacts that were never sent, from their last change on.
    pub unsent: Option<TimeDelta>,
    /// Contacts that are closed, from their last change on; legal notices and orders apart.
    pub closed: Option<TimeDelta>,
    /// Legal notices and orders that are closed. Law may ask for them for longer, as Ireland's Electoral Reform Act 2022 does, s. 149:
    /// two years after the electoral period.
    pub legal: Option<TimeDelta>,
    /// Incidents that are closed, from their last change on, once no contact belongs to them any more.
    pub incidents: Option<TimeDelta>,
    /// Templates of contacts, from when they were put away on.
    pub templates: Option<TimeDelta>,
    /// What imports of contacts reported of rows, and the names of their files, from their end on.
    pub import_reports: Option<TimeDelta>,
    /// What somebody needs to take part in a meeting, from its end on.
    pub access_needs: Option<TimeDelta>,
}

impl Periods {
    /// Whether contacts of every kind are kept for good.
    pub(crate) fn keeps_contacts(&self) -> bool {
        self.unsent.is_none() && self.closed.is_none() && self.legal.is_none()
    }
}

/// Removes some of what was kept for as long as it is to be, as the server `holder`; says how much, none when nothing is left.
pub(crate) async fn keep(app: &App, ctx: &Ctx, holder: Uuid) -> Result<u64> {
    // Contacts first: an incident goes after its last one.
    let contacts = contact::purge(app, ctx, &app.retention, holder).await?;
    let incidents = incident::purge(app, ctx, &app.retention, holder).await?;
    let templates = contact_template::purge(app, ctx, &app.retention, holder).await?;
    let imports = contact_import::forget(app, ctx, &app.retention).await?;
    Ok(contacts + incidents + templates + imports + participation::forget(app, ctx, &app.retention).await?)
}
