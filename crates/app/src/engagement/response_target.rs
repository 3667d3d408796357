//! Response targets: the coordinator sets them, the other parties propose, each for itself. What was sent before a change keeps the
//! target that bound it.

use std::sync::Arc;

use tertulia_domain::{
    Faults, Reason, Result,
    directory::organisation::OrganisationKind,
    engagement::response_target::{
        ResponseTarget, ResponseTargetDraft, ResponseTargetFields, ResponseTargetFilter, ResponseTargetPatch, TargetStatus,
    },
    id::{ResponseTargetId, kinds},
    page::{Page, PageRequest},
    policy::{Act, Actor, DirectorySight, Scope},
    record::event::Topic,
};
use tertulia_persistence::{
    Session, Writer,
    directory::{instrument, platform},
    engagement::response_target,
};

use crate::{
    App, Ctx,
    directory::{
        edit::{self, Confirmed, Created, Edit, Edited},
        references::{check_countries, check_organisation},
    },
};

/// The targets with these ids that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[ResponseTargetId]) -> Result<Vec<ResponseTarget>> {
    ctx.may(Act::ResponseTargetRead)?;
    response_target::find_many(&app.reader(ctx), &ctx.directory(), ids).await
}

/// A page of the targets that the caller may read, the latest entered first.
pub async fn list(app: &App, ctx: &Ctx, filter: &ResponseTargetFilter, page: &PageRequest) -> Result<Page<ResponseTarget>> {
    ctx.may(Act::ResponseTargetRead)?;
    response_target::list(&app.reader(ctx), &ctx.directory(), filter, page).await
}

/// How many targets the filter leaves of those that the caller may read.
pub async fn count(app: &App, ctx: &Ctx, filter: &ResponseTargetFilter) -> Result<u64> {
    ctx.may(Act::ResponseTargetRead)?;
    response_target::count(&app.reader(ctx), &ctx.directory(), filter).await
}

/// Every target that is confirmed, from memory where that is good enough.
pub(crate) async fn in_force(app: &App, ctx: &Ctx) -> Result<Arc<Vec<ResponseTarget>>> {
    if !app.remembers(ctx) {
        return Ok(Arc::new(response_target::in_force(&app.current_reader(ctx)).await?));
    }
    let read = async |_: &[()]| response_target::in_force(&app.current_reader(ctx)).await.map(|targets| vec![targets]);
    Ok(app.directory.targets.many(&[()], ctx.now, |_| (), read).await?.pop().unwrap_or_default())
}

/// Sets a target; for the organisation that the draft names, proposes it.
pub async fn create(app: &App, ctx: &Ctx, draft: Result<ResponseTargetDraft>, key: Option<&str>) -> Result<ResponseTarget> {
    edit::create(app, ctx, draft, key).await
}

/// Edits a target. With a last day it is retired.
pub async fn update(app: &App, ctx: &Ctx, edit: Edit<kinds::ResponseTarget, ResponseTargetPatch>) -> Result<ResponseTarget> {
    edit::update(app, ctx, edit).await
}

/// Stands behind a proposal: from now on it binds what is sent. What is confirmed already stays so.
pub async fn confirm(app: &App, ctx: &Ctx, edit: Edit<kinds::ResponseTarget, ()>) -> Result<ResponseTarget> {
    edit::confirm(app, ctx, edit).await
}

impl Edited for kinds::ResponseTarget {
    type Fields = ResponseTargetFields;
    type Patch = ResponseTargetPatch;
    const UPDATE: (Act, Topic) = (Act::ResponseTargetUpdate, Topic::ResponseTargetUpdated);

    fn scope(_: ResponseTargetId, fields: &ResponseTargetFields) -> Scope {
        Scope { owner: fields.owner(), ..Scope::default() }
    }

    fn apply(patch: ResponseTargetPatch, fields: &ResponseTargetFields) -> Result<ResponseTargetFields> {
        patch.apply(fields)
    }

    /// The company is one, the service is its own; countries, the instrument and who proposes exist. The instrument must be confirmed,
    /// since whoever reads a contact reads on what its target stands.
    async fn check_references(session: &dyn Session, _: ResponseTargetId, fields: &ResponseTargetFields) -> Result<()> {
        let mut faults = Faults::default();
        let company = Some(OrganisationKind::PlatformCompany);
        check_organisation(session, &mut faults, "platformId", Some(fields.platform), company).await?;
        check_organisation(session, &mut faults, "proposedById", fields.proposed_by, None).await?;
        check_countries(session, &mut faults, "countries", true, &fields.countries).await?;
        if let Some(id) = fields.service {
            match platform::find(session, id).await? {
                None => faults.add(Reason::UnknownId, "platformServiceId", "There is no service with this id."),
                Some(service) if service.platform != fields.platform => {
                    faults.add(Reason::Contradiction, "platformServiceId", "This is no service of that platform.");
                }
                Some(_) => {}
            }
        }
        if let Some(id) = fields.instrument
            && instrument::find(session, &DirectorySight::of(&Actor::Anonymous), id).await?.is_none()
        {
            faults.add(Reason::UnknownId, "instrumentId", "There is no such instrument that is confirmed.");
        }
        faults.finish()
    }

    async fn find(session: &dyn Session, ctx: &Ctx, id: ResponseTargetId) -> Result<Option<ResponseTarget>> {
        response_target::find(session, &ctx.directory(), id).await
    }

    async fn replace(writer: &Writer, entry: &ResponseTarget) -> Result<()> {
        response_target::update(writer, entry).await
    }
}

impl Created for kinds::ResponseTarget {
    type Draft = ResponseTargetDraft;
    const CREATE: (Act, Topic) = (Act::ResponseTargetCreate, Topic::ResponseTargetCreated);

    fn scope_of(draft: &ResponseTargetDraft) -> Scope {
        Scope { owner: draft.proposed_by, ..Scope::default() }
    }

    fn is_generated(draft: &ResponseTargetDraft) -> bool {
        draft.generated
    }

    fn check(draft: &ResponseTargetDraft) -> Result<ResponseTargetFields> {
        draft.check()
    }

    async fn insert(writer: &Writer, entry: &ResponseTarget) -> Result<()> {
        response_target::insert(writer, entry).await
    }
}

impl Confirmed for kinds::ResponseTarget {
    const CONFIRM: (Act, Topic) = (Act::ResponseTargetConfirm, Topic::ResponseTargetConfirmed);

    fn confirmed(fields: &ResponseTargetFields) -> Option<ResponseTargetFields> {
        (fields.status != TargetStatus::InForce).then(|| fields.clone().confirmed())
    }
}
