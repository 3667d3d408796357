//! Messages asked for again: one, or those of every event behind a place.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Reason, Result,
    id::{WebhookDeliveryId, WebhookEndpointId, read},
    policy::{Act, OwnerSight, Scope},
    record::{
        event::{Event, RecordedEvent, Topic},
        webhook::{KEPT, MOST_REPLAYED, WebhookEndpoint},
        webhook_delivery::WebhookDelivery,
    },
};
use tertulia_persistence::record::{
    event, webhook,
    webhook_delivery::{self, Which},
};

use super::rights::{rights, seen};
use crate::{App, Ctx, IdempotencyKey, UnitOfWork};

/// Events of one look into the table.
const LOOK: u64 = 1_000;
/// Looks of one request.
const LOOKS: u32 = 50;

/// What is to be sent again; ids and cursor as typed.
#[derive(Clone, Debug, Serialize)]
pub struct Replay {
    /// To which endpoint.
    pub endpoint: String,
    /// One message.
    pub delivery: Option<String>,
    /// Every event behind this cursor, what was never sent included.
    pub after: Option<String>,
}

/// What was put on its way.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The endpoint.
    pub endpoint: WebhookEndpoint,
    /// How many messages; none when the same request came again.
    pub count: Option<u64>,
    /// Where to go on, if there were more events than one request may ask for.
    pub next: Option<String>,
}

/// What was asked for, and what of it the endpoint may be told of.
struct Wanted {
    which: Which,
    events: Vec<RecordedEvent>,
    next: Option<String>,
}

/// Sends messages again under their ids; what the endpoint may not be told of is left out.
pub async fn replay(app: &App, ctx: &Ctx, input: &Replay, key: Option<&str>) -> Result<Replayed> {
    ctx.may(Act::WebhookEndpointReplay)?;
    let key = IdempotencyKey::parse(key, input)?;
    let id: WebhookEndpointId = read(&input.endpoint).map_err(|error| error.under("webhookEndpointId"))?;
    let sight = OwnerSight::of(&ctx.actor, Act::WebhookEndpointReplay);
    let missing = || Error::not_found("webhookEndpointId");
    let endpoint = webhook::find_many(&app.current_reader(ctx), &sight, &[id]).await?.pop().ok_or_else(missing)?;
    let grant = ctx.allow(Act::WebhookEndpointReplay, &Scope::owned_by(endpoint.organisation))?;
    endpoint.check_active()?;
    let wanted = wanted(app, ctx, &endpoint, input).await?;
    let uow = app.begin(ctx).await?;
    let endpoint = webhook::hold(uow.writer(), &sight, id).await?.ok_or_else(missing)?;
    endpoint.check_active()?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(Replayed { endpoint, count: None, next: None });
    }
    let count = put_on_way(&uow, &endpoint, &wanted).await?;
    uow.commit(grant, [Event::new(Topic::WebhookEndpointReplayed, id.any())]).await?;
    Ok(Replayed { endpoint, count: Some(count), next: wanted.next })
}

async fn wanted(app: &App, ctx: &Ctx, endpoint: &WebhookEndpoint, input: &Replay) -> Result<Wanted> {
    match (&input.delivery, &input.after) {
        (Some(raw), None) => {
            let one: WebhookDeliveryId = read(raw).map_err(|error| error.under("webhookDeliveryId"))?;
            let sight = OwnerSight::of(&ctx.actor, Act::WebhookEndpointReplay);
            let known = webhook_delivery::find_many(&app.current_reader(ctx), &sight, &[one]).await?.pop();
            known.filter(|known| known.endpoint == endpoint.id).ok_or_else(|| Error::not_found("webhookDeliveryId"))?;
            Ok(Wanted { which: Which::Delivery(one), events: Vec::new(), next: None })
        }
        (None, Some(after)) => behind(app, ctx, endpoint, app.cursors.place(after)?).await,
        (Some(_), Some(_)) => Err(Error::invalid(Reason::Contradiction, "after", "Name a message or a cursor, not both.")),
        (None, None) => Err(Error::invalid(Reason::Required, "after", "Name a message or a cursor.")),
    }
}

/// The events behind a place that an endpoint may be told of.
async fn behind(app: &App, ctx: &Ctx, endpoint: &WebhookEndpoint, after: i64) -> Result<Wanted> {
    let reader = app.current_reader(ctx);
    if event::last_seq(&reader).await? < after {
        return Err(Error::invalid(Reason::UnknownId, "after", "This is the cursor of no change here."));
    }
    // The change that the cursor names, or the first: the one behind it may be somebody else's.
    if event::after(&reader, after - 1, 1).await?.first().is_some_and(|named| named.at < ctx.now - KEPT) {
        return Err(Error::invalid(Reason::OutOfRange, "after", "At most the last 30 days are sent again; ask the API for what is older."));
    }
    let rights = rights(app, ctx, endpoint).await?;
    let rights = rights.ok_or_else(|| {
        let message = "Who made this endpoint has no rights here any more, so it is told of nothing.";
        Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "webhookEndpointId", message)
    })?;
    let topics: Vec<Topic> = endpoint.topics.iter().copied().collect();
    let (mut events, mut place, mut next) = (Vec::new(), after, None);
    // What others did fills no answer: else the number of answers would tell how much it was.
    for look in 1..=LOOKS {
        let some = event::after_of(&reader, place, &topics, LOOK).await?;
        let last = some.last().filter(|_| some.len() as u64 == LOOK).cloned();
        events.extend(open(app, &rights, some).await?);
        if events.len() > MOST_REPLAYED {
            events.truncate(MOST_REPLAYED);
            next = events.last().cloned();
            break;
        }
        let Some(last) = last else { break };
        place = last.seq;
        next = Some(last).filter(|_| look == LOOKS);
    }
    let next = next.map(|last| app.cursors.of(&last)).transpose()?;
    Ok(Wanted { which: Which::Events(events.iter().map(|event| event.seq).collect()), events, next })
}

/// Those of the events whose object `reader` may read.
async fn open(app: &App, reader: &Ctx, mut events: Vec<RecordedEvent>) -> Result<Vec<RecordedEvent>> {
    let seen = seen(app, reader, &events).await?;
    events.retain(|event| seen.contains(&event.seq));
    Ok(events)
}

/// Puts on their way again what the endpoint has a message of, and for the first time what it has none of.
async fn put_on_way(uow: &UnitOfWork<'_>, endpoint: &WebhookEndpoint, wanted: &Wanted) -> Result<u64> {
    let (writer, now) = (uow.writer(), uow.ctx().now);
    let again = webhook_delivery::replay(writer, endpoint.id, &wanted.which, now).await?;
    let Which::Events(numbers) = &wanted.which else { return Ok(again) };
    let known = webhook_delivery::numbers(writer, endpoint.id, numbers).await?;
    let fresh = wanted.events.iter().filter(|event| !known.contains(&event.seq));
    let fresh: Vec<WebhookDelivery> = fresh.map(|event| WebhookDelivery::of(uow.app().ids.new_id(), endpoint.id, event, now)).collect();
    webhook_delivery::insert(writer, &fresh).await?;
    Ok(again + fresh.len() as u64)
}
