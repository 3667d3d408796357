//! What stands between now and meetings, for who organises them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use tertulia_domain::{
    Result,
    dialogue::{
        AgendaItem, Dialogue, Meeting, MeetingFilter, MeetingStatus, ParticipationStatus,
        minutes::MinutesStatus,
        readiness::{Facts, Finding},
    },
    id::{DialogueId, MeetingId, OrganisationId},
    policy::{Act, ParticipationSight},
    text::LanguageTag,
    time::Instant,
};
use tertulia_persistence::{
    Reader,
    dialogue::{agenda, dialogue, meeting, minutes, participation},
};

use super::election_window::{self, Asked};
use crate::{App, Ctx};

/// What stands between now and each of these meetings, which the caller was shown; one that he does not organise does not occur.
pub async fn of_meetings(app: &App, ctx: &Ctx, meetings: &[Arc<Meeting>]) -> Result<HashMap<MeetingId, Vec<Finding>>> {
    ctx.may(Act::DialogueRead)?;
    let reader = app.reader(ctx);
    let dialogues = organised(&reader, ctx, meetings).await?;
    let meetings: Vec<&Arc<Meeting>> = meetings.iter().filter(|one| dialogues.contains_key(&one.dialogue)).collect();
    if meetings.is_empty() {
        return Ok(HashMap::new());
    }
    let known = Known::of(app, ctx, &reader, &meetings).await?;
    let one = |meeting: &&Arc<Meeting>| {
        let dialogue = dialogues.get(&meeting.dialogue)?;
        Some((meeting.id, known.findings(meeting, dialogue, ctx.now)))
    };
    Ok(meetings.iter().filter_map(one).collect())
}

/// The dialogues of these meetings that the caller organises.
async fn organised(reader: &Reader, ctx: &Ctx, meetings: &[Arc<Meeting>]) -> Result<HashMap<DialogueId, Dialogue>> {
    let sight = ParticipationSight::of(&ctx.actor);
    let ids: Vec<DialogueId> = meetings.iter().map(|one| one.dialogue).collect();
    let found = dialogue::find_many(reader, &ctx.dialogues(), &ids).await?;
    Ok(found.into_iter().filter(|one| sight.organises(&one.conveners)).map(|one| (one.id, one)).collect())
}

/// What is known of meetings, one statement a kind for all of them.
struct Known {
    agendas: HashMap<MeetingId, Vec<AgendaItem>>,
    replies: HashMap<MeetingId, BTreeMap<OrganisationId, bool>>,
    needs: HashMap<MeetingId, Vec<Vec<LanguageTag>>>,
    elections: HashMap<MeetingId, (usize, usize)>,
    without_minutes: HashMap<DialogueId, Instant>,
}

impl Known {
    async fn of(app: &App, ctx: &Ctx, reader: &Reader, meetings: &[&Arc<Meeting>]) -> Result<Self> {
        let ids: Vec<MeetingId> = meetings.iter().map(|one| one.id).collect();
        let mut agendas: HashMap<MeetingId, Vec<AgendaItem>> = HashMap::new();
        for item in agenda::find_many(reader, &ctx.dialogues(), &ids).await? {
            agendas.entry(item.meeting).or_default().push(item);
        }
        let mut replies: HashMap<MeetingId, BTreeMap<OrganisationId, bool>> = HashMap::new();
        for (meeting, organisation, status) in participation::replies(reader, &ids).await? {
            *replies.entry(meeting).or_default().entry(organisation).or_default() |= status != ParticipationStatus::Invited;
        }
        let mut needs: HashMap<MeetingId, Vec<Vec<LanguageTag>>> = HashMap::new();
        for (meeting, languages) in participation::comers(reader, &ids).await? {
            needs.entry(meeting).or_default().push(languages);
        }
        let elections = elections(app, ctx, meetings).await?;
        let without_minutes = without_minutes(reader, ctx, meetings).await?;
        Ok(Self { agendas, replies, needs, elections, without_minutes })
    }

    fn findings(&self, meeting: &Meeting, dialogue: &Dialogue, now: Instant) -> Vec<Finding> {
        let needs = self.needs.get(&meeting.id).map_or(&[][..], Vec::as_slice);
        let gap = meeting.interpretation_gap(needs.iter().map(Vec::as_slice));
        let (conflicts, warnings) = self.elections.get(&meeting.id).copied().unwrap_or_default();
        let replies = self.replies.get(&meeting.id);
        let facts = Facts {
            meeting,
            dialogue,
            agenda: self.agendas.get(&meeting.id).map_or(&[], Vec::as_slice),
            invited: replies.map_or(0, BTreeMap::len),
            unanswered: replies.map_or(0, |all| all.values().filter(|replied| !**replied).count()),
            gap: &gap,
            conflicts,
            warnings,
            without_minutes: self.without_minutes.get(&meeting.dialogue).copied(),
        };
        facts.findings(now)
    }
}

/// Into how many elections' days each meeting falls, and into how many it may.
async fn elections(app: &App, ctx: &Ctx, meetings: &[&Arc<Meeting>]) -> Result<HashMap<MeetingId, (usize, usize)>> {
    let window = app.dialogue.window;
    let asked =
        |one: &&Arc<Meeting>| Asked { meeting: one.id, dialogue: one.dialogue, starts_at: one.starts_at, ends_at: one.ends_at, window };
    let found = election_window::of_meetings(app, ctx, &meetings.iter().map(asked).collect::<Vec<_>>()).await?;
    let count = |(asked, conflicts): (Asked, Vec<_>)| {
        let certain = conflicts.iter().filter(|one: &&tertulia_domain::dialogue::election_window::Conflict| one.certain).count();
        (asked.meeting, (certain, conflicts.len() - certain))
    };
    Ok(found.into_iter().map(count).collect())
}

/// When each dialogue last met, where the minutes of that meeting are not adopted.
async fn without_minutes(reader: &Reader, ctx: &Ctx, meetings: &[&Arc<Meeting>]) -> Result<HashMap<DialogueId, Instant>> {
    let filter = MeetingFilter {
        dialogues: meetings.iter().map(|one| one.dialogue).collect(),
        statuses: vec![MeetingStatus::Held, MeetingStatus::Archived],
        ..MeetingFilter::default()
    };
    let last: Vec<Meeting> =
        meeting::first_of_each(reader, &ctx.dialogues(), &filter, true, 1).await?.into_iter().map(|(_, one)| one).collect();
    if last.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<MeetingId> = last.iter().map(|one| one.id).collect();
    let adopted: Vec<MeetingId> = minutes::of_meetings(reader, &ctx.dialogues(), &ids)
        .await?
        .into_iter()
        .filter(|seen| MinutesStatus::PUBLISHED.contains(&seen.minutes.status))
        .map(|seen| seen.minutes.meeting)
        .collect();
    Ok(last.into_iter().filter(|one| !adopted.contains(&one.id)).map(|one| (one.dialogue, one.starts_at)).collect())
}
