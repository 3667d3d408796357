//! Meetings and the queries for them.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use tertulia_app::dialogue::meeting;
use tertulia_domain::{
    Error, Faults, Result,
    dialogue::{self as domain, wall_time},
    id::{DialogueId, MeetingId, read},
    page::{Page, PageRequest},
    time::{Instant, zone},
};

use super::{
    agenda::{self, AgendaItem, shown},
    commitment::Commitment,
    commitment_query,
    dialogue::Dialogue,
    load::{CountOf, FirstPageOf, Wanted, agendas},
    minutes::{self, Minutes},
    parts::{Interpretation, Venue},
    words::{MeetingFormat, MeetingOrder, MeetingStatus},
};
use crate::graphql::{
    Resolving,
    connection::{Connection, page, wants},
    scalar::{DateTime, Duration, LanguageTag, LocalDateTime, TimeZone, Url},
    text,
};

/// A meeting as the schema shows it.
pub struct Meeting(pub(crate) Arc<domain::Meeting>, Option<Arc<Vec<domain::AgendaItem>>>);

impl From<Arc<domain::Meeting>> for Meeting {
    fn from(meeting: Arc<domain::Meeting>) -> Self {
        Self(meeting, None)
    }
}

impl From<domain::Meeting> for Meeting {
    fn from(meeting: domain::Meeting) -> Self {
        Arc::new(meeting).into()
    }
}

/// One date of a dialogue. Its id is permanent, wherever it is moved.
#[Object]
impl Meeting {
    /// The meeting's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its dialogue.
    async fn dialogue(&self, ctx: &Context<'_>) -> Option<Result<Dialogue>> {
        Some(self.series(ctx).await.map(Dialogue))
    }

    /// Its title: its own, or that of its dialogue, in the reader's language where there is one.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wanted; without it the request's `Accept-Language` counts.")] language: Option<LanguageTag>,
    ) -> Option<Result<String>> {
        Some(self.title_for(ctx, language).await)
    }

    /// How far it has come.
    async fn status(&self) -> MeetingStatus {
        self.0.status.into()
    }

    /// Why it was moved or cancelled, for everybody who reads it.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Where it takes place.
    async fn format(&self) -> MeetingFormat {
        self.0.format.into()
    }

    /// When it begins.
    async fn starts_at(&self) -> DateTime {
        DateTime(self.0.starts_at)
    }

    /// When it ends.
    async fn ends_at(&self) -> DateTime {
        DateTime(self.0.ends_at)
    }

    /// What the clocks show when it begins.
    async fn local_start(
        &self,
        #[graphql(desc = "Where those clocks stand; without it in the meeting's own zone.")] time_zone: Option<TimeZone>,
    ) -> Option<Result<LocalDateTime>> {
        Some(self.local(self.0.starts_at, time_zone))
    }

    /// What the clocks show when it ends.
    async fn local_end(
        &self,
        #[graphql(desc = "Where those clocks stand; without it in the meeting's own zone.")] time_zone: Option<TimeZone>,
    ) -> Option<Result<LocalDateTime>> {
        Some(self.local(self.0.ends_at, time_zone))
    }

    /// The meeting's own zone.
    async fn time_zone(&self) -> TimeZone {
        self.0.zone.name().into()
    }

    /// How long it takes.
    async fn duration(&self) -> Duration {
        self.0.length.into()
    }

    /// The wall time that the dialogue's recurrence names for it, in the dialogue's zone. It stays when the meeting is moved.
    async fn original_start(&self) -> LocalDateTime {
        LocalDateTime(self.0.original_start)
    }

    /// The languages spoken.
    async fn working_languages(&self) -> Vec<LanguageTag> {
        self.0.working_languages.iter().map(|tag| tag.as_str().into()).collect()
    }

    /// The languages into which it is interpreted.
    async fn interpretation(&self) -> Vec<Interpretation> {
        self.0.interpretation.iter().cloned().map(Interpretation::from).collect()
    }

    /// The place: its own, or that of its dialogue.
    async fn venue(&self, ctx: &Context<'_>) -> Option<Result<Venue>> {
        self.place(ctx).await.transpose()
    }

    /// The link by which the dialogue's parties join; null, without an error, for everybody but them and the coordinator.
    async fn join_url(&self, ctx: &Context<'_>) -> Option<Result<Url>> {
        let join = |series: Arc<domain::Dialogue>| meeting::join_url(ctx.caller(), &self.0, &series).map(|url| url.as_str().into());
        self.series(ctx).await.map(join).transpose()
    }

    /// What it is about, point by point, as far as you may read it.
    async fn agenda(&self, ctx: &Context<'_>) -> Result<Vec<AgendaItem>> {
        match &self.1 {
            Some(agenda) => Ok(shown(agenda)),
            None => agenda::agenda(ctx, self.0.id).await,
        }
    }

    /// How long the points of the agenda that you may read take together, to be compared with `duration`; null if none says.
    async fn agenda_duration(&self, ctx: &Context<'_>) -> Option<Result<Duration>> {
        agenda::duration(ctx, self.0.id).await.transpose()
    }

    /// Its minutes, as far as you may read them; null if there are none for you.
    async fn minutes(&self, ctx: &Context<'_>) -> Option<Result<Minutes>> {
        minutes::of_meeting(ctx, self.0.id).await.transpose()
    }

    /// What was promised at it, as far as you may read it, by the day on which it is due.
    async fn commitments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Commitment>>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(commitment_query::of_meeting(ctx, self.0.id, request).await)
    }

    /// How often its date was changed, as iCalendar counts: 0 for one as it was laid out.
    async fn sequence(&self) -> i64 {
        self.0.sequence
    }

    /// When it was laid out.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Its version, for edits.
    async fn version(&self) -> i64 {
        self.0.version
    }
}

