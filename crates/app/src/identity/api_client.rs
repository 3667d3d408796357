//! API clients: made, given another secret and revoked by who keeps their organisation, and signed in by themselves.

use std::net::IpAddr;

use secrecy::SecretString;
use serde::Serialize;
use tertulia_domain::{
    Code, Error, Reason, Result,
    id::{ApiClientId, OrganisationId, kinds, read},
    identity::{
        ApiClient,
        api_client::{ApiClientDraft, MOST},
    },
    page::{Page, PageRequest},
    policy::{Act, Actor, ApiScopes, OwnerSight, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::identity::{api_client as table, authentication, organisation, user};

use super::{
    access_token::{self, Claims, Holder},
    key_ring,
    opaque::{self, Opaque},
    session::is_admitted,
};
use crate::{App, Ctx, IdempotencyKey, UnitOfWork};

/// A client to be made; ids as typed.
#[derive(Clone, Debug, Serialize)]
pub struct NewApiClient {
    /// The organisation; the only one that the caller keeps by default.
    pub organisation: Option<String>,
    /// What it is to be.
    pub draft: ApiClientDraft,
}

/// A client, and its secret at the only moment at which that is known.
#[derive(Debug)]
pub struct Made {
    /// The client.
    pub client: ApiClient,
    /// Its secret; none when the same request came again.
    pub secret: Option<SecretString>,
}

/// Makes a client. Its secret is handed out this once; at rest there is only its hash.
pub async fn create(app: &App, ctx: &Ctx, new: &NewApiClient, key: Option<&str>) -> Result<Made> {
    ctx.may(Act::ApiClientCreate)?;
    let key = IdempotencyKey::parse(key, new)?;
    let named = new.organisation.as_deref().map(read).transpose().map_err(|error| error.under("organisationId"))?;
    let missing = || Error::invalid(Reason::Required, "organisationId", "You keep several organisations; say for which one.");
    let sight = OwnerSight::of(&ctx.actor, Act::ApiClientCreate);
    let place: OrganisationId = named.or_else(|| sight.only()).ok_or_else(missing)?;
    let grant = ctx.allow(Act::ApiClientCreate, &Scope::owned_by(place))?;
    let created_by = grant.user().ok_or_else(|| Error::forbidden("A client is made by a person, whose rights it has."))?;
    let (name, scopes, expires_at) = new.draft.check(ctx.now)?;
    let opaque = Opaque::generate()?;
    let id: ApiClientId = app.ids.new_id();
    let uow = app.begin(ctx).await?;
    if let Some(before) = uow.claim(&grant, key.as_ref(), id.any()).await? {
        let before = before.typed::<kinds::ApiClient>().ok_or_else(|| Error::broken("a key of a client names something else"))?;
        let found = table::find_many(uow.writer(), &sight, &[before]).await?.pop();
        return found.map(|client| Made { client, secret: None }).ok_or_else(|| Error::not_found(""));
    }
    // Locked, so that two at once cannot be one too many.
    organisation::hold(uow.writer(), place).await?.ok_or_else(|| Error::not_found("organisationId"))?;
    if table::count(uow.writer(), &sight, place, Some(ctx.now)).await? >= MOST {
        let message = format!("An organisation has at most {MOST} clients in use. Revoke one that is no longer needed.");
        return Err(Error::new(Code::LimitExceeded, Reason::TooMany, "", message));
    }
    let (secret, created_at) = (app.ids.uuid(), ctx.now);
    let (rotated_at, last_used_at, revoked_at, revoked_by) = (None, None, None, None);
    let client = ApiClient {
        id,
        organisation: place,
        name,
        scopes,
        secret,
        created_by,
        created_at,
        expires_at,
        rotated_at,
        last_used_at,
        revoked_at,
        revoked_by,
    };
    table::insert(uow.writer(), &client, &opaque.hash).await?;
    uow.commit(grant, [Event::new(Topic::ApiClientCreated, id.any())]).await?;
    Ok(Made { client, secret: Some(opaque.secret) })
}

/// An act on one client; the id as typed.
#[derive(Clone, Debug, Serialize)]
pub struct Concerned {
    /// The client.
    pub client: String,
    /// A key under which the same act may be sent again.
    pub idempotency_key: Option<String>,
}

impl Concerned {
    /// The client, held, if the caller may do `act` to such.
    async fn hold(&self, uow: &UnitOfWork<'_>, act: Act) -> Result<ApiClient> {
        let id: ApiClientId = read(&self.client).map_err(|error| error.under("apiClientId"))?;
        let found = table::hold(uow.writer(), &OwnerSight::of(&uow.ctx().actor, act), id).await?;
        found.ok_or_else(|| Error::not_found("apiClientId"))
    }
}

/// Gives a client another secret, handed out this once. The former one and every token got with it are good no longer, at once.
pub async fn rotate(app: &App, ctx: &Ctx, input: &Concerned) -> Result<Made> {
    ctx.may(Act::ApiClientRotate)?;
    let key = IdempotencyKey::parse(input.idempotency_key.as_deref(), &input.client)?;
    let uow = app.begin(ctx).await?;
    let found = input.hold(&uow, Act::ApiClientRotate).await?;
    let grant = ctx.allow(Act::ApiClientRotate, &Scope::owned_by(found.organisation))?;
    if uow.claim(&grant, key.as_ref(), found.id.any()).await?.is_some() {
        return Ok(Made { client: found, secret: None });
    }
    let opaque = Opaque::generate()?;
    let client = found.rotate(app.ids.uuid(), ctx.now)?;
    table::update(uow.writer(), &client, Some(&opaque.hash)).await?;
    uow.commit(grant, [Event::new(Topic::ApiClientRotated, client.id.any())]).await?;
    Ok(Made { client, secret: Some(opaque.secret) })
}

/// Takes a client out of use, at once: its tokens are good no longer and its connections are closed.
pub async fn revoke(app: &App, ctx: &Ctx, input: &Concerned) -> Result<ApiClient> {
    ctx.may(Act::ApiClientRevoke)?;
    let key = IdempotencyKey::parse(input.idempotency_key.as_deref(), &input.client)?;
    let uow = app.begin(ctx).await?;
    let found = input.hold(&uow, Act::ApiClientRevoke).await?;
    let grant = ctx.allow(Act::ApiClientRevoke, &Scope::owned_by(found.organisation))?;
    if uow.claim(&grant, key.as_ref(), found.id.any()).await?.is_some() {
        return Ok(found);
    }
    let client = found.revoke(grant.user(), ctx.now)?;
    table::update(uow.writer(), &client, None).await?;
    uow.commit(grant, [Event::new(Topic::ApiClientRevoked, client.id.any())]).await?;
    Ok(client)
}

/// Those of the clients that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[ApiClientId]) -> Result<Vec<ApiClient>> {
    ctx.may(Act::ApiClientRead)?;
    table::find_many(&app.reader(ctx), &OwnerSight::of(&ctx.actor, Act::ApiClientRead), ids).await
}

/// A page of an organisation's clients, newest first; with `ended` those that are good no longer, too.
pub async fn list(app: &App, ctx: &Ctx, organisation: OrganisationId, ended: bool, page: &PageRequest) -> Result<Page<ApiClient>> {
    ctx.allow(Act::ApiClientRead, &Scope::owned_by(organisation))?;
    let sight = OwnerSight::of(&ctx.actor, Act::ApiClientRead);
    table::list(&app.reader(ctx), &sight, organisation, (!ended).then_some(ctx.now), page).await
}

/// How many [`list`] would give in all.
pub async fn count(app: &App, ctx: &Ctx, organisation: OrganisationId, ended: bool) -> Result<u64> {
    ctx.may(Act::ApiClientRead)?;
    let sight = OwnerSight::of(&ctx.actor, Act::ApiClientRead);
    table::count(&app.reader(ctx), &sight, organisation, (!ended).then_some(ctx.now)).await
}

/// The client itself, as it sees itself; `None` for everybody else.
pub async fn own(app: &App, ctx: &Ctx) -> Result<Option<ApiClient>> {
    ctx.may(Act::ViewerRead)?;
    let Some(id) = ctx.actor.client() else { return Ok(None) };
    table::find(&app.reader(ctx), id).await
}

/// What a client shows to sign in.
#[derive(Debug)]
pub struct Presented {
    /// Its `client_id`.
    pub client_id: String,
    /// Its secret.
    pub secret: SecretString,
    /// The scopes it wants, separated by spaces; all of its own by default.
    pub scope: Option<String>,
}

/// What a client gets.
#[derive(Debug)]
pub struct Access {
    /// For `Authorization: Bearer`.
    pub token: SecretString,
    /// What it opens.
    pub scopes: ApiScopes,
    /// Seconds until it expires.
    pub expires_in: i64,
}

/// Signs a client in. There is no refresh token (RFC 6749, 4.4.3): the client asks again.
///
/// # Errors
/// `UNAUTHENTICATED` for a client that is not known, expired, revoked, or has nobody's rights any more; `INVALID_INPUT` for scopes
/// that it has not; `RATE_LIMITED`.
pub async fn authenticate(app: &App, ctx: &Ctx, from: Option<IpAddr>, presented: &Presented) -> Result<Access> {
    ctx.may(Act::ApiClientAuthenticate)?;
    app.identity.throttle.present(from, ctx.now)?;
    let bad = || Error::unauthenticated("This client is not known, or its secret is not right, or it was revoked or has expired.");
    let id: ApiClientId = presented.client_id.parse().map_err(|_| bad())?;
    let hash = opaque::hash(&presented.secret).ok_or_else(bad)?;
    let reader = app.reader(ctx);
    let client = table::find_by_secret(&reader, id, &hash).await?.filter(|client| client.is_good(ctx.now)).ok_or_else(bad)?;
    let makers = user::find_many(&reader, &[client.created_by]).await?;
    let (members, _) = authentication::of_client(&reader, id, client.secret, ctx.now).await?.ok_or_else(bad)?;
    if !makers.iter().all(|maker| is_admitted(app, maker)) {
        return Err(bad());
    }
    let scopes = client.narrow(presented.scope.as_deref())?;
    let ctx = &Ctx { actor: Actor::Client { id, members, scopes: scopes.clone() }, ..ctx.clone() };
    let grant = ctx.allow(Act::ApiClientAuthenticate, &Scope::owned_by(client.organisation))?;
    let uow = app.begin(ctx).await?;
    if !table::used(uow.writer(), &client, ctx.now).await? {
        return Err(bad());
    }
    uow.commit(grant, [Event::new(Topic::ApiClientAuthenticated, id.any())]).await?;
    let expires_at = client.expires_at.min(ctx.now + app.identity.issuer.lifetime);
    let holder = Holder::Client { client: id, secret: client.secret, scopes: scopes.clone() };
    let keys = key_ring::keys(app, ctx.now).await?;
    let token = access_token::issue(&keys, &app.identity.issuer, &Claims { holder, expires_at }, app.ids.uuid(), ctx.now)?;
    Ok(Access { token, scopes, expires_in: (expires_at - ctx.now).num_seconds() })
}
