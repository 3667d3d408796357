//! Closes a contact.

use tertulia_domain::{
    Result,
    engagement::{contact::Contact, vocabulary::Step},
    policy::Act,
    record::event::Topic,
};

use super::telling::{Telling, tell};
use crate::{App, Ctx};

/// Closes a contact. The sender's act, with a reason. In silence only after the target or 30 days.
pub async fn close(app: &App, ctx: &Ctx, telling: Telling) -> Result<Contact> {
    tell(app, ctx, Act::ContactClose, Step::Closed, Topic::ContactClosed, &telling).await
}
