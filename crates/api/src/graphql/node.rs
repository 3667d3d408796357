//! Relay's `Node`: any object by its id.

use async_graphql::{Context, ID, Interface, Object};
use futures::future::try_join_all;
use tertulia_domain::{
    Code, Error, Reason, Result,
    id::{AnyId, kinds},
};

use super::{
    Resolving,
    dialogue::{Commitment, Dialogue, Meeting, Minutes, Participation, SlotPoll},
    directory::{
        channel::Channel,
        country::Country,
        election::Election,
        expert::Expert,
        instrument::Instrument,
        load,
        organisation::{ElectoralBody, Organisation, OtherOrganisation, Platform},
        platform::PlatformService,
        reporting_programme::ReportingProgramme,
    },
    engagement::{
        Contact, ContactAttachment, ContactImport, ContactImportRow, ContactTemplate, Incident, Mandate, ResponseTarget, StatisticRelease,
    },
    identity::{ApiClient, Membership},
    ids,
    knowledge::publication::Publication,
    record::{AuditEntry, WebhookDelivery, WebhookEndpoint},
};

/// Most ids that `nodes` takes at once.
const MOST: usize = 100;

/// An object with an id that is its for good.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Its id."))]
pub enum Node {
    /// A country or territory.
    Country(Country),
    /// An electoral body.
    ElectoralBody(ElectoralBody),
    /// A platform company.
    Platform(Platform),
    /// Another organisation.
    OtherOrganisation(OtherOrganisation),
    /// A service of a platform company.
    PlatformService(PlatformService),
    /// A channel.
    Channel(Channel),
    /// An election.
    Election(Election),
    /// An expert.
    Expert(Expert),
    /// A reporting programme.
    ReportingProgramme(ReportingProgramme),
    /// An instrument.
    Instrument(Instrument),
    /// A response target.
    ResponseTarget(ResponseTarget),
    /// A publication.
    Publication(Publication),
    /// A contact.
    Contact(Contact),
    /// A file attached to a contact.
    ContactAttachment(ContactAttachment),
    /// An import of contacts.
    ContactImport(ContactImport),
    /// What an import reports of a row.
    ContactImportRow(ContactImportRow),
    /// A text that contacts begin with.
    ContactTemplate(ContactTemplate),
    /// An incident.
    Incident(Incident),
    /// A mandate for the coordinator.
    Mandate(Mandate),
    /// A statistic release.
    StatisticRelease(StatisticRelease),
    /// A dialogue.
    Dialogue(Dialogue),
    /// A meeting.
    Meeting(Meeting),
    /// The minutes of a meeting.
    Minutes(Minutes),
    /// A commitment.
    Commitment(Commitment),
    /// A poll about slots.
    SlotPoll(SlotPoll),
    /// Somebody's part in a meeting.
    Participation(Participation),
    /// A membership.
    Membership(Membership),
    /// An API client.
    ApiClient(ApiClient),
    /// A webhook endpoint.
    WebhookEndpoint(WebhookEndpoint),
    /// A message to a webhook endpoint.
    WebhookDelivery(WebhookDelivery),
    /// A line of the audit log.
    AuditEntry(AuditEntry),
}

impl From<Organisation> for Node {
    fn from(organisation: Organisation) -> Self {
        match organisation {
            Organisation::ElectoralBody(body) => Self::ElectoralBody(body),
            Organisation::Platform(platform) => Self::Platform(platform),
            Organisation::OtherOrganisation(other) => Self::OtherOrganisation(other),
        }
    }
}

