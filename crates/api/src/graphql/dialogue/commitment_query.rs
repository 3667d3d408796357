//! Lists of commitments.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use tertulia_app::dialogue::commitment;
use tertulia_domain::{
    Error, Faults, Result, dialogue as domain,
    id::{CommitmentId, MeetingId, read},
    page::{Direction, PageRequest},
};

use super::{
    commitment::Commitment,
    commitment_load::{CountOf, FirstPageOf},
    words::{CommitmentOrder, CommitmentStatus},
};
use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    ids,
    scalar::Date,
};

/// Most values of one field of a filter.
const MOST: usize = 100;

/// What to narrow a list of commitments to. What is left out does not narrow.
#[derive(InputObject, Default)]
pub(super) struct CommitmentFilter {
    /// Made by one of these organisations. At most 100.
    committed_by: Option<Vec<ID>>,
    /// Made to one of these organisations. At most 100.
    to_whom: Option<Vec<ID>>,
    /// Made at one of these meetings. At most 100.
    meeting_ids: Option<Vec<ID>>,
    /// Made at a meeting of this dialogue.
    dialogue_id: Option<ID>,
    /// With one of these states.
    status: Option<Vec<CommitmentStatus>>,
    /// Due on or after this day.
    due_from: Option<Date>,
    /// Due before this day.
    due_to: Option<Date>,
    /// `true`: owed, and their day is over; `false`: all others.
    overdue: Option<bool>,
}

impl CommitmentFilter {
    fn check(self, today: NaiveDate) -> Result<domain::CommitmentFilter> {
        let mut faults = Faults::default();
        let mut few = |path: &str, list: Option<Vec<ID>>| {
            let list = list.unwrap_or_default();
            if list.len() > MOST {
                faults.add(tertulia_domain::Reason::TooLong, path, format!("At most {MOST} values."));
                return Vec::new();
            }
            list
        };
        let committed_by = few("filter.committedBy", self.committed_by);
        let to_whom = few("filter.toWhom", self.to_whom);
        let meetings = few("filter.meetingIds", self.meeting_ids);
        let filter = domain::CommitmentFilter {
            committed_by: ids::noted_list(&mut faults, "filter.committedBy", &committed_by),
            to_whom: ids::noted_list(&mut faults, "filter.toWhom", &to_whom),
            meetings: ids::noted_list(&mut faults, "filter.meetingIds", &meetings),
            dialogue: ids::noted(&mut faults, "filter.dialogueId", self.dialogue_id.as_ref()),
            statuses: self.status.unwrap_or_default().into_iter().map(Into::into).collect(),
            due_from: self.due_from.map(|day| day.0),
            due_to: self.due_to.map(|day| day.0),
            overdue: self.overdue.map(|wanted| (today, wanted)),
        };
        faults.finish_with(Some(filter))
    }
}

/// Queries for commitments.
#[derive(Default)]
pub(super) struct CommitmentQuery;

#[Object]
impl CommitmentQuery {
    /// A commitment, by id; null if there is none that you may read. Who: anyone.
    async fn commitment(&self, ctx: &Context<'_>, #[graphql(desc = "The commitment's id.")] id: ID) -> Option<Result<Commitment>> {
        by_id(ctx, &id).await.transpose()
    }

    /// The commitments that you may read, a page at a time. Who: anyone.
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments, a filter and an order")]
    async fn commitments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to narrow the list to.")] filter: Option<CommitmentFilter>,
        #[graphql(desc = "How to sort it.", default_with = "CommitmentOrder::DueOn")] order_by: CommitmentOrder,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Commitment>>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        let filter = filter.unwrap_or_default().check(ctx.caller().now.date_naive());
        Some(list(ctx, filter, order_by == CommitmentOrder::DueOnDesc, request).await)
    }
}

async fn by_id(ctx: &Context<'_>, raw: &str) -> Result<Option<Commitment>> {
    let id: CommitmentId = read(raw).map_err(|error| error.under("id"))?;
    Ok(ctx.loaders().load_one(id).await?.map(Commitment))
}

async fn list(
    ctx: &Context<'_>,
    filter: Result<domain::CommitmentFilter>,
    descending: bool,
    request: Result<PageRequest>,
) -> Result<Connection<Commitment>> {
    let (request, filter) = (request?, filter?);
    let found = commitment::list(ctx.app(), ctx.caller(), &filter, descending, &request).await?;
    let (app, caller) = ctx.shared();
    let count = move || {
        let (app, caller, filter) = (Arc::clone(&app), Arc::clone(&caller), filter.clone());
        async move { commitment::count(&app, &caller, &filter).await }
    };
    Ok(Connection::new(found.map(|one| Commitment(Arc::new(one))), count))
}

/// The commitments made at a meeting, by the day on which they are due. First pages are loaded together for all meetings of a level.
pub(super) async fn of_meeting(ctx: &Context<'_>, id: MeetingId, request: Result<PageRequest>) -> Result<Connection<Commitment>> {
    let request = request?;
    let is_first = request.after.is_none() && request.before.is_none() && request.direction == Direction::Forward;
    if !is_first {
        let filter = domain::CommitmentFilter { meetings: vec![id], ..domain::CommitmentFilter::default() };
        return list(ctx, Ok(filter), false, Ok(request)).await;
    }
    let found = ctx.loaders().load_one(FirstPageOf(id, request.limit)).await?;
    let found = found.ok_or_else(|| Error::broken("a meeting without a page of commitments"))?;
    // Counted with the other meetings of the level, which the connection alone could not do.
    let is_counted = ctx.look_ahead().field("totalCount").exists();
    let counted = if is_counted { ctx.loaders().load_one(CountOf(id)).await? } else { None };
    let count = move || async move { Ok(counted.unwrap_or(0)) };
    Ok(Connection::new((*found).clone().map(|one| Commitment(Arc::new(one))), count))
}
