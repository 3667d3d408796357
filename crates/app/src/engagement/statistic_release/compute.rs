//! Working the numbers of a release out: contacts are read page after page, so that it takes no more memory for more of them.

use std::collections::{BTreeMap, HashMap};

use tertulia_domain::{
    Result,
    directory::country::M49,
    engagement::{
        contact::Contact,
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

use crate::{App, Ctx};

/// A count of what was sent to platforms in a period, as it stood at a cut-off.
#[derive(Debug)]
pub struct Counting {
    which: Sent,
    continents: BTreeMap<CountryCode, ReleaseRegion>,
    cube: Cube,
    left: Vec<OrganisationId>,
    last: Option<Contact>,
}

impl Counting {
    /// Nothing counted yet. Releases count contacts that people logged; what counting takes can be measured on those that a generator made.
    pub async fn begin(
        app: &App,
        ctx: &Ctx,
        platforms: &[OrganisationId],
        (period, cut_off): (Period, Instant),
        generated: bool,
    ) -> Result<Self> {
        let continents = continents(&app.current_reader(ctx)).await?;
        let (from, to) = period.bounds();
        let which = Sent { platforms: platforms.to_vec(), from, to, generated };
        Ok(Self { which, continents, cube: Cube::new(platforms, cut_off), left: platforms.to_vec(), last: None })
    }

    /// How many there are to count.
    pub(super) async fn total(&self, session: &dyn Session) -> Result<u64> {
        sent::count(session, &self.which).await
    }

    /// Counts the next page; says of how many contacts it is, none when all were counted.
    pub async fn page(&mut self, app: &App, ctx: &Ctx) -> Result<u64> {
        let reader = app.current_reader(ctx);
        let page = self.next(&reader).await?;
        let ids: Vec<ContactId> = page.iter().map(|contact| contact.id).collect();
        let mut facts: HashMap<ContactId, Vec<Fact>> = HashMap::with_capacity(ids.len());
        for (contact, fact) in fact::find_of(&reader, &ids).await? {
            facts.entry(contact).or_default().push(fact);
        }
        for contact in &page {
            let region = contact.country.and_then(|code| self.continents.get(&code).copied()).unwrap_or(ReleaseRegion::None);
            self.cube.count(contact, facts.get(&contact.id).map_or(&[], Vec::as_slice), region);
        }
        let counted = page.len() as u64;
        self.last = page.into_iter().last();
        Ok(counted)
    }

    async fn next(&mut self, session: &dyn Session) -> Result<Vec<Contact>> {
        while let Some(platform) = self.left.last() {
            let page = sent::page(session, &self.which, *platform, self.last.as_ref()).await?;
            if !page.is_empty() {
                return Ok(page);
            }
            (_, self.last) = (self.left.pop(), None);
        }
        Ok(Vec::new())
    }

    /// What was counted.
    pub fn into_cube(self) -> Cube {
        self.cube
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
