//! Letters that bring an entry for a calendar (iTIP, RFC 5546): to everybody who belongs to a party of the dialogue, when a
//! series is laid out, changed or called off, or one of its meetings is. They lie with the mail on its way in the transaction of
//! the change, and nobody is written to twice about one state.

use std::collections::{BTreeSet, HashMap};

use chrono_tz::Tz;
use icalendar::{Component, Event, Property};
use tertulia_domain::{
    Result,
    dialogue::{
        Dialogue, DialogueStatus, Meeting, Ruled,
        wall_time::{ical_utc, resolve},
    },
    id::{AnyId, OrganisationId},
    text::{EmailAddress, LanguageTag},
    time::zone,
};
use tertulia_persistence::{
    dialogue::{
        calendar_letter::{self, Recipient, Told},
        meeting,
    },
    directory::{country, organisation},
};

use super::{
    attendee::Attendees,
    calendar::{Series, Zones, begun, finished, name, of_one, of_stretch, organised},
    calendar_words::{Said, body, language, subject},
};
use crate::{
    UnitOfWork,
    mail::{Entry, Letter, Mail},
};

/// Most letters about meetings that no rule says together, for each recipient of one change: each is a letter of its own, since
/// a letter brings one entry.
const MOST_SINGLE: usize = 12;

/// What a letter says and brings.
struct Notice<'a> {
    series: &'a Series,
    said: Said,
    /// The name of the stretch in calendars, if it is about one.
    name: Option<String>,
    meeting: Option<&'a Meeting>,
    /// What its entry is about.
    entry: Matter<'a>,
}

/// What an entry is about.
#[derive(Clone, Copy)]
enum Matter<'a> {
    /// A stretch of the series, by its number.
    Stretch(usize),
    /// A meeting under the name that it has in its series.
    Meeting(&'a Meeting),
}

/// Tells of a series that is new or changed: parties that came are invited, those that left have it taken out. Changed meetings
/// that no rule says are told one by one ([`of_meetings`]).
pub(super) async fn of_series(uow: &UnitOfWork<'_>, before: Option<&Dialogue>, after: &Dialogue) -> Result<()> {
    let parties = |dialogue: &Dialogue| dialogue.parties().collect::<BTreeSet<_>>();
    let (now, was) = (parties(after), before.map(parties).unwrap_or_default());
    let meetings = meeting::for_calendar(uow.writer(), &uow.ctx().dialogues(), &[after.id]).await?;
    // What stood in calendars before is taken out under the number of the change.
    let former = before.map(|before| Dialogue { sequence: after.sequence, updated_at: after.updated_at, ..before.clone() });
    let former =
        former.map(|dialogue| Series { dialogue, meetings: meetings.clone(), with_join_links: true, attendees: Attendees::default() });
    let series = Series { dialogue: after.clone(), meetings, with_join_links: true, attendees: Attendees::default() };
    let off = after.status == DialogueStatus::Ended && after.is_called_off()?;
    let came: Vec<OrganisationId> = now.difference(&was).copied().collect();
    let left: Vec<OrganisationId> = was.difference(&now).copied().collect();
    let stayed: Vec<OrganisationId> = now.intersection(&was).copied().collect();
    let state = (after.id.any(), after.sequence);
    send(uow, state, &came, &whole(uow, &series, Said::Invited, true)?).await?;
    if let Some(former) = &former {
        send(uow, state, &left, &whole(uow, former, Said::Cancelled, true)?).await?;
        if after.shows_otherwise(&former.dialogue) {
            let mut notices = whole(uow, &series, if off { Said::Cancelled } else { Said::Changed }, false)?;
            let names = names(after)?;
            let gone = whole(uow, former, Said::Cancelled, false)?;
            notices.extend(gone.into_iter().filter(|notice| notice.name.as_ref().is_some_and(|name| !names.contains(name))));
            send(uow, state, &stayed, &notices).await?;
        }
    }
    Ok(())
}

/// The names under which the stretches of a series stand in calendars.
fn names(dialogue: &Dialogue) -> Result<BTreeSet<String>> {
    let ruled = dialogue.ruled()?;
    let named = ruled.iter().enumerate().filter(|(_, one)| one.rule.is_some());
    Ok(named.map(|(index, one)| name(dialogue, index, one)).collect())
}

