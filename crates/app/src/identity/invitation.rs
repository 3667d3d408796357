//! Inviting a person into an organisation, and accepting the invitation.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use tertulia_domain::{
    Code, Error, Reason, Result,
    id::{InvitationId, UserId},
    identity::{Invitation, Membership, User, invitation, membership::may_hold, password, user::NAME},
    policy::{Act, Actor, Scope},
    record::event::{Event, Topic},
    text,
};
use tertulia_persistence::identity::{authentication, invitation as table, membership, organisation, user};

use super::{
    giving::{self, NewMember, Wanted},
    opaque::{self, Opaque},
    session::{self, Tokens, signing_in},
};
use crate::{
    App, Ctx, IdempotencyKey, UnitOfWork,
    mail::letters::{self, Change},
};

/// What inviting gives.
#[derive(Debug)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// The link, where no mail carries it to the person and the inviter must; shown once.
    pub accept_url: Option<SecretString>,
}

/// Invites a person to take a membership. The person may have an account or not; the inviter does not learn which.
pub async fn invite(app: &App, ctx: &Ctx, input: &NewMember, key: Option<&str>) -> Result<Invited> {
    ctx.may(Act::UserInvite)?;
    let wanted = input.check()?;
    let key = IdempotencyKey::parse(key, input)?;
    let work = app.begin(ctx).await?;
    let (grant, user) = giving::decide(&work, Act::UserInvite, &wanted).await?;
    let id: InvitationId = app.ids.new_id();
    if let Some(earlier) = work.claim(&grant, key.as_ref(), id.any()).await? {
        let earlier = earlier.typed().ok_or_else(|| Error::broken("a key of an invitation names something else"))?;
        let invitation = table::find(work.writer(), earlier).await?.ok_or_else(|| Error::not_found(""))?;
        return Ok(Invited { invitation, accept_url: None });
    }
    if let Some(user) = user {
        // Of other organisations the inviter learns nothing here; what contradicts them is refused on acceptance.
        let mut held = membership::held(work.writer(), user.id).await?;
        held.retain(|(organisation, _)| *organisation == wanted.organisation);
        may_hold(&held, wanted.organisation, wanted.role)?;
    }
    let (invitation, link) = write(&work, id, wanted, grant.user()).await?;
    work.commit(grant, [Event::new(Topic::UserInvited, id.any())]).await?;
    let accept_url = Some(link).filter(|_| !app.identity.mailer.reaches_mailboxes());
    Ok(Invited { invitation, accept_url })
}

/// Keeps an invitation and the letters that go with it; answers its link.
pub(super) async fn write(
    work: &UnitOfWork<'_>,
    id: InvitationId,
    wanted: Wanted,
    invited_by: Option<UserId>,
) -> Result<(Invitation, SecretString)> {
    let now = work.ctx().now;
    let Wanted { person, organisation, role, cover } = wanted;
    let (created_at, expires_at) = (now, now + invitation::LIFETIME);
    let (accepted_at, replaced_at) = (None, None);
    let invitation = Invitation { id, person, organisation, role, cover, invited_by, created_at, expires_at, accepted_at, replaced_at };
    let token = Opaque::generate()?;
    table::insert(work.writer(), &invitation, &token.hash).await?;
    let link = work.app().identity.links.accept(&token.secret);
    let place = organisation::name(work.writer(), organisation).await?;
    let mut mails = giving::tell_keepers(work, Change::Invited, organisation, &invitation.person.name, role).await?;
    mails.push(letters::invitation(&invitation, &place, &link));
    work.mail(mails).await?;
    Ok((invitation, link))
}

/// What an invited person sends.
#[derive(Debug)]
pub struct Acceptance {
    /// The token of the link.
    pub token: SecretString,
    /// A password for the new account, or that of the account which the person has already.
    pub password: SecretString,
    /// The name by which the person wants to go, if not the invitation's.
    pub name: Option<String>,
}

/// What of an acceptance must be there when the transaction begins.
struct Ready {
    user: User,
    is_new: bool,
    hash: Option<SecretString>,
}

