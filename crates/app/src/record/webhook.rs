//! Webhook endpoints: kept by who keeps their organisation, or by its API clients. What is sent to them is in `crate::webhooks`.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Serialize;
use tertulia_domain::{
    Code, Error, Reason, Result,
    id::{OrganisationId, UserId, WebhookEndpointId, kinds, read},
    page::{Page, PageRequest},
    policy::{Act, Grant, OwnerSight, Scope},
    record::{
        event::{Event, Topic},
        webhook::{DisabledWhy, OVERLAP, PING, WebhookEndpoint},
        webhook_delivery::WebhookDelivery,
        webhook_draft::{Said, WebhookEndpointDraft, WebhookEndpointPatch},
    },
};
use tertulia_persistence::{
    identity::{api_client, organisation},
    record::{event, webhook as table, webhook_delivery},
};

use crate::{App, Ctx, IdempotencyKey, UnitOfWork, check_version, webhooks::has_rights};

/// An endpoint to be made; ids as typed.
#[derive(Clone, Debug, Serialize)]
pub struct NewWebhookEndpoint {
    /// The organisation; the only one that the caller keeps by default.
    pub organisation: Option<String>,
    /// What it is to be.
    pub draft: WebhookEndpointDraft,
}

/// An endpoint, and its secret at the only moment at which that is shown.
#[derive(Debug)]
pub struct Made {
    /// The endpoint.
    pub endpoint: WebhookEndpoint,
    /// The secret with which its messages are signed; none when the same request came again.
    pub secret: Option<SecretString>,
}

/// Makes an endpoint, which is sent what happens from now on.
pub async fn create(app: &App, ctx: &Ctx, new: &NewWebhookEndpoint, key: Option<&str>) -> Result<Made> {
    ctx.may(Act::WebhookEndpointCreate)?;
    let key = IdempotencyKey::parse(key, new)?;
    let sight = OwnerSight::of(&ctx.actor, Act::WebhookEndpointCreate);
    let named = new.organisation.as_deref().map(read).transpose().map_err(|error| error.under("organisationId"))?;
    let missing = || Error::invalid(Reason::Required, "organisationId", "You keep several organisations; say for which one.");
    let place: OrganisationId = named.or_else(|| sight.only()).ok_or_else(missing)?;
    let grant = ctx.allow(Act::WebhookEndpointCreate, &Scope::owned_by(place))?;
    let Said { url, topics, description } = new.draft.check(&ctx.actor, app.webhooks.settings.loopback)?;
    app.webhooks.check(&url).await?;
    let id: WebhookEndpointId = app.ids.new_id();
    let uow = app.begin(ctx).await?;
    if let Some(before) = uow.claim(&grant, key.as_ref(), id.any()).await? {
        let before = before.typed::<kinds::WebhookEndpoint>().ok_or_else(|| Error::broken("a key of an endpoint names something else"))?;
        let found = table::find_many(uow.writer(), &sight, &[before]).await?.pop();
        return found.map(|endpoint| Made { endpoint, secret: None }).ok_or_else(|| Error::not_found(""));
    }
    // Held, so that two at once cannot be one too many.
    organisation::hold(uow.writer(), place).await?.ok_or_else(|| Error::not_found("organisationId"))?;
    let most = app.webhooks.settings.endpoints;
    if table::count(uow.writer(), &sight, place).await? >= most {
        let message = format!("An organisation has at most {most} endpoints. Delete one that is no longer needed.");
        return Err(Error::new(Code::LimitExceeded, Reason::TooMany, "", message));
    }
    let (client, maker) = (grant.client(), maker(&uow, &grant).await?);
    let (from_seq, created_at) = (event::last_seq(uow.writer()).await?, ctx.now);
    let endpoint = WebhookEndpoint {
        id,
        organisation: place,
        url,
        topics,
        description,
        maker,
        client,
        disabled: None,
        failing_since: None,
        from_seq,
        topics_from: BTreeMap::new(),
        created_at,
        former_until: None,
        version: 1,
    };
    let (secret, sealed) = app.webhooks.secret(id)?;
    table::insert(uow.writer(), &endpoint, &sealed).await?;
    uow.commit(grant, [Event::new(Topic::WebhookEndpointCreated, id.any())]).await?;
    Ok(Made { endpoint, secret: Some(secret) })
}

