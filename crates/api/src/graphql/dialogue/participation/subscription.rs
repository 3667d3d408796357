//! Changes of participations as they come.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, SimpleObject, Subscription};
use futures::stream::{Stream, StreamExt};
use tertulia_app::{App, Ctx, dialogue::participation, record};
use tertulia_domain::{
    Result,
    id::{MeetingId, read},
    policy::Act,
    record::event::{RecordedEvent, Topic},
};

use super::object::Participation;
use crate::graphql::{Resolving, scalar::DateTime};

/// Subscriptions of participations.
#[derive(Default)]
pub struct RegistrationSubscription;

#[Subscription]
impl RegistrationSubscription {
    /// Changes of participations, as they are committed: of your own, of those of an organisation that you administer, of
    /// invitations that you may answer for your organisation, and of all in meetings that you organise. Your rights are looked at
    /// anew for each change. Keep the last `cursor`: after a break, `after` brings what you missed, in order.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (about oneself, or of a convener), ELECTORAL_BODY_ADMINISTRATOR (of the same
    /// organisation, or of a convener), PLATFORM_REPRESENTATIVE (about oneself, or of a convener), PLATFORM_ADMINISTRATOR (of the
    /// same organisation, or of a convener), EXPERT (about oneself, or of a convener).
    async fn registration_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this meeting.")] meeting_id: Option<ID>,
        #[graphql(desc = "The cursor of the last change that you have; without it, changes from now on.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<RegistrationChange>> + use<>> {
        let (app, caller): (Arc<App>, Arc<Ctx>) = (Arc::clone(ctx.data_unchecked()), Arc::clone(ctx.data_unchecked()));
        ctx.caller().may(Act::MeetingRegister)?;
        let meeting = meeting_id.map(|raw| read(&raw)).transpose().map_err(|error| error.under("meetingId"))?;
        let after = after.as_deref().map(|after| app.cursors.place(after)).transpose()?;
        let events = record::resume(&app, &caller, after).await?;
        Ok(events.filter_map(move |event| {
            let (app, caller) = (Arc::clone(&app), Arc::clone(&caller));
            async move { change(&app, &caller, meeting, event).await.transpose() }
        }))
    }
}

/// What of an event this reader may have: nothing, if it is of another kind, of a participation that is none of his business, or of
/// another meeting.
async fn change(
    app: &App,
    caller: &Ctx,
    meeting: Option<MeetingId>,
    event: Result<Arc<RecordedEvent>>,
) -> Result<Option<RegistrationChange>> {
    let event = event?;
    let (Some(act), Some(id)) = (RegistrationChangeAct::of(event.topic), event.object.typed()) else { return Ok(None) };
    let read = || async move {
        let now = Ctx { now: app.clock.now(), ..caller.clone() };
        participation::matching(app, &now, id).await
    };
    let found = record::patiently(read).await?.filter(|found| meeting.is_none_or(|wanted| found.meeting == wanted));
    let Some(participation) = found.map(Participation::from) else { return Ok(None) };
    Ok(Some(RegistrationChange { cursor: app.cursors.of(&event)?, act, at: DateTime(event.at), participation }))
}

/// The act that changed a participation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql::dialogue) enum RegistrationChangeAct {
    /// The organisation or the person was invited.
    Invite,
    /// The invitation or the offered seat was answered.
    Respond,
    /// The person was registered.
    Register,
    /// The organisers decided.
    Decide,
    /// It was taken back.
    Withdraw,
    /// A free seat was offered.
    Offer,
    /// The offered seat was not taken in time.
    Lapse,
    /// It was recorded whether the person came.
    Attend,
    /// The meeting came to fall into the days around an election of the organisation's country: see its `electionConflicts`.
    Conflict,
}

impl RegistrationChangeAct {
    /// The act behind an event; `None` for events of anything else.
    fn of(topic: Topic) -> Option<Self> {
        match topic {
            Topic::MeetingInvited => Some(Self::Invite),
            Topic::InvitationResponded => Some(Self::Respond),
            Topic::MeetingRegistered => Some(Self::Register),
            Topic::RegistrationDecided => Some(Self::Decide),
            Topic::RegistrationWithdrawn => Some(Self::Withdraw),
            Topic::RegistrationOffered => Some(Self::Offer),
            Topic::RegistrationLapsed => Some(Self::Lapse),
            Topic::AttendanceRecorded => Some(Self::Attend),
            Topic::MeetingConflicted => Some(Self::Conflict),
            _ => None,
        }
    }
}

/// A change of a participation, and the participation as it stands now.
#[derive(SimpleObject)]
pub(in crate::graphql::dialogue) struct RegistrationChange {
    /// Where this change stands among all, for `after`. Opaque.
    cursor: String,
    /// What changed it.
    act: RegistrationChangeAct,
    /// When it was committed.
    at: DateTime,
    /// The participation as it stands now, which may be some changes further on.
    participation: Participation,
}
