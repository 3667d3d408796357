//! Reporting programmes.

use tertulia_domain::{
    Faults, Result,
    directory::reporting_programme::{ReportingProgramme, ReportingProgrammeDraft, ReportingProgrammeFields, ReportingProgrammePatch},
    id::{ReportingProgrammeId, kinds},
    page::{Page, PageRequest},
    policy::{Act, Scope},
    record::event::Topic,
};
use tertulia_persistence::{Session, Writer, directory::reporting_programme};

use super::{
    edit::{self, Created, Edit, Edited},
    references::check_organisation,
};
use crate::{App, Ctx};

/// The programmes with these ids.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[ReportingProgrammeId]) -> Result<Vec<ReportingProgramme>> {
    ctx.may(Act::DirectoryRead)?;
    reporting_programme::find_many(&app.reader(ctx), ids).await
}

/// A page of programmes by name.
pub async fn list(app: &App, ctx: &Ctx, page: &PageRequest) -> Result<Page<ReportingProgramme>> {
    ctx.may(Act::DirectoryRead)?;
    reporting_programme::list(&app.reader(ctx), page).await
}

/// How many programmes there are.
pub async fn count(app: &App, ctx: &Ctx) -> Result<u64> {
    ctx.may(Act::DirectoryRead)?;
    reporting_programme::count(&app.reader(ctx)).await
}

/// Records a programme.
pub async fn create(app: &App, ctx: &Ctx, draft: Result<ReportingProgrammeDraft>, key: Option<&str>) -> Result<ReportingProgramme> {
    edit::create(app, ctx, draft, key).await
}

/// Edits a programme's entry.
pub async fn update(app: &App, ctx: &Ctx, edit: Edit<kinds::ReportingProgramme, ReportingProgrammePatch>) -> Result<ReportingProgramme> {
    edit::update(app, ctx, edit).await
}

impl Edited for kinds::ReportingProgramme {
    type Fields = ReportingProgrammeFields;
    type Patch = ReportingProgrammePatch;
    const UPDATE: (Act, Topic) = (Act::ReportingProgrammeUpdate, Topic::ReportingProgrammeUpdated);

    fn scope(_: ReportingProgrammeId, _: &ReportingProgrammeFields) -> Scope {
        Scope::default()
    }

    fn apply(patch: ReportingProgrammePatch, fields: &ReportingProgrammeFields) -> Result<ReportingProgrammeFields> {
        patch.apply(fields)
    }

    async fn check_references(session: &dyn Session, _: ReportingProgrammeId, fields: &ReportingProgrammeFields) -> Result<()> {
        let mut faults = Faults::default();
        check_organisation(session, &mut faults, "operatorId", fields.operator, None).await?;
        faults.finish()
    }

    async fn find(session: &dyn Session, _: &Ctx, id: ReportingProgrammeId) -> Result<Option<ReportingProgramme>> {
        reporting_programme::find(session, id).await
    }

    async fn replace(writer: &Writer, entry: &ReportingProgramme) -> Result<()> {
        reporting_programme::update(writer, entry).await
    }
}

impl Created for kinds::ReportingProgramme {
    type Draft = ReportingProgrammeDraft;
    const CREATE: (Act, Topic) = (Act::ReportingProgrammeCreate, Topic::ReportingProgrammeCreated);

    fn scope_of(_: &ReportingProgrammeDraft) -> Scope {
        Scope::default()
    }

    fn check(draft: &ReportingProgrammeDraft) -> Result<ReportingProgrammeFields> {
        draft.check()
    }

    async fn insert(writer: &Writer, entry: &ReportingProgramme) -> Result<()> {
        reporting_programme::insert(writer, entry).await
    }
}