/// The object with this id, if the caller may read it.
async fn find(ctx: &Context<'_>, id: AnyId) -> Result<Option<Node>> {
    if let Some(id) = id.typed::<kinds::Country>() {
        return Ok(load::country(ctx, id.code()).await?.map(Node::from));
    }
    if let Some(id) = id.typed::<kinds::Organisation>() {
        return Ok(load::organisation(ctx, Some(id)).await?.map(Node::from));
    }
    if let Some(id) = id.typed::<kinds::PlatformService>() {
        return Ok(load::service(ctx, Some(id)).await?.map(Node::from));
    }
    if let Some(id) = id.typed::<kinds::Channel>() {
        return Ok(load::channel(ctx, Some(id)).await?.map(Node::from));
    }
    if let Some(id) = id.typed::<kinds::Election>() {
        return Ok(load::election(ctx, Some(id)).await?.map(Node::from));
    }
    if let Some(id) = id.typed::<kinds::Expert>() {
        return Ok(load::expert(ctx, Some(id)).await?.map(Node::from));
    }
    if let Some(id) = id.typed::<kinds::ReportingProgramme>() {
        return Ok(ctx.loaders().load_one(id).await?.map(|entry| ReportingProgramme(entry).into()));
    }
    if let Some(id) = id.typed::<kinds::Instrument>() {
        return Ok(load::instrument(ctx, Some(id)).await?.map(Node::from));
    }
    if let Some(id) = id.typed::<kinds::Publication>() {
        return Ok(ctx.loaders().load_one(id).await?.map(|entry| Publication(entry).into()));
    }
    if let Some(id) = id.typed::<kinds::Dialogue>() {
        return Ok(ctx.loaders().load_one(id).await?.map(|one| Dialogue(one).into()));
    }
    if let Some(id) = id.typed::<kinds::Meeting>() {
        return Ok(ctx.loaders().load_one(id).await?.map(|one| Meeting::from(one).into()));
    }
    if let Some(id) = id.typed::<kinds::Minutes>() {
        return Ok(ctx.loaders().load_one(id).await?.map(|one| Minutes(one).into()));
    }
    if let Some(id) = id.typed::<kinds::Commitment>() {
        return Ok(ctx.loaders().load_one(id).await?.map(|one| Commitment(one).into()));
    }
    if let Some(id) = id.typed::<kinds::SlotPoll>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|one| SlotPoll(one).into()));
    }
    if let Some(id) = id.typed::<kinds::Participation>() {
        return Ok(ctx.loaders().load_one(id).await?.map(|one| Participation(one).into()));
    }
    if let Some(found) = in_record(ctx, id).await? {
        return Ok(Some(found));
    }
    in_log(ctx, id).await
}

/// The same of who is who, of the record, and of where events are sent.
async fn in_record(ctx: &Context<'_>, id: AnyId) -> Result<Option<Node>> {
    if let Some(id) = id.typed::<kinds::Membership>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|one| Membership(one).into()));
    }
    if let Some(id) = id.typed::<kinds::ApiClient>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|one| ApiClient(one).into()));
    }
    if let Some(id) = id.typed::<kinds::AuditEntry>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|line| AuditEntry(line).into()));
    }
    if let Some(id) = id.typed::<kinds::WebhookEndpoint>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|one| WebhookEndpoint(one).into()));
    }
    if let Some(id) = id.typed::<kinds::WebhookDelivery>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|one| WebhookDelivery(one).into()));
    }
    Ok(None)
}

/// The same of what belongs to the contact log.
async fn in_log(ctx: &Context<'_>, id: AnyId) -> Result<Option<Node>> {
    if let Some(id) = id.typed::<kinds::Contact>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|contact| Contact::from(contact).into()));
    }
    if let Some(id) = id.typed::<kinds::Attachment>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|one| ContactAttachment(one).into()));
    }
    if let Some(id) = id.typed::<kinds::ContactImportRow>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|report| ContactImportRow(id, report).into()));
    }
    if let Some(id) = id.typed::<kinds::ContactImport>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|one| ContactImport(one).into()));
    }
    if let Some(id) = id.typed::<kinds::ContactTemplate>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|one| ContactTemplate(one).into()));
    }
    if let Some(id) = id.typed::<kinds::Incident>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|one| Incident(one).into()));
    }
    if let Some(id) = id.typed::<kinds::Mandate>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|one| Mandate(one).into()));
    }
    if let Some(id) = id.typed::<kinds::ResponseTarget>() {
        return Ok(readable(ctx.loaders().load_one(id).await)?.map(|one| ResponseTarget(one).into()));
    }
    if let Some(id) = id.typed::<kinds::StatisticRelease>() {
        return Ok(ctx.loaders().load_one(id).await?.map(|one| StatisticRelease(one).into()));
    }
    Ok(None)
}

/// What the caller's roles never read is not there for him.
fn readable<T>(found: Result<Option<T>>) -> Result<Option<T>> {
    found.or_else(|error| if error.code == Code::Forbidden { Ok(None) } else { Err(error) })
}

/// Queries for any object.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Any object by its id; null if there is none, or none that you may read. Who: anyone.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The object's id.")] id: ID) -> Option<Result<Node>> {
        async { find(ctx, ids::any(&id, "id")?).await }.await.transpose()
    }

    /// Objects by their ids, at most 100, in the order of the ids; null in the place of what is not there or you may not
    /// read. Who: anyone.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "ids", desc = "The objects' ids.")] wanted: Vec<ID>,
    ) -> Option<Result<Vec<Option<Node>>>> {
        let found = async {
            if wanted.len() > MOST {
                let message = format!("At most {MOST} ids.");
                return Err(Error::new(Code::LimitExceeded, Reason::TooLong, "ids", message));
            }
            try_join_all(
                wanted.iter().enumerate().map(|(index, id)| async move { find(ctx, ids::any(id, &format!("ids.{index}"))?).await }),
            )
            .await
        };
        Some(found.await)
    }
}
