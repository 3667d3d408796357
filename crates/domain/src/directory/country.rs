//! Countries and territories, and the regions they lie in.

use serde::{Deserialize, Serialize};

use super::entry::{RawTexts, list, optional, optional_texts, texts};
use crate::{
    error::{Error, Faults, Reason, Result, closed},
    id::CountryId,
    text::{CountryCode, LanguageTag, LocalizedText, SHORT, line},
};

closed! {
    /// How large a region is in the United Nations' M49.
    RegionLevel {
        /// A continent, as M49 counts them.
        Region = "REGION",
        /// A part of a continent.
        SubRegion = "SUB_REGION",
        /// A part of a sub-region.
        IntermediateRegion = "INTERMEDIATE_REGION",
    }
}

closed! {
    /// A published list that a country stands on.
    CountryGroup {
        /// Least developed countries (United Nations).
        Ldc = "LDC",
        /// Landlocked developing countries (United Nations).
        Lldc = "LLDC",
        /// Small island developing states (United Nations).
        Sids = "SIDS",
        /// Countries with a humanitarian response plan (OCHA).
        Hrp = "HRP",
        /// Countries in the Global Humanitarian Overview (OCHA).
        Gho = "GHO",
    }
}

closed! {
    /// The World Bank's group of a country by income.
    IncomeGroup {
        /// Low income.
        Low = "LOW",
        /// Lower middle income.
        LowerMiddle = "LOWER_MIDDLE",
        /// Upper middle income.
        UpperMiddle = "UPPER_MIDDLE",
        /// High income.
        High = "HIGH",
    }
}

closed! {
    /// Where a country's code comes from.
    CodeStatus {
        /// ISO 3166-1 assigns it.
        Official = "OFFICIAL",
        /// A user-assigned code of ISO 3166-1 in general use (XK).
        UserAssigned = "USER_ASSIGNED",
    }
}

/// The three digits of a region or country in the United Nations' M49.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct M49([u8; 3]);

impl M49 {
    /// Reads three digits.
    pub fn parse(raw: &str) -> Result<Self> {
        match raw.trim().as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|digit| digit.is_ascii_digit()) => Ok(Self([*a, *b, *c])),
            _ => Err(Error::invalid(Reason::Malformed, "", "A region's code is three digits, as the United Nations' M49 has them.")),
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("000")
    }
}

impl std::fmt::Display for M49 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
impl Serialize for M49 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
impl<'de> Deserialize<'de> for M49 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl CountryId {
    /// The id of the country with this code: its two letters, so that it is the same in every database.
    pub fn of(code: CountryCode) -> Self {
        let letters = code.as_str().bytes().fold(0, |letters, letter| letters << 8 | u128::from(letter));
        Self::new(uuid::Uuid::from_u128(letters))
    }

    /// The code that the id is made of; `None` for an id that no country can have.
    pub fn code(self) -> Option<CountryCode> {
        let [.., first, second] = self.uuid().into_bytes();
        let code = CountryCode::parse(std::str::from_utf8(&[first, second]).ok()?).ok()?;
        (Self::of(code) == self).then_some(code)
    }
}

/// A region of the M49.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Its code.
    pub code: M49,
    /// How large it is.
    pub level: RegionLevel,
    /// The region around it.
    pub parent: Option<M49>,
    /// Its names.
    pub names: LocalizedText,
}

/// A country or territory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: CountryCode,
    /// ISO 3166-1 alpha-3.
    pub alpha3: String,
    /// ISO 3166-1 numeric, three digits; XK has none.
    pub numeric: Option<M49>,
    /// Where the code comes from.
    pub code_status: CodeStatus,
    /// The common names (Unicode CLDR).
    pub names: LocalizedText,
    /// The United Nations' names where they differ from the common ones.
    pub un_names: LocalizedText,
    /// The formal name in English.
    pub formal_name: Option<String>,
    /// The smallest M49 region it lies in; Antarctica lies in none.
    pub region: Option<M49>,
    /// `Yes`, or whose territory it is, as the source words it.
    pub sovereignty: Option<String>,
    /// Published lists that it stands on.
    pub groups: Vec<CountryGroup>,
    /// The World Bank's income group.
    pub income: Option<IncomeGroup>,
    /// Official languages, the most spoken first.
    pub languages: Vec<LanguageTag>,
    /// Its zones of the IANA time zone database.
    pub time_zones: Vec<String>,
    /// Its capital, in English.
    pub capital: Option<String>,
    /// ISO 4217 codes of its currencies.
    pub currencies: Vec<String>,
    /// Its item in Wikidata.
    pub wikidata: Option<String>,
}

