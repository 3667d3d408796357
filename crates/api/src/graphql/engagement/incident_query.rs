//! Queries of incidents.

use async_graphql::{Context, ID, InputObject, Object};
use tertulia_app::engagement::incident;
use tertulia_domain::{Faults, Result, engagement::incident as domain, id::IncidentId, page::PageRequest, text::SearchTerm};

use super::{
    incident::Incident,
    input::each,
    words::{IncidentOrder, IncidentStatus, IssueType},
};
use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    ids,
};

/// What a list of incidents is narrowed to. Fields add up; several values of one field are alternatives.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct IncidentFilter {
    /// The body that owns it.
    electoral_body_id: Option<ID>,
    /// Where it stands.
    status: Option<Vec<IncidentStatus>>,
    /// What the matter is; one of them is enough.
    issue_type: Option<Vec<IssueType>>,
    /// A technique that it shows, by DISARM's id.
    technique: Option<String>,
    /// The election it belongs to.
    election_id: Option<ID>,
    /// Words that its title or summary holds, without regard to case and accents, 1 to 100 characters.
    search: Option<String>,
}

impl IncidentFilter {
    fn check(self) -> Result<domain::IncidentFilter> {
        let mut faults = Faults::default();
        let search = self.search.as_deref().filter(|raw| !raw.trim().is_empty());
        let filter = domain::IncidentFilter {
            electoral_body: ids::noted(&mut faults, "filter.electoralBodyId", self.electoral_body_id.as_ref()),
            statuses: each(self.status),
            issue_types: each(self.issue_type),
            technique: self.technique.as_deref().and_then(|raw| faults.check("filter.technique", domain::Technique::parse(raw))),
            election: ids::noted(&mut faults, "filter.electionId", self.election_id.as_ref()),
            search: search.and_then(|raw| faults.check("filter.search", SearchTerm::parse(raw))),
        };
        faults.finish_with(Some(filter))
    }
}

/// Queries of incidents.
#[derive(Default)]
pub(super) struct IncidentQuery;

#[Object]
impl IncidentQuery {
    /// An incident, by id; null if there is none that you may read. Who: ELECTORAL_BODY_OFFICER, ELECTORAL_BODY_ADMINISTRATOR.
    async fn incident(&self, ctx: &Context<'_>, #[graphql(desc = "The incident's id.")] id: ID) -> Option<Result<Incident>> {
        by_id(ctx, &id).await.transpose()
    }

    /// The incidents that your body owns or takes part in, a page at a time. Who: ELECTORAL_BODY_OFFICER,
    /// ELECTORAL_BODY_ADMINISTRATOR.
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments, a filter and an order")]
    async fn incidents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to narrow the list to.")] filter: Option<IncidentFilter>,
        #[graphql(desc = "How to sort it.", default_with = "IncidentOrder::UpdatedAtDesc")] order_by: IncidentOrder,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Incident>>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(list(ctx, filter.unwrap_or_default(), order_by, request).await)
    }
}

async fn by_id(ctx: &Context<'_>, raw: &str) -> Result<Option<Incident>> {
    incident::may_read(ctx.caller())?;
    let id: IncidentId = ids::id(raw, "id")?;
    Ok(ctx.loaders().load_one(id).await?.map(Incident))
}

async fn list(
    ctx: &Context<'_>,
    filter: IncidentFilter,
    order: IncidentOrder,
    request: Result<PageRequest>,
) -> Result<Connection<Incident>> {
    incident::may_read(ctx.caller())?;
    let (request, filter) = (request?, filter.check()?);
    let found = incident::list(ctx.app(), ctx.caller(), &filter, order.into(), &request).await?;
    let (app, caller) = ctx.shared();
    Ok(Connection::new(found.map(Incident), move || {
        let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
        async move { incident::count(&app, &caller, &filter).await }
    }))
}
