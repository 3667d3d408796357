//! Instruments: the coordinator records them, the other parties propose, each for itself.

use tertulia_domain::{
    Faults, Reason, Result,
    directory::instrument::{
        Instrument, InstrumentDraft, InstrumentFields, InstrumentFilter, InstrumentOrder, InstrumentPatch, InstrumentStatus,
    },
    id::{InstrumentId, OrganisationId, kinds},
    page::{Page, PageRequest},
    policy::{Act, Scope},
    record::event::Topic,
};
use tertulia_persistence::{
    Session, Writer,
    directory::{instrument, organisation},
};

use super::{
    edit::{self, Confirmed, Created, Edit, Edited},
    references::{check_countries, check_organisation},
};
use crate::{App, Ctx};

/// The instruments with these ids that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[InstrumentId]) -> Result<Vec<Instrument>> {
    ctx.may(Act::DirectoryRead)?;
    instrument::find_many(&app.reader(ctx), &ctx.directory(), ids).await
}

/// A page of the instruments that the caller may read.
pub async fn list(app: &App, ctx: &Ctx, filter: &InstrumentFilter, order: InstrumentOrder, page: &PageRequest) -> Result<Page<Instrument>> {
    ctx.may(Act::DirectoryRead)?;
    instrument::list(&app.reader(ctx), &ctx.directory(), filter, order, page).await
}

/// How many instruments the filter leaves of those that the caller may read.
pub async fn count(app: &App, ctx: &Ctx, filter: &InstrumentFilter) -> Result<u64> {
    ctx.may(Act::DirectoryRead)?;
    instrument::count(&app.reader(ctx), &ctx.directory(), filter).await
}

/// Records an instrument; for the organisation that the draft names, proposes it.
pub async fn create(app: &App, ctx: &Ctx, draft: Result<InstrumentDraft>, key: Option<&str>) -> Result<Instrument> {
    edit::create(app, ctx, draft, key).await
}

/// Edits an instrument's entry.
pub async fn update(app: &App, ctx: &Ctx, edit: Edit<kinds::Instrument, InstrumentPatch>) -> Result<Instrument> {
    edit::update(app, ctx, edit).await
}

/// Stands behind a proposal: from now on everybody reads it, and the coordinator alone edits it. What is confirmed already stays so.
pub async fn confirm(app: &App, ctx: &Ctx, edit: Edit<kinds::Instrument, ()>) -> Result<Instrument> {
    edit::confirm(app, ctx, edit).await
}

/// Notes a fault if there is no such instrument that the caller may read.
pub(crate) async fn check_instrument(
    session: &dyn Session,
    ctx: &Ctx,
    faults: &mut Faults,
    path: &str,
    id: Option<InstrumentId>,
) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    if instrument::find(session, &ctx.directory(), id).await?.is_none() {
        faults.add(Reason::UnknownId, path, "There is no such instrument, or you may not read it.");
    }
    Ok(())
}

impl Edited for kinds::Instrument {
    type Fields = InstrumentFields;
    type Patch = InstrumentPatch;
    const UPDATE: (Act, Topic) = (Act::InstrumentUpdate, Topic::InstrumentUpdated);

    fn scope(_: InstrumentId, fields: &InstrumentFields) -> Scope {
        Scope { owner: fields.owner(), ..Scope::default() }
    }

    fn apply(patch: InstrumentPatch, fields: &InstrumentFields) -> Result<InstrumentFields> {
        patch.apply(fields)
    }

    async fn check_references(session: &dyn Session, _: InstrumentId, fields: &InstrumentFields) -> Result<()> {
        let mut faults = Faults::default();
        check_countries(session, &mut faults, "countries", true, &fields.countries).await?;
        check_organisation(session, &mut faults, "proposedById", fields.proposed_by, None).await?;
        let named: Vec<OrganisationId> = fields.parties.iter().filter_map(|party| party.organisation).collect();
        let known = if named.is_empty() { Vec::new() } else { organisation::find_many(session, &named).await? };
        for (index, party) in fields.parties.iter().enumerate() {
            if party.organisation.is_some_and(|id| known.iter().all(|found| found.id != id)) {
                let path = format!("parties.{index}.organisationId");
                faults.add(Reason::UnknownId, &path, "There is no organisation with this id.");
            }
        }
        faults.finish()
    }

    async fn find(session: &dyn Session, ctx: &Ctx, id: InstrumentId) -> Result<Option<Instrument>> {
        instrument::find(session, &ctx.directory(), id).await
    }

    async fn replace(writer: &Writer, entry: &Instrument) -> Result<()> {
        instrument::update(writer, entry).await
    }
}

impl Created for kinds::Instrument {
    type Draft = InstrumentDraft;
    const CREATE: (Act, Topic) = (Act::InstrumentCreate, Topic::InstrumentCreated);

    fn scope_of(draft: &InstrumentDraft) -> Scope {
        Scope { owner: draft.proposed_by, ..Scope::default() }
    }

    fn check(draft: &InstrumentDraft) -> Result<InstrumentFields> {
        draft.check()
    }

    async fn insert(writer: &Writer, entry: &Instrument) -> Result<()> {
        instrument::insert(writer, entry).await
    }
}

impl Confirmed for kinds::Instrument {
    const CONFIRM: (Act, Topic) = (Act::InstrumentConfirm, Topic::InstrumentConfirmed);

    fn confirmed(fields: &InstrumentFields) -> Option<InstrumentFields> {
        (fields.status != InstrumentStatus::InForce).then(|| fields.clone().confirmed())
    }
}
