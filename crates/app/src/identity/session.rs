//! Sign-in, its continuation and its end.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use tertulia_domain::{
    Error, Faults, Reason, Result,
    id::{SessionId, UserId},
    identity::{
        RefreshToken, Session, User, organisation_lock,
        session::SessionEnd,
        token::{self, Refresh},
    },
    policy::{Act, Actor, Scope},
    record::event::{Event, Topic},
    text::EmailAddress,
    time::Instant,
};
use tertulia_persistence::identity::{authentication, refresh_token, session, user};

use super::{
    access_token::{self, Claims, Holder, Refusal},
    key_ring,
    opaque::{self, Opaque},
};
use crate::{App, Ctx, UnitOfWork};

/// What a successful sign-in or refresh gives.
#[derive(Debug)]
pub struct Tokens {
    /// For `Authorization: Bearer`.
    pub access: SecretString,
    /// For the next refresh; good for one.
    pub refresh: SecretString,
    /// Seconds until the access token expires.
    pub expires_in: i64,
}

/// Who holds this access token. Its signature is checked first; then one statement reads session, user and memberships, or the
/// client and those of whoever made it, so that sign-out and revocation take effect with the next request.
pub async fn authenticate(app: &App, ctx: &Ctx, token: &str) -> Result<Actor> {
    let session = session_of(app, ctx, token).await?;
    Ok(session.0)
}

/// The context of a request with this access token.
pub async fn identified(app: &App, ctx: Ctx, token: &str) -> Result<Ctx> {
    let (actor, wrote_at) = session_of(app, &ctx, token).await?;
    Ok(Ctx { actor, wrote_at, ..ctx })
}

async fn session_of(app: &App, ctx: &Ctx, token: &str) -> Result<(Actor, Option<Instant>)> {
    let token = SecretString::from(token);
    let (keys, issuer) = (key_ring::keys(app, ctx.now).await?, &app.identity.issuer);
    let claims = match access_token::verify(&keys, issuer, &token, ctx.now) {
        Err(Refusal::UnknownKey) => match key_ring::keys_again(app, ctx.now).await? {
            Some(keys) => access_token::verify(&keys, issuer, &token, ctx.now),
            None => Err(Refusal::Bad),
        },
        checked => checked,
    };
    let claims = claims.map_err(|_| bad_token())?;
    let found = match claims.holder {
        Holder::Session { user, session } => held(app, ctx, session).await?.filter(|(actor, _)| actor.user() == Some(user)),
        // A client reads from the primary: nothing notes when it last wrote.
        Holder::Client { client: id, secret, scopes } => {
            let found = authentication::of_client(&app.reader(ctx), id, secret, ctx.now).await?;
            found.map(|(members, own)| (Actor::Client { id, members, scopes: own.narrowed(&scopes) }, None))
        }
    };
    found.ok_or_else(bad_token)
}

/// Who a session belongs to now, with the memberships in force now; `None` once it has ended. For whoever holds a connection
/// open and must know whether rights have changed since.
pub async fn current(app: &App, ctx: &Ctx, session: SessionId) -> Result<Option<Actor>> {
    Ok(held(app, ctx, session).await?.map(|(actor, _)| actor))
}

async fn held(app: &App, ctx: &Ctx, session: SessionId) -> Result<Option<(Actor, Option<Instant>)>> {
    let found = authentication::of_session(&app.reader(ctx), session, ctx.now).await?;
    // A session from before writes were noted has written long ago.
    let wrote_at = |noted: Option<Instant>| Some(noted.unwrap_or(Instant::UNIX_EPOCH));
    Ok(found.map(|holder| (Actor::User { id: holder.user, session, members: holder.members }, wrote_at(holder.wrote_at))))
}

fn bad_token() -> Error {
    Error::unauthenticated("This access token is not good: it is malformed, expired, revoked or not ours. Sign in again.")
}

fn bad_refresh() -> Error {
    Error::unauthenticated("This refresh token is not good: it is malformed, expired, used or revoked. Sign in again.")
}

/// Signs in by password. Whoever guesses learns nothing: an unknown address, one without a password and a wrong password
/// cost the same and answer the same.
pub async fn start(app: &App, ctx: &Ctx, from: Option<IpAddr>, email: &str, password: SecretString) -> Result<Tokens> {
    ctx.may(Act::SessionStart)?;
    let mut faults = Faults::default();
    let email = faults.check("email", EmailAddress::parse(email));
    if password.expose_secret().is_empty() {
        faults.add(Reason::Required, "password", "A password is needed here.");
    }
    let email = faults.finish_with(email)?;
    app.identity.throttle.sign_in(from, &email, ctx.now)?;
    let found = user::credentials(&app.reader(ctx), &email).await?;
    let (user, hash) = found.map_or((None, None), |(user, hash)| (is_admitted(app, &user).then_some(user.id), hash));
    let comparison = app.identity.passwords.compare(&password, hash.clone()).await?;
    let wrong = || Error::unauthenticated("The e-mail address or the password is not right.");
    let user = user.filter(|_| comparison.matches).ok_or_else(wrong)?;
    let fresh = if comparison.outdated { Some(app.identity.passwords.hash(&password).await?) } else { None };
    let ctx = &entering(app, ctx, user).await?;
    let work = app.begin(ctx).await?;
    if let (Some(former), Some(fresh)) = (hash, fresh) {
        user::rehash(work.writer(), user, &former, &fresh).await?;
    }
    let tokens = begin(work, user).await?;
    app.identity.throttle.signed_in(from, &email);
    Ok(tokens)
}

/// Accounts that a generator made are the demo's, and refused everywhere else.
pub(super) fn is_admitted(app: &App, user: &User) -> bool {
    app.identity.demo || !user.generated
}

