//! Writes to the other side about a contact.

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Result,
    engagement::{comment::Comment, contact::Contact},
    id::ContactId,
    policy::Act,
    record::event::{Event, Topic},
    text,
};
use tertulia_persistence::engagement::{comment as comments, contact as contacts};

use super::telling::{Opened, Telling, open};
use crate::{App, Ctx};

/// A comment.
#[derive(Clone, Debug, Serialize)]
pub struct NewComment {
    /// What every act says; a comment has neither moment nor format.
    pub telling: Telling,
    /// What is written.
    pub text: String,
}

/// Writes a comment, which both sides read as long as they read the contact. Either side's act.
pub async fn comment(app: &App, ctx: &Ctx, input: NewComment) -> Result<Contact> {
    ctx.may(Act::ContactComment)?;
    let mut faults = Faults::default();
    let words = faults.check("", input.telling.check(ctx.now, false, &input));
    let text = faults.check("text", text::block(&input.text, text::LONG));
    let (words, text) = faults.finish_with(words.zip(text))?;
    match open(app, ctx, Act::ContactComment, words, input.telling.version).await? {
        Opened::Before(contact) => Ok(*contact),
        Opened::Now(open) => {
            let (Some(person), Some(organisation)) = (open.grant.user(), open.grant.organisation()) else {
                return Err(Error::forbidden("A comment is written by a person for an organisation."));
            };
            let (uow, mut contact) = (open.uow, open.contact);
            let comment = Comment { id: app.ids.new_id(), contact: contact.id, at: ctx.now, person, organisation, text };
            comments::insert(uow.writer(), &comment).await?;
            contacts::touch(uow.writer(), contact.id, ctx.now).await?;
            contact.changed_at = ctx.now;
            uow.commit(open.grant, [Event::new(Topic::ContactCommented, contact.id.any())]).await?;
            Ok(contact)
        }
    }
}

/// The comments on contacts that the caller has read through his sight, oldest first.
pub async fn comments(app: &App, ctx: &Ctx, contacts: &[ContactId]) -> Result<Vec<Comment>> {
    ctx.may(Act::ContactRead)?;
    comments::find_of(&app.reader(ctx), contacts).await
}
