//! The days around elections: which meetings fall into them, told when somebody reads a meeting and, once each, as an event when
//! a meeting comes to fall into them because an election was set or moved.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use tertulia_domain::{
    Result,
    dialogue::election_window::{Conflict, MOST_DAYS, Window, met, of_election},
    directory::election::Election,
    id::{DialogueId, MeetingId},
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text::CountryCode,
    time::{Instant, zone},
};
use tertulia_persistence::{
    dialogue::election_window::{self, Ahead, Pair},
    directory::election,
    record::lease,
};
use uuid::Uuid;

use crate::{App, Ctx, directory::country};

/// Events of one transaction.
const BATCH: usize = 200;

/// The days around a polling day that a reader states; those that he leaves out are as the operator set them.
pub fn stated(app: &App, before: Option<&str>, after: Option<&str>) -> Result<Window> {
    Window::parse(before, after, app.dialogue.window)
}

/// A meeting that a reader asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// The meeting.
    pub meeting: MeetingId,
    /// Its dialogue.
    pub dialogue: DialogueId,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// How many days around a polling day count.
    pub window: Window,
}

/// The elections of the parties' countries into whose days each of these meetings falls or, where the polling day is not known to
/// the day, may fall. The meetings are ones that the caller was shown.
pub async fn of_meetings(app: &App, ctx: &Ctx, asked: &[Asked]) -> Result<HashMap<Asked, Vec<Conflict>>> {
    ctx.may(Act::DialogueRead)?;
    let dialogues: Vec<DialogueId> = asked.iter().map(|one| one.dialogue).collect::<BTreeSet<_>>().into_iter().collect();
    let parties = election_window::countries_of(&app.reader(ctx), Some(&dialogues)).await?;
    let mut found: HashMap<Asked, Vec<Conflict>> = asked.iter().map(|one| (*one, Vec::new())).collect();
    let windows: HashSet<Window> = asked.iter().map(|one| one.window).collect();
    let (from, to) = (asked.iter().map(|one| one.starts_at).min(), asked.iter().map(|one| one.ends_at).max());
    let (Some(from), Some(to)) = (from, to) else { return Ok(found) };
    let countries: Vec<CountryCode> = parties.iter().map(|(_, code)| *code).collect::<BTreeSet<_>>().into_iter().collect();
    let elections = Elections::between(app, ctx, &countries, (from, to)).await?;
    for window in windows {
        let all = elections.windows(window);
        for (one, conflicts) in found.iter_mut().filter(|(one, _)| one.window == window) {
            let countries: HashSet<CountryCode> =
                parties.iter().filter(|(dialogue, _)| *dialogue == one.dialogue).map(|(_, code)| *code).collect();
            *conflicts = met(&all, one.starts_at, one.ends_at);
            conflicts.retain(|conflict| countries.contains(&conflict.country));
        }
    }
    Ok(found)
}

/// Elections with the zones of their countries.
pub(super) struct Elections {
    elections: Vec<Election>,
    zones: HashMap<CountryCode, Vec<Tz>>,
}

impl Elections {
    /// Those of these countries that can matter to something between two instants.
    pub(super) async fn between(app: &App, ctx: &Ctx, countries: &[CountryCode], (from, to): (Instant, Instant)) -> Result<Self> {
        if countries.is_empty() {
            return Ok(Self { elections: Vec::new(), zones: HashMap::new() });
        }
        // A day more on each side, since a date begins and ends elsewhere at another instant.
        let around = TimeDelta::days(i64::from(MOST_DAYS) + 2);
        let (from, to) = ((from - around).date_naive(), (to + around).date_naive());
        Self::of(app, ctx, election::within(&app.reader(ctx), countries, from, to).await?).await
    }

    async fn ahead(app: &App, ctx: &Ctx, from: NaiveDate) -> Result<Self> {
        Self::of(app, ctx, election::ahead(&app.reader(ctx), from).await?).await
    }

