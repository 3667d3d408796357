//! From the database to files of the form that loading reads.

use tertulia_domain::{
    Result,
    directory::organisation::OrganisationKind,
    policy::{Act, Scope},
};
use tertulia_persistence::{
    directory::{country, election, instrument, organisation, platform, reporting_programme},
    knowledge::publication,
};

use super::{
    File,
    instruments::{self, instrument_cells},
    keys::Spelled,
    organisations::{self, body_cells, organisation_cells},
    others::{self, election_cells, programme_cells, publication_cells, service_cells},
    places::{self, country_cells, region_cells},
    sheet::write,
};
use crate::{App, Ctx};

/// The whole directory as files, without channels and experts, which are no reference data, and without what a generator made or
/// waits for the coordinator.
pub async fn export(app: &App, ctx: &Ctx) -> Result<Vec<File>> {
    ctx.allow(Act::DirectoryImport, &Scope::default())?;
    let reader = app.reader(ctx);
    let entries = organisation::all(&reader).await?;
    let keys = Spelled::of(&entries);
    let (bodies, rest): (Vec<_>, Vec<_>) =
        entries.iter().filter(|entry| !entry.generated).partition(|entry| entry.kind == OrganisationKind::ElectoralBody);
    let regions = country::regions(&reader).await?;
    let countries = country::all(&reader).await?;
    let services = platform::all(&reader).await?;
    let elections = election::all(&reader).await?;
    let programmes = reporting_programme::all(&reader).await?;
    let instruments = instrument::all(&reader).await?;
    let publications = publication::all(&reader, &ctx.directory()).await?;
    Ok(vec![
        write(places::REGIONS, places::REGION_COLUMNS, regions.iter().map(region_cells))?,
        write(places::COUNTRIES, places::COUNTRY_COLUMNS, countries.iter().map(country_cells))?,
        write(
            organisations::ORGANISATIONS,
            organisations::ORGANISATION_COLUMNS,
            rest.into_iter().map(|entry| organisation_cells(entry, &keys)),
        )?,
        write(organisations::BODIES, organisations::BODY_COLUMNS, bodies.into_iter().map(body_cells))?,
        write(
            others::SERVICES,
            others::SERVICE_COLUMNS,
            services.iter().filter(|entry| !entry.generated).map(|entry| service_cells(entry, &keys)),
        )?,
        write(
            others::ELECTIONS,
            others::ELECTION_COLUMNS,
            elections.iter().filter(|entry| !entry.generated).map(|entry| election_cells(entry, &keys)),
        )?,
        write(others::PROGRAMMES, others::PROGRAMME_COLUMNS, programmes.iter().map(|entry| programme_cells(entry, &keys)))?,
        write(
            instruments::INSTRUMENTS,
            instruments::INSTRUMENT_COLUMNS,
            instruments.iter().filter(|entry| !entry.generated && entry.owner().is_none()).map(|entry| instrument_cells(entry, &keys)),
        )?,
        write(others::PUBLICATIONS, others::PUBLICATION_COLUMNS, publications.iter().map(|entry| publication_cells(entry, &keys)))?,
    ])
}
