//! Opaque tokens: refresh tokens, links of invitations and resets. The holder has 32 random bytes, the database their SHA-256.
//!
//! A fast hash is enough: what has 256 bits of entropy cannot be guessed from its hash.

use aws_lc_rs::rand;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tertulia_domain::{Error, Result, record::audit::hex};

/// Random bytes of a token.
const BYTES: usize = 32;
/// Characters of a token: base64url without padding.
const CHARACTERS: usize = 43;

/// A token that was just made; the only moment at which its secret is known.
#[derive(Debug)]
pub struct Opaque {
    /// What its holder presents.
    pub secret: SecretString,
    /// What the database keeps: SHA-256 in hexadecimal.
    pub hash: String,
}

impl Opaque {
    /// A new token from the operating system's randomness.
    pub fn generate() -> Result<Self> {
        let mut bytes = [0_u8; BYTES];
        rand::fill(&mut bytes).map_err(Error::internal)?;
        let secret = SecretString::from(BASE64_URL_SAFE_NO_PAD.encode(bytes));
        let hash = hex(&Sha256::digest(secret.expose_secret().as_bytes()));
        Ok(Self { secret, hash })
    }
}

/// The hash under which a presented token is looked up; `None` if the text cannot be one of ours.
pub fn hash(presented: &SecretString) -> Option<String> {
    let text = presented.expose_secret();
    let is_one = text.len() == CHARACTERS && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_one.then(|| hex(&Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_its_own_and_nothing_else() {
        let token = Opaque::generate().expect("randomness");
        assert_eq!(hash(&token.secret), Some(token.hash.clone()));
        assert_ne!(Opaque::generate().expect("randomness").hash, token.hash);
        for text in ["", "short", &"é".repeat(43), &"a".repeat(44), &format!("{} ", &token.secret.expose_secret()[..42])] {
            assert_eq!(hash(&SecretString::from(text)), None, "{text}");
        }
    }
}