impl Meeting {
    async fn series(&self, ctx: &Context<'_>) -> Result<Arc<domain::Dialogue>> {
        let found = ctx.loaders().load_one(self.0.dialogue).await?;
        found.ok_or_else(|| Error::broken("a meeting was shown whose dialogue may not be read"))
    }

    async fn title_for(&self, ctx: &Context<'_>, language: Option<LanguageTag>) -> Result<String> {
        match &self.0.title {
            Some(title) => text::best(ctx, title, language.as_ref()),
            None => text::best(ctx, &self.series(ctx).await?.title, language.as_ref()),
        }
    }

    async fn place(&self, ctx: &Context<'_>) -> Result<Option<Venue>> {
        match &self.0.venue {
            Some(venue) => Ok(Some(Venue(venue.clone()))),
            None => Ok(self.series(ctx).await?.venue_of(&self.0).map(Venue)),
        }
    }

    fn local(&self, at: Instant, time_zone: Option<TimeZone>) -> Result<LocalDateTime> {
        let zone = time_zone.map(|name| zone(&name).map_err(|error| error.under("timeZone"))).transpose()?;
        Ok(LocalDateTime(wall_time::wall(zone.unwrap_or(self.0.zone), at)))
    }
}

/// What to narrow a list of meetings to. What is left out does not narrow.
#[derive(InputObject, Default)]
pub(super) struct MeetingFilter {
    /// That begin at or after this instant.
    starts_from: Option<DateTime>,
    /// That begin before this instant.
    starts_to: Option<DateTime>,
    /// `true`: that have not ended and are not cancelled.
    upcoming: Option<bool>,
    /// Of these dialogues. At most 100.
    dialogue_ids: Option<Vec<ID>>,
    /// With one of these statuses.
    statuses: Option<Vec<MeetingStatus>>,
}

impl MeetingFilter {
    fn check(self, now: Instant) -> Result<domain::MeetingFilter> {
        let mut faults = Faults::default();
        let raw = self.dialogue_ids.unwrap_or_default();
        if raw.len() > 100 {
            faults.add(tertulia_domain::Reason::TooLong, "filter.dialogueIds", "At most 100 dialogues.");
        }
        let ids = raw.iter().take(100).enumerate();
        let ids: Vec<DialogueId> = ids.filter_map(|(index, raw)| faults.check(&format!("filter.dialogueIds.{index}"), read(raw))).collect();
        faults.finish()?;
        Ok(domain::MeetingFilter {
            starts_from: self.starts_from.map(|at| at.0),
            starts_to: self.starts_to.map(|at| at.0),
            upcoming_at: self.upcoming.unwrap_or(false).then_some(now),
            dialogues: ids,
            statuses: self.statuses.unwrap_or_default().into_iter().map(Into::into).collect(),
        })
    }
}

