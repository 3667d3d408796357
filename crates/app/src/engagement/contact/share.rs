//! Lets more people read a contact, or fewer as long as the other side has not read it.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    engagement::{contact::Contact, new_contact::check_readers, vocabulary::Visibility},
    id::{Id, UserId},
    policy::Act,
    record::event::Topic,
};
use tertulia_persistence::engagement::{lost_sight, party};
use uuid::Uuid;

use super::telling::{self, Open, Opened, Telling, open};
use crate::{App, Ctx};

/// Setting who reads a contact.
#[derive(Clone, Debug, Serialize)]
pub struct Share {
    /// What every act says.
    pub telling: Telling,
    /// Who reads it from now on.
    pub visibility: Visibility,
    /// The persons who read it, if that is NAMED.
    pub named_readers: Vec<String>,
}

/// Sets who reads a contact. The sender's act; narrowing is refused once the other side has read it.
pub async fn share(app: &App, ctx: &Ctx, input: Share) -> Result<Contact> {
    ctx.may(Act::ContactShare)?;
    let mut faults = Faults::default();
    let words = faults.check("", input.telling.check(ctx.now, false, &input));
    let readers = faults.check("namedReaders", check_readers(&input.named_readers, Some(input.visibility))).unwrap_or_default();
    let words = faults.finish_with(words)?;
    match open(app, ctx, Act::ContactShare, words, input.telling.version).await? {
        Opened::Before(contact) => Ok(*contact),
        Opened::Now(mut open) => {
            set_readers(&mut open, input.visibility, readers).await?;
            telling::share(&mut open.contact, ctx.now);
            open.keep_changed(Topic::ContactShared, vec!["visibility", "namedReaders"]).await
        }
    }
}

/// Changes who reads the contact, and notes who loses sight of it.
pub(super) async fn set_readers(open: &mut Open<'_>, visibility: Visibility, readers: Vec<UserId>) -> Result<()> {
    let readers = with_oneself(&open.uow, &open.contact, open.grant.user(), visibility, readers).await?;
    let before = (open.contact.visibility, open.contact.named_readers.clone());
    let dropped: Vec<UserId> = before.1.iter().filter(|reader| !readers.contains(reader)).copied().collect();
    let narrows = before.0 == Visibility::Parties && visibility != Visibility::Parties
        || before.0 == Visibility::Named
            && (visibility == Visibility::Organisation || visibility == Visibility::Named && !dropped.is_empty());
    if narrows && open.contact.read_by_other_at.is_some() {
        let message = "The other side has read this contact; it cannot be narrowed any more.";
        return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "visibility", message));
    }
    let contact = &mut open.contact;
    (contact.visibility, contact.visibility_chosen, contact.named_readers) = (visibility, true, readers);
    let lost = losing(contact, before.0, &dropped);
    let rows: Vec<(Uuid, Uuid)> = lost.into_iter().map(|reader| (open.uow.app().ids.uuid(), reader)).collect();
    lost_sight::insert(open.uow.writer(), open.contact.id, &rows, open.uow.ctx().now).await
}

/// Whom the change takes the contact out of sight of; who sees it still is told apart when he asks.
fn losing(contact: &Contact, before: Visibility, dropped: &[UserId]) -> Vec<Uuid> {
    let mut lost: Vec<Uuid> = dropped.iter().map(|reader| reader.uuid()).collect();
    // What was not sent yet was before nobody but its sender.
    if before == Visibility::Parties && contact.visibility != Visibility::Parties && contact.shared_at.is_some() {
        lost.extend(contact.receiver().map(Id::uuid));
        lost.push(lost_sight::COORDINATOR);
    }
    if before != Visibility::Named && contact.visibility == Visibility::Named {
        lost.extend(contact.sender().map(Id::uuid));
    }
    lost
}

/// The persons named, each a member of one of the parties, and the caller, who does not shut himself out.
pub(super) async fn with_oneself(
    uow: &crate::UnitOfWork<'_>,
    contact: &Contact,
    oneself: Option<UserId>,
    visibility: Visibility,
    mut readers: Vec<UserId>,
) -> Result<Vec<UserId>> {
    if visibility != Visibility::Named {
        return Ok(Vec::new());
    }
    let parties: Vec<_> = contact.sender().into_iter().chain(contact.receiver()).collect();
    let known = party::members_among(uow.writer(), &readers, &parties).await?;
    let mut faults = Faults::default();
    for (index, _) in readers.iter().enumerate().filter(|(_, reader)| !known.contains(reader)) {
        faults.add(Reason::UnknownId, &format!("namedReaders.{index}"), "No member of either side has this id.");
    }
    faults.finish()?;
    readers.extend(oneself);
    readers.sort_unstable();
    readers.dedup();
    Ok(readers)
}
