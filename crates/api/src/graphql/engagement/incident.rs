//! The type `Incident`.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use tertulia_app::engagement::contact;
use tertulia_domain::{
    Result,
    engagement::{
        filter::{ContactFilter, ContactOrder},
        incident::{Incident as Domain, IncidentFields, IncidentState, Technique},
    },
    id::IncidentId,
    page::{Direction, Page, PageRequest},
};

use super::{
    at_hand::Contact,
    connection::ContactConnection,
    incident_load::{ContactCountOf, FirstContactsOf, SharesOf},
    party::{self, Election, ElectoralBody},
    query::list_cost,
    words::{IncidentStatus, IssueType},
};
use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    scalar::{DateTime, LanguageTag},
};

/// An incident, as the bodies that take part in it read it.
pub struct Incident(pub(crate) Domain);

impl Incident {
    fn fields(&self) -> &IncidentFields {
        &self.0.fields.fields
    }

    fn state(&self) -> &IncidentState {
        &self.0.fields.state
    }
}

/// One matter of an electoral body, over which it may turn to several platforms, each by a contact of its own with clocks of its
/// own. Read by the body that owns it and the bodies of the same country with which it is shared; by no platform, and by nobody else.
#[Object]
impl Incident {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The body that owns it.
    async fn electoral_body(&self, ctx: &Context<'_>) -> Option<Result<ElectoralBody>> {
        party::electoral_body(ctx, self.0.owner()).await.transpose()
    }

    /// One line that says what it is.
    async fn title(&self) -> &str {
        &self.fields().title
    }

    /// The matter at length.
    async fn summary(&self) -> Option<&str> {
        self.fields().summary.as_deref()
    }

    /// Where it stands.
    async fn status(&self) -> IncidentStatus {
        self.state().status.into()
    }

    /// When it was closed; null while it is not.
    async fn closed_at(&self) -> Option<DateTime> {
        self.state().closed_at.map(DateTime)
    }

    /// Why it was closed; null while it is not.
    async fn closed_reason(&self) -> Option<&str> {
        self.state().closed_reason.as_deref()
    }

    /// The election it belongs to.
    async fn election(&self, ctx: &Context<'_>) -> Option<Result<Election>> {
        party::election(ctx, self.fields().election).await.transpose()
    }

    /// What the matter is.
    async fn issue_types(&self) -> Vec<IssueType> {
        self.fields().issue_types.iter().copied().map(Into::into).collect()
    }

    /// How it is done, by the ids of DISARM's techniques, as `T0086`.
    async fn techniques(&self) -> Vec<&str> {
        self.fields().techniques.iter().map(Technique::as_str).collect()
    }

    /// The languages in which it spreads.
    async fn languages(&self) -> Vec<LanguageTag> {
        self.fields().languages.iter().map(|tag| LanguageTag::from(tag.as_str())).collect()
    }

    /// When it was first seen.
    async fn first_seen_at(&self) -> Option<DateTime> {
        self.fields().first_seen_at.map(DateTime)
    }

    /// The bodies of the same country that take part beside the owner, in the order of coming.
    async fn shared_with(&self, ctx: &Context<'_>) -> Option<Result<Vec<ElectoralBody>>> {
        let bodies = async {
            let ids = ctx.loaders().load_one(SharesOf(self.0.id)).await?.unwrap_or_default();
            let found = ids.iter().map(|id| party::electoral_body(ctx, *id));
            Ok(futures::future::try_join_all(found).await?.into_iter().flatten().collect())
        };
        Some(bodies.await)
    }

    /// Its contacts as far as you may read them, the latest sent first: your own body's, and not those that another body put in.
    #[graphql(complexity = "list_cost(first, last) * child_complexity")]
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<ContactConnection>> {
        let request = page(first, after.as_deref(), last, before.as_deref());
        Some(contacts_of(ctx, self.0.id, request).await)
    }

    /// Whether a generator made it.
    async fn generated(&self) -> bool {
        self.0.generated
    }

    /// When it was opened.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When what it says or where it stands last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Its version, for edits.
    async fn version(&self) -> i64 {
        self.0.version
    }
}

/// The contacts of an incident. First pages are loaded together for all incidents of a level.
async fn contacts_of(ctx: &Context<'_>, id: IncidentId, request: Result<PageRequest>) -> Result<ContactConnection> {
    let request = request?;
    let is_first = request.after.is_none() && request.before.is_none() && request.direction == Direction::Forward;
    let page = if is_first {
        let found = ctx.loaders().load_one(FirstContactsOf(id, request.limit)).await?;
        found.map_or_else(|| Page { edges: Vec::new(), has_next: false, has_previous: false }, |page| (*page).clone())
    } else {
        let filter = ContactFilter { incident: Some(id), ..ContactFilter::default() };
        contact::list(ctx.app(), ctx.caller(), &filter, ContactOrder::SentAtDesc, &request).await?
    };
    // Counted with the other incidents of the level, which the connection alone could not do.
    let is_counted = ctx.look_ahead().field("totalCount").exists();
    let counted = if is_counted { ctx.loaders().load_one(ContactCountOf(id)).await? } else { None };
    let count = move || async move { Ok(counted.unwrap_or(0)) };
    Ok(ContactConnection { page: Connection::new(page.map(Contact::from), count), since: None })
}

/// The incident of a contact; null if it belongs to none that the caller may read.
pub(super) async fn of_contact(ctx: &Context<'_>, id: tertulia_domain::id::ContactId) -> Result<Option<Incident>> {
    let found = ctx.loaders().load_one(super::incident_load::IncidentOf(id)).await?;
    Ok(found.map(|incident| Incident(Arc::unwrap_or_clone(incident))))
}
