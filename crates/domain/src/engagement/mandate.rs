//! A mandate: an electoral body lets the coordinator record for it what happened, within a scope and for a time. What is recorded so is
//! marked as the coordinator's and enters no statistic until a party tells of it itself.

use crate::{
    engagement::{
        fact::Fact,
        line::{Terms, line},
        vocabulary::{Kind, Side},
    },
    error::{Code, Error, Faults, Reason, Result},
    id::{ElectionId, MandateId, OrganisationId, TransitionId, UserId},
    text::CountryCode,
    time::{self, Instant},
};

/// Longest time for which a mandate is given.
pub const LONGEST: chrono::TimeDelta = chrono::TimeDelta::days(366);
/// Countries that one mandate can name.
pub const MOST_COUNTRIES: usize = 50;

/// What a mandate is for. What is left out does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MandateScope {
    /// Contacts of these kinds.
    pub kinds: Vec<Kind>,
    /// Contacts of bodies of these countries.
    pub countries: Vec<CountryCode>,
    /// Contacts that belong to this election.
    pub election: Option<ElectionId>,
}

/// What a mandate is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// The contact's kind.
    pub kind: Kind,
    /// The country of its body.
    pub country: Option<CountryCode>,
    /// The election it belongs to.
    pub election: Option<ElectionId>,
}

/// A body's word that the coordinator may record for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandate {
    /// Its id.
    pub id: MandateId,
    /// The body that gave it.
    pub electoral_body: OrganisationId,
    /// What it is for.
    pub scope: MandateScope,
    /// Who gave it; none for the operator.
    pub granted_by: Option<UserId>,
    /// When.
    pub granted_at: Instant,
    /// Until when it holds, that moment left out.
    pub expires_at: Instant,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
    /// Who took it back.
    pub revoked_by: Option<UserId>,
}

impl Mandate {
    /// Whether it holds at a moment.
    pub fn holds(&self, now: Instant) -> bool {
        self.granted_at <= now && now < self.expires_at && self.revoked_at.is_none()
    }

    /// Whether it holds at a moment and is for this.
    pub fn covers(&self, occasion: Occasion, now: Instant) -> bool {
        let MandateScope { kinds, countries, election } = &self.scope;
        self.holds(now)
            && (kinds.is_empty() || kinds.contains(&occasion.kind))
            && (countries.is_empty() || occasion.country.is_some_and(|country| countries.contains(&country)))
            && (election.is_none() || *election == occasion.election)
    }

    /// The mandate, taken back: once, and before it has expired.
    pub fn revoke(mut self, by: Option<UserId>, now: Instant) -> Result<Self> {
        if !self.holds(now) {
            let message = "This mandate holds no longer.";
            return Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "mandateId", message));
        }
        (self.revoked_at, self.revoked_by) = (Some(now), by);
        Ok(self)
    }
}

/// A mandate as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MandateDraft {
    /// Kinds of contact.
    pub kinds: Vec<Kind>,
    /// ISO 3166-1 alpha-2 codes.
    pub countries: Vec<String>,
    /// The election.
    pub election: Option<ElectionId>,
    /// Until when.
    pub expires_at: Instant,
}

impl MandateDraft {
    /// Checks everything at once. That the election exists is for the caller to check.
    pub fn check(&self, now: Instant) -> Result<(MandateScope, Instant)> {
        let mut faults = Faults::default();
        let mut kinds = self.kinds.clone();
        kinds.sort_unstable();
        kinds.dedup();
        let countries = crate::directory::entry::list(&mut faults, "countries", &self.countries, MOST_COUNTRIES, CountryCode::parse);
        if self.expires_at <= now {
            faults.add(Reason::InPast, "expiresAt", "This moment is over.");
        }
        if self.expires_at > now + LONGEST {
            faults.add(Reason::OutOfRange, "expiresAt", "A mandate is given for 366 days at most.");
        }
        let scope = MandateScope { kinds, countries, election: self.election };
        faults.finish_with(Some((scope, time::to_micros(self.expires_at))))
    }
}

/// The coordinator's facts that count, since no party tells of the same: what enters no statistic.
pub fn unconfirmed(terms: Terms, facts: &[Fact]) -> Vec<TransitionId> {
    let counting = line(terms, facts).moves;
    counting.iter().map(|step| step.fact).filter(|fact| fact.told.side == Side::Coordinator).map(|fact| fact.id).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    fn now() -> Instant {
        Instant::default() + TimeDelta::days(20_000)
    }

    fn mandate(scope: MandateScope) -> Mandate {
        Mandate {
            id: MandateId::new(Uuid::nil()),
            electoral_body: OrganisationId::new(Uuid::nil()),
            scope,
            granted_by: None,
            granted_at: now(),
            expires_at: now() + TimeDelta::days(7),
            revoked_at: None,
            revoked_by: None,
        }
    }

    fn occasion(kind: Kind) -> Occasion {
        Occasion { kind, country: CountryCode::parse("PE").ok(), election: Some(ElectionId::new(Uuid::nil())) }
    }

    #[test]
    fn it_holds_for_its_time_until_it_is_revoked() {
        let given = mandate(MandateScope::default());
        for (after, holds) in [(-1, false), (0, true), (7 * 24 * 3600 - 1, true), (7 * 24 * 3600, false)] {
            assert_eq!(given.covers(occasion(Kind::Escalation), now() + TimeDelta::seconds(after)), holds, "{after}");
        }
        let revoked = given.clone().revoke(None, now()).expect("revoked");
        assert!(!revoked.holds(now()) && revoked.revoke(None, now()).is_err());
        assert!(given.revoke(None, now() + TimeDelta::days(8)).is_err(), "it has expired");
    }

    #[test]
    fn each_part_of_the_scope_narrows_it() {
        let whole = occasion(Kind::Escalation);
        let of = |scope: MandateScope, occasion: Occasion| mandate(scope).covers(occasion, now());
        let kinds = MandateScope { kinds: vec![Kind::Escalation], ..MandateScope::default() };
        assert!(of(kinds.clone(), whole) && !of(kinds, occasion(Kind::LegalOrder)));
        let peru = MandateScope { countries: CountryCode::parse("PE").into_iter().collect(), ..MandateScope::default() };
        assert!(of(peru.clone(), whole) && !of(peru, Occasion { country: None, ..whole }));
        let election = MandateScope { election: whole.election, ..MandateScope::default() };
        assert!(of(election.clone(), whole) && !of(election, Occasion { election: None, ..whole }));
    }

    #[test]
    fn a_mandate_is_given_for_a_year_at_most() {
        let until = |days: i64| MandateDraft { expires_at: now() + TimeDelta::days(days), ..MandateDraft::default() }.check(now());
        assert!(until(1).is_ok() && until(366).is_ok() && until(367).is_err() && until(0).is_err() && until(-1).is_err());
    }
}
