//! The Ed25519 keys that sign access tokens.
//!
//! One key is current and signs; older ones only verify, until no token they signed can be alive. So rotation signs nobody
//! out: a new key becomes current, the tokens of the old one stay good until they expire. Private keys leave this module
//! sealed only.

use std::sync::Arc;

use aws_lc_rs::{
    encoding::AsBigEndian,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{DecodingKey, EncodingKey};
use moka::sync::Cache;
use secrecy::ExposeSecret;
use serde::Serialize;
use tertulia_domain::{Error, Result, id::SigningKeyId, identity::token, time::Instant};
use tertulia_persistence::identity::signing_key::SealedKey;

use super::{access_token::Wire, sealing::Sealing};

/// The purpose under which private keys are sealed.
pub const PURPOSE: &str = "access token signing keys";
/// How long after a rotation the former key still verifies: the life of a token, and time for every server to hear of the new key.
pub const OVERLAP: TimeDelta = TimeDelta::hours(1);

/// Makes a new key, sealed with its id as context. What is kept is the seed (RFC 8032, 5.1.5).
pub fn generate(sealing: &Sealing, id: SigningKeyId, now: Instant) -> Result<SealedKey> {
    let pair = Ed25519KeyPair::generate().map_err(Error::internal)?;
    let seed = pair.seed().and_then(|seed| seed.as_be_bytes()).map_err(Error::internal)?;
    let sealed = sealing.seal(&id.to_string(), seed.as_ref())?;
    Ok(SealedKey { id, sealed, created_at: now, retired_at: None })
}

/// Until when a key verifies after it was retired, as seen at `now`: earlier retired ones have no token alive.
pub fn dead_before(now: Instant) -> Instant {
    now - OVERLAP - token::ACCESS_LIFETIME - token::LEEWAY
}

/// A key ready for use.
pub(super) struct SigningKey {
    pub(super) id: SigningKeyId,
    pub(super) encoding: EncodingKey,
    pub(super) decoding: DecodingKey,
    public: String,
    created_at: Instant,
}

impl SigningKey {
    fn open(sealing: &Sealing, key: &SealedKey) -> Result<Self> {
        let seed = sealing.open(&key.id.to_string(), &key.sealed)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose_secret()).map_err(Error::internal)?;
        let private = pair.to_pkcs8v1().map_err(Error::internal)?;
        let public = pair.public_key().as_ref();
        Ok(Self {
            id: key.id,
            encoding: EncodingKey::from_ed_der(private.as_ref()),
            decoding: DecodingKey::from_ed_der(public),
            public: BASE64_URL_SAFE_NO_PAD.encode(public),
            created_at: key.created_at,
        })
    }
}

/// The keys in use: the newest that is not retired signs, all verify.
pub struct KeySet {
    keys: Vec<SigningKey>,
    /// Claims of tokens that these keys have verified, by the token's digest: a signature costs as much as a statement. The set is
    /// opened anew every minute, and what it remembers goes with it.
    verified: Cache<[u8; 32], Arc<Wire>>,
}

/// How many verified tokens are remembered.
const REMEMBERED: u64 = 10_000;

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| key.id)).finish()
    }
}

impl KeySet {
    /// Opens the keys that the database keeps, leaving out those whose tokens are all dead.
    pub fn open(sealing: &Sealing, keys: &[SealedKey], now: Instant) -> Result<Self> {
        let mut keys: Vec<_> = keys.iter().filter(|key| key.retired_at.is_none_or(|retired| retired > dead_before(now))).collect();
        // The current one first: not retired before retired, then the newest.
        keys.sort_by_key(|key| (key.retired_at.is_some(), std::cmp::Reverse((key.created_at, key.id))));
        let keys = keys.into_iter().map(|key| SigningKey::open(sealing, key)).collect::<Result<Vec<_>>>()?;
        Ok(Self { keys, verified: Cache::new(REMEMBERED) })
    }

    /// The key that signs.
    pub(super) fn current(&self) -> Result<&SigningKey> {
        self.keys.first().ok_or_else(|| Error::broken("there is no key to sign access tokens with"))
    }

    /// The key of that id.
    pub(super) fn find(&self, kid: SigningKeyId) -> Option<&SigningKey> {
        self.keys.iter().find(|key| key.id == kid)
    }

    /// What a token says whose signature was verified before.
    pub(super) fn verified(&self, digest: &[u8; 32]) -> Option<Arc<Wire>> {
        self.verified.get(digest)
    }

    /// Remembers what a token says whose signature is good.
    pub(super) fn remember(&self, digest: [u8; 32], claims: Arc<Wire>) {
        self.verified.insert(digest, claims);
    }

    /// Whether there is no key at all, as in a new database.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The public keys as a JWK set (RFC 7517, RFC 8037), the current one first.
    pub fn jwks(&self) -> Jwks {
        let public = |key: &SigningKey| Jwk {
            kty: "OKP",
            crv: "Ed25519",
            alg: "EdDSA",
            key_use: "sig",
            kid: key.id.to_string(),
            x: key.public.clone(),
            iat: key.created_at.timestamp(),
        };
        Jwks { keys: self.keys.iter().map(public).collect() }
    }
}

/// A JWK set.
#[derive(Clone, Debug, Serialize)]
pub struct Jwks {
    /// The keys.
    pub keys: Vec<Jwk>,
}

/// A public key.
#[derive(Clone, Debug, Serialize)]
pub struct Jwk {
    kty: &'static str,
    crv: &'static str,
    alg: &'static str,
    #[serde(rename = "use")]
    key_use: &'static str,
    /// The key's id.
    pub kid: String,
    /// The public key, base64url.
    pub x: String,
    iat: i64,
}
