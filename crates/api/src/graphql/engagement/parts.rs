//! The parts of a contact: items, transitions, decisions, clocks, divergences, comments.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::TimeDelta;
use tertulia_domain::{
    Error,
    engagement::{comment, content_item, decision, fact::Head, lifecycle::EffectiveDecision},
};

use super::{
    party::{self, Organisation, Person},
    words::{AssertedBy, ContactFormat, ContentType, DecisionAction, DecisionExtent, DecisionGround, DecisionOutcome, DivergenceKind},
};
use crate::graphql::scalar::{CountryCode, Date, DateTime, Duration, LanguageTag, Url};

/// The last fact of a contact's history. Who keeps it can show later that nothing before it was changed.
#[derive(SimpleObject)]
pub struct ContactHead {
    /// How many facts there are.
    seq: i64,
    /// SHA-256 over the whole history, in hexadecimal.
    hash: String,
}

impl From<Head> for ContactHead {
    fn from(head: Head) -> Self {
        Self { seq: i64::from(head.seq), hash: head.hash.to_string() }
    }
}

/// A piece of content that a contact points at: by reference, never copied.
pub struct ContentItem {
    pub(super) item: content_item::ContentItem,
    pub(super) decision: Option<ItemDecision>,
}

/// A piece of content that a contact points at: by reference, never copied.
#[Object]
impl ContentItem {
    /// The item's id.
    async fn id(&self) -> ID {
        self.item.id.to_string().into()
    }

    /// Its address, normalized.
    async fn url(&self) -> Option<Url> {
        self.item.url.as_ref().map(|url| Url(url.as_str().to_owned()))
    }

    /// The platform's own id for it.
    async fn platform_content_id(&self) -> Option<&str> {
        self.item.platform_content_id.as_deref()
    }

    /// What it is, where it has neither address nor id.
    async fn description(&self) -> Option<&str> {
        self.item.description.as_deref()
    }

    /// Its types; several for a video in an advertisement.
    async fn content_types(&self) -> Vec<ContentType> {
        self.item.content_types.iter().copied().map(Into::into).collect()
    }

    /// Its language.
    async fn language(&self) -> Option<LanguageTag> {
        self.item.language.as_ref().map(|tag| LanguageTag(tag.as_str().to_owned()))
    }

    /// When it was seen.
    async fn seen_at(&self) -> Option<DateTime> {
        self.item.seen_at.map(DateTime)
    }

    /// A copy in a web archive.
    async fn archived_url(&self) -> Option<Url> {
        self.item.archived_url.as_ref().map(|url| Url(url.as_str().to_owned()))
    }

    /// What was decided about it, by the decision that counts; null before a decision, and for an item that the decision left out.
    async fn decision(&self) -> Option<&ItemDecision> {
        self.decision.as_ref()
    }
}

/// What was decided about one item.
#[derive(SimpleObject)]
pub struct ItemDecision {
    /// The class of the answer.
    outcome: DecisionOutcome,
    /// What was applied.
    actions: Vec<DecisionAction>,
}

impl ItemDecision {
    /// What the decision that counts says of an item.
    pub(super) fn of(effective: Option<&EffectiveDecision>, item: tertulia_domain::id::ContentItemId) -> Option<Self> {
        let (outcome, actions) = effective?.decision.of_item(item)?;
        Some(Self { outcome: outcome.into(), actions: actions.iter().copied().map(Into::into).collect() })
    }
}

/// What the receiver decided.
#[derive(SimpleObject)]
pub struct Decision {
    /// The class of the answer.
    outcome: DecisionOutcome,
    /// How much of what was listed was acted upon; null without items that count (what was already unavailable does not).
    extent: Option<DecisionExtent>,
    /// What was applied.
    actions: Vec<DecisionAction>,
    /// The ground that the receiver named.
    ground_cited: Option<DecisionGround>,
    /// The receiver's explanation.
    explanation: Option<String>,
    /// The countries in which it holds; everywhere if empty.
    territorial_scope: Vec<CountryCode>,
    /// The last day on which it holds.
    until: Option<Date>,
    /// Who says so.
    asserted_by: AssertedBy,
    /// How it was told.
    format: Option<ContactFormat>,
}

