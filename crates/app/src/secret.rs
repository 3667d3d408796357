//! Keys from the configured secret: by HKDF-SHA-256 (RFC 5869), one a purpose, so that what is encrypted for one cannot be read for another.

use aws_lc_rs::{
    aead::AES_256_GCM,
    hkdf::{HKDF_SHA256, Salt},
};
use secrecy::{ExposeSecret, SecretString};
use tertulia_domain::{Error, Result};

/// Least bytes of the configured secret: 256 bits of hexadecimal or base64 are longer.
const SHORTEST: usize = 32;

/// Derives the key for `purpose` from the configured secret, which has at least 32 bytes.
pub(crate) fn key(secret: &SecretString, purpose: &str) -> Result<[u8; 32]> {
    if secret.expose_secret().len() < SHORTEST {
        return Err(Error::broken("the configured secret has fewer than 32 bytes"));
    }
    let info: [&[u8]; 1] = [purpose.as_bytes()];
    let mut key = [0_u8; 32];
    let prk = Salt::new(HKDF_SHA256, b"tertulia sealing 1").extract(secret.expose_secret().as_bytes());
    prk.expand(&info, &AES_256_GCM).and_then(|okm| okm.fill(&mut key)).map_err(Error::internal)?;
    Ok(key)
}
