//! Asks the sender something.

use tertulia_domain::{
    Result,
    engagement::{contact::Contact, vocabulary::Step},
    policy::Act,
    record::event::Topic,
};

use super::telling::{Telling, tell};
use crate::{App, Ctx};

/// Asks the sender something. The receiver's act; the decision clock pauses until the sender replies.
pub async fn ask(app: &App, ctx: &Ctx, telling: Telling) -> Result<Contact> {
    tell(app, ctx, Act::ContactAsk, Step::Asked, Topic::ContactAsked, &telling).await
}
