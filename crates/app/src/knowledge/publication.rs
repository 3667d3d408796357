//! Publications, to read.

use tertulia_domain::{
    Result,
    id::PublicationId,
    knowledge::publication::{Publication, PublicationFilter},
    page::{Page, PageRequest},
    policy::Act,
};
use tertulia_persistence::knowledge::publication;

use crate::{App, Ctx};

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
