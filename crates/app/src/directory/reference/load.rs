//! From files to the database, in one transaction.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use tertulia_domain::{
    Error, Reason, Result,
    directory::{
        country::{Country, M49, Region},
        election::Election,
        entry::Entry,
        organisation::{Organisation, OrganisationKind},
        platform::PlatformService,
        reporting_programme::ReportingProgramme,
    },
    id::{EventId, Kind},
    knowledge::publication::Publication,
    policy::{Act, DirectorySight, Grant, Scope},
    record::event::{Event, Topic},
    text::CountryCode,
};
use tertulia_persistence::{
    Session, Writer,
    directory::{country, election, organisation, platform, reporting_programme},
    knowledge::publication,
};

use super::{
    File, fictional,
    keys::{Keys, Parsed},
    organisations, others, places,
    plan::{Loaded, Plan, plan},
    sheet::{self, Problems, Row},
    shipped,
};
use crate::{App, Ctx, UnitOfWork};

/// What a loading did, file by file.
pub type Report = Vec<Loaded>;

/// Loads the files that ship with the program if the directory has no country yet. Answers nothing if it has.
pub async fn load_new(app: &App, ctx: &Ctx) -> Result<Option<Report>> {
    ctx.may(Act::DirectoryImport)?;
    if !country::is_empty(&app.reader(ctx)).await? {
        return Ok(None);
    }
    import(app, ctx, &shipped(), false).await.map(Some)
}

/// Loads the fictional countries, bodies, platforms, services and elections of the demo, each of which says that it is
/// fictional. Loading them again changes nothing.
pub async fn load_fictional(app: &App, ctx: &Ctx) -> Result<Report> {
    import(app, ctx, &fictional(), false).await
}

/// Loads files of the form that [`super::export`] writes; any subset of them. With `overwrite`, what people edited is
/// replaced too. What is replaced stays in the history of each entry.
///
/// # Errors
/// `INVALID_INPUT` with every fault of all files, each with file, line and column; then nothing was loaded.
pub async fn import(app: &App, ctx: &Ctx, files: &[File], overwrite: bool) -> Result<Report> {
    let grant = ctx.allow(Act::DirectoryImport, &Scope::default())?;
    let mut problems = Problems::default();
    let rows = Rows::read(files, &mut problems);
    let uow = app.begin(ctx).await?;
    let stored = Stored::read(uow.writer()).await?;
    let read = rows.understand(&stored, app, &mut problems);
    problems.finish()?;
    let plans = read.plan(&stored, overwrite, ctx);
    let report = plans.report(&rows);
    if report.iter().all(|loaded| loaded.new + loaded.changed == 0) {
        return Ok(report);
    }
    plans.write(&uow, &grant).await?;
    let id: EventId = app.ids.new_id();
    uow.commit(grant, [Event::new(Topic::DirectoryImported, id.any())]).await?;
    Ok(report)
}

/// The rows of each file.
#[derive(Default)]
struct Rows {
    regions: Vec<Row>,
    countries: Vec<Row>,
    organisations: Vec<Row>,
    bodies: Vec<Row>,
    services: Vec<Row>,
    elections: Vec<Row>,
    programmes: Vec<Row>,
    publications: Vec<Row>,
    found: Vec<&'static str>,
}

impl Rows {
    fn read(files: &[File], problems: &mut Problems) -> Self {
        let mut rows = Self::default();
        for file in files {
            let Some((name, columns, place)) = rows.place(&file.name) else {
                problems.add(Reason::NotAnOption, &file.name, 0, "", "This is none of the files that the directory has.");
                continue;
            };
            *place = sheet::read(name, columns, &file.bytes, problems);
            rows.found.push(name);
        }
        if files.is_empty() {
            problems.add(Reason::Required, "the folder", 0, "", "There is none of the directory's files in it.");
        }
        rows
    }

