//! Taking a person out of his account, while the record stays whole.

use secrecy::{ExposeSecret, SecretString};
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    directory::expert::ExpertEntry,
    id::{OrganisationId, UserId, read},
    identity::{Membership, Person, User, membership::is_keeper, session::SessionEnd},
    policy::{Act, Actor, Grant, MembershipSight, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{
    Session,
    directory::expert,
    identity::{membership, organisation, password_reset, session, user},
    person,
    record::{mail, revision},
};

use super::letters_to;
use crate::{
    App, Ctx, UnitOfWork,
    dialogue::participation::{self, Withdraw},
    identity::giving,
    mail::letters::Change,
};

/// Who is told of in letters about the memberships that end with him.
const SOMEBODY: &str = "Somebody whose account was erased";

/// Whom to erase, as somebody typed it.
#[derive(Debug)]
pub struct Erase {
    /// The account; the caller's own if left out.
    pub user_id: Option<String>,
    /// The caller's password, for his own account.
    pub password: Option<SecretString>,
}

/// Takes a person out of his account, for good, and answers what is left of it: his name, address (on channels of liaison persons too),
/// password and needs, his profile as an expert, his name where he speaks at meetings, and the names of files that he uploaded or imported
/// and of API clients that he made, as far as they name him or nobody needs them. His sessions, memberships, invitations and private
/// calendars end at once, his seats at meetings ahead go to who waits, and mail on its way to him is dropped. Facts, minutes and lines of
/// the audit log keep the id of the account, which names nobody, so that every hash still holds. Texts that people wrote stay as they are.
///
/// Oneself, by one's password; for who has left, whoever keeps the memberships of the organisation where the last one ended. The
/// last administrator of an organisation stays until another has the role.
///
/// # Errors
/// `NOT_FOUND` at `userId` for whom the caller does not know, `FORBIDDEN` at `password`, `INVALID_TRANSITION` for who is still a
/// member, is the last administrator, or was erased before.
pub async fn erase(app: &App, ctx: &Ctx, input: &Erase) -> Result<User> {
    ctx.may(Act::UserErase)?;
    let id = whom(ctx, input)?;
    let found = user::find(&app.current_reader(ctx), id).await?.ok_or_else(|| Error::not_found("userId"))?;
    judge(&app.current_reader(ctx), ctx, &found).await?;
    if ctx.actor.user() == Some(id) {
        confirm(app, ctx, &found, input.password.as_ref()).await?;
    }
    leave_meetings(app, ctx, id).await?;
    let uow = app.begin(ctx).await?;
    let found = user::lock(uow.writer(), id).await?.ok_or_else(|| Error::not_found("userId"))?;
    let (grant, held) = judge(uow.writer(), ctx, &found).await?;
    if !person::ahead(uow.writer(), id, ctx.now).await?.is_empty() {
        let message = "The person got a seat at a meeting just now. Send this again.";
        return Err(Error::new(Code::Conflict, Reason::NotAllowedNow, "", message));
    }
    let mut events = vec![Event::new(Topic::UserErased, id.any())];
    events.extend(end_memberships(&uow, &grant, &held).await?);
    events
        .extend(person::revoke_feeds(uow.writer(), id, ctx.now).await?.into_iter().map(|id| Event::new(Topic::FeedTokenRevoked, id.any())));
    session::end_all(uow.writer(), id, SessionEnd::Erased, ctx.now).await?;
    password_reset::use_up(uow.writer(), id, ctx.now).await?;
    let theirs: Vec<OrganisationId> = held.iter().map(|one| one.organisation).collect();
    let (erased, more) = take_out(&uow, &found, &theirs).await?;
    events.extend(more);
    uow.commit(grant, events).await?;
    Ok(erased)
}

fn whom(ctx: &Ctx, input: &Erase) -> Result<UserId> {
    let mut faults = Faults::default();
    let id = match (&input.user_id, ctx.actor.user()) {
        (Some(raw), _) => faults.check("userId", read(raw)),
        (None, own) => own,
    };
    if id.is_some() && id == ctx.actor.user() && input.password.as_ref().is_none_or(|password| password.expose_secret().is_empty()) {
        faults.add(Reason::Required, "password", "Confirm with your password.");
    }
    faults.finish_with(id)
}

/// Whether the caller may erase this person now, and every membership that he ever held.
async fn judge(session: &dyn Session, ctx: &Ctx, found: &User) -> Result<(Grant, Vec<Membership>)> {
    let refuse = |reason, message: &str| Err(Error::new(Code::InvalidTransition, reason, "userId", message));
    let held = person::memberships(session, found.id).await?;
    let sight = MembershipSight::of(&ctx.actor);
    let ids: Vec<_> = held.iter().map(|one| one.id).collect();
    let is_own = ctx.actor.user() == Some(found.id);
    let seen = membership::find_many(session, &sight, &ids).await?;
    if !is_own && seen.is_empty() {
        return Err(Error::not_found("userId"));
    }
    if !is_own && seen.iter().any(Membership::is_active) {
        return refuse(Reason::NotAllowedNow, "This person still is a member. End every membership first.");
    }
    // Whoever belongs to another organisation by now is that one's to erase, when he has left it too.
    let last = held.iter().max_by_key(|one| (one.is_active(), one.ended_at));
    let scope = match last.filter(|_| !is_own) {
        Some(last) => Scope { user: Some(found.id), ..giving::scope(session, last.organisation).await? },
        None => Scope { has_administrator: true, ..Scope::of_user(found.id) },
    };
    let grant = ctx.allow(Act::UserErase, &scope)?;
    if found.erased_at.is_some() {
        return refuse(Reason::AlreadyDone, "This person was erased before.");
    }
    for one in held.iter().filter(|one| one.is_active()) {
        let keepers: Vec<UserId> = membership::keepers(session, one.organisation).await?.into_iter().map(|(user, _)| user).collect();
        if is_keeper(one.role) && keepers.iter().all(|keeper| *keeper == found.id) {
            return refuse(Reason::NotAllowedNow, "The last administrator cannot go before another one has been granted the role.");
        }
    }
    Ok((grant, held))
}

/// Compares the password, as often as one may try to sign in.
async fn confirm(app: &App, ctx: &Ctx, own: &User, password: Option<&SecretString>) -> Result<()> {
    let Some(password) = password else { return Err(Error::broken("a password was asked for before")) };
    app.identity.throttle.sign_in(None, &own.email, ctx.now)?;
    let hash = user::credentials(&app.current_reader(ctx), &own.email).await?.and_then(|(_, hash)| hash);
    if app.identity.passwords.compare(password, hash).await?.matches {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, Reason::NotPermitted, "password", "This is not your password."))
}

