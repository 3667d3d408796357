//! Changes of meetings as they come.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, SimpleObject, Subscription};
use futures::stream::{Stream, StreamExt};
use tertulia_app::{
    App, Ctx,
    dialogue::{meeting, minutes},
    record,
};
use tertulia_domain::{
    Result,
    id::{DialogueId, read},
    policy::Act,
    record::event::{RecordedEvent, Topic},
};

use super::meeting::Meeting;
use crate::graphql::{Resolving, scalar::DateTime};

/// Subscriptions of meetings.
#[derive(Default)]
pub struct MeetingSubscription;

#[Subscription]
impl MeetingSubscription {
    /// Changes of the meetings that you may read, as they are committed. Your rights are looked at anew for each change, so what
    /// comes is what you could read at that moment. A change of a series brings one change for each of its meetings that it
    /// moved, called off or touched. Keep the last `cursor`: after a break, `after` brings what you missed, in order.
    /// Who: anyone signed in.
    async fn meeting_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only meetings of this dialogue.")] dialogue_id: Option<ID>,
        #[graphql(desc = "The cursor of the last change that you have; without it, changes from now on.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<MeetingChange>> + use<>> {
        let (app, caller): (Arc<App>, Arc<Ctx>) = (Arc::clone(ctx.data_unchecked()), Arc::clone(ctx.data_unchecked()));
        ctx.caller().may(Act::MeetingFollow)?;
        let dialogue = dialogue_id.map(|raw| read(&raw)).transpose().map_err(|error| error.under("dialogueId"))?;
        let after = after.as_deref().map(|after| app.cursors.place(after)).transpose()?;
        let events = record::resume(&app, &caller, after).await?;
        Ok(events.filter_map(move |event| {
            let (app, caller) = (Arc::clone(&app), Arc::clone(&caller));
            async move { change(&app, &caller, dialogue, event).await.transpose() }
        }))
    }
}

/// What of an event this reader may have: nothing, if it is of another kind, of a meeting that he may not read, or of another
/// dialogue.
async fn change(app: &App, caller: &Ctx, dialogue: Option<DialogueId>, event: Result<Arc<RecordedEvent>>) -> Result<Option<MeetingChange>> {
    let event = event?;
    let Some(kind) = MeetingChangeKind::of(event.topic) else { return Ok(None) };
    let (object, topic) = (event.object, event.topic);
    let read = || async move {
        let now = Ctx { now: app.clock.now(), ..caller.clone() };
        let id = match (kind, object.typed()) {
            (MeetingChangeKind::Minutes, Some(id)) => {
                let seen = minutes::by_ids(app, &now, &[id]).await?.pop();
                // What is circulated is not for who reads a summary once it is adopted, however late the event comes to him.
                seen.filter(|seen| seen.whole || topic != Topic::MinutesCirculated).map(|seen| seen.minutes.meeting)
            }
            _ => object.typed(),
        };
        let Some(id) = id else { return Ok(None) };
        meeting::get(app, &now, id).await
    };
    let found = record::patiently(read).await?.filter(|found| dialogue.is_none_or(|wanted| found.dialogue == wanted));
    let Some(meeting) = found.map(Meeting::from) else { return Ok(None) };
    Ok(Some(MeetingChange { cursor: app.cursors.of(&event)?, kind, at: DateTime(event.at), meeting }))
}

/// What happened to a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum MeetingChangeKind {
    /// It was moved.
    Rescheduled,
    /// It was called off.
    Cancelled,
    /// Its place or link was changed.
    Relocated,
    /// It was added to its dialogue, besides the meetings of the rule.
    Added,
    /// A poll about its slot was opened, or ended without a choice: see its `status`.
    Polled,
    /// It came to fall into the days around an election: see `electionConflicts`.
    Conflicted,
    /// Its dialogue was changed, and it with it.
    Updated,
    /// It has no date that holds: it was put off, or its dialogue is paused.
    Postponed,
    /// It is on again, since its dialogue goes on.
    Resumed,
    /// It has begun.
    Started,
    /// It took place.
    Held,
    /// Its seats were set.
    CapacitySet,
    /// How people come to take part was set.
    RegistrationSet,
    /// The rules of its time zone changed: it keeps its wall time and begins at another instant.
    Rederived,
    /// A language of its interpretation was offered, or confirmed or not.
    Interpretation,
    /// Its minutes were circulated, adopted or amended, and you may read them.
    Minutes,
}

impl MeetingChangeKind {
    /// What an event says of a meeting; `None` for events of anything else.
    fn of(topic: Topic) -> Option<Self> {
        match topic {
            Topic::MeetingRescheduled => Some(Self::Rescheduled),
            Topic::MeetingCancelled => Some(Self::Cancelled),
            Topic::MeetingRelocated => Some(Self::Relocated),
            Topic::MeetingUpdated => Some(Self::Updated),
            Topic::MeetingPostponed => Some(Self::Postponed),
            Topic::MeetingResumed => Some(Self::Resumed),
            Topic::MeetingStarted => Some(Self::Started),
            Topic::MeetingHeld => Some(Self::Held),
            Topic::MeetingCapacitySet => Some(Self::CapacitySet),
            Topic::MeetingRegistrationSet => Some(Self::RegistrationSet),
            Topic::MeetingRederived => Some(Self::Rederived),
            Topic::MeetingAdded => Some(Self::Added),
            Topic::MeetingPolled => Some(Self::Polled),
            Topic::MeetingConflicted => Some(Self::Conflicted),
            Topic::InterpretationOffered | Topic::InterpretationConfirmed => Some(Self::Interpretation),
            // Drafts are of nobody's concern but who writes them.
            Topic::MinutesCirculated | Topic::MinutesAdopted | Topic::MinutesAmended => Some(Self::Minutes),
            _ => None,
        }
    }
}

/// A change of a meeting, and the meeting as it stands now.
#[derive(SimpleObject)]
pub(super) struct MeetingChange {
    /// Where this change stands among all, for `after`. Opaque.
    cursor: String,
    /// What happened.
    kind: MeetingChangeKind,
    /// When it was committed.
    at: DateTime,
    /// The meeting as it stands now, which may be some changes further on.
    meeting: Meeting,
}
