//! Comments on circulated minutes, by who takes part in the meeting.

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    dialogue::{
        Attribution, MinutesComment, MinutesCommentDraft,
        minutes::By,
        minutes_comment::{check_room, check_taken},
    },
    id::{AgendaItemId, DialogueId, MeetingId, MinutesId, kinds, read},
    policy::{Act, Actor, DialogueSight},
    record::event::{Event, Topic},
};
use tertulia_persistence::dialogue::{agenda, dialogue, meeting, minutes, minutes_comment};

use super::{minutes::Seen, participation::part};
use crate::{App, Ctx, IdempotencyKey, UnitOfWork, check_version};

/// The comments on these minutes that the caller may read, oldest first, with what he may know of who wrote them.
pub async fn of_minutes(app: &App, ctx: &Ctx, ids: &[MinutesId]) -> Result<Vec<MinutesComment>> {
    ctx.may(Act::DialogueRead)?;
    minutes_comment::find_of(&app.reader(ctx), &ctx.dialogues(), ids).await
}

/// A comment, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Write {
    /// The meeting's id.
    pub meeting_id: String,
    /// What is written.
    pub comment: MinutesCommentDraft,
    /// The version of the circulated minutes that was read, to be sure that it is them that the comment is about.
    pub version: Option<i64>,
}

/// Writes a comment on minutes, for those who organise the meeting and for who else reads what is circulated.
pub async fn comment(app: &App, ctx: &Ctx, input: &Write, key: Option<&str>) -> Result<Seen> {
    ctx.may(Act::MinutesComment)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let id = faults.check("meetingId", read::<kinds::Meeting>(&input.meeting_id));
    let draft = faults.check("", input.comment.check());
    let (id, (text, about)) = faults.finish_with(id.zip(draft))?;
    let uow = app.begin(ctx).await?;
    let seen = minutes::of_meetings(uow.writer(), &ctx.dialogues(), &[id]).await?.pop().ok_or_else(|| Error::not_found("meetingId"))?;
    let (dialogue, rule) = of_dialogue(&uow, id).await?;
    let (scope, of_participation) = part(&uow, dialogue, Some(id)).await?;
    let grant = ctx.allow(Act::MinutesComment, &scope)?;
    let organisation = grant.organisation().or(of_participation);
    if uow.claim(&grant, key.as_ref(), seen.minutes.id.any()).await?.is_some() {
        return Ok(seen);
    }
    let shared = check_taken(minutes::shared(uow.writer(), id).await?)?;
    check_version(input.version.unwrap_or(shared.version), shared.version)?;
    check_room(minutes_comment::count(uow.writer(), shared.id).await?)?;
    let written = MinutesComment {
        id: app.ids.new_id(),
        minutes: shared.id,
        meeting: id,
        revision: shared.revision,
        agenda_item: about,
        attribution: rule_of(&uow, id, about).await?.unwrap_or(rule),
        text,
        by: By { user: grant.user(), organisation, at: ctx.now },
    };
    minutes_comment::insert(uow.writer(), &written).await?;
    uow.commit(grant, [Event::new(Topic::MinutesCommented, shared.id.any())]).await?;
    Ok(seen)
}

/// The dialogue of a meeting whose minutes the caller reads, and its rule: who takes part need not read the dialogue.
async fn of_dialogue(uow: &UnitOfWork<'_>, id: MeetingId) -> Result<(DialogueId, Attribution)> {
    let everything = DialogueSight::of(&Actor::System);
    let missing = || Error::broken("minutes of no dialogue");
    let meeting = meeting::find(uow.writer(), &everything, id).await?.ok_or_else(missing)?;
    let dialogue = dialogue::find(uow.writer(), &everything, meeting.dialogue).await?.ok_or_else(missing)?;
    Ok((dialogue.id, dialogue.attribution_default))
}

/// What may be told of who spoke at a point of this meeting, which the caller must read.
async fn rule_of(uow: &UnitOfWork<'_>, meeting: MeetingId, about: Option<AgendaItemId>) -> Result<Option<Attribution>> {
    let Some(id) = about else { return Ok(None) };
    let item = agenda::find(uow.writer(), &uow.ctx().dialogues(), id).await?.filter(|item| item.meeting == meeting);
    let unknown = || Error::invalid(Reason::UnknownId, "agendaItemId", "There is no such point on this agenda.");
    Ok(Some(item.ok_or_else(unknown)?.attribution))
}
