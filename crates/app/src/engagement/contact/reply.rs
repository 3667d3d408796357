//! Answers what the receiver asked.

use tertulia_domain::{
    Result,
    engagement::{contact::Contact, vocabulary::Step},
    policy::Act,
    record::event::Topic,
};

use super::telling::{Telling, tell};
use crate::{App, Ctx};

/// Answers what the receiver asked. The sender's act.
pub async fn reply(app: &App, ctx: &Ctx, telling: Telling) -> Result<Contact> {
    tell(app, ctx, Act::ContactReply, Step::Replied, Topic::ContactReplied, &telling).await
}