impl Country {
    /// Every name and code, folded, for search.
    pub fn search_text(&self) -> String {
        let codes = format!("{} {}", self.code, self.alpha3);
        [self.names.folded(), self.un_names.folded(), self.formal_name.as_deref().map(crate::text::fold).unwrap_or_default()]
            .into_iter()
            .chain([crate::text::fold(&codes)])
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// A country as a file has it.
#[derive(Clone, Debug, Default)]
pub struct CountryDraft {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// ISO 3166-1 alpha-3.
    pub alpha3: String,
    /// ISO 3166-1 numeric.
    pub numeric: Option<String>,
    /// Where the code comes from.
    pub code_status: Option<CodeStatus>,
    /// The common names.
    pub names: RawTexts,
    /// The United Nations' names where they differ.
    pub un_names: RawTexts,
    /// The formal name in English.
    pub formal_name: Option<String>,
    /// The smallest M49 region it lies in.
    pub region: Option<String>,
    /// Sovereignty in the source's words.
    pub sovereignty: Option<String>,
    /// Published lists that it stands on.
    pub groups: Vec<CountryGroup>,
    /// The World Bank's income group.
    pub income: Option<IncomeGroup>,
    /// Official languages.
    pub languages: Vec<String>,
    /// IANA zones.
    pub time_zones: Vec<String>,
    /// Its capital, in English.
    pub capital: Option<String>,
    /// ISO 4217 codes.
    pub currencies: Vec<String>,
    /// Its item in Wikidata.
    pub wikidata: Option<String>,
}

impl CountryDraft {
    /// Checks every value and reports all faults at once.
    pub fn check(&self) -> Result<Country> {
        let mut faults = Faults::default();
        let code = faults.check("code", CountryCode::parse(&self.code));
        let alpha3 = faults.check("alpha3", letters(&self.alpha3, 3));
        let names = texts(&mut faults, "names", &self.names, SHORT);
        if self.code_status.is_none() {
            faults.add(Reason::Required, "codeStatus", "Where the code comes from is needed.");
        }
        let numeric = optional(&mut faults, "numeric", self.numeric.as_deref(), M49::parse);
        let un_names = optional_texts(&mut faults, "unNames", &self.un_names, SHORT);
        let formal_name = optional(&mut faults, "formalName", self.formal_name.as_deref(), |raw| line(raw, SHORT));
        let region = optional(&mut faults, "region", self.region.as_deref(), M49::parse);
        let sovereignty = optional(&mut faults, "sovereignty", self.sovereignty.as_deref(), |raw| line(raw, SHORT));
        let languages = list(&mut faults, "languages", &self.languages, 60, LanguageTag::parse);
        let time_zones = list(&mut faults, "timeZones", &self.time_zones, 60, |raw| Ok(crate::time::zone(raw)?.name().to_owned()));
        let capital = optional(&mut faults, "capital", self.capital.as_deref(), |raw| line(raw, SHORT));
        let currencies = list(&mut faults, "currencies", &self.currencies, 10, |raw| letters(raw, 3));
        let wikidata = optional(&mut faults, "wikidata", self.wikidata.as_deref(), |raw| line(raw, 20));
        let value = match (code, alpha3, names, self.code_status) {
            (Some(code), Some(alpha3), Some(names), Some(code_status)) => Some(Country {
                code,
                alpha3,
                numeric,
                code_status,
                names,
                un_names,
                formal_name,
                region,
                sovereignty,
                groups: self.groups.clone(),
                income: self.income,
                languages,
                time_zones,
                capital,
                currencies,
                wikidata,
            }),
            _ => None,
        };
        faults.finish_with(value)
    }
}

fn letters(raw: &str, count: usize) -> Result<String> {
    let raw = raw.trim();
    if raw.len() == count && raw.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(raw.to_owned())
    } else {
        Err(Error::invalid(Reason::Malformed, "", format!("{count} capital letters, A to Z.")))
    }
}

/// What a list of countries is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct CountryFilter {
    /// Words found in any of its names or codes.
    pub search: Option<crate::text::SearchTerm>,
    /// Countries within this region, at any depth.
    pub region: Option<M49>,
    /// Countries on any of these lists.
    pub groups: Vec<CountryGroup>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_code_and_nothing_else_does() {
        let code = CountryCode::parse("PE").expect("a code");
        let id = CountryId::of(code);
        assert_eq!((id.to_string().as_str(), id.code()), ("country_00000000000000000000000m25", Some(code)));
        for other in [0, 0x7065, 0x0001_5045, 0xc3a9] {
            assert_eq!(CountryId::new(uuid::Uuid::from_u128(other)).code(), None, "{other:x}");
        }
    }
}
