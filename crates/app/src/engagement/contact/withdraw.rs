//! Takes a contact back.

use tertulia_domain::{
    Result,
    engagement::{contact::Contact, vocabulary::Step},
    policy::Act,
    record::event::Topic,
};

use super::telling::{Telling, tell};
use crate::{App, Ctx};

/// Takes a contact back. The sender's act, with a reason, before it is decided.
pub async fn withdraw(app: &App, ctx: &Ctx, telling: Telling) -> Result<Contact> {
    tell(app, ctx, Act::ContactWithdraw, Step::Withdrawn, Topic::ContactWithdrawn, &telling).await
}
