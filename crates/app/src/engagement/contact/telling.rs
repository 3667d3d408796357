//! What all acts on a contact have in common: find it through the caller's sight, hold it, ask the policy, add a fact to its
//! chain, and keep what follows from all facts beside it.

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    engagement::{
        contact::Contact,
        decision::Decision,
        fact::{Chained, Fact, NewFact, Sealed, Told},
        lifecycle::{Lifecycle, admit},
        new_contact::id,
        target::Course,
        vocabulary::{Format, Precision, Side, Step, Visibility},
    },
    id::{ContactId, ContentItemId, MandateId, MembershipId, OrganisationId, TransitionId},
    policy::{Act, Grant, Scope},
    record::event::{Event, Topic},
    text::{self, CountryCode},
    time::{self, Instant},
};
use tertulia_persistence::engagement::{contact as contacts, content_item, fact as facts};

use crate::{
    App, Ctx, IdempotencyKey, UnitOfWork, check_version,
    engagement::{mandate, statistics},
};

/// What a caller says with every act on a contact; ids and texts as typed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Telling {
    /// The contact.
    pub contact: String,
    /// The version that the caller read; without it the act applies if the state allows it.
    pub version: Option<i64>,
    /// When it happened; now by default.
    pub occurred_at: Option<Instant>,
    /// How exactly that is known; to the minute by default.
    pub precision: Option<Precision>,
    /// How it was told.
    pub format: Option<Format>,
    /// Why; for a question or a reply, its text.
    pub reason: Option<String>,
    /// A note for one's own side.
    pub note: Option<String>,
    /// The membership under which the caller acts.
    pub acting_as: Option<String>,
    /// A key under which the same act may be sent again.
    pub idempotency_key: Option<String>,
}

/// The same, checked.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) contact: ContactId,
    pub(super) acting_as: Option<MembershipId>,
    pub(super) key: Option<IdempotencyKey>,
    pub(super) occurred_at: Option<Instant>,
    pub(super) precision: Precision,
    pub(super) format: Option<Format>,
    pub(super) reason: Option<String>,
    pub(super) note: Option<String>,
}

impl Telling {
    /// Checks everything at once. `input` is the whole input, for the digest of the idempotency key.
    pub(super) fn check(&self, now: Instant, wants_reason: bool, input: &impl Serialize) -> Result<Words> {
        let mut faults = Faults::default();
        let contact = faults.check("contactId", id(&self.contact));
        let acting_as = self.acting_as.as_deref().and_then(|raw| faults.check("actingAs", id(raw)));
        let key = faults.check("", IdempotencyKey::parse(self.idempotency_key.as_deref(), input)).flatten();
        // A question or a reply has its text where other steps have their reason.
        let said = if wants_reason { "reason" } else { "text" };
        let reason = self.reason.as_deref().and_then(|raw| faults.check(said, text::block(raw, text::LONG)));
        let note = self.note.as_deref().and_then(|raw| faults.check("note", text::block(raw, text::LONG)));
        if wants_reason && self.reason.is_none() {
            faults.add(Reason::Required, "reason", "Say why.");
        }
        if let Some((reason, message)) = self.occurred_at.and_then(|at| time::fault_of(at, now)) {
            faults.add(reason, "occurredAt", message);
        }
        faults.finish()?;
        Ok(Words {
            contact: contact.ok_or_else(|| Error::broken("an id left neither value nor fault"))?,
            acting_as,
            key,
            occurred_at: self.occurred_at.map(time::to_micros),
            precision: self.precision.unwrap_or(Precision::Minute),
            format: self.format,
            reason,
            note,
        })
    }
}

/// A contact under an act: held, its version checked, the act permitted.
pub(super) struct Open<'a> {
    pub(super) uow: UnitOfWork<'a>,
    pub(super) contact: Contact,
    pub(super) grant: Grant,
    pub(super) side: Side,
    /// The mandate under which the coordinator acts.
    mandate: Option<MandateId>,
    words: Words,
}

