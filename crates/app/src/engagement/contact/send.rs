//! Sends a draft.

use serde::Serialize;
use tertulia_domain::{
    Faults, Result,
    engagement::{
        contact::Contact,
        new_contact::check_readers,
        vocabulary::{Step, Visibility},
    },
    policy::Act,
    record::event::Topic,
};

use super::{
    share::set_readers,
    targeting::bind,
    telling::{Content, Open, Opened, Telling, open},
};
use crate::{App, Ctx, engagement::response_target::in_force};

/// Sending a draft.
#[derive(Clone, Debug, Serialize)]
pub struct Send {
    /// What every act says.
    pub telling: Telling,
    /// Who reads it from now on; what was chosen before, else both sides.
    pub visibility: Option<Visibility>,
    /// The persons who read it, if that is NAMED.
    pub named_readers: Vec<String>,
}

/// Tells that a draft was sent. The sender's act; from now on the other side reads it, unless the sender chose otherwise.
pub async fn send(app: &App, ctx: &Ctx, input: Send) -> Result<Contact> {
    ctx.may(Act::ContactSend)?;
    let mut faults = Faults::default();
    let words = faults.check("", input.telling.check(ctx.now, false, &input));
    let readers = faults.check("namedReaders", check_readers(&input.named_readers, input.visibility)).unwrap_or_default();
    let words = faults.finish_with(words)?;
    // Looked up before the transaction, which must not wait for a second connection.
    let targets = in_force(app, ctx).await?;
    match open(app, ctx, Act::ContactSend, words, input.telling.version).await? {
        Opened::Before(contact) => Ok(*contact),
        Opened::Now(mut open) => {
            if let Some(visibility) = input.visibility {
                set_readers(&mut open, visibility, readers).await?;
            }
            let sent_at = open.words().occurred_at.unwrap_or(ctx.now);
            let Open { uow, contact, .. } = &mut *open;
            bind(uow, contact, &targets, sent_at).await?;
            open.tell(Step::Sent, Content::default(), Topic::ContactSent).await
        }
    }
}