/// Accepts an invitation and signs in. Somebody without an account gets one with the password sent; somebody with one shows
/// its password. Whoever invited must still be entitled to: what a revoked administrator promised is void.
pub async fn accept(app: &App, ctx: &Ctx, from: Option<IpAddr>, input: Acceptance) -> Result<Tokens> {
    ctx.may(Act::InvitationAccept)?;
    app.identity.throttle.present(from, ctx.now)?;
    let token = opaque::hash(&input.token).ok_or_else(unknown)?;
    let invitation = table::find_by_token(&app.reader(ctx), &token).await?.ok_or_else(unknown)?.accept(ctx.now)?;
    let ready = ready(app, ctx, from, &invitation, input).await?;
    let user = ready.user.id;
    let ctx = &signing_in(app, ctx, user).await?;
    let work = app.begin(ctx).await?;
    // The account and the organisation first, as who erases a person or invites one again holds them.
    if !ready.is_new {
        user::lock(work.writer(), user).await?;
    }
    organisation::hold(work.writer(), invitation.organisation).await?;
    // Locked and looked at again: two requests with one link cannot both use it.
    let invitation = table::lock_by_token(work.writer(), &token).await?.ok_or_else(unknown)?.accept(ctx.now)?;
    still_promised(&work, &invitation, user).await?;
    may_hold(&membership::held(work.writer(), user).await?, invitation.organisation, invitation.role)?;
    keep_user(&work, ready).await?;
    let membership = enter(&work, &invitation, user).await?;
    let grant = ctx.allow(Act::InvitationAccept, &Scope::of_user(user))?;
    let events = [Event::new(Topic::InvitationAccepted, invitation.id.any()), Event::new(Topic::MembershipGranted, membership.id.any())];
    work.commit(grant, events).await?;
    let ctx = &signing_in(app, ctx, user).await?;
    session::begin(app.begin(ctx).await?, user).await
}

/// The account, existing or to be made, and the hash of a new password.
async fn ready(app: &App, ctx: &Ctx, from: Option<IpAddr>, invitation: &Invitation, input: Acceptance) -> Result<Ready> {
    let email = &invitation.person.email;
    let found = user::credentials(&app.reader(ctx), email).await?;
    if let Some((user, Some(stored))) = found {
        app.identity.throttle.sign_in(from, email, ctx.now)?;
        let right = app.identity.passwords.compare(&input.password, Some(stored)).await?.matches;
        let wrong = || Error::invalid(Reason::NotPermitted, "password", "You have an account already: give its password.");
        return if right { Ok(Ready { user, is_new: false, hash: None }) } else { Err(wrong()) };
    }
    let mut faults = tertulia_domain::Faults::default();
    faults.check("password", password::check(input.password.expose_secret(), email));
    let name = input.name.as_deref().map_or(Ok(invitation.person.name.clone()), |name| text::line(name, NAME));
    let name = faults.check("name", name);
    let name = faults.finish_with(name)?;
    let hash = app.identity.passwords.hash(&input.password).await?;
    let is_new = found.is_none();
    let user = match found {
        Some((user, _)) => User { name, ..user },
        None => User {
            id: app.ids.new_id(),
            email: email.clone(),
            name,
            created_at: ctx.now,
            password_set_at: None,
            generated: false,
            erased_at: None,
        },
    };
    Ok(Ready { user, is_new, hash: Some(hash) })
}

async fn keep_user(work: &UnitOfWork<'_>, ready: Ready) -> Result<()> {
    if ready.is_new {
        user::insert(work.writer(), &ready.user).await?;
    }
    match ready.hash {
        Some(hash) => user::set_password(work.writer(), ready.user.id, &ready.user.name, &hash, work.ctx().now).await,
        None => Ok(()),
    }
}

/// Refuses an invitation whose inviter would not be allowed to invite now.
async fn still_promised(work: &UnitOfWork<'_>, invitation: &Invitation, user: UserId) -> Result<()> {
    let actor = match invitation.invited_by {
        None => Actor::System,
        Some(id) => {
            let members = authentication::of_user(work.writer(), id).await?.members;
            Actor::User { id, session: work.app().ids.new_id(), members }
        }
    };
    let giver = Ctx { actor, ..work.ctx().clone() };
    let wanted = Wanted {
        person: invitation.person.clone(),
        organisation: invitation.organisation,
        role: invitation.role,
        cover: invitation.cover.clone(),
    };
    let void = |_| {
        Error::new(Code::InvalidInput, Reason::Expired, "token", "This invitation is void: whoever sent it may no longer grant the role.")
    };
    giving::permitted(work, &giver, Act::UserInvite, &wanted, Some(user)).await.map(drop).map_err(void)
}

/// Turns an accepted invitation into a membership and tells the administrators.
async fn enter(work: &UnitOfWork<'_>, invitation: &Invitation, user: UserId) -> Result<Membership> {
    let now = work.ctx().now;
    table::update(work.writer(), invitation).await?;
    let membership = Membership {
        id: work.app().ids.new_id(),
        user,
        organisation: invitation.organisation,
        role: invitation.role,
        cover: invitation.cover.clone(),
        granted_by: invitation.invited_by,
        granted_at: now,
        ended_at: None,
        ended_by: None,
    };
    membership::insert(work.writer(), &membership).await?;
    let mails = giving::tell_keepers(work, Change::Granted, membership.organisation, &invitation.person.name, membership.role).await?;
    work.mail(mails).await?;
    Ok(membership)
}

fn unknown() -> Error {
    Error::invalid(Reason::Expired, "token", "This invitation is not known or has expired. Ask for another one.")
}
