//! Tells what was decided.

use serde::Serialize;
use tertulia_domain::{
    Faults, Result,
    engagement::{contact::Contact, decision::NewDecision, vocabulary::Step},
    policy::Act,
    record::event::Topic,
};

use super::telling::{Content, Opened, Telling, open};
use crate::{App, Ctx};

/// A decision.
#[derive(Clone, Debug, Serialize)]
pub struct Decide {
    /// What every act says.
    pub telling: Telling,
    /// What was decided.
    pub decision: NewDecision,
}

/// Tells what the receiver decided. Either side tells of it; what the items say must agree with the outcome.
pub async fn decide(app: &App, ctx: &Ctx, input: Decide) -> Result<Contact> {
    ctx.may(Act::ContactDecide)?;
    let mut faults = Faults::default();
    let words = faults.check("", input.telling.check(ctx.now, false, &input));
    faults.check("", input.decision.check_words());
    let words = faults.finish_with(words)?;
    match open(app, ctx, Act::ContactDecide, words, input.telling.version).await? {
        Opened::Before(contact) => Ok(*contact),
        Opened::Now(open) => {
            let decision = input.decision.check(&open.items().await?)?;
            open.tell(Step::Decided, Content { decision: Some(decision), ..Content::default() }, Topic::ContactDecided).await
        }
    }
}
