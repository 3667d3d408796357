//! What the files say, all kinds together: each row read, and what it refers to looked up among the files and the database.

use std::collections::{HashMap, HashSet};

use tertulia_domain::{
    Reason, Result,
    directory::{
        country::{Country, M49, Region},
        election::Election,
        entry::Entry,
        instrument::Instrument,
        organisation::{Organisation, OrganisationKind},
        platform::PlatformService,
        reporting_programme::ReportingProgramme,
    },
    id::Kind,
    knowledge::publication::Publication,
    policy::{Actor, DirectorySight},
    text::CountryCode,
};
use tertulia_persistence::{
    Session,
    directory::{country, election, instrument, organisation, platform, reporting_programme},
    knowledge::publication,
};

use super::{
    File, instruments,
    keys::{Keys, Parsed, ParsedOf},
    organisations, others, places,
    row::Row,
    sheet::{self, Problems},
};
use crate::App;

/// What the database has.
pub(super) struct Stored {
    pub(super) regions: Vec<Region>,
    pub(super) countries: Vec<Country>,
    pub(super) organisations: Vec<Organisation>,
    pub(super) services: Vec<PlatformService>,
    pub(super) elections: Vec<Election>,
    pub(super) programmes: Vec<ReportingProgramme>,
    pub(super) instruments: Vec<Instrument>,
    pub(super) publications: Vec<Publication>,
}

impl Stored {
    pub(super) async fn read(session: &dyn Session) -> Result<Self> {
        let everything = DirectorySight::of(&Actor::System);
        Ok(Self {
            regions: country::regions(session).await?,
            countries: country::all(session).await?,
            organisations: organisation::all(session).await?,
            services: platform::all(session).await?,
            elections: election::all(session).await?,
            programmes: reporting_programme::all(session).await?,
            instruments: instrument::all(session).await?,
            publications: publication::all(session, &everything).await?,
        })
    }
}

/// The rows of each file.
#[derive(Default)]
pub(super) struct Rows {
    regions: Vec<Row>,
    countries: Vec<Row>,
    organisations: Vec<Row>,
    bodies: Vec<Row>,
    services: Vec<Row>,
    elections: Vec<Row>,
    programmes: Vec<Row>,
    instruments: Vec<Row>,
    publications: Vec<Row>,
    pub(super) found: Vec<&'static str>,
}

impl Rows {
    pub(super) fn read(files: &[File], problems: &mut Problems) -> Self {
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
            instruments::INSTRUMENTS => (instruments::INSTRUMENTS, instruments::INSTRUMENT_COLUMNS, &mut self.instruments),
            others::PUBLICATIONS => (others::PUBLICATIONS, others::PUBLICATION_COLUMNS, &mut self.publications),
            _ => return None,
        })
    }

    /// The entries that the rows mean, each fault noted.
    pub(super) fn understand(&self, stored: &Stored, app: &App, problems: &mut Problems) -> Read {
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
        let instruments =
            entries(&self.instruments, &stored.instruments, app, problems, |row, problems| instruments::instrument(row, &keys, problems));
        let publications =
            entries(&self.publications, &stored.publications, app, problems, |row, problems| others::publication(row, &keys, problems));
        let read = Read { regions, countries, organisations, bodies, services, elections, programmes, instruments, publications };
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
            (&self.instruments, "countries"),
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

/// What the files say.
pub(super) struct Read {
    pub(super) regions: Vec<Region>,
    pub(super) countries: Vec<Country>,
    pub(super) organisations: ParsedOf<Organisation>,
    pub(super) bodies: ParsedOf<Organisation>,
    pub(super) services: ParsedOf<PlatformService>,
    pub(super) elections: ParsedOf<Election>,
    pub(super) programmes: ParsedOf<ReportingProgramme>,
    pub(super) instruments: ParsedOf<Instrument>,
    pub(super) publications: ParsedOf<Publication>,
}
