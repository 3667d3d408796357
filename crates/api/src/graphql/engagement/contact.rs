//! The type `Contact`.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use tertulia_app::engagement::contact;
use tertulia_domain::{
    Error, Result,
    engagement::{
        clocks,
        contact::{Brief, Contact as Domain},
        divergence,
        fact::Fact,
        lifecycle,
    },
};

use super::{
    at_hand::Contact,
    attachment::{ContactAttachment, attached},
    history::{Assertion, History, Transition},
    incident::{self, Incident},
    load::CommentsOf,
    parts::{Comment, ContactClock, ContactHead, ContentItem, Decision, Divergence},
    party::{self, Channel, Election, ElectoralBody, Instrument, PlatformService},
    response_target::ContactTarget,
    words::{
        ContactAct, ContactClosure, ContactDirection, ContactKind, ContactMedium, ContactStatus, ContactVisibility, IssueType, LegalBasis,
        TargetState, Urgency,
    },
};
use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    scalar::{DateTime, LanguageTag},
};

/// One logged exchange between one electoral body and one platform. The sender's organisation owns it. Where it stands and
/// since when follows from the facts that both sides tell, in whatever order they arrive: the body's fact counts, else the platform's.
#[Object]
impl Contact {
    /// The contact's id.
    pub(crate) async fn id(&self) -> ID {
        self.brief.id.to_string().into()
    }

    /// A short name to read to each other, as `PE-7F3K-92QD`.
    async fn reference(&self) -> &str {
        self.brief.reference.as_str()
    }

    /// Where it stands.
    async fn status(&self) -> ContactStatus {
        self.brief.status.into()
    }

    /// How it ended; null while it is not closed.
    async fn closure(&self, ctx: &Context<'_>) -> Option<Result<ContactClosure>> {
        self.whole(ctx).await.map(|whole| whole.life.closure.map(Into::into)).transpose()
    }

    /// Who reads it, once it is sent. What was never sent is its sender's only.
    async fn visibility(&self) -> ContactVisibility {
        self.brief.visibility.into()
    }

    /// The persons who read it, if `visibility` is NAMED; null for who does not act for its sender.
    async fn named_readers(&self, ctx: &Context<'_>) -> Option<Result<Vec<ID>>> {
        if !self.is_own(ctx) {
            return None;
        }
        Some(self.whole(ctx).await.map(|whole| whole.named_readers.iter().map(|reader| reader.to_string().into()).collect()))
    }

    /// Since when the other side may read it.
    async fn shared_at(&self, ctx: &Context<'_>) -> Option<Result<DateTime>> {
        self.whole(ctx).await.map(|whole| whole.shared_at.map(DateTime)).transpose()
    }

    /// Counts the changes; state it with an act to be refused if somebody changed the contact since you read it.
    async fn version(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(self.shown(ctx).await?.version)
    }

    /// The last fact of its history; null for a draft of which nothing was told.
    async fn head(&self, ctx: &Context<'_>) -> Option<Result<ContactHead>> {
        self.whole(ctx).await.map(|whole| whole.head.map(Into::into)).transpose()
    }

    /// What you may do with it next.
    async fn allowed_acts(&self, ctx: &Context<'_>) -> Option<Result<Vec<ContactAct>>> {
        let (whole, facts) = match (self.whole(ctx).await, self.facts(ctx).await) {
            (Ok(whole), Ok(facts)) => (whole, facts),
            (Err(error), _) | (_, Err(error)) => return Some(Err(error)),
        };
        Some(
            self.mandates(ctx)
                .await
                .map(|mandates| contact::allowed_acts(ctx.caller(), &whole, &facts, &mandates).into_iter().map(Into::into).collect()),
        )
    }

    /// What it is about.
    async fn kind(&self) -> ContactKind {
        self.brief.kind.into()
    }

    /// Whether the sender waits for an answer; follows from the kind.
    async fn expects_answer(&self) -> bool {
        self.brief.kind.expects_answer()
    }

    /// Who sends.
    async fn direction(&self) -> ContactDirection {
        self.brief.direction.into()
    }

    /// The way it took.
    async fn medium(&self, ctx: &Context<'_>) -> Result<ContactMedium> {
        Ok(self.whole(ctx).await?.header.medium.into())
    }

    /// Its legal ground.
    async fn legal_basis(&self, ctx: &Context<'_>) -> Result<LegalBasis> {
        Ok(self.whole(ctx).await?.header.legal_basis.into())
    }

    /// How soon an answer is needed.
    async fn urgency(&self, ctx: &Context<'_>) -> Result<Urgency> {
        Ok(self.shown(ctx).await?.urgency.into())
    }

