//! Commitments: read by who may read where they were made, put down, promised, reported on and confirmed by the parties.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    dialogue::{
        Commitment, CommitmentAct, CommitmentDraft, CommitmentFilter, CommitmentOutcome, CommitmentStatus, CommitmentStep, Evidence,
        EvidenceDraft, commitment_draft::evidence,
    },
    id::{CommitmentId, MeetingId, OrganisationId, read},
    page::{Edge, Page, PageRequest, Position},
    policy::{Act, Grant, Scope},
    record::event::{Event, Topic},
    text::{LONG, block},
};
use tertulia_persistence::{
    dialogue::{agenda, commitment, dialogue, meeting},
    identity::organisation,
};

use super::evidence::check_there;
use crate::{
    App, Ctx, IdempotencyKey, UnitOfWork, check_version,
    directory::{instrument::check_instrument, references::check_countries},
};

/// The commitment of that id, if there is one that the caller may read.
pub async fn get(app: &App, ctx: &Ctx, id: CommitmentId) -> Result<Option<Commitment>> {
    ctx.may(Act::DialogueRead)?;
    commitment::find(&app.reader(ctx), &ctx.dialogues(), id).await
}

/// Those of these commitments that the caller may read, in any order.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[CommitmentId]) -> Result<Vec<Commitment>> {
    ctx.may(Act::DialogueRead)?;
    commitment::find_many(&app.reader(ctx), &ctx.dialogues(), ids).await
}

/// A page of the commitments that the caller may read, by the day on which they are due.
pub async fn list(app: &App, ctx: &Ctx, filter: &CommitmentFilter, descending: bool, page: &PageRequest) -> Result<Page<Commitment>> {
    ctx.may(Act::DialogueRead)?;
    commitment::list(&app.reader(ctx), &ctx.dialogues(), filter, descending, page).await
}

/// How many commitments the caller may read.
pub async fn count(app: &App, ctx: &Ctx, filter: &CommitmentFilter) -> Result<u64> {
    ctx.may(Act::DialogueRead)?;
    commitment::count(&app.reader(ctx), &ctx.dialogues(), filter).await
}

/// The first page of the commitments made at each of these meetings, in one statement; `limit` of them at most.
pub async fn first_pages(app: &App, ctx: &Ctx, meetings: &[MeetingId], limit: u16) -> Result<Vec<(MeetingId, Page<Commitment>)>> {
    ctx.may(Act::DialogueRead)?;
    let limit = usize::from(limit);
    let found = commitment::first_of_each(&app.reader(ctx), &ctx.dialogues(), meetings, limit as u64 + 1).await?;
    let page = |id: &MeetingId| {
        let of_it = |(position, item): &(Position, Commitment)| {
            (item.meeting == Some(*id)).then(|| Edge { position: position.clone(), item: item.clone() })
        };
        let mut edges: Vec<_> = found.iter().filter_map(of_it).collect();
        let has_next = edges.len() > limit;
        edges.truncate(limit);
        (*id, Page { edges, has_next, has_previous: false })
    };
    Ok(meetings.iter().map(page).collect())
}

/// How many commitments were made at each of these meetings; one without any does not occur.
pub async fn counts(app: &App, ctx: &Ctx, meetings: &[MeetingId]) -> Result<Vec<(MeetingId, u64)>> {
    ctx.may(Act::DialogueRead)?;
    commitment::count_of_each(&app.reader(ctx), &ctx.dialogues(), meetings).await
}

/// What was done to these commitments, which the caller was shown, each in its order.
pub async fn acts(app: &App, ctx: &Ctx, ids: &[CommitmentId]) -> Result<Vec<CommitmentAct>> {
    ctx.may(Act::DialogueRead)?;
    commitment::acts_of(&app.reader(ctx), ids).await
}

/// Puts a commitment down. Put down by who promises it, it is promised; by the coordinator, it is a proposal.
pub async fn create(app: &App, ctx: &Ctx, draft: &CommitmentDraft, key: Option<&str>) -> Result<Commitment> {
    ctx.may(Act::CommitmentCreate)?;
    let owner: Option<OrganisationId> = read(&draft.committed_by).ok();
    let grant = ctx.allow(Act::CommitmentCreate, &Scope { owner, ..Scope::default() })?;
    let key = IdempotencyKey::parse(key, draft)?;
    let mut created = draft.check(app.ids.new_id(), ctx.now)?;
    let uow = app.begin(ctx).await?;
    if let Some(done) = uow.claim(&grant, key.as_ref(), created.id.any()).await? {
        let id = done.typed().ok_or_else(|| Error::broken("a commitment's key names something else"))?;
        return commitment::find(uow.writer(), &ctx.dialogues(), id).await?.ok_or_else(|| Error::not_found(""));
    }
    check_parties(&uow, &created).await?;
    place(&uow, &mut created).await?;
    if grant.organisation() == Some(created.committed_by) {
        created.status = CommitmentStatus::Accepted;
    }
    commitment::insert(uow.writer(), &created, || app.ids.uuid()).await?;
    note(&uow, &grant, &created, CommitmentStep::Created, Told::default()).await?;
    uow.commit(grant, [Event::new(Topic::CommitmentCreated, created.id.any())]).await?;
    Ok(created)
}

