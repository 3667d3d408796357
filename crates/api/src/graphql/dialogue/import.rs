//! Dialogues from an iCalendar file.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use tertulia_app::dialogue::import::{self, Import, Imported, Remark, Report};
use tertulia_domain::{Result, dialogue as domain};

use super::{
    dialogue::Dialogue,
    input::texts,
    words::{Attribution, DialogueKind, DialogueVisibility, MeetingFormat},
};
use crate::graphql::{
    Resolving,
    payload::{ErrorReason, UserError, payload},
    scalar::{Duration, LanguageTag, LocalDateTime, TimeZone},
};

/// A file to be imported. What its dialogues have in common stands here; their titles, dates, places and links come from the file.
///
/// Of an event are read: UID, SUMMARY, DTSTART, DTEND or DURATION, RRULE, RDATE, EXDATE, RECURRENCE-ID, STATUS, LOCATION, and
/// CONFERENCE or URL. A description is not taken, since it often holds what only those who are invited may read. A whole day is a meeting from
/// midnight to midnight. A first date that its rule does not yield takes place too. Times that the clocks jump over are read as everywhere here.
#[derive(InputObject)]
pub(super) struct DialogueImportInput {
    /// The text of the file (RFC 5545), at most 512 KiB with 1,000 events.
    text: String,
    /// What the dialogues are for.
    kind: DialogueKind,
    /// Ids of the organisations that invite, at least one. What was imported before is known by the first of them.
    conveners: Vec<ID>,
    /// Ids of the organisations that take part besides. At most 500.
    members: Option<Vec<ID>>,
    /// Where meetings take place.
    format: MeetingFormat,
    /// Who reads the dialogues and their meetings.
    visibility: DialogueVisibility,
    /// The languages spoken. At most 20.
    working_languages: Option<Vec<LanguageTag>>,
    /// What may be told of who spoke, at points of an agenda and in minutes that state no rule of their own.
    #[graphql(default_with = "Attribution::Attributed")]
    attribution_default: Attribution,
    /// The language of titles that name none.
    #[graphql(default_with = "LanguageTag(String::from(\"en\"))")]
    language: LanguageTag,
    /// The zone of whole days, and of times that name none; without it the calendar's own (X-WR-TIMEZONE), else the only one that it
    /// describes, else UTC.
    time_zone: Option<TimeZone>,
    /// How long a meeting takes that does not say so, from a minute to a week.
    #[graphql(default_with = "Duration(String::from(\"PT1H\"))")]
    duration: Duration,
    /// Whether to say only what would be made.
    #[graphql(default = true)]
    pub(super) dry_run: bool,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers with the dialogues made before.
    pub(super) idempotency_key: Option<String>,
}

impl DialogueImportInput {
    fn command(self) -> Import {
        let draft = domain::DialogueDraft {
            title: Vec::new(),
            purpose: None,
            kind: self.kind.into(),
            conveners: texts(Some(self.conveners)),
            members: texts(self.members),
            recurrence: domain::RawRecurrence::default(),
            duration: self.duration.0,
            format: self.format.into(),
            visibility: self.visibility.into(),
            working_languages: self.working_languages.unwrap_or_default().into_iter().map(|tag| tag.0).collect(),
            attribution_default: self.attribution_default.into(),
            join_url: None,
            venue: None,
            generated: false,
        };
        Import { text: self.text, draft, language: self.language.0, time_zone: self.time_zone.map(|zone| zone.0) }
    }
}

/// What there is to say of a line of the file.
#[derive(SimpleObject)]
pub(super) struct DialogueImportLine {
    /// The line's number in the file, from 1.
    line: i32,
    /// Whether the event was left out because of it. Otherwise it was read in another way than the line says.
    refused: bool,
    /// Why. `ALREADY_DONE`: an event of this UID was imported before for the same convener. `NOT_ALLOWED_NOW`: the event was cancelled.
    reason: ErrorReason,
    /// The same in words for a person, in English.
    message: String,
}

