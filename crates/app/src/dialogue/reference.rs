//! The dialogue and the held meeting that ship with the program: Madrid, 24 February 2025.

use std::collections::HashMap;

use serde::Deserialize;
use tertulia_domain::{
    Error, Result,
    dialogue::{
        AgendaItem, AgendaItemKind, AgendaVisibility, Attribution, Dialogue, DialogueKind, DialogueStatus, DialogueVisibility,
        Interpretation, InterpretationKind, Length, Meeting, MeetingFormat, MeetingStatus, Occurrence, Recurrence, Speaker, Venue,
        wall_time,
    },
    id::OrganisationId,
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text::{LanguageTag, LocalizedText},
    time::{Instant, zone},
};
use tertulia_persistence::{
    dialogue::{agenda, dialogue, meeting},
    directory::organisation,
};

use crate::{App, Ctx, directory::reference::MADRID};

/// The file's form.
#[derive(Deserialize)]
struct File {
    dialogue: SeriesFile,
    meeting: MeetingFile,
}

#[derive(Deserialize)]
struct SeriesFile {
    key: String,
    title: LocalizedText,
    purpose: Option<String>,
    kind: DialogueKind,
    conveners: Vec<String>,
    working_languages: Vec<LanguageTag>,
    visibility: DialogueVisibility,
}

#[derive(Deserialize)]
struct MeetingFile {
    title: LocalizedText,
    status: MeetingStatus,
    format: MeetingFormat,
    local_start: String,
    time_zone: String,
    duration: Length,
    venue: Venue,
    working_languages: Vec<LanguageTag>,
    interpretation: InterpretationFile,
    agenda: Vec<ItemFile>,
}

#[derive(Deserialize)]
struct InterpretationFile {
    simultaneous: bool,
    languages: Option<Vec<LanguageTag>>,
}

#[derive(Deserialize)]
struct ItemFile {
    title: LocalizedText,
    speakers: Vec<SpeakerFile>,
}

#[derive(Deserialize)]
struct SpeakerFile {
    name: String,
    role: Option<String>,
    organisation: Option<String>,
}

/// Organisations by their keys in the reference files.
type Keys = HashMap<String, OrganisationId>;

/// Loads the dialogue, its meeting and its agenda, if they are not there and the directory has their conveners; says whether
/// it did.
pub async fn load(app: &App, ctx: &Ctx) -> Result<bool> {
    let grant = ctx.allow(Act::DirectoryImport, &Scope::default())?;
    let file: File = serde_json::from_str(MADRID).map_err(Error::internal)?;
    let uow = app.begin(ctx).await?;
    if dialogue::find_by_slug(uow.writer(), &ctx.dialogues(), &file.dialogue.key).await?.is_some() {
        return Ok(false);
    }
    let organisations = organisation::all(uow.writer()).await?;
    let keys: Keys = organisations.into_iter().filter_map(|one| Some((one.key?, one.id))).collect();
    let conveners: Vec<OrganisationId> = file.dialogue.conveners.iter().filter_map(|key| keys.get(key).copied()).collect();
    if conveners.is_empty() {
        return Ok(false);
    }
    let series = series(app, &file, conveners, ctx.now)?;
    let held = held(app, &file.meeting, &series, ctx.now);
    let items: Vec<AgendaItem> = file.meeting.agenda.into_iter().zip(1..).map(|item| point(app, item, &held, &keys)).collect();
    dialogue::insert(uow.writer(), &series, || app.ids.uuid()).await?;
    meeting::insert_missing(uow.writer(), std::slice::from_ref(&held)).await?;
    agenda::insert(uow.writer(), &items).await?;
    uow.commit(grant, [Event::new(Topic::DialogueCreated, series.id.any())]).await?;
    Ok(true)
}

/// The dialogue. Its programme states no rule by which it meets: it has single dates.
fn series(app: &App, file: &File, conveners: Vec<OrganisationId>, now: Instant) -> Result<Dialogue> {
    let of_it = &file.dialogue;
    let recurrence = Recurrence {
        local_start: wall_time::parse(&file.meeting.local_start)?,
        zone: zone(&file.meeting.time_zone)?,
        rule: None,
        excluded: Vec::new(),
        additional: Vec::new(),
        rotation: Vec::new(),
    };
    Ok(Dialogue {
        id: app.ids.new_id(),
        slug: Some(of_it.key.clone()),
        title: of_it.title.clone(),
        purpose: of_it.purpose.clone(),
        kind: of_it.kind,
        conveners,
        members: Vec::new(),
        recurrence,
        length: file.meeting.duration,
        format: file.meeting.format,
        visibility: of_it.visibility,
        working_languages: of_it.working_languages.clone(),
        attribution_default: Attribution::Attributed,
        join_url: None,
        venue: None,
        status: DialogueStatus::Active,
        stretches: Vec::new(),
        closed_from: None,
        sequence: 0,
        laid_out_to: None,
        generated: false,
        created_at: now,
        updated_at: now,
        version: 1,
    })
}

fn held(app: &App, file: &MeetingFile, series: &Dialogue, now: Instant) -> Meeting {
    let original = series.recurrence.local_start;
    let occurrence = Occurrence { starts_at: wall_time::resolve(series.recurrence.zone, original), original, zone: series.recurrence.zone };
    let languages = match (&file.interpretation.languages, file.interpretation.simultaneous) {
        (_, false) => Vec::new(),
        (Some(languages), true) => languages.iter().cloned().map(Some).collect(),
        // The programme says that there is interpretation, and not into what.
        (None, true) => vec![None],
    };
    let kind = InterpretationKind::Simultaneous;
    Meeting {
        title: Some(file.title.clone()),
        status: file.status,
        format: file.format,
        venue: Some(file.venue.clone()),
        working_languages: file.working_languages.clone(),
        interpretation: languages.into_iter().map(|language| Interpretation { language, kind, confirmed: true }).collect(),
        ..Meeting::lay_out(app.ids.new_id(), series, occurrence, now)
    }
}

fn point(app: &App, (item, position): (ItemFile, i64), held: &Meeting, keys: &Keys) -> AgendaItem {
    let speaker = |one: SpeakerFile| Speaker {
        name: one.name,
        role: one.role,
        organisation: one.organisation.and_then(|key| keys.get(&key).copied()),
        expert: None,
    };
    let speakers = item.speakers.into_iter().map(speaker).collect();
    AgendaItem {
        id: app.ids.new_id(),
        meeting: held.id,
        position,
        title: item.title,
        kind: AgendaItemKind::Other,
        length: None,
        speakers,
        documents: Vec::new(),
        // The programme was published with these names.
        visibility: AgendaVisibility::Open,
        attribution: Attribution::Attributed,
    }
}
