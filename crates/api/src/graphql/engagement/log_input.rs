//! What a front end sends to log a contact.

use async_graphql::{ID, InputObject};
use tertulia_app::engagement::contact::Log;
use tertulia_domain::engagement::{
    content_item::NewContentItem,
    decision::{NewDecision, NewItemDecision},
    new_contact::{NewContact, NewHistoryFact},
};

use super::{
    input::each,
    words::{
        ContactDirection, ContactFormat, ContactKind, ContactMedium, ContactStep, ContactVisibility, ContentType, DecisionAction,
        DecisionGround, DecisionOutcome, IssueType, LegalBasis, OccurredPrecision, Urgency,
    },
};
use crate::graphql::scalar::{CountryCode, Date, DateTime, LanguageTag, Url};

/// A contact as its sender logs it. The smallest useful call names a service, a kind, a legal basis and one item.
#[derive(InputObject)]
pub struct ContactLogInput {
    /// The electoral body; by default the one you act for. A platform says to which it writes.
    electoral_body_id: Option<ID>,
    /// The platform's service; this or `platformName`.
    platform_service_id: Option<ID>,
    /// The platform's name, at most 300 characters, where the directory has no such service; the coordinator finds it out later.
    platform_name: Option<String>,
    /// What it is about. Platforms send `THREAT_WARNING`, `INFORMATION_REQUEST`, TRAINING and `FOLLOW_UP`, electoral bodies all but `THREAT_WARNING`.
    kind: ContactKind,
    /// Its legal ground.
    legal_basis: LegalBasis,
    /// Who sends: your side. Only the sender logs a contact.
    direction: Option<ContactDirection>,
    /// The way it took; EMAIL by default.
    medium: Option<ContactMedium>,
    /// How soon an answer is needed; NORMAL by default.
    urgency: Option<Urgency>,
    /// What the matter is.
    issue_types: Option<Vec<IssueType>>,
    /// One line, at most 300 characters; by default made of kind and service.
    subject: Option<String>,
    /// The matter at length, at most 10,000 characters.
    description: Option<String>,
    /// The language it is written in.
    language: Option<LanguageTag>,
    /// The channel it took.
    channel_id: Option<ID>,
    /// The election it belongs to.
    election_id: Option<ID>,
    /// The incident it belongs to: one of your electoral body, or one that it takes part in.
    incident_id: Option<ID>,
    /// The agreement or law it stands on.
    instrument_id: Option<ID>,
    /// Your own number for it, at most 300 characters, readable by your own side only.
    case_number: Option<String>,
    /// Who reads it. By default a draft is your organisation's, and both sides' once it is sent.
    visibility: Option<ContactVisibility>,
    /// The persons who read it, if `visibility` is NAMED: users of either side, at most 50.
    named_readers: Option<Vec<ID>>,
    /// When it was sent; without it the contact is a draft.
    sent_at: Option<DateTime>,
    /// How exactly that is known; MINUTE by default.
    occurred_precision: Option<OccurredPrecision>,
    /// What it points at, at most 200; needed unless subject or description ask something.
    items: Option<Vec<ContentItemInput>>,
    /// What happened since, for a contact that is entered afterwards, at most 50 steps as your side saw them.
    history: Option<Vec<ContactFactInput>>,
    /// The membership under which you act, if you have several.
    acting_as: Option<ID>,
    /// A key of your own, 1 to 100 characters, under which you may send the same contact again within 30 days: it is logged once.
    idempotency_key: Option<String>,
}

/// A piece of content, by reference: an address, the platform's id, or a description.
#[derive(InputObject)]
pub struct ContentItemInput {
    /// Its address.
    url: Option<Url>,
    /// The platform's own id for it, at most 300 characters.
    platform_content_id: Option<String>,
    /// What it is, where it has neither address nor id; at most 10,000 characters.
    description: Option<String>,
    /// Its types.
    content_types: Option<Vec<ContentType>>,
    /// Its language.
    language: Option<LanguageTag>,
    /// When it was seen. Not in the future.
    seen_at: Option<DateTime>,
    /// A copy in a web archive.
    archived_url: Option<Url>,
}