/// The notices of a series as a whole: one for each stretch that has not passed, and, if wanted, for meetings that no rule says.
fn whole<'a>(uow: &UnitOfWork<'_>, series: &'a Series, said: Said, with_single: bool) -> Result<Vec<Notice<'a>>> {
    let now = uow.ctx().now;
    let ahead = |meeting: &&Meeting| meeting.starts_at > now && !meeting.status.is_off();
    let next = series.meetings.iter().filter(ahead).min_by_key(|meeting| meeting.starts_at);
    let mut notices = Vec::new();
    for (index, one) in series.dialogue.ruled()?.iter().enumerate() {
        if one.rule.is_some() {
            if one.end.is_none_or(|end| resolve(series.dialogue.recurrence.zone, end) > now) {
                let name = Some(name(&series.dialogue, index, one));
                notices.push(Notice { series, said, name, meeting: next, entry: Matter::Stretch(index) });
            }
        } else if with_single {
            let of_it = series.meetings.iter().filter(ahead).filter(|meeting| one.holds(meeting.original_start));
            let single = |meeting| Notice { series, said, name: None, meeting: Some(meeting), entry: Matter::Meeting(meeting) };
            notices.extend(of_it.take(MOST_SINGLE).map(single));
        }
    }
    Ok(notices)
}

/// Those of the changed meetings of a changed series that no rule says, so that its own letters do not tell of them.
pub(super) fn alone(before: &Dialogue, after: &Dialogue, changed: &[Meeting]) -> Result<Vec<Meeting>> {
    let (after, before) = (after.ruled()?, before.ruled()?);
    let stretch = |meeting: &Meeting| {
        let held = |ruled: &[Ruled]| ruled.iter().find(|one| one.holds(meeting.original_start)).map(|one| one.rule.is_none());
        held(&after).or_else(|| held(&before)) == Some(true)
    };
    Ok(changed.iter().filter(|meeting| stretch(meeting)).take(MOST_SINGLE).cloned().collect())
}

/// Tells of meetings that were changed one by one.
pub(super) async fn of_meetings(uow: &UnitOfWork<'_>, dialogue: &Dialogue, changed: &[Meeting]) -> Result<()> {
    let series = Series { dialogue: dialogue.clone(), meetings: Vec::new(), with_join_links: true, attendees: Attendees::default() };
    let parties: Vec<OrganisationId> = dialogue.parties().collect();
    for meeting in changed {
        let said = if meeting.status.is_off() { Said::Cancelled } else { Said::Changed };
        let notices = [Notice { series: &series, said, name: None, meeting: Some(meeting), entry: Matter::Meeting(meeting) }];
        send(uow, (meeting.id.any(), meeting.sequence), &parties, &notices).await?;
    }
    Ok(())
}

/// Hands the notices to the mail, for everybody of these organisations who was not written to about this state.
async fn send(uow: &UnitOfWork<'_>, state: (AnyId, i64), organisations: &[OrganisationId], notices: &[Notice<'_>]) -> Result<()> {
    if organisations.is_empty() || notices.is_empty() {
        return Ok(());
    }
    let told = calendar_letter::told(uow.writer(), state.0, state.1).await?;
    let mut recipients = calendar_letter::recipients(uow.writer(), organisations).await?;
    recipients.retain(|one| !told.contains(&one.user));
    let habits = Habits::of(uow, &recipients).await?;
    let mut letters = Vec::new();
    for one in &recipients {
        for notice in notices {
            letters.push(letter(uow, one, &habits, notice)?);
        }
    }
    let told: Vec<Told> = recipients.iter().map(|one| (state.0, state.1, one.user)).collect();
    calendar_letter::note(uow.writer(), &told, uow.ctx().now, || uow.app().ids.uuid()).await?;
    uow.mail(letters).await
}

