//! Memberships: granting, revoking, covering, listing.

use std::collections::HashMap;

use tertulia_domain::{
    Code, Error, Reason, Result,
    id::{MembershipId, OrganisationId, UserId},
    identity::{Membership, User, membership::may_hold},
    page::{Page, PageRequest},
    policy::{Act, Grant, MembershipSight},
    record::event::{Event, Topic},
};
use tertulia_persistence::identity::{membership as table, organisation, user};

pub use super::giving::{NewCover, NewMember, id};
use super::{giving, organisation_lock};
use crate::{
    App, Ctx, IdempotencyKey, UnitOfWork,
    mail::letters::{self, Change},
};

/// Gives a person who has an account a role in an organisation, at once. Whoever has none is invited first.
pub async fn grant(app: &App, ctx: &Ctx, input: &NewMember, key: Option<&str>) -> Result<Membership> {
    ctx.may(Act::MembershipGrant)?;
    let wanted = input.check()?;
    let key = IdempotencyKey::parse(key, input)?;
    let work = app.begin(ctx).await?;
    let (grant, user) = giving::decide(&work, Act::MembershipGrant, &wanted).await?;
    let stranger = || Error::invalid(Reason::UnknownId, "email", "Nobody with this address has an account. Invite the person first.");
    let user = user.filter(User::can_sign_in).ok_or_else(stranger)?;
    let id: MembershipId = app.ids.new_id();
    if let Some(earlier) = work.claim(&grant, key.as_ref(), id.any()).await? {
        let earlier = earlier.typed().ok_or_else(|| Error::broken("a key of a membership names something else"))?;
        return table::find(work.writer(), &MembershipSight::of(&ctx.actor), earlier).await?.ok_or_else(|| Error::not_found(""));
    }
    may_hold(&table::held(work.writer(), user.id).await?, wanted.organisation, wanted.role)?;
    let membership = Membership {
        id,
        user: user.id,
        organisation: wanted.organisation,
        role: wanted.role,
        cover: wanted.cover,
        granted_by: grant.user(),
        granted_at: ctx.now,
        ended_at: None,
        ended_by: None,
    };
    table::insert(work.writer(), &membership).await?;
    let mails = giving::tell_keepers(&work, Change::Granted, membership.organisation, &user.name, membership.role).await?;
    work.mail(mails).await?;
    work.commit(grant, [Event::new(Topic::MembershipGranted, id.any())]).await?;
    Ok(membership)
}

/// The membership that an act is about, its organisation locked, and the policy's word.
async fn concerned(work: &UnitOfWork<'_>, act: Act, raw: &str) -> Result<(Grant, Membership)> {
    let ctx = work.ctx();
    let id = giving::id(raw).map_err(|error| error.under("membershipId"))?;
    let sight = MembershipSight::of(&ctx.actor);
    let unknown = || Error::not_found("membershipId");
    let membership = table::find(work.writer(), &sight, id).await?.ok_or_else(unknown)?;
    organisation::hold(work.writer(), membership.organisation).await?.ok_or_else(unknown)?;
    let grant = ctx.allow(act, &giving::scope(work.writer(), membership.organisation).await?)?;
    organisation_lock::admits(work.writer(), membership.organisation, "membershipId").await?;
    // Read again behind the lock: another request may have ended it meanwhile.
    let membership = table::find(work.writer(), &sight, id).await?.ok_or_else(unknown)?;
    Ok((grant, membership))
}

/// Ends a membership; it gives no right from this moment on.
pub async fn revoke(app: &App, ctx: &Ctx, membership: &str, key: Option<&str>) -> Result<Membership> {
    ctx.may(Act::MembershipRevoke)?;
    let key = IdempotencyKey::parse(key, &membership)?;
    let work = app.begin(ctx).await?;
    let (grant, membership) = concerned(&work, Act::MembershipRevoke, membership).await?;
    if work.claim(&grant, key.as_ref(), membership.id.any()).await?.is_some() {
        return Ok(membership);
    }
    let keepers: Vec<UserId> = table::keepers(work.writer(), membership.organisation).await?.into_iter().map(|(user, _)| user).collect();
    let ended = membership.end(&keepers, grant.user(), ctx.now)?;
    table::update(work.writer(), &ended).await?;
    let person = user::find(work.writer(), ended.user).await?.ok_or_else(|| Error::broken("a membership without its user"))?;
    let place = organisation::name(work.writer(), ended.organisation).await?;
    let mut mails = giving::tell_keepers(&work, Change::Revoked, ended.organisation, &person.name, ended.role).await?;
    mails.push(letters::membership(person.email, Change::Revoked, &person.name, ended.role, &place));
    work.mail(mails).await?;
    work.commit(grant, [Event::new(Topic::MembershipRevoked, ended.id.any())]).await?;
    Ok(ended)
}

/// Sets which countries and services a platform's membership covers, in the place of what it covered.
pub async fn cover(app: &App, ctx: &Ctx, membership: &str, cover: &NewCover, key: Option<&str>) -> Result<Membership> {
    ctx.may(Act::MembershipCover)?;
    let key = IdempotencyKey::parse(key, &(membership, cover))?;
    let work = app.begin(ctx).await?;
    let (grant, mut membership) = concerned(&work, Act::MembershipCover, membership).await?;
    if work.claim(&grant, key.as_ref(), membership.id.any()).await?.is_some() {
        return Ok(membership);
    }
    if !membership.is_active() {
        return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "membershipId", "This membership has ended."));
    }
    membership.cover = cover.check(membership.role)?;
    giving::services_exist(&work, membership.organisation, &membership.cover).await?;
    table::update(work.writer(), &membership).await?;
    let event = Event::edit(Topic::MembershipCovered, membership.id.any(), vec!["countries", "services"]);
    work.commit(grant, [event]).await?;
    Ok(membership)
}

/// An organisation's memberships, as far as the caller may read them, oldest first; with `ended` those that have ended too.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for who keeps no memberships of this organisation.
pub async fn list(app: &App, ctx: &Ctx, organisation: OrganisationId, ended: bool, page: &PageRequest) -> Result<Page<Membership>> {
    ctx.may(Act::MembershipRead)?;
    ctx.allow(Act::MembershipRead, &giving::scope(&app.reader(ctx), organisation).await?)?;
    table::list(&app.reader(ctx), &MembershipSight::of(&ctx.actor), organisation, ended, page).await
}

/// How many [`list`] would give in all; what the caller may not read is not counted.
pub async fn count(app: &App, ctx: &Ctx, organisation: OrganisationId, ended: bool) -> Result<u64> {
    ctx.may(Act::MembershipRead)?;
    table::count(&app.reader(ctx), &MembershipSight::of(&ctx.actor), organisation, ended).await
}

/// The memberships of these ids that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[MembershipId]) -> Result<Vec<Membership>> {
    ctx.may(Act::MembershipRead)?;
    table::find_many(&app.reader(ctx), &MembershipSight::of(&ctx.actor), ids).await
}

/// The active memberships of these users that the caller may read, by user.
pub async fn of_users(app: &App, ctx: &Ctx, users: &[UserId]) -> Result<HashMap<UserId, Vec<Membership>>> {
    let mut theirs: HashMap<UserId, Vec<Membership>> = HashMap::new();
    for membership in table::of_users(&app.reader(ctx), &MembershipSight::of(&ctx.actor), users).await? {
        theirs.entry(membership.user).or_default().push(membership);
    }
    Ok(theirs)
}
