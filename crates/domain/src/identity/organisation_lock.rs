//! The lock of an organisation (DOMAIN 7, 16): while it lasts, nobody acts or reads for the organisation, neither people nor programs.
//!
//! One person locks, since there is no time to ask another, or the operator of the server when nobody can sign in; two persons of the
//! coordinator's desk unlock, so that one stolen account opens nothing.

use chrono::TimeDelta;

use crate::{
    error::{Code, Error, Reason, Result},
    id::{OrganisationId, UserId},
    text::block,
    time::Instant,
};

/// Most characters of a reason.
pub const REASON: usize = 1_000;
/// How long the word of the first person who wants to unlock holds.
pub const PROPOSAL_LIFETIME: TimeDelta = TimeDelta::days(7);

/// Who said what, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// When.
    pub at: Instant,
    /// Who; none for the operator of the server, who is no account.
    pub person: Option<UserId>,
    /// Why.
    pub reason: String,
}

impl Word {
    /// Checks a reason as typed.
    pub fn parse(person: Option<UserId>, reason: &str, at: Instant) -> Result<Self> {
        let reason = block(reason, REASON).map_err(|error| error.under("reason"))?;
        Ok(Self { at, person, reason })
    }
}

/// One lock of an organisation, from its beginning to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationLock {
    /// What is locked.
    pub organisation: OrganisationId,
    /// Who locked it.
    pub locked: Word,
    /// Who wanted to unlock it first.
    pub proposed: Option<Word>,
    /// Who agreed, and so unlocked it.
    pub unlocked: Option<Word>,
}

/// What the word of somebody who wants to unlock did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlocking {
    /// It was the first.
    Proposed,
    /// It was the second: the lock has ended.
    Done,
}

impl OrganisationLock {
    /// A lock that begins.
    pub fn begin(organisation: OrganisationId, locked: Word) -> Self {
        Self { organisation, locked, proposed: None, unlocked: None }
    }

    /// Whether it lasts.
    pub fn is_on(&self) -> bool {
        self.unlocked.is_none()
    }

    /// The word of the first person, as long as it holds.
    pub fn proposal(&self, now: Instant) -> Option<&Word> {
        self.proposed.as_ref().filter(|word| self.is_on() && now < word.at + PROPOSAL_LIFETIME)
    }

    /// Takes the word of somebody who wants to unlock: the first is kept, the second ends the lock.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` if the lock has ended, the first comes again in the place of a second, or it is no person's.
    pub fn unlock(mut self, word: Word) -> Result<(Self, Unlocking)> {
        let refused = |reason, message: &str| Err(Error::new(Code::InvalidTransition, reason, "", message));
        if !self.is_on() {
            return refused(Reason::AlreadyDone, "This organisation is not locked.");
        }
        if word.person.is_none() {
            return refused(Reason::NotPermitted, "Two persons of the coordinator's desk unlock.");
        }
        match self.proposal(word.at) {
            None => {
                self.proposed = Some(word);
                Ok((self, Unlocking::Proposed))
            }
            Some(first) if first.person == word.person => {
                refused(Reason::NotPermitted, "You proposed it; another person of the coordinator's desk must agree.")
            }
            Some(_) => {
                self.unlocked = Some(word);
                Ok((self, Unlocking::Done))
            }
        }
    }
}

/// The refusal of what cannot be done while an organisation is locked; `path` names the input that asked for it.
pub fn refusal(path: &str) -> Error {
    Error::new(Code::Forbidden, Reason::Locked, path, "This organisation is locked: nobody acts for it until the coordinator unlocks it.")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn word(person: u128, day: i64) -> Word {
        let at = DateTime::UNIX_EPOCH + TimeDelta::days(day);
        Word::parse(Some(UserId::new(Uuid::from_u128(person))), "It is over", at).expect("a word")
    }

    fn lock() -> OrganisationLock {
        OrganisationLock::begin(OrganisationId::new(Uuid::from_u128(9)), word(1, 0))
    }

    #[test]
    fn two_persons_unlock() {
        let (lock, first) = lock().unlock(word(1, 1)).expect("a first word");
        assert_eq!(first, Unlocking::Proposed);
        assert!(lock.is_on());
        let again = lock.clone().unlock(word(1, 2)).expect_err("the same person");
        assert_eq!((again.code, again.faults[0].reason), (Code::InvalidTransition, Reason::NotPermitted));
        let (lock, second) = lock.unlock(word(2, 2)).expect("a second word");
        assert_eq!((second, lock.is_on()), (Unlocking::Done, false));
        let over = lock.unlock(word(3, 3)).expect_err("it has ended");
        assert_eq!(over.faults[0].reason, Reason::AlreadyDone);
    }

    #[test]
    fn the_operator_is_neither_of_the_two() {
        let operator = || Word { person: None, ..word(1, 1) };
        let shut = OrganisationLock::begin(OrganisationId::new(Uuid::from_u128(9)), operator());
        assert!(shut.is_on() && shut.clone().unlock(operator()).is_err(), "not the first");
        let (shut, _) = shut.unlock(word(1, 1)).expect("a first word");
        assert!(shut.unlock(operator()).is_err(), "nor the second");
    }

    #[test]
    fn a_proposal_holds_for_its_time() {
        let (lock, _) = lock().unlock(word(1, 1)).expect("a first word");
        let (late, step) = lock.clone().unlock(word(2, 8)).expect("too late to be the second");
        assert_eq!((step, late.proposed.map(|word| word.at)), (Unlocking::Proposed, Some(word(2, 8).at)));
        assert!(lock.proposal(word(2, 8).at - TimeDelta::microseconds(1)).is_some());
    }

    #[test]
    fn a_reason_is_needed_and_bounded() {
        for bad in ["", "   ", &"x".repeat(REASON + 1)] {
            let error = Word::parse(None, bad, DateTime::UNIX_EPOCH).expect_err("no reason");
            assert_eq!(error.faults[0].path, ["reason"]);
        }
    }
}
