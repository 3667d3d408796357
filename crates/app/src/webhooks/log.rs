//! What was sent to an endpoint, for who keeps it. Which object a message tells of is shown to who may read that object.

use std::collections::BTreeSet;

use tertulia_domain::{
    Result,
    id::WebhookDeliveryId,
    page::{Page, PageRequest},
    policy::{Act, OwnerSight},
    record::{event::RecordedEvent, webhook_delivery::WebhookDelivery},
};
use tertulia_persistence::record::webhook_delivery;
pub use tertulia_persistence::record::webhook_delivery::Filter;

use super::rights::seen;
use crate::{App, Ctx};

/// Those of the messages that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[WebhookDeliveryId]) -> Result<Vec<WebhookDelivery>> {
    ctx.may(Act::WebhookEndpointRead)?;
    let found = webhook_delivery::find_many(&app.reader(ctx), &sight(ctx), ids).await?;
    let told = told(app, ctx, found.iter()).await?;
    Ok(found.into_iter().map(|one| shown(one, &told)).collect())
}

/// A page of the messages to an endpoint that the caller may read, newest first.
pub async fn list(app: &App, ctx: &Ctx, filter: Filter, page: &PageRequest) -> Result<Page<WebhookDelivery>> {
    ctx.may(Act::WebhookEndpointRead)?;
    let found = webhook_delivery::list(&app.reader(ctx), &sight(ctx), filter, page).await?;
    let told = told(app, ctx, found.edges.iter().map(|edge| &edge.item)).await?;
    Ok(found.map(|one| shown(one, &told)))
}

/// How many [`list`] would give in all.
pub async fn count(app: &App, ctx: &Ctx, filter: Filter) -> Result<u64> {
    ctx.may(Act::WebhookEndpointRead)?;
    webhook_delivery::count(&app.reader(ctx), &sight(ctx), filter).await
}

fn sight(ctx: &Ctx) -> OwnerSight {
    OwnerSight::of(&ctx.actor, Act::WebhookEndpointRead)
}

async fn told(app: &App, ctx: &Ctx, found: impl Iterator<Item = &WebhookDelivery>) -> Result<BTreeSet<i64>> {
    let events: Vec<RecordedEvent> = found.filter_map(WebhookDelivery::event).collect();
    seen(app, ctx, &events).await
}

fn shown(one: WebhookDelivery, told: &BTreeSet<i64>) -> WebhookDelivery {
    let object = one.object.filter(|_| one.seq.is_some_and(|seq| told.contains(&seq)));
    WebhookDelivery { object, ..one }
}
