//! The history of a contact: transitions and assertions.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use tertulia_domain::{
    Error,
    engagement::{
        fact::{Fact, Seal},
        vocabulary::Status,
    },
    id::ContactId,
};

use super::{
    load::FactsOf,
    parts::Decision,
    party::{self, Organisation, Person},
    words::{AssertedBy, ContactFormat, ContactStatus, ContactStep, OccurredPrecision},
};
use crate::graphql::{Resolving, scalar::DateTime};

/// A contact's facts, and beside each the status before it, the status after it, and whether it counts.
pub(super) struct History {
    pub(super) contact: ContactId,
    pub(super) facts: Arc<Vec<Fact>>,
    pub(super) course: Vec<(Status, Status, bool)>,
}

/// One fact of a contact's history, and what it did. History is appended, never changed: a correction supersedes.
pub struct Transition {
    pub(super) history: Arc<History>,
    /// Its place in the history.
    pub(super) place: usize,
}

#[expect(clippy::indexing_slicing, reason = "the place is one of the history's by construction")]
impl Transition {
    fn fact(&self) -> &Fact {
        &self.history.facts[self.place]
    }

    fn course(&self) -> (Status, Status, bool) {
        self.history.course[self.place]
    }

    /// What is kept beside the fact, which a page of contacts does not read.
    async fn seal(&self, ctx: &Context<'_>) -> Result<Seal, Error> {
        let found = ctx.loaders().load_one(FactsOf(self.history.contact)).await?;
        found.and_then(|(_, seals)| seals.get(self.place).cloned()).ok_or_else(|| Error::broken("a fact without its seal"))
    }
}

/// Who recorded a fact: the organisation, and for its own members the person.
pub struct Recorder(Transition);

/// Who recorded a fact: the organisation, and for its own members the person.
#[Object]
impl Recorder {
    /// The organisation for which it was recorded.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation, Error>> {
        party::organisation(ctx, self.0.fact().told.organisation).await.transpose()
    }

    /// The person, for members of the person's own organisation; null for everybody else, without an error.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person, Error>> {
        let organisation = self.0.fact().told.organisation;
        if !party::shows_own(ctx, organisation) {
            return None;
        }
        match self.0.seal(ctx).await {
            Ok(seal) => party::person(ctx, organisation, seal.sealed.person).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }
}

/// One fact of a contact's history, and what it did. History is appended, never changed: a correction supersedes.
#[Object]
impl Transition {
    /// The fact's id.
    async fn id(&self) -> ID {
        self.fact().id.to_string().into()
    }

    /// Its place in the history, from 1.
    async fn seq(&self) -> i64 {
        i64::from(self.fact().seq)
    }

    /// What happened.
    async fn step(&self) -> ContactStep {
        self.fact().told.step.into()
    }

    /// The status before it; the same as `to` if it moved nothing.
    async fn from(&self) -> ContactStatus {
        self.course().0.into()
    }

    /// The status after it.
    async fn to(&self) -> ContactStatus {
        self.course().1.into()
    }

    /// Whether status and moments follow from it. A superseded fact, a machine's receipt and a fact that the other side's
    /// outweighs do not count.
    async fn counts(&self) -> bool {
        self.course().2
    }

    /// When it happened in the world.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.fact().told.occurred_at)
    }

    /// How exactly that is known.
    async fn occurred_precision(&self) -> OccurredPrecision {
        self.fact().told.precision.into()
    }

    /// When it was recorded here.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.fact().recorded_at)
    }

    /// Who says so.
    async fn asserted_by(&self) -> AssertedBy {
        self.fact().told.side.asserted_by().into()
    }

    /// How it was told.
    async fn format(&self) -> Option<ContactFormat> {
        self.fact().told.format.map(Into::into)
    }

    /// Why, where the step asks for a reason; for a question or a reply, its text. Both sides read it.
    async fn reason(&self) -> Option<&str> {
        self.fact().told.reason.as_deref()
    }

    /// A note of the side that recorded it; null for everybody else.
    async fn note(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
        if !party::shows_own(ctx, self.fact().told.organisation) {
            return None;
        }
        self.seal(ctx).await.map(|seal| seal.sealed.note).transpose()
    }

    /// To whom a draft was referred.
    async fn referred_to(&self) -> Option<&str> {
        self.fact().told.referred_to.as_deref()
    }

    /// What was decided, for a decision.
    async fn decision(&self) -> Option<Decision> {
        let told = &self.fact().told;
        told.decision.as_ref().map(|decision| Decision::new(decision, told.side.asserted_by().into(), told.format.map(Into::into)))
    }

    /// Who recorded it.
    async fn recorded_by(&self) -> Recorder {
        Recorder(Self { history: Arc::clone(&self.history), place: self.place })
    }

    /// The fact that it corrects.
    async fn supersedes(&self) -> Option<Transition> {
        let earlier = self.fact().told.supersedes?;
        let place = self.history.facts.iter().position(|fact| fact.id == earlier)?;
        Some(Self { history: Arc::clone(&self.history), place })
    }

    /// SHA-256 of the hash before it and of this fact, in hexadecimal.
    async fn hash(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(self.seal(ctx).await?.hash.to_string())
    }
}

/// What one side tells: a fact that is not superseded.
#[derive(SimpleObject)]
pub struct Assertion {
    /// What happened.
    kind: ContactStep,
    /// Who says so.
    asserted_by: AssertedBy,
    /// When it happened in the world.
    occurred_at: DateTime,
    /// How exactly that is known.
    occurred_precision: OccurredPrecision,
    /// When it was recorded here.
    recorded_at: DateTime,
    /// How it was told.
    format: Option<ContactFormat>,
    /// What was decided, for a decision.
    decision: Option<Decision>,
}

impl From<&Fact> for Assertion {
    fn from(fact: &Fact) -> Self {
        let (told, asserted_by) = (&fact.told, fact.told.side.asserted_by().into());
        let format = told.format.map(Into::into);
        Self {
            kind: told.step.into(),
            asserted_by,
            occurred_at: DateTime(told.occurred_at),
            occurred_precision: told.precision.into(),
            recorded_at: DateTime(fact.recorded_at),
            format,
            decision: told.decision.as_ref().map(|decision| Decision::new(decision, asserted_by, format)),
        }
    }
}
