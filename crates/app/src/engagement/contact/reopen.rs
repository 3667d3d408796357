//! Opens a closed contact again.

use tertulia_domain::{
    Result,
    engagement::{contact::Contact, vocabulary::Step},
    policy::Act,
    record::event::Topic,
};

use super::telling::{Telling, tell};
use crate::{App, Ctx};

/// Opens a closed contact again. The sender's act, with a reason.
pub async fn reopen(app: &App, ctx: &Ctx, telling: Telling) -> Result<Contact> {
    tell(app, ctx, Act::ContactReopen, Step::Reopened, Topic::ContactReopened, &telling).await
}
