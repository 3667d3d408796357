//! Mutations of minutes.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use tertulia_app::dialogue::{
    minutes::{self, Seen, Step, Write},
    minutes_comment,
};
use tertulia_domain::{Result, dialogue as domain};

use super::{minutes::Minutes, words::Attribution};
use crate::graphql::{
    Resolving,
    payload::{UserError, payload},
    scalar::LanguageTag,
};

/// Minutes to be written.
#[derive(InputObject)]
struct MinutesReviseInput {
    /// The meeting.
    meeting_id: ID,
    /// The language in which they are written.
    language: Option<LanguageTag>,
    /// What was said. At most 100,000 characters.
    text: String,
    /// What may be told to whoever reads the meeting, once the minutes are adopted. At most 10,000 characters.
    summary_public: Option<String>,
    /// What was decided, in order; what is left out goes. At most 200.
    decisions: Option<Vec<MinutesDecisionInput>>,
    /// The version of the minutes that you read; none for the first.
    version: Option<i64>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

/// Something that a meeting decided.
#[derive(InputObject)]
struct MinutesDecisionInput {
    /// What was decided. At most 2,000 characters.
    text: String,
    /// What may be told of whose decision it was; without it the dialogue's `attributionDefault` holds.
    attribution: Option<Attribution>,
    /// The organisation whose decision it was. Refused unless the decision is ATTRIBUTED.
    attributed_to_id: Option<ID>,
}

impl MinutesReviseInput {
    fn command(self) -> Write {
        let minutes = draft(self.language, self.text, self.summary_public, self.decisions);
        Write { meeting_id: self.meeting_id.0, minutes, version: self.version }
    }
}

/// Adopted minutes to be changed.
#[derive(InputObject)]
struct MinutesAmendInput {
    /// The meeting.
    meeting_id: ID,
    /// The language in which they are written.
    language: Option<LanguageTag>,
    /// What was said, as it is to read now. At most 100,000 characters.
    text: String,
    /// What may be told to whoever reads the meeting. At most 10,000 characters.
    summary_public: Option<String>,
    /// What was decided, in order; what is left out goes. At most 200.
    decisions: Option<Vec<MinutesDecisionInput>>,
    /// The version of the minutes that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

impl MinutesAmendInput {
    fn command(self) -> Write {
        let minutes = draft(self.language, self.text, self.summary_public, self.decisions);
        Write { meeting_id: self.meeting_id.0, minutes, version: Some(self.version) }
    }
}

fn draft(
    language: Option<LanguageTag>,
    text: String,
    summary_public: Option<String>,
    decisions: Option<Vec<MinutesDecisionInput>>,
) -> domain::MinutesDraft {
    let decision = |one: MinutesDecisionInput| domain::DecisionDraft {
        text: one.text,
        attribution: one.attribution.map(Into::into),
        attributed_to: one.attributed_to_id.map(|id| id.0),
    };
    let decisions = decisions.unwrap_or_default().into_iter().map(decision).collect();
    domain::MinutesDraft { language: language.map(|tag| tag.0), text, summary_public, decisions }
}

/// Minutes to be put before those who take part.
#[derive(InputObject)]
struct MinutesCirculateInput {
    /// The meeting.
    meeting_id: ID,
    /// The version of the minutes that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

/// Minutes to be recorded as agreed.
#[derive(InputObject)]
struct MinutesAdoptInput {
    /// The meeting.
    meeting_id: ID,
    /// The version of the minutes that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

/// A comment on circulated minutes.
#[derive(InputObject)]
struct MinutesCommentInput {
    /// The meeting.
    meeting_id: ID,
    /// What you write, as plain text. At most 10,000 characters.
    text: String,
    /// The point of the meeting's agenda that it is about.
    agenda_item_id: Option<ID>,
    /// The version of the circulated minutes that you read, if the comment is to hold for it alone.
    version: Option<i64>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

impl MinutesCommentInput {
    fn command(self) -> minutes_comment::Write {
        let comment = domain::MinutesCommentDraft { text: self.text, agenda_item_id: self.agenda_item_id.map(|id| id.0) };
        minutes_comment::Write { meeting_id: self.meeting_id.0, comment, version: self.version }
    }
}

/// What writing minutes answered.
#[derive(SimpleObject)]
struct MinutesRevisePayload {
    /// The minutes as they are now; null if the act was refused.
    minutes: Option<Minutes>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What circulating minutes answered.
#[derive(SimpleObject)]
struct MinutesCirculatePayload {
    /// The minutes as they are now; null if the act was refused.
    minutes: Option<Minutes>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What commenting on minutes answered.
#[derive(SimpleObject)]
struct MinutesCommentPayload {
    /// The minutes with the comment, as you read them; null if the act was refused.
    minutes: Option<Minutes>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What adopting minutes answered.
#[derive(SimpleObject)]
struct MinutesAdoptPayload {
    /// The minutes as they are now; null if the act was refused.
    minutes: Option<Minutes>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What amending minutes answered.
#[derive(SimpleObject)]
struct MinutesAmendPayload {
    /// The minutes as they are now; null if the act was refused.
    minutes: Option<Minutes>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

fn shown(minutes: Option<Seen>) -> Option<Minutes> {
    minutes.map(|one| Minutes(Arc::new(one)))
}

/// Mutations of minutes.
#[derive(Default)]
pub(super) struct MinutesMutation;

#[Object]
impl MinutesMutation {
    /// Writes the minutes of a meeting, for the first time or anew. What was circulated before stays before those who take part until the
    /// new revision is circulated.
    /// Who: COORDINATOR.
    async fn minutes_revise(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The meeting and its minutes.")] input: MinutesReviseInput,
    ) -> Option<Result<MinutesRevisePayload>> {
        let key = input.idempotency_key.clone();
        let done = minutes::revise(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| MinutesRevisePayload { minutes: shown(one), user_errors })
    }