    fn place(&mut self, name: &str) -> Option<(&'static str, &'static [&'static str], &mut Vec<Row>)> {
        Some(match name {
            places::REGIONS => (places::REGIONS, places::REGION_COLUMNS, &mut self.regions),
            places::COUNTRIES => (places::COUNTRIES, places::COUNTRY_COLUMNS, &mut self.countries),
            organisations::ORGANISATIONS => (organisations::ORGANISATIONS, organisations::ORGANISATION_COLUMNS, &mut self.organisations),
            organisations::BODIES => (organisations::BODIES, organisations::BODY_COLUMNS, &mut self.bodies),
            others::SERVICES => (others::SERVICES, others::SERVICE_COLUMNS, &mut self.services),
            others::ELECTIONS => (others::ELECTIONS, others::ELECTION_COLUMNS, &mut self.elections),
            others::PROGRAMMES => (others::PROGRAMMES, others::PROGRAMME_COLUMNS, &mut self.programmes),
            others::PUBLICATIONS => (others::PUBLICATIONS, others::PUBLICATION_COLUMNS, &mut self.publications),
            _ => return None,
        })
    }

    /// The entries that the rows mean, each fault noted.
    fn understand(&self, stored: &Stored, app: &App, problems: &mut Problems) -> Read {
        let regions: Vec<Region> = self.regions.iter().filter_map(|row| places::region(row, problems)).collect();
        let countries: Vec<Country> = self.countries.iter().filter_map(|row| places::country(row, problems)).collect();
        self.check_places(stored, &regions, &countries, problems);
        let mut keys = Keys::of(&stored.organisations);
        keys.enter(&self.organisations, app.ids, problems);
        keys.enter(&self.bodies, app.ids, problems);
        let organisations = parsed(&self.organisations, &keys, problems, |row, problems| organisations::organisation(row, &keys, problems));
        let bodies = parsed(&self.bodies, &keys, problems, organisations::body);
        let services = entries(&self.services, &stored.services, app, problems, |row, problems| others::service(row, &keys, problems));
        let elections = entries(&self.elections, &stored.elections, app, problems, |row, problems| others::election(row, &keys, problems));
        let programmes =
            entries(&self.programmes, &stored.programmes, app, problems, |row, problems| others::programme(row, &keys, problems));
        let publications =
            entries(&self.publications, &stored.publications, app, problems, |row, problems| others::publication(row, &keys, problems));
        let read = Read { regions, countries, organisations, bodies, services, elections, programmes, publications };
        self.check_kinds(&read, stored, problems);
        read
    }

    /// Refuses regions and countries that neither the files nor the database have.
    fn check_places(&self, stored: &Stored, regions: &[Region], countries: &[Country], problems: &mut Problems) {
        let known: HashSet<M49> = stored.regions.iter().chain(regions).map(|region| region.code).collect();
        for (rows, column) in [(&self.regions, "parent"), (&self.countries, "region")] {
            for row in rows {
                let code = row.text(column).and_then(|code| M49::parse(&code).ok());
                if code.is_some_and(|code| !known.contains(&code)) {
                    row.fault(problems, Reason::UnknownId, column, "There is no region with this code.");
                }
            }
        }
        let known: HashSet<CountryCode> = stored.countries.iter().chain(countries).map(|country| country.code).collect();
        for (rows, column) in [
            (&self.organisations, "country"),
            (&self.bodies, "country"),
            (&self.elections, "country"),
            (&self.services, "countries_offered"),
        ] {
            for row in rows {
                let codes = row.codes(column);
                if codes.iter().filter_map(|code| CountryCode::parse(code).ok()).any(|code| !known.contains(&code)) {
                    row.fault(problems, Reason::UnknownId, column, "There is no country with this code.");
                }
            }
        }
    }

    /// Refuses services of what is no platform, and elections run by what is no electoral body.
    fn check_kinds(&self, read: &Read, stored: &Stored, problems: &mut Problems) {
        let files = read.organisations.iter().chain(&read.bodies).map(|row| (row.id, row.fields.kind));
        let kinds: HashMap<_, _> = stored.organisations.iter().map(|entry| (entry.id, entry.kind)).chain(files).collect();
        let is = |id, kind| kinds.get(id) == Some(&kind);
        for (row, service) in by_key(&self.services, &read.services) {
            if !is(&service.fields.platform, OrganisationKind::PlatformCompany) {
                row.fault(problems, Reason::WrongKind, "platform", "This organisation is no platform company.");
            }
        }
        for (row, election) in by_key(&self.elections, &read.elections) {
            if !election.fields.responsible_bodies.iter().all(|body| is(body, OrganisationKind::ElectoralBody)) {
                row.fault(problems, Reason::WrongKind, "responsible_bodies", "One of these organisations is no electoral body.");
            }
        }
    }
}

/// Each row with what it was read as.
fn by_key<'a, K: Kind, F>(rows: &'a [Row], read: &'a [Parsed<K, F>]) -> impl Iterator<Item = (&'a Row, &'a Parsed<K, F>)> {
    let read: HashMap<String, &Parsed<K, F>> =
        read.iter().map(|parsed| (parsed.key.clone().unwrap_or_else(|| parsed.id.to_string()), parsed)).collect();
    rows.iter().filter_map(move |row| row.text("key").and_then(|key| read.get(&key).map(|parsed| (row, *parsed))))
}

fn parsed<K: Kind, F>(
    rows: &[Row],
    keys: &Keys<K>,
    problems: &mut Problems,
    mut read: impl FnMut(&Row, &mut Problems) -> Option<F>,
) -> Vec<Parsed<K, F>> {
    rows.iter()
        .filter_map(|row| {
            let fields = read(row, problems);
            keys.parsed(row, fields, problems)
        })
        .collect()
}

fn entries<K: Kind, F>(
    rows: &[Row],
    stored: &[Entry<K, F>],
    app: &App,
    problems: &mut Problems,
    read: impl FnMut(&Row, &mut Problems) -> Option<F>,
) -> Vec<Parsed<K, F>> {
    let mut keys = Keys::of(stored);
    keys.enter(rows, app.ids, problems);
    parsed(rows, &keys, problems, read)
}

