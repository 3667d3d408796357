//! Reading who takes part, each reader as far as the list is open to him.

use std::collections::HashMap;

use tertulia_domain::{
    Result,
    dialogue::{Dialogue, Meeting, Participation, ParticipationFilter, Seats, interpretation::Gap},
    id::{MeetingId, ParticipationId},
    page::{Edge, Page, PageRequest, Position},
    policy::{Act, Scope},
    text::LanguageTag,
};
use tertulia_persistence::dialogue::participation;

use crate::{
    App, Ctx,
    record::reads::{self, Read},
};

/// Those of these participations that the caller may read, in any order.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[ParticipationId]) -> Result<Vec<Participation>> {
    ctx.may(Act::ParticipationRead)?;
    participation::find_many(&app.reader(ctx), (&ctx.dialogues(), &ctx.participations()), ids).await
}

/// A participation, if the caller may hear of its changes: he organises its meeting, or it is his own or one of his organisation's
/// that he may answer for.
pub async fn matching(app: &App, ctx: &Ctx, id: ParticipationId) -> Result<Option<Participation>> {
    ctx.may(Act::MeetingRegister)?;
    let sight = ctx.participations();
    let found = participation::find_own(&app.reader(ctx), (&ctx.dialogues(), &sight), id).await?;
    Ok(found)
}

/// A page of who takes part in a meeting that the caller reads.
pub async fn list(app: &App, ctx: &Ctx, filter: &ParticipationFilter, of: MeetingId, page: &PageRequest) -> Result<Page<Participation>> {
    ctx.may(Act::ParticipationRead)?;
    participation::list(&app.reader(ctx), (&ctx.dialogues(), &ctx.participations()), filter, of, page).await
}

/// How many [`list`] gives in all.
pub async fn count(app: &App, ctx: &Ctx, filter: &ParticipationFilter, of: MeetingId) -> Result<u64> {
    ctx.may(Act::ParticipationRead)?;
    participation::count(&app.reader(ctx), (&ctx.dialogues(), &ctx.participations()), filter, of).await
}

/// The first page of each of these meetings, in one statement; `limit` of them at most.
pub async fn first_pages(
    app: &App,
    ctx: &Ctx,
    filter: &ParticipationFilter,
    meetings: &[MeetingId],
    limit: u16,
) -> Result<Vec<(MeetingId, Page<Participation>)>> {
    ctx.may(Act::ParticipationRead)?;
    let (limit, sights) = (usize::from(limit), (&ctx.dialogues(), &ctx.participations()));
    let found = participation::first_of_each(&app.reader(ctx), sights, filter, meetings, limit as u64 + 1).await?;
    let mut edges: HashMap<MeetingId, Vec<Edge<Participation>>> = HashMap::new();
    for (position, item) in found {
        let position: Position = position;
        edges.entry(item.meeting).or_default().push(Edge { position, item });
    }
    let page = |id: &MeetingId| {
        let mut edges = edges.remove(id).unwrap_or_default();
        let has_next = edges.len() > limit;
        edges.truncate(limit);
        (*id, Page { edges, has_next, has_previous: false })
    };
    Ok(meetings.iter().map(page).collect())
}

/// How many of each of these meetings the caller may read; one without any does not occur.
pub async fn counts(app: &App, ctx: &Ctx, filter: &ParticipationFilter, meetings: &[MeetingId]) -> Result<Vec<(MeetingId, u64)>> {
    ctx.may(Act::ParticipationRead)?;
    participation::count_of_each(&app.reader(ctx), (&ctx.dialogues(), &ctx.participations()), filter, meetings).await
}

/// The caller's own participation in each of these meetings, or an invitation that he may answer for his organisation.
pub async fn own(app: &App, ctx: &Ctx, meetings: &[MeetingId]) -> Result<HashMap<MeetingId, Participation>> {
    ctx.may(Act::ParticipationRead)?;
    let found = participation::own_of_each(&app.reader(ctx), (&ctx.dialogues(), &ctx.participations()), meetings).await?;
    let mut own = HashMap::new();
    for one in found {
        own.entry(one.meeting).or_insert(one);
    }
    Ok(own)
}

/// Those of these meetings in which the caller himself takes part.
pub async fn takes_part(app: &App, ctx: &Ctx, meetings: &[MeetingId]) -> Result<Vec<MeetingId>> {
    ctx.may(Act::ParticipationRead)?;
    participation::taking_part(&app.reader(ctx), &ctx.participations(), meetings).await
}

/// Those of these meetings of which it is told as what others take part: where nobody may be named, a role would name who speaks.
pub async fn telling_roles(app: &App, ctx: &Ctx, meetings: &[MeetingId]) -> Result<Vec<MeetingId>> {
    ctx.may(Act::ParticipationRead)?;
    participation::telling_roles(&app.reader(ctx), meetings).await
}

/// Whether the caller organises the meetings of a dialogue.
pub fn organises(ctx: &Ctx, dialogue: &Dialogue) -> bool {
    ctx.participations().organises(&dialogue.conveners)
}

/// Notes that the caller, who organises the meetings, is told what people need to take part.
///
/// # Errors
/// Whatever keeps the audit log from being written: then the needs are not to be shown.
pub async fn note_needs_read(app: &App, ctx: &Ctx, ids: &[ParticipationId]) -> Result<()> {
    let read = Read { act: Act::ParticipationRead, way: "accessNeeds" };
    reads::note(app, ctx, read, ids.iter().map(|id| (id.any(), Scope::default()))).await
}

/// Whether the caller may know how many seats are taken: organisers and parties; whoever takes part may too.
pub fn seats_are_shown(ctx: &Ctx, dialogue: &Dialogue) -> bool {
    ctx.dialogues().has_join_link(dialogue.parties())
}

/// How many take part in these meetings, by status, role and mode. Who may see it is decided with each meeting.
pub async fn seats(app: &App, ctx: &Ctx, meetings: &[MeetingId]) -> Result<Vec<(MeetingId, Seats)>> {
    ctx.may(Act::ParticipationRead)?;
    participation::seats(&app.reader(ctx), meetings).await
}

/// The languages that those who come to each of these meetings need. Who may see it is decided with each meeting.
pub async fn gaps(app: &App, ctx: &Ctx, meetings: &[MeetingId]) -> Result<HashMap<MeetingId, Vec<Vec<LanguageTag>>>> {
    ctx.may(Act::ParticipationRead)?;
    let mut needs: HashMap<MeetingId, Vec<Vec<LanguageTag>>> = HashMap::new();
    for (meeting, needed) in participation::comers(&app.reader(ctx), meetings).await? {
        needs.entry(meeting).or_default().push(needed);
    }
    Ok(needs)
}

/// What those who come need and would not get.
pub fn gap(meeting: &Meeting, needs: &[Vec<LanguageTag>]) -> Vec<Gap> {
    meeting.interpretation_gap(needs.iter().map(Vec::as_slice))
}

/// The place in the queue of each who waits in these meetings. Who may see it is decided with each participation.
pub async fn places(app: &App, ctx: &Ctx, meetings: &[MeetingId]) -> Result<Vec<(ParticipationId, i64)>> {
    ctx.may(Act::ParticipationRead)?;
    participation::places(&app.reader(ctx), meetings).await
}
