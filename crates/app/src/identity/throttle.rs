//! Slowing down those who guess, without giving anybody the means to lock somebody else out.
//!
//! Three limits, each a bucket that refills (GCRA): what one address may try in all, what one address may try on one account,
//! and what all strangers together may try on one account. From the last an address is free once it has signed in to that
//! account, so that the owner gets in from the usual place while an attack goes on; a reset of the password by mail opens the
//! way from anywhere else. Accounts count by the hash of the address typed, whether there is such an account or not.
//!
//! The buckets live in this server's memory and are bounded; with several servers each gives its own share.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta};
use governor::{Quota, RateLimiter, clock::Clock, middleware::NoOpMiddleware, state::keyed::DashMapStateStore};
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use tertulia_domain::{Error, Result, text::EmailAddress, time::Instant};

/// Most buckets of a kind in memory; beyond them newcomers share one.
const BUCKETS: usize = 50_000;
/// Most pairs of account and address remembered for having signed in.
const KNOWN: u64 = 50_000;

/// One limit: `burst` at once, then one each `refill`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Attempts at once.
    pub burst: NonZeroU32,
    /// Time after which one more is allowed.
    pub refill: Duration,
}

impl Rate {
    const fn of(burst: u32, seconds: u64) -> Self {
        let burst = match NonZeroU32::new(burst) {
            Some(burst) => burst,
            None => NonZeroU32::MIN,
        };
        Self { burst, refill: Duration::from_secs(seconds) }
    }
}

/// The limits of signing in and of asking for resets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Sign-ins, refusals included, from one address.
    pub address: Rate,
    /// Sign-ins from one address to one account.
    pub pair: Rate,
    /// Sign-ins to one account from all addresses that never signed in to it.
    pub account: Rate,
    /// Mails that anybody may cause to one account.
    pub mail: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self { address: Rate::of(60, 2), pair: Rate::of(10, 15), account: Rate::of(100, 10), mail: Rate::of(3, 600) }
    }
}

type Key = [u8; 16];
type Limiter = RateLimiter<Key, DashMapStateStore<Key>, Told, NoOpMiddleware<Duration>>;

/// The limits with their buckets.
#[derive(Debug)]
pub struct Throttle {
    clock: Told,
    address: Limiter,
    pair: Limiter,
    account: Limiter,
    mail: Limiter,
    known: Cache<Key, ()>,
}

impl Throttle {
    /// Full buckets.
    pub fn new(rates: &Rates) -> Self {
        let clock = Told::default();
        let limiter = |rate: Rate| {
            let quota = Quota::with_period(rate.refill).unwrap_or_else(|| Quota::per_second(NonZeroU32::MAX)).allow_burst(rate.burst);
            RateLimiter::dashmap_with_clock(quota, clock.clone())
        };
        Self {
            address: limiter(rates.address),
            pair: limiter(rates.pair),
            account: limiter(rates.account),
            mail: limiter(rates.mail),
            known: Cache::builder().max_capacity(KNOWN).build(),
            clock,
        }
    }

    /// Counts an attempt of `address`, if known, to sign in to the account of `email`, or refuses it with the time to wait.
    pub fn sign_in(&self, address: Option<IpAddr>, email: &EmailAddress, now: Instant) -> Result<()> {
        self.clock.tell(now);
        let pair = key(&[&network(address), email.as_str().as_bytes()]);
        self.check(&self.address, key(&[&network(address)]))?;
        self.check(&self.pair, pair)?;
        if self.known.contains_key(&pair) { Ok(()) } else { self.check(&self.account, key(&[email.as_str().as_bytes()])) }
    }

    /// Counts an attempt of `address` with a token (refresh, invitation, reset), or refuses it with the time to wait.
    pub fn present(&self, address: Option<IpAddr>, now: Instant) -> Result<()> {
        self.clock.tell(now);
        self.check(&self.address, key(&[&network(address)]))
    }

    /// Notes that `address` has shown to belong to the account's owner.
    pub fn signed_in(&self, address: Option<IpAddr>, email: &EmailAddress) {
        self.known.insert(key(&[&network(address), email.as_str().as_bytes()]), ());
    }

    /// Whether one more mail may go to `email` that somebody without a session asked for.
    pub fn may_mail(&self, email: &EmailAddress, now: Instant) -> bool {
        self.clock.tell(now);
        self.check(&self.mail, key(&[email.as_str().as_bytes()])).is_ok()
    }

    fn check(&self, limiter: &Limiter, key: Key) -> Result<()> {
        let mut key = key;
        if limiter.len() >= BUCKETS {
            limiter.retain_recent();
            if limiter.len() >= BUCKETS {
                key = Key::default();
            }
        }
        limiter.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Error::rate_limited(wait.max(Duration::from_secs(1)))
        })
    }
}

