//! The days around elections: which meetings fall into them, told when somebody reads a meeting and, once each, as an event when
//! a meeting comes to fall into them because an election was set or moved.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use tertulia_domain::{
    Result,
    dialogue::election_window::{Conflict, MOST_DAYS, Window, met, of_election},
    directory::election::Election,
    id::{AnyId, DialogueId, MeetingId},
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text::CountryCode,
    time::{Instant, zone},
};
use tertulia_persistence::{
    Session,
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

/// The elections of the countries of the parties, and of who else comes as far as the caller may know, into whose days each of these
/// meetings falls or, where the polling day is not known to the day, may fall. The meetings are ones that the caller was shown.
pub async fn of_meetings(app: &App, ctx: &Ctx, asked: &[Asked]) -> Result<HashMap<Asked, Vec<Conflict>>> {
    ctx.may(Act::DialogueRead)?;
    let dialogues: Vec<DialogueId> = asked.iter().map(|one| one.dialogue).collect::<BTreeSet<_>>().into_iter().collect();
    let parties = election_window::countries_of(&app.reader(ctx), Some(&dialogues)).await?;
    let mut found: HashMap<Asked, Vec<Conflict>> = asked.iter().map(|one| (*one, Vec::new())).collect();
    let windows: HashSet<Window> = asked.iter().map(|one| one.window).collect();
    let (from, to) = (asked.iter().map(|one| one.starts_at).min(), asked.iter().map(|one| one.ends_at).max());
    let (Some(from), Some(to)) = (from, to) else { return Ok(found) };
    let meetings: Vec<MeetingId> = asked.iter().map(|one| one.meeting).collect::<BTreeSet<_>>().into_iter().collect();
    let comers = election_window::comers_to(&app.reader(ctx), &ctx.dialogues(), &meetings).await?;
    let all = parties.iter().map(|(_, code)| *code).chain(comers.iter().map(|one| one.country));
    let countries: Vec<CountryCode> = all.collect::<BTreeSet<_>>().into_iter().collect();
    let elections = Elections::between(app, ctx, &countries, (from, to)).await?;
    for window in windows {
        let all = elections.windows(window);
        for (one, conflicts) in found.iter_mut().filter(|(one, _)| one.window == window) {
            let of_parties = parties.iter().filter(|(dialogue, _)| *dialogue == one.dialogue).map(|(_, code)| *code);
            let of_comers = comers.iter().filter(|comer| comer.meeting == one.meeting).map(|comer| comer.country);
            let countries: HashSet<CountryCode> = of_parties.chain(of_comers).collect();
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

    async fn ahead(app: &App, ctx: &Ctx, session: &dyn Session, from: NaiveDate) -> Result<Self> {
        Self::of(app, ctx, election::ahead(session, from).await?).await
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

/// The name of the lease under which one server at a time looks.
const LEASE: &str = "election windows";

/// Each meeting ahead and each election into whose days it certainly falls, and what this is told of: the meeting, or only the parts
/// in it of organisations of that country, where none of them is a party and others may not know that they come.
type Falling = HashMap<Pair, Vec<AnyId>>;

/// Tells of each meeting ahead that came to fall into the days around an election, once, whichever server finds it, and forgets pairs that
/// are over, so that they are told if they come again. As of what is swept out, there is nothing to tell of those. Says how many pairs of a
/// meeting and an election are new or no longer so.
pub async fn note(app: &App, ctx: &Ctx, holder: Uuid) -> Result<u64> {
    let grant = ctx.allow(Act::MeetingConflict, &Scope::default())?;
    let reader = app.reader(ctx);
    let (now, known) = (falling(app, ctx, &reader).await?, election_window::list(&reader).await?);
    if new(&now, &known).is_empty() && over(&now, &known).is_empty() {
        return Ok(0);
    }
    let uow = app.begin(ctx).await?;
    lease::take(uow.writer(), LEASE, holder, ctx.now).await?;
    // Anew, since an election may have moved while this server waited, and another may have told of it.
    let (now, known) = (falling(app, ctx, uow.writer()).await?, election_window::list(uow.writer()).await?);
    let (new, over) = (new(&now, &known), over(&now, &known));
    let changed = (new.len() + over.len()) as u64;
    if !over.is_empty() {
        election_window::delete(uow.writer(), &over).await?;
    }
    if new.is_empty() {
        uow.commit_progress().await?;
        return Ok(changed);
    }
    election_window::insert(uow.writer(), &new, || app.ids.uuid()).await?;
    let objects: BTreeSet<AnyId> = new.iter().filter_map(|pair| now.get(pair)).flatten().copied().collect();
    uow.commit(grant, objects.into_iter().map(|id| Event::new(Topic::MeetingConflicted, id))).await?;
    Ok(changed)
}

/// What is known and no longer so.
fn over(now: &Falling, known: &[Pair]) -> Vec<Pair> {
    known.iter().filter(|pair| !now.contains_key(*pair)).copied().collect()
}

/// What is new in `now`, as much as one transaction takes.
fn new(now: &Falling, known: &[Pair]) -> Vec<Pair> {
    let known: HashSet<&Pair> = known.iter().collect();
    let mut new: Vec<Pair> = now.keys().filter(|pair| !known.contains(pair)).copied().collect();
    new.sort_unstable();
    new.truncate(BATCH);
    new
}

async fn falling(app: &App, ctx: &Ctx, session: &dyn Session) -> Result<Falling> {
    let window = app.dialogue.window;
    let past = TimeDelta::days(i64::from(window.after) + 2);
    let mut windows = Elections::ahead(app, ctx, session, (ctx.now - past).date_naive()).await?.windows(window);
    windows.retain(|one| one.certain && one.to > ctx.now);
    let Some(last) = windows.iter().map(|one| one.to).max() else { return Ok(HashMap::new()) };
    let parties: HashSet<(DialogueId, CountryCode)> = election_window::countries_of(session, None).await?.into_iter().collect();
    let mut comers: HashMap<(MeetingId, CountryCode), Vec<AnyId>> = HashMap::new();
    for one in election_window::comers_ahead(session, ctx.now, last).await? {
        comers.entry((one.meeting, one.country)).or_default().push(one.participation.any());
    }
    let meetings = election_window::ahead(session, ctx.now, last).await?;
    let told_of = |meeting: &Ahead, country: CountryCode| {
        let is_party = parties.contains(&(meeting.dialogue, country));
        if is_party { Some(vec![meeting.meeting.any()]) } else { comers.get(&(meeting.meeting, country)).cloned() }
    };
    let of_window = |window: &Conflict| {
        let within = meetings.iter().filter(|meeting| window.holds(meeting.starts_at, meeting.ends_at));
        within.filter_map(|one| Some(((one.meeting, window.election), told_of(one, window.country)?))).collect::<Vec<_>>()
    };
    Ok(windows.iter().flat_map(of_window).collect())
}
