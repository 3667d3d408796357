//! What the owner of an incident does with it.

use tertulia_domain::{
    Error, Reason, Result,
    engagement::{
        incident::{Incident, IncidentEntry, IncidentState},
        incident_draft::{IncidentDraft, IncidentPatch},
    },
    id::{IncidentId, kinds},
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{
    Session, Writer,
    engagement::{incident, party},
};

use crate::{
    App, Ctx, check_version,
    directory::edit::{self, Created, Edit, Edited},
    engagement::named_election::has_election,
};

/// Opens an incident. Without a body named, the caller's only one owns it.
pub async fn open(app: &App, ctx: &Ctx, draft: Result<IncidentDraft>, key: Option<&str>) -> Result<Incident> {
    ctx.may(Act::IncidentOpen)?;
    let mut draft = draft?;
    let bodies = ctx.contacts();
    if let (None, 1) = (draft.electoral_body, bodies.bodies().len()) {
        draft.electoral_body = bodies.bodies().first().copied();
    }
    draft.check_at(ctx.now)?;
    edit::create(app, ctx, Ok(draft), key).await
}

/// Edits what an incident says. What it said before goes into its history.
pub async fn update(app: &App, ctx: &Ctx, mut edit: Edit<kinds::Incident, IncidentPatch>) -> Result<Incident> {
    ctx.may(Act::IncidentUpdate)?;
    edit.patch = edit.patch.and_then(|patch| patch.check_at(ctx.now).map(|()| patch));
    edit::update(app, ctx, edit).await
}

impl Edited for kinds::Incident {
    type Fields = IncidentEntry;
    type Patch = IncidentPatch;
    const UPDATE: (Act, Topic) = (Act::IncidentUpdate, Topic::IncidentUpdated);
    const ID: &'static str = "incidentId";

    fn scope(_: IncidentId, entry: &IncidentEntry) -> Scope {
        Scope::owned_by(entry.fields.electoral_body)
    }

    fn apply(patch: IncidentPatch, entry: &IncidentEntry) -> Result<IncidentEntry> {
        patch.apply(entry)
    }

    async fn check_references(session: &dyn Session, _: IncidentId, entry: &IncidentEntry) -> Result<()> {
        let Some(election) = entry.fields.election else { return Ok(()) };
        let country = party::country_of_body(session, entry.fields.electoral_body).await?;
        if has_election(session, election, country).await? {
            return Ok(());
        }
        Err(Error::invalid(Reason::UnknownId, "electionId", "There is no election with this id."))
    }

    async fn find(session: &dyn Session, ctx: &Ctx, id: IncidentId) -> Result<Option<Incident>> {
        incident::find(session, &ctx.contacts(), id).await
    }

    async fn replace(writer: &Writer, entry: &Incident) -> Result<()> {
        incident::update(writer, entry).await
    }
}

impl Created for kinds::Incident {
    type Draft = IncidentDraft;
    const CREATE: (Act, Topic) = (Act::IncidentOpen, Topic::IncidentOpened);

    fn scope_of(draft: &IncidentDraft) -> Scope {
        Scope { owner: draft.electoral_body, ..Scope::default() }
    }

    fn check(draft: &IncidentDraft) -> Result<IncidentEntry> {
        Ok(IncidentEntry { fields: draft.check()?, state: IncidentState::open() })
    }

    async fn insert(writer: &Writer, entry: &Incident) -> Result<()> {
        incident::insert(writer, entry).await
    }
}

/// Only watches an incident from now on.
pub async fn monitor(app: &App, ctx: &Ctx, edit: Edit<kinds::Incident, ()>) -> Result<Incident> {
    change(app, ctx, edit, (Act::IncidentMonitor, Topic::IncidentMonitored), IncidentState::monitor).await
}

/// Closes an incident.
pub async fn close(app: &App, ctx: &Ctx, edit: Edit<kinds::Incident, ()>, reason: &str) -> Result<Incident> {
    let (edit, step) = (edit.with(&reason), (Act::IncidentClose, Topic::IncidentClosed));
    change(app, ctx, edit, step, |state| state.close(reason, ctx.now)).await
}

/// Opens an incident again that is closed or only watched.
pub async fn reopen(app: &App, ctx: &Ctx, edit: Edit<kinds::Incident, ()>) -> Result<Incident> {
    change(app, ctx, edit, (Act::IncidentReopen, Topic::IncidentReopened), IncidentState::reopen).await
}

/// The one way of a change of state: who may, under a key once, on the version that was read, with the state before in history.
async fn change(
    app: &App,
    ctx: &Ctx,
    edit: Edit<kinds::Incident, ()>,
    (act, topic): (Act, Topic),
    step: impl FnOnce(&IncidentState) -> Result<IncidentState>,
) -> Result<Incident> {
    ctx.may(act)?;
    let (id, version, (), key) = edit.read()?;
    let uow = app.begin(ctx).await?;
    let before: Incident = edit::current(uow.writer(), ctx, Some(id)).await?;
    let grant = ctx.allow(act, &Scope::owned_by(before.owner()))?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(before);
    }
    check_version(version, before.version)?;
    let IncidentEntry { fields, state } = before.fields.clone();
    let state = step(&state)?;
    uow.replace(&grant, id.any(), before.version, &before.fields)?;
    let after = before.edited(IncidentEntry { fields, state }, ctx.now);
    incident::update(uow.writer(), &after).await?;
    uow.commit(grant, [Event::edit(topic, id.any(), vec!["status"])]).await?;
    Ok(after)
}
