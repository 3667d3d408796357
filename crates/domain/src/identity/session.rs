//! One sign-in, from the password to sign-out, revocation or the end of its time.

use chrono::TimeDelta;

use crate::{
    error::closed,
    id::{SessionId, UserId},
    time::Instant,
};

/// How long a sign-in lasts at most, however often it is refreshed; then the password is asked for again.
pub const LIFETIME: TimeDelta = TimeDelta::days(90);

closed! {
    /// Why a session ended before its time.
    SessionEnd {
        /// The user signed out.
        SignedOut = "SIGNED_OUT",
        /// A refresh token came again after its successor had been used: somebody holds a copy.
        TokenReused = "TOKEN_REUSED",
        /// The user set a new password.
        PasswordChanged = "PASSWORD_CHANGED",
        /// The account was erased.
        Erased = "ERASED",
        /// An organisation of the user was locked.
        OrganisationLocked = "ORGANISATION_LOCKED",
    }
}

/// One sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The session's id, which access tokens carry as `sid`.
    pub id: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// When.
    pub created_at: Instant,
    /// When it ends at the latest, this instant excluded.
    pub expires_at: Instant,
    /// When and why it ended before.
    pub ended: Option<(Instant, SessionEnd)>,
}

impl Session {
    /// A sign-in at `now`.
    pub fn begin(id: SessionId, user: UserId, now: Instant) -> Self {
        Self { id, user, created_at: now, expires_at: now + LIFETIME, ended: None }
    }

    /// Whether its tokens are honoured at `now`.
    pub fn is_alive(&self, now: Instant) -> bool {
        self.ended.is_none() && now < self.expires_at
    }

    /// Ends the session; one that has ended keeps its first end.
    #[must_use]
    pub fn end(mut self, why: SessionEnd, now: Instant) -> Self {
        self.ended.get_or_insert((now, why));
        self
    }
}
