//! Logs a contact: a draft, one that was sent, or one whose whole history is entered afterwards.

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    directory::{organisation::OrganisationKind, platform::PlatformService},
    engagement::{
        contact::Contact,
        content_item::ContentItem,
        decision::NewDecision,
        fact::{Chained, Fact, NewFact, Sealed, Told},
        lifecycle::Lifecycle,
        new_contact::{Checked, NewContact, NewHistoryFact, default_subject, id},
        reference::Reference,
        vocabulary::{Precision, Side, Step, Visibility},
    },
    id::{ContactId, ContentItemId, OrganisationId, TransitionId},
    policy::{Act, Grant, Member, Role, Scope},
    record::event::{Event, Topic},
    text, time,
};
use tertulia_persistence::{
    directory::organisation,
    engagement::{contact as contacts, incident_contact},
};

use super::{
    free_reference::until_free,
    logging::{Logged, keep_logged},
    named::check_named,
    share::with_oneself,
    targeting::bind,
    telling::{chain, derive, salt},
};
use crate::{
    App, Ctx, IdempotencyKey, UnitOfWork,
    directory::platform,
    engagement::{incident, mandate, response_target::in_force},
};

/// Logging a contact.
#[derive(Clone, Debug, Serialize)]
pub struct Log {
    /// The contact.
    pub contact: NewContact,
    /// The membership under which the caller acts.
    pub acting_as: Option<String>,
    /// A key under which the same contact may be sent again.
    pub idempotency_key: Option<String>,
}

/// Logs a contact. The sender's act: with the moment of sending it is sent, without it a draft.
pub async fn log(app: &App, ctx: &Ctx, input: Log) -> Result<Contact> {
    until_free(|| attempt(app, ctx, &input)).await
}

async fn attempt(app: &App, ctx: &Ctx, input: &Log) -> Result<Contact> {
    ctx.may(Act::ContactLog)?;
    let member = member(ctx, input)?;
    let owner = owner(input, &member)?;
    let mandate = mandate::for_logging(&app.current_reader(ctx), ctx, owner, &input.contact).await?;
    let scope = Scope { mandated: mandate.is_some(), ..Scope::owned_by(owner) };
    let grant = ctx.allow_as(Act::ContactLog, &scope, Some(member.id))?;
    let side = grant.side().ok_or_else(|| Error::forbidden("Only a party logs a contact."))?;
    let mut faults = Faults::default();
    let checked = faults.check("", input.contact.check(side, ctx.now, || app.ids.new_id()));
    let key = faults.check("", IdempotencyKey::parse(input.idempotency_key.as_deref(), input)).flatten();
    faults.check("history", check_history(&input.contact.history, ctx.now));
    let checked = faults.finish_with(checked)?;

    // Looked up before the transaction, which must not wait for a second connection.
    let service = match checked.service {
        Some(id) => Some(platform::by_ids(app, ctx, &[id]).await?.pop().ok_or_else(|| Error::not_found("platformServiceId"))?),
        None => None,
    };
    let targets = in_force(app, ctx).await?;
    let uow = app.begin(ctx).await?;
    let new = app.ids.new_id::<tertulia_domain::id::kinds::Contact>();
    if let Some(before) = uow.claim(&grant, key.as_ref(), new.any()).await? {
        let before = before.typed::<tertulia_domain::id::kinds::Contact>().ok_or_else(|| Error::broken("a key of another kind"))?;
        return contacts::find(uow.writer(), &ctx.contacts(), before).await?.ok_or_else(|| Error::not_found(""));
    }
    let incident = match checked.incident {
        Some(id) => Some(incident::take_in(&uow, id, member.organisation, 0).await?.id),
        None => None,
    };
    let (mut contact, items) = assemble(&uow, (new, side), (checked, service.as_deref()), &member).await?;
    if let Some(sent_at) = sent_at(&input.contact) {
        bind(&uow, &mut contact, &targets, sent_at).await?;
    }
    let (contact, chain) = tell_history(&uow, &grant, contact, &items, &input.contact, side)?;
    let logged = Logged { contact, items, chain };
    keep_logged(&uow, &[&logged]).await?;
    let Logged { contact, chain, .. } = logged;
    let facts: Vec<Fact> = chain.into_iter().map(|chained| chained.fact).collect();
    let told: Vec<TransitionId> = facts.iter().map(|fact| fact.id).collect();
    mandate::keep(&uow, &contact, mandate, &told, &facts).await?;
    let mut events = vec![Event::new(Topic::ContactLogged, contact.id.any())];
    if let Some(incident) = incident {
        incident_contact::insert(uow.writer(), incident, contact.id, ctx.now).await?;
        events.push(Event::new(Topic::IncidentContactAdded, incident.any()));
    }
    uow.commit(grant, events).await?;
    Ok(contact)
}

/// When the contact was sent, if it was.
pub(super) fn sent_at(new: &NewContact) -> Option<time::Instant> {
    let told = new.history.iter().filter(|fact| fact.step == Step::Sent).map(|fact| fact.occurred_at);
    new.sent_at.into_iter().chain(told).min().map(time::to_micros)
}

