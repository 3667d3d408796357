//! Tells a body's officers that an answer is due soon, and that its time is over: each moment once, whichever server notes it first.

use tertulia_domain::{
    Result,
    engagement::{contact::Contact, target::TargetState, vocabulary::Visibility},
    id::ContactId,
    policy::{Act, Scope},
    record::event::{Event, Topic},
    time::Instant,
};
use tertulia_persistence::{
    directory::{organisation, platform},
    engagement::{
        contact as contacts,
        target_notice::{self, Notice},
    },
    identity::{membership, user},
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
    Ok(all)
}

/// The letters, the note that they were sent and the event in one transaction: none is sent twice, none is forgotten. The contact is held and
/// looked at anew, so that nobody is told of what was answered meanwhile.
async fn tell(app: &App, ctx: &Ctx, id: ContactId, notice: Notice) -> Result<()> {
    let (act, topic, state) = match notice {
        Notice::DueSoon => (Act::ContactRemind, Topic::ContactReminded, TargetState::DueSoon),
        Notice::Breached => (Act::ContactBreach, Topic::ContactBreached, TargetState::Missed),
    };
    let grant = ctx.allow(act, &Scope::default())?;
    let uow = app.begin(ctx).await?;
    let Some(contact) = contacts::hold(uow.writer(), &ctx.contacts(), id).await? else { return Ok(()) };
    let course = contact.bound.as_ref().and_then(|bound| bound.course);
    let Some((course, due_at)) = course.and_then(|course| Some((course, course.due_at?))) else { return Ok(()) };
    if course.state(ctx.now) != state || course.settled_at.is_some() {
        return Ok(());
    }
    if !target_notice::claim(uow.writer(), app.ids.uuid(), (id, due_at), notice, ctx.now).await? {
        return Ok(());
    }
    // What was overdue when it was entered is no news to who entered it.
    if due_at > contact.recorded_at {
        uow.mail(letters(&uow, &contact, notice, due_at).await?).await?;
    }
    uow.commit(grant, [Event::new(topic, id.any())]).await
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