    /// Puts the minutes of a meeting before those who take part.
    /// Who: COORDINATOR.
    async fn minutes_circulate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which minutes.")] input: MinutesCirculateInput,
    ) -> Option<Result<MinutesCirculatePayload>> {
        let key = input.idempotency_key.clone();
        let done =
            minutes::circulate(ctx.app(), ctx.caller(), &Step { meeting_id: input.meeting_id.0, version: input.version }, key.as_deref())
                .await;
        payload(done, |one, user_errors| MinutesCirculatePayload { minutes: shown(one), user_errors })
    }

    /// Writes a comment on the minutes of a meeting as they are circulated, until they are adopted. For members of the dialogue's
    /// organisations, and who takes part in the meeting. It is read by who organises the meeting and, until the adoption, by who else reads
    /// what is circulated. Where nobody may be named, those learn from it neither person nor organisation.
    /// Who: anyone signed in (about oneself), COORDINATOR, ELECTORAL_BODY_OFFICER (of either party), ELECTORAL_BODY_ADMINISTRATOR (of
    /// either party), PLATFORM_REPRESENTATIVE (of either party), PLATFORM_ADMINISTRATOR (of either party), EXPERT (of either party).
    async fn minutes_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The meeting and what you write.")] input: MinutesCommentInput,
    ) -> Option<Result<MinutesCommentPayload>> {
        let key = input.idempotency_key.clone();
        let done = minutes_comment::comment(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| MinutesCommentPayload { minutes: shown(one), user_errors })
    }

    /// Records that the minutes of a meeting were agreed as they were circulated. From then on whoever reads the meeting reads their public
    /// summary.
    /// Who: COORDINATOR.
    async fn minutes_adopt(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which minutes.")] input: MinutesAdoptInput,
    ) -> Option<Result<MinutesAdoptPayload>> {
        let key = input.idempotency_key.clone();
        let done =
            minutes::adopt(ctx.app(), ctx.caller(), &Step { meeting_id: input.meeting_id.0, version: input.version }, key.as_deref()).await;
        payload(done, |one, user_errors| MinutesAdoptPayload { minutes: shown(one), user_errors })
    }

    /// Changes minutes after they were adopted; what is written is before everybody at once.
    /// Who: COORDINATOR.
    async fn minutes_amend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The meeting and its minutes.")] input: MinutesAmendInput,
    ) -> Option<Result<MinutesAmendPayload>> {
        let key = input.idempotency_key.clone();
        let done = minutes::amend(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| MinutesAmendPayload { minutes: shown(one), user_errors })
    }
}