    /// What the matter is.
    async fn issue_types(&self, ctx: &Context<'_>) -> Result<Vec<IssueType>> {
        Ok(self.whole(ctx).await?.header.issue_types.iter().copied().map(Into::into).collect())
    }

    /// One line that says what it is.
    async fn subject(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.shown(ctx).await?.subject.clone())
    }

    /// The matter at length.
    async fn description(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.whole(ctx).await.map(|whole| whole.header.description.clone()).transpose()
    }

    /// The language it is written in.
    async fn language(&self, ctx: &Context<'_>) -> Option<Result<LanguageTag>> {
        let tag = |whole: Arc<Domain>| whole.header.language.as_ref().map(|tag| LanguageTag(tag.as_str().to_owned()));
        self.whole(ctx).await.map(tag).transpose()
    }

    /// The sender's own number; null for who does not act for its sender.
    async fn case_number(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        if !self.is_own(ctx) {
            return None;
        }
        self.whole(ctx).await.map(|whole| whole.header.case_number.clone()).transpose()
    }

    /// Whether a generator made it.
    async fn generated(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.shown(ctx).await?.generated)
    }

    /// Whether its history was entered afterwards in one go.
    async fn backfilled(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.whole(ctx).await?.backfilled)
    }

    /// When it was logged here.
    async fn recorded_at(&self, ctx: &Context<'_>) -> Result<DateTime> {
        Ok(DateTime(self.whole(ctx).await?.recorded_at))
    }

    /// When anything about it last changed here.
    async fn changed_at(&self) -> DateTime {
        DateTime(self.brief.changed_at)
    }

    /// The electoral body.
    async fn electoral_body(&self, ctx: &Context<'_>) -> Option<Result<ElectoralBody>> {
        party::electoral_body(ctx, self.brief.electoral_body).await.transpose()
    }

    /// The platform's service; null while only `platformName` is known.
    async fn platform_service(&self, ctx: &Context<'_>) -> Option<Result<PlatformService>> {
        match self.shown(ctx).await {
            Ok(shown) => party::service(ctx, shown.service).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }

    /// The name that the sender gave where the directory had no such service.
    async fn platform_name(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.shown(ctx).await.map(|shown| shown.platform_name.clone()).transpose()
    }

    /// The election it belongs to.
    async fn election(&self, ctx: &Context<'_>) -> Option<Result<Election>> {
        match self.whole(ctx).await {
            Ok(whole) => party::election(ctx, whole.header.election).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }

    /// The incident it belongs to; null if it belongs to none that you may read. Only electoral bodies read incidents.
    async fn incident(&self, ctx: &Context<'_>) -> Option<Result<Incident>> {
        incident::of_contact(ctx, self.brief.id).await.transpose()
    }

    /// The channel it took.
    async fn channel(&self, ctx: &Context<'_>) -> Option<Result<Channel>> {
        match self.whole(ctx).await {
            Ok(whole) => party::channel(ctx, whole.header.channel).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }

    /// The agreement or law it stands on; null if there is none that you may read.
    async fn instrument(&self, ctx: &Context<'_>) -> Option<Result<Instrument>> {
        match self.whole(ctx).await {
            Ok(whole) => party::instrument(ctx, whole.header.instrument).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }

    /// When it was sent; null for a draft.
    async fn sent_at(&self, ctx: &Context<'_>) -> Option<Result<DateTime>> {
        self.shown(ctx).await.map(|shown| shown.sent_at.map(DateTime)).transpose()
    }

    /// The target that binds it, as it was when the contact was sent; null if none does.
    async fn target(&self, ctx: &Context<'_>) -> Option<Result<ContactTarget>> {
        self.whole(ctx).await.map(|whole| whole.bound.as_ref().map(|bound| ContactTarget(bound.target.clone()))).transpose()
    }

    /// How that target stands now.
    async fn target_state(&self, ctx: &Context<'_>) -> Result<TargetState> {
        let course = self.whole(ctx).await?.bound.as_ref().and_then(|bound| bound.course);
        Ok(course.map_or(TargetState::NoTarget, |course| course.state(ctx.app().clock.now()).into()))
    }

    /// When the next response is due: the first one, or the decision. Of what is answered, when that was due; if one of the two came
    /// late, when that one was. Null without a target, and while the receiver waits for the sender. An answer at this very moment is late.
    async fn due_at(&self, ctx: &Context<'_>) -> Option<Result<DateTime>> {
        let due = |whole: Arc<Domain>| whole.bound.as_ref().and_then(|bound| bound.course?.due_at).map(DateTime);
        self.whole(ctx).await.map(due).transpose()
    }

    /// By how many minutes the answer is or was late, in the time that the target counts; null where it is not.
    async fn minutes_over(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        let over = |whole: Arc<Domain>| whole.bound.as_ref().and_then(|bound| bound.minutes_over(ctx.app().clock.now()));
        self.whole(ctx).await.map(over).transpose()
    }

    /// When the receiver confirmed receipt; where nobody told of it, the moment of the question or decision that implies it.
    async fn acknowledged_at(&self, ctx: &Context<'_>) -> Option<Result<DateTime>> {
        self.shown(ctx).await.map(|shown| shown.acknowledged_at.map(DateTime)).transpose()
    }

    /// Whether `acknowledgedAt` is implied by a question or decision.
    async fn acknowledgement_implied(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.whole(ctx).await?.life.acknowledgement_implied)
    }

    /// When the decision that counts was made.
    async fn decided_at(&self, ctx: &Context<'_>) -> Option<Result<DateTime>> {
        self.shown(ctx).await.map(|shown| shown.decided_at.map(DateTime)).transpose()
    }

    /// When it was closed, withdrawn, discarded or referred; null while it is open.
    async fn closed_at(&self, ctx: &Context<'_>) -> Option<Result<DateTime>> {
        self.shown(ctx).await.map(|shown| shown.closed_at.map(DateTime)).transpose()
    }

    /// The decision that counts: the last one told, the body's before the platform's; `NO_RESPONSE` once closed in silence.
    async fn decision(&self, ctx: &Context<'_>) -> Option<Result<Decision>> {
        self.whole(ctx).await.map(|whole| whole.life.decision.as_ref().map(Decision::from)).transpose()
    }

    /// Waiting times: first the ones that count, then those of each side that told of a response.
    async fn clocks(&self, ctx: &Context<'_>) -> Option<Result<Vec<ContactClock>>> {
        let facts = self.facts(ctx).await;
        Some(facts.map(|facts| clocks::clocks(self.brief.terms(), &facts).into_iter().map(Into::into).collect()))
    }

    /// What it points at, in the order in which it was listed.
    async fn items(&self, ctx: &Context<'_>) -> Option<Result<Vec<ContentItem>>> {
        Some(self.decided_items(ctx).await)
    }

    /// Its history, in the order of recording.
    async fn transitions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Transition>>> {
        Some(self.facts(ctx).await.map(|facts| placed(&self.brief, &facts).collect()))
    }

    /// The last facts of its history, the latest recorded first.
    async fn recent_transitions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 20.", default = 3)] limit: i32,
    ) -> Option<Result<Vec<Transition>>> {
        let limit = usize::try_from(limit.clamp(1, 20)).unwrap_or(1);
        Some(self.facts(ctx).await.map(|facts| placed(&self.brief, &facts).rev().take(limit).collect()))
    }

    /// What each side tells: the facts that are not superseded, in the order in which they happened.
    async fn assertions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Assertion>>> {
        Some(self.facts(ctx).await.map(|facts| lifecycle::assertions(&facts).into_iter().map(Assertion::from).collect()))
    }

    /// Where the electoral body and the platform tell of the same step and differ. Both read it.
    async fn divergences(&self, ctx: &Context<'_>) -> Option<Result<Vec<Divergence>>> {
        Some(self.facts(ctx).await.map(|facts| divergence::divergences(&facts).into_iter().map(Into::into).collect()))
    }

    /// The files that the sides attached, in the order in which they did.
    async fn attachments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<ContactAttachment>>> {
        Some(attached(ctx, self.brief.id, page(first, after.as_deref(), last, before.as_deref())).await)
    }

    /// What the sides wrote to each other, oldest first.
    async fn comments(&self, ctx: &Context<'_>) -> Option<Result<Vec<Comment>, Error>> {
        let comments = ctx.loaders().load_one(CommentsOf(self.brief.id)).await.map(Option::unwrap_or_default);
        Some(comments.map(|comments| comments.iter().cloned().map(Comment).collect()))
    }
}

/// Each fact with what it did, in the order of recording, in which they are loaded.
fn placed(of: &Brief, facts: &Arc<Vec<Fact>>) -> impl DoubleEndedIterator<Item = Transition> {
    let course = lifecycle::place(of.terms(), facts).into_iter().map(|placed| (placed.from, placed.to, placed.counts)).collect();
    let history = Arc::new(History { contact: of.id, facts: Arc::clone(facts), course });
    (0..facts.len()).map(move |place| Transition { history: Arc::clone(&history), place })
}