impl Decision {
    pub(super) fn new(decision: &decision::Decision, asserted_by: AssertedBy, format: Option<ContactFormat>) -> Self {
        Self {
            outcome: decision.outcome.into(),
            extent: decision.extent.map(Into::into),
            actions: decision.actions.iter().copied().map(Into::into).collect(),
            ground_cited: decision.ground.map(Into::into),
            explanation: decision.explanation.clone(),
            territorial_scope: decision.territories.iter().map(Into::into).collect(),
            until: decision.until.map(Date),
            asserted_by,
            format,
        }
    }
}

impl From<&EffectiveDecision> for Decision {
    fn from(effective: &EffectiveDecision) -> Self {
        Self::new(&effective.decision, effective.asserted_by.into(), effective.format.map(Into::into))
    }
}

/// How long the sender waited, no finer than the facts' precision.
#[derive(SimpleObject)]
pub struct ContactClock {
    /// Whose knowledge it is; null for the one that counts.
    asserted_by: Option<AssertedBy>,
    /// From the sending to the first of a human acknowledgement, a question and a decision; null while there is none.
    time_to_first_response: Option<Duration>,
    /// From the sending to the first decision; null while there is none.
    time_to_decision: Option<Duration>,
    /// The same without the time in which the receiver waited for the sender.
    time_to_decision_net: Option<Duration>,
}

impl From<tertulia_domain::engagement::clocks::Clock> for ContactClock {
    fn from(clock: tertulia_domain::engagement::clocks::Clock) -> Self {
        Self {
            asserted_by: clock.asserted_by.map(Into::into),
            time_to_first_response: clock.time_to_first_response.map(duration),
            time_to_decision: clock.time_to_decision.map(duration),
            time_to_decision_net: clock.time_to_decision_net.map(duration),
        }
    }
}

/// A length of time in days, hours, minutes and seconds.
pub(super) fn duration(span: TimeDelta) -> Duration {
    let seconds = span.num_seconds().max(0);
    let parts = [(seconds / 86_400, 'D'), (seconds % 86_400 / 3_600, 'H'), (seconds % 3_600 / 60, 'M'), (seconds % 60, 'S')];
    let mut text = String::from("P");
    for (count, unit) in parts {
        if unit == 'H' && seconds % 86_400 > 0 {
            text.push('T');
        }
        if count > 0 {
            text.push_str(&count.to_string());
            text.push(unit);
        }
    }
    Duration(if seconds == 0 { "PT0S".to_owned() } else { text })
}

/// Where the electoral body and the platform tell of the same step and differ.
#[derive(SimpleObject)]
pub struct Divergence {
    /// What differs.
    kind: DivergenceKind,
    /// The item, where one item's outcome differs.
    item_id: Option<ID>,
    /// What the electoral body observed: an instant, an outcome, or actions with spaces between.
    electoral_body_value: String,
    /// What the platform reports.
    platform_value: String,
}

impl From<tertulia_domain::engagement::divergence::Divergence> for Divergence {
    fn from(found: tertulia_domain::engagement::divergence::Divergence) -> Self {
        Self {
            kind: found.kind.into(),
            item_id: found.item.map(|id| id.to_string().into()),
            electoral_body_value: found.electoral_body,
            platform_value: found.platform,
        }
    }
}

/// What one side wrote to the other about a contact.
pub struct Comment(pub(super) comment::Comment);

/// What one side wrote to the other about a contact.
#[Object]
impl Comment {
    /// The comment's id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What was written.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// When it was written.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// The organisation that wrote it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation, Error>> {
        party::organisation(ctx, self.0.organisation).await.transpose()
    }

    /// The person, for members of the person's own organisation; null for everybody else, without an error.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person, Error>> {
        party::person(ctx, self.0.organisation, Some(self.0.person)).await.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_lengths_of_time_as_iso_8601() {
        for (seconds, text) in [(0, "PT0S"), (90, "PT1M30S"), (7_200, "PT2H"), (86_400, "P1D"), (93_600, "P1DT2H")] {
            assert_eq!(&*duration(TimeDelta::seconds(seconds)), text);
        }
    }
}
