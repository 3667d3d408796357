//! The search for slots at which a group can meet.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::TimeDelta;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    dialogue::{
        Length,
        election_window::{Conflict, Window},
        slots::{self, Calendar, Held, MEETINGS_REMEMBERED, MOST_PARTICIPANTS, Participant, Range, RangeDraft, Suggestions, zone_of},
    },
    directory::organisation::Organisation,
    id::{DialogueId, MeetingId, OrganisationId, read},
    policy::{Act, Scope},
    text::CountryCode,
    time::{Instant, zone},
};
use tertulia_persistence::dialogue::{dialogue, election_window::comers_to, meeting, slots as found};

use super::election_window::{Elections, zones};
use crate::{
    App, Ctx,
    directory::{country, organisation},
};

/// A search, as somebody typed it.
#[derive(Clone, Debug)]
pub struct Suggest {
    /// Ids of the organisations that are to meet.
    pub participants: Vec<String>,
    /// How long.
    pub duration: String,
    /// Not before this instant.
    pub from: Instant,
    /// Not after this instant.
    pub to: Instant,
    /// The host's zone.
    pub time_zone: Option<String>,
    /// Minutes from one candidate to the next.
    pub step_minutes: i32,
    /// Days kept free before a polling day.
    pub before: Option<String>,
    /// Days kept free after a polling day.
    pub after: Option<String>,
    /// The id of the dialogue whose last meetings count.
    pub dialogue_id: Option<String>,
    /// The id of a meeting that is to be moved, and does not stand in its own way.
    pub meeting_id: Option<String>,
    /// How many slots.
    pub first: i32,
}

/// A search that was read.
struct Wanted {
    participants: Vec<OrganisationId>,
    range: Range,
    window: Window,
    dialogue: Option<DialogueId>,
    meeting: Option<MeetingId>,
}

impl Suggest {
    fn read(&self, usual: Window, now: Instant) -> Result<Wanted> {
        let mut faults = Faults::default();
        let participants = self.organisations(&mut faults);
        let length = faults.check("duration", Length::parse(&self.duration));
        let zone = match &self.time_zone {
            Some(name) => faults.check("timeZone", zone(name)),
            None => Some(chrono_tz::UTC),
        };
        let window = Window::parse(self.before.as_deref(), self.after.as_deref(), usual);
        let window = faults.check("avoidElectionWindow", window);
        let dialogue = self.dialogue_id.as_deref().map(|raw| faults.check("dialogueId", read(raw)));
        let meeting = self.meeting_id.as_deref().map(|raw| faults.check("meetingId", read(raw)));
        let range = length.zip(zone).and_then(|(length, zone)| {
            let draft = RangeDraft { from: self.from, to: self.to, zone, step_minutes: self.step_minutes, length, first: self.first };
            faults.check("", draft.check(now))
        });
        let (range, window) = faults.finish_with(range.zip(window))?;
        Ok(Wanted { participants, range, window, dialogue: dialogue.flatten(), meeting: meeting.flatten() })
    }

    fn organisations(&self, faults: &mut Faults) -> Vec<OrganisationId> {
        if self.participants.is_empty() {
            faults.add(Reason::Required, "participants", "Say who is to meet.");
        }
        if self.participants.len() > MOST_PARTICIPANTS {
            faults.add(Reason::TooLong, "participants", format!("At most {MOST_PARTICIPANTS} organisations."));
            return Vec::new();
        }
        let mut known = BTreeSet::new();
        let mut ids = Vec::new();
        for (index, raw) in self.participants.iter().enumerate() {
            let path = format!("participants.{index}");
            let Some(id) = faults.check(&path, read(raw)) else { continue };
            if known.insert(id) {
                ids.push(id);
            } else {
                faults.add(Reason::Duplicate, &path, "This organisation stands twice.");
            }
        }
        ids
    }
}

/// What was found, and for which zone.
#[derive(Clone, Debug)]
pub struct Found {
    /// The slots and burdens.
    pub suggestions: Suggestions,
    /// The zone of each organisation, where one is known.
    pub zones: HashMap<OrganisationId, chrono_tz::Tz>,
    /// The host's zone.
    pub host: chrono_tz::Tz,
}

/// Looks for slots for a group. The coordinator does so for any, others for groups to which their own organisation belongs. Only
/// meetings that the caller may read stand in the way.
pub async fn suggest(app: &App, ctx: &Ctx, input: &Suggest) -> Result<Found> {
    ctx.may(Act::SlotsSuggest)?;
    let wanted = input.read(app.dialogue.window, ctx.now).map_err(|error| error.under("input"))?;
    let own = ctx.actor.members().iter().map(|member| member.organisation).find(|own| wanted.participants.contains(own));
    ctx.allow(Act::SlotsSuggest, &Scope { owner: own, ..Scope::default() })?;
    let organisations = organisation::by_ids(app, ctx, &wanted.participants).await?;
    check_known(&wanted.participants, &organisations)?;
    let history = history(app, ctx, &wanted).await?;
    let participants = participants(app, ctx, &wanted, &organisations).await?;
    let calendar = calendar(app, ctx, &wanted, &participants, &history).await?;
    let zones = participants.iter().filter_map(|one| one.zone.map(|zone| (one.organisation, zone))).collect();
    let range = wanted.range;
    // A large search takes some tenths of a second: not on the threads that serve everybody.
    let work = move || slots::suggest(&range, &participants, &calendar, &history);
    let suggestions = tokio::task::spawn_blocking(work).await.map_err(Error::internal)?;
    Ok(Found { suggestions, zones, host: range.zone })
}