    async fn of(app: &App, ctx: &Ctx, elections: Vec<Election>) -> Result<Self> {
        let codes: BTreeSet<CountryCode> = elections.iter().filter_map(|one| one.country).collect();
        let countries = country::by_codes(app, ctx, &codes.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self { elections, zones: countries.iter().map(|one| (one.code, zones(&one.time_zones))).collect() })
    }

    /// The days around all of them.
    pub(super) fn windows(&self, window: Window) -> Vec<Conflict> {
        let zones = |one: &Election| one.country.and_then(|code| self.zones.get(&code)).map_or(&[][..], Vec::as_slice);
        self.elections.iter().flat_map(|one| of_election(one, zones(one), window)).collect()
    }
}

/// Zones by their names.
pub(super) fn zones(names: &[String]) -> Vec<Tz> {
    names.iter().filter_map(|name| zone(name).ok()).collect()
}

/// Tells of each meeting ahead that came to fall into the days around an election, once, whichever server finds it; says how many
/// pairs of a meeting and an election are new or no longer so.
pub async fn note(app: &App, ctx: &Ctx, holder: Uuid) -> Result<u64> {
    let grant = ctx.allow(Act::MeetingConflict, &Scope::default())?;
    let now = falling(app, ctx).await?;
    let (new, over) = difference(&now, &election_window::list(&app.reader(ctx)).await?);
    if new.is_empty() && over.is_empty() {
        return Ok(0);
    }
    let uow = app.begin(ctx).await?;
    lease::take(uow.writer(), "election windows", holder, ctx.now).await?;
    // Another server may have told of them while this one waited.
    let (new, over) = difference(&now, &election_window::list(uow.writer()).await?);
    election_window::delete(uow.writer(), &over).await?;
    election_window::insert(uow.writer(), &new, || app.ids.uuid()).await?;
    let meetings: BTreeSet<MeetingId> = new.iter().map(|(meeting, _)| *meeting).collect();
    let events: Vec<Event> = meetings.iter().map(|id| Event::new(Topic::MeetingConflicted, id.any())).collect();
    if events.is_empty() {
        uow.commit_silently().await?;
    } else {
        uow.commit(grant, events).await?;
    }
    Ok((new.len() + over.len()) as u64)
}

/// What is new in `now`, as much as one transaction takes, and what of `known` is over.
fn difference(now: &HashSet<Pair>, known: &[Pair]) -> (Vec<Pair>, Vec<Pair>) {
    let before: HashSet<Pair> = known.iter().copied().collect();
    let mut new: Vec<Pair> = now.difference(&before).copied().collect();
    new.sort_unstable();
    new.truncate(BATCH);
    (new, before.difference(now).copied().collect())
}

/// Every meeting ahead with each election into whose days it certainly falls.
async fn falling(app: &App, ctx: &Ctx) -> Result<HashSet<Pair>> {
    let reader = app.reader(ctx);
    let window = app.dialogue.window;
    let past = TimeDelta::days(i64::from(window.after) + 2);
    let mut windows = Elections::ahead(app, ctx, (ctx.now - past).date_naive()).await?.windows(window);
    windows.retain(|one| one.certain && one.to > ctx.now);
    let Some(last) = windows.iter().map(|one| one.to).max() else { return Ok(HashSet::new()) };
    let mut dialogues: HashMap<CountryCode, HashSet<DialogueId>> = HashMap::new();
    for (dialogue, country) in election_window::countries_of(&reader, None).await? {
        dialogues.entry(country).or_default().insert(dialogue);
    }
    let meetings = election_window::ahead(&reader, ctx.now, last).await?;
    let falls = |meeting: &Ahead, window: &Conflict| {
        window.holds(meeting.starts_at, meeting.ends_at)
            && dialogues.get(&window.country).is_some_and(|dialogues| dialogues.contains(&meeting.dialogue))
    };
    let of_window = |window: &Conflict| {
        meetings.iter().filter(|meeting| falls(meeting, window)).map(|meeting| (meeting.meeting, window.election)).collect::<Vec<_>>()
    };
    Ok(windows.iter().flat_map(of_window).collect())
}
