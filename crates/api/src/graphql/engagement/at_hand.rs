//! What is at hand of a contact while a document is answered, and how the rest is come by.

use std::{borrow::Cow, sync::Arc};

use async_graphql::Context;
use tertulia_domain::{
    Error, Result,
    engagement::{
        contact::{Brief, Contact as Domain, Listed, Shown},
        content_item as domain,
        fact::Fact,
        mandate::Mandate,
    },
    policy::{self, Act},
};

use super::{
    load::{FactsOf, ItemsOf},
    mandate::MandatesOf,
    parts::{ContentItem, ItemDecision},
    party,
};
use crate::graphql::Resolving;

/// One exchange between one electoral body and one platform. A page of a list has of each what its document shows; the rest is
/// loaded when a document asks for it.
pub struct Contact {
    pub(super) brief: Brief,
    shown: Option<Shown>,
    whole: Option<Arc<Domain>>,
    facts: Option<Arc<Vec<Fact>>>,
}

impl From<Domain> for Contact {
    fn from(contact: Domain) -> Self {
        let (brief, shown) = (Brief::from(&contact), Some(Shown::from(&contact)));
        Self { brief, shown, whole: Some(Arc::new(contact)), facts: None }
    }
}

impl From<Listed> for Contact {
    fn from(listed: Listed) -> Self {
        Self { brief: listed.brief, shown: listed.shown, whole: None, facts: listed.facts.map(Arc::new) }
    }
}

impl Contact {
    /// The fields that are worked out from the facts.
    pub(super) const FROM_FACTS: [&'static str; 6] =
        ["transitions", "recentTransitions", "assertions", "divergences", "clocks", "allowedActs"];

    /// The fields for which a list reads what most lists show.
    pub(super) const FROM_SHOWN: [&'static str; 10] = [
        "version",
        "urgency",
        "subject",
        "generated",
        "platformService",
        "platformName",
        "sentAt",
        "acknowledgedAt",
        "decidedAt",
        "closedAt",
    ];

    /// The fields for which a list loads its contacts whole.
    pub(super) const FROM_WHOLE: [&'static str; 23] = [
        "closure",
        "namedReaders",
        "sharedAt",
        "head",
        "allowedActs",
        "medium",
        "legalBasis",
        "issueTypes",
        "description",
        "language",
        "caseNumber",
        "backfilled",
        "recordedAt",
        "election",
        "channel",
        "instrument",
        "acknowledgementImplied",
        "decision",
        "items",
        "target",
        "targetState",
        "dueAt",
        "minutesOver",
    ];

    pub(super) async fn facts(&self, ctx: &Context<'_>) -> Result<Arc<Vec<Fact>>> {
        if let Some(facts) = &self.facts {
            return Ok(Arc::clone(facts));
        }
        Ok(ctx.loaders().load_one(FactsOf(self.brief.id)).await?.unwrap_or_default().0)
    }

    pub(super) async fn shown(&self, ctx: &Context<'_>) -> Result<Cow<'_, Shown>> {
        match &self.shown {
            Some(shown) => Ok(Cow::Borrowed(shown)),
            None => Ok(Cow::Owned(Shown::from(&*self.whole(ctx).await?))),
        }
    }

    pub(super) async fn whole(&self, ctx: &Context<'_>) -> Result<Arc<Domain>> {
        if let Some(whole) = &self.whole {
            return Ok(Arc::clone(whole));
        }
        ctx.loaders().load_one(self.brief.id).await?.map(Arc::new).ok_or_else(|| Error::not_found(""))
    }

    pub(super) async fn decided_items(&self, ctx: &Context<'_>) -> Result<Vec<ContentItem>> {
        let whole = self.whole(ctx).await?;
        let items = ctx.loaders().load_one(ItemsOf(self.brief.id)).await?.unwrap_or_default();
        let decided = whole.life.decision.as_ref();
        let item = |item: &domain::ContentItem| ContentItem { decision: ItemDecision::of(decided, item.id), item: item.clone() };
        Ok(items.iter().map(item).collect())
    }

    /// The mandates of its body that hold now; for others than the coordinator none, which needs no statement.
    pub(super) async fn mandates(&self, ctx: &Context<'_>) -> Result<Arc<Vec<Mandate>>> {
        if !policy::needs_mandate(&ctx.caller().actor, Act::ContactAcknowledge) {
            return Ok(Arc::default());
        }
        Ok(ctx.loaders().load_one(MandatesOf(self.brief.electoral_body)).await?.unwrap_or_default())
    }

    pub(super) fn is_own(&self, ctx: &Context<'_>) -> bool {
        self.brief.sender().is_some_and(|sender| party::shows_own(ctx, sender))
    }
}