/// The context of a user who has just shown who he is, so that the audit log names him.
pub(super) async fn signing_in(app: &App, ctx: &Ctx, user: UserId) -> Result<Ctx> {
    let held = authentication::of_user(&app.reader(ctx), user).await?;
    Ok(Ctx { actor: Actor::User { id: user, session: app.ids.new_id(), members: held.members }, ..ctx.clone() })
}

/// The same of a user who is to be let in.
///
/// # Errors
/// `FORBIDDEN`, `LOCKED` if every organisation in which he holds a membership is locked.
async fn entering(app: &App, ctx: &Ctx, user: UserId) -> Result<Ctx> {
    let held = authentication::of_user(&app.reader(ctx), user).await?;
    if held.is_locked_out {
        return Err(organisation_lock::refusal(""));
    }
    Ok(Ctx { actor: Actor::User { id: user, session: app.ids.new_id(), members: held.members }, ..ctx.clone() })
}

/// Begins a session in `work`, whose caller is `user`, and commits.
pub(super) async fn begin(work: UnitOfWork<'_>, user: UserId) -> Result<Tokens> {
    let (app, ctx) = (work.app(), work.ctx());
    let grant = ctx.allow(Act::SessionStart, &Scope::of_user(user))?;
    let id = match ctx.actor {
        Actor::User { session, .. } => session,
        Actor::Anonymous | Actor::Client { .. } | Actor::System => app.ids.new_id(),
    };
    let session = Session::begin(id, user, ctx.now);
    let refresh = Opaque::generate()?;
    session::insert(work.writer(), &session).await?;
    refresh_token::insert(work.writer(), &RefreshToken::issue(app.ids.new_id(), &session, ctx.now), &refresh.hash).await?;
    work.commit(grant, [Event::new(Topic::SessionStarted, id.any())]).await?;
    tokens(app, ctx, &session, refresh.secret).await
}

async fn tokens(app: &App, ctx: &Ctx, session: &Session, refresh: SecretString) -> Result<Tokens> {
    let keys = key_ring::keys(app, ctx.now).await?;
    let (issuer, holder) = (&app.identity.issuer, Holder::Session { user: session.user, session: session.id });
    let claims = Claims { holder, expires_at: ctx.now + issuer.lifetime };
    let access = access_token::issue(&keys, issuer, &claims, app.ids.uuid(), ctx.now)?;
    Ok(Tokens { access, refresh, expires_in: issuer.lifetime.num_seconds() })
}

/// Continues a session: a refresh token for a new access token and the next refresh token.
pub async fn refresh(app: &App, ctx: &Ctx, from: Option<IpAddr>, presented: &SecretString) -> Result<Tokens> {
    ctx.may(Act::SessionRefresh)?;
    app.identity.throttle.present(from, ctx.now)?;
    let hash = opaque::hash(presented).ok_or_else(bad_refresh)?;
    let reader = app.reader(ctx);
    let id = refresh_token::session_of(&reader, &hash).await?.ok_or_else(bad_refresh)?;
    let actor = current(app, ctx, id).await?.ok_or_else(bad_refresh)?;
    let users = user::find_many(&reader, actor.user().as_slice()).await?;
    if !users.iter().all(|user| is_admitted(app, user)) {
        return Err(bad_refresh());
    }
    let ctx = &Ctx { actor, ..ctx.clone() };
    let work = app.begin(ctx).await?;
    let session = session::lock(work.writer(), id).await?.ok_or_else(bad_refresh)?;
    let mut token = refresh_token::find_by_hash(work.writer(), &hash).await?.ok_or_else(bad_refresh)?;
    let mut successor = match token.successor {
        Some(id) => refresh_token::find(work.writer(), id).await?,
        None => None,
    };
    match (token::refresh(&session, &token, successor.as_ref(), ctx.now), &mut successor) {
        (Refresh::Refuse, _) => return Err(bad_refresh()),
        (Refresh::EndFamily, _) => {
            end_session(work, session, SessionEnd::TokenReused).await?;
            return Err(bad_refresh());
        }
        (Refresh::Reissue(_), Some(former)) => {
            former.voided_at = Some(ctx.now);
            refresh_token::update(work.writer(), former).await?;
        }
        (Refresh::Reissue(_) | Refresh::Issue, _) => {}
    }
    let next = Opaque::generate()?;
    let issued = RefreshToken::issue(app.ids.new_id(), &session, ctx.now);
    refresh_token::insert(work.writer(), &issued, &next.hash).await?;
    token.successor = Some(issued.id);
    refresh_token::update(work.writer(), &token).await?;
    let grant = ctx.allow(Act::SessionRefresh, &Scope::of_user(session.user))?;
    work.commit(grant, [Event::new(Topic::SessionRefreshed, id.any())]).await?;
    tokens(app, ctx, &session, next.secret).await
}

/// Signs out: the session ends, and with it its access and refresh tokens, at once and on every server.
pub async fn end(app: &App, ctx: &Ctx) -> Result<()> {
    ctx.may(Act::SessionEnd)?;
    let Actor::User { session: id, .. } = ctx.actor else { return Err(Error::forbidden("Only a person has a session to end.")) };
    let work = app.begin(ctx).await?;
    let session = session::lock(work.writer(), id).await?.ok_or_else(bad_token)?;
    end_session(work, session, SessionEnd::SignedOut).await
}

async fn end_session(work: UnitOfWork<'_>, session: Session, why: SessionEnd) -> Result<()> {
    let ctx = work.ctx();
    let grant = ctx.allow(Act::SessionEnd, &Scope::of_user(session.user))?;
    let session = session.end(why, ctx.now);
    session::update(work.writer(), &session).await?;
    work.commit(grant, [Event::new(Topic::SessionEnded, session.id.any())]).await
}
