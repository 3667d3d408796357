//! Changes of contacts as they come.

use std::sync::Arc;

use async_graphql::{Context, Enum, SimpleObject, Subscription};
use futures::stream::{Stream, StreamExt};
use tertulia_app::{App, Ctx, engagement::contact, record};
use tertulia_domain::{
    Result,
    engagement::filter::ContactFilter as Filter,
    policy::Act,
    record::event::{RecordedEvent, Topic},
};

use super::{at_hand::Contact, input::ContactFilter};
use crate::graphql::{Resolving, scalar::DateTime};

/// Subscriptions of the contact log.
#[derive(Default)]
pub struct ContactSubscription;

#[Subscription]
impl ContactSubscription {
    /// Changes of the contacts that you may read, as they are committed. Your rights and the filter are looked at anew for each
    /// change, so what comes is what you could read at that moment. Keep the last `cursor`: after a break, `after` brings what
    /// you missed, in order. Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of either party),
    /// ELECTORAL_BODY_ADMINISTRATOR (of either party), PLATFORM_REPRESENTATIVE (of either party), PLATFORM_ADMINISTRATOR (of
    /// either party).
    async fn contact_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only changes of contacts that match this, as they stand after the change.")] filter: Option<ContactFilter>,
        #[graphql(desc = "The cursor of the last change that you have; without it, changes from now on.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<ContactChange>> + use<>> {
        let (app, caller): (Arc<App>, Arc<Ctx>) = (Arc::clone(ctx.data_unchecked()), Arc::clone(ctx.data_unchecked()));
        ctx.caller().may(Act::ContactRead)?;
        let filter = filter.unwrap_or_default().check().map_err(|error| error.under("filter"))?;
        let after = after.as_deref().map(|after| app.cursors.place(after)).transpose()?;
        let events = record::resume(&app, &caller, after).await?;
        Ok(events.filter_map(move |event| {
            let (app, caller, filter) = (Arc::clone(&app), Arc::clone(&caller), filter.clone());
            async move { change(&app, &caller, &filter, event).await.transpose() }
        }))
    }
}

/// What of an event this reader may have: nothing, if it is of another kind, of a contact that he may not read, or outside
/// his filter.
async fn change(app: &App, caller: &Ctx, filter: &Filter, event: Result<Arc<RecordedEvent>>) -> Result<Option<ContactChange>> {
    let event = event?;
    let (Some(act), Some(id)) = (ContactChangeAct::of(event.topic), event.object.typed()) else { return Ok(None) };
    let read = || async move {
        let now = Ctx { now: app.clock.now(), ..caller.clone() };
        contact::matching(app, &now, filter, &[id]).await
    };
    let found = record::patiently(read).await?.pop().filter(|found| contact::is_told(caller, found, event.at));
    let Some(contact) = found.map(Contact::from) else { return Ok(None) };
    Ok(Some(ContactChange { cursor: app.cursors.of(&event)?, act, at: DateTime(event.at), contact }))
}

/// The act that changed a contact; the mutation is the same word after `contact`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ContactChangeAct {
    /// It was logged.
    Log,
    /// It was sent.
    Send,
    /// It was opened to more readers.
    Share,
    /// Receipt was confirmed.
    Acknowledge,
    /// What was decided was told.
    Decide,
    /// The receiver asked something.
    Ask,
    /// The sender answered.
    Reply,
    /// The decision was appealed against.
    Dispute,
    /// It was closed.
    Close,
    /// It was opened again.
    Reopen,
    /// It was taken back.
    Withdraw,
    /// The draft was dropped.
    Discard,
    /// The draft was passed to somebody else.
    Refer,
    /// A fact was corrected.
    Correct,
    /// Somebody wrote to the other side.
    Comment,
    /// A file was attached.
    Attach,
    /// An attachment was taken back.
    Detach,
    /// The service that a name means was said.
    ResolvePlatform,
    /// Nothing was done: the server noted that the answer is due soon.
    Remind,
    /// Nothing was done: the server noted that the time to answer is over.
    Breach,
}

impl ContactChangeAct {
    /// The act behind an event; `None` for events that change nothing that readers see.
    fn of(topic: Topic) -> Option<Self> {
        match topic {
            Topic::ContactLogged => Some(Self::Log),
            Topic::ContactSent => Some(Self::Send),
            Topic::ContactShared => Some(Self::Share),
            Topic::ContactAcknowledged => Some(Self::Acknowledge),
            Topic::ContactDecided => Some(Self::Decide),
            Topic::ContactAsked => Some(Self::Ask),
            Topic::ContactReplied => Some(Self::Reply),
            Topic::ContactDisputed => Some(Self::Dispute),
            Topic::ContactClosed => Some(Self::Close),
            Topic::ContactReopened => Some(Self::Reopen),
            Topic::ContactWithdrawn => Some(Self::Withdraw),
            Topic::ContactDiscarded => Some(Self::Discard),
            Topic::ContactReferred => Some(Self::Refer),
            Topic::ContactCorrected => Some(Self::Correct),
            Topic::ContactCommented => Some(Self::Comment),
            Topic::ContactAttached => Some(Self::Attach),
            Topic::ContactDetached => Some(Self::Detach),
            Topic::ContactPlatformResolved => Some(Self::ResolvePlatform),
            Topic::ContactReminded => Some(Self::Remind),
            Topic::ContactBreached => Some(Self::Breach),
            _ => None,
        }
    }
}

/// A change of a contact, and the contact as it stands now.
#[derive(SimpleObject)]
pub struct ContactChange {
    /// Where this change stands among all, for `after`. Opaque.
    cursor: String,
    /// What changed it.
    act: ContactChangeAct,
    /// When it was committed.
    at: DateTime,
    /// The contact as it stands now, which may be some changes further on.
    contact: Contact,
}
