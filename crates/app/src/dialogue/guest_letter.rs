//! Letters to those who take part in one meeting without belonging to a party of its dialogue: that it is moved, held elsewhere,
//! named otherwise, put off or called off. Who belongs to a party is told of the whole series (`calendar_letter`).
//!
//! A change of the series can give a meeting another name in calendars; then the entry under the former name is taken out.

use std::collections::{BTreeSet, HashMap};

use icalendar::{Component, Event};
use tertulia_domain::{
    Result,
    dialogue::{Dialogue, Meeting, Venue},
    id::{MeetingId, OrganisationId, UserId},
    text::{LanguageTag, LocalizedText, WebUrl},
};
use tertulia_persistence::dialogue::{
    calendar_letter::{self, Told},
    guest::{self, Guest},
    meeting,
};

use super::{
    attendee::{Attendees, partstat},
    calendar::{Series, Zones, of_one},
    calendar_letter::{Habits, entry},
    calendar_words::{Said, body, subject},
};
use crate::{
    UnitOfWork,
    mail::{Letter, Mail},
};

/// Tells of changed meetings, each as it was and is. Where the series changed too, others of its meetings may have another name.
pub(super) async fn of_change(
    uow: &UnitOfWork<'_>,
    before: &Dialogue,
    after: Option<&Dialogue>,
    changed: &[(Meeting, Meeting)],
) -> Result<()> {
    let ids: Vec<MeetingId> = changed.iter().map(|(was, _)| was.id).collect();
    let mut guests = match after {
        Some(after) => guest::awaited_after(uow.writer(), after.id, uow.ctx().now).await?,
        None => guest::awaited(uow.writer(), &ids).await?,
    };
    if guests.is_empty() {
        return Ok(());
    }
    let mut pairs = changed.to_vec();
    if let Some(after) = after {
        let all = meeting::for_calendar(uow.writer(), &uow.ctx().dialogues(), &[after.id]).await?;
        pairs.extend(all.into_iter().filter(|one| !ids.contains(&one.id)).map(|one| (one.clone(), one)));
    }
    let members = members(uow, before, after).await?;
    guests.retain(|one| !members.contains(&one.to.user));
    let told = write(uow, (before, after.unwrap_or(before)), &pairs, &guests).await?;
    calendar_letter::note(uow.writer(), &told, uow.ctx().now, || uow.app().ids.uuid()).await
}

/// Who belongs to a party, and so is told of the series.
pub(super) async fn members(uow: &UnitOfWork<'_>, before: &Dialogue, after: Option<&Dialogue>) -> Result<BTreeSet<UserId>> {
    let parties: BTreeSet<OrganisationId> = before.parties().chain(after.into_iter().flat_map(Dialogue::parties)).collect();
    let parties: Vec<OrganisationId> = parties.into_iter().collect();
    Ok(calendar_letter::recipients(uow.writer(), &parties).await?.into_iter().map(|one| one.user).collect())
}

async fn write(
    uow: &UnitOfWork<'_>,
    (before, after): (&Dialogue, &Dialogue),
    pairs: &[(Meeting, Meeting)],
    guests: &[Guest],
) -> Result<Vec<Told>> {
    let recipients: Vec<_> = guests.iter().map(|one| one.to.clone()).collect();
    let habits = Habits::of(uow, &recipients).await?;
    let mut of: HashMap<MeetingId, Vec<&Guest>> = HashMap::new();
    for one in guests {
        of.entry(one.meeting).or_default().push(one);
    }
    let (mut letters, mut told) = (Vec::new(), Vec::new());
    for (was, is) in pairs {
        let Some(guests) = of.get(&is.id) else { continue };
        let changes = changes((before, was), (after, is))?;
        for guest in guests {
            for (said, dialogue) in &changes {
                letters.push(letter(uow, &habits, guest, *said, dialogue, is)?);
            }
            if !changes.is_empty() && is.sequence != was.sequence {
                told.push((is.id.any(), is.sequence, guest.to.user));
            }
        }
    }
    uow.mail(letters).await?;
    Ok(told)
}

/// What is to be said of a meeting, each with the series under whose names its entry stands.
fn changes<'a>((before, was): (&'a Dialogue, &Meeting), (after, is): (&'a Dialogue, &Meeting)) -> Result<Vec<(Said, &'a Dialogue)>> {
    let cancelled = (Said::Cancelled, before);
    if was.status.is_off() || is.status.is_off() {
        let change = if is.status.is_off() { cancelled } else { (Said::Changed, after) };
        return Ok(if was.status.is_off() && is.status.is_off() { Vec::new() } else { vec![change] });
    }
    if name(before, was)? != name(after, is)? {
        return Ok(vec![cancelled, (Said::Changed, after)]);
    }
    let is_same = is.sequence == was.sequence && shown((before, was)) == shown((after, is));
    Ok(if is_same { Vec::new() } else { vec![(Said::Changed, after)] })
}

/// What a series says of a meeting in calendars, besides its date.
fn shown<'a>((dialogue, meeting): (&'a Dialogue, &'a Meeting)) -> (&'a LocalizedText, Option<&'a str>, Option<Venue>, Option<WebUrl>) {
    let title = meeting.title.as_ref().unwrap_or(&dialogue.title);
    (title, dialogue.purpose.as_deref(), dialogue.venue_of(meeting), dialogue.join_url_of(meeting))
}

/// The name of a meeting in calendars: of its series, and of its date in it.
fn name(dialogue: &Dialogue, meeting: &Meeting) -> Result<[Option<String>; 2]> {
    let event = of_one(&series(dialogue, false), meeting, &[], &mut Zones::new())?;
    let value = |key: &str| event.properties().get(key).map(|property| property.value().to_owned());
    Ok([value("UID"), value("RECURRENCE-ID")])
}

fn letter(uow: &UnitOfWork<'_>, habits: &Habits, guest: &Guest, said: Said, dialogue: &Dialogue, meeting: &Meeting) -> Result<Letter> {
    let (language, zone) = habits.of_organisation(guest.to.organisation);
    let title = title(dialogue, meeting, &language);
    let body = body(&language, said, title, Some((meeting, zone.unwrap_or(meeting.zone))));
    let mail = Mail { to: guest.to.email.clone(), subject: subject(&language, said, title), body };
    let event = event(dialogue, meeting, guest.status.comes(), &language)?;
    let partstat = partstat(guest.status).unwrap_or("NEEDS-ACTION");
    Ok(Letter { mail, entry: Some(entry(uow, event, (&guest.to.email, partstat), said == Said::Cancelled)?) })
}

/// The title of a meeting for a reader of a language.
pub(super) fn title<'a>(dialogue: &'a Dialogue, meeting: &'a Meeting, language: &LanguageTag) -> &'a str {
    meeting.title.as_ref().unwrap_or(&dialogue.title).best(std::slice::from_ref(language))
}

/// The entry of one meeting as its series knows it, and the zones that it names.
pub(super) fn event(dialogue: &Dialogue, meeting: &Meeting, with_join_links: bool, language: &LanguageTag) -> Result<(Vec<Event>, Zones)> {
    let mut zones = Zones::new();
    let event = of_one(&series(dialogue, with_join_links), meeting, std::slice::from_ref(language), &mut zones)?;
    Ok((vec![event], zones))
}

fn series(dialogue: &Dialogue, with_join_links: bool) -> Series {
    Series { dialogue: dialogue.clone(), meetings: Vec::new(), with_join_links, attendees: Attendees::default() }
}