/// What the database has.
struct Stored {
    regions: Vec<Region>,
    countries: Vec<Country>,
    organisations: Vec<Organisation>,
    services: Vec<PlatformService>,
    elections: Vec<Election>,
    programmes: Vec<ReportingProgramme>,
    publications: Vec<Publication>,
}

impl Stored {
    async fn read(session: &dyn Session) -> Result<Self> {
        let everything = DirectorySight::of(&tertulia_domain::policy::Actor::System);
        Ok(Self {
            regions: country::regions(session).await?,
            countries: country::all(session).await?,
            organisations: organisation::all(session).await?,
            services: platform::all(session).await?,
            elections: election::all(session).await?,
            programmes: reporting_programme::all(session).await?,
            publications: publication::all(session, &everything).await?,
        })
    }
}

type ParsedOf<E> = Vec<Parsed<<E as Fielded>::Kind, <E as Fielded>::Fields>>;
type PlanOf<E> = Plan<<E as Fielded>::Kind, <E as Fielded>::Fields>;

/// Names the two parameters of an [`Entry`].
trait Fielded {
    type Kind: Kind;
    type Fields;
}
impl<K: Kind, F> Fielded for Entry<K, F> {
    type Kind = K;
    type Fields = F;
}

/// What the files say.
struct Read {
    regions: Vec<Region>,
    countries: Vec<Country>,
    organisations: ParsedOf<Organisation>,
    bodies: ParsedOf<Organisation>,
    services: ParsedOf<PlatformService>,
    elections: ParsedOf<Election>,
    programmes: ParsedOf<ReportingProgramme>,
    publications: ParsedOf<Publication>,
}

impl Read {
    fn plan(self, stored: &Stored, overwrite: bool, ctx: &Ctx) -> Plans {
        let now = ctx.now;
        Plans {
            regions: places_plan(places::REGIONS, &stored.regions, self.regions, |region| region.code),
            countries: places_plan(places::COUNTRIES, &stored.countries, self.countries, |country| country.code),
            organisations: plan(organisations::ORGANISATIONS, &stored.organisations, self.organisations, overwrite, now),
            bodies: plan(organisations::BODIES, &stored.organisations, self.bodies, overwrite, now),
            services: plan(others::SERVICES, &stored.services, self.services, overwrite, now),
            elections: plan(others::ELECTIONS, &stored.elections, self.elections, overwrite, now),
            programmes: plan(others::PROGRAMMES, &stored.programmes, self.programmes, overwrite, now),
            publications: plan(others::PUBLICATIONS, &stored.publications, self.publications, overwrite, now),
        }
    }
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

/// What is to be written.
struct Plans {
    regions: (Vec<Region>, Loaded),
    countries: (Vec<Country>, Loaded),
    organisations: PlanOf<Organisation>,
    bodies: PlanOf<Organisation>,
    services: PlanOf<PlatformService>,
    elections: PlanOf<Election>,
    programmes: PlanOf<ReportingProgramme>,
    publications: PlanOf<Publication>,
}

impl Plans {
    /// One line for each file that was there.
    fn report(&self, rows: &Rows) -> Report {
        let all = [
            &self.regions.1,
            &self.countries.1,
            &self.organisations.loaded,
            &self.bodies.loaded,
            &self.services.loaded,
            &self.elections.loaded,
            &self.programmes.loaded,
            &self.publications.loaded,
        ];
        all.into_iter().filter(|loaded| rows.found.contains(&loaded.file)).cloned().collect()
    }

    async fn write(&self, uow: &UnitOfWork<'_>, grant: &Grant) -> Result<()> {
        let writer: &Writer = uow.writer();
        country::put_regions(writer, &self.regions.0).await?;
        country::put(writer, &self.countries.0).await?;
        let both: Vec<Organisation> = self.organisations.writes.iter().chain(&self.bodies.writes).cloned().collect();
        organisation::put(writer, &both).await?;
        platform::put(writer, &self.services.writes).await?;
        election::put(writer, &self.elections.writes).await?;
        reporting_programme::put(writer, &self.programmes.writes).await?;
        publication::put(writer, &self.publications.writes).await?;
        keep(uow, grant, &self.organisations.replaced).await?;
        keep(uow, grant, &self.bodies.replaced).await?;
        keep(uow, grant, &self.services.replaced).await?;
        keep(uow, grant, &self.elections.replaced).await?;
        keep(uow, grant, &self.programmes.replaced).await?;
        keep(uow, grant, &self.publications.replaced).await
    }
}

async fn keep<K: Kind, F: Serialize + Sync>(uow: &UnitOfWork<'_>, grant: &Grant, replaced: &[Entry<K, F>]) -> Result<(), Error> {
    for entry in replaced {
        uow.replace(grant, entry.id.any(), entry.version, &entry.fields).await?;
    }
    Ok(())
}
