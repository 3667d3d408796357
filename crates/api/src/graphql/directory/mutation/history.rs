//! The history of entries.

use async_graphql::{Context, ID, Object, SimpleObject};
use tertulia_app::directory::history::{self, EarlierState};
use tertulia_domain::{Result, id::OrganisationId};

use crate::graphql::{
    Resolving,
    directory::{load, organisation::Organisation},
    ids,
    scalar::DateTime,
};

/// A field that an edit replaced.
#[derive(Clone, Debug, SimpleObject)]
pub struct ReplacedField {
    /// The field, in snake case.
    name: String,
    /// What it held before, as JSON.
    value: String,
}

/// An edit of an entry: what it replaced.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct DirectoryRevision {
    /// The version that was replaced.
    version: i32,
    /// When it was replaced.
    replaced_at: DateTime,
    /// The fields that changed, with what they held before.
    replaced: Vec<ReplacedField>,
    #[graphql(skip)]
    by: Option<OrganisationId>,
}

#[async_graphql::ComplexObject]
impl DirectoryRevision {
    /// The organisation that replaced it; null for a loading of reference data.
    async fn replaced_by(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.by).await.transpose()
    }
}

impl From<EarlierState> for DirectoryRevision {
    fn from(state: EarlierState) -> Self {
        Self {
            version: i32::try_from(state.version).unwrap_or(i32::MAX),
            replaced_at: DateTime(state.replaced_at),
            replaced: state.replaced.into_iter().map(|(name, value)| ReplacedField { name, value }).collect(),
            by: state.replaced_by,
        }
    }
}

/// Queries about the history of entries.
#[derive(Default)]
pub struct HistoryQuery;

#[Object]
impl HistoryQuery {
    /// What edits of an organisation, service, channel, election, programme, instrument, response target, publication, expert, incident or
    /// template of contacts replaced, newest first, at most 200.
    /// Who: COORDINATOR, ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn directory_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry's id.")] id: ID,
    ) -> Option<Result<Vec<DirectoryRevision>>> {
        let found = history::list(ctx.app(), ctx.caller(), ids::any(&id, "id")).await;
        Some(found.map(|states| states.into_iter().map(DirectoryRevision::from).collect()))
    }
}
