//! Tells that the receiver confirmed receipt.

use tertulia_domain::{
    Result,
    engagement::{contact::Contact, vocabulary::Step},
    policy::Act,
    record::event::Topic,
};

use super::telling::{Telling, tell};
use crate::{App, Ctx};

/// Tells that the receiver confirmed receipt. Either side tells of it; a machine's receipt is kept and moves nothing.
pub async fn acknowledge(app: &App, ctx: &Ctx, telling: Telling) -> Result<Contact> {
    tell(app, ctx, Act::ContactAcknowledge, Step::Acknowledged, Topic::ContactAcknowledged, &telling).await
}
