//! Interpretation of a meeting: what could be had, and what is engaged.

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Result,
    dialogue::{Interpretation, InterpretationKind, Meeting},
    id::{MeetingId, read},
    policy::{Act, Grant},
    record::event::{Event, Topic},
    text::LanguageTag,
};
use tertulia_persistence::dialogue::{dialogue, meeting};

use crate::{App, Ctx, IdempotencyKey, UnitOfWork, check_version};

/// A language of a meeting's interpretation, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Language {
    /// The meeting's id.
    pub meeting_id: String,
    /// The language's tag.
    pub language: String,
    /// How; to confirm without it means however it is offered.
    pub kind: Option<InterpretationKind>,
    /// Whether it is engaged.
    pub confirmed: bool,
    /// The version on which the edit is based.
    pub version: i64,
}

/// Notes a language into which the meeting could be interpreted.
pub async fn offer(app: &App, ctx: &Ctx, input: &Language, key: Option<&str>) -> Result<Meeting> {
    let kind = input.kind.unwrap_or(InterpretationKind::Simultaneous);
    let change = |found: &Meeting, language| found.offer_interpretation(language, kind, ctx.now);
    edit(app, ctx, (Act::InterpretationOffer, Topic::InterpretationOffered), (input, key), change).await
}

/// Confirms that somebody is engaged for an offered language, or that nobody is any more.
pub async fn confirm(app: &App, ctx: &Ctx, input: &Language, key: Option<&str>) -> Result<Meeting> {
    let change = |found: &Meeting, language: LanguageTag| found.confirm_interpretation(&language, input.kind, input.confirmed, ctx.now);
    edit(app, ctx, (Act::InterpretationConfirm, Topic::InterpretationConfirmed), (input, key), change).await
}

async fn edit(
    app: &App,
    ctx: &Ctx,
    (act, topic): (Act, Topic),
    (input, key): (&Language, Option<&str>),
    change: impl Fn(&Meeting, LanguageTag) -> Result<Meeting>,
) -> Result<Meeting> {
    ctx.may(act)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let id: Option<MeetingId> = faults.check("meetingId", read(&input.meeting_id));
    let language = faults.check("language", LanguageTag::parse(&input.language));
    let (id, language) = faults.finish_with(id.zip(language))?;
    let uow = app.begin(ctx).await?;
    let (found, grant) = find_for(&uow, act, id).await?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(found);
    }
    check_version(input.version, found.version)?;
    found.check_ahead(ctx.now)?;
    let changed = change(&found, language)?;
    uow.replace(&grant, id.any(), found.version, &Replaced { interpretation: &found.interpretation })?;
    if !meeting::update(uow.writer(), &changed).await? {
        check_version(found.version, changed.version)?;
    }
    uow.commit(grant, [Event::edit(topic, id.any(), vec!["interpretation"])]).await?;
    Ok(changed)
}

async fn find_for(uow: &UnitOfWork<'_>, act: Act, id: MeetingId) -> Result<(Meeting, Grant)> {
    let ctx = uow.ctx();
    let missing = || Error::not_found("meetingId");
    let found = meeting::hold(uow.writer(), &ctx.dialogues(), id).await?.ok_or_else(missing)?;
    let dialogue = dialogue::find(uow.writer(), &ctx.dialogues(), found.dialogue).await?.ok_or_else(missing)?;
    Ok((found, ctx.allow(act, &dialogue.organised(&ctx.actor))?))
}

/// What an edit replaces.
#[derive(Serialize)]
struct Replaced<'a> {
    interpretation: &'a [Interpretation],
}
