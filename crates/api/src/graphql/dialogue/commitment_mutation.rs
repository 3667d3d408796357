//! Mutations of commitments.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use tertulia_app::dialogue::commitment;
use tertulia_domain::{Result, dialogue as domain};

use super::{
    commitment::Commitment,
    commitment_input::{
        CommitmentAcceptInput, CommitmentConfirmInput, CommitmentCreateInput, CommitmentReportInput, CommitmentSupersedeInput,
        CommitmentWithdrawInput,
    },
};
use crate::graphql::{
    Resolving,
    payload::{UserError, payload},
};

/// What putting a commitment down answered.
#[derive(SimpleObject)]
pub(super) struct CommitmentCreatePayload {
    /// The commitment as it is now; null if the act was refused.
    commitment: Option<Commitment>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What an act answered by which a commitment was promised.
#[derive(SimpleObject)]
pub(super) struct CommitmentAcceptPayload {
    /// The commitment as it is now; null if the act was refused.
    commitment: Option<Commitment>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What an act answered by which a commitment was reported on.
#[derive(SimpleObject)]
pub(super) struct CommitmentReportPayload {
    /// The commitment as it is now; null if the act was refused.
    commitment: Option<Commitment>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What an act answered by which a commitment was confirmed.
#[derive(SimpleObject)]
pub(super) struct CommitmentConfirmPayload {
    /// The commitment as it is now; null if the act was refused.
    commitment: Option<Commitment>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What an act answered by which a commitment was taken back.
#[derive(SimpleObject)]
pub(super) struct CommitmentWithdrawPayload {
    /// The commitment as it is now; null if the act was refused.
    commitment: Option<Commitment>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What an act answered by which a commitment was replaced.
#[derive(SimpleObject)]
pub(super) struct CommitmentSupersedePayload {
    /// The commitment as it is now; null if the act was refused.
    commitment: Option<Commitment>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

fn shown(commitment: Option<domain::Commitment>) -> Option<Commitment> {
    commitment.map(|one| Commitment(Arc::new(one)))
}

/// Mutations of commitments.
#[derive(Default)]
pub(super) struct CommitmentMutation;

#[Object]
impl CommitmentMutation {
    /// Puts a commitment down. Put down by who promises it, it is promised at once; by the coordinator for others, it is a proposal.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it), EXPERT (of the organisation that owns it).
    async fn commitment_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commitment.")] input: CommitmentCreateInput,
    ) -> Option<Result<CommitmentCreatePayload>> {
        let key = input.idempotency_key.clone();
        let done = commitment::create(ctx.app(), ctx.caller(), &input.draft(), key.as_deref()).await;
        payload(done, |one, user_errors| CommitmentCreatePayload { commitment: shown(one), user_errors })
    }

    /// Promises what was proposed, for the organisation that is to keep it.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it), EXPERT (of the organisation that owns it).
    async fn commitment_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commitment.")] input: CommitmentAcceptInput,
    ) -> Option<Result<CommitmentAcceptPayload>> {
        let key = input.idempotency_key.clone();
        let done = commitment::accept(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| CommitmentAcceptPayload { commitment: shown(one), user_errors })
    }

    /// Tells how far a commitment is, for who promised it. `claim` says what became of it: that it was kept, wholly or in part, holds once
    /// something shows it, and else once somebody to whom it was promised confirms it; that it was missed holds at once.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it), EXPERT (of the organisation that owns it).
    async fn commitment_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commitment and what there is to say.")] input: CommitmentReportInput,
    ) -> Option<Result<CommitmentReportPayload>> {
        let key = input.idempotency_key.clone();
        let done = commitment::report(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| CommitmentReportPayload { commitment: shown(one), user_errors })
    }

    /// Says, for an organisation to which it was promised, what became of a commitment. That it was missed can be said once its day is over.
    /// Who: COORDINATOR (of the organisation it is addressed to), ELECTORAL_BODY_OFFICER (of the organisation it is addressed to),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation it is addressed to), PLATFORM_REPRESENTATIVE (of the organisation it is
    /// addressed to), PLATFORM_ADMINISTRATOR (of the organisation it is addressed to), EXPERT (of the organisation it is addressed to).
    async fn commitment_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commitment and what there is to say.")] input: CommitmentConfirmInput,
    ) -> Option<Result<CommitmentConfirmPayload>> {
        let key = input.idempotency_key.clone();
        let done = commitment::confirm(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| CommitmentConfirmPayload { commitment: shown(one), user_errors })
    }

    /// Takes a commitment back, for who promised it or was to.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it), EXPERT (of the organisation that owns it).
    async fn commitment_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commitment.")] input: CommitmentWithdrawInput,
    ) -> Option<Result<CommitmentWithdrawPayload>> {
        let key = input.idempotency_key.clone();
        let done = commitment::withdraw(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| CommitmentWithdrawPayload { commitment: shown(one), user_errors })
    }

    /// Puts another commitment of the same organisation in the place of one.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it), EXPERT (of the organisation that owns it).
    async fn commitment_supersede(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commitment and what there is to say.")] input: CommitmentSupersedeInput,
    ) -> Option<Result<CommitmentSupersedePayload>> {
        let key = input.idempotency_key.clone();
        let done = commitment::supersede(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| CommitmentSupersedePayload { commitment: shown(one), user_errors })
    }
}
