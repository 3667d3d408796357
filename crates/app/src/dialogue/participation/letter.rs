//! Letters about participations: to the person, or to everybody of an organisation that has not named who comes. They lie with the
//! mail on its way in the transaction of the act, one for each step.
//!
//! Who takes part has the meeting in his calendar, so that letters bring it when he is invited or gets a seat, and take it out when
//! he takes part no longer; from the calendar of who belongs to a party it is not taken, since the series stands there.

use std::collections::BTreeSet;

use tertulia_domain::{
    Result,
    dialogue::{Participation, ParticipationStatus},
    id::{ParticipationId, UserId},
};
use tertulia_persistence::dialogue::{
    calendar_letter,
    guest::{self, Guest},
};

use super::{
    seating::Room,
    words::{News, mail},
};
use crate::{
    dialogue::{
        attendee::partstat,
        calendar_letter::{Habits, entry},
        guest_letter::{event, members, title},
    },
    mail::Letter,
};

/// A step of a participation that somebody is written to about.
#[derive(Debug)]
pub(super) struct Step {
    news: News,
    one: Participation,
    /// Whether the meeting stood in the person's calendar before.
    was_awaited: bool,
}

impl Step {
    /// The step from what was to what is, if it is one of those.
    pub(super) fn of(former: Option<&Participation>, one: &Participation, actor: Option<UserId>) -> Option<Self> {
        use ParticipationStatus as S;
        let was = former.map(|former| former.status);
        let was_awaited = former.is_some_and(|former| former.person.is_some() && former.status.is_awaited());
        let news = match one.status {
            S::Invited if was == Some(S::Invited) => return None,
            S::Invited if one.person.is_none() => News::Asked,
            S::Invited => News::Invited,
            S::Offered if was != Some(S::Offered) => News::Offered,
            S::Lapsed => News::Lapsed,
            S::Approved if was == Some(S::Requested) => News::Admitted,
            S::Waitlisted if was == Some(S::Requested) || was_awaited => News::Queued,
            S::Rejected if was == Some(S::Requested) => News::Refused,
            S::Accepted | S::Tentative if !was_awaited => News::Seated,
            S::Withdrawn | S::Declined | S::Delegated if was_awaited => News::Gone { by_others: actor != one.person },
            _ => return None,
        };
        Some(Self { news, one: one.clone(), was_awaited })
    }

    /// Whether the meeting comes into the person's calendar.
    fn brings(&self) -> bool {
        matches!(self.news, News::Invited | News::Admitted | News::Seated)
    }

    /// Whether it goes.
    fn takes_out(&self) -> bool {
        matches!(self.news, News::Gone { .. } | News::Queued) && self.was_awaited
    }
}

/// Writes to whom the steps concern.
pub(super) async fn send(room: &Room<'_>, steps: &[Step]) -> Result<()> {
    if steps.is_empty() {
        return Ok(());
    }
    let uow = &room.uow;
    let ids = |is_named: bool| -> Vec<ParticipationId> {
        steps.iter().filter(|step| step.one.person.is_some() == is_named).map(|step| step.one.id).collect()
    };
    let (named, unnamed) = (ids(true), ids(false));
    let mut guests = if named.is_empty() { Vec::new() } else { guest::of_persons(uow.writer(), &named).await? };
    if !unnamed.is_empty() {
        guests.extend(guest::of_members(uow.writer(), &unnamed).await?);
    }
    let members = if steps.iter().any(Step::takes_out) { members(uow, &room.dialogue, None).await? } else { BTreeSet::new() };
    let recipients: Vec<_> = guests.iter().map(|one| one.to.clone()).collect();
    let habits = Habits::of(uow, &recipients).await?;
    let (mut letters, mut told) = (Vec::new(), Vec::new());
    for step in steps {
        for guest in guests.iter().filter(|guest| guest.participation == step.one.id) {
            if let Some(letter) = letter(room, step, guest, (&habits, &members))? {
                letters.push(letter);
                told.push((step.one.id.any(), step.one.version, guest.to.user));
            }
        }
    }
    calendar_letter::note(uow.writer(), &told, uow.ctx().now, || uow.app().ids.uuid()).await?;
    uow.mail(letters).await
}

fn letter(room: &Room<'_>, step: &Step, guest: &Guest, (habits, members): (&Habits, &BTreeSet<UserId>)) -> Result<Option<Letter>> {
    let (language, zone) = habits.of_organisation(guest.to.organisation);
    let (dialogue, meeting) = (&room.dialogue, &room.meeting);
    let is_member = members.contains(&guest.to.user);
    let with_entry = (step.brings() && !meeting.status.is_off()) || (step.takes_out() && !is_member);
    // Where the meeting is off there is no seat to have missed.
    if step.news == News::Lapsed && meeting.status.is_off() {
        return Ok(None);
    }
    // Who went by himself knows so; what is left to do is his calendar.
    if step.news == (News::Gone { by_others: false }) && !with_entry {
        return Ok(None);
    }
    let zone = zone.unwrap_or(meeting.zone);
    let title = title(dialogue, meeting, &language);
    let mail = mail(guest.to.email.clone(), &language, (step.news, with_entry), (title, meeting, zone, step.one.offered_until));
    if !with_entry {
        return Ok(Some(mail.into()));
    }
    let has_link = dialogue.parties().any(|party| party == guest.to.organisation) || step.one.status.comes();
    let event = event(dialogue, meeting, has_link, &language)?;
    let partstat = partstat(step.one.status).unwrap_or("DECLINED");
    Ok(Some(Letter { mail, entry: Some(entry(&room.uow, event, (&guest.to.email, partstat), step.takes_out())?) }))
}
