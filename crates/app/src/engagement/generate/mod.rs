//! `contact.generate`: fills a database for a trial, with contacts marked as generated.

mod distributions;
mod plan;

use std::{collections::BTreeSet, sync::Arc};

use tertulia_domain::{
    Code, Error, Reason, Result,
    directory::{
        organisation::{OrganisationKind, OrganisationStatus},
        platform::PlatformService,
    },
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text::CountryCode,
    time::Instant,
};
use tertulia_persistence::{
    Reader,
    directory::{organisation, platform},
    engagement::{contact, content_item, fact},
};

use self::plan::{Body, Ground, Planned, Planner, Service};
use super::{
    response_target::in_force,
    statistics::{count_generated, fold_all},
};
use crate::{
    App, Ctx, UnitOfWork,
    directory::votes::{Votes, votes},
};

/// Contacts of one statement; the databases bound the number of values in one.
const STATEMENT: usize = 200;
/// Contacts of one transaction.
const TRANSACTION: usize = 4_000;

/// What is to be generated.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// How many contacts, 1 to 10,000,000.
    pub contacts: u64,
    /// The same seed over the same directory at the same time makes the same contacts.
    pub seed: u64,
    /// Whether they are among organisations that were generated themselves, as the demo's; else among those of the real directory.
    pub among_generated: bool,
    /// The moment before which they were sent.
    pub before: Instant,
}

/// Generates contacts, each counted, and tells `progress` how many there are, again and again.
///
/// # Errors
/// `CONFLICT` if the database holds a contact that somebody logged; `INVALID_INPUT` if there is no body or service to
/// choose from.
pub async fn generate(app: &App, ctx: &Ctx, order: Order, mut progress: impl FnMut(u64)) -> Result<u64> {
    ctx.may(Act::ContactGenerate)?;
    if !(1..=10_000_000).contains(&order.contacts) {
        return Err(Error::invalid(Reason::OutOfRange, "contacts", "1 to 10,000,000 contacts can be generated."));
    }
    let reader = app.reader(ctx);
    if contact::has_logged(&reader).await? {
        let message = "This database holds contacts that people logged. Generated ones belong into a database of their own.";
        return Err(Error::new(Code::Conflict, Reason::NotAllowedNow, "", message));
    }
    let bodies = bodies(&reader, order.among_generated).await?;
    let services = services(&reader, order.among_generated).await?;
    let countries: BTreeSet<CountryCode> = bodies.iter().filter_map(|body| body.country).collect();
    let votes = votes(app, ctx, &reader, &countries.into_iter().collect::<Vec<_>>()).await?;
    let ground = Ground { targets: in_force(app, ctx).await?, votes: votes.clone() };
    let mut planner = Planner::new(order.seed, bodies, services, ground, order.before)?;
    let mut made = 0;
    while made < order.contacts {
        let wanted = usize::try_from(order.contacts - made).map_or(TRANSACTION, |left| left.min(TRANSACTION));
        let batch = planner.by_ref().take(wanted).collect::<Result<Vec<Planned>>>()?;
        if batch.is_empty() {
            return Err(Error::invalid(Reason::Required, "", "The directory has no active electoral body or no service. Load it first."));
        }
        made += keep(app.begin(ctx).await?, ctx, &batch, &votes).await?;
        progress(made);
    }
    fold_all(app, ctx, |_| ()).await?;
    Ok(made)
}

async fn bodies(reader: &Reader, generated: bool) -> Result<Vec<Body>> {
    let all = organisation::all(reader).await?.into_iter();
    let chosen = all.filter(|entry| {
        entry.kind == OrganisationKind::ElectoralBody && entry.status == OrganisationStatus::Active && entry.generated == generated
    });
    Ok(chosen.map(|entry| Body { id: entry.id, country: entry.country }).collect())
}

async fn services(reader: &Reader, generated: bool) -> Result<Vec<Service>> {
    let chosen = platform::all(reader).await?.into_iter().filter(|entry| entry.generated == generated);
    let service = |entry: PlatformService| Service {
        id: entry.id,
        platform: entry.platform,
        name: entry.names.best(&[]).to_owned(),
        key: entry.key.clone(),
    };
    Ok(chosen.map(service).collect())
}

/// Writes some contacts in one transaction; says how many.
async fn keep(uow: UnitOfWork<'_>, ctx: &Ctx, planned: &[Planned], votes: &[Arc<Votes>]) -> Result<u64> {
    let grant = ctx.allow(Act::ContactGenerate, &Scope::default())?;
    for some in planned.chunks(STATEMENT) {
        let contacts: Vec<_> = some.iter().map(|planned| planned.contact.clone()).collect();
        contact::insert(uow.writer(), &contacts).await?;
        let items: Vec<_> = some.iter().map(|planned| (planned.contact.id, planned.items.as_slice())).collect();
        content_item::insert(uow.writer(), &items).await?;
        let facts: Vec<_> = some.iter().flat_map(|planned| planned.facts.iter().map(|fact| (planned.contact.id, fact))).collect();
        fact::insert(uow.writer(), &facts).await?;
        count_generated(&uow, some.iter().map(|planned| (&planned.contact, planned.counted.clone())), votes).await?;
    }
    let events = planned.first().map(|first| Event::new(Topic::ContactsGenerated, first.contact.id.any()));
    uow.commit(grant, events).await?;
    Ok(planned.len() as u64)
}
