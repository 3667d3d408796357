//! Reading contacts. The first reading by the other side is noted, because after it a contact cannot be narrowed; each reading of one that
//! names its readers is (`record/reads.rs`).

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use tertulia_domain::{
    Error, Result,
    engagement::{
        allowed_acts::{self, Situation},
        contact::{Brief, Contact, Listed, Parts},
        content_item::ContentItem,
        fact::{Chained, Fact},
        filter::{ContactFilter, ContactOrder},
        history,
        mandate::Mandate,
    },
    id::{ContactId, OrganisationId},
    page::{Page, PageRequest},
    policy::{Act, Actor, Scope},
    record::event::{Event, Topic},
    time::Instant,
};
use tertulia_persistence::engagement::{contact as contacts, contact_purge, content_item, fact as facts, lost_sight, party};

use super::telling::{between, scope};
use crate::{
    App, Ctx,
    engagement::mandate::occasion,
    record::reads::{self, Read},
};

/// How far behind now the moment lies up to which a list of changes is complete: longer than any write takes.
const SETTLED: TimeDelta = TimeDelta::seconds(60);

/// Refuses early a caller who never reads contacts, before his input is looked at.
pub fn may_read(ctx: &Ctx) -> Result<()> {
    ctx.may(Act::ContactRead)
}

/// The contact, if the caller may read it.
pub async fn get(app: &App, ctx: &Ctx, id: ContactId) -> Result<Option<Contact>> {
    Ok(by_ids(app, ctx, &[id]).await?.pop())
}

/// Those of the contacts that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[ContactId]) -> Result<Vec<Contact>> {
    ctx.may(Act::ContactRead)?;
    let found = contacts::find_many(&app.reader(ctx), &ctx.contacts(), ids).await?;
    note_reading(app, ctx, "get", found.iter().map(Reading::of)).await?;
    Ok(found)
}

/// The contacts that the caller may read, each with since when he may be told of what happens to it, if not from its beginning: for who is told
/// of them and nothing that they hold. It counts as no reading.
pub async fn told_since(app: &App, ctx: &Ctx, ids: &[ContactId]) -> Result<HashMap<ContactId, Option<Instant>>> {
    ctx.may(Act::ContactRead)?;
    let sight = ctx.contacts();
    let found = contacts::shared_since(&app.reader(ctx), &sight, ids).await?;
    Ok(found.into_iter().map(|(id, sender, shared_at)| (id, sight.told_since(Some(sender), shared_at))).collect())
}

/// Whether the caller, who may read a contact, may be told of what happened to it at a moment.
pub fn is_told(ctx: &Ctx, contact: &Contact, at: Instant) -> bool {
    ctx.contacts().told_since(contact.sender(), contact.shared_at).is_none_or(|since| since <= at)
}

/// Those of the contacts that the caller may read and the filter leaves, for subscriptions.
pub async fn matching(app: &App, ctx: &Ctx, filter: &ContactFilter, ids: &[ContactId]) -> Result<Vec<Contact>> {
    ctx.may(Act::ContactRead)?;
    let found = contacts::find_matching(&app.reader(ctx), &ctx.contacts(), &filter.for_list(ContactOrder::SentAt, ctx.now), ids).await?;
    note_reading(app, ctx, "follow", found.iter().map(Reading::of)).await?;
    Ok(found)
}

/// One page of the contacts that the caller may read and the filter leaves.
pub async fn list(app: &App, ctx: &Ctx, filter: &ContactFilter, order: ContactOrder, page: &PageRequest) -> Result<Page<Contact>> {
    ctx.may(Act::ContactRead)?;
    let found = contacts::list(&app.reader(ctx), &ctx.contacts(), &filter.for_list(order, ctx.now), order, page).await?;
    note_reading(app, ctx, "list", found.edges.iter().map(|edge| Reading::of(&edge.item))).await?;
    Ok(found)
}

