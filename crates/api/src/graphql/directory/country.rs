//! Countries and regions.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use tertulia_app::directory::country;
use tertulia_domain::{
    Faults, Result,
    directory::country as words,
    directory::country::M49,
    id::CountryId,
    text::{CountryCode as Code, SearchTerm},
};

use super::{
    load::{self, RegionLine},
    words::{CodeStatus, CountryGroup, IncomeGroup, RegionLevel},
};
use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    scalar::{CountryCode, LanguageTag, TimeZone},
    text::{self, LocalizedText},
};

/// A region of the United Nations' M49.
pub struct Region(words::Region);

/// A region of the United Nations' M49: a continent, a part of one, or a part of that.
#[Object]
impl Region {
    /// Its three digits in the M49.
    async fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// Its name in your language.
    async fn name(&self, ctx: &Context<'_>, #[graphql(desc = "The language wanted.")] language: Option<LanguageTag>) -> Result<String> {
        text::best(ctx, &self.0.names, language.as_ref())
    }

    /// How large it is.
    async fn level(&self) -> RegionLevel {
        self.0.level.into()
    }

    /// The region around it; null for a continent.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Region>> {
        region(ctx, self.0.parent, |line| line.first().cloned()).await.transpose()
    }
}

/// A region near `code`: what `choose` takes from the line of regions from the smallest to the continent.
async fn region(ctx: &Context<'_>, code: Option<M49>, choose: impl FnOnce(&RegionLine) -> Option<words::Region>) -> Result<Option<Region>> {
    let Some(code) = code else { return Ok(None) };
    Ok(ctx.loaders().load_one(code).await?.as_ref().and_then(choose).map(Region))
}

/// The regions with these codes, in their order.
pub(super) async fn regions(ctx: &Context<'_>, codes: &[M49]) -> Result<Vec<Region>> {
    let found = ctx.loaders().load_many(codes.iter().copied()).await?;
    Ok(codes.iter().filter_map(|code| found.get(code)?.first().cloned().map(Region)).collect())
}

/// A country or territory.
pub struct Country(pub Arc<words::Country>);

impl From<words::Country> for Country {
    fn from(entry: words::Country) -> Self {
        Self(Arc::new(entry))
    }
}

/// A country or territory with a code of ISO 3166-1, or Kosovo (XK). Designations imply no opinion about the status of any territory.
#[Object]
impl Country {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        CountryId::of(self.0.code).to_string().into()
    }

    /// ISO 3166-1 alpha-2.
    async fn code(&self) -> CountryCode {
        CountryCode::from(self.0.code)
    }

    /// ISO 3166-1 alpha-3.
    async fn alpha3(&self) -> &str {
        &self.0.alpha3
    }

    /// ISO 3166-1 numeric, three digits; null for XK.
    async fn numeric(&self) -> Option<&str> {
        self.0.numeric.as_ref().map(M49::as_str)
    }

    /// Where the code comes from.
    async fn code_status(&self) -> CodeStatus {
        self.0.code_status.into()
    }

    /// The common name in your language (Unicode CLDR).
    async fn name(&self, ctx: &Context<'_>, #[graphql(desc = "The language wanted.")] language: Option<LanguageTag>) -> Result<String> {
        text::best(ctx, &self.0.names, language.as_ref())
    }

    /// The common names in every language that there is.
    async fn names(&self) -> Vec<LocalizedText> {
        text::all(&self.0.names)
    }

    /// The United Nations' names, where they differ from the common ones.
    async fn un_names(&self) -> Vec<LocalizedText> {
        text::all(&self.0.un_names)
    }

    /// The formal name in English.
    async fn formal_name(&self) -> Option<&str> {
        self.0.formal_name.as_deref()
    }

    /// The continent, as the M49 counts them; null for Antarctica.
    async fn region(&self, ctx: &Context<'_>) -> Option<Result<Region>> {
        region(ctx, self.0.region, |line| line.last().cloned()).await.transpose()
    }

    /// The smallest region of the M49 that it lies in; null for Antarctica.
    async fn sub_region(&self, ctx: &Context<'_>) -> Option<Result<Region>> {
        region(ctx, self.0.region, |line| line.first().cloned()).await.transpose()
    }

    /// `Yes`, or whose territory it is, as the source words it.
    async fn sovereignty(&self) -> Option<&str> {
        self.0.sovereignty.as_deref()
    }

    /// Published lists that it stands on.
    async fn groups(&self) -> Vec<CountryGroup> {
        self.0.groups.iter().map(|group| (*group).into()).collect()
    }

    /// The World Bank's income group; null where it has none.
    async fn income(&self) -> Option<IncomeGroup> {
        self.0.income.map(Into::into)
    }

    /// Official languages, the most spoken first.
    async fn languages(&self) -> Vec<LanguageTag> {
        self.0.languages.iter().map(|tag| LanguageTag::from(tag.as_str())).collect()
    }

    /// Its time zones.
    async fn time_zones(&self) -> Vec<TimeZone> {
        self.0.time_zones.iter().map(TimeZone::from).collect()
    }

    /// Its capital, in English.
    async fn capital(&self) -> Option<&str> {
        self.0.capital.as_deref()
    }

    /// ISO 4217 codes of its currencies.
    async fn currencies(&self) -> &[String] {
        &self.0.currencies
    }
}

/// What a list of countries is narrowed to; everything given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CountryFilter {
    /// Words found in any of its names, in any language, or in its codes; case and accents do not matter.
    search: Option<String>,
    /// Countries within this region of the M49 (three digits), at any depth.
    region: Option<String>,
    /// Countries on any of these lists.
    groups: Option<Vec<CountryGroup>>,
}

impl CountryFilter {
    fn read(self) -> Result<words::CountryFilter> {
        let mut faults = Faults::default();
        let filter = words::CountryFilter {
            search: self.search.and_then(|search| faults.check("filter.search", SearchTerm::parse(&search))),
            region: self.region.and_then(|region| faults.check("filter.region", M49::parse(&region))),
            groups: self.groups.unwrap_or_default().into_iter().map(Into::into).collect(),
        };
        faults.finish()?;
        Ok(filter)
    }
}

/// Queries about countries.
#[derive(Default)]
pub struct CountryQuery;

#[Object]
impl CountryQuery {
    /// A country by its code; null if there is none. Who: anyone.
    async fn country(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "ISO 3166-1 alpha-2, or XK.")] code: CountryCode,
    ) -> Option<Result<Country>> {
        let code = Code::parse(&code).map_err(|error| error.under("code"));
        async { load::country(ctx, Some(code?)).await }.await.transpose()
    }

    /// Countries and territories by English name. Who: anyone.
    #[expect(clippy::too_many_arguments, reason = "Relay's four and the filter")]
    async fn countries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<CountryFilter>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Country>>> {
        let list = async {
            let (filter, page) = (filter.unwrap_or_default().read()?, page(first, after.as_deref(), last, before.as_deref())?);
            let found = country::list(ctx.app(), ctx.caller(), &filter, &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(found.map(Country::from), move || {
                let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
                async move { country::count(&app, &caller, &filter).await }
            }))
        };
        Some(list.await)
    }
}
