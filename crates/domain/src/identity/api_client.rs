//! An API client: a partner's program that signs in by itself (RFC 6749, 4.4) and acts for one organisation, with a part of the
//! rights of whoever made it. What that person loses, the client loses.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    error::{Code, Error, Faults, Reason, Result},
    id::{ApiClientId, OrganisationId, UserId},
    policy::{ApiScope, ApiScopes},
    text,
    time::{self, Instant},
};

/// Longest time for which a client is made; after it, or before, another is made in its place.
pub const LONGEST: TimeDelta = TimeDelta::days(366);
/// How long a client lives that was not given a time.
pub const DEFAULT: TimeDelta = TimeDelta::days(90);
/// Clients of one organisation that are in force at once.
pub const MOST: u64 = 20;
/// Longest name, in characters.
const NAME: usize = 100;

/// A partner's program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiClient {
    /// Its id, which is also its `client_id`.
    pub id: ApiClientId,
    /// The organisation for which it acts.
    pub organisation: OrganisationId,
    /// How people call it.
    pub name: String,
    /// What it may do at most.
    pub scopes: ApiScopes,
    /// Names the secret in force: what was signed in with a former one is good no longer.
    pub secret: Uuid,
    /// Who made it, and whose rights it has at most.
    pub created_by: UserId,
    /// When.
    pub created_at: Instant,
    /// Until when it is good, that moment left out.
    pub expires_at: Instant,
    /// When its secret was changed last.
    pub rotated_at: Option<Instant>,
    /// When it signed in last.
    pub last_used_at: Option<Instant>,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
    /// Who revoked it.
    pub revoked_by: Option<UserId>,
}

impl ApiClient {
    /// Whether it may sign in at `now`.
    pub fn is_good(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    fn good(self, now: Instant) -> Result<Self> {
        if self.is_good(now) {
            return Ok(self);
        }
        Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "apiClientId", "This client was revoked or has expired."))
    }

    /// The client with another secret; the former one is good no longer.
    pub fn rotate(self, secret: Uuid, now: Instant) -> Result<Self> {
        Ok(Self { secret, rotated_at: Some(now), ..self.good(now)? })
    }

    /// The client out of use.
    pub fn revoke(self, by: Option<UserId>, now: Instant) -> Result<Self> {
        Ok(Self { revoked_at: Some(now), revoked_by: by, ..self.good(now)? })
    }

    /// The scopes of a token: those asked for, separated by spaces, or all that the client has.
    ///
    /// # Errors
    /// `INVALID_INPUT` for a scope that there is not, or that the client has not.
    pub fn narrow(&self, asked: Option<&str>) -> Result<ApiScopes> {
        let Some(asked) = asked else { return Ok(self.scopes.clone()) };
        let refused = || Error::invalid(Reason::NotAnOption, "scope", "This client has not all of these scopes.");
        let wanted = asked.split(' ').filter(|word| !word.is_empty()).map(|word| ApiScope::parse(word).ok_or_else(refused));
        let wanted = ApiScopes(wanted.collect::<Result<BTreeSet<_>>>()?);
        if wanted.0.is_empty() || !wanted.0.is_subset(&self.scopes.0) {
            return Err(refused());
        }
        Ok(wanted)
    }
}

/// A client to be made, as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ApiClientDraft {
    /// How people call it.
    pub name: String,
    /// Its scopes by name.
    pub scopes: Vec<String>,
    /// Until when it is good.
    pub expires_at: Option<Instant>,
}

