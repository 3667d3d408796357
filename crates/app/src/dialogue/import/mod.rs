//! Dialogues from an iCalendar file (RFC 5545): each series of it becomes one, as if somebody had typed it. What cannot be read
//! is reported with its line, and the rest is made. Descriptions are not taken, since links and numbers stand in them that only
//! those who are invited may have.

mod event;
mod file;
mod series;
mod zone;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    dialogue::{Dialogue, DialogueDraft, Length, Meeting, Occurrence, RawRecurrence, wall_time::resolve},
    id::{DialogueId, OrganisationId},
    record::event::{Event, Topic},
    text::{LanguageTag, SHORT},
    time::{Instant, zone as read_zone},
};
use tertulia_persistence::{
    Session,
    dialogue::{dialogue, dialogue_import, meeting},
};

pub use file::Remark;
use series::{Common, Series};
use zone::Zones;

use super::{
    calendar_letter,
    dialogue::{check_known, may_create},
};
use crate::{App, Ctx, IdempotencyKey, UnitOfWork};

/// Longest text of a file, in bytes.
pub const MOST_BYTES: usize = 512 * 1024;
/// Most events of a file.
pub const MOST_EVENTS: usize = 1_000;
/// Most dialogues that one file makes.
pub const MOST_SERIES: usize = 200;
/// Most meetings that one file lays out.
pub const MOST_LAID_OUT: usize = 10_000;

/// Most moments that are looked at to follow the rules of one file: enough for any calendar, and less than a second's work.
pub const MOST_LOOKED_AT: usize = 150_000;

/// A file to be imported, and what its dialogues have in common.
#[derive(Clone, Debug, Serialize)]
pub struct Import {
    /// The text of the file.
    pub text: String,
    /// A dialogue without what stands in the file; its length is that of meetings that do not say how long they take.
    pub draft: DialogueDraft,
    /// The language of titles that name none.
    pub language: String,
    /// The zone of days, and of times that name none.
    pub time_zone: Option<String>,
}

/// What was read of a file, and what was made of it.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was refused or read in another way than it says, by line.
    pub remarks: Vec<Remark>,
    /// What can be imported, or was, in the order of the file.
    pub series: Vec<Imported>,
}

/// A series of a file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The line on which its event begins.
    pub line: usize,
    /// Its name among calendars.
    pub uid: Option<String>,
    /// The dialogue as it will be, or is.
    pub dialogue: Dialogue,
    /// How many meetings are laid out.
    pub meetings: usize,
    /// Whether it was made.
    pub is_made: bool,
}

/// Imports a file; a dry run only says what would be made. Who may create such dialogues one by one may import them.
pub async fn import(app: &App, ctx: &Ctx, input: Import, dry_run: bool, key: Option<&str>) -> Result<Report> {
    let grant = may_create(ctx, &input.draft)?;
    let key = IdempotencyKey::parse(key, &input)?;
    let (common, zone) = check(&input, ctx.now)?;
    let reader = app.reader(ctx);
    let organiser = check_parties(&reader, &common).await?;
    let text = input.text;
    let work = move || read(&text, zone, &common);
    // A hostile rule costs some time before it is cut: not on the threads that serve everybody.
    let (mut series, mut remarks) = tokio::task::spawn_blocking(work).await.map_err(Error::internal)??;
    if dry_run {
        refuse_known(&reader, organiser, &mut series, &mut remarks).await?;
        return Ok(report(series.into_iter().map(|one| imported(&one, one.dialogue.clone(), one.planned(), false)).collect(), remarks));
    }
    let uow = app.begin(ctx).await?;
    let run: DialogueId = app.ids.new_id();
    if let Some(done) = uow.claim(&grant, key.as_ref(), run.any()).await? {
        let made = made_before(&uow, done.uuid()).await?;
        let again = series.iter().filter_map(|one| Some(imported(one, made.get(&one.line)?.clone(), one.planned(), true)));
        return Ok(report(again.collect(), remarks));
    }
    refuse_known(uow.writer(), organiser, &mut series, &mut remarks).await?;
    let (mut made, mut events) = (Vec::new(), Vec::new());
    for one in &series {
        let (dialogue, meetings) = create(&uow, one).await?;
        let row = dialogue_import::Row { organiser, uid: one.uid.clone(), dialogue: dialogue.id, run: run.uuid(), line: one.line };
        dialogue_import::insert(uow.writer(), &row, app.ids.uuid()).await?;
        events.push(Event::new(Topic::DialogueCreated, dialogue.id.any()));
        made.push(imported(one, dialogue, meetings, true));
    }
    if !made.is_empty() {
        uow.commit(grant, events).await?;
    }
    Ok(report(made, remarks))
}

