//! Mutations of statistic releases.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use tertulia_app::engagement::statistic_release::{self as acts, Confirmation, NewComment, NewCorrection, Publication, Withdrawal};
use tertulia_domain::{
    Faults, Result,
    engagement::statistic_release::{Period, ReleaseDraft, StatisticRelease as Domain},
};

use super::statistic_release::StatisticRelease;
use crate::graphql::{
    Resolving, ids,
    payload::{UserError, payload},
    scalar::Date,
    text::{LocalizedTextInput, raw},
};

/// The months of a statistic release.
#[derive(Clone, Debug, InputObject)]
pub struct StatisticReleasePeriodInput {
    /// The first day, which begins a month.
    from: Date,
    /// The first day after it, which begins a month; at most twelve months later, and not in the future.
    to: Date,
}

/// A proposal of a statistic release.
#[derive(Clone, Debug, InputObject)]
pub struct StatisticReleaseProposeInput {
    /// Its title in one language or more.
    title: Vec<LocalizedTextInput>,
    /// The months in which the contacts were sent. Each month belongs to one release; months that were proposed before and taken back are
    /// proposed with the same others and the same platforms.
    period: StatisticReleasePeriodInput,
    /// The platforms whose contacts are counted and that may comment, at most 30.
    platform_ids: Vec<ID>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl StatisticReleaseProposeInput {
    fn draft(self) -> Result<ReleaseDraft> {
        let mut faults = Faults::default();
        let draft = ReleaseDraft {
            titles: raw(self.title),
            period: Period { from: self.period.from.0, to: self.period.to.0 },
            platforms: ids::noted_list(&mut faults, "platformIds", &self.platform_ids),
        };
        faults.finish_with(Some(draft))
    }
}

/// A platform's comment on a proposed release.
#[derive(Clone, Debug, InputObject)]
pub struct StatisticReleaseCommentInput {
    /// The release.
    statistic_release_id: ID,
    /// What your platform says of it, at most 10,000 characters. It is published beside the release.
    text: String,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

/// A release that is published.
#[derive(Clone, Debug, InputObject)]
pub struct StatisticReleasePublishInput {
    /// The release.
    statistic_release_id: ID,
    /// The version that you read.
    version: i32,
}

/// A proposal that is taken back.
#[derive(Clone, Debug, InputObject)]
pub struct StatisticReleaseWithdrawInput {
    /// The release.
    statistic_release_id: ID,
    /// The version that you read.
    version: i32,
    /// Why, for the platforms that it names.
    reason: String,
}

/// A correction of a published release.
#[derive(Clone, Debug, InputObject)]
pub struct StatisticReleaseCorrectInput {
    /// The release.
    statistic_release_id: ID,
    /// What is corrected and why, at most 10,000 characters; published with the numbers.
    note: String,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

/// A correction that is published.
#[derive(Clone, Debug, InputObject)]
pub struct StatisticReleaseConfirmCorrectionInput {
    /// The release.
    statistic_release_id: ID,
    /// The version of the release that you read.
    version: i32,
}

/// What an act on a statistic release answers.
#[derive(SimpleObject)]
pub struct StatisticReleasePayload {
    /// The release as it is now; null if the act was refused.
    statistic_release: Option<StatisticRelease>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

fn answer(result: Result<Domain>) -> Option<Result<StatisticReleasePayload>> {
    payload(result.map(StatisticRelease), |statistic_release, user_errors| StatisticReleasePayload { statistic_release, user_errors })
}

/// Mutations of statistic releases.
#[derive(Default)]
pub(super) struct StatisticReleaseMutation;

#[Object]
impl StatisticReleaseMutation {
    /// Proposes a statistic release. The servers work its numbers out (`progress`; with a million contacts that takes minutes) and then put it
    /// before the platforms that it names, which are told by mail and may comment for ten working days. If the numbers beside those of an earlier proposal of the
    /// same months would tell too much, it is taken back instead (`withdrawalReason`). Who: COORDINATOR.
    async fn statistic_release_propose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: StatisticReleaseProposeInput,
    ) -> Option<Result<StatisticReleasePayload>> {
        let key = input.idempotency_key.clone();
        answer(acts::propose(ctx.app(), ctx.caller(), input.draft(), key.as_deref()).await)
    }

    /// Comments on a proposed release for a platform that it names: once, before the time to comment is over. Only who sees all contacts of
    /// the platform speaks for it: a membership that covers some countries or services reads no proposal. Who: PLATFORM_REPRESENTATIVE
    /// (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn statistic_release_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment.")] input: StatisticReleaseCommentInput,
    ) -> Option<Result<StatisticReleasePayload>> {
        let release = input.statistic_release_id.to_string();
        let comment = NewComment { release, text: input.text, idempotency_key: input.idempotency_key };
        answer(acts::comment(ctx.app(), ctx.caller(), &comment).await)
    }

    /// Publishes a release, with the platforms' comments, once the time to comment is over. It takes another person than who proposed it.
    /// The platforms that commented are told by mail. Who: COORDINATOR.
    async fn statistic_release_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The release.")] input: StatisticReleasePublishInput,
    ) -> Option<Result<StatisticReleasePayload>> {
        let publication = Publication { release: input.statistic_release_id.to_string(), version: input.version.into() };
        answer(acts::publish(ctx.app(), ctx.caller(), &publication).await)
    }

    /// Takes a proposed release back. Who: COORDINATOR.
    async fn statistic_release_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The release.")] input: StatisticReleaseWithdrawInput,
    ) -> Option<Result<StatisticReleasePayload>> {
        let (release, version) = (input.statistic_release_id.to_string(), input.version.into());
        answer(acts::withdraw(ctx.app(), ctx.caller(), &Withdrawal { release, version, reason: input.reason }).await)
    }

    /// Asks for a correction of a published release: the servers work its numbers out again (`progress`), as things stood at its cut-off. Exactly
    /// what was hidden stays hidden, or there is no correction (`preparedCorrection { failure }`). Who: COORDINATOR.
    async fn statistic_release_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The correction.")] input: StatisticReleaseCorrectInput,
    ) -> Option<Result<StatisticReleasePayload>> {
        let release = input.statistic_release_id.to_string();
        let correction = NewCorrection { release, note: input.note, idempotency_key: input.idempotency_key };
        answer(acts::correct(ctx.app(), ctx.caller(), &correction).await)
    }

    /// Publishes the correction that was prepared last, with its notice. It takes another person than who prepared it. Who: COORDINATOR.
    async fn statistic_release_confirm_correction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The release.")] input: StatisticReleaseConfirmCorrectionInput,
    ) -> Option<Result<StatisticReleasePayload>> {
        let confirmation = Confirmation { release: input.statistic_release_id.to_string(), version: input.version.into() };
        answer(acts::confirm_correction(ctx.app(), ctx.caller(), &confirmation).await)
    }
}
