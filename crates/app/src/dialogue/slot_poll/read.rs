//! Polls about slots, read by who may.

use std::collections::HashMap;

use tertulia_domain::{
    Result,
    dialogue::slot_poll::{PollAnswer, SlotPoll, SlotPollFilter, Tally},
    id::{DialogueId, MeetingId, SlotPollId, read},
    page::{Page, PageRequest},
    policy::Act,
};
use tertulia_persistence::dialogue::{dialogue, slot_answer, slot_poll};

use super::sight;
use crate::{App, Ctx};

/// The poll of that id, if there is one that the caller may read.
pub async fn get(app: &App, ctx: &Ctx, raw_id: &str) -> Result<Option<SlotPoll>> {
    ctx.may(Act::SlotPollRead)?;
    let id = read(raw_id).map_err(|error| error.under("id"))?;
    slot_poll::find(&app.reader(ctx), &sight(ctx), id).await
}

/// Those of these polls that the caller may read, in any order.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[SlotPollId]) -> Result<Vec<SlotPoll>> {
    ctx.may(Act::SlotPollRead)?;
    slot_poll::find_many(&app.reader(ctx), &sight(ctx), ids).await
}

/// The open poll about each of these meetings; none for a caller who may not read it.
pub async fn open_of(app: &App, ctx: &Ctx, meetings: &[MeetingId]) -> Result<HashMap<MeetingId, SlotPoll>> {
    if ctx.may(Act::SlotPollRead).is_err() {
        return Ok(HashMap::new());
    }
    slot_poll::open_of(&app.reader(ctx), &sight(ctx), meetings).await
}

/// A page of the polls that the caller may read, the newest first.
pub async fn list(app: &App, ctx: &Ctx, filter: &SlotPollFilter, page: &PageRequest) -> Result<Page<SlotPoll>> {
    ctx.may(Act::SlotPollRead)?;
    slot_poll::list(&app.reader(ctx), &sight(ctx), filter, page).await
}

/// How many polls the caller may read.
pub async fn count(app: &App, ctx: &Ctx, filter: &SlotPollFilter) -> Result<u64> {
    ctx.may(Act::SlotPollRead)?;
    slot_poll::count(&app.reader(ctx), &sight(ctx), filter).await
}

/// What a caller sees of the answers to a poll.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// How many said what of each candidate.
    pub tallies: Vec<Tally>,
    /// The answers themselves: all for organisers, those of their own organisations for others.
    pub shown: Vec<PollAnswer>,
}

/// The answers to polls that the caller was shown, as far as he may read them.
pub async fn answers(app: &App, ctx: &Ctx, polls: &[SlotPoll]) -> Result<HashMap<SlotPollId, Answers>> {
    ctx.may(Act::SlotPollRead)?;
    let (reader, sight) = (app.reader(ctx), sight(ctx));
    let dialogues: Vec<DialogueId> = polls.iter().map(|poll| poll.dialogue).collect();
    let organised: Vec<DialogueId> = dialogue::find_many(&reader, &ctx.dialogues(), &dialogues)
        .await?
        .into_iter()
        .filter(|dialogue| sight.organises(&dialogue.conveners))
        .map(|dialogue| dialogue.id)
        .collect();
    let ids: Vec<SlotPollId> = polls.iter().map(|poll| poll.id).collect();
    let mut given: HashMap<SlotPollId, Vec<PollAnswer>> = HashMap::new();
    for answer in slot_answer::find_many(&reader, &ids).await? {
        given.entry(answer.poll).or_default().push(answer);
    }
    let one = |poll: &SlotPoll| {
        let mut shown = given.remove(&poll.id).unwrap_or_default();
        let tallies = poll.tallies(shown.iter().map(|one| one.answers.as_slice()));
        if !organised.contains(&poll.dialogue) {
            shown.retain(|one| Some(one.person) == sight.user() || sight.organisations().contains(&one.organisation));
        }
        (poll.id, Answers { tallies, shown })
    };
    Ok(polls.iter().map(one).collect())
}
