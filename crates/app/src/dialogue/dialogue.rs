//! Dialogues: created with their meetings up to the horizon, their members set, read by who may.

pub mod course;
pub mod update;

pub use course::{Course, end, pause, resume};
use serde::Serialize;
use tertulia_domain::{
    Error, Faults, Reason, Result,
    dialogue::{
        Dialogue, DialogueDraft, DialogueFilter, DialogueKind, Venue,
        dialogue::{first_laid_out, horizon, scope},
        draft::organisations,
    },
    id::{DialogueId, OrganisationId, read},
    page::{Page, PageRequest},
    policy::{Act, Grant},
    record::event::{Event, Topic},
    text::WebUrl,
};
use tertulia_persistence::{
    Session,
    dialogue::{dialogue, meeting},
    identity::organisation,
};

pub use update::{Update, update};

use super::{calendar_letter, horizon::lay_out};
use crate::{App, Ctx, IdempotencyKey, check_version, directory::references::check_countries};

/// The dialogue of that id, if there is one that the caller may read.
pub async fn get(app: &App, ctx: &Ctx, id: DialogueId) -> Result<Option<Dialogue>> {
    ctx.may(Act::DialogueRead)?;
    dialogue::find(&app.reader(ctx), &ctx.dialogues(), id).await
}

/// Those of these dialogues that the caller may read, in any order.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[DialogueId]) -> Result<Vec<Dialogue>> {
    ctx.may(Act::DialogueRead)?;
    dialogue::find_many(&app.reader(ctx), &ctx.dialogues(), ids).await
}

/// A page of the dialogues that the caller may read, by title.
pub async fn list(app: &App, ctx: &Ctx, filter: &DialogueFilter, page: &PageRequest) -> Result<Page<Dialogue>> {
    ctx.may(Act::DialogueRead)?;
    dialogue::list(&app.reader(ctx), &ctx.dialogues(), filter, page).await
}

/// How many dialogues the caller may read.
pub async fn count(app: &App, ctx: &Ctx, filter: &DialogueFilter) -> Result<u64> {
    ctx.may(Act::DialogueRead)?;
    dialogue::count(&app.reader(ctx), &ctx.dialogues(), filter).await
}

/// The link by which the parties of a dialogue join its latest meetings, for those who may have it.
pub fn join_url(ctx: &Ctx, dialogue: &Dialogue) -> Option<WebUrl> {
    dialogue.latest().join_url.filter(|_| ctx.dialogues().has_join_link(dialogue.parties()))
}

/// Creates a dialogue and lays out its meetings. The coordinator creates any; an electoral body or a platform a bilateral one
/// that it convenes.
pub async fn create(app: &App, ctx: &Ctx, draft: DialogueDraft, key: Option<&str>) -> Result<Dialogue> {
    let grant = may_create(ctx, &draft)?;
    let key = IdempotencyKey::parse(key, &draft)?;
    let created = draft.check(app.ids.new_id(), ctx.now)?;
    let uow = app.begin(ctx).await?;
    if let Some(done) = uow.claim(&grant, key.as_ref(), created.id.any()).await? {
        let id = done.typed().ok_or_else(|| Error::broken("a dialogue's key names something else"))?;
        return dialogue::find(uow.writer(), &ctx.dialogues(), id).await?.ok_or_else(|| Error::not_found(""));
    }
    let mut faults = Faults::default();
    check_known(&mut faults, uow.writer(), "conveners", &created.conveners).await?;
    check_known(&mut faults, uow.writer(), "members", &created.members).await?;
    check_venue(&mut faults, uow.writer(), created.venue.as_ref()).await?;
    faults.finish()?;
    let meetings = lay_out(app, &created, (first_laid_out(ctx.now), horizon(ctx.now)), ctx.now)?;
    dialogue::insert(uow.writer(), &created, || app.ids.uuid()).await?;
    meeting::insert_missing(uow.writer(), &meetings).await?;
    calendar_letter::of_series(&uow, None, &created).await?;
    uow.commit(grant, [Event::new(Topic::DialogueCreated, created.id.any())]).await?;
    Ok(created)
}

/// The grant for creating such a dialogue.
pub(super) fn may_create(ctx: &Ctx, draft: &DialogueDraft) -> Result<Grant> {
    let scope = scope(draft.kind, &draft.readable_conveners(), &ctx.actor);
    match ctx.allow(Act::DialogueCreate, &scope) {
        Err(_) if draft.kind == DialogueKind::Bilateral => ctx.allow(Act::DialogueCreateBilateral, &scope),
        decision => decision,
    }
}

/// Notes each organisation that there is not.
pub(super) async fn check_known(faults: &mut Faults, session: &dyn Session, path: &str, ids: &[OrganisationId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let known = organisation::known(session, ids).await?;
    for (index, id) in ids.iter().enumerate() {
        if !known.contains(id) {
            faults.add(Reason::UnknownId, &format!("{path}.{index}"), "There is no such organisation.");
        }
    }
    Ok(())
}

/// Notes the country of a venue where there is none of that code.
pub(super) async fn check_venue(faults: &mut Faults, session: &dyn Session, venue: Option<&Venue>) -> Result<()> {
    let country = venue.and_then(|venue| venue.country);
    check_countries(session, faults, "venue.country", false, country.as_slice()).await
}

/// The new members of a dialogue, as somebody typed them.
#[derive(Clone, Debug, Serialize)]
pub struct MembersSet {
    /// The dialogue's id.
    pub dialogue_id: String,
    /// Ids of all who take part besides the conveners.
    pub members: Vec<String>,
    /// The version on which the edit is based.
    pub version: i64,
}

/// Sets who takes part in a dialogue besides its conveners.
pub async fn set_members(app: &App, ctx: &Ctx, input: &MembersSet, key: Option<&str>) -> Result<Dialogue> {
    ctx.may(Act::DialogueMembersSet)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let id = faults.check("dialogueId", read(&input.dialogue_id));
    let members = organisations(&mut faults, "members", &input.members);
    let (id, members) = faults.finish_with(id.zip(members))?;
    let uow = app.begin(ctx).await?;
    let found = dialogue::find(uow.writer(), &ctx.dialogues(), id).await?.ok_or_else(|| Error::not_found("dialogueId"))?;
    let grant = ctx.allow(Act::DialogueMembersSet, &found.scope(&ctx.actor))?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(found);
    }
    check_version(input.version, found.version)?;
    let changed = found.with_members(members, ctx.now)?;
    let mut faults = Faults::default();
    check_known(&mut faults, uow.writer(), "members", &changed.members).await?;
    faults.finish()?;
    uow.replace(&grant, id.any(), found.version, &Members { members: &found.members })?;
    if !dialogue::update(uow.writer(), &changed, || app.ids.uuid()).await? {
        check_version(input.version, changed.version)?;
    }
    calendar_letter::of_series(&uow, Some(&found), &changed).await?;
    uow.commit(grant, [Event::edit(Topic::DialogueMembersSet, id.any(), vec!["members"])]).await?;
    Ok(changed)
}

/// What setting members replaces.
#[derive(Serialize)]
struct Members<'a> {
    members: &'a [OrganisationId],
}
