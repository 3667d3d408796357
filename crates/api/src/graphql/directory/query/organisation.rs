//! Queries about organisations.

use async_graphql::{Context, ID, InputObject, Object};
use tertulia_app::directory::organisation;
use tertulia_domain::{
    Faults, Result,
    directory::{
        country::M49,
        electoral_body as bodies,
        organisation::{self as words, OrganisationKind as Kind},
    },
    text::{CountryCode as Code, SearchTerm},
};

use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    directory::{
        organisation::{ElectoralBody, Organisation, Platform, electoral_body, platform, shown},
        words::{ElectoralBodyOrder, ElectoralModel, OrganisationKind, OrganisationOrder, OrganisationStatus},
    },
    ids,
    scalar::CountryCode,
};

/// What a list of organisations is narrowed to; everything given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OrganisationFilter {
    /// Words found in any name, the abbreviation, or any name of the country, in any language; case and accents do not matter.
    search: Option<String>,
    /// Organisations of any of these kinds.
    kind: Option<Vec<OrganisationKind>>,
    /// Organisations of this country.
    country: Option<CountryCode>,
    /// Organisations with any of these states; if left out, all that are not DISSOLVED.
    status: Option<Vec<OrganisationStatus>>,
    /// Whether dissolved organisations are shown beside the others.
    include_historical: Option<bool>,
}

impl OrganisationFilter {
    fn read(self) -> Result<words::OrganisationFilter> {
        let mut faults = Faults::default();
        let filter = words::OrganisationFilter {
            search: self.search.and_then(|search| faults.check("filter.search", SearchTerm::parse(&search))),
            kinds: self.kind.unwrap_or_default().into_iter().map(Into::into).collect(),
            country: self.country.and_then(|code| faults.check("filter.country", Code::parse(&code))),
            statuses: self.status.unwrap_or_default().into_iter().map(Into::into).collect(),
            include_historical: self.include_historical.unwrap_or_default(),
        };
        faults.finish()?;
        Ok(filter)
    }
}

/// What a list of platform companies is narrowed to; everything given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PlatformFilter {
    /// Words found in any name, in any language; case and accents do not matter.
    search: Option<String>,
    /// Whether companies that are no more are shown beside the others.
    include_historical: Option<bool>,
}

impl PlatformFilter {
    fn read(self) -> Result<words::OrganisationFilter> {
        let filter = OrganisationFilter { search: self.search, include_historical: self.include_historical, ..Default::default() };
        Ok(words::OrganisationFilter { kinds: vec![Kind::PlatformCompany], ..filter.read()? })
    }
}

/// What a list of electoral bodies is narrowed to; everything given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ElectoralBodyFilter {
    /// Words found in any name, the abbreviation, or any name of the country, in any language; case and accents do not matter.
    search: Option<String>,
    /// Bodies of this country.
    country: Option<CountryCode>,
    /// Bodies of countries within this region of the M49 (three digits), at any depth.
    region: Option<String>,
    /// Bodies under any of these models.
    model: Option<Vec<ElectoralModel>>,
    /// Bodies with any of these states; if left out, all that are not DISSOLVED.
    status: Option<Vec<OrganisationStatus>>,
    /// Whether dissolved bodies are shown beside the others.
    include_historical: Option<bool>,
}

impl ElectoralBodyFilter {
    fn read(self) -> Result<bodies::ElectoralBodyFilter> {
        let mut faults = Faults::default();
        let filter = bodies::ElectoralBodyFilter {
            search: self.search.and_then(|search| faults.check("filter.search", SearchTerm::parse(&search))),
            country: self.country.and_then(|code| faults.check("filter.country", Code::parse(&code))),
            region: self.region.and_then(|region| faults.check("filter.region", M49::parse(&region))),
            models: self.model.unwrap_or_default().into_iter().map(Into::into).collect(),
            statuses: self.status.unwrap_or_default().into_iter().map(Into::into).collect(),
            include_historical: self.include_historical.unwrap_or_default(),
        };
        faults.finish()?;
        Ok(filter)
    }
}

/// Queries about organisations.
#[derive(Default)]
pub struct OrganisationQuery;

#[Object]
#[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
impl OrganisationQuery {
    /// Organisations of every kind. Who: anyone.
    async fn organisations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<OrganisationFilter>,
        #[graphql(desc = "The order; NAME if left out.")] order_by: Option<OrganisationOrder>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Organisation>>> {
        let list = async {
            let (filter, page) = (filter.unwrap_or_default().read()?, page(first, after.as_deref(), last, before.as_deref())?);
            let order = order_by.unwrap_or(OrganisationOrder::Name).into();
            let found = organisation::list(ctx.app(), ctx.caller(), &filter, order, &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(shown(found), move || {
                let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
                async move { organisation::count(&app, &caller, &filter).await }
            }))
        };
        Some(list.await)
    }

    /// Electoral bodies. Dissolved ones are shown only when asked for. Who: anyone.
    async fn electoral_bodies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<ElectoralBodyFilter>,
        #[graphql(desc = "The order; NAME if left out.")] order_by: Option<ElectoralBodyOrder>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<ElectoralBody>>> {
        let list = async {
            let (filter, page) = (filter.unwrap_or_default().read()?, page(first, after.as_deref(), last, before.as_deref())?);
            let order = order_by.unwrap_or(ElectoralBodyOrder::Name).into();
            let found = organisation::list_bodies(ctx.app(), ctx.caller(), &filter, order, &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(found.map(ElectoralBody::from), move || {
                let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
                async move { organisation::count_bodies(&app, &caller, &filter).await }
            }))
        };
        Some(list.await)
    }

    /// Platform companies. Who: anyone.
    async fn platforms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<PlatformFilter>,
        #[graphql(desc = "The order; NAME if left out.")] order_by: Option<OrganisationOrder>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Platform>>> {
        let list = async {
            let (filter, page) = (filter.unwrap_or_default().read()?, page(first, after.as_deref(), last, before.as_deref())?);
            let order = order_by.unwrap_or(OrganisationOrder::Name).into();
            let found = organisation::list(ctx.app(), ctx.caller(), &filter, order, &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(found.map(Platform::from), move || {
                let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
                async move { organisation::count(&app, &caller, &filter).await }
            }))
        };
        Some(list.await)
    }

    /// An electoral body by its id; null if there is none. Who: anyone.
    async fn electoral_body(&self, ctx: &Context<'_>, #[graphql(desc = "The body's id.")] id: ID) -> Option<Result<ElectoralBody>> {
        async { electoral_body(ctx, Some(ids::id(&id, "id")?)).await }.await.transpose()
    }

    /// A platform company by its id; null if there is none. Who: anyone.
    async fn platform(&self, ctx: &Context<'_>, #[graphql(desc = "The company's id.")] id: ID) -> Option<Result<Platform>> {
        async { platform(ctx, Some(ids::id(&id, "id")?)).await }.await.transpose()
    }
}
