//! The queries for meetings.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use tertulia_app::dialogue::meeting;
use tertulia_domain::{
    Error, Faults, Result, dialogue as domain,
    id::{DialogueId, MeetingId, read},
    page::{Page, PageRequest},
    time::Instant,
};

use super::{
    load::{CountOf, FirstPageOf, Wanted, agendas},
    meeting::Meeting,
    words::{MeetingOrder, MeetingStatus},
};
use crate::graphql::{
    Resolving,
    connection::{Connection, page, wants},
    scalar::DateTime,
};

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
