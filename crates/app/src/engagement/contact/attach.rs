//! Attaches a file to a contact.

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Result,
    engagement::{attachment::Attachment, contact::Contact, new_contact::id},
    id::FileId,
    policy::Act,
    record::event::{Event, Topic},
};
use tertulia_persistence::engagement::{attachment as attachments, contact as contacts, file as files};

use super::telling::{Open, Opened, Telling, open};
use crate::{App, Ctx, engagement::file::is_hidden};

/// Attaching a file.
#[derive(Clone, Debug, Serialize)]
pub struct Attach {
    /// What every act says; an attachment has neither moment nor format.
    pub telling: Telling,
    /// The file, as its upload answered it.
    pub file: String,
}

/// Attaches a file of one's own organisation, which both sides may take as long as they read the contact. Either side's act.
///
/// # Errors
/// `NOT_FOUND` for a file that the caller may not read, `CONFLICT` for one that is attached, `LIMIT_EXCEEDED` beyond what a contact may have.
pub async fn attach(app: &App, ctx: &Ctx, input: Attach) -> Result<Contact> {
    ctx.may(Act::ContactAttach)?;
    let mut faults = Faults::default();
    let words = faults.check("", input.telling.check(ctx.now, false, &input));
    let file = faults.check("fileId", id(&input.file));
    let (words, file) = faults.finish_with(words.zip(file))?;
    match open(app, ctx, Act::ContactAttach, words, input.telling.version).await? {
        Opened::Before(contact) => Ok(*contact),
        Opened::Now(open) => keep(*open, file).await,
    }
}

async fn keep(open: Open<'_>, file: FileId) -> Result<Contact> {
    let Open { uow, mut contact, grant, .. } = open;
    let (app, ctx) = (uow.app(), uow.ctx());
    let organisation = grant.organisation().ok_or_else(|| Error::broken("an attachment needs an organisation"))?;
    let file = files::hold(uow.writer(), organisation, file).await?.ok_or_else(|| Error::not_found("fileId"))?;
    // What is attached elsewhere is read with those contacts alone, and must not come to other readers this way.
    if is_hidden(uow.writer(), ctx, file.id).await? {
        return Err(Error::not_found("fileId"));
    }
    app.files.attached.admit(&attachments::find_of(uow.writer(), &[contact.id]).await?, &file)?;
    let attachment =
        Attachment { id: app.ids.new_id(), contact: contact.id, file, organisation, person: grant.user(), at: ctx.now, detached: None };
    attachments::insert(uow.writer(), &attachment).await?;
    contacts::touch(uow.writer(), contact.id, ctx.now).await?;
    contact.changed_at = ctx.now;
    uow.commit(grant, [Event::new(Topic::ContactAttached, contact.id.any())]).await?;
    Ok(contact)
}