/// A series of the file.
#[derive(SimpleObject)]
pub(super) struct DialogueImportSeries {
    /// The line on which its event begins.
    line: i32,
    /// Its name among calendars.
    uid: Option<String>,
    /// Its title.
    title: String,
    /// The rule of its dates (RFC 5545); `FREQ=DAILY;COUNT=1` for an event that stands alone.
    rule: Option<String>,
    /// The wall time of its first date.
    local_start: LocalDateTime,
    /// The zone of that wall time.
    time_zone: TimeZone,
    /// How long a meeting takes.
    duration: Duration,
    /// How many meetings are laid out.
    meeting_count: i32,
    /// The dialogue that was made; null in a dry run.
    dialogue: Option<Dialogue>,
}

/// What importing a file answered. What could not be imported stands in `lines` and hinders nothing else.
#[derive(SimpleObject)]
pub(super) struct DialogueImportPayload {
    /// The dialogues that were made, in the order of the file; empty in a dry run, null if the import was refused as a whole.
    dialogues: Option<Vec<Dialogue>>,
    /// What can be imported, or was, in the order of the file.
    series: Vec<DialogueImportSeries>,
    /// What was left out or read in another way than it says, in the order of the file.
    lines: Vec<DialogueImportLine>,
    /// Why the import was refused as a whole; empty if it was not.
    user_errors: Vec<UserError>,
}

/// The mutation that imports dialogues.
#[derive(Default)]
pub(super) struct ImportMutation;

#[Object]
impl ImportMutation {
    /// Makes a dialogue of each series of an iCalendar file, its moved and cancelled meetings with it: first as a dry run, which
    /// reports by line what cannot be imported and keeps nothing. An event that was imported before is reported and left alone. At most
    /// 200 dialogues with 10,000 meetings from one file. Electoral bodies and platforms import bilateral dialogues that they convene; the coordinator any.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn dialogue_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: DialogueImportInput,
    ) -> Option<Result<DialogueImportPayload>> {
        let (key, dry_run) = (input.idempotency_key.clone(), input.dry_run);
        let language = domain_language(&input.language);
        let done = import::import(ctx.app(), ctx.caller(), input.command(), dry_run, key.as_deref()).await;
        payload(done, |report, user_errors| shown(report, language.as_slice(), user_errors))
    }
}

fn domain_language(language: &LanguageTag) -> Vec<tertulia_domain::text::LanguageTag> {
    tertulia_domain::text::LanguageTag::parse(&language.0).into_iter().collect()
}

fn shown(report: Option<Report>, languages: &[tertulia_domain::text::LanguageTag], user_errors: Vec<UserError>) -> DialogueImportPayload {
    let Some(report) = report else {
        return DialogueImportPayload { dialogues: None, series: Vec::new(), lines: Vec::new(), user_errors };
    };
    let made = |one: &Imported| one.is_made.then(|| Dialogue(Arc::new(one.dialogue.clone())));
    let series = |one: &Imported| DialogueImportSeries {
        line: count(one.line),
        uid: one.uid.clone(),
        title: one.dialogue.title.best(languages).to_owned(),
        rule: one.dialogue.recurrence.rule.as_ref().map(ToString::to_string),
        local_start: LocalDateTime(one.dialogue.recurrence.local_start),
        time_zone: one.dialogue.recurrence.zone.name().into(),
        duration: Duration(one.dialogue.length.to_string()),
        meeting_count: count(one.meetings),
        dialogue: made(one),
    };
    let line = |remark: &Remark| DialogueImportLine {
        line: count(remark.line),
        refused: remark.is_refused,
        reason: remark.reason.into(),
        message: remark.message.clone(),
    };
    DialogueImportPayload {
        dialogues: Some(report.series.iter().filter_map(made).collect()),
        series: report.series.iter().map(series).collect(),
        lines: report.remarks.iter().map(line).collect(),
        user_errors,
    }
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
