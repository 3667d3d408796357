//! Passes a draft to somebody else.

use serde::Serialize;
use tertulia_domain::{
    Faults, Result,
    engagement::{contact::Contact, vocabulary::Step},
    policy::Act,
    record::event::Topic,
    text,
};

use super::telling::{Content, Opened, Telling, open};
use crate::{App, Ctx};

/// Passing a draft on.
#[derive(Clone, Debug, Serialize)]
pub struct Refer {
    /// What every act says.
    pub telling: Telling,
    /// To whom.
    pub referred_to: Option<String>,
}

/// Passes a draft to somebody else. The sender's act, with a reason, before anything is sent.
pub async fn refer(app: &App, ctx: &Ctx, input: Refer) -> Result<Contact> {
    ctx.may(Act::ContactRefer)?;
    let mut faults = Faults::default();
    let words = faults.check("", input.telling.check(ctx.now, true, &input));
    let to = input.referred_to.as_deref().and_then(|raw| faults.check("referredTo", text::line(raw, text::SHORT)));
    let words = faults.finish_with(words)?;
    match open(app, ctx, Act::ContactRefer, words, input.telling.version).await? {
        Opened::Before(contact) => Ok(*contact),
        Opened::Now(open) => open.tell(Step::Referred, Content { referred_to: to, ..Content::default() }, Topic::ContactReferred).await,
    }
}
