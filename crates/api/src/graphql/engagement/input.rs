//! What front ends send with acts and lists.

use async_graphql::{ID, InputObject};
use tertulia_app::engagement::contact::Telling;
use tertulia_domain::{
    Result,
    engagement::{
        decision::{NewDecision, NewItemDecision},
        filter::{self, NewContactFilter},
    },
};

use super::words::{
    ContactFormat, ContactKind, ContactStatus, ContactVisibility, DecisionAction, DecisionGround, DecisionOutcome, IssueType,
    OccurredPrecision, TargetState, Urgency,
};
use crate::graphql::scalar::{CountryCode, Date, DateTime};

/// What every act on a contact says.
#[derive(InputObject)]
pub struct ContactActInput {
    /// The contact.
    contact_id: ID,
    /// The version that you read. With a stale one the answer is `VERSION_MISMATCH` and the contact as it is now; without one
    /// the act applies if the contact's state allows it.
    version: Option<i64>,
    /// When it happened in the world; now by default. Not in the future.
    occurred_at: Option<DateTime>,
    /// How exactly that is known; MINUTE by default.
    occurred_precision: Option<OccurredPrecision>,
    /// How it was told.
    format: Option<ContactFormat>,
    /// A note that only your own side reads, at most 10,000 characters.
    note: Option<String>,
    /// The membership under which you act, if you have several.
    acting_as: Option<ID>,
    /// A key of your own, 1 to 100 characters, under which you may send the same act again within 30 days: it is done once.
    idempotency_key: Option<String>,
}

impl ContactActInput {
    /// The same, with a reason.
    pub(super) fn because(self, reason: String) -> Telling {
        Telling { reason: Some(reason), ..self.into() }
    }

    /// The same, with what is said to the other side, if anything.
    pub(super) fn saying(self, text: Option<String>) -> Telling {
        Telling { reason: text, ..self.into() }
    }

    /// The contact's id as typed.
    pub(super) fn contact(&self) -> String {
        self.contact_id.to_string()
    }
}

impl From<ContactActInput> for Telling {
    fn from(input: ContactActInput) -> Self {
        Self {
            contact: input.contact_id.to_string(),
            version: input.version,
            occurred_at: input.occurred_at.map(|at| at.0),
            precision: input.occurred_precision.map(Into::into),
            format: input.format.map(Into::into),
            reason: None,
            note: input.note,
            acting_as: input.acting_as.map(|id| id.to_string()),
            idempotency_key: input.idempotency_key,
        }
    }
}

