//! Dialogues and the queries for them.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use tertulia_app::dialogue::dialogue;
use tertulia_domain::{
    Faults, Result, dialogue as domain,
    id::{OrganisationId, read},
    page::PageRequest,
};

use super::{
    load::NextOf,
    meeting::Meeting,
    meeting_query::{MeetingFilter, of_dialogue},
    parts::{Venue, organisations},
    recurrence::Recurrence,
    words::{Attribution, DialogueKind, DialogueOrder, DialogueStatus, DialogueVisibility, MeetingFormat, MeetingOrder},
};
use crate::graphql::{
    PublicUrl, Resolving,
    connection::{Connection, page},
    directory::Organisation,
    scalar::{DateTime, Duration, LanguageTag, LocalDateTime, TimeZone, Url},
    text::{self, LocalizedText},
};

/// A dialogue as the schema shows it.
pub struct Dialogue(pub(crate) Arc<domain::Dialogue>);

/// A series of meetings between organisations, by a rule in wall time.
#[Object]
impl Dialogue {
    /// The dialogue's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its title, in the reader's language where there is one, else in English, else in any.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wanted; without it the request's `Accept-Language` counts.")] language: Option<LanguageTag>,
    ) -> Result<String> {
        text::best(ctx, &self.0.title, language.as_ref())
    }

    /// Its title in every language that there is.
    async fn titles(&self) -> Vec<LocalizedText> {
        text::all(&self.0.title)
    }

    /// What it is meant to reach.
    async fn purpose(&self) -> Option<&str> {
        self.0.purpose.as_deref()
    }

    /// What it is for.
    async fn kind(&self) -> DialogueKind {
        self.0.kind.into()
    }

    /// Whether it goes on.
    async fn status(&self) -> DialogueStatus {
        self.0.status.into()
    }

    /// Who reads it and its meetings.
    async fn visibility(&self) -> DialogueVisibility {
        self.0.visibility.into()
    }

    /// Who invites, in the order given.
    async fn conveners(&self, ctx: &Context<'_>) -> Result<Vec<Organisation>> {
        organisations(ctx, &self.0.conveners).await
    }

    /// Who takes part besides the conveners.
    async fn members(&self, ctx: &Context<'_>) -> Result<Vec<Organisation>> {
        organisations(ctx, &self.0.members).await
    }

    /// By which rule it meets. Where the series was moved from one of the rule's dates on, `meetings` say where and when they take
    /// place now.
    async fn recurrence(&self) -> Recurrence {
        Recurrence::from(&self.0.recurrence)
    }

    /// The zone in which its meetings keep their time of day.
    async fn time_zone(&self) -> TimeZone {
        self.0.recurrence.zone.name().into()
    }

    /// The first of the rule's dates on which no meeting takes place, while it is paused or since it ended.
    async fn closed_from(&self) -> Option<LocalDateTime> {
        self.0.closed_from.map(LocalDateTime)
    }

    /// How long its latest meetings take.
    async fn duration(&self) -> Duration {
        self.0.latest().length.into()
    }

    /// Where meetings take place, unless one says otherwise.
    async fn format(&self) -> MeetingFormat {
        self.0.format.into()
    }

    /// The languages spoken.
    async fn working_languages(&self) -> Vec<LanguageTag> {
        self.0.working_languages.iter().map(|tag| tag.as_str().into()).collect()
    }

    /// What may be told of who spoke, at points of an agenda and in minutes that state no rule of their own.
    async fn attribution_default(&self) -> Attribution {
        self.0.attribution_default.into()
    }

    /// The usual place of its latest meetings.
    async fn venue(&self) -> Option<Venue> {
        self.0.latest().venue.map(Venue)
    }

    /// The link by which its parties join; null, without an error, for everybody but them and the coordinator.
    async fn join_url(&self, ctx: &Context<'_>) -> Option<Url> {
        dialogue::join_url(ctx.caller(), &self.0).map(|url| url.as_str().into())
    }

    /// The next meeting that lies ahead and is not cancelled.
    async fn next_meeting(&self, ctx: &Context<'_>) -> Option<Result<Meeting>> {
        ctx.loaders().load_one(NextOf(self.0.id)).await.map(|found| found.map(Meeting::from)).transpose()
    }

    /// Its meetings, by the instant at which they begin. Meetings are laid out some 400 days ahead.
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
        Some(of_dialogue(ctx, self.0.id, filter.unwrap_or_default(), order_by, request).await)
    }

    /// Where anyone can subscribe to its calendar (iCalendar); null unless the dialogue is public. For others make a private
    /// address with `feedTokenCreate`.
    async fn calendar_url(&self, ctx: &Context<'_>) -> Option<Url> {
        let is_public = self.0.visibility == domain::DialogueVisibility::Public;
        is_public.then(|| format!("{}/v1/dialogues/{}/calendar.ics", PublicUrl::of(ctx), self.0.id).into())
    }

    /// Whether a generator made it for a trial.
    async fn generated(&self) -> bool {
        self.0.generated
    }

    /// When it was created.
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