/// One step of a history that is entered afterwards.
#[derive(InputObject)]
pub struct ContactFactInput {
    /// What happened.
    step: ContactStep,
    /// When it happened. Not in the future.
    occurred_at: DateTime,
    /// How exactly that is known; MINUTE by default.
    occurred_precision: Option<OccurredPrecision>,
    /// How it was told.
    format: Option<ContactFormat>,
    /// Why, at most 10,000 characters. Both sides read it.
    reason: Option<String>,
    /// A note that only your own side reads, at most 10,000 characters.
    note: Option<String>,
    /// To whom, for REFERRED; at most 300 characters.
    referred_to: Option<String>,
    /// What was decided, for DECIDED.
    decision: Option<HistoryDecisionInput>,
}

/// A decision of a history that is entered afterwards.
#[derive(InputObject)]
pub struct HistoryDecisionInput {
    /// The class of the answer.
    outcome: DecisionOutcome,
    /// What was applied; what the items say is added.
    actions: Option<Vec<DecisionAction>>,
    /// What was decided about single items.
    item_outcomes: Option<Vec<HistoryItemOutcomeInput>>,
    /// The ground that the receiver named.
    ground_cited: Option<DecisionGround>,
    /// The receiver's explanation.
    explanation: Option<String>,
    /// The countries in which it holds; everywhere by default.
    territorial_scope: Option<Vec<CountryCode>>,
    /// The last day on which it holds.
    until: Option<Date>,
}

/// What was decided about one item of a contact that is logged in the same call.
#[derive(InputObject)]
pub struct HistoryItemOutcomeInput {
    /// The item's place in `items`, from 0.
    item_index: i32,
    /// The class of the answer.
    outcome: DecisionOutcome,
    /// What was applied.
    actions: Option<Vec<DecisionAction>>,
}

impl From<ContactLogInput> for Log {
    fn from(input: ContactLogInput) -> Self {
        let text = |id: Option<ID>| id.map(|id| id.to_string());
        let contact = NewContact {
            electoral_body: text(input.electoral_body_id),
            service: text(input.platform_service_id),
            platform_name: input.platform_name,
            kind: input.kind.into(),
            legal_basis: input.legal_basis.into(),
            direction: input.direction.map(Into::into),
            medium: input.medium.map(Into::into),
            urgency: input.urgency.map(Into::into),
            issue_types: each(input.issue_types),
            subject: input.subject,
            description: input.description,
            language: input.language.map(|tag| tag.0),
            channel: text(input.channel_id),
            election: text(input.election_id),
            incident: text(input.incident_id),
            instrument: text(input.instrument_id),
            case_number: input.case_number,
            visibility: input.visibility.map(Into::into),
            named_readers: input.named_readers.unwrap_or_default().into_iter().map(|id| id.to_string()).collect(),
            sent_at: input.sent_at.map(|at| at.0),
            occurred_precision: input.occurred_precision.map(Into::into),
            items: each(input.items),
            history: each(input.history),
        };
        Self { contact, acting_as: text(input.acting_as), idempotency_key: input.idempotency_key }
    }
}

impl From<ContentItemInput> for NewContentItem {
    fn from(input: ContentItemInput) -> Self {
        Self {
            url: input.url.map(|url| url.0),
            platform_content_id: input.platform_content_id,
            description: input.description,
            content_types: each(input.content_types),
            language: input.language.map(|tag| tag.0),
            seen_at: input.seen_at.map(|at| at.0),
            archived_url: input.archived_url.map(|url| url.0),
        }
    }
}

impl From<ContactFactInput> for NewHistoryFact {
    fn from(input: ContactFactInput) -> Self {
        Self {
            step: input.step.into(),
            occurred_at: input.occurred_at.0,
            precision: input.occurred_precision.map(Into::into),
            format: input.format.map(Into::into),
            reason: input.reason,
            note: input.note,
            referred_to: input.referred_to,
            decision: input.decision.map(Into::into),
        }
    }
}

impl From<HistoryDecisionInput> for NewDecision {
    fn from(input: HistoryDecisionInput) -> Self {
        let item = |item: HistoryItemOutcomeInput| NewItemDecision {
            item: item.item_index.to_string(),
            outcome: item.outcome.into(),
            actions: each(item.actions),
        };
        Self {
            outcome: input.outcome.into(),
            actions: each(input.actions),
            items: input.item_outcomes.unwrap_or_default().into_iter().map(item).collect(),
            ground: input.ground_cited.map(Into::into),
            explanation: input.explanation,
            territories: input.territorial_scope.unwrap_or_default().into_iter().map(|code| code.0).collect(),
            until: input.until.map(|day| day.0),
        }
    }
}
