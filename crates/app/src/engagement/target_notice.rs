//! Tells a body's officers that an answer is due soon, and that its time is over: each moment once, whichever server notes it first.

use tertulia_domain::{
    Result,
    engagement::{
        contact::Contact,
        target::{Deadline, TargetState},
        vocabulary::Visibility,
    },
    id::ContactId,
    policy::{Act, Scope},
    record::event::{Event, Topic},
    time::Instant,
};
use tertulia_persistence::{
    directory::{organisation, platform},
    engagement::{
        contact as contacts, later_notice,
        target_notice::{self, Notice},
    },
    identity::{membership, organisation_lock, user},
};

use super::target_letter::{Told, letter};
use crate::{App, Ctx, UnitOfWork, mail::Mail};

/// Contacts of one round.
const BATCH: u64 = 50;

/// Tells of what is due soon or overdue and was not told of before; says how many there were.
pub async fn note(app: &App, ctx: &Ctx) -> Result<u64> {
    let mut all = 0;
    for notice in [Notice::DueSoon, Notice::Breached] {
        let due = target_notice::due(&app.reader(ctx), notice, ctx.now, BATCH).await?;
        for id in &due {
            tell(app, ctx, *id, notice).await?;
        }
        all += due.len() as u64;
    }
    let later = later_notice::due(&app.reader(ctx), ctx.now, BATCH).await?;
    for (id, notice) in &later {
        tell_later(app, ctx, *id, *notice).await?;
    }
    Ok(all + later.len() as u64)
}

/// Tells of the next response. The letters, the note that they were sent and the event in one transaction: none is sent twice, none is
/// forgotten. The contact is held and looked at anew, so that nobody is told of what was answered meanwhile.
async fn tell(app: &App, ctx: &Ctx, id: ContactId, notice: Notice) -> Result<()> {
    let state = match notice {
        Notice::DueSoon => TargetState::DueSoon,
        Notice::Breached => TargetState::Missed,
    };
    let uow = app.begin(ctx).await?;
    let Some(contact) = contacts::hold(uow.writer(), &ctx.contacts(), id).await? else { return Ok(()) };
    let course = contact.bound.as_ref().and_then(|bound| bound.course);
    let Some((course, due_at)) = course.and_then(|course| Some((course, course.due_at?))) else { return Ok(()) };
    if course.state(ctx.now) != state || course.settled_at.is_some() {
        return Ok(());
    }
    if notice == Notice::Breached
        && let Some(decision) = decision_after(&contact)
    {
        later_notice::plan(uow.writer(), (id, Notice::DueSoon), decision.soon_at).await?;
        later_notice::plan(uow.writer(), (id, Notice::Breached), decision.due_at).await?;
    }
    send(uow, &contact, notice, due_at).await
}

/// Tells of the decision, where even the first response is still awaited and officers were told of that.
async fn tell_later(app: &App, ctx: &Ctx, id: ContactId, notice: Notice) -> Result<()> {
    let uow = app.begin(ctx).await?;
    let contact = contacts::hold(uow.writer(), &ctx.contacts(), id).await?;
    later_notice::forget(uow.writer(), (id, notice)).await?;
    let Some((contact, decision)) = contact.and_then(|contact| decision_after(&contact).map(|decision| (contact, decision))) else {
        return uow.commit_progress().await;
    };
    // A server that was away tells once that the time is over, and not before that it would be.
    let is_now = match notice {
        Notice::DueSoon => decision.soon_at <= ctx.now && ctx.now < decision.due_at,
        Notice::Breached => decision.due_at <= ctx.now,
    };
    if is_now { send(uow, &contact, notice, decision.due_at).await } else { uow.commit_progress().await }
}

fn decision_after(contact: &Contact) -> Option<Deadline> {
    contact.bound.as_ref()?.decision_after(contact.life.sent_at?)
}

async fn send(uow: UnitOfWork<'_>, contact: &Contact, notice: Notice, due_at: Instant) -> Result<()> {
    let (act, topic) = match notice {
        Notice::DueSoon => (Act::ContactRemind, Topic::ContactReminded),
        Notice::Breached => (Act::ContactBreach, Topic::ContactBreached),
    };
    // A lock that began since leaves nobody who could be told; it is told after it.
    if !organisation_lock::find_many(uow.writer(), &[contact.electoral_body]).await?.is_empty() {
        return Ok(());
    }
    let grant = uow.ctx().allow(act, &Scope::default())?;
    if !target_notice::claim(uow.writer(), uow.app().ids.uuid(), (contact.id, due_at), notice, uow.ctx().now).await? {
        // It was told before: what led here is not to lead here again.
        return uow.commit_progress().await;
    }
    // What was overdue when it was entered is no news to who entered it.
    if due_at > contact.recorded_at {
        uow.mail(letters(&uow, contact, notice, due_at).await?).await?;
    }
    uow.commit(grant, [Event::new(topic, contact.id.any())]).await
}

/// A letter to each officer of the body who reads the contact.
async fn letters(uow: &UnitOfWork<'_>, contact: &Contact, notice: Notice, due_at: Instant) -> Result<Vec<Mail>> {
    let body = organisation::find(uow.writer(), contact.electoral_body).await?;
    let service = match contact.service {
        Some(id) => platform::find(uow.writer(), id).await?,
        None => None,
    };
    let mut readers = membership::acting_for(uow.writer(), contact.electoral_body).await?;
    if contact.visibility == Visibility::Named {
        readers.retain(|reader| contact.named_readers.contains(reader));
    }
    let readers = user::find_many(uow.writer(), &readers).await?;
    let told = Told { reference: contact.reference.as_str(), service: service.as_ref(), body: body.as_ref(), due_at };
    let (subject, body) = letter(notice, &told);
    Ok(readers.into_iter().map(|reader| Mail { to: reader.email, subject: subject.clone(), body: body.clone() }).collect())
}
