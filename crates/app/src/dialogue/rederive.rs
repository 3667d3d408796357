//! Wall time is the truth for the future: when the zone data changes, meetings that lie ahead get the instant that their wall
//! time means now.

use tertulia_domain::{
    Result,
    dialogue::{Meeting, MeetingFilter},
    page::{Direction, PageRequest},
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::dialogue::meeting;

use crate::{App, Ctx};

/// Meetings looked at in one go.
const BATCH: u16 = 500;

/// Derives the instants of all meetings that lie ahead anew; says how many were wrong. Of two servers that do so at once, one
/// corrects a meeting and the other finds it changed.
pub async fn rederive(app: &App, ctx: &Ctx) -> Result<u64> {
    let filter = MeetingFilter { starts_from: Some(ctx.now), ..MeetingFilter::default() };
    let (mut corrected, mut after) = (0, None);
    loop {
        let request = PageRequest { limit: BATCH, after, before: None, direction: Direction::Forward };
        let page = meeting::list(&app.reader(ctx), &ctx.dialogues(), &filter, false, &request).await?;
        let wrong: Vec<Meeting> = page.edges.iter().filter_map(|edge| edge.item.rederived(ctx.now)).collect();
        corrected += write(app, ctx, wrong).await?;
        after = page.edges.last().map(|edge| edge.position.clone());
        if !page.has_next {
            return Ok(corrected);
        }
    }
}

async fn write(app: &App, ctx: &Ctx, wrong: Vec<Meeting>) -> Result<u64> {
    if wrong.is_empty() {
        return Ok(0);
    }
    let grant = ctx.allow(Act::MeetingRederive, &Scope::default())?;
    let uow = app.begin(ctx).await?;
    let mut events = Vec::new();
    for meeting in wrong {
        if meeting::update(uow.writer(), &meeting).await? {
            events.push(Event::edit(Topic::MeetingRederived, meeting.id.any(), vec!["startsAt", "endsAt"]));
        }
    }
    let corrected = events.len() as u64;
    if corrected > 0 {
        uow.commit(grant, events).await?;
    }
    Ok(corrected)
}