/// The membership under which the caller logs: the one he names, the body's that he names, else his only organisation's.
fn member(ctx: &Ctx, input: &Log) -> Result<Member> {
    let acting_as = input.acting_as.as_deref().map(id).transpose().map_err(|error| error.under("actingAs"))?;
    let body: Option<OrganisationId> = input.contact.electoral_body.as_deref().and_then(|raw| raw.parse().ok());
    let fits = |role: Role| role.is_party() || role == Role::Coordinator;
    let parties = || ctx.actor.members().iter().filter(move |member| fits(member.role));
    if let Some(acting_as) = acting_as {
        let named = parties().find(|member| member.id == acting_as);
        return named.cloned().ok_or_else(|| Error::not_found("actingAs"));
    }
    let of_body = parties().find(|member| member.role.is_electoral() && Some(member.organisation) == body);
    let first = parties().next().ok_or_else(|| Error::forbidden("Only a member of an electoral body or a platform logs a contact."))?;
    let several = parties().any(|member| member.organisation != first.organisation);
    match of_body {
        Some(member) => Ok(member.clone()),
        None if several => {
            let path = if body.is_some() { "actingAs" } else { "electoralBodyId" };
            Err(Error::invalid(Reason::Required, path, "You act for several organisations; say for which one."))
        }
        None => Ok(first.clone()),
    }
}

/// The organisation that will own the contact. A body's officer who names another body is answered by the policy.
fn owner(input: &Log, member: &Member) -> Result<OrganisationId> {
    let body = input.contact.electoral_body.as_deref().map(id).transpose().map_err(|error: Error| error.under("electoralBodyId"))?;
    Ok(match member.role {
        // Under a mandate of the body.
        Role::Coordinator => body.ok_or_else(|| Error::invalid(Reason::Required, "electoralBodyId", "Say for which electoral body."))?,
        role if role.is_electoral() => body.unwrap_or(member.organisation),
        _ => member.organisation,
    })
}

/// The contact as it will be kept, before its facts, with what the directory knows of it.
pub(super) async fn assemble(
    uow: &UnitOfWork<'_>,
    (id, side): (ContactId, Side),
    (checked, service): (Checked, Option<&PlatformService>),
    member: &Member,
) -> Result<(Contact, Vec<ContentItem>)> {
    let now = uow.ctx().now;
    let (body, country) = match side {
        Side::Platform => receiving_body(uow, &checked, member).await?,
        Side::Coordinator => mandating_body(uow, &checked).await?,
        Side::ElectoralBody => (member.organisation, member.country),
    };
    if side == Side::Platform && !service.is_some_and(|service| covers(member, service, country)) {
        return Err(Error::forbidden("Your membership does not cover this service in this country."));
    }
    check_named(uow, &checked.header, service, country).await?;
    let mut header = checked.header;
    if header.subject.is_empty() {
        let name = service.map(|service| service.names.best(&[])).or(checked.platform_name.as_deref());
        header.subject = default_subject(header.kind, name.unwrap_or_default());
    }
    let mut contact = Contact {
        id,
        reference: Reference::from_random(country, rand::random()),
        electoral_body: body,
        country,
        platform: service.map(|service| service.platform),
        service: service.map(|service| service.id),
        platform_name: checked.platform_name,
        header,
        visibility: checked.visibility.unwrap_or(Visibility::Organisation),
        visibility_chosen: checked.visibility.is_some(),
        named_readers: Vec::new(),
        shared_at: None,
        read_by_other_at: None,
        life: Lifecycle::of_none(),
        bound: None,
        head: None,
        generated: false,
        backfilled: false,
        recorded_at: now,
        changed_at: now,
        version: 1,
        recorded_by: uow.ctx().actor.user(),
    };
    let (visibility, oneself) = (contact.visibility, contact.recorded_by);
    contact.named_readers = with_oneself(uow, &contact, oneself, visibility, checked.named_readers).await?;
    Ok((contact, checked.items))
}

fn covers(member: &Member, service: &PlatformService, country: Option<text::CountryCode>) -> bool {
    let anywhere = matches!(member.countries, tertulia_domain::policy::Coverage::All);
    service.platform == member.organisation
        && member.services.covers(&service.id)
        && (anywhere || country.is_some_and(|country| member.countries.covers(&country)))
}

/// The body for which the coordinator logs.
async fn mandating_body(uow: &UnitOfWork<'_>, checked: &Checked) -> Result<(OrganisationId, Option<text::CountryCode>)> {
    let missing = || Error::not_found("electoralBodyId");
    let body = checked.electoral_body.ok_or_else(missing)?;
    let found = organisation::find(uow.writer(), body).await?.ok_or_else(missing)?;
    Ok((body, found.country))
}

