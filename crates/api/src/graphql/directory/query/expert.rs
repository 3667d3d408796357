//! Queries about experts and reporting programmes.

use async_graphql::{Context, ID, InputObject, Object};
use tertulia_app::directory::{expert, reporting_programme};
use tertulia_domain::{
    Faults, Result,
    directory::{country::M49, expert as words},
    text::{LanguageTag as Tag, SearchTerm},
};

use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    directory::{
        expert::Expert,
        load,
        reporting_programme::ReportingProgramme,
        words::{ExpertOrder, ReportingProgrammeOrder},
    },
    ids,
    scalar::LanguageTag,
};

/// What a list of experts is narrowed to; everything given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ExpertFilter {
    /// Words found in the name, a topic or a method; case and accents do not matter.
    search: Option<String>,
    /// Words found in the topics.
    topic: Option<String>,
    /// Experts who work in this language, in any of its varieties.
    language: Option<LanguageTag>,
    /// Experts who named this region of the M49 (three digits).
    region: Option<String>,
}

impl ExpertFilter {
    fn read(self) -> Result<words::ExpertFilter> {
        let mut faults = Faults::default();
        let filter = words::ExpertFilter {
            search: self.search.and_then(|search| faults.check("filter.search", SearchTerm::parse(&search))),
            topic: self.topic.and_then(|topic| faults.check("filter.topic", SearchTerm::parse(&topic))),
            language: self.language.and_then(|tag| faults.check("filter.language", Tag::parse(&tag))),
            region: self.region.and_then(|region| faults.check("filter.region", M49::parse(&region))),
        };
        faults.finish()?;
        Ok(filter)
    }
}

/// Queries about experts and reporting programmes.
#[derive(Default)]
pub struct ExpertQuery;

#[Object]
#[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
impl ExpertQuery {
    /// Experts who consented that you find them. Once a consent ends or is withdrawn, the expert is gone from here at once. Who: anyone.
    async fn experts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<ExpertFilter>,
        #[graphql(desc = "The order; NAME if left out.")] order_by: Option<ExpertOrder>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Expert>>> {
        let ExpertOrder::Name = order_by.unwrap_or(ExpertOrder::Name);
        let list = async {
            let (filter, page) = (filter.unwrap_or_default().read()?, page(first, after.as_deref(), last, before.as_deref())?);
            let found = expert::list(ctx.app(), ctx.caller(), &filter, &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(found.map(Expert), move || {
                let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
                async move { expert::count(&app, &caller, &filter).await }
            }))
        };
        Some(list.await)
    }

    /// An expert by the id; null if there is none whom you may find. Who: anyone.
    async fn expert(&self, ctx: &Context<'_>, #[graphql(desc = "The expert's id.")] id: ID) -> Option<Result<Expert>> {
        async { load::expert(ctx, Some(ids::id(&id, "id")?)).await }.await.transpose()
    }

    /// Your own profile, if the coordinator recorded one under the address of your account; null if not. Consent to be listed with
    /// `expertConsent`. Who: anyone signed in (about oneself).
    async fn own_expert_profile(&self, ctx: &Context<'_>) -> Option<Result<Expert>> {
        expert::own(ctx.app(), ctx.caller()).await.map(|own| own.map(Expert)).transpose()
    }

    /// Programmes through which content is reported to platforms. Who: anyone.
    async fn reporting_programmes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order; NAME if left out.")] order_by: Option<ReportingProgrammeOrder>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<ReportingProgramme>>> {
        let ReportingProgrammeOrder::Name = order_by.unwrap_or(ReportingProgrammeOrder::Name);
        let list = async {
            let page = page(first, after.as_deref(), last, before.as_deref())?;
            let found = reporting_programme::list(ctx.app(), ctx.caller(), &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(found.map(ReportingProgramme), move || {
                let (app, caller) = (app.clone(), caller.clone());
                async move { reporting_programme::count(&app, &caller).await }
            }))
        };
        Some(list.await)
    }
}
