//! Appeals against the decision.

use tertulia_domain::{
    Result,
    engagement::{contact::Contact, vocabulary::Step},
    policy::Act,
    record::event::Topic,
};

use super::telling::{Telling, tell};
use crate::{App, Ctx};

/// Appeals against the decision. The sender's act, with a reason.
pub async fn dispute(app: &App, ctx: &Ctx, telling: Telling) -> Result<Contact> {
    tell(app, ctx, Act::ContactDispute, Step::Disputed, Topic::ContactDisputed, &telling).await
}