/// The same page, of each contact what a list shows and the parts that are asked for.
pub async fn list_parts(
    app: &App,
    ctx: &Ctx,
    filter: &ContactFilter,
    order: ContactOrder,
    page: &PageRequest,
    parts: Parts,
) -> Result<Page<Listed>> {
    ctx.may(Act::ContactRead)?;
    let found = contacts::list_parts(&app.reader(ctx), &ctx.contacts(), &filter.for_list(order, ctx.now), order, page, parts).await?;
    note_reading(app, ctx, "list", found.edges.iter().map(|edge| Reading::of_brief(&edge.item.brief))).await?;
    Ok(found)
}

/// How many contacts a list in that order has for the caller under the filter.
pub async fn count(app: &App, ctx: &Ctx, filter: &ContactFilter, order: ContactOrder) -> Result<u64> {
    ctx.may(Act::ContactRead)?;
    contacts::count(&app.reader(ctx), &ctx.contacts(), &filter.for_list(order, ctx.now)).await
}

/// What beside the contacts themselves changed for a reader.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Contacts that the caller read before and may not read any more.
    pub lost: Vec<ContactId>,
    /// Whether the caller's memberships changed, so that he must read everything anew.
    pub resync: bool,
    /// Up to when the answer is complete: what to ask for next.
    pub complete_to: Instant,
}

/// What the caller lost sight of after `since`.
pub async fn changes(app: &App, ctx: &Ctx, since: Option<Instant>) -> Result<Changes> {
    ctx.may(Act::ContactRead)?;
    let complete_to = ctx.now - SETTLED - app.lag(ctx);
    let Some(since) = since else { return Ok(Changes { lost: Vec::new(), resync: false, complete_to }) };
    let (reader, sight) = (app.reader(ctx), ctx.contacts());
    let mut gone = lost_sight::find_since(&reader, &sight, since).await?;
    gone.extend(contact_purge::purged_since(&reader, &sight, since).await?);
    let seen: HashSet<ContactId> = contacts::find_many(&reader, &sight, &gone).await?.into_iter().map(|contact| contact.id).collect();
    let resync = match ctx.actor.user() {
        Some(user) => party::memberships_changed(&reader, user, since).await?,
        None => false,
    };
    Ok(Changes { lost: gone.into_iter().filter(|id| !seen.contains(id)).collect(), resync, complete_to })
}

/// The facts of contacts that the caller has read through his sight, in the order of the history, each in its chain.
pub async fn facts(app: &App, ctx: &Ctx, ids: &[ContactId]) -> Result<Vec<(ContactId, Chained)>> {
    ctx.may(Act::ContactRead)?;
    facts::find_chained(&app.reader(ctx), ids).await
}

/// The items of contacts that the caller has read through his sight, in their order.
pub async fn items(app: &App, ctx: &Ctx, ids: &[ContactId]) -> Result<Vec<(ContactId, ContentItem)>> {
    ctx.may(Act::ContactRead)?;
    content_item::find_of(&app.reader(ctx), ids).await
}

/// A contact's history as a file that `tertulia contact verify` checks. Notes and persons stand in it for the caller's own side only.
pub async fn history(app: &App, ctx: &Ctx, id: ContactId) -> Result<serde_json::Value> {
    let contact = get(app, ctx, id).await?.ok_or_else(|| Error::not_found(""))?;
    let facts: Vec<Chained> = facts(app, ctx, &[id]).await?.into_iter().map(|(_, fact)| fact).collect();
    history::export(id, contact.reference.as_str(), &facts, |fact| shows_own(ctx, fact.told.organisation))
}

/// Whether the caller acts for this organisation, so that its persons, notes and numbers may be shown to him.
pub fn shows_own(ctx: &Ctx, organisation: OrganisationId) -> bool {
    ctx.contacts().acts_for(organisation)
}

