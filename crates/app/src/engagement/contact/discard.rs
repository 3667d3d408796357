//! Drops a draft.

use tertulia_domain::{
    Result,
    engagement::{contact::Contact, vocabulary::Step},
    policy::Act,
    record::event::Topic,
};

use super::telling::{Telling, tell};
use crate::{App, Ctx};

/// Drops a draft. The sender's act, with a reason.
pub async fn discard(app: &App, ctx: &Ctx, telling: Telling) -> Result<Contact> {
    tell(app, ctx, Act::ContactDiscard, Step::Discarded, Topic::ContactDiscarded, &telling).await
}
