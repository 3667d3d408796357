//! What a loading is to write, all kinds together.

use std::collections::HashMap;

use serde::Serialize;
use tertulia_domain::{
    Error, Result,
    directory::{
        country::{Country, Region},
        election::Election,
        entry::Entry,
        instrument::Instrument,
        organisation::Organisation,
        platform::PlatformService,
        reporting_programme::ReportingProgramme,
    },
    id::Kind,
    knowledge::publication::Publication,
    policy::Grant,
};
use tertulia_persistence::{
    Writer,
    directory::{country, election, instrument, organisation, platform, reporting_programme},
    knowledge::publication,
};

use super::{
    instruments,
    keys::Fielded,
    organisations, others, places,
    plan::{Loaded, Plan, plan},
    rows::{Read, Stored},
};
use crate::{Ctx, UnitOfWork, directory::election::check_channels_before};

type PlanOf<E> = Plan<<E as Fielded>::Kind, <E as Fielded>::Fields>;

/// What is to be written.
pub(super) struct Plans {
    regions: (Vec<Region>, Loaded),
    countries: (Vec<Country>, Loaded),
    organisations: PlanOf<Organisation>,
    bodies: PlanOf<Organisation>,
    services: PlanOf<PlatformService>,
    elections: PlanOf<Election>,
    programmes: PlanOf<ReportingProgramme>,
    instruments: PlanOf<Instrument>,
    publications: PlanOf<Publication>,
}

impl Plans {
    /// What differs from what is stored; what people edited only if it is to be overwritten.
    pub(super) fn of(read: Read, stored: &Stored, overwrite: bool, ctx: &Ctx) -> Self {
        let now = ctx.now;
        Self {
            regions: places_plan(places::REGIONS, &stored.regions, read.regions, |region| region.code),
            countries: places_plan(places::COUNTRIES, &stored.countries, read.countries, |country| country.code),
            organisations: plan(organisations::ORGANISATIONS, &stored.organisations, read.organisations, overwrite, now),
            bodies: plan(organisations::BODIES, &stored.organisations, read.bodies, overwrite, now),
            services: plan(others::SERVICES, &stored.services, read.services, overwrite, now),
            elections: plan(others::ELECTIONS, &stored.elections, read.elections, overwrite, now),
            programmes: plan(others::PROGRAMMES, &stored.programmes, read.programmes, overwrite, now),
            instruments: plan(instruments::INSTRUMENTS, &stored.instruments, read.instruments, overwrite, now),
            publications: plan(others::PUBLICATIONS, &stored.publications, read.publications, overwrite, now),
        }
    }

    /// One line for each file that was there.
    pub(super) fn report(&self, found: &[&str]) -> Vec<Loaded> {
        let all = [
            &self.regions.1,
            &self.countries.1,
            &self.organisations.loaded,
            &self.bodies.loaded,
            &self.services.loaded,
            &self.elections.loaded,
            &self.programmes.loaded,
            &self.instruments.loaded,
            &self.publications.loaded,
        ];
        all.into_iter().filter(|loaded| found.contains(&loaded.file)).cloned().collect()
    }

    pub(super) async fn write(&self, uow: &UnitOfWork<'_>, grant: &Grant) -> Result<()> {
        let writer: &Writer = uow.writer();
        country::put_regions(writer, &self.regions.0).await?;
        country::put(writer, &self.countries.0).await?;
        let both: Vec<Organisation> = self.organisations.writes.iter().chain(&self.bodies.writes).cloned().collect();
        organisation::put(writer, &both).await?;
        platform::put(writer, &self.services.writes).await?;
        election::put(writer, &self.elections.writes).await?;
        check_channels_before(writer, &self.elections.writes).await?;
        reporting_programme::put(writer, &self.programmes.writes).await?;
        instrument::put(writer, &self.instruments.writes).await?;
        publication::put(writer, &self.publications.writes).await?;
        keep(uow, grant, &self.organisations.replaced)?;
        keep(uow, grant, &self.bodies.replaced)?;
        keep(uow, grant, &self.services.replaced)?;
        keep(uow, grant, &self.elections.replaced)?;
        keep(uow, grant, &self.programmes.replaced)?;
        keep(uow, grant, &self.instruments.replaced)?;
        keep(uow, grant, &self.publications.replaced)
    }
}

fn keep<K: Kind, F: Serialize + Sync>(uow: &UnitOfWork<'_>, grant: &Grant, replaced: &[Entry<K, F>]) -> Result<(), Error> {
    for entry in replaced {
        uow.replace(grant, entry.id.any(), entry.version, &entry.fields)?;
    }
    Ok(())
}

/// Countries and regions, which nobody edits one by one: what differs is written.
fn places_plan<T: PartialEq, C: Eq + std::hash::Hash>(
    file: &'static str,
    stored: &[T],
    rows: Vec<T>,
    code: impl Fn(&T) -> C,
) -> (Vec<T>, Loaded) {
    let stored: HashMap<C, &T> = stored.iter().map(|place| (code(place), place)).collect();
    let mut loaded = Loaded { file, ..Loaded::default() };
    let mut writes = Vec::new();
    for row in rows {
        match stored.get(&code(&row)) {
            Some(place) if **place == row => loaded.unchanged += 1,
            Some(_) => {
                loaded.changed += 1;
                writes.push(row);
            }
            None => {
                loaded.new += 1;
                writes.push(row);
            }
        }
    }
    (writes, loaded)
}