/// Notes the instrument and each party that there is not, and refuses to count contacts of what is no platform or from where there is no country.
async fn check_parties(uow: &UnitOfWork<'_>, created: &Commitment) -> Result<()> {
    let all: Vec<OrganisationId> = created.to_whom.iter().copied().chain([created.committed_by]).collect();
    let known = organisation::known(uow.writer(), &all).await?;
    let mut faults = Faults::default();
    check_instrument(uow.writer(), uow.ctx(), &mut faults, "instrumentId", created.instrument).await?;
    let missing = "There is no such organisation.";
    if !known.contains(&created.committed_by) {
        faults.add(Reason::UnknownId, "committedById", missing);
    }
    for (index, id) in created.to_whom.iter().enumerate() {
        if !known.contains(id) {
            faults.add(Reason::UnknownId, &format!("toWhom.{index}"), missing);
        }
    }
    if faults.is_empty() && created.measure.is_some() {
        let kind = organisation::kind(uow.writer(), created.committed_by).await?;
        if kind != Some(tertulia_domain::policy::OrganisationKind::PlatformCompany) {
            faults.add(Reason::Contradiction, "measure", "The log counts what platforms answer; this organisation is none.");
        }
        let country = created.measure.as_ref().and_then(|measure| measure.country);
        check_countries(uow.writer(), &mut faults, "measure.country", false, country.as_slice()).await?;
    }
    faults.finish()
}

/// Finds where a commitment was made, as the caller reads it. Under a rule by which nobody may be named no commitment is made at a
/// point, since it names who promised.
async fn place(uow: &UnitOfWork<'_>, created: &mut Commitment) -> Result<()> {
    let ctx = uow.ctx();
    let sight = ctx.dialogues();
    if let Some(id) = created.agenda_item {
        let unknown = || Error::invalid(Reason::UnknownId, "agendaItemId", "There is no such point, or you may not read it.");
        let item = agenda::find(uow.writer(), &sight, id).await?.ok_or_else(unknown)?;
        if !item.attribution.names() {
            let message = "Nobody may be named at this point. Record the commitment for the meeting.";
            return Err(Error::invalid(Reason::Contradiction, "agendaItemId", message));
        }
        if created.meeting.is_some_and(|meeting| meeting != item.meeting) {
            return Err(Error::invalid(Reason::Contradiction, "agendaItemId", "This point is on the agenda of another meeting."));
        }
        created.meeting = Some(item.meeting);
    }
    if let Some(id) = created.meeting {
        let unknown = || Error::invalid(Reason::UnknownId, "meetingId", "There is no such meeting, or you may not read it.");
        let found = meeting::find(uow.writer(), &sight, id).await?.ok_or_else(unknown)?;
        let series = dialogue::find(uow.writer(), &sight, found.dialogue).await?.ok_or_else(unknown)?;
        created.generated = series.generated;
    }
    Ok(())
}

/// An act on a commitment, as somebody typed it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Input {
    /// The commitment's id.
    pub commitment_id: String,
    /// The version that was read, if the caller says.
    pub version: Option<i64>,
    /// What became of it.
    pub outcome: Option<CommitmentOutcome>,
    /// A note or reason.
    pub note: Option<String>,
    /// What shows it.
    pub evidence: Vec<EvidenceDraft>,
    /// The id of the commitment in its place.
    pub successor: Option<String>,
}

/// What was told with an act.
#[derive(Default)]
struct Told {
    outcome: Option<CommitmentOutcome>,
    note: Option<String>,
    evidence: Vec<Evidence>,
}

/// Promises what was proposed.
pub async fn accept(app: &App, ctx: &Ctx, input: &Input, key: Option<&str>) -> Result<Commitment> {
    let step = (Act::CommitmentAccept, CommitmentStep::Accepted, Topic::CommitmentAccepted);
    act(app, ctx, input, key, step, async |_, found, _, _| found.accept(ctx.now)).await
}

