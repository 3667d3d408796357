//! The type `Contact`.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use tertulia_app::engagement::contact;
use tertulia_domain::{
    Error, Result,
    engagement::{clocks, contact::Contact as Domain, divergence, fact::Fact, lifecycle},
};

use super::{
    history::{Assertion, History, Transition},
    load::{CommentsOf, FactsOf, ItemsOf},
    parts::{Comment, ContactClock, ContactHead, ContentItem, Decision, Divergence, ItemDecision},
    party::{self, Channel, Election, ElectoralBody, PlatformService},
    words::{
        ContactAct, ContactClosure, ContactDirection, ContactKind, ContactMedium, ContactStatus, ContactVisibility, IssueType, LegalBasis,
        Urgency,
    },
};
use crate::graphql::{
    Resolving,
    scalar::{DateTime, LanguageTag},
};

/// One exchange between one electoral body and one platform.
pub struct Contact(pub(crate) Domain, Option<Arc<Vec<Fact>>>);

impl From<Domain> for Contact {
    fn from(contact: Domain) -> Self {
        Self(contact, None)
    }
}

impl Contact {
    /// A contact whose facts were loaded with its page.
    pub(super) fn with_facts(contact: Domain, facts: Arc<Vec<Fact>>) -> Self {
        Self(contact, Some(facts))
    }

    /// The fields that are worked out from the facts.
    pub(super) const FROM_FACTS: [&'static str; 6] =
        ["transitions", "recentTransitions", "assertions", "divergences", "clocks", "allowedActs"];

    async fn facts(&self, ctx: &Context<'_>) -> Result<Arc<Vec<Fact>>> {
        if let Some(facts) = &self.1 {
            return Ok(Arc::clone(facts));
        }
        Ok(ctx.loaders().load_one(FactsOf(self.0.id)).await?.unwrap_or_default())
    }

    fn is_own(&self, ctx: &Context<'_>) -> bool {
        self.0.sender().is_some_and(|sender| party::shows_own(ctx, sender))
    }
}

/// One logged exchange between one electoral body and one platform. The sender's organisation owns it. Where it stands and
/// since when follows from the facts that both sides tell, in whatever order they arrive: the body's fact counts, else the platform's.
#[Object]
impl Contact {
    /// The contact's id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// A short name to read to each other, as `PE-7F3K-92QD`.
    async fn reference(&self) -> &str {
        self.0.reference.as_str()
    }

    /// Where it stands.
    async fn status(&self) -> ContactStatus {
        self.0.life.status.into()
    }

    /// How it ended; null while it is not closed.
    async fn closure(&self) -> Option<ContactClosure> {
        self.0.life.closure.map(Into::into)
    }

    /// Who reads it, once it is sent. What was never sent is its sender's only.
    async fn visibility(&self) -> ContactVisibility {
        self.0.visibility.into()
    }

    /// The persons who read it, if `visibility` is NAMED; null for who does not act for its sender.
    async fn named_readers(&self, ctx: &Context<'_>) -> Option<Vec<ID>> {
        self.is_own(ctx).then(|| self.0.named_readers.iter().map(|reader| reader.to_string().into()).collect())
    }

    /// Since when the other side may read it.
    async fn shared_at(&self) -> Option<DateTime> {
        self.0.shared_at.map(DateTime)
    }

    /// Counts the changes; state it with an act to be refused if somebody changed the contact since you read it.
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// The last fact of its history; null for a draft of which nothing was told.
    async fn head(&self) -> Option<ContactHead> {
        self.0.head.map(Into::into)
    }

    /// What you may do with it next.
    async fn allowed_acts(&self, ctx: &Context<'_>) -> Option<Result<Vec<ContactAct>>> {
        let facts = self.facts(ctx).await;
        Some(facts.map(|facts| contact::allowed_acts(ctx.caller(), &self.0, &facts).into_iter().map(Into::into).collect()))
    }

    /// What it is about.
    async fn kind(&self) -> ContactKind {
        self.0.header.kind.into()
    }

    /// Whether the sender waits for an answer; follows from the kind.
    async fn expects_answer(&self) -> bool {
        self.0.header.kind.expects_answer()
    }

    /// Who sends.
    async fn direction(&self) -> ContactDirection {
        self.0.header.direction.into()
    }

    /// The way it took.
    async fn medium(&self) -> ContactMedium {
        self.0.header.medium.into()
    }

    /// Its legal ground.
    async fn legal_basis(&self) -> LegalBasis {
        self.0.header.legal_basis.into()
    }

    /// How soon an answer is needed.
    async fn urgency(&self) -> Urgency {
        self.0.header.urgency.into()
    }

    /// What the matter is.
    async fn issue_types(&self) -> Vec<IssueType> {
        self.0.header.issue_types.iter().copied().map(Into::into).collect()
    }

    /// One line that says what it is.
    async fn subject(&self) -> &str {
        &self.0.header.subject
    }

    /// The matter at length.
    async fn description(&self) -> Option<&str> {
        self.0.header.description.as_deref()
    }

    /// The language it is written in.
    async fn language(&self) -> Option<LanguageTag> {
        self.0.header.language.as_ref().map(|tag| LanguageTag(tag.as_str().to_owned()))
    }

    /// The sender's own number; null for who does not act for its sender.
    async fn case_number(&self, ctx: &Context<'_>) -> Option<&str> {
        self.is_own(ctx).then_some(self.0.header.case_number.as_deref()).flatten()
    }