impl ApiClientDraft {
    /// Checks everything at once.
    pub fn check(&self, now: Instant) -> Result<(String, ApiScopes, Instant)> {
        let mut faults = Faults::default();
        let name = faults.check("name", text::line(&self.name, NAME));
        if self.scopes.is_empty() {
            faults.add(Reason::Required, "scopes", "A client needs a scope at least.");
        }
        let mut scopes = BTreeSet::new();
        for (index, word) in self.scopes.iter().enumerate().take(ApiScope::ALL.len() + 1) {
            let option = || Error::invalid(Reason::NotAnOption, "", "There is no such scope.");
            let fresh = faults.check(&format!("scopes.{index}"), ApiScope::parse(word).ok_or_else(option));
            if fresh.is_some_and(|scope| !scopes.insert(scope)) {
                faults.add(Reason::Duplicate, &format!("scopes.{index}"), "This scope stands twice.");
            }
        }
        let expires_at = self.expires_at.unwrap_or(now + DEFAULT);
        if expires_at <= now {
            faults.add(Reason::InPast, "expiresAt", "This moment is over.");
        }
        if expires_at > now + LONGEST {
            faults.add(Reason::OutOfRange, "expiresAt", "A client is made for 366 days at most.");
        }
        faults.finish_with(name.map(|name| (name, ApiScopes(scopes), time::to_micros(expires_at))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        Instant::default() + TimeDelta::days(20_000)
    }

    fn client() -> ApiClient {
        ApiClient {
            id: ApiClientId::new(Uuid::nil()),
            organisation: OrganisationId::new(Uuid::nil()),
            name: "Partner".to_owned(),
            scopes: ApiScopes(BTreeSet::from([ApiScope::ContactsRead, ApiScope::DirectoryRead])),
            secret: Uuid::nil(),
            created_by: UserId::new(Uuid::nil()),
            created_at: now(),
            expires_at: now() + TimeDelta::days(1),
            rotated_at: None,
            last_used_at: None,
            revoked_at: None,
            revoked_by: None,
        }
    }

    #[test]
    fn a_token_has_what_was_asked_for_and_never_more() {
        let client = client();
        let narrow = |asked: &str| client.narrow(Some(asked)).map(|scopes| scopes.to_string()).ok();
        assert_eq!(client.narrow(None).map(|scopes| scopes.to_string()).ok().as_deref(), Some("contacts:read directory:read"));
        assert_eq!(narrow("directory:read").as_deref(), Some("directory:read"));
        for asked in ["", " ", "contacts:write", "directory:read contacts:write", "everything", "DIRECTORY:READ"] {
            assert_eq!(narrow(asked), None, "{asked}");
        }
    }

    #[test]
    fn it_is_good_until_it_expires_or_is_revoked() {
        let client = client();
        assert!(client.is_good(now()) && !client.is_good(now() + TimeDelta::days(1)));
        let revoked = client.clone().revoke(None, now()).expect("revoked");
        assert!(!revoked.is_good(now()) && revoked.clone().revoke(None, now()).is_err() && revoked.rotate(Uuid::max(), now()).is_err());
        assert!(client.clone().rotate(Uuid::max(), now() + TimeDelta::days(1)).is_err(), "it has expired");
        assert_eq!(client.rotate(Uuid::max(), now()).expect("rotated").secret, Uuid::max());
    }

    #[test]
    fn a_draft_says_all_its_faults() {
        let paths = |draft: ApiClientDraft| {
            let error = draft.check(now()).expect_err("faults");
            error.faults.into_iter().map(|fault| fault.path.join(".")).collect::<Vec<_>>()
        };
        let bad = ApiClientDraft { name: String::new(), scopes: vec!["all".to_owned()], expires_at: Some(now()) };
        assert_eq!(paths(bad), ["name", "scopes.0", "expiresAt"]);
        let fine = |days: i64, name: usize| ApiClientDraft {
            name: "x".repeat(name),
            scopes: vec!["contacts:read".to_owned()],
            expires_at: Some(now() + TimeDelta::days(days)),
        };
        assert!(fine(366, NAME).check(now()).is_ok());
        assert_eq!(paths(fine(367, NAME + 1)), ["name", "expiresAt"]);
        let twice = ApiClientDraft { scopes: vec!["contacts:read".to_owned(); 2], ..fine(1, 1) };
        assert_eq!(paths(twice), ["scopes.1"]);
        assert_eq!(paths(ApiClientDraft { scopes: Vec::new(), ..fine(1, 1) }), ["scopes"]);
    }
}
