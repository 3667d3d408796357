//! The steps of a contact's course.

use async_graphql::{Context, Object};
use tertulia_app::engagement::contact::{self, Decide, Refer};
use tertulia_domain::Result;

use super::{
    input::{
        ContactAcknowledgeInput, ContactAskInput, ContactCloseInput, ContactDecideInput, ContactDiscardInput, ContactDisputeInput,
        ContactReferInput, ContactReopenInput, ContactReplyInput, ContactWithdrawInput,
    },
    mutation::{ContactPayload, answer},
};
use crate::graphql::Resolving;

/// The steps of a contact's course.
#[derive(Default)]
pub(super) struct ContactStepMutation;

#[Object]
impl ContactStepMutation {
    /// Tells that the receiver confirmed receipt. Either side tells of it; a machine's receipt (`format: AUTOMATED`) is kept and moves
    /// nothing. Who: COORDINATOR (under a mandate of the electoral body), ELECTORAL_BODY_OFFICER (of either party),
    /// ELECTORAL_BODY_ADMINISTRATOR (of either party), PLATFORM_REPRESENTATIVE (of either party), PLATFORM_ADMINISTRATOR (of either
    /// party).
    async fn contact_acknowledge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: ContactAcknowledgeInput,
    ) -> Option<Result<ContactPayload>> {
        let typed = input.act.contact();
        answer(ctx, contact::acknowledge(ctx.app(), ctx.caller(), input.act.into()).await, &typed).await
    }

    /// Tells what the receiver decided. Either side tells of it; what the items say must agree with the outcome. Who: COORDINATOR
    /// (under a mandate of the electoral body), ELECTORAL_BODY_OFFICER (of either party), ELECTORAL_BODY_ADMINISTRATOR (of either
    /// party), PLATFORM_REPRESENTATIVE (of either party), PLATFORM_ADMINISTRATOR (of either party).
    async fn contact_decide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] input: ContactDecideInput,
    ) -> Option<Result<ContactPayload>> {
        let (act, decision) = input.split();
        let typed = act.contact();
        answer(ctx, contact::decide(ctx.app(), ctx.caller(), Decide { telling: act.into(), decision }).await, &typed).await
    }

    /// Asks the sender something; the decision clock pauses until the sender replies. Who: ELECTORAL_BODY_OFFICER (of the
    /// organisation it is addressed to), ELECTORAL_BODY_ADMINISTRATOR (of the organisation it is addressed to),
    /// PLATFORM_REPRESENTATIVE (of the organisation it is addressed to), PLATFORM_ADMINISTRATOR (of the organisation it is
    /// addressed to).
    async fn contact_ask(&self, ctx: &Context<'_>, #[graphql(desc = "The act.")] input: ContactAskInput) -> Option<Result<ContactPayload>> {
        let typed = input.act.contact();
        answer(ctx, contact::ask(ctx.app(), ctx.caller(), input.act.saying(input.text)).await, &typed).await
    }

    /// Answers what the receiver asked. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns
    /// it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn contact_reply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: ContactReplyInput,
    ) -> Option<Result<ContactPayload>> {
        let typed = input.act.contact();
        answer(ctx, contact::reply(ctx.app(), ctx.caller(), input.act.saying(input.text)).await, &typed).await
    }

    /// Appeals against the decision. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns
    /// it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn contact_dispute(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: ContactDisputeInput,
    ) -> Option<Result<ContactPayload>> {
        let typed = input.act.contact();
        answer(ctx, contact::dispute(ctx.app(), ctx.caller(), input.act.because(input.reason)).await, &typed).await
    }

    /// Closes a contact: after a decision, after 30 days of silence (`NO_RESPONSE`), or at once for a kind that expects no
    /// answer. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn contact_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: ContactCloseInput,
    ) -> Option<Result<ContactPayload>> {
        let typed = input.act.contact();
        answer(ctx, contact::close(ctx.app(), ctx.caller(), input.act.because(input.reason)).await, &typed).await
    }

    /// Opens a closed contact again. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns
    /// it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn contact_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: ContactReopenInput,
    ) -> Option<Result<ContactPayload>> {
        let typed = input.act.contact();
        answer(ctx, contact::reopen(ctx.app(), ctx.caller(), input.act.because(input.reason)).await, &typed).await
    }

    /// Takes a contact back, before it is decided. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns
    /// it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn contact_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: ContactWithdrawInput,
    ) -> Option<Result<ContactPayload>> {
        let typed = input.act.contact();
        answer(ctx, contact::withdraw(ctx.app(), ctx.caller(), input.act.because(input.reason)).await, &typed).await
    }

    /// Drops a draft. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn contact_discard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: ContactDiscardInput,
    ) -> Option<Result<ContactPayload>> {
        let typed = input.act.contact();
        answer(ctx, contact::discard(ctx.app(), ctx.caller(), input.act.because(input.reason)).await, &typed).await
    }

    /// Passes a draft to somebody else. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns
    /// it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn contact_refer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: ContactReferInput,
    ) -> Option<Result<ContactPayload>> {
        let (typed, referred_to) = (input.act.contact(), input.referred_to);
        let refer = Refer { telling: input.act.because(input.reason), referred_to };
        answer(ctx, contact::refer(ctx.app(), ctx.caller(), refer).await, &typed).await
    }
}