/// Checks what the caller typed beside the file.
fn check(input: &Import, now: Instant) -> Result<(Common, Option<chrono_tz::Tz>)> {
    let mut faults = Faults::default();
    if input.text.len() > MOST_BYTES {
        faults.add(Reason::TooLong, "text", format!("A file has at most {MOST_BYTES} bytes."));
    }
    let language = faults.check("language", LanguageTag::parse(&input.language));
    let zone = input.time_zone.as_deref().and_then(|name| faults.check("timeZone", read_zone(name)));
    // What stands in the file is checked with it.
    let once = RawRecurrence {
        local_start: "2026-01-01T00:00".to_owned(),
        time_zone: "UTC".to_owned(),
        rule: series::ONCE.to_owned(),
        ..RawRecurrence::default()
    };
    let blank = DialogueDraft { title: vec![("en".to_owned(), "-".to_owned())], recurrence: once, ..input.draft.clone() };
    faults.check("", blank.check(DialogueId::new(uuid::Uuid::nil()), now).map(drop));
    let length = Length::parse(&input.draft.duration).ok();
    let (language, length) = faults.finish_with(language.zip(length))?;
    Ok((Common { draft: input.draft.clone(), language: language.as_str().to_owned(), length, now }, zone))
}

/// The first convener, by whom the names of calendars are kept.
async fn check_parties(session: &dyn Session, common: &Common) -> Result<OrganisationId> {
    let mut faults = Faults::default();
    let ids = |raw: &[String]| raw.iter().filter_map(|id| id.parse().ok()).collect::<Vec<OrganisationId>>();
    let conveners = ids(&common.draft.conveners);
    check_known(&mut faults, session, "conveners", &conveners).await?;
    check_known(&mut faults, session, "members", &ids(&common.draft.members)).await?;
    faults.finish_with(conveners.first().copied())
}

/// The series of a file, and what there is to say of its lines.
fn read(text: &str, zone: Option<chrono_tz::Tz>, common: &Common) -> Result<(Vec<Series>, Vec<Remark>)> {
    let file = file::read(text);
    if !file.is_calendar {
        return Err(Error::invalid(Reason::Malformed, "text", "This is no iCalendar file: it has no BEGIN:VCALENDAR."));
    }
    if file.events.len() > MOST_EVENTS {
        return Err(Error::invalid(Reason::TooMany, "text", format!("A file has at most {MOST_EVENTS} events.")));
    }
    let zones = Zones::of(&file, zone);
    let mut remarks = file.remarks.clone();
    let mut groups: Vec<Vec<event::Event>> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for raw in &file.events {
        remarks.extend(raw.remarks.iter().filter(|remark| !remark.is_refused).cloned());
        match event::read(raw, &zones) {
            Ok(event) => match event.uid.as_ref().map(|uid| *places.entry(uid.value.clone()).or_insert(groups.len())) {
                Some(place) if place < groups.len() => groups.iter_mut().skip(place).take(1).for_each(|group| group.push(event.clone())),
                _ => groups.push(vec![event]),
            },
            Err(faults) => remarks.extend(faults),
        }
    }
    let (mut found, mut laid_out, mut looked_at) = (Vec::new(), 0, 0);
    for group in groups {
        let line = group.first().map_or(0, |event| event.line);
        let work = series::Work::of(&group, &zones, common.now);
        if looked_at + work.to_the_present > MOST_LOOKED_AT {
            let message = "The rules of this file go through too many dates. Import this one from another file, or let it begin later.";
            remarks.push(Remark::refused(line, Reason::TooMany, message));
            continue;
        }
        looked_at += work.to_the_present;
        match series::read(group, &zones, common) {
            Ok(one) if one.uid.as_ref().is_some_and(|uid| uid.chars().count() > SHORT) => {
                remarks.push(Remark::refused(line, Reason::TooLong, format!("A UID has at most {SHORT} characters.")));
            }
            Ok(one) if found.len() >= MOST_SERIES || laid_out + one.planned() > MOST_LAID_OUT => {
                let message =
                    format!("One file makes at most {MOST_SERIES} dialogues with {MOST_LAID_OUT} meetings. Import the rest from another.");
                remarks.push(Remark::refused(line, Reason::TooMany, message));
            }
            Ok(mut one) => {
                laid_out += one.planned();
                remarks.append(&mut one.remarks);
                found.push(one);
            }
            Err(faults) => {
                // A rule under which no meeting ever takes place was followed for long to find that out.
                looked_at += if faults.iter().any(|fault| fault.reason == Reason::Contradiction) { work.in_vain } else { 0 };
                remarks.extend(faults);
            }
        }
    }
    Ok((found, remarks))
}