/// Queries for meetings.
#[derive(Default)]
pub(super) struct MeetingQuery;

#[Object]
impl MeetingQuery {
    /// A meeting, by id; null if there is none that you may read. Who: anyone.
    async fn meeting(&self, ctx: &Context<'_>, #[graphql(desc = "The meeting's id.")] id: ID) -> Option<Result<Meeting>> {
        by_id(ctx, &id).await.transpose()
    }

    /// The meetings of the dialogues that you may read, a page at a time, across all zones. Who: anyone.
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments, a filter and an order")]
    async fn meetings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to narrow the list to.")] filter: Option<MeetingFilter>,
        #[graphql(desc = "How to sort it.", default_with = "MeetingOrder::StartsAt")] order_by: MeetingOrder,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Meeting>>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(list(ctx, filter.unwrap_or_default().check(ctx.caller().now), order_by, request).await)
    }
}

pub(super) async fn by_id(ctx: &Context<'_>, raw: &str) -> Result<Option<Meeting>> {
    let id: MeetingId = read(raw).map_err(|error| error.under("id"))?;
    Ok(ctx.loaders().load_one(id).await?.map(Meeting::from))
}

async fn list(
    ctx: &Context<'_>,
    filter: Result<domain::MeetingFilter>,
    order: MeetingOrder,
    request: Result<PageRequest>,
) -> Result<Connection<Meeting>> {
    let (filter, request) = (filter?, request?);
    let found = meeting::list(ctx.app(), ctx.caller(), &filter, order == MeetingOrder::StartsAtDesc, &request).await?;
    let (app, caller) = ctx.shared();
    let count = move || {
        let (app, caller, filter) = (Arc::clone(&app), Arc::clone(&caller), filter.clone());
        async move { meeting::count(&app, &caller, &filter).await }
    };
    Ok(Connection::new(with_agendas(ctx, found).await?, count))
}

/// The page's meetings, and their agendas where the document asks for them: its items would otherwise gather first and then wait.
async fn with_agendas(ctx: &Context<'_>, page: Page<domain::Meeting>) -> Result<Page<Meeting>> {
    if !wants(ctx, &["agenda"]) {
        return Ok(page.map(Meeting::from));
    }
    let ids: Vec<MeetingId> = page.edges.iter().map(|edge| edge.item.id).collect();
    let mut agendas = agendas(ctx.app(), ctx.caller(), &ids).await?;
    Ok(page.map(|meeting| {
        let agenda = agendas.remove(&meeting.id).unwrap_or_default();
        Meeting(Arc::new(meeting), Some(Arc::new(agenda)))
    }))
}

/// The meetings of one dialogue. First pages are loaded together for all dialogues of a level.
pub(super) async fn of_dialogue(
    ctx: &Context<'_>,
    id: DialogueId,
    filter: MeetingFilter,
    order: MeetingOrder,
    request: Result<PageRequest>,
) -> Result<Connection<Meeting>> {
    let (mut filter, request) = (filter.check(ctx.caller().now)?, request?);
    let is_wanted = filter.dialogues.is_empty() || filter.dialogues.contains(&id);
    filter.dialogues.clear();
    if !is_wanted {
        let none = tertulia_domain::page::Page { edges: Vec::new(), has_next: false, has_previous: false };
        return Ok(Connection::new(none, || async { Ok(0) }));
    }
    let is_first = request.after.is_none() && request.before.is_none() && request.direction == tertulia_domain::page::Direction::Forward;
    if !is_first {
        filter.dialogues = vec![id];
        return list(ctx, Ok(filter), order, Ok(request)).await;
    }
    let wanted = Wanted { filter: filter.clone(), descending: order == MeetingOrder::StartsAtDesc, limit: request.limit };
    let found = ctx.loaders().load_one(FirstPageOf { dialogue: id, wanted }).await?;
    let found = found.ok_or_else(|| Error::broken("a dialogue without a page of meetings"))?;
    // Counted with the other dialogues of the level, which the connection alone could not do.
    let is_counted = ctx.look_ahead().field("totalCount").exists();
    let counted = if is_counted { ctx.loaders().load_one(CountOf(id, filter)).await? } else { None };
    let count = move || async move { Ok(counted.unwrap_or(0)) };
    Ok(Connection::new((*found).clone().map(Meeting::from), count))
}
