//! Hashing passwords with Argon2id (RFC 9106) on a bounded pool, in the same time whoever asks.
//!
//! A hash costs memory and tens of milliseconds on purpose; without bounds a burst of sign-ins would take both from everything
//! else. So few threads hash at once, few requests wait for them, and further ones are told to come again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use password_hash::phc::PasswordHash;
use secrecy::{ExposeSecret, SecretString};
use tertulia_domain::{Code, Error, Reason, Result, identity::password};
use tokio::sync::Semaphore;

/// How costly a hash is and how many are computed at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory of one hash in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Hashes computed at once.
    pub threads: u32,
    /// Requests that may wait for a thread; further ones are refused.
    pub waiting: u32,
}

impl Default for Cost {
    /// What OWASP's Password Storage Cheat Sheet asks for at least: 19 MiB and two passes.
    fn default() -> Self {
        Self { memory_kib: Params::DEFAULT_M_COST, passes: Params::DEFAULT_T_COST, threads: 2, waiting: 64 }
    }
}

/// The result of comparing a password with a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Whether it is the password.
    pub matches: bool,
    /// Whether the hash was made with another cost and should be replaced, now that the password is at hand.
    pub outdated: bool,
}

/// The pool that hashes.
pub struct Passwords {
    argon: Argon2<'static>,
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
    nobodys: SecretString,
    computed: Arc<AtomicU64>,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passwords").field("params", self.argon.params()).finish_non_exhaustive()
    }
}

impl Passwords {
    /// A pool of that cost; fails where Argon2 does not take it.
    pub fn new(cost: Cost) -> Result<Self> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(Error::internal)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobodys = hash(&argon, "nobody's password")?;
        let threads = usize::try_from(cost.threads.max(1)).unwrap_or(1);
        let waiting = usize::try_from(cost.waiting).unwrap_or(0);
        Ok(Self {
            argon,
            running: Arc::new(Semaphore::new(threads)),
            admitted: Arc::new(Semaphore::new(threads + waiting)),
            nobodys,
            computed: Arc::default(),
        })
    }

    /// Hashes a password that was checked before.
    pub async fn hash(&self, raw: &SecretString) -> Result<SecretString> {
        let plain = normalized(raw);
        self.run(move |argon| hash(argon, plain.expose_secret())).await
    }

    /// Compares a password with a hash. Without a hash (no such user, no password set) it compares with nobody's and answers
    /// no, so that both cost the same and time tells nothing about who has an account.
    pub async fn compare(&self, raw: &SecretString, stored: Option<SecretString>) -> Result<Comparison> {
        // Longer than any password can be: cut, so that normalizing and hashing stay bounded; it cannot match.
        let fits = raw.expose_secret().len() <= password::LONGEST * 4;
        let plain = if fits { normalized(raw) } else { SecretString::from("too long") };
        let known = stored.is_some() && fits;
        let stored = stored.unwrap_or_else(|| self.nobodys.clone());
        let comparison = self.run(move |argon| compare(argon, plain.expose_secret(), stored.expose_secret())).await?;
        Ok(Comparison { matches: known && comparison.matches, ..comparison })
    }

    /// How many hashes were computed; each attempt to sign in costs exactly one, whoever asks.
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&Argon2<'static>) -> Result<T> + Send + 'static) -> Result<T> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| busy())?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(Error::internal)?;
        let argon = self.argon.clone();
        let computed = Arc::clone(&self.computed);
        tokio::task::spawn_blocking(move || {
            // Held to the end of the work even if the request that asked has gone away.
            let _held = (admitted, running);
            computed.fetch_add(1, Ordering::Relaxed);
            work(&argon)
        })
        .await
        .map_err(Error::internal)?
    }
}

fn normalized(raw: &SecretString) -> SecretString {
    SecretString::from(password::normalized(raw.expose_secret()))
}

fn busy() -> Error {
    let mut error = Error::new(Code::Unavailable, Reason::TooMany, "", "Too many people are signing in. Try again in a moment.");
    error.retry_after = Some(Duration::from_secs(2));
    error
}

fn hash(argon: &Argon2<'_>, plain: &str) -> Result<SecretString> {
    let hash: PasswordHash = argon.hash_password(plain.as_bytes()).map_err(Error::internal)?;
    Ok(SecretString::from(hash.to_string()))
}

fn compare(argon: &Argon2<'_>, plain: &str, stored: &str) -> Result<Comparison> {
    let stored = PasswordHash::new(stored).map_err(Error::internal)?;
    let matches = argon.verify_password(plain.as_bytes(), &stored).is_ok();
    let made_with = Params::try_from(&stored).map_err(Error::internal)?;
    let now = argon.params();
    let same = (made_with.m_cost(), made_with.t_cost(), made_with.p_cost()) == (now.m_cost(), now.t_cost(), now.p_cost());
    Ok(Comparison { matches, outdated: !same || stored.algorithm != Algorithm::Argon2id.ident() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 8, passes: 1, threads: 1, waiting: 1 };

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[tokio::test]
    async fn every_attempt_costs_one_hash() {
        let pool = Passwords::new(CHEAP).expect("a pool");
        let stored = pool.hash(&secret("a fine long phrase")).await.expect("a hash");
        assert!(stored.expose_secret().starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        for (raw, stored, matches) in [
            ("a fine long phrase", Some(stored.clone()), true),
            ("another long phrase", Some(stored.clone()), false),
            ("a fine long phrase", None, false),
            ("nobody's password", None, false),
            (&"é".repeat(1_000_000), Some(stored), false),
        ] {
            let before = pool.computed();
            let comparison = pool.compare(&secret(raw), stored).await.expect("a comparison");
            assert_eq!(comparison, Comparison { matches, outdated: false });
            assert_eq!(pool.computed(), before + 1);
        }
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_still_matches_and_is_outdated() {
        let old = Passwords::new(CHEAP).expect("a pool").hash(&secret("a fine long phrase")).await.expect("a hash");
        let pool = Passwords::new(Cost { passes: 2, ..CHEAP }).expect("a pool");
        let comparison = pool.compare(&secret("a fine long phrase"), Some(old)).await.expect("a comparison");
        assert_eq!(comparison, Comparison { matches: true, outdated: true });
    }

    #[tokio::test]
    async fn refuses_what_no_thread_can_take_soon() {
        let pool = Passwords::new(CHEAP).expect("a pool");
        let _running = Arc::clone(&pool.admitted).try_acquire_many_owned(2).expect("an idle pool");
        let refusal = pool.hash(&secret("a fine long phrase")).await.expect_err("the pool is full");
        assert_eq!(refusal.code, Code::Unavailable);
        assert!(refusal.retry_after.is_some());
    }
}