/// What to narrow a list of dialogues to. What is left out does not narrow.
#[derive(InputObject, Default)]
pub(super) struct DialogueFilter {
    /// Of one of these kinds.
    kinds: Option<Vec<DialogueKind>>,
    /// With one of these statuses.
    statuses: Option<Vec<DialogueStatus>>,
    /// To which this organisation belongs, as convener or member.
    organisation_id: Option<ID>,
}

impl DialogueFilter {
    fn check(self) -> Result<domain::DialogueFilter> {
        let mut faults = Faults::default();
        let organisation: Option<OrganisationId> = self.organisation_id.and_then(|raw| faults.check("filter.organisationId", read(&raw)));
        faults.finish()?;
        Ok(domain::DialogueFilter {
            kinds: self.kinds.unwrap_or_default().into_iter().map(Into::into).collect(),
            statuses: self.statuses.unwrap_or_default().into_iter().map(Into::into).collect(),
            organisation,
        })
    }
}

/// Queries for dialogues.
#[derive(Default)]
pub(super) struct DialogueQuery;

#[Object]
impl DialogueQuery {
    /// A dialogue, by id; null if there is none that you may read. Who: anyone.
    async fn dialogue(&self, ctx: &Context<'_>, #[graphql(desc = "The dialogue's id.")] id: ID) -> Option<Result<Dialogue>> {
        by_id(ctx, &id).await.transpose()
    }

    /// The dialogues that you may read, a page at a time: the public ones, those of the coalition for its members, and those
    /// to which your organisation belongs. Who: anyone.
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments, a filter and an order")]
    async fn dialogues(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to narrow the list to.")] filter: Option<DialogueFilter>,
        #[graphql(desc = "How to sort it.", default_with = "DialogueOrder::Title")] order_by: DialogueOrder,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Dialogue>>> {
        let DialogueOrder::Title = order_by;
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(list(ctx, filter.unwrap_or_default(), request).await)
    }
}

pub(super) async fn by_id(ctx: &Context<'_>, raw: &str) -> Result<Option<Dialogue>> {
    let id: tertulia_domain::id::DialogueId = read(raw).map_err(|error| error.under("id"))?;
    Ok(ctx.loaders().load_one(id).await?.map(Dialogue))
}

async fn list(ctx: &Context<'_>, filter: DialogueFilter, request: Result<PageRequest>) -> Result<Connection<Dialogue>> {
    let (request, filter) = (request?, filter.check()?);
    let found = dialogue::list(ctx.app(), ctx.caller(), &filter, &request).await?;
    let (app, caller) = ctx.shared();
    let count = move || {
        let (app, caller, filter) = (Arc::clone(&app), Arc::clone(&caller), filter.clone());
        async move { dialogue::count(&app, &caller, &filter).await }
    };
    Ok(Connection::new(found.map(|one| Dialogue(Arc::new(one))), count))
}
