//! Corrects a fact of one's own side.

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    engagement::{contact::Contact, decision::NewDecision, fact::Told, lifecycle::correctable},
    policy::Act,
    record::event::Topic,
};

use super::telling::{Opened, Telling, open, transition};
use crate::{App, Ctx};

/// A correction: what it says takes the place of what the fact said; what it leaves out stays.
#[derive(Clone, Debug, Serialize)]
pub struct Correction {
    /// What every act says.
    pub telling: Telling,
    /// The fact.
    pub transition: String,
    /// What was decided, for a decision.
    pub decision: Option<NewDecision>,
}

/// Corrects a fact of one's own side: a new fact supersedes it, and both stay in the history. With a reason.
pub async fn correct(app: &App, ctx: &Ctx, input: Correction) -> Result<Contact> {
    ctx.may(Act::ContactCorrect)?;
    let mut faults = Faults::default();
    let words = faults.check("", input.telling.check(ctx.now, true, &input));
    let target = faults.check("transitionId", transition(&input.transition));
    if let Some(decision) = &input.decision {
        faults.check("decision", decision.check_words());
    }
    let (words, target) = faults.finish_with(words.zip(target))?;
    match open(app, ctx, Act::ContactCorrect, words, input.telling.version).await? {
        Opened::Before(contact) => Ok(*contact),
        Opened::Now(open) => {
            let known = open.facts().await?;
            let old = correctable(&known, target, open.side)?.told.clone();
            let decision = match (&input.decision, &old.decision) {
                (None, kept) => kept.clone(),
                (Some(new), Some(_)) => Some(new.check(&open.items().await?).map_err(|error| error.under("decision"))?),
                (Some(_), None) => {
                    return Err(Error::invalid(Reason::Contradiction, "decision", "Only a decision is corrected by a decision."));
                }
            };
            let words = open.words();
            let told = Told {
                occurred_at: words.occurred_at.unwrap_or(old.occurred_at),
                precision: if input.telling.precision.is_some() { words.precision } else { old.precision },
                format: words.format.or(old.format),
                reason: words.reason.clone(),
                organisation: open.grant.organisation().unwrap_or(old.organisation),
                decision,
                supersedes: Some(target),
                ..old
            };
            open.add(told, known, Topic::ContactCorrected).await
        }
    }
}
