//! Working the numbers of a release out: contacts are read page after page, so that it takes no more memory for more of them.

use std::collections::{BTreeMap, HashMap};

use tertulia_domain::{
    Code, Error, Reason, Result,
    directory::country::M49,
    engagement::{
        fact::Fact,
        release_cube::{Cube, ReleaseRegion},
        statistic_release::Period,
    },
    id::{ContactId, OrganisationId},
    text::CountryCode,
    time::Instant,
};
use tertulia_persistence::{
    Session,
    directory::country,
    engagement::{
        fact,
        sent::{self, Sent},
    },
};

/// Counts what was sent to these platforms in a period, as it stood at the cut-off.
///
/// # Errors
/// `CONFLICT` if the log holds generated contacts of the period: a release is about what happened.
pub(super) async fn compute(session: &dyn Session, platforms: &[OrganisationId], period: Period, cut_off: Instant) -> Result<Cube> {
    let continents = continents(session).await?;
    let (from, to) = period.bounds();
    let which = Sent { platforms: platforms.to_vec(), from, to };
    let mut cube = Cube::new(platforms, cut_off);
    let mut last = None;
    loop {
        let page = sent::page(session, &which, last.as_ref()).await?;
        if page.iter().any(|contact| contact.generated) {
            let message = "The log holds generated contacts of these months. A release counts none, so none is made of them.";
            return Err(Error::new(Code::Conflict, Reason::Contradiction, "period", message));
        }
        let ids: Vec<ContactId> = page.iter().map(|contact| contact.id).collect();
        let mut facts: HashMap<ContactId, Vec<Fact>> = HashMap::with_capacity(ids.len());
        for (contact, fact) in fact::find_of(session, &ids).await? {
            facts.entry(contact).or_default().push(fact);
        }
        for contact in &page {
            let region = contact.country.and_then(|code| continents.get(&code).copied()).unwrap_or(ReleaseRegion::None);
            cube.count(contact, facts.get(&contact.id).map_or(&[], Vec::as_slice), region);
        }
        last = page.into_iter().last();
        if last.is_none() {
            return Ok(cube);
        }
    }
}

/// The continent of each country.
async fn continents(session: &dyn Session) -> Result<BTreeMap<CountryCode, ReleaseRegion>> {
    let around: BTreeMap<M49, Option<M49>> =
        country::regions(session).await?.into_iter().map(|region| (region.code, region.parent)).collect();
    let continent = |smallest: M49| {
        let outward = std::iter::successors(Some(smallest), |code| around.get(code).copied().flatten());
        outward.take(around.len()).find_map(|code| ReleaseRegion::parse(&code.to_string()))
    };
    let countries = country::all(session).await?;
    Ok(countries.into_iter().filter_map(|country| Some((country.code, continent(country.region?)?))).collect())
}