fn check_known(ids: &[OrganisationId], known: &[Arc<Organisation>]) -> Result<()> {
    let known: BTreeSet<OrganisationId> = known.iter().map(|one| one.id).collect();
    let mut faults = Faults::default();
    for (index, _) in ids.iter().enumerate().filter(|(_, id)| !known.contains(id)) {
        faults.add(Reason::UnknownId, &format!("participants.{index}"), "There is no such organisation.");
    }
    faults.finish().map_err(|error| error.under("input"))
}

/// The last meetings of the dialogue that the caller names, if he may read it.
async fn history(app: &App, ctx: &Ctx, wanted: &Wanted) -> Result<Vec<Held>> {
    let (reader, sight) = (app.reader(ctx), ctx.dialogues());
    if let Some(id) = wanted.meeting {
        meeting::find(&reader, &sight, id).await?.ok_or_else(|| Error::not_found("input.meetingId"))?;
    }
    let Some(id) = wanted.dialogue else { return Ok(Vec::new()) };
    dialogue::find(&reader, &sight, id).await?.ok_or_else(|| Error::not_found("input.dialogueId"))?;
    found::held(&reader, id, wanted.range.from, MEETINGS_REMEMBERED).await
}

async fn participants(app: &App, ctx: &Ctx, wanted: &Wanted, organisations: &[Arc<Organisation>]) -> Result<Vec<Participant>> {
    let codes: BTreeSet<CountryCode> = organisations.iter().filter_map(|one| one.country).collect();
    let countries = country::by_codes(app, ctx, &codes.into_iter().collect::<Vec<_>>()).await?;
    let of_country: HashMap<CountryCode, Vec<chrono_tz::Tz>> = countries.iter().map(|one| (one.code, zones(&one.time_zones))).collect();
    let range = &wanted.range;
    let times = found::busy(&app.reader(ctx), &ctx.dialogues(), &wanted.participants, (range.from, range.to), wanted.meeting).await?;
    let mut busy: HashMap<OrganisationId, Vec<(Instant, Instant)>> = HashMap::new();
    for (organisation, from, to) in times {
        busy.entry(organisation).or_default().push((from, to));
    }
    let mut participant = |one: &Arc<Organisation>| {
        let own = one.time_zone.as_deref().and_then(|name| zone(name).ok());
        let of_country = one.country.and_then(|code| of_country.get(&code)).map_or(&[][..], Vec::as_slice);
        Participant {
            organisation: one.id,
            zone: zone_of(own, of_country, range.from),
            country: one.country,
            busy: busy.remove(&one.id).unwrap_or_default(),
        }
    };
    Ok(organisations.iter().map(&mut participant).collect())
}

/// The days around the elections of who else comes to the meeting that is to be moved, as far as the caller may know of them.
async fn guests(app: &App, ctx: &Ctx, wanted: &Wanted, known: &BTreeSet<CountryCode>) -> Result<Vec<Conflict>> {
    let Some(meeting) = wanted.meeting else { return Ok(Vec::new()) };
    let comers = comers_to(&app.reader(ctx), &ctx.dialogues(), &[meeting]).await?;
    let countries: BTreeSet<CountryCode> = comers.iter().map(|one| one.country).filter(|country| !known.contains(country)).collect();
    let countries: Vec<CountryCode> = countries.into_iter().collect();
    Ok(Elections::between(app, ctx, &countries, (wanted.range.from, wanted.range.to)).await?.windows(wanted.window))
}

async fn calendar(app: &App, ctx: &Ctx, wanted: &Wanted, participants: &[Participant], history: &[Held]) -> Result<Calendar> {
    let range = &wanted.range;
    let countries: BTreeSet<CountryCode> = participants.iter().filter_map(|one| one.country).collect();
    let codes: Vec<CountryCode> = countries.iter().copied().collect();
    let windows = Elections::between(app, ctx, &codes, (range.from, range.to)).await?.windows(wanted.window);
    // A day more on each side, since the same instant has two dates.
    let first = history.iter().map(|(at, _)| *at).chain([range.from]).min().unwrap_or(range.from);
    let days = (first - TimeDelta::days(1)).date_naive()..=(range.to + TimeDelta::days(1)).date_naive();
    let guests = guests(app, ctx, wanted, &countries).await?;
    Ok(Calendar { holidays: app.dialogue.holidays.between(&countries, &days), windows, guests })
}