fn letter(uow: &UnitOfWork<'_>, to: &Recipient, habits: &Habits, notice: &Notice<'_>) -> Result<Letter> {
    let series = notice.series;
    let (language, zone) = habits.of_organisation(to.organisation);
    let languages = std::slice::from_ref(&language);
    let title = notice.meeting.and_then(|meeting| meeting.title.as_ref()).unwrap_or(&series.dialogue.title).best(languages);
    let body = body(&language, notice.said, title, notice.meeting.map(|meeting| (meeting, zone.unwrap_or(meeting.zone))));
    let mail = Mail { to: to.email.clone(), subject: subject(&language, notice.said, title), body };
    let mut zones = Zones::new();
    let events = match notice.entry {
        Matter::Stretch(index) => match series.dialogue.ruled()?.get(index) {
            Some(one) => of_stretch(series, (index, one), languages, &mut zones)?,
            None => Vec::new(),
        },
        Matter::Meeting(meeting) => vec![of_one(series, meeting, languages, &mut zones)?],
    };
    let is_off = notice.said == Said::Cancelled;
    Ok(Letter { mail, entry: Some(entry(uow, (events, zones), (&to.email, "NEEDS-ACTION"), is_off)?) })
}

/// The entry that a letter brings, with who invites and the one who is invited, and how he has answered: nobody reads in it who
/// else is.
pub(super) fn entry(
    uow: &UnitOfWork<'_>,
    (events, zones): (Vec<Event>, Zones),
    (to, partstat): (&EmailAddress, &str),
    is_off: bool,
) -> Result<Entry> {
    let method = if is_off { "CANCEL" } else { "REQUEST" };
    let mut calendar = begun(Some(method));
    for mut event in events {
        organised(&mut event, &uow.app().identity.mailer.address());
        let attendee = Property::new("ATTENDEE", format!("mailto:{}", to.as_str()))
            .add_parameter("CUTYPE", "INDIVIDUAL")
            .add_parameter("ROLE", "REQ-PARTICIPANT")
            .add_parameter("PARTSTAT", partstat)
            .add_parameter("RSVP", "FALSE")
            .done();
        event.append_multi_property(attendee);
        if is_off {
            event.add_property("STATUS", "CANCELLED");
        }
        // Of two letters about one state of an event the later counts (RFC 5546, 2.1.5).
        event.add_property("DTSTAMP", ical_utc(uow.ctx().now));
        calendar.push(event);
    }
    Ok(Entry { method: method.to_owned(), text: finished(&calendar, zones)? })
}

/// The language and the zone of organisations, in which their people are written to.
pub(super) struct Habits(HashMap<OrganisationId, (LanguageTag, Option<Tz>)>);

impl Habits {
    pub(super) async fn of(uow: &UnitOfWork<'_>, recipients: &[Recipient]) -> Result<Self> {
        let ids: BTreeSet<OrganisationId> = recipients.iter().map(|one| one.organisation).collect();
        let ids: Vec<OrganisationId> = ids.into_iter().collect();
        let found = organisation::find_many(uow.writer(), &ids).await?;
        let codes: BTreeSet<_> = found.iter().filter(|one| one.time_zone.is_none()).filter_map(|one| one.country).collect();
        let codes: Vec<_> = codes.into_iter().collect();
        let countries = if codes.is_empty() { Vec::new() } else { country::find_many(uow.writer(), &codes).await? };
        let habit = |id: OrganisationId| {
            let one = found.iter().find(|one| one.id == id);
            let own = one.and_then(|one| one.time_zone.as_deref());
            // A country with several zones does not say which one.
            let of_country = countries.iter().find(|country| one.is_some_and(|one| one.country == Some(country.code)));
            let only = of_country.and_then(|country| match country.time_zones.as_slice() {
                [only] => Some(only.as_str()),
                _ => None,
            });
            let zone = own.or(only).and_then(|name| zone(name).ok());
            (id, (language(one.map_or(&[], |one| one.languages.as_slice())), zone))
        };
        Ok(Self(ids.into_iter().map(habit).collect()))
    }

    pub(super) fn of_organisation(&self, id: OrganisationId) -> (LanguageTag, Option<Tz>) {
        self.0.get(&id).cloned().unwrap_or_else(|| (language(&[]), None))
    }
}