/// Either the act was done before under the same key, or it is to be done now.
pub(super) enum Opened<'a> {
    Before(Box<Contact>),
    Now(Box<Open<'a>>),
}

/// The scope of a contact, as the policy asks for it.
pub(in crate::engagement) fn scope(contact: &Contact) -> Scope {
    between(contact.sender(), contact.receiver(), contact.country)
}

/// The scope of what one organisation sends to another.
pub(super) fn between(sender: Option<OrganisationId>, receiver: Option<OrganisationId>, country: Option<CountryCode>) -> Scope {
    Scope { owner: sender, counterpart: receiver, country, ..Scope::default() }
}

/// Opens a contact for `act`.
pub(super) async fn open<'a>(app: &'a App, ctx: &'a Ctx, act: Act, words: Words, version: Option<i64>) -> Result<Opened<'a>> {
    let uow = app.begin(ctx).await?;
    let found = contacts::hold(uow.writer(), &ctx.contacts(), words.contact).await?;
    let contact = found.ok_or_else(|| Error::not_found("contactId"))?;
    let mandate = mandate::under(uow.writer(), ctx, act, &contact).await?;
    let grant = ctx.allow_as(act, &Scope { mandated: mandate.is_some(), ..scope(&contact) }, words.acting_as)?;
    if uow.claim(&grant, words.key.as_ref(), contact.id.any()).await?.is_some() {
        return Ok(Opened::Before(Box::new(contact)));
    }
    if let Some(version) = version {
        check_version(version, contact.version)?;
    }
    // The coordinator has a side of its own; every other grant here is a party's.
    let side = grant.organisation().and_then(|own| contact.side_of(own)).or(grant.side()).unwrap_or(Side::Coordinator);
    Ok(Opened::Now(Box::new(Open { uow, contact, grant, side, mandate, words })))
}

/// What a step says beside what every act says.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) decision: Option<Decision>,
    pub(super) referred_to: Option<String>,
}

impl Open<'_> {
    /// The contact's items, in their order.
    pub(super) async fn items(&self) -> Result<Vec<ContentItemId>> {
        let items = content_item::find_of(self.uow.writer(), &[self.contact.id]).await?;
        Ok(items.into_iter().map(|(_, item)| item.id).collect())
    }

    /// The contact's facts, in the order of the history.
    pub(super) async fn facts(&self) -> Result<Vec<Fact>> {
        let facts = facts::find_of(self.uow.writer(), &[self.contact.id]).await?;
        Ok(facts.into_iter().map(|(_, fact)| fact).collect())
    }

    /// Tells of a step, and commits.
    pub(super) async fn tell(self: Box<Self>, step: Step, content: Content, topic: Topic) -> Result<Contact> {
        let told = self.told(step, content)?;
        let known = self.facts().await?;
        self.add(told, known, topic).await
    }

    fn told(&self, step: Step, content: Content) -> Result<Told> {
        let organisation = self.grant.organisation().ok_or_else(|| Error::broken("a fact needs an organisation"))?;
        Ok(Told {
            step,
            side: self.side,
            organisation,
            occurred_at: self.words.occurred_at.unwrap_or(self.uow.ctx().now),
            precision: self.words.precision,
            format: self.words.format,
            reason: self.words.reason.clone(),
            referred_to: content.referred_to,
            decision: content.decision,
            supersedes: None,
        })
    }

    /// What the caller said of format and time, for a correction.
    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    /// Adds a fact to those known, keeps what follows from all of them, and commits.
    pub(super) async fn add(mut self: Box<Self>, told: Told, mut known: Vec<Fact>, topic: Topic) -> Result<Contact> {
        let now = self.uow.ctx().now;
        let sealed = Sealed { salt: salt(), note: self.words.note.clone(), person: self.grant.user() };
        let id = self.uow.app().ids.new_id::<tertulia_domain::id::kinds::Transition>();
        let chained = chain(&mut self.contact, NewFact { id, recorded_at: now, told, sealed }, &known)?;
        facts::insert(self.uow.writer(), &[(self.contact.id, &chained)]).await?;
        known.push(chained.fact);
        mandate::keep(&self.uow, &self.contact, self.mandate, &[id], &known).await?;
        let sent_before = self.contact.life.sent_at;
        derive(&mut self.contact, &known, now);
        statistics::count(&self.uow, &self.contact, &known, sent_before).await?;
        self.note_reader();
        self.keep(topic, vec![]).await
    }

    /// Who acts for the other side has read the contact.
    fn note_reader(&mut self) {
        if self.side == self.contact.header.direction.receiver() && self.contact.read_by_other_at.is_none() {
            self.contact.read_by_other_at = Some(self.uow.ctx().now);
        }
    }

    /// Keeps the changed contact under a new version, and commits.
    async fn keep(mut self: Box<Self>, topic: Topic, fields: Vec<&'static str>) -> Result<Contact> {
        self.contact.version += 1;
        self.contact.changed_at = self.uow.ctx().now;
        contacts::update(self.uow.writer(), &self.contact).await?;
        let event = Event::edit(topic, self.contact.id.any(), fields);
        self.uow.commit(self.grant, [event]).await?;
        Ok(self.contact)
    }

    /// The same of a contact of which nothing new was told.
    pub(super) async fn keep_changed(self: Box<Self>, topic: Topic, fields: Vec<&'static str>) -> Result<Contact> {
        if self.contact.life.sent_at.is_some() {
            statistics::count(&self.uow, &self.contact, &self.facts().await?, self.contact.life.sent_at).await?;
        }
        self.keep(topic, fields).await
    }
}

