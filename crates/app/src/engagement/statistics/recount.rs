//! `responsiveness.recount`: counts every contact anew from its facts.

use std::collections::HashMap;

use tertulia_domain::{
    Result,
    engagement::{
        fact::Fact,
        statistics::{counted::Counted, phase::ElectionPhase},
    },
    id::ContactId,
    policy::Act,
};
use tertulia_persistence::{
    engagement::{
        contact as contacts, fact as facts,
        statistics::{
            counted::{lacks_oldest, phases_of},
            counted_fresh::{self, Row},
            kept_count,
        },
    },
    record::lease,
};

use super::{
    count::{phase, sent_at},
    fold::{LEASE, fold_all},
};
use crate::{App, Ctx};

/// Contacts of one transaction.
const BATCH: u64 = 500;

/// Counts every contact anew from its facts, and folds all of them into the counts of their parties; tells `progress` how many contacts are
/// counted, again and again. Servers may run meanwhile: what they answer is right all the time, as far as what is counted is. The phase in
/// which a contact was sent stays as it is kept; where none is, it is worked out from the elections known now.
pub async fn recount(app: &App, ctx: &Ctx, mut progress: impl FnMut(u64)) -> Result<u64> {
    ctx.may(Act::ResponsivenessRecount)?;
    let writer = app.store.writer(&ctx.statements);
    lease::take(&writer, LEASE, app.ids.uuid(), ctx.now).await?;
    writer.unhurried().await?;
    kept_count::delete_all(&writer).await?;
    counted_fresh::unsettle(&writer).await?;
    writer.commit().await?;
    let (mut after, mut done) = (None, 0);
    loop {
        let (last, some) = recount_some(app, ctx, after).await?;
        if some == 0 {
            break;
        }
        (after, done) = (last, done + some);
        progress(done);
    }
    fold_all(app, ctx, |_| ()).await?;
    Ok(done)
}

/// Whether contacts were logged before there were figures and are in none: then everything is to be counted anew, once.
pub async fn needs_recount(app: &App, ctx: &Ctx) -> Result<bool> {
    ctx.may(Act::ResponsivenessRecount)?;
    lacks_oldest(&app.current_reader(ctx)).await
}

async fn recount_some(app: &App, ctx: &Ctx, after: Option<ContactId>) -> Result<(Option<ContactId>, u64)> {
    let writer = app.store.writer(&ctx.statements);
    let held = contacts::hold_next(&writer, after, BATCH).await?;
    let ids: Vec<ContactId> = held.iter().map(|contact| contact.id).collect();
    let mut of_each: HashMap<ContactId, Vec<Fact>> = HashMap::new();
    for (contact, fact) in facts::find_of(&writer, &ids).await? {
        of_each.entry(contact).or_default().push(fact);
    }
    let known = phases_of(&writer, &ids).await?;
    let mut rows = Vec::with_capacity(held.len());
    for contact in &held {
        let Some(at) = sent_at(contact) else { continue };
        let told = of_each.remove(&contact.id).unwrap_or_default();
        let phase = match known.get(&contact.id) {
            Some(kept) => *kept,
            None => phase(app, ctx, &writer, (contact, at)).await?,
        };
        rows.push(Row { contact, counted: Counted::of(contact, &told, ElectionPhase::Outside), phase: Some(phase) });
    }
    counted_fresh::put(&writer, rows).await?;
    writer.commit().await?;
    Ok((ids.last().copied(), ids.len() as u64))
}
