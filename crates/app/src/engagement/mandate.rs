//! Mandates: given and taken back by a body's administrator, and what the coordinator records under them.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    engagement::{
        contact::Contact,
        fact::Fact,
        mandate::{Mandate, MandateDraft, Occasion, unconfirmed},
        new_contact::{NewContact, id},
        vocabulary::Side,
    },
    id::{MandateId, OrganisationId, TransitionId, kinds},
    page::{Page, PageRequest},
    policy::{self, Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{
    Session,
    directory::organisation,
    engagement::{mandate, mandated_fact, party},
};

use crate::{App, Ctx, IdempotencyKey, UnitOfWork, engagement::named_election::has_election, identity::organisation_lock};

/// Mandates of one body that hold at once.
const MOST_IN_FORCE: usize = 100;

/// Giving a mandate; ids as typed.
#[derive(Clone, Debug)]
pub struct NewMandate {
    /// The body; the caller's only one by default.
    pub electoral_body: Option<OrganisationId>,
    /// What it is for, and until when.
    pub draft: MandateDraft,
}

/// Those of the mandates that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[MandateId]) -> Result<Vec<Mandate>> {
    ctx.may(Act::MandateRead)?;
    mandate::find_many(&app.reader(ctx), &ctx.contacts(), ids).await
}

/// A page of the mandates that the caller may read, the last given first; with `ended` those that hold no longer, too.
pub async fn list(app: &App, ctx: &Ctx, body: Option<OrganisationId>, ended: bool, page: &PageRequest) -> Result<Page<Mandate>> {
    ctx.may(Act::MandateRead)?;
    mandate::list(&app.reader(ctx), &ctx.contacts(), body, (!ended).then_some(ctx.now), page).await
}

/// How many [`list`] would give in all.
pub async fn count(app: &App, ctx: &Ctx, body: Option<OrganisationId>, ended: bool) -> Result<u64> {
    ctx.may(Act::MandateRead)?;
    mandate::count(&app.reader(ctx), &ctx.contacts(), body, (!ended).then_some(ctx.now)).await
}

/// Refuses early a caller who never reads mandates, before his input is looked at.
pub fn may_read(ctx: &Ctx) -> Result<()> {
    ctx.may(Act::MandateRead)
}

/// Lets the coordinator record for a body.
pub async fn grant(app: &App, ctx: &Ctx, new: Result<NewMandate>, key: Option<&str>) -> Result<Mandate> {
    ctx.may(Act::MandateGrant)?;
    let new = new?;
    let sight = ctx.contacts();
    let only = || sight.bodies().first().copied().filter(|_| sight.bodies().len() == 1);
    let missing = || Error::invalid(Reason::Required, "electoralBodyId", "You act for several electoral bodies; say for which one.");
    let body = new.electoral_body.or_else(only).ok_or_else(missing)?;
    let grant = ctx.allow(Act::MandateGrant, &Scope::owned_by(body))?;
    let key = IdempotencyKey::parse(key, &format!("{body} {:?}", new.draft))?;
    let (scope, expires_at) = new.draft.check(ctx.now)?;
    let uow = app.begin(ctx).await?;
    let fresh: MandateId = app.ids.new_id();
    if let Some(before) = uow.claim(&grant, key.as_ref(), fresh.any()).await? {
        let before = before.typed::<kinds::Mandate>().ok_or_else(|| Error::broken("a key of a mandate names something else"))?;
        return mandate::find_many(uow.writer(), &sight, &[before]).await?.pop().ok_or_else(|| Error::not_found(""));
    }
    if let Some(election) = scope.election
        && !has_election(uow.writer(), election, party::country_of_body(uow.writer(), body).await?).await?
    {
        return Err(Error::invalid(Reason::UnknownId, "electionId", "There is no election with this id."));
    }
    if mandate::in_force(uow.writer(), &[body], ctx.now).await?.len() >= MOST_IN_FORCE {
        let message = format!("At most {MOST_IN_FORCE} mandates of a body hold at once.");
        return Err(Error::new(Code::LimitExceeded, Reason::TooMany, "", message));
    }
    let (granted_by, granted_at) = (grant.user(), ctx.now);
    let given = Mandate { id: fresh, electoral_body: body, scope, granted_by, granted_at, expires_at, revoked_at: None, revoked_by: None };
    mandate::insert(uow.writer(), &given).await?;
    uow.commit(grant, [Event::new(Topic::MandateGranted, fresh.any())]).await?;
    Ok(given)
}

