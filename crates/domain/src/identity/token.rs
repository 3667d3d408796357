//! Lifetimes of tokens, and what happens to a refresh token that is presented (RFC 9700, 4.14.2).
//!
//! Each refresh token is good for one successor. A client whose answer was lost presents the same token again: as long as
//! nobody used the successor, it gets a fresh one, and the lost one is void. A token that comes again after its successor was
//! used, or one that was made void, is in two hands: the whole family ends, and both hands must sign in.

use chrono::TimeDelta;

use crate::{
    id::{RefreshTokenId, SessionId},
    identity::session::Session,
    time::Instant,
};

/// How long an access token is honoured.
pub const ACCESS_LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// How long a refresh token can be presented; a client idle for longer signs in again.
pub const REFRESH_LIFETIME: TimeDelta = TimeDelta::days(30);
/// How long the link of a password reset works.
pub const RESET_LIFETIME: TimeDelta = TimeDelta::hours(1);
/// How far the clocks of two servers may differ when an access token is checked.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(30);

/// A refresh token without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// The token's id.
    pub id: RefreshTokenId,
    /// The session it continues; all tokens of a session are one family.
    pub session: SessionId,
    /// When it was given out.
    pub issued_at: Instant,
    /// Until when it can be presented, this instant excluded.
    pub expires_at: Instant,
    /// The newest token given out for this one; with it, this token is used.
    pub successor: Option<RefreshTokenId>,
    /// When a fresh token took its place because its holder never showed to have received it.
    pub voided_at: Option<Instant>,
}

impl RefreshToken {
    /// A token of `session` given out at `now`; it does not outlive the session.
    pub fn issue(id: RefreshTokenId, session: &Session, now: Instant) -> Self {
        let expires_at = session.expires_at.min(now + REFRESH_LIFETIME);
        Self { id, session: session.id, issued_at: now, expires_at, successor: None, voided_at: None }
    }
}

/// What to do with a refresh token that was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Give out its successor.
    Issue,
    /// Give out a fresh successor and void the former one.
    Reissue(RefreshTokenId),
    /// Give out nothing and end the session.
    EndFamily,
    /// Give out nothing.
    Refuse,
}

/// Decides about `presented`, a token of `session`, whose newest successor is `successor`.
pub fn refresh(session: &Session, presented: &RefreshToken, successor: Option<&RefreshToken>, now: Instant) -> Refresh {
    if !session.is_alive(now) || presented.session != session.id {
        return Refresh::Refuse;
    }
    if presented.voided_at.is_some() {
        return Refresh::EndFamily;
    }
    match (presented.successor, successor) {
        (None, _) if now >= presented.expires_at => Refresh::Refuse,
        (None, _) => Refresh::Issue,
        (Some(_), Some(successor)) if successor.successor.is_none() && successor.voided_at.is_none() => {
            if now >= presented.expires_at {
                Refresh::Refuse
            } else {
                Refresh::Reissue(successor.id)
            }
        }
        (Some(_), _) => Refresh::EndFamily,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        id::UserId,
        identity::session::{self, SessionEnd},
    };

    /// A family as the use case keeps it.
    struct Family {
        session: Session,
        tokens: Vec<RefreshToken>,
    }

    impl Family {
        fn new() -> Self {
            let session = Session::begin(SessionId::new(Uuid::from_u128(1)), UserId::new(Uuid::from_u128(2)), DateTime::UNIX_EPOCH);
            let first = RefreshToken::issue(RefreshTokenId::new(Uuid::from_u128(0)), &session, DateTime::UNIX_EPOCH);
            Self { session, tokens: vec![first] }
        }

        fn find(&self, id: RefreshTokenId) -> Option<&RefreshToken> {
            self.tokens.iter().find(|token| token.id == id)
        }

        /// Presents the token at `index`; the index of the one given out.
        fn present(&mut self, index: usize, now: Instant) -> Option<usize> {
            let presented = self.tokens[index].clone();
            let decision = refresh(&self.session, &presented, presented.successor.and_then(|id| self.find(id)), now);
            match decision {
                Refresh::Refuse => return None,
                Refresh::EndFamily => {
                    self.session = self.session.clone().end(SessionEnd::TokenReused, now);
                    return None;
                }
                Refresh::Reissue(former) => {
                    let former = self.tokens.iter_mut().find(|token| token.id == former).expect("the former successor");
                    former.voided_at = Some(now);
                }
                Refresh::Issue => {}
            }
            let id = RefreshTokenId::new(Uuid::from_u128(self.tokens.len() as u128));
            self.tokens.push(RefreshToken::issue(id, &self.session, now));
            self.tokens[index].successor = Some(id);
            Some(self.tokens.len() - 1)
        }
    }

    #[test]
    fn a_lost_answer_is_given_again_and_a_copy_ends_the_family() {
        let now = DateTime::UNIX_EPOCH;
        let mut family = Family::new();
        assert_eq!(family.present(0, now), Some(1));
        assert_eq!(family.present(0, now), Some(2), "the successor was never used");
        assert_eq!(family.present(2, now), Some(3));
        assert_eq!(family.present(0, now), None, "the successor was used");
        assert_eq!(family.session.ended, Some((now, SessionEnd::TokenReused)));
        assert_eq!(family.present(3, now), None, "the newest token is void too");
    }

    #[test]
    fn a_voided_token_that_turns_up_ends_the_family() {
        let now = DateTime::UNIX_EPOCH;
        let mut family = Family::new();
        family.present(0, now);
        family.present(0, now);
        assert_eq!(family.present(1, now), None);
        assert!(!family.session.is_alive(now));
    }

    #[test]
    fn tokens_expire_and_do_not_outlive_the_session() {
        let now = DateTime::UNIX_EPOCH;
        let mut family = Family::new();
        assert_eq!(family.present(0, now + REFRESH_LIFETIME), None);
        assert!(family.session.is_alive(now), "expiry alone proves no theft");
        let late = RefreshToken::issue(RefreshTokenId::new(Uuid::nil()), &family.session, now + session::LIFETIME - TimeDelta::hours(1));
        assert_eq!(late.expires_at, family.session.expires_at);
    }

    proptest! {
        /// Whatever is presented in whatever order, at most one token of a living family can still be used, and
        /// presenting an unused, valid token always works.
        #[test]
        fn one_live_token(order in prop::collection::vec(any::<prop::sample::Index>(), 1..30)) {
            let now = DateTime::UNIX_EPOCH;
            let mut family = Family::new();
            for index in order {
                let index = index.index(family.tokens.len());
                let token = family.tokens[index].clone();
                let fresh = token.successor.is_none() && token.voided_at.is_none() && family.session.is_alive(now);
                let answer = family.present(index, now);
                prop_assert!(!fresh || answer.is_some());
                let live = family.tokens.iter().filter(|token| token.successor.is_none() && token.voided_at.is_none()).count();
                prop_assert!(live <= 1, "{live} live tokens");
            }
        }
    }
}
