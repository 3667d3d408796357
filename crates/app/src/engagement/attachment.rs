//! Files attached to contacts, read by who reads the contact. `contact/attach.rs` and `contact/detach.rs` have the acts.

use std::collections::HashSet;

use tertulia_domain::{
    Result,
    engagement::attachment::Attachment,
    id::{AttachmentId, ContactId},
    policy::Act,
};
use tertulia_persistence::engagement::attachment;

use super::contact;
use crate::{App, Ctx};

/// The attachments of contacts that the caller has read through his sight, in the order in which they were attached.
pub async fn of_contacts(app: &App, ctx: &Ctx, contacts: &[ContactId]) -> Result<Vec<Attachment>> {
    ctx.may(Act::ContactRead)?;
    attachment::find_of(&app.reader(ctx), contacts).await
}

/// Those of the attachments whose contacts the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[AttachmentId]) -> Result<Vec<Attachment>> {
    ctx.may(Act::ContactRead)?;
    let mut found = attachment::find_many(&app.reader(ctx), ids).await?;
    let contacts: Vec<ContactId> = found.iter().map(|one| one.contact).collect();
    let read: HashSet<ContactId> = contact::by_ids(app, ctx, &contacts).await?.into_iter().map(|contact| contact.id).collect();
    found.retain(|one| read.contains(&one.contact));
    Ok(found)
}
