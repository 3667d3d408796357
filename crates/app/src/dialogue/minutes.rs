//! Minutes: written, circulated, adopted and amended by the coordinator; read by how near one is to the meeting.

use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    dialogue::{Minutes, MinutesContent, MinutesDraft, minutes::By},
    id::{MeetingId, MinutesId, OrganisationId, read},
    policy::{Act, Grant},
    record::event::{Event, Topic},
};
pub use tertulia_persistence::dialogue::minutes::Seen;
use tertulia_persistence::{dialogue::minutes, identity::organisation};

use super::series::find_meeting_for;
use crate::{App, Ctx, IdempotencyKey, UnitOfWork, check_version};

/// The minutes of meetings, as the caller reads them.
pub async fn by_meetings(app: &App, ctx: &Ctx, meetings: &[MeetingId]) -> Result<Vec<Seen>> {
    ctx.may(Act::DialogueRead)?;
    minutes::of_meetings(&app.reader(ctx), &ctx.dialogues(), meetings).await
}

/// The minutes of these ids, as the caller reads them.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[MinutesId]) -> Result<Vec<Seen>> {
    ctx.may(Act::DialogueRead)?;
    minutes::find_many(&app.reader(ctx), &ctx.dialogues(), ids).await
}

/// Who did what to these minutes and when, as far as the caller reads them whole; the latest first.
pub async fn histories(app: &App, ctx: &Ctx, ids: &[MinutesId]) -> Result<Vec<Minutes>> {
    ctx.may(Act::DialogueRead)?;
    minutes::history(&app.reader(ctx), &ctx.dialogues(), ids).await
}

/// Minutes, as somebody typed them.
#[derive(Clone, Debug, Serialize)]
pub struct Write {
    /// The meeting's id.
    pub meeting_id: String,
    /// What they say.
    pub minutes: MinutesDraft,
    /// The version of the minutes on which the edit is based; none for the first.
    pub version: Option<i64>,
}

/// Minutes that go one step on.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// The meeting's id.
    pub meeting_id: String,
    /// The version of the minutes that was read.
    pub version: i64,
}

/// Writes minutes, for the first time or anew.
pub async fn revise(app: &App, ctx: &Ctx, input: &Write, key: Option<&str>) -> Result<Seen> {
    let acting = (Act::MinutesRevise, Topic::MinutesRevised);
    write(app, ctx, input, key, acting, |found, (meeting, content), by| match found {
        Some(found) => found.revise(content, by),
        None => Ok(Minutes::begin(app.ids.new_id(), meeting, content, by)),
    })
    .await
}

/// Changes minutes after they were adopted.
pub async fn amend(app: &App, ctx: &Ctx, input: &Write, key: Option<&str>) -> Result<Seen> {
    let acting = (Act::MinutesAmend, Topic::MinutesAmended);
    write(app, ctx, input, key, acting, |found, (_, content), by| found.ok_or_else(|| Error::not_found("meetingId"))?.amend(content, by))
        .await
}

/// Puts minutes before those who take part.
pub async fn circulate(app: &App, ctx: &Ctx, input: &Step, key: Option<&str>) -> Result<Seen> {
    step(app, ctx, input, key, (Act::MinutesCirculate, Topic::MinutesCirculated), Minutes::circulate).await
}

/// Records that minutes were agreed as they were circulated.
pub async fn adopt(app: &App, ctx: &Ctx, input: &Step, key: Option<&str>) -> Result<Seen> {
    step(app, ctx, input, key, (Act::MinutesAdopt, Topic::MinutesAdopted), Minutes::adopt).await
}

async fn write(
    app: &App,
    ctx: &Ctx,
    input: &Write,
    key: Option<&str>,
    (act, topic): (Act, Topic),
    make: impl FnOnce(Option<&Minutes>, (MeetingId, MinutesContent), By) -> Result<Minutes>,
) -> Result<Seen> {
    ctx.may(act)?;
    let key = IdempotencyKey::parse(key, input)?;
    let meeting: MeetingId = read(&input.meeting_id).map_err(|error| error.under("meetingId"))?;
    let uow = app.begin(ctx).await?;
    let (_, dialogue, grant) = find_meeting_for(&uow, act, meeting).await?;
    let found = minutes::current(uow.writer(), meeting).await?;
    // The meeting stands for its minutes, whose id a first writing does not know.
    if uow.claim(&grant, key.as_ref(), meeting.any()).await?.is_some() {
        return whole(found);
    }
    check_version(input.version.unwrap_or(0), found.as_ref().map_or(0, |found| found.version))?;
    let content = input.minutes.check(dialogue.attribution_default)?;
    check_known(&uow, &content).await?;
    let next = make(found.as_ref(), (meeting, content), by(ctx, &grant))?;
    keep(uow, grant, next, topic).await
}

async fn step(
    app: &App,
    ctx: &Ctx,
    input: &Step,
    key: Option<&str>,
    (act, topic): (Act, Topic),
    make: impl FnOnce(&Minutes, By) -> Result<Minutes>,
) -> Result<Seen> {
    ctx.may(act)?;
    let key = IdempotencyKey::parse(key, input)?;
    let meeting: MeetingId = read(&input.meeting_id).map_err(|error| error.under("meetingId"))?;
    let uow = app.begin(ctx).await?;
    let (_, _, grant) = find_meeting_for(&uow, act, meeting).await?;
    let found = minutes::current(uow.writer(), meeting).await?.ok_or_else(|| Error::not_found("meetingId"))?;
    if uow.claim(&grant, key.as_ref(), meeting.any()).await?.is_some() {
        return whole(Some(found));
    }
    check_version(input.version, found.version)?;
    let next = make(&found, by(ctx, &grant))?;
    keep(uow, grant, next, topic).await
}

fn by(ctx: &Ctx, grant: &Grant) -> By {
    By { user: grant.user(), organisation: grant.organisation(), at: ctx.now }
}

fn whole(minutes: Option<Minutes>) -> Result<Seen> {
    let minutes = minutes.ok_or_else(|| Error::broken("a key for minutes that are not there"))?;
    Ok(Seen { minutes, whole: true })
}

/// Notes each organisation that there is not.
async fn check_known(uow: &UnitOfWork<'_>, content: &MinutesContent) -> Result<()> {
    let named: Vec<OrganisationId> = content.decisions.iter().filter_map(|decision| decision.attributed_to).collect();
    if named.is_empty() {
        return Ok(());
    }
    let known = organisation::known(uow.writer(), &named).await?;
    let mut faults = Faults::default();
    for (index, decision) in content.decisions.iter().enumerate() {
        if decision.attributed_to.is_some_and(|id| !known.contains(&id)) {
            faults.add(Reason::UnknownId, &format!("decisions.{index}.attributedToId"), "There is no such organisation.");
        }
    }
    faults.finish()
}

async fn keep(uow: UnitOfWork<'_>, grant: Grant, made: Minutes, topic: Topic) -> Result<Seen> {
    if !minutes::insert(uow.writer(), uow.app().ids.uuid(), &made).await? {
        check_version(made.version - 1, made.version)?;
    }
    uow.commit(grant, [Event::new(topic, made.id.any())]).await?;
    Ok(Seen { minutes: made, whole: true })
}
