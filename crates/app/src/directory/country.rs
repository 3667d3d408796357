//! Countries and regions, to read.

use std::sync::Arc;

use tertulia_domain::{
    Result,
    directory::country::{Country, CountryFilter, Region},
    page::{Page, PageRequest},
    policy::Act,
    text::CountryCode,
};
use tertulia_persistence::directory::country;

use crate::{App, Ctx};

/// The country with this code, if it is at hand without a look into the database.
pub fn known(app: &App, ctx: &Ctx, code: CountryCode) -> Option<Arc<Country>> {
    if app.remembers(ctx) { app.directory.countries.get(code, ctx.now) } else { None }
}

/// The countries with these codes, in any order.
pub async fn by_codes(app: &App, ctx: &Ctx, codes: &[CountryCode]) -> Result<Vec<Arc<Country>>> {
    ctx.may(Act::DirectoryRead)?;
    let read = async |codes: &[CountryCode]| country::find_many(&app.current_reader(ctx), codes).await;
    if !app.remembers(ctx) {
        return Ok(read(codes).await?.into_iter().map(Arc::new).collect());
    }
    app.directory.countries.many(codes, ctx.now, |entry| entry.code, read).await
}

/// A page of countries by name.
pub async fn list(app: &App, ctx: &Ctx, filter: &CountryFilter, page: &PageRequest) -> Result<Page<Country>> {
    ctx.may(Act::DirectoryRead)?;
    country::list(&app.reader(ctx), filter, page).await
}

/// How many countries the filter leaves.
pub async fn count(app: &App, ctx: &Ctx, filter: &CountryFilter) -> Result<u64> {
    ctx.may(Act::DirectoryRead)?;
    country::count(&app.reader(ctx), filter).await
}

/// Every region of the M49.
pub async fn regions(app: &App, ctx: &Ctx) -> Result<Vec<Region>> {
    ctx.may(Act::DirectoryRead)?;
    country::regions(&app.reader(ctx)).await
}