/// Takes back what the person has of meetings ahead, as the server does by a rule, so that who waits gets the seats.
async fn leave_meetings(app: &App, ctx: &Ctx, who: UserId) -> Result<()> {
    let system = Ctx { actor: Actor::System, ..ctx.clone() };
    for id in person::ahead(&app.current_reader(ctx), who, ctx.now).await? {
        participation::withdraw(app, &system, &Withdraw { participation_id: id.to_string(), version: None }, None).await?;
    }
    Ok(())
}

async fn end_memberships(uow: &UnitOfWork<'_>, grant: &Grant, held: &[Membership]) -> Result<Vec<Event>> {
    let mut active: Vec<&Membership> = held.iter().filter(|one| one.is_active()).collect();
    // In one order, so that two who leave at once do not wait for each other.
    active.sort_by_key(|one| one.organisation);
    let mut events = Vec::new();
    for one in active {
        organisation::hold(uow.writer(), one.organisation).await?;
        let keepers: Vec<UserId> = membership::keepers(uow.writer(), one.organisation).await?.into_iter().map(|(user, _)| user).collect();
        let ended = one.clone().end(&keepers, grant.user(), uow.ctx().now)?;
        membership::update(uow.writer(), &ended).await?;
        uow.mail(giving::tell_keepers(uow, Change::Revoked, ended.organisation, SOMEBODY, ended.role).await?).await?;
        events.push(Event::new(Topic::MembershipRevoked, ended.id.any()));
    }
    Ok(events)
}

/// Puts nobody in the place of the person, wherever more of him stands than his id.
async fn take_out(uow: &UnitOfWork<'_>, found: &User, theirs: &[OrganisationId]) -> Result<(User, Vec<Event>)> {
    let (writer, now) = (uow.writer(), uow.ctx().now);
    let profile = expert::find_own(writer, found.id).await?;
    let mut names = vec![found.name.clone()];
    let mut events = Vec::new();
    let expert = profile.as_ref().map(|profile| profile.id);
    if let Some(profile) = profile {
        names.push(profile.fields.fields.name.clone());
        let id = profile.id.any();
        revision::forget(writer, id).await?;
        expert::update(writer, &profile.edited(ExpertEntry::erased(), now)).await?;
        events.push(Event::new(Topic::ExpertUpdated, id));
    }
    for channel in person::forget_channels(writer, found.email.as_str()).await? {
        revision::forget(writer, channel.any()).await?;
        events.push(Event::new(Topic::ChannelUpdated, channel.any()));
    }
    person::forget_speaker(writer, &names, expert, theirs).await?;
    person::forget_titles(writer, found.id, &names).await?;
    let erased = found.clone().erase(now)?;
    let (was, nobody) = (
        Person { email: found.email.clone(), name: found.name.clone() },
        Person { email: erased.email.clone(), name: erased.name.clone() },
    );
    person::forget_invitations(writer, &was, &nobody, now).await?;
    person::forget_needs(writer, found.id).await?;
    for (waiting, _) in letters_to(uow.app(), writer, &found.email).await? {
        mail::delete(writer, waiting.id).await?;
    }
    user::erase(writer, &erased).await?;
    Ok((erased, events))
}