/// Admits a fact after those known and makes it the head of the contact's chain.
pub(super) fn chain(contact: &mut Contact, new: NewFact, known: &[Fact]) -> Result<Chained> {
    let chained = new.chain(contact.id, contact.head)?;
    admit(contact.terms(), known, &chained.fact)?;
    contact.head = Some(chained.head());
    Ok(chained)
}

/// Takes over what all facts say together: where the contact stands, how its target is kept, and who may read it once it is sent.
pub(super) fn derive(contact: &mut Contact, facts: &[Fact], now: Instant) {
    let life = Lifecycle::of(contact.terms(), facts);
    let course = contact.bound.as_ref().and_then(|bound| Course::of(&bound.target, contact.terms(), facts));
    contact.life = life;
    if let Some(bound) = &mut contact.bound {
        bound.course = course;
    }
    if contact.life.sent_at.is_none() {
        return;
    }
    if !contact.visibility_chosen && contact.shared_at.is_none() {
        contact.visibility = Visibility::Parties;
    }
    share(contact, now);
}

/// Notes since when the other side may read what was sent: not before it is known who that is.
pub(super) fn share(contact: &mut Contact, now: Instant) {
    let is_open = contact.life.sent_at.is_some() && contact.visibility != Visibility::Organisation && contact.receiver().is_some();
    if is_open && contact.shared_at.is_none() {
        contact.shared_at = Some(now);
    }
}

/// Random hexadecimal digits for the sealed part of a fact.
pub(super) fn salt() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// An act that tells of one step and says nothing beside what every act says.
pub(super) async fn tell(app: &App, ctx: &Ctx, act: Act, step: Step, topic: Topic, telling: &Telling) -> Result<Contact> {
    ctx.may(act)?;
    let words = telling.check(ctx.now, step.wants_reason(), telling)?;
    match open(app, ctx, act, words, telling.version).await? {
        Opened::Before(contact) => Ok(*contact),
        Opened::Now(open) => open.tell(step, Content::default(), topic).await,
    }
}

/// Reads the id of a fact as typed.
pub(super) fn transition(raw: &str) -> Result<TransitionId> {
    id(raw)
}
