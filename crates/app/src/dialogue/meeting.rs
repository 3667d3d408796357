//! Meetings: read by who may; moved, put off, called off and held elsewhere one by one or as a series.

pub mod cancel;
pub mod postpone;
pub mod relocate;
pub mod reschedule;

pub use cancel::{Cancel, cancel};
pub use postpone::{Postpone, postpone};
pub use relocate::{Relocate, relocate};
pub use reschedule::{Reschedule, reschedule};
use tertulia_domain::{
    Result,
    dialogue::{Dialogue, Meeting, MeetingFilter, MeetingStatus},
    id::{DialogueId, MeetingId},
    page::{Edge, Page, PageRequest, Position},
    policy::Act,
    text::WebUrl,
};
use tertulia_persistence::dialogue::meeting;

use crate::{App, Ctx};

/// The meeting of that id, if there is one that the caller may read.
pub async fn get(app: &App, ctx: &Ctx, id: MeetingId) -> Result<Option<Meeting>> {
    ctx.may(Act::DialogueRead)?;
    meeting::find(&app.reader(ctx), &ctx.dialogues(), id).await
}

/// Those of these meetings that the caller may read, in any order.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[MeetingId]) -> Result<Vec<Meeting>> {
    ctx.may(Act::DialogueRead)?;
    meeting::find_many(&app.reader(ctx), &ctx.dialogues(), ids).await
}

/// A page of the meetings that the caller may read, by the instant at which they begin.
pub async fn list(app: &App, ctx: &Ctx, filter: &MeetingFilter, descending: bool, page: &PageRequest) -> Result<Page<Meeting>> {
    ctx.may(Act::DialogueRead)?;
    meeting::list(&app.reader(ctx), &ctx.dialogues(), filter, descending, page).await
}

/// How many meetings the caller may read.
pub async fn count(app: &App, ctx: &Ctx, filter: &MeetingFilter) -> Result<u64> {
    ctx.may(Act::DialogueRead)?;
    meeting::count(&app.reader(ctx), &ctx.dialogues(), filter).await
}

/// The first page of the meetings of each of these dialogues, in one statement; `limit` of them at most.
pub async fn first_pages(
    app: &App,
    ctx: &Ctx,
    filter: &MeetingFilter,
    descending: bool,
    limit: u16,
) -> Result<Vec<(DialogueId, Page<Meeting>)>> {
    ctx.may(Act::DialogueRead)?;
    let limit = usize::from(limit);
    let found = meeting::first_of_each(&app.reader(ctx), &ctx.dialogues(), filter, descending, limit as u64 + 1).await?;
    let page = |id: &DialogueId| {
        let of_it = |(position, item): &(Position, Meeting)| {
            (item.dialogue == *id).then(|| Edge { position: position.clone(), item: item.clone() })
        };
        let mut edges: Vec<_> = found.iter().filter_map(of_it).collect();
        let has_next = edges.len() > limit;
        edges.truncate(limit);
        (*id, Page { edges, has_next, has_previous: false })
    };
    Ok(filter.dialogues.iter().map(page).collect())
}

/// How many meetings each dialogue of the filter has; one without any does not occur.
pub async fn counts(app: &App, ctx: &Ctx, filter: &MeetingFilter) -> Result<Vec<(DialogueId, u64)>> {
    ctx.may(Act::DialogueRead)?;
    meeting::count_of_each(&app.reader(ctx), &ctx.dialogues(), filter).await
}

/// The next meeting of each of these dialogues that lies ahead and is not called off, in one statement.
pub async fn next_of(app: &App, ctx: &Ctx, dialogues: &[DialogueId]) -> Result<Vec<Meeting>> {
    ctx.may(Act::DialogueRead)?;
    let ahead = [MeetingStatus::Proposed, MeetingStatus::Polling, MeetingStatus::Scheduled, MeetingStatus::InProgress];
    let filter =
        MeetingFilter { dialogues: dialogues.to_vec(), statuses: ahead.to_vec(), starts_from: Some(ctx.now), ..MeetingFilter::default() };
    let found = meeting::first_of_each(&app.reader(ctx), &ctx.dialogues(), &filter, false, 1).await?;
    Ok(found.into_iter().map(|(_, meeting)| meeting).collect())
}

/// The link by which the parties join a meeting of `dialogue`, for those who may have it.
pub fn join_url(ctx: &Ctx, meeting: &Meeting, dialogue: &Dialogue) -> Option<WebUrl> {
    dialogue.join_url_of(meeting).filter(|_| ctx.dialogues().has_join_link(dialogue.parties()))
}