/// The part of an address that one customer has: all of IPv4, the first 64 bits of IPv6.
fn network(address: Option<IpAddr>) -> Vec<u8> {
    match address.map(|address| address.to_canonical()) {
        None => Vec::new(),
        Some(IpAddr::V4(address)) => address.octets().to_vec(),
        Some(IpAddr::V6(address)) => address.octets().into_iter().take(8).collect(),
    }
}

/// Short keys of equal length, which hold no address in clear.
fn key(parts: &[&[u8]]) -> Key {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update([u8::try_from(part.len()).unwrap_or(u8::MAX)]);
        hash.update(part);
    }
    let mut key = Key::default();
    for (to, from) in key.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    key
}

/// The time that callers tell, which never goes back: like everything here, the buckets have no clock of their own.
#[derive(Clone, Debug, Default)]
struct Told(Arc<AtomicU64>);

impl Told {
    fn tell(&self, now: Instant) {
        let passed = (now - DateTime::UNIX_EPOCH).max(TimeDelta::zero());
        let micros = passed.num_microseconds().and_then(|micros| u64::try_from(micros).ok()).unwrap_or(0);
        self.0.fetch_max(micros, Ordering::Relaxed);
    }
}

impl Clock for Told {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use tertulia_domain::Code;

    use super::*;

    fn email(text: &str) -> EmailAddress {
        EmailAddress::parse(text).expect("an address")
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn tiny() -> Throttle {
        Throttle::new(&Rates { address: Rate::of(5, 10), pair: Rate::of(2, 10), account: Rate::of(3, 10), mail: Rate::of(1, 60) })
    }

    #[test]
    fn slows_down_and_lets_in_again() {
        let (throttle, now, ana) = (tiny(), DateTime::UNIX_EPOCH, email("ana@example.org"));
        let here = Some(ip("192.0.2.1"));
        assert!(throttle.sign_in(here, &ana, now).is_ok() && throttle.sign_in(here, &ana, now).is_ok());
        let refusal = throttle.sign_in(here, &ana, now).expect_err("the third at once");
        assert_eq!((refusal.code, refusal.retry_after), (Code::RateLimited, Some(Duration::from_secs(10))));
        assert!(throttle.sign_in(here, &ana, now + TimeDelta::seconds(10)).is_ok());
    }

    #[test]
    fn strangers_do_not_lock_the_owner_out() {
        let (throttle, now, ana) = (tiny(), DateTime::UNIX_EPOCH, email("ana@example.org"));
        let home = Some(ip("192.0.2.1"));
        throttle.sign_in(home, &ana, now).expect("the first");
        throttle.signed_in(home, &ana);
        for host in 2..4 {
            throttle.sign_in(Some(ip(&format!("192.0.2.{host}"))), &ana, now).expect("strangers share three");
        }
        assert!(throttle.sign_in(Some(ip("192.0.2.9")), &ana, now).is_err(), "strangers wait");
        assert!(throttle.sign_in(home, &ana, now).is_ok(), "the owner does not");
        assert!(throttle.sign_in(Some(ip("192.0.2.9")), &email("eve@example.org"), now).is_ok(), "other accounts are not touched");
    }

    #[test]
    fn an_address_of_ipv6_is_its_network() {
        let (throttle, now) = (tiny(), DateTime::UNIX_EPOCH);
        for host in 0..5 {
            throttle.present(Some(ip(&format!("2001:db8::{host}"))), now).expect("five at once");
        }
        assert!(throttle.present(Some(ip("2001:db8::ffff")), now).is_err());
        assert!(throttle.present(Some(ip("2001:db8:0:1::1")), now).is_ok());
    }

    #[test]
    fn few_mails_to_one_account() {
        let (throttle, now, ana) = (tiny(), DateTime::UNIX_EPOCH, email("ana@example.org"));
        assert!(throttle.may_mail(&ana, now));
        assert!(!throttle.may_mail(&ana, now));
        assert!(throttle.may_mail(&ana, now + TimeDelta::seconds(60)));
    }

    #[test]
    fn memory_is_bounded() {
        let (throttle, now, ana) = (tiny(), DateTime::UNIX_EPOCH, email("ana@example.org"));
        for host in 0..u32::try_from(BUCKETS).expect("a small number") + 100 {
            let _limited = throttle.sign_in(Some(IpAddr::from(host.to_be_bytes())), &ana, now);
        }
        assert!(throttle.address.len() <= BUCKETS + 1, "{}", throttle.address.len());
    }
}