/// The body to which a platform writes.
async fn receiving_body(uow: &UnitOfWork<'_>, checked: &Checked, member: &Member) -> Result<(OrganisationId, Option<text::CountryCode>)> {
    let missing = || Error::invalid(Reason::Required, "electoralBodyId", "Say to which electoral body you write.");
    let body = checked.electoral_body.ok_or_else(missing)?;
    let found = organisation::find(uow.writer(), body).await?.ok_or_else(|| Error::not_found("electoralBodyId"))?;
    if found.kind != OrganisationKind::ElectoralBody || body == member.organisation {
        return Err(Error::invalid(Reason::NotAnOption, "electoralBodyId", "This organisation is no electoral body."));
    }
    Ok((body, found.country))
}

/// The faults of a history that show without its contact.
pub(super) fn check_history(history: &[NewHistoryFact], now: time::Instant) -> Result<()> {
    let mut faults = Faults::default();
    if history.len() > 50 {
        return Err(Error::invalid(Reason::TooLong, "", "At most 50 steps."));
    }
    for (index, fact) in history.iter().enumerate() {
        let mut check = |name: &str, raw: &Option<String>| {
            if let Some(raw) = raw.as_deref() {
                faults.check(&format!("{index}.{name}"), text::block(raw, text::LONG));
            }
        };
        check("reason", &fact.reason);
        check("note", &fact.note);
        if let Some(raw) = fact.referred_to.as_deref() {
            faults.check(&format!("{index}.referredTo"), text::line(raw, text::SHORT));
        }
        if let Some((reason, message)) = time::fault_of(fact.occurred_at, now) {
            faults.add(reason, &format!("{index}.occurredAt"), message);
        }
        match (fact.step == Step::Decided, &fact.decision) {
            (true, None) => faults.add(Reason::Required, &format!("{index}.decision"), "A decision needs an outcome."),
            (false, Some(_)) => faults.add(Reason::Contradiction, &format!("{index}.decision"), "Only DECIDED comes with a decision."),
            _ => {}
        }
    }
    faults.finish()
}

/// Tells of the sending and of the history, in the order in which it happened.
pub(super) fn tell_history(
    uow: &UnitOfWork<'_>,
    grant: &Grant,
    mut contact: Contact,
    items: &[ContentItem],
    new: &NewContact,
    side: Side,
) -> Result<(Contact, Vec<Chained>)> {
    let own = grant.organisation().ok_or_else(|| Error::broken("a fact needs an organisation"))?;
    let sent = new.sent_at.map(|at| NewHistoryFact {
        step: Step::Sent,
        occurred_at: at,
        precision: new.occurred_precision,
        format: None,
        reason: None,
        note: None,
        referred_to: None,
        decision: None,
    });
    let mut steps: Vec<(Option<usize>, &NewHistoryFact)> = sent.iter().map(|fact| (None, fact)).collect();
    steps.extend(new.history.iter().enumerate().map(|(index, fact)| (Some(index), fact)));
    steps.sort_by_key(|(_, fact)| (fact.occurred_at, fact.step));
    let ids: Vec<_> = items.iter().map(|item| item.id).collect();
    let (mut told, mut chained): (Vec<Fact>, Vec<Chained>) = (Vec::new(), Vec::new());
    for (index, step) in steps {
        let path = index.map_or(String::new(), |index| format!("history.{index}"));
        // A history may also hold the other side's questions, as the sender saw them.
        let is_seen = step.step == Step::Asked && side != Side::Coordinator;
        if !step.step.is_told_by(side, contact.header.direction) && !is_seen {
            return Err(Error::invalid(Reason::NotPermitted, &format!("{path}.step"), "Your side does not tell of this step."));
        }
        let decision = step.decision.as_ref().map(|decision| placed(decision, &ids).check(&ids)).transpose();
        let fact = Told {
            step: step.step,
            side,
            organisation: own,
            occurred_at: time::to_micros(step.occurred_at),
            precision: step.precision.unwrap_or(Precision::Minute),
            format: step.format,
            reason: step.reason.as_deref().map(|raw| text::block(raw, text::LONG)).transpose()?,
            referred_to: step.referred_to.as_deref().map(|raw| text::line(raw, text::SHORT)).transpose()?,
            decision: decision.map_err(|error| error.under(&format!("{path}.decision")))?,
            supersedes: None,
        };
        let note = step.note.as_deref().map(|raw| text::block(raw, text::LONG)).transpose()?;
        let sealed = Sealed { salt: salt(), note, person: grant.user() };
        let new = NewFact { id: uow.app().ids.new_id(), recorded_at: contact.recorded_at, told: fact, sealed };
        let next = chain(&mut contact, new, &told).map_err(|error| error.under(&path))?;
        told.push(next.fact.clone());
        chained.push(next);
    }
    contact.backfilled = !new.history.is_empty();
    let now = contact.recorded_at;
    derive(&mut contact, &told, now);
    Ok((contact, chained))
}

/// The decision with its items named by id instead of by place; a place that there is none stays, and is refused as unknown.
fn placed(decision: &NewDecision, ids: &[ContentItemId]) -> NewDecision {
    let mut placed = decision.clone();
    for item in &mut placed.items {
        if let Some(id) = item.item.parse::<usize>().ok().and_then(|place| ids.get(place)) {
            item.item = id.to_string();
        }
    }
    placed
}
