//! Folds what acts counted into the counts of both parties. Acts write a row of their own contact only, so that no two wait for each other;
//! the counts, which everybody of an organisation shares, are written by one server at a time.

use std::collections::BTreeMap;

use tertulia_domain::{
    Result,
    engagement::statistics::{cells::Cells, dimension::Month, figures::in_phase},
    id::{ContactId, OrganisationId},
};
use tertulia_persistence::{
    Writer,
    engagement::statistics::{counted_fresh, kept_count},
    record::lease,
};
use uuid::Uuid;

use crate::{App, Ctx};

/// The job that changes what is folded.
pub(super) const LEASE: &str = "statistics";
/// How many contacts may be fresh before they are folded: readers count these one by one.
const FRESH: u64 = 1_000;
/// Contacts of one transaction, while people wait for the database.
const BATCH: u64 = 4_000;
/// Contacts of one transaction, where nobody does: each rewrites the counts of its parties' months.
const LARGE_BATCH: u64 = 50_000;
/// Contacts, and months of counts, of one statement.
const STATEMENT: usize = 500;

/// Folds what is fresh, if there is much of it; says how many contacts.
pub(crate) async fn fold(app: &App, ctx: &Ctx, holder: Uuid) -> Result<u64> {
    if !counted_fresh::has_fresh(&app.current_reader(ctx), FRESH).await? {
        return Ok(0);
    }
    fold_some(app, ctx, holder, BATCH).await
}

/// Folds everything that is fresh, for commands that end and for tests, and tells `progress` after each part how many contacts that were.
pub async fn fold_all(app: &App, ctx: &Ctx, mut progress: impl FnMut(u64)) -> Result<()> {
    let holder = app.ids.uuid();
    loop {
        match fold_some(app, ctx, holder, LARGE_BATCH).await? {
            0 => return Ok(()),
            folded => progress(folded),
        }
    }
}

/// What changes in the counts of one organisation and month.
#[derive(Default)]
struct Change {
    gone: Cells,
    come: Cells,
}

async fn fold_some(app: &App, ctx: &Ctx, holder: Uuid, most: u64) -> Result<u64> {
    let writer = app.store.writer(&ctx.statements);
    lease::take(&writer, LEASE, holder, ctx.now).await?;
    let fresh = counted_fresh::fresh(&writer, most).await?;
    let mut changes: BTreeMap<OrganisationId, BTreeMap<Month, Change>> = BTreeMap::new();
    for one in &fresh {
        let (now, phase) = &one.now;
        note(&mut changes, &in_phase(now, *phase)?, |change| &mut change.come);
        if let Some((before, phase)) = &one.before {
            note(&mut changes, &in_phase(before, *phase)?, |change| &mut change.gone);
        }
    }
    for (organisation, months) in changes {
        apply(&writer, organisation, months).await?;
    }
    let contacts: Vec<ContactId> = fresh.iter().map(|one| one.contact).collect();
    for some in contacts.chunks(STATEMENT) {
        counted_fresh::settle(&writer, some).await?;
    }
    writer.commit().await?;
    Ok(contacts.len() as u64)
}

/// Notes cells for both parties: for the platform, those that were shared with it.
fn note(changes: &mut BTreeMap<OrganisationId, BTreeMap<Month, Change>>, cells: &Cells, side: impl Fn(&mut Change) -> &mut Cells) {
    for (contact, contacts) in cells.iter() {
        let platform = contact.platform.filter(|_| contact.shared);
        for party in [Some(contact.electoral_body), platform].into_iter().flatten() {
            let change = changes.entry(party).or_default().entry(Month::of(contact.sent_at)).or_default();
            side(change).add(contact.clone(), contacts);
        }
    }
}

async fn apply(writer: &Writer, organisation: OrganisationId, months: BTreeMap<Month, Change>) -> Result<()> {
    let (Some((first, _)), Some((last, _))) = (months.first_key_value(), months.last_key_value()) else { return Ok(()) };
    let mut kept = kept_count::find(writer, organisation, (*first, *last)).await?;
    let mut rows = Vec::with_capacity(months.len());
    for (month, change) in months {
        let mut cells = Cells::read(&kept.remove(&month).unwrap_or_default())?;
        // What comes first, since a contact may come as it goes.
        for (contact, contacts) in change.come.iter() {
            cells.add(contact.clone(), contacts);
        }
        for (contact, contacts) in change.gone.iter() {
            cells.take(contact, contacts)?;
        }
        rows.push((organisation, month, cells.bytes()));
    }
    kept_count::put(writer, rows).await
}