macro_rules! act {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty,)* })+) => {
        $($(#[doc = $doc])+
        #[derive(InputObject)]
        pub struct $name {
            #[graphql(flatten)]
            pub(super) act: ContactActInput,
            $($(#[doc = $field_doc])+ pub(super) $field: $type,)*
        })+
    };
}

act! {
    /// Sends a draft.
    ContactSendInput {
        /// Who reads it from now on; by default what was chosen before, else both sides.
        visibility: Option<ContactVisibility>,
        /// The persons who read it, if `visibility` is NAMED: users of either side, at most 50.
        named_readers: Option<Vec<ID>>,
    }
    /// Sets who reads a contact.
    ContactShareInput {
        /// Who reads it from now on; both sides by default.
        visibility: Option<ContactVisibility>,
        /// The persons who read it, if `visibility` is NAMED: users of either side, at most 50.
        named_readers: Option<Vec<ID>>,
    }
    /// Tells that receipt was confirmed.
    ContactAcknowledgeInput {}
    /// Tells what was decided.
    ContactDecideInput {
        /// The class of the answer. `ACTION_TAKEN` if anything was done about any item. `NO_RESPONSE` is not decided but found by closing.
        outcome: DecisionOutcome,
        /// What was applied; what the items say is added.
        actions: Option<Vec<DecisionAction>>,
        /// What was decided about single items. Left out, the outcome holds for every item; an item that a list leaves out was not acted upon.
        item_outcomes: Option<Vec<ItemOutcomeInput>>,
        /// The ground that the receiver named.
        ground_cited: Option<DecisionGround>,
        /// The receiver's explanation, at most 10,000 characters.
        explanation: Option<String>,
        /// The countries in which it holds; everywhere by default.
        territorial_scope: Option<Vec<CountryCode>>,
        /// The last day on which it holds.
        until: Option<Date>,
    }
    /// Asks the sender something.
    ContactAskInput {
        /// What is asked, at most 10,000 characters. Both sides read it.
        text: Option<String>,
    }
    /// Answers what the receiver asked.
    ContactReplyInput {
        /// What is answered, at most 10,000 characters. Both sides read it.
        text: Option<String>,
    }
    /// Appeals against the decision.
    ContactDisputeInput {
        /// Why, at most 10,000 characters. Both sides read it.
        reason: String,
    }
    /// Closes a contact.
    ContactCloseInput {
        /// Why, at most 10,000 characters. Both sides read it.
        reason: String,
    }
    /// Opens a closed contact again.
    ContactReopenInput {
        /// Why, at most 10,000 characters. Both sides read it.
        reason: String,
    }
    /// Takes a contact back.
    ContactWithdrawInput {
        /// Why, at most 10,000 characters. Both sides read it.
        reason: String,
    }
    /// Drops a draft.
    ContactDiscardInput {
        /// Why, at most 10,000 characters.
        reason: String,
    }
    /// Passes a draft to somebody else.
    ContactReferInput {
        /// Why, at most 10,000 characters.
        reason: String,
        /// To whom, in words, at most 300 characters.
        referred_to: Option<String>,
    }
    /// Corrects a fact of one's own side. What is left out stays as it was.
    ContactCorrectInput {
        /// The fact.
        transition_id: ID,
        /// What was decided, if the fact is a decision.
        decision: Option<DecisionInput>,
        /// Why, at most 10,000 characters. Both sides read it.
        reason: String,
    }
    /// Writes to the other side.
    ContactCommentInput {
        /// What is written, at most 10,000 characters. Both sides read it.
        text: String,
    }
    /// Attaches a file.
    ContactAttachInput {
        /// The file, as `POST /v1/files` answered it: one of your own organisation.
        file_id: ID,
    }
    /// Takes an attachment back.
    ContactDetachInput {
        /// The attachment.
        attachment_id: ID,
        /// Why, at most 10,000 characters; must be there once the contact was sent. Both sides read it.
        reason: Option<String>,
    }
    /// Says which service a name means.
    ContactResolvePlatformInput {
        /// The service.
        platform_service_id: ID,
    }
}

/// What was decided about one item.
#[derive(InputObject)]
pub struct ItemOutcomeInput {
    /// The item.
    item_id: ID,
    /// The class of the answer.
    outcome: DecisionOutcome,
    /// What was applied.
    actions: Option<Vec<DecisionAction>>,
}

/// What was decided.
#[derive(InputObject)]
pub struct DecisionInput {
    /// The class of the answer.
    pub(super) outcome: DecisionOutcome,
    /// What was applied; what the items say is added.
    pub(super) actions: Option<Vec<DecisionAction>>,
    /// What was decided about single items.
    pub(super) item_outcomes: Option<Vec<ItemOutcomeInput>>,
    /// The ground that the receiver named.
    pub(super) ground_cited: Option<DecisionGround>,
    /// The receiver's explanation.
    pub(super) explanation: Option<String>,
    /// The countries in which it holds; everywhere by default.
    pub(super) territorial_scope: Option<Vec<CountryCode>>,
    /// The last day on which it holds.
    pub(super) until: Option<Date>,
}

impl From<DecisionInput> for NewDecision {
    fn from(input: DecisionInput) -> Self {
        let item = |item: ItemOutcomeInput| NewItemDecision {
            item: item.item_id.to_string(),
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

impl ContactDecideInput {
    /// The act and the decision.
    pub(super) fn split(self) -> (ContactActInput, NewDecision) {
        let decision = DecisionInput {
            outcome: self.outcome,
            actions: self.actions,
            item_outcomes: self.item_outcomes,
            ground_cited: self.ground_cited,
            explanation: self.explanation,
            territorial_scope: self.territorial_scope,
            until: self.until,
        };
        (self.act, decision.into())
    }
}

/// What a list of contacts is narrowed to. Fields add up; several values of one field are alternatives.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ContactFilter {
    /// The electoral body.
    electoral_body_id: Option<ID>,
    /// The platform company, or several.
    platform_id: Option<Vec<ID>>,
    /// The platform's service, or several.
    platform_service_id: Option<Vec<ID>>,
    /// The electoral body's country, or several.
    country: Option<Vec<CountryCode>>,
    /// What it is about.
    kind: Option<Vec<ContactKind>>,
    /// Where it stands.
    status: Option<Vec<ContactStatus>>,
    /// How soon an answer is needed.
    urgency: Option<Vec<Urgency>>,
    /// What the matter is; one of them is enough.
    issue_type: Option<Vec<IssueType>>,
    /// The election it belongs to.
    election_id: Option<ID>,
    /// The incident it belongs to.
    incident_id: Option<ID>,
    /// Sent at or after this moment.
    sent_from: Option<DateTime>,
    /// Sent before this moment.
    sent_to: Option<DateTime>,
    /// Words that its subject or reference holds, without regard to case and accents, 1 to 100 characters. What your own side sent is
    /// found by your own case number too.
    search: Option<String>,
    /// Changed here after this moment; `changes` of the answer says what you lost sight of.
    changed_after: Option<DateTime>,
    /// How the target stands that binds it.
    target_state: Option<Vec<TargetState>>,
}

impl ContactFilter {
    /// The filter, checked.
    pub fn check(self) -> Result<filter::ContactFilter> {
        let text = |ids: Option<Vec<ID>>| ids.unwrap_or_default().into_iter().map(|id| id.to_string()).collect();
        let raw = NewContactFilter {
            electoral_body: self.electoral_body_id.map(|id| id.to_string()),
            platforms: text(self.platform_id),
            services: text(self.platform_service_id),
            countries: self.country.unwrap_or_default().into_iter().map(|code| code.0).collect(),
            kinds: each(self.kind),
            statuses: each(self.status),
            urgencies: each(self.urgency),
            issue_types: each(self.issue_type),
            election: self.election_id.map(|id| id.to_string()),
            incident: self.incident_id.map(|id| id.to_string()),
            sent_from: self.sent_from.map(|at| at.0),
            sent_to: self.sent_to.map(|at| at.0),
            search: self.search,
            changed_after: self.changed_after.map(|at| at.0),
            target_states: each(self.target_state),
        };
        raw.check().map_err(|error| error.under("filter"))
    }
}

/// Words of the wire as the domain's.
pub(super) fn each<A: Into<B>, B>(words: Option<Vec<A>>) -> Vec<B> {
    words.unwrap_or_default().into_iter().map(Into::into).collect()
}