/// What the caller may do with a contact next: what its state allows to his side and the policy to his role.
/// `mandates` are those of its body that hold now, for the coordinator.
pub fn allowed_acts(ctx: &Ctx, contact: &Contact, facts: &[Fact], mandates: &[Mandate]) -> Vec<allowed_acts::Act> {
    let may = mandates.iter().any(|mandate| mandate.covers(occasion(contact), ctx.now));
    let mut allowed: Vec<allowed_acts::Act> = Vec::new();
    for member in ctx.actor.members() {
        let Some(side) = contact.side_of(member.organisation).or(member.role.side()) else { continue };
        let situation = Situation {
            terms: contact.terms(),
            direction: contact.header.direction,
            visibility: contact.visibility,
            read_by_other: contact.read_by_other_at.is_some(),
            resolved: contact.service.is_some(),
            side,
            now: ctx.now,
        };
        let permitted =
            |act: &allowed_acts::Act| ctx.allow_as(policy_act(*act), &Scope { mandated: may, ..scope(contact) }, Some(member.id)).is_ok();
        allowed.extend(allowed_acts::allowed_acts(situation, facts).into_iter().filter(permitted));
    }
    allowed.sort_unstable();
    allowed.dedup();
    allowed
}

/// The policy's act of an act on a contact.
fn policy_act(act: allowed_acts::Act) -> Act {
    use allowed_acts::Act as A;
    match act {
        A::Send => Act::ContactSend,
        A::Share => Act::ContactShare,
        A::Acknowledge => Act::ContactAcknowledge,
        A::Decide => Act::ContactDecide,
        A::Ask => Act::ContactAsk,
        A::Reply => Act::ContactReply,
        A::Dispute => Act::ContactDispute,
        A::Close => Act::ContactClose,
        A::Reopen => Act::ContactReopen,
        A::Withdraw => Act::ContactWithdraw,
        A::Discard => Act::ContactDiscard,
        A::Refer => Act::ContactRefer,
        A::Correct => Act::ContactCorrect,
        A::Comment => Act::ContactComment,
        A::Attach => Act::ContactAttach,
        A::ResolvePlatform => Act::ContactResolvePlatform,
    }
}

/// Notes that the other side has read these contacts, whichever way it came by them.
pub(in crate::engagement) async fn note_read(app: &App, ctx: &Ctx, read: impl Iterator<Item = &Contact>) -> Result<()> {
    note_reading(app, ctx, "list", read.map(Reading::of)).await
}

/// A contact that is being read.
struct Reading {
    id: ContactId,
    scope: Scope,
    was_read: bool,
    is_restricted: bool,
}

impl Reading {
    fn of(contact: &Contact) -> Self {
        let (was_read, is_restricted) = (contact.read_by_other_at.is_some(), contact.visibility.is_restricted());
        Self { id: contact.id, scope: scope(contact), was_read, is_restricted }
    }

    fn of_brief(contact: &Brief) -> Self {
        let scope = between(contact.sender(), contact.receiver(), contact.country);
        let (was_read, is_restricted) = (contact.read_by_other_at.is_some(), contact.visibility.is_restricted());
        Self { id: contact.id, scope, was_read, is_restricted }
    }
}

/// Notes before it is answered what of a reading has to be: who reads a contact that names its readers, and that the other side reads
/// one for the first time.
async fn note_reading(app: &App, ctx: &Ctx, way: &'static str, read: impl Iterator<Item = Reading>) -> Result<()> {
    if matches!(ctx.actor, Actor::System) {
        return Ok(());
    }
    let sight = ctx.contacts();
    let first = |contact: &Reading| !contact.was_read && contact.scope.counterpart.is_some_and(|receiver| sight.acts_for(receiver));
    // Of a page of ordinary contacts nothing is left here, and nothing is written.
    let read: Vec<Reading> = read.filter(|contact| contact.is_restricted || first(contact)).collect();
    let restricted = read.iter().filter(|contact| contact.is_restricted).map(|contact| (contact.id.any(), contact.scope.clone()));
    reads::note(app, ctx, Read { act: Act::ContactRead, way }, restricted).await?;
    let unread: Vec<&Reading> = read.iter().filter(|contact| first(contact)).collect();
    let Some(one) = unread.first() else { return Ok(()) };
    let grant = ctx.allow(Act::ContactRead, &one.scope)?;
    let uow = app.begin(ctx).await?;
    let ids: Vec<ContactId> = unread.iter().map(|contact| contact.id).collect();
    let marked = contacts::mark_read(uow.writer(), &ids, ctx.now).await?;
    if marked.is_empty() {
        return Ok(());
    }
    uow.commit(grant, marked.into_iter().map(|id| Event::new(Topic::ContactRead, id.any()))).await
}