/// Tells how far a commitment is, or claims that it came to its end.
pub async fn report(app: &App, ctx: &Ctx, input: &Input, key: Option<&str>) -> Result<Commitment> {
    if input.outcome.is_none() && input.note.is_none() && input.evidence.is_empty() {
        ctx.may(Act::CommitmentReport)?;
        return Err(Error::invalid(Reason::Required, "note", "A report says something: a note, evidence, or what became of it."));
    }
    let step = (Act::CommitmentReport, CommitmentStep::Reported, Topic::CommitmentReported);
    act(app, ctx, input, key, step, async |uow, found, told, _| {
        let shown_before = commitment::acts_of(uow.writer(), &[found.id]).await?.iter().any(|act| !act.evidence.is_empty());
        found.report(told.outcome, shown_before || !told.evidence.is_empty(), ctx.now)
    })
    .await
}

/// Says, as one to whom it was promised, what became of a commitment.
pub async fn confirm(app: &App, ctx: &Ctx, input: &Input, key: Option<&str>) -> Result<Commitment> {
    let step = (Act::CommitmentConfirm, CommitmentStep::Confirmed, Topic::CommitmentConfirmed);
    act(app, ctx, input, key, step, async |_, found, told, grant| {
        let by = grant.organisation().ok_or_else(|| Error::broken("a confirmation by no organisation"))?;
        found.confirm(by, told.outcome.unwrap_or(CommitmentOutcome::Fulfilled), ctx.now)
    })
    .await
}

/// Takes a commitment back.
pub async fn withdraw(app: &App, ctx: &Ctx, input: &Input, key: Option<&str>) -> Result<Commitment> {
    let step = (Act::CommitmentWithdraw, CommitmentStep::Withdrawn, Topic::CommitmentWithdrawn);
    act(app, ctx, input, key, step, async |_, found, _, _| found.withdraw(ctx.now)).await
}

/// Puts another commitment in the place of one.
pub async fn supersede(app: &App, ctx: &Ctx, input: &Input, key: Option<&str>) -> Result<Commitment> {
    let step = (Act::CommitmentSupersede, CommitmentStep::Superseded, Topic::CommitmentSuperseded);
    act(app, ctx, input, key, step, async |uow, found, _, _| {
        let raw = input.successor.as_deref().unwrap_or_default();
        let id = read(raw).map_err(|error| error.under("successorId"))?;
        let unknown = || Error::invalid(Reason::UnknownId, "successorId", "There is no such commitment, or you may not read it.");
        let successor = commitment::find(uow.writer(), &ctx.dialogues(), id).await?.ok_or_else(unknown)?;
        found.supersede(&successor, ctx.now)
    })
    .await
}

/// The one way of an act: who may, under one key once, on the version that was read, with what was told kept beside it.
async fn act(
    app: &App,
    ctx: &Ctx,
    input: &Input,
    key: Option<&str>,
    (act, step, topic): (Act, CommitmentStep, Topic),
    change: impl AsyncFnOnce(&UnitOfWork<'_>, &Commitment, &Told, &Grant) -> Result<Commitment>,
) -> Result<Commitment> {
    ctx.may(act)?;
    let key = IdempotencyKey::parse(key, input)?;
    let mut faults = Faults::default();
    let id: Option<CommitmentId> = faults.check("commitmentId", read(&input.commitment_id));
    let text = input.note.as_deref().filter(|raw| !raw.trim().is_empty());
    let text = text.and_then(|raw| faults.check("note", block(raw, LONG)));
    let evidence = evidence(&mut faults, &input.evidence);
    let id = faults.finish_with(id)?;
    let told = Told { outcome: input.outcome, note: text, evidence };
    let uow = app.begin(ctx).await?;
    let missing = || Error::new(Code::NotFound, Reason::UnknownId, "commitmentId", "There is no such commitment, or you may not read it.");
    let found = commitment::hold(uow.writer(), &ctx.dialogues(), id).await?.ok_or_else(missing)?;
    let grant = ctx.allow(act, &found.scope(&ctx.actor))?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(found);
    }
    check_version(input.version.unwrap_or(found.version), found.version)?;
    check_there(&uow, &told.evidence).await?;
    let changed = change(&uow, &found, &told, &grant).await?;
    if !commitment::update(uow.writer(), &changed).await? {
        check_version(found.version, changed.version)?;
    }
    note(&uow, &grant, &changed, step, told).await?;
    uow.commit(grant, [Event::edit(topic, id.any(), vec!["status"])]).await?;
    Ok(changed)
}

async fn note(uow: &UnitOfWork<'_>, grant: &Grant, of: &Commitment, step: CommitmentStep, told: Told) -> Result<()> {
    let act = CommitmentAct {
        commitment: of.id,
        step,
        status: of.status,
        outcome: told.outcome,
        note: told.note,
        evidence: told.evidence,
        user: grant.user(),
        organisation: grant.organisation(),
        at: uow.ctx().now,
    };
    commitment::insert_act(uow.writer(), uow.app().ids.uuid(), &act).await
}