/// Whose rights an endpoint gets: those of the person who makes or changes it, or of whoever made the API client that does.
async fn maker(uow: &UnitOfWork<'_>, grant: &Grant) -> Result<UserId> {
    match (grant.user(), grant.client()) {
        (Some(user), _) => Ok(user),
        (None, Some(client)) => {
            let found = api_client::find(uow.writer(), client).await?;
            found.map(|client| client.created_by).ok_or_else(|| Error::broken("a client that is not there"))
        }
        (None, None) => Err(Error::forbidden("An endpoint is made by somebody whose rights it has.")),
    }
}

/// A change of one endpoint; the id as typed.
#[derive(Clone, Debug)]
pub struct Change {
    /// The endpoint.
    pub endpoint: String,
    /// The version that the caller read.
    pub version: i64,
    /// What is to change.
    pub patch: WebhookEndpointPatch,
}

/// Changes where an endpoint leads, what it is told of, or what it is called. What waits goes to the address that it has then, as far as
/// the rights that it has then allow; events that are added are told from now on.
pub async fn update(app: &App, ctx: &Ctx, input: &Change) -> Result<WebhookEndpoint> {
    ctx.may(Act::WebhookEndpointUpdate)?;
    let id: WebhookEndpointId = read(&input.endpoint).map_err(|error| error.under("webhookEndpointId"))?;
    let sight = OwnerSight::of(&ctx.actor, Act::WebhookEndpointUpdate);
    let missing = || Error::not_found("webhookEndpointId");
    let before = table::find_many(&app.current_reader(ctx), &sight, &[id]).await?.pop().ok_or_else(missing)?;
    let grant = ctx.allow(Act::WebhookEndpointUpdate, &Scope::owned_by(before.organisation))?;
    check_version(input.version, before.version)?;
    let change = input.patch.check(&before, &ctx.actor, app.webhooks.settings.loopback)?;
    // A name is looked up before anything is held.
    if let Some(url) = &change.url {
        app.webhooks.check(url).await?;
    }
    let uow = app.begin(ctx).await?;
    let found = table::hold(uow.writer(), &sight, id).await?.ok_or_else(missing)?;
    check_version(input.version, found.version)?;
    let (client, maker) = (grant.client(), maker(&uow, &grant).await?);
    let changed = found.change(change, maker, client, event::last_seq(uow.writer()).await?);
    table::change(uow.writer(), &changed).await?;
    uow.commit(grant, [Event::new(Topic::WebhookEndpointUpdated, id.any())]).await?;
    Ok(changed)
}

/// An act on one endpoint; the id as typed.
#[derive(Clone, Debug, Serialize)]
pub struct Concerned {
    /// The endpoint.
    pub endpoint: String,
    /// A key under which the same act may be sent again.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// The endpoint, held, with the policy's word; nothing more is to be done if the same act was done under the same key.
async fn hold(uow: &UnitOfWork<'_>, act: Act, of: &Concerned) -> Result<(Grant, WebhookEndpoint, bool)> {
    let ctx = uow.ctx();
    let key = IdempotencyKey::parse(of.idempotency_key.as_deref(), of)?;
    let id: WebhookEndpointId = read(&of.endpoint).map_err(|error| error.under("webhookEndpointId"))?;
    let found = table::hold(uow.writer(), &OwnerSight::of(&ctx.actor, act), id).await?;
    let found = found.ok_or_else(|| Error::not_found("webhookEndpointId"))?;
    let grant = ctx.allow(act, &Scope::owned_by(found.organisation))?;
    let done = uow.claim(&grant, key.as_ref(), id.any()).await?.is_some();
    Ok((grant, found, done))
}

/// Puts another secret into use, shown this once. The one before signs beside it for a day, so that a receiver can change over.
pub async fn rotate(app: &App, ctx: &Ctx, input: &Concerned) -> Result<Made> {
    ctx.may(Act::WebhookEndpointRotate)?;
    let uow = app.begin(ctx).await?;
    let (grant, found, done) = hold(&uow, Act::WebhookEndpointRotate, input).await?;
    if done {
        return Ok(Made { endpoint: found, secret: None });
    }
    let (secret, sealed) = app.webhooks.secret(found.id)?;
    let until = ctx.now + OVERLAP;
    table::rotate(uow.writer(), found.id, &sealed, until).await?;
    uow.commit(grant, [Event::new(Topic::WebhookEndpointRotated, found.id.any())]).await?;
    Ok(Made { endpoint: WebhookEndpoint { former_until: Some(until), ..found }, secret: Some(secret) })
}

/// Takes an endpoint out of use. What was on its way waits until it is in use again.
pub async fn disable(app: &App, ctx: &Ctx, input: &Concerned) -> Result<WebhookEndpoint> {
    ctx.may(Act::WebhookEndpointDisable)?;
    let uow = app.begin(ctx).await?;
    let (grant, found, done) = hold(&uow, Act::WebhookEndpointDisable, input).await?;
    if done {
        return Ok(found);
    }
    let disabled = found.disable(DisabledWhy::ByOwner)?;
    table::update(uow.writer(), &disabled).await?;
    webhook_delivery::put_off(uow.writer(), disabled.id, None).await?;
    uow.commit(grant, [Event::new(Topic::WebhookEndpointDisabled, disabled.id.any())]).await?;
    Ok(disabled)
}

/// Puts an endpoint into use again, for what happens from now on; what it missed can be asked for by a replay.
pub async fn enable(app: &App, ctx: &Ctx, input: &Concerned) -> Result<WebhookEndpoint> {
    ctx.may(Act::WebhookEndpointEnable)?;
    let uow = app.begin(ctx).await?;
    let (grant, found, done) = hold(&uow, Act::WebhookEndpointEnable, input).await?;
    if done {
        return Ok(found);
    }
    if !has_rights(app, ctx, &found).await? {
        let message = "Whose rights this endpoint had, has none here any more. Name its address or events anew, so that it has yours.";
        return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "webhookEndpointId", message));
    }
    let enabled = found.enable(event::last_seq(uow.writer()).await?)?;
    table::update(uow.writer(), &enabled).await?;
    webhook_delivery::put_off(uow.writer(), enabled.id, Some(ctx.now)).await?;
    uow.commit(grant, [Event::new(Topic::WebhookEndpointEnabled, enabled.id.any())]).await?;
    Ok(enabled)
}

