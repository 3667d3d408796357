//! Meetings.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use tertulia_domain::{
    Error, Result,
    dialogue::{self as domain, wall_time},
    time::{Instant, zone},
};

use super::{
    agenda::{self, AgendaItem, shown},
    commitment::Commitment,
    commitment_query,
    dialogue::Dialogue,
    election_window::{self, Certainty, ElectionConflict},
    minutes::{self, Minutes},
    participation::{self, Capacity, InterpretationGap, Participation, ParticipationFilter, Registration},
    parts::{Interpretation, Venue},
    readiness::{self, ReadinessItem},
    slot_poll::{OpenPollOf, SlotPoll},
    words::{MeetingFormat, MeetingStatus},
};
use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    scalar::{DateTime, Duration, LanguageTag, LocalDateTime, TimeZone, Url},
    text,
};

/// A meeting as the schema shows it.
pub struct Meeting(pub(crate) Arc<domain::Meeting>, pub(super) Option<Arc<Vec<domain::AgendaItem>>>);

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

    /// The link by which one joins; null, without an error, for everybody but the dialogue's parties, the coordinator and who has a
    /// seat.
    async fn join_url(&self, ctx: &Context<'_>) -> Option<Result<Url>> {
        participation::join_url(ctx, &self.0).await.transpose()
    }

    /// How many seats it has, and how many are taken.
    async fn capacity(&self) -> Capacity {
        Capacity(Arc::clone(&self.0))
    }

    /// Who can register, and when.
    async fn registration(&self) -> Registration {
        Registration(Arc::clone(&self.0))
    }

    /// The languages that those who come need and that are neither spoken nor confirmed, what most need first; null, without an
    /// error, for everybody but the organisers. Look at it before the meeting is confirmed.
    async fn interpretation_gap(&self, ctx: &Context<'_>) -> Option<Result<Vec<InterpretationGap>>> {
        participation::gap(ctx, &self.0).await.transpose()
    }

    /// Who takes part, as far as the list is open to you (`registration.participantsVisibleTo`) and each person consents: you see
    /// who comes. Organisers see everybody in every status, each sees his own, an administrator those of his organisation.
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments and a filter")]
    async fn participants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to narrow the list to.")] filter: Option<ParticipationFilter>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Participation>>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(participation::of_meeting(ctx, self.0.id, filter.unwrap_or_default(), request).await)
    }

    /// Your own participation; where there is none, an invitation of one of your organisations that names nobody yet and that you
    /// may answer. Null if there is neither.
    async fn viewer_participation(&self, ctx: &Context<'_>) -> Option<Result<Participation>> {
        participation::own(ctx, self.0.id).await.transpose()
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

    /// What stands between now and it, what matters most first, for its organisers: the coordinator and whoever acts for a convener.
    /// Null, without an error, for everybody else; empty for one that has begun or was called off.
    async fn readiness(&self, ctx: &Context<'_>) -> Option<Result<Vec<ReadinessItem>>> {
        readiness::of_meeting(ctx, &self.0).await.transpose()
    }

    /// The open poll about its slot; null if there is none that you may read.
    async fn slot_poll(&self, ctx: &Context<'_>) -> Option<Result<SlotPoll>> {
        ctx.loaders().load_one(OpenPollOf(self.0.id)).await.map(|found| found.map(SlotPoll)).transpose()
    }

    /// The elections of the countries of its dialogue's organisations into whose days it falls, and of those that come to it alone:
    /// its organisers read of all these, others of their own. Only polling days known to the day count, and none of an election that
    /// was put off or called off.
    async fn election_conflicts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Days before the first day of voting, as `P14D`; without it what the operator set (14 days).")] before: Option<
            Duration,
        >,
        #[graphql(desc = "Days after the last day of voting; without it what the operator set (7 days).")] after: Option<Duration>,
    ) -> Result<Vec<ElectionConflict>> {
        election_window::of_meeting(ctx, &self.0, Certainty::Certain, (before, after)).await
    }

    /// The elections into whose days it may fall: their polling day is known to its month or year only, or they were put off.
    async fn election_warnings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Days before the period, as `P14D`; without it what the operator set (14 days).")] before: Option<Duration>,
        #[graphql(desc = "Days after the period; without it what the operator set (7 days).")] after: Option<Duration>,
    ) -> Result<Vec<ElectionConflict>> {
        election_window::of_meeting(ctx, &self.0, Certainty::Possible, (before, after)).await
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
    pub(super) async fn series(&self, ctx: &Context<'_>) -> Result<Arc<domain::Dialogue>> {
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