    /// Whether a generator made it.
    async fn generated(&self) -> bool {
        self.0.generated
    }

    /// Whether its history was entered afterwards in one go.
    async fn backfilled(&self) -> bool {
        self.0.backfilled
    }

    /// When it was logged here.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.0.recorded_at)
    }

    /// When anything about it last changed here.
    async fn changed_at(&self) -> DateTime {
        DateTime(self.0.changed_at)
    }

    /// The electoral body.
    async fn electoral_body(&self, ctx: &Context<'_>) -> Option<Result<ElectoralBody>> {
        party::electoral_body(ctx, self.0.electoral_body).await.transpose()
    }

    /// The platform's service; null while only `platformName` is known.
    async fn platform_service(&self, ctx: &Context<'_>) -> Option<Result<PlatformService>> {
        party::service(ctx, self.0.service).await.transpose()
    }

    /// The name that the sender gave where the directory had no such service.
    async fn platform_name(&self) -> Option<&str> {
        self.0.platform_name.as_deref()
    }

    /// The election it belongs to.
    async fn election(&self, ctx: &Context<'_>) -> Option<Result<Election>> {
        party::election(ctx, self.0.header.election).await.transpose()
    }

    /// The channel it took.
    async fn channel(&self, ctx: &Context<'_>) -> Option<Result<Channel>> {
        party::channel(ctx, self.0.header.channel).await.transpose()
    }

    /// When it was sent; null for a draft.
    async fn sent_at(&self) -> Option<DateTime> {
        self.0.life.sent_at.map(DateTime)
    }

    /// When the receiver confirmed receipt; where nobody told of it, the moment of the question or decision that implies it.
    async fn acknowledged_at(&self) -> Option<DateTime> {
        self.0.life.acknowledged_at.map(DateTime)
    }

    /// Whether `acknowledgedAt` is implied by a question or decision.
    async fn acknowledgement_implied(&self) -> bool {
        self.0.life.acknowledgement_implied
    }

    /// When the decision that counts was made.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.life.decided_at.map(DateTime)
    }

    /// When it was closed, withdrawn, discarded or referred; null while it is open.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.life.closed_at.map(DateTime)
    }

    /// The decision that counts: the last one told, the body's before the platform's; `NO_RESPONSE` once closed in silence.
    async fn decision(&self) -> Option<Decision> {
        self.0.life.decision.as_ref().map(Decision::from)
    }

    /// Waiting times: first the ones that count, then those of each side that told of a response.
    async fn clocks(&self, ctx: &Context<'_>) -> Option<Result<Vec<ContactClock>>> {
        let facts = self.facts(ctx).await;
        Some(facts.map(|facts| clocks::clocks(self.0.terms(), &facts).into_iter().map(Into::into).collect()))
    }

    /// What it points at, in the order in which it was listed.
    async fn items(&self, ctx: &Context<'_>) -> Option<Result<Vec<ContentItem>>> {
        let items = ctx.loaders().load_one(ItemsOf(self.0.id)).await.map(Option::unwrap_or_default);
        let decided = self.0.life.decision.as_ref();
        let item = |item: &tertulia_domain::engagement::content_item::ContentItem| ContentItem {
            decision: ItemDecision::of(decided, item.id),
            item: item.clone(),
        };
        Some(items.map(|items| items.iter().map(item).collect()))
    }

    /// Its history, in the order of recording.
    async fn transitions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Transition>>> {
        Some(self.facts(ctx).await.map(|facts| placed(&self.0, &facts).collect()))
    }

    /// The last facts of its history, the latest recorded first.
    async fn recent_transitions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 20.", default = 3)] limit: i32,
    ) -> Option<Result<Vec<Transition>>> {
        let limit = usize::try_from(limit.clamp(1, 20)).unwrap_or(1);
        Some(self.facts(ctx).await.map(|facts| placed(&self.0, &facts).rev().take(limit).collect()))
    }

    /// What each side tells: the facts that are not superseded, in the order in which they happened.
    async fn assertions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Assertion>>> {
        Some(self.facts(ctx).await.map(|facts| lifecycle::assertions(&facts).into_iter().map(Assertion::from).collect()))
    }

    /// Where the electoral body and the platform tell of the same step and differ. Both read it.
    async fn divergences(&self, ctx: &Context<'_>) -> Option<Result<Vec<Divergence>>> {
        Some(self.facts(ctx).await.map(|facts| divergence::divergences(&facts).into_iter().map(Into::into).collect()))
    }

    /// What the sides wrote to each other, oldest first.
    async fn comments(&self, ctx: &Context<'_>) -> Option<Result<Vec<Comment>, Error>> {
        let comments = ctx.loaders().load_one(CommentsOf(self.0.id)).await.map(Option::unwrap_or_default);
        Some(comments.map(|comments| comments.iter().cloned().map(Comment).collect()))
    }
}

/// Each fact with what it did, in the order of recording, in which they are loaded.
fn placed(contact: &Domain, facts: &Arc<Vec<Fact>>) -> impl DoubleEndedIterator<Item = Transition> {
    let course = lifecycle::place(contact.terms(), facts).into_iter().map(|placed| (placed.from, placed.to, placed.counts)).collect();
    let history = Arc::new(History { facts: Arc::clone(facts), course });
    (0..facts.len()).map(move |place| Transition { history: Arc::clone(&history), place })
}