/// Taking a mandate back; the id as typed.
#[derive(Clone, Debug, Serialize)]
pub struct Revocation {
    /// The mandate.
    pub mandate: String,
    /// A key under which the same act may be sent again.
    pub idempotency_key: Option<String>,
}

/// Takes a mandate back, with immediate effect. What was recorded under it stays.
pub async fn revoke(app: &App, ctx: &Ctx, input: &Revocation) -> Result<Mandate> {
    ctx.may(Act::MandateRevoke)?;
    let mut faults = Faults::default();
    let wanted = faults.check("mandateId", id(&input.mandate));
    let key = faults.check("", IdempotencyKey::parse(input.idempotency_key.as_deref(), input)).flatten();
    let wanted = faults.finish_with(wanted)?;
    let uow = app.begin(ctx).await?;
    let found = mandate::hold(uow.writer(), &ctx.contacts(), wanted).await?.ok_or_else(|| Error::not_found("mandateId"))?;
    let grant = ctx.allow(Act::MandateRevoke, &Scope::owned_by(found.electoral_body))?;
    if uow.claim(&grant, key.as_ref(), wanted.any()).await?.is_some() {
        return Ok(found);
    }
    let revoked = found.revoke(grant.user(), ctx.now)?;
    mandate::revoke(uow.writer(), &revoked).await?;
    uow.commit(grant, [Event::new(Topic::MandateRevoked, wanted.any())]).await?;
    Ok(revoked)
}

/// The mandates of these bodies that hold now and can be used, for what the coordinator may do with their contacts; for everybody else none.
pub async fn in_force(app: &App, ctx: &Ctx, bodies: &[OrganisationId]) -> Result<Vec<Mandate>> {
    if !policy::needs_mandate(&ctx.actor, Act::ContactAcknowledge) {
        return Ok(Vec::new());
    }
    let reader = app.reader(ctx);
    let mut held = mandate::in_force(&reader, bodies, ctx.now).await?;
    if !held.is_empty() {
        let shut = organisation_lock::of_organisations(app, ctx, bodies).await?;
        held.retain(|mandate| shut.iter().all(|lock| lock.organisation != mandate.electoral_body));
    }
    Ok(held)
}

/// What a mandate is asked for about a contact.
pub fn occasion(contact: &Contact) -> Occasion {
    Occasion { kind: contact.header.kind, country: contact.country, election: contact.header.election }
}

/// The mandate under which the caller may do `act` to a contact, if he needs one and there is one.
pub(super) async fn under(session: &dyn Session, ctx: &Ctx, act: Act, contact: &Contact) -> Result<Option<MandateId>> {
    covering(session, ctx, act, contact.electoral_body, occasion(contact)).await
}

async fn covering(session: &dyn Session, ctx: &Ctx, act: Act, body: OrganisationId, occasion: Occasion) -> Result<Option<MandateId>> {
    if !policy::needs_mandate(&ctx.actor, act) {
        return Ok(None);
    }
    let held = mandate::in_force(session, &[body], ctx.now).await?;
    if !held.is_empty() {
        organisation_lock::admits(session, body, "").await?;
    }
    Ok(held.iter().find(|mandate| mandate.covers(occasion, ctx.now)).map(|mandate| mandate.id))
}

/// The mandate under which the coordinator may log this contact for a body, if there is one.
pub(super) async fn for_logging(session: &dyn Session, ctx: &Ctx, body: OrganisationId, new: &NewContact) -> Result<Option<MandateId>> {
    // Parties log without a word more to the database.
    if !policy::needs_mandate(&ctx.actor, Act::ContactLog) {
        return Ok(None);
    }
    let country = organisation::find(session, body).await?.and_then(|body| body.country);
    let election = new.election.as_deref().and_then(|raw| id(raw).ok());
    covering(session, ctx, Act::ContactLog, body, Occasion { kind: new.kind, country, election }).await
}

/// Keeps of a contact's facts which were recorded under `mandate` just now, and which of the coordinator's no party confirmed.
pub(super) async fn keep(
    uow: &UnitOfWork<'_>,
    contact: &Contact,
    mandate: Option<MandateId>,
    new: &[TransitionId],
    facts: &[Fact],
) -> Result<()> {
    if facts.iter().all(|fact| fact.told.side != Side::Coordinator) {
        return Ok(());
    }
    if let Some(mandate) = mandate {
        mandated_fact::insert(uow.writer(), contact.id, mandate, new).await?;
    }
    mandated_fact::confirm(uow.writer(), contact.id, &unconfirmed(contact.terms(), facts)).await
}
