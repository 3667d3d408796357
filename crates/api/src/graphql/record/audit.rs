//! The audit log.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, ID, InputObject, Object, dataloader::Loader as Loads};
use tertulia_app::{App, Ctx, record::audit as log};
use tertulia_domain::{
    Error, Result,
    id::AuditEntryId,
    page::PageRequest,
    record::audit::{self, RawAuditFilter},
};

use crate::graphql::{
    Loader, Resolving,
    connection::{Connection, page},
    directory::Organisation,
    identity::organisation,
    scalar::DateTime,
};

/// A line of the audit log.
pub struct AuditEntry(pub(crate) audit::AuditEntry);

/// A line of the audit log: who did what to which object, when. It holds ids and names of fields, never values or texts. The
/// lines form a chain: each carries the hash of itself and of the line before it.
#[Object]
impl AuditEntry {
    /// The line's id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// When the act was committed.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// The act, object first (`contact.decide`).
    async fn act(&self) -> &str {
        &self.0.act
    }

    /// The kind of object it was done to: the part of the object's id before the underscore.
    async fn object_type(&self) -> &str {
        self.0.object.prefix()
    }

    /// The object it was done to.
    async fn object_id(&self) -> ID {
        self.0.object.to_string().into()
    }

    /// Names of the fields that changed, where the act was an edit.
    async fn fields(&self) -> &[String] {
        &self.0.fields
    }

    /// The id of the API client, where a program acted and no person.
    async fn api_client_id(&self) -> Option<ID> {
        self.0.client.map(|client| client.to_string().into())
    }

    /// The id of the person who acted; null for an API client, the server itself and its operator.
    async fn actor_id(&self) -> Option<ID> {
        self.0.user.map(|user| user.to_string().into())
    }

    /// The organisation for which the person or the client acted.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        organisation(ctx, self.0.organisation?).await.transpose()
    }

    /// The request's id, as responses (`X-Request-Id`) and the server's log have it.
    async fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// The line's place in the chain, for who reads all of it; null for others, and in the moment before it is sealed.
    async fn seq(&self) -> Option<String> {
        self.0.seq.map(|seq| seq.to_string())
    }

    /// SHA-256, in hexadecimal, of the line and of the hash before it, for who reads all of the chain; null for others, and in the moment
    /// before the line is sealed.
    async fn hash(&self) -> Option<&str> {
        self.0.hash.as_deref()
    }
}

impl Loads<AuditEntryId> for Loader {
    type Value = audit::AuditEntry;
    type Error = Error;

    async fn load(&self, keys: &[AuditEntryId]) -> Result<HashMap<AuditEntryId, audit::AuditEntry>> {
        Ok(log::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|line| (line.id, line)).collect())
    }
}

/// Which lines of the audit log are wanted; what is left out does not narrow.
#[derive(InputObject, Default)]
pub(super) struct AuditFilter {
    /// Acts by name (`contact.decide`), any of them.
    act: Option<Vec<String>>,
    /// Kinds of object by the part of an id before the underscore (`contact`), any of them.
    object_type: Option<Vec<String>>,
    /// The object.
    object_id: Option<ID>,
    /// The organisation for which was acted.
    organisation_id: Option<ID>,
    /// From this instant on.
    from: Option<DateTime>,
    /// Before this instant.
    to: Option<DateTime>,
}

impl From<AuditFilter> for RawAuditFilter {
    fn from(filter: AuditFilter) -> Self {
        Self {
            acts: filter.act.unwrap_or_default(),
            object_types: filter.object_type.unwrap_or_default(),
            object: filter.object_id.map(|id| id.0),
            organisation: filter.organisation_id.map(|id| id.0),
            from: filter.from.map(|at| at.0),
            to: filter.to.map(|at| at.0),
        }
    }
}

/// Queries of the record.
#[derive(Default)]
pub(super) struct AuditQuery;

#[Object]
impl AuditQuery {
    /// The audit log, newest first: all of it for the auditor, what was done for the own organisation for an administrator
    /// (of comments on minutes one's own alone), the own acts for the coordinator.
    /// Who: COORDINATOR (about oneself), AUDITOR, ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it),
    /// PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    #[graphql(complexity = "usize::try_from(first.or(last).unwrap_or(25)).unwrap_or(1).clamp(1, 100) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "Relay's four and the filter")]
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to narrow the list to.")] filter: Option<AuditFilter>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<AuditEntry>>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(list(ctx, filter.unwrap_or_default().into(), request).await)
    }
}

async fn list(ctx: &Context<'_>, filter: RawAuditFilter, request: Result<PageRequest>) -> Result<Connection<AuditEntry>> {
    let found = log::list(ctx.app(), ctx.caller(), &filter, &request?).await?;
    let (app, caller) = (Arc::clone(ctx.data_unchecked::<Arc<App>>()), Arc::clone(ctx.data_unchecked::<Arc<Ctx>>()));
    let filter = Arc::new(filter);
    Ok(Connection::new(found.map(AuditEntry), move || count(Arc::clone(&app), Arc::clone(&caller), Arc::clone(&filter))))
}

async fn count(app: Arc<App>, caller: Arc<Ctx>, filter: Arc<RawAuditFilter>) -> Result<u64> {
    log::count(&app, &caller, &filter).await
}
