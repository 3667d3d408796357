//! Access tokens: short-lived JWTs (RFC 9068) signed with Ed25519, which carry who and which session and no rights; those of API
//! clients carry to which scopes their rights are narrowed.
//!
//! Rights are read from the database with every request, so that sign-out and revocation take effect at once.

use std::sync::Arc;

use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tertulia_domain::{
    Error, Result,
    id::{ApiClientId, SessionId, UserId},
    identity::token,
    policy::{ApiScope, ApiScopes},
    time::Instant,
};
use uuid::Uuid;

use super::key::KeySet;

/// The type that the header must state, so that no other signed document passes for an access token (RFC 9068, 2.1).
const TYPE: &str = "at+jwt";
/// Longest token looked at, in bytes; ours have about 500.
const LONGEST: usize = 2_048;

/// Who issues tokens, for whom, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The server's public address: `iss`.
    pub issuer: String,
    /// The API that the tokens open: `aud`.
    pub audience: String,
    /// How long a token lives; no longer than [`token::ACCESS_LIFETIME`].
    pub lifetime: TimeDelta,
}

/// Whose an access token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person's.
    Session {
        /// The user.
        user: UserId,
        /// The session.
        session: SessionId,
    },
    /// An API client's.
    Client {
        /// The client.
        client: ApiClientId,
        /// Names the secret with which it signed in.
        secret: Uuid,
        /// What the token opens at most.
        scopes: ApiScopes,
    },
}

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Whose it is.
    pub holder: Holder,
    /// When the token expires.
    pub expires_at: Instant,
}

/// The claims as they are signed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Wire {
    iss: String,
    aud: String,
    #[serde(flatten)]
    subject: Subject,
    jti: Uuid,
    iat: i64,
    exp: i64,
}

/// The claims that tell whose a token is: of a client those of RFC 9068, 2.2, and the name of its secret.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Subject {
    Session { sub: UserId, sid: SessionId },
    Client { sub: ApiClientId, client_id: ApiClientId, secret_id: Uuid, scope: String },
}

impl Subject {
    fn of(holder: &Holder) -> Self {
        match holder {
            Holder::Session { user, session } => Self::Session { sub: *user, sid: *session },
            Holder::Client { client, secret, scopes } => {
                Self::Client { sub: *client, client_id: *client, secret_id: *secret, scope: scopes.to_string() }
            }
        }
    }

    /// Whose the token is; a scope that this version no longer knows opens nothing.
    fn holder(&self) -> Option<Holder> {
        match self {
            Self::Session { sub, sid } => Some(Holder::Session { user: *sub, session: *sid }),
            Self::Client { sub, client_id, secret_id, scope } => {
                let scopes = ApiScopes(scope.split(' ').filter_map(ApiScope::parse).collect());
                (sub == client_id).then_some(Holder::Client { client: *sub, secret: *secret_id, scopes })
            }
        }
    }
}

/// Signs a token that says `claims`; `jti` makes it one of a kind.
pub fn issue(keys: &KeySet, issuer: &Issuer, claims: &Claims, jti: Uuid, now: Instant) -> Result<SecretString> {
    let key = keys.current()?;
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.id.to_string());
    let claims = Wire {
        iss: issuer.issuer.clone(),
        aud: issuer.audience.clone(),
        subject: Subject::of(&claims.holder),
        jti,
        iat: now.timestamp(),
        exp: claims.expires_at.timestamp(),
    };
    jsonwebtoken::encode(&header, &claims, &key.encoding).map(SecretString::from).map_err(Error::internal)
}

/// Why a token was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It names a key that is not among `keys`; a fresh look at the database may find it.
    UnknownKey,
    /// Anything else.
    Bad,
}

/// Checks a presented token: algorithm, type, key, signature, issuer, audience and times.
pub fn verify(keys: &KeySet, issuer: &Issuer, presented: &SecretString, now: Instant) -> Result<Claims, Refusal> {
    let text = presented.expose_secret();
    if text.len() > LONGEST {
        return Err(Refusal::Bad);
    }
    let digest: [u8; 32] = Sha256::digest(text).into();
    let remembered = keys.verified(&digest).filter(|claims| claims.iss == issuer.issuer && claims.aud == issuer.audience);
    let claims = if let Some(claims) = remembered {
        claims
    } else {
        let claims = Arc::new(signed(keys, issuer, text)?);
        keys.remember(digest, Arc::clone(&claims));
        claims
    };
    let (now_s, leeway) = (now.timestamp(), token::LEEWAY.num_seconds());
    let timely =
        claims.iat <= now_s + leeway && now_s < claims.exp + leeway && claims.exp - claims.iat <= token::ACCESS_LIFETIME.num_seconds();
    let expires_at = Instant::from_timestamp(claims.exp, 0).filter(|_| timely).ok_or(Refusal::Bad)?;
    Ok(Claims { holder: claims.subject.holder().ok_or(Refusal::Bad)?, expires_at })
}

