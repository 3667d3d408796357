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
    telling::{Content, Opened, Telling, open},
};
use crate::{App, Ctx};

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
    match open(app, ctx, Act::ContactSend, words, input.telling.version).await? {
        Opened::Before(contact) => Ok(*contact),
        Opened::Now(mut open) => {
            if let Some(visibility) = input.visibility {
                set_readers(&mut open, visibility, readers).await?;
            }
            open.tell(Step::Sent, Content::default(), Topic::ContactSent).await
        }
    }
}
