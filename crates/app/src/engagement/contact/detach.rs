//! Takes an attachment of a contact back.

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Result,
    engagement::{attachment::Taken, contact::Contact, new_contact::id},
    policy::Act,
    record::event::{Event, Topic},
};
use tertulia_persistence::engagement::{attachment as attachments, contact as contacts};

use super::telling::{Opened, Telling, open};
use crate::{App, Ctx};

/// Taking an attachment back.
#[derive(Clone, Debug, Serialize)]
pub struct Detach {
    /// What every act says; the reason is due once the contact was sent.
    pub telling: Telling,
    /// The attachment.
    pub attachment: String,
}

/// Takes an attachment of one's own side back: from a contact that was never sent it goes, afterwards that is noted beside it, and both
/// sides still read it. Either side's act.
pub async fn detach(app: &App, ctx: &Ctx, input: Detach) -> Result<Contact> {
    ctx.may(Act::ContactDetach)?;
    let reason = input.telling.reason.clone();
    let mut faults = Faults::default();
    let words = faults.check("", input.telling.check(ctx.now, reason.is_some(), &input));
    let wanted = faults.check("attachmentId", id(&input.attachment));
    let (words, wanted) = faults.finish_with(words.zip(wanted))?;
    match open(app, ctx, Act::ContactDetach, words, input.telling.version).await? {
        Opened::Before(contact) => Ok(*contact),
        Opened::Now(open) => {
            let by = open.grant.organisation().ok_or_else(|| Error::broken("an attachment needs an organisation"))?;
            let (reason, mut contact) = (open.words().reason.clone(), open.contact.clone());
            let writer = open.uow.writer();
            let mut known = attachments::find_of(writer, &[contact.id]).await?.into_iter();
            let found = known.find(|one| one.id == wanted).ok_or_else(|| Error::not_found("attachmentId"))?;
            match found.detach(by, contact.life.sent_at.is_some(), reason, ctx.now)? {
                Taken::Away => attachments::delete(writer, found.id).await?,
                Taken::Noted(detached) => attachments::detach(writer, found.id, &detached).await?,
            }
            contacts::touch(writer, contact.id, ctx.now).await?;
            contact.changed_at = ctx.now;
            open.uow.commit(open.grant, [Event::new(Topic::ContactDetached, contact.id.any())]).await?;
            Ok(contact)
        }
    }
}