/// What a token says that one of `keys` signed, whatever the time.
fn signed(keys: &KeySet, issuer: &Issuer, text: &str) -> Result<Wire, Refusal> {
    let header = jsonwebtoken::decode_header(text).map_err(|_| Refusal::Bad)?;
    let typed = header.typ.as_deref().is_some_and(|typ| typ.eq_ignore_ascii_case(TYPE));
    if !typed || header.alg != Algorithm::EdDSA || header.crit.is_some() {
        return Err(Refusal::Bad);
    }
    let kid = header.kid.as_deref().and_then(|kid| kid.parse().ok()).ok_or(Refusal::Bad)?;
    let key = keys.find(kid).ok_or(Refusal::UnknownKey)?;
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_issuer(&[&issuer.issuer]);
    rules.set_audience(&[&issuer.audience]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The library reads the system's clock; this server's clock is a value.
    rules.validate_exp = false;
    Ok(jsonwebtoken::decode(text, &key.decoding, &rules).map_err(|_| Refusal::Bad)?.claims)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use chrono::DateTime;
    use jsonwebtoken::EncodingKey;
    use serde_json::{Value, json};
    use tertulia_domain::id::SigningKeyId;
    use tertulia_persistence::identity::signing_key::SealedKey;

    use super::*;
    use crate::identity::{
        key::{OVERLAP, PURPOSE, generate},
        sealing::Sealing,
    };

    const NOW: Instant = DateTime::UNIX_EPOCH;

    fn sealing() -> Sealing {
        Sealing::derive(&SecretString::from("a test secret of more than 32 bytes"), PURPOSE).expect("a key")
    }

    fn key(number: u128, at: Instant) -> SealedKey {
        generate(&sealing(), SigningKeyId::new(Uuid::from_u128(number)), at).expect("a key")
    }

    fn set(keys: &[SealedKey], now: Instant) -> KeySet {
        KeySet::open(&sealing(), keys, now).expect("keys that open")
    }

    fn issuer() -> Issuer {
        Issuer {
            issuer: "https://tertulia.example".to_owned(),
            audience: "https://tertulia.example/graphql".to_owned(),
            lifetime: token::ACCESS_LIFETIME,
        }
    }

    fn token(keys: &KeySet, now: Instant) -> SecretString {
        let holder = Holder::Session { user: UserId::new(Uuid::from_u128(1)), session: SessionId::new(Uuid::from_u128(2)) };
        let claims = Claims { holder, expires_at: now + issuer().lifetime };
        issue(keys, &issuer(), &claims, Uuid::from_u128(3), now).expect("a token")
    }

    /// A token signed with our key whose header and claims were changed first.
    fn forged(keys: &KeySet, header: &Value, claims: &Value) -> SecretString {
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &keys.current().expect("a key").encoding, Algorithm::EdDSA)
            .expect("a signature");
        SecretString::from(format!("{message}.{signature}"))
    }

    fn parts(token: &SecretString) -> (Value, Value) {
        let part = |index: usize| {
            let text = token.expose_secret().split('.').nth(index).expect("a part");
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).expect("base64")).expect("JSON")
        };
        (part(0), part(1))
    }

    #[test]
    fn accepts_its_own_until_it_expires() {
        let keys = set(&[key(1, NOW)], NOW);
        let token = token(&keys, NOW);
        let claims = verify(&keys, &issuer(), &token, NOW).expect("a good token");
        let holder = Holder::Session { user: UserId::new(Uuid::from_u128(1)), session: SessionId::new(Uuid::from_u128(2)) };
        assert_eq!(claims.holder, holder);
        assert_eq!(claims.expires_at, NOW + TimeDelta::minutes(15));
        assert!(verify(&keys, &issuer(), &token, NOW + TimeDelta::minutes(15) + TimeDelta::seconds(29)).is_ok());
        assert_eq!(verify(&keys, &issuer(), &token, NOW + TimeDelta::minutes(15) + TimeDelta::seconds(30)), Err(Refusal::Bad));
        assert_eq!(verify(&keys, &issuer(), &token, NOW - TimeDelta::seconds(31)), Err(Refusal::Bad));
    }

    #[test]
    fn a_client_s_token_says_which_client_and_scopes() {
        let keys = set(&[key(1, NOW)], NOW);
        let (client, scopes) = (ApiClientId::new(Uuid::from_u128(4)), ApiScopes([ApiScope::ContactsRead, ApiScope::DirectoryRead].into()));
        let holder = Holder::Client { client, secret: Uuid::from_u128(5), scopes };
        let claims = Claims { holder, expires_at: NOW + TimeDelta::minutes(1) };
        let token = issue(&keys, &issuer(), &claims, Uuid::from_u128(3), NOW).expect("a token");
        assert_eq!(verify(&keys, &issuer(), &token, NOW), Ok(claims));
        let (header, said) = parts(&token);
        assert_eq!((&said["sub"], &said["scope"]), (&said["client_id"], &json!("contacts:read directory:read")));
        for (name, value) in
            [("client_id", json!(ApiClientId::new(Uuid::from_u128(6)))), ("scope", Value::Null), ("secret_id", Value::Null)]
        {
            let mut changed = said.clone();
            changed[name] = value;
            assert_eq!(verify(&keys, &issuer(), &forged(&keys, &header, &changed), NOW), Err(Refusal::Bad), "{name}");
        }
    }

    #[test]
    fn rotation_signs_nobody_out() {
        let (old, new) = (key(1, NOW), key(2, NOW + TimeDelta::days(1)));
        let before = token(&set(std::slice::from_ref(&old), NOW), NOW + TimeDelta::days(1));
        let retired = SealedKey { retired_at: Some(NOW + TimeDelta::days(1)), ..old };
        let after = NOW + TimeDelta::days(1) + TimeDelta::minutes(14);
        let keys = set(&[retired.clone(), new.clone()], after);
        assert!(verify(&keys, &issuer(), &before, after).is_ok());
        assert_eq!(parts(&token(&keys, after)).0["kid"], new.id.to_string());
        assert_eq!(keys.jwks().keys.len(), 2);
        let later = NOW + TimeDelta::days(1) + OVERLAP + TimeDelta::minutes(16);
        let keys = set(&[retired, new], later);
        assert_eq!(keys.jwks().keys.len(), 1);
        assert_eq!(verify(&keys, &issuer(), &before, later), Err(Refusal::UnknownKey));
    }

    #[test]
    fn refuses_what_another_key_signed() {
        let (ours, theirs) = (set(&[key(1, NOW)], NOW), set(&[key(1, NOW)], NOW));
        assert_eq!(verify(&ours, &issuer(), &token(&theirs, NOW), NOW), Err(Refusal::Bad));
        let unknown = set(&[key(2, NOW)], NOW);
        assert_eq!(verify(&ours, &issuer(), &token(&unknown, NOW), NOW), Err(Refusal::UnknownKey));
    }

    #[test]
    fn refuses_every_change_of_header_and_claims() {
        let keys = set(&[key(1, NOW)], NOW);
        let (header, claims) = parts(&token(&keys, NOW));
        assert!(verify(&keys, &issuer(), &forged(&keys, &header, &claims), NOW).is_ok(), "the forger works");
        for (part, name, value) in [
            (0, "typ", json!("JWT")),
            (0, "typ", Value::Null),
            (0, "alg", json!("HS256")),
            (0, "alg", json!("none")),
            (0, "alg", json!("ES256")),
            (0, "kid", json!("../../etc/passwd")),
            (0, "kid", Value::Null),
            (0, "crit", json!(["exp"])),
            (1, "iss", json!("https://elsewhere.example")),
            (1, "aud", json!("https://elsewhere.example")),
            (1, "exp", json!(-31)),
            (1, "exp", json!(60 * 60 * 24)),
            (1, "exp", json!("never")),
            (1, "exp", Value::Null),
            (1, "iat", json!(31)),
            (1, "sub", json!("contact_00000000000000000000000001")),
            (1, "sid", Value::Null),
            (1, "jti", Value::Null),
        ] {
            let mut changed = [header.clone(), claims.clone()];
            let target = changed[part].as_object_mut().expect("an object");
            if value.is_null() {
                target.remove(name)
            } else {
                target.insert(name.to_owned(), value.clone())
            };
            assert!(verify(&keys, &issuer(), &forged(&keys, &changed[0], &changed[1]), NOW).is_err(), "{name}: {value}");
        }
    }

    #[test]
    fn refuses_a_public_key_used_as_a_shared_secret_and_no_signature() {
        let keys = set(&[key(1, NOW)], NOW);
        let (mut header, claims) = parts(&token(&keys, NOW));
        let public = BASE64_URL_SAFE_NO_PAD.decode(&keys.jwks().keys[0].x).expect("base64");
        header["alg"] = json!("HS256");
        let mut swapped: Header = serde_json::from_value(header.clone()).expect("a header");
        swapped.typ = Some(TYPE.to_owned());
        let token = jsonwebtoken::encode(&swapped, &claims, &EncodingKey::from_secret(&public)).expect("a token");
        assert_eq!(verify(&keys, &issuer(), &SecretString::from(token), NOW), Err(Refusal::Bad));
        header["alg"] = json!("none");
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        for end in ["", ".", ".AAAA"] {
            let unsigned = format!("{}.{}{end}", part(&header), part(&claims));
            assert_eq!(verify(&keys, &issuer(), &SecretString::from(unsigned), NOW), Err(Refusal::Bad), "{end}");
        }
        assert_eq!(verify(&keys, &issuer(), &SecretString::from("a".repeat(1 << 20)), NOW), Err(Refusal::Bad));
    }
}
