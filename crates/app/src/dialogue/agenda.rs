//! Agendas, read with their meetings.

use tertulia_domain::{Result, dialogue::AgendaItem, id::MeetingId, policy::Act};
use tertulia_persistence::dialogue::agenda;

use crate::{App, Ctx};

/// The agendas of meetings that the caller was shown, each in its order.
pub async fn by_meetings(app: &App, ctx: &Ctx, meetings: &[MeetingId]) -> Result<Vec<AgendaItem>> {
    ctx.may(Act::DialogueRead)?;
    agenda::find_many(&app.reader(ctx), meetings).await
}
