//! Private calendar addresses.

use async_graphql::{Context, ID, Object, SimpleObject};
use secrecy::ExposeSecret;
use tertulia_app::dialogue::feed_token;
use tertulia_domain::{Result, dialogue as domain, id::Id};

use super::{
    input::{FeedTokenCreateInput, FeedTokenRevokeInput},
    words::FeedScope,
};
use crate::graphql::{
    PublicUrl, Resolving,
    payload::{UserError, payload},
    scalar::{DateTime, Url},
};

/// A private calendar address: whoever has it reads, without signing in, the meetings that its owner may read at that moment.
/// Of its secret only a digest is kept.
#[derive(SimpleObject)]
pub(super) struct FeedToken {
    /// The address's id, for revoking it.
    id: ID,
    /// Which meetings it shows.
    scope: FeedScope,
    /// The id of the dialogue that it shows; null for all.
    dialogue_id: Option<ID>,
    /// The id of the organisation whose dialogues it shows; null for any.
    organisation_id: Option<ID>,
    /// When it was made.
    created_at: DateTime,
    /// The day (as its first instant, UTC) on which a program fetched it last; null before the first time.
    last_used_at: Option<DateTime>,
    /// When it was revoked; null while it is in use.
    revoked_at: Option<DateTime>,
}

impl From<domain::FeedToken> for FeedToken {
    fn from(token: domain::FeedToken) -> Self {
        Self {
            id: token.id.to_string().into(),
            scope: token.scope.into(),
            dialogue_id: token.dialogue.map(|id: Id<_>| id.to_string().into()),
            organisation_id: token.organisation.map(|id: Id<_>| id.to_string().into()),
            created_at: DateTime(token.created_at),
            last_used_at: token.last_used_at.map(DateTime),
            revoked_at: token.revoked_at.map(DateTime),
        }
    }
}

/// What making an address answered.
#[derive(SimpleObject)]
pub(super) struct FeedTokenCreatePayload {
    /// The address, shown this once: paste it where your calendar program asks for a URL. Null if it was refused, and for a
    /// request that was sent again.
    url: Option<Url>,
    /// What is kept of it; null if it was refused.
    feed_token: Option<FeedToken>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What revoking an address answered.
#[derive(SimpleObject)]
pub(super) struct FeedTokenRevokePayload {
    /// The address as it is now; null if the act was refused.
    feed_token: Option<FeedToken>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// Queries for private calendar addresses.
#[derive(Default)]
pub(super) struct FeedTokenQuery;

#[Object]
impl FeedTokenQuery {
    /// Your private calendar addresses, newest first, the revoked ones included. Who: anyone signed in (about oneself).
    async fn feed_tokens(&self, ctx: &Context<'_>) -> Option<Result<Vec<FeedToken>>> {
        let tokens = feed_token::list(ctx.app(), ctx.caller()).await;
        Some(tokens.map(|tokens| tokens.into_iter().map(FeedToken::from).collect()))
    }
}

/// Mutations of private calendar addresses.
#[derive(Default)]
pub(super) struct FeedTokenMutation;

#[Object]
impl FeedTokenMutation {
    /// Makes a private calendar address, to which a calendar program can subscribe. Keep it to yourself: it reads what you may
    /// read, join links and who takes part included; under the Chatham House Rule it names nobody but you. Who: anyone signed in (about oneself).
    async fn feed_token_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which meetings it shows.")] input: FeedTokenCreateInput,
    ) -> Option<Result<FeedTokenCreatePayload>> {
        let key = input.idempotency_key.clone();
        let made = feed_token::create(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        let base = PublicUrl::of(ctx);
        payload(made, |made, user_errors| {
            let (token, secret) = made.unzip();
            let url = secret.flatten().map(|secret| format!("{base}/v1/feeds/{}.ics", secret.expose_secret()).into());
            FeedTokenCreatePayload { url, feed_token: token.map(FeedToken::from), user_errors }
        })
    }

    /// Takes one of your private calendar addresses out of use, at once. Who: anyone signed in (about oneself).
    async fn feed_token_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which address.")] input: FeedTokenRevokeInput,
    ) -> Option<Result<FeedTokenRevokePayload>> {
        let revoked = feed_token::revoke(ctx.app(), ctx.caller(), &input.feed_token_id).await;
        payload(revoked, |one, user_errors| FeedTokenRevokePayload { feed_token: one.map(FeedToken::from), user_errors })
    }
}