/// Leaves out what was imported before for the same organisation.
async fn refuse_known(session: &dyn Session, organiser: OrganisationId, series: &mut Vec<Series>, remarks: &mut Vec<Remark>) -> Result<()> {
    let uids: BTreeSet<&str> = series.iter().filter_map(|one| one.uid.as_deref()).collect();
    let known = dialogue_import::known(session, organiser, &uids).await?;
    series.retain(|one| {
        let is_known = one.uid.as_ref().is_some_and(|uid| known.contains(uid));
        if is_known {
            let message = "An event of this UID was imported before. Change its dialogue instead.";
            remarks.push(Remark::refused(one.line, Reason::AlreadyDone, message));
        }
        !is_known
    });
    Ok(())
}

/// Makes one dialogue with its meetings; says how many there are.
async fn create(uow: &UnitOfWork<'_>, one: &Series) -> Result<(Dialogue, usize)> {
    let (app, now) = (uow.app(), uow.ctx().now);
    let created = Dialogue { id: app.ids.new_id(), ..one.dialogue.clone() };
    let zone = created.recurrence.zone;
    let mut dates: BTreeMap<_, _> = one.dates.iter().map(|date| (date.original, *date)).collect();
    for apart in &one.apart {
        // One beyond the horizon has its row before its time, since the series does not say where it was moved to.
        let date = Occurrence { starts_at: resolve(zone, apart.original), original: apart.original, zone };
        dates.entry(apart.original).or_insert(date);
    }
    let lay_out = |date: Occurrence| {
        let meeting = Meeting::lay_out(app.ids.new_id(), &created, date, now);
        match one.apart.iter().find(|apart| apart.original == date.original) {
            Some(apart) => apart.applied(meeting),
            None => meeting,
        }
    };
    let meetings: Vec<Meeting> = dates.into_values().map(lay_out).collect();
    dialogue::insert(uow.writer(), &created, || app.ids.uuid()).await?;
    meeting::insert_missing(uow.writer(), &meetings).await?;
    // Nobody is invited to what lies behind.
    let is_ahead =
        meetings.iter().any(|meeting| meeting.starts_at > now) || !created.recurrence.between(Some(now), None, 1)?.items.is_empty();
    if is_ahead {
        calendar_letter::of_series(uow, None, &created).await?;
    }
    Ok((created, meetings.len()))
}

/// The dialogues of an earlier import, by their lines.
async fn made_before(uow: &UnitOfWork<'_>, run: uuid::Uuid) -> Result<BTreeMap<usize, Dialogue>> {
    let rows = dialogue_import::of_run(uow.writer(), run).await?;
    let ids: Vec<DialogueId> = rows.iter().map(|(_, id)| *id).collect();
    let found = dialogue::find_many(uow.writer(), &uow.ctx().dialogues(), &ids).await?;
    let of = |(line, id): (usize, DialogueId)| Some((line, found.iter().find(|one| one.id == id)?.clone()));
    Ok(rows.into_iter().filter_map(of).collect())
}

fn imported(one: &Series, dialogue: Dialogue, meetings: usize, is_made: bool) -> Imported {
    Imported { line: one.line, uid: one.uid.clone(), dialogue, meetings, is_made }
}

fn report(series: Vec<Imported>, mut remarks: Vec<Remark>) -> Report {
    remarks.sort_by_key(|remark| remark.line);
    Report { remarks, series }
}
