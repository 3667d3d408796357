//! Publications.

use tertulia_domain::{
    Faults, Result,
    id::{PublicationId, kinds},
    knowledge::publication::{Publication, PublicationDraft, PublicationFields, PublicationFilter, PublicationPatch},
    page::{Page, PageRequest},
    policy::{Act, Scope},
    record::event::Topic,
};
use tertulia_persistence::{Session, Writer, knowledge::publication};

use crate::{
    App, Ctx,
    directory::{
        edit::{self, Created, Edit, Edited},
        references::check_organisations,
    },
};

/// The publications with these ids that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[PublicationId]) -> Result<Vec<Publication>> {
    ctx.may(Act::DirectoryRead)?;
    publication::find_many(&app.reader(ctx), &ctx.directory(), ids).await
}

/// A page of the publications that the caller may read, the latest first.
pub async fn list(app: &App, ctx: &Ctx, filter: &PublicationFilter, page: &PageRequest) -> Result<Page<Publication>> {
    ctx.may(Act::DirectoryRead)?;
    publication::list(&app.reader(ctx), &ctx.directory(), filter, page).await
}

/// How many publications the filter leaves of those that the caller may read.
pub async fn count(app: &App, ctx: &Ctx, filter: &PublicationFilter) -> Result<u64> {
    ctx.may(Act::DirectoryRead)?;
    publication::count(&app.reader(ctx), &ctx.directory(), filter).await
}

/// Records a publication.
pub async fn create(app: &App, ctx: &Ctx, draft: Result<PublicationDraft>, key: Option<&str>) -> Result<Publication> {
    edit::create(app, ctx, draft, key).await
}

/// Edits a publication's entry.
pub async fn update(app: &App, ctx: &Ctx, edit: Edit<kinds::Publication, PublicationPatch>) -> Result<Publication> {
    edit::update(app, ctx, edit).await
}

impl Edited for kinds::Publication {
    type Fields = PublicationFields;
    type Patch = PublicationPatch;
    const UPDATE: (Act, Topic) = (Act::PublicationUpdate, Topic::PublicationUpdated);

    fn scope(_: PublicationId, _: &PublicationFields) -> Scope {
        Scope::default()
    }

    fn apply(patch: PublicationPatch, fields: &PublicationFields) -> Result<PublicationFields> {
        patch.apply(fields)
    }

    async fn check_references(session: &dyn Session, _: PublicationId, fields: &PublicationFields) -> Result<()> {
        let mut faults = Faults::default();
        check_organisations(session, &mut faults, "publisherIds", &fields.publishers, None).await?;
        faults.finish()
    }

    async fn find(session: &dyn Session, ctx: &Ctx, id: PublicationId) -> Result<Option<Publication>> {
        publication::find(session, &ctx.directory(), id).await
    }

    async fn replace(writer: &Writer, entry: &Publication) -> Result<()> {
        publication::update(writer, entry).await
    }
}

impl Created for kinds::Publication {
    type Draft = PublicationDraft;
    const CREATE: (Act, Topic) = (Act::PublicationCreate, Topic::PublicationCreated);

    fn scope_of(_: &PublicationDraft) -> Scope {
        Scope::default()
    }

    fn check(draft: &PublicationDraft) -> Result<PublicationFields> {
        draft.check()
    }

    async fn insert(writer: &Writer, entry: &Publication) -> Result<()> {
        publication::insert(writer, entry).await
    }
}
