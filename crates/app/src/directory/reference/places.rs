//! `regions.csv` and `countries.csv`.

use tertulia_domain::{
    Faults, Reason, Result,
    directory::{
        country::{CodeStatus, Country, CountryDraft, CountryGroup, IncomeGroup, M49, Region, RegionLevel},
        entry::{optional, raw_texts, texts},
    },
    text::{LanguageTag, SHORT},
};

use super::{
    row::{Row, join_codes, join_texts},
    sheet::Problems,
};

pub(super) const REGIONS: &str = "regions.csv";
pub(super) const REGION_COLUMNS: &[&str] = &["code", "level", "parent", "names"];
pub(super) const COUNTRIES: &str = "countries.csv";
pub(super) const COUNTRY_COLUMNS: &[&str] = &[
    "code",
    "alpha3",
    "numeric",
    "code_status",
    "names",
    "un_names",
    "formal_name",
    "region",
    "sovereignty",
    "groups",
    "income",
    "languages",
    "time_zones",
    "capital",
    "currencies",
    "wikidata",
];

pub(super) fn region(row: &Row, problems: &mut Problems) -> Option<Region> {
    let level = row.member("level", RegionLevel::ALL, RegionLevel::parse, problems);
    let names = row.texts("names", problems);
    let checked = check_region(row, level, &names);
    row.checked(checked, problems)
}

fn check_region(row: &Row, level: Option<RegionLevel>, names: &[(String, String)]) -> Result<Region> {
    let mut faults = Faults::default();
    let code = faults.check("code", M49::parse(&row.text("code").unwrap_or_default()));
    let parent = optional(&mut faults, "parent", row.text("parent").as_deref(), M49::parse);
    let names = texts(&mut faults, "names", &names.to_vec(), SHORT);
    if level.is_none() && row.text("level").is_none() {
        faults.add(Reason::Required, "level", "The level is needed.");
    }
    let value = match (code, level, names) {
        (Some(code), Some(level), Some(names)) => Some(Region { code, level, parent, names }),
        _ => None,
    };
    if value.is_none() && faults.is_empty() {
        faults.add(Reason::Malformed, "level", "The row cannot be read without its level.");
    }
    faults.finish_with(value)
}

pub(super) fn region_cells(region: &Region) -> Vec<String> {
    vec![
        region.code.to_string(),
        region.level.to_string(),
        region.parent.map(|parent| parent.to_string()).unwrap_or_default(),
        join_texts(&raw_texts(&region.names)),
    ]
}

pub(super) fn country(row: &Row, problems: &mut Problems) -> Option<Country> {
    let draft = CountryDraft {
        code: row.text("code").unwrap_or_default(),
        alpha3: row.text("alpha3").unwrap_or_default(),
        numeric: row.text("numeric"),
        code_status: row.member("code_status", CodeStatus::ALL, CodeStatus::parse, problems),
        names: row.texts("names", problems),
        un_names: row.texts("un_names", problems),
        formal_name: row.text("formal_name"),
        region: row.text("region"),
        sovereignty: row.text("sovereignty"),
        groups: row.members("groups", CountryGroup::ALL, CountryGroup::parse, problems),
        income: row.member("income", IncomeGroup::ALL, IncomeGroup::parse, problems),
        languages: row.codes("languages"),
        time_zones: row.codes("time_zones"),
        capital: row.text("capital"),
        currencies: row.codes("currencies"),
        wikidata: row.text("wikidata"),
    };
    row.checked(draft.check(), problems)
}

pub(super) fn country_cells(country: &Country) -> Vec<String> {
    let region = country.region.map(|code| code.to_string());
    vec![
        country.code.to_string(),
        country.alpha3.clone(),
        country.numeric.map(|code| code.to_string()).unwrap_or_default(),
        country.code_status.to_string(),
        join_texts(&raw_texts(&country.names)),
        join_texts(&raw_texts(&country.un_names)),
        country.formal_name.clone().unwrap_or_default(),
        region.unwrap_or_default(),
        country.sovereignty.clone().unwrap_or_default(),
        join_codes(&country.groups),
        country.income.map(|income| income.to_string()).unwrap_or_default(),
        join_codes(country.languages.iter().map(LanguageTag::as_str)),
        join_codes(&country.time_zones),
        country.capital.clone().unwrap_or_default(),
        join_codes(&country.currencies),
        country.wikidata.clone().unwrap_or_default(),
    ]
}