/// Removes an endpoint with the log of what was sent to it; answers it as it was.
pub async fn delete(app: &App, ctx: &Ctx, endpoint: &str) -> Result<WebhookEndpoint> {
    ctx.may(Act::WebhookEndpointDelete)?;
    let uow = app.begin(ctx).await?;
    let of = Concerned { endpoint: endpoint.to_owned(), idempotency_key: None };
    let (grant, found, _) = hold(&uow, Act::WebhookEndpointDelete, &of).await?;
    table::delete(uow.writer(), found.id).await?;
    uow.commit(grant, [Event::new(Topic::WebhookEndpointDeleted, found.id.any())]).await?;
    Ok(found)
}

/// Sends an endpoint a message that tells of nothing, to see whether it is there.
pub async fn ping(app: &App, ctx: &Ctx, input: &Concerned) -> Result<(WebhookEndpoint, Option<WebhookDelivery>)> {
    ctx.may(Act::WebhookEndpointPing)?;
    let uow = app.begin(ctx).await?;
    let (grant, found, done) = hold(&uow, Act::WebhookEndpointPing, input).await?;
    if done {
        return Ok((found, None));
    }
    found.check_active()?;
    let delivery = WebhookDelivery::new(app.ids.new_id(), found.id, PING.to_owned(), ctx.now, ctx.now);
    webhook_delivery::insert(uow.writer(), std::slice::from_ref(&delivery)).await?;
    uow.commit(grant, [Event::new(Topic::WebhookEndpointPinged, found.id.any())]).await?;
    Ok((found, Some(delivery)))
}

fn sight(ctx: &Ctx) -> OwnerSight {
    OwnerSight::of(&ctx.actor, Act::WebhookEndpointRead)
}

/// Those of the endpoints that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[WebhookEndpointId]) -> Result<Vec<WebhookEndpoint>> {
    ctx.may(Act::WebhookEndpointRead)?;
    table::find_many(&app.reader(ctx), &sight(ctx), ids).await
}

/// A page of an organisation's endpoints, newest first.
pub async fn list(app: &App, ctx: &Ctx, organisation: OrganisationId, page: &PageRequest) -> Result<Page<WebhookEndpoint>> {
    ctx.allow(Act::WebhookEndpointRead, &Scope::owned_by(organisation))?;
    table::list(&app.reader(ctx), &sight(ctx), organisation, page).await
}

/// How many [`list`] would give in all.
pub async fn count(app: &App, ctx: &Ctx, organisation: OrganisationId) -> Result<u64> {
    ctx.may(Act::WebhookEndpointRead)?;
    table::count(&app.reader(ctx), &sight(ctx), organisation).await
}
