//! One message on its way: sent, and what became of it noted.

use serde_json::json;
use tertulia_domain::{
    Result,
    id::OrganisationId,
    policy::{Act, Actor, OwnerSight, Scope},
    record::{
        event::{Event, Topic},
        webhook::{DisabledWhy, PING, WebhookEndpoint},
        webhook_delivery::{Attempt, Failure, WebhookDelivery},
    },
};
use tertulia_persistence::{
    identity::{membership, user},
    record::{webhook, webhook_delivery},
};
use tokio::time::Instant as Stopwatch;

use super::{
    poster::Message,
    retry_after,
    rights::{has_rights, rights, seen},
};
use crate::{
    App, Ctx, UnitOfWork,
    mail::{Mail, letters},
    record::Cursors,
};

fn sight() -> OwnerSight {
    OwnerSight::of(&Actor::System, Act::WebhookEndpointRead)
}

/// Sends one message that was taken, and notes what became of it.
pub(super) async fn deliver(app: &App, delivery: WebhookDelivery) -> Result<()> {
    let ctx = app.system();
    let reader = app.reader(&ctx);
    let Some(endpoint) = webhook::find_many(&reader, &sight(), &[delivery.endpoint]).await?.pop() else { return Ok(()) };
    // Who took it out of use put its messages off, this one too.
    if endpoint.disabled.is_some() {
        return Ok(());
    }
    if delivery.is_worn_out() {
        return note(app, &endpoint, delivery, Attempt::new(Err(Failure::Interrupted), ctx.now, 0)).await;
    }
    if !is_readable(app, &ctx, &endpoint, &delivery).await? {
        let writer = app.store.writer(&ctx.statements);
        webhook_delivery::update(&writer, &delivery.dropped()).await?;
        writer.commit().await?;
        return if has_rights(app, &ctx, &endpoint).await? { Ok(()) } else { disable(app, &endpoint, DisabledWhy::NoRights).await };
    }
    let sealed = webhook::secrets(&reader, endpoint.id, ctx.now).await?;
    let secrets = app.webhooks.open(endpoint.id, &sealed)?;
    let message = Message { id: delivery.id.to_string(), at: ctx.now, body: body(&app.cursors, &delivery)? };
    let begun = Stopwatch::now();
    let answer = app.webhooks.poster.post(&endpoint.url, &secrets, message).await;
    let latency = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    let asked = answer.as_ref().ok().and_then(|answer| answer.retry_after.as_deref());
    let until = asked.and_then(|text| retry_after::read(text, app.clock.now()));
    note(app, &endpoint, delivery, Attempt::new(answer.map(|answer| answer.status), ctx.now, latency).asking(until)).await
}

/// Whether an endpoint may be told of it now, however long the message has waited.
async fn is_readable(app: &App, ctx: &Ctx, endpoint: &WebhookEndpoint, delivery: &WebhookDelivery) -> Result<bool> {
    let Some(rights) = rights(app, ctx, endpoint).await? else { return Ok(false) };
    match delivery.event() {
        Some(event) => Ok(!seen(app, &rights, &[event]).await?.is_empty()),
        None => Ok(delivery.kind == PING),
    }
}

/// What is sent: what happened, when, to which object, and the place among all changes; nothing that would have to be kept from anybody.
fn body(cursors: &Cursors, delivery: &WebhookDelivery) -> Result<String> {
    let at = delivery.at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
    let data = match delivery.event() {
        Some(event) => json!({ "objectType": event.object.prefix(), "id": event.object.to_string(), "cursor": cursors.of(&event)? }),
        None => json!({}),
    };
    Ok(json!({ "type": delivery.kind, "timestamp": at, "data": data }).to_string())
}

/// Keeps what became of an attempt, and what follows for its endpoint.
async fn note(app: &App, endpoint: &WebhookEndpoint, delivery: WebhookDelivery, attempt: Attempt) -> Result<()> {
    let ctx = app.system();
    app.webhooks.tally.count(attempt.failure);
    let writer = app.store.writer(&ctx.statements);
    let attempted = delivery.attempted(attempt.clone());
    if attempt.failure.is_none() && endpoint.failing_since.is_none() {
        webhook_delivery::update(&writer, &attempted).await?;
        return writer.commit().await;
    }
    // The endpoint first and its messages after it, as who changes or deletes it holds them: else each could wait for the other.
    let Some(held) = webhook::hold(&writer, &sight(), endpoint.id).await? else { return writer.commit().await };
    // Who took the endpoint out of use meanwhile put its messages off, this one too.
    let next_at = attempted.next_at.filter(|_| held.disabled.is_none());
    webhook_delivery::update(&writer, &WebhookDelivery { next_at, ..attempted }).await?;
    // Another address has not failed.
    if held.url != endpoint.url {
        return writer.commit().await;
    }
    let after = held.clone().after(&attempt, ctx.now);
    let why = after.disabled.filter(|_| held.disabled.is_none());
    let after = WebhookEndpoint { disabled: held.disabled, ..after };
    if after != held {
        webhook::update(&writer, &after).await?;
    }
    writer.commit().await?;
    match why {
        Some(why) => disable(app, endpoint, why).await,
        None => Ok(()),
    }
}

/// Takes an endpoint out of use because of how it answers, or because nobody's rights are behind it, and tells who keeps its
/// organisation.
pub(super) async fn disable(app: &App, endpoint: &WebhookEndpoint, why: DisabledWhy) -> Result<()> {
    let ctx = app.system();
    let uow = app.begin(&ctx).await?;
    let found = webhook::hold(uow.writer(), &sight(), endpoint.id).await?.filter(|endpoint| endpoint.disabled.is_none());
    let Some(found) = found else { return Ok(()) };
    let grant = ctx.allow(Act::WebhookEndpointDisable, &Scope::owned_by(found.organisation))?;
    let disabled = found.disable(why)?;
    webhook::update(uow.writer(), &disabled).await?;
    webhook_delivery::put_off(uow.writer(), disabled.id, None).await?;
    uow.mail(notices(&uow, disabled.organisation, &disabled, why).await?).await?;
    uow.commit(grant, [Event::new(Topic::WebhookEndpointDisabled, disabled.id.any())]).await
}

async fn notices(uow: &UnitOfWork<'_>, place: OrganisationId, endpoint: &WebhookEndpoint, why: DisabledWhy) -> Result<Vec<Mail>> {
    let mut keepers: Vec<_> = membership::keepers(uow.writer(), place).await?.into_iter().map(|(user, _)| user).collect();
    keepers.sort_unstable();
    keepers.dedup();
    let keepers = user::find_many(uow.writer(), &keepers).await?;
    Ok(keepers.into_iter().map(|keeper| letters::webhook_disabled(keeper.email, endpoint, why)).collect())
}
