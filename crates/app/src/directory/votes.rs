//! When a country votes: its elections and zones, which each contact that is sent asks for.

use std::sync::Arc;

use chrono_tz::Tz;
use tertulia_domain::{
    Result,
    directory::election::{Election, ElectionOrder},
    text::CountryCode,
    time::zone,
};
use tertulia_persistence::{
    Session,
    directory::{country, election},
};

use crate::{App, Ctx};

/// The elections and zones of a country.
#[derive(Debug)]
pub(crate) struct Votes {
    pub(crate) country: CountryCode,
    pub(crate) elections: Vec<Election>,
    pub(crate) zones: Vec<Tz>,
}

/// When these countries vote, from memory where that is good enough; else through `session`, which may be a transaction.
pub(crate) async fn votes(app: &App, ctx: &Ctx, session: &dyn Session, countries: &[CountryCode]) -> Result<Vec<Arc<Votes>>> {
    if !app.remembers(ctx) {
        return Ok(read(session, countries).await?.into_iter().map(Arc::new).collect());
    }
    app.directory.votes.many(countries, ctx.now, |votes| votes.country, async |missing: &[CountryCode]| read(session, missing).await).await
}

async fn read(session: &dyn Session, codes: &[CountryCode]) -> Result<Vec<Votes>> {
    let countries = country::find_many(session, codes).await?;
    let elections = election::of_countries(session, codes, ElectionOrder::PollingDay).await?;
    let of = |code: CountryCode| {
        let own = countries.iter().filter(|country| country.code == code).flat_map(|country| &country.time_zones);
        Votes {
            country: code,
            elections: elections.iter().map(|(election, _)| election).filter(|one| one.country == Some(code)).cloned().collect(),
            zones: own.filter_map(|name| zone(name).ok()).collect(),
        }
    };
    Ok(codes.iter().map(|code| of(*code)).collect())
}
