//! Users: reading them, and making accounts from the command line.

use secrecy::{ExposeSecret, SecretString};
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    id::{InvitationId, MembershipId, OrganisationId, UserId},
    identity::{Cover, Membership, Person, User, password},
    policy::{Act, Gift, Role, Scope, may_give},
    record::event::{Event, Topic},
};
use tertulia_persistence::identity::{membership, organisation, user as table};

use super::{giving::Wanted, invitation};
use crate::{
    App, Ctx,
    record::reads::{self, Read},
};

/// The coordinator's desk, as the reference files know it.
const DESK: &str = "org-undp";

/// The users of these ids, but for those who were erased. Only the name is for everybody who may know of the user; the address is
/// decided on apart.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[UserId]) -> Result<Vec<User>> {
    let found = table::find_many(&app.reader(ctx), ids).await?;
    Ok(found.into_iter().filter(|user| user.erased_at.is_none()).collect())
}

/// Notes that the caller is told the addresses of other people, each by a membership in an organisation that he keeps.
///
/// # Errors
/// Whatever keeps the audit log from being written: then the addresses are not to be shown.
pub async fn note_addresses_read(app: &App, ctx: &Ctx, read: &[(UserId, OrganisationId)]) -> Result<()> {
    let objects = read.iter().map(|(user, organisation)| (user.any(), Scope::owned_by(*organisation)));
    reads::note(app, ctx, Read { act: Act::MembershipRead, way: "email" }, objects).await
}

/// An account that the operator makes, with its first membership.
#[derive(Debug)]
pub struct NewAccount {
    /// The person.
    pub person: Person,
    /// The organisation of the membership.
    pub organisation: OrganisationId,
    /// Its role.
    pub role: Role,
    /// What it covers.
    pub cover: Cover,
    /// The password.
    pub password: SecretString,
    /// Whether this is no person but an account for a demonstration.
    pub generated: bool,
}

/// Makes an account with a membership. For the operator only, who needs no invitation.
pub async fn create(app: &App, ctx: &Ctx, input: NewAccount) -> Result<(User, Membership)> {
    ctx.may(Act::UserCreate)?;
    let NewAccount { person, organisation, role, cover, password, generated } = input;
    let mut faults = Faults::default();
    faults.check("password", password::check(password.expose_secret(), &person.email));
    faults.check("", cover.check(role));
    faults.finish()?;
    let hash = app.identity.passwords.hash(&password).await?;
    let work = app.begin(ctx).await?;
    let kind = organisation::hold(work.writer(), organisation).await?.ok_or_else(|| Error::not_found("organisationId"))?;
    let grant = ctx.allow(Act::UserCreate, &Scope::owned_by(organisation))?;
    may_give(&grant, &Gift { organisation, kind, role, to: None })?;
    let Person { email, name } = person;
    let user = User { id: app.ids.new_id(), email, name, created_at: ctx.now, password_set_at: Some(ctx.now), generated, erased_at: None };
    let id: MembershipId = app.ids.new_id();
    let (granted_by, ended_by) = (None, None);
    let membership = Membership { id, user: user.id, organisation, role, cover, granted_by, granted_at: ctx.now, ended_at: None, ended_by };
    table::insert(work.writer(), &user).await?;
    table::set_password(work.writer(), user.id, &user.name, &hash, ctx.now).await?;
    membership::insert(work.writer(), &membership).await?;
    let events = [Event::new(Topic::UserCreated, user.id.any()), Event::new(Topic::MembershipGranted, id.any())];
    work.commit(grant, events).await?;
    Ok((user, membership))
}

/// The first coordinator, as the operator names him.
#[derive(Debug)]
pub struct NewCoordinator {
    /// The person.
    pub person: Person,
    /// The desk; `None` takes the one of the reference data.
    pub organisation: Option<OrganisationId>,
    /// The password; `None` makes an invitation instead.
    pub password: Option<SecretString>,
    /// Whether to go on although there is a coordinator.
    pub another: bool,
}

/// Makes the first coordinator, or an invitation for him whose link is answered. Refuses when there is a coordinator, who
/// can invite further ones, unless the operator insists.
pub async fn create_coordinator(app: &App, ctx: &Ctx, input: NewCoordinator) -> Result<Option<SecretString>> {
    ctx.may(Act::UserCreate)?;
    let reader = app.reader(ctx);
    if !input.another && membership::count_role(&reader, Role::Coordinator).await? > 0 {
        let message = "There is a coordinator already, who can invite others. Use --another if nobody can sign in any more.";
        return Err(Error::new(Code::Conflict, Reason::AlreadyDone, "", message));
    }
    let no_desk = || {
        Error::new(
            Code::NotFound,
            Reason::UnknownId,
            "organisationId",
            "There is no desk yet. Load the reference data with `tertulia migrate`, or name the organisation.",
        )
    };
    let organisation = match input.organisation {
        Some(organisation) => organisation,
        None => organisation::find_by_slug(&reader, DESK).await?.ok_or_else(no_desk)?,
    };
    let (person, role, cover) = (input.person, Role::Coordinator, Cover::default());
    if let Some(password) = input.password {
        create(app, ctx, NewAccount { person, organisation, role, cover, password, generated: false }).await?;
        return Ok(None);
    }
    let work = app.begin(ctx).await?;
    let kind = organisation::hold(work.writer(), organisation).await?.ok_or_else(no_desk)?;
    let grant = ctx.allow(Act::UserInvite, &Scope::owned_by(organisation))?;
    may_give(&grant, &Gift { organisation, kind, role, to: None })?;
    let id: InvitationId = app.ids.new_id();
    let (_, link) = invitation::write(&work, id, Wanted { person, organisation, role, cover }, None).await?;
    work.commit(grant, [Event::new(Topic::UserInvited, id.any())]).await?;
    Ok(Some(link))
}
