//! Sign-in, its continuation and its end.

use tertulia_domain::{Error, Result, policy::Actor};

use crate::{App, Ctx};

/// Who holds this access token.
#[expect(clippy::unused_async, reason = "reads the session")]
pub async fn authenticate(_app: &App, _ctx: &Ctx, _token: &str) -> Result<Actor> {
    Err(Error::unauthenticated("This access token is not good: it is malformed, expired, revoked or not ours. Sign in again."))
}
