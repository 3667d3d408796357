//! Secrets that the server must be able to read again, encrypted under a key derived from the configured secret.
//!
//! AES-256-GCM; the key comes by HKDF-SHA-256 (RFC 5869) from the secret, one key a purpose, so that what is sealed for one
//! purpose cannot be opened for another. The nonce is random and stands before the ciphertext; the context (a row's id) is
//! authenticated, so that a sealed value moved to another row does not open.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf::{HKDF_SHA256, Salt},
};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use tertulia_domain::{Error, Result};

/// Least bytes of the configured secret: 256 bits of hexadecimal or base64 are longer.
pub const SHORTEST_SECRET: usize = 32;

/// A key for one purpose.
pub struct Sealing(RandomizedNonceKey);

impl std::fmt::Debug for Sealing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealing")
    }
}

impl Sealing {
    /// Derives the key for `purpose` from the configured secret, which has at least [`SHORTEST_SECRET`] bytes.
    pub fn derive(secret: &SecretString, purpose: &str) -> Result<Self> {
        if secret.expose_secret().len() < SHORTEST_SECRET {
            return Err(Error::broken("the configured secret has fewer than 32 bytes"));
        }
        let info: [&[u8]; 1] = [purpose.as_bytes()];
        let mut key = [0_u8; 32];
        let prk = Salt::new(HKDF_SHA256, b"tertulia sealing 1").extract(secret.expose_secret().as_bytes());
        prk.expand(&info, &AES_256_GCM).and_then(|okm| okm.fill(&mut key)).map_err(Error::internal)?;
        RandomizedNonceKey::new(&AES_256_GCM, &key).map(Self).map_err(Error::internal)
    }

    /// Encrypts `plain`, bound to `context`.
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let mut text = plain.to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(context.as_bytes()), &mut text).map_err(Error::internal)?;
        Ok([nonce.as_ref().as_slice(), &text].concat())
    }

    /// Decrypts what [`Self::seal`] made with the same context; anything else is a fault of the configuration or the database.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<SecretSlice<u8>> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN).ok_or_else(|| Error::broken("a sealed value is too short"))?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(Error::internal)?;
        let mut text = text.to_vec();
        let plain = self
            .0
            .open_in_place(nonce, Aad::from(context.as_bytes()), &mut text)
            .map_err(|_| Error::broken("a sealed value does not open: was the configured secret changed?"))?;
        Ok(SecretSlice::from(plain.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_with_the_same_secret_purpose_and_context() {
        let secret = SecretString::from("a test secret of more than 32 bytes");
        let sealing = Sealing::derive(&secret, "keys").expect("a key");
        let sealed = sealing.seal("row 1", b"plain").expect("sealed");
        assert_eq!(sealing.open("row 1", &sealed).expect("opens").expose_secret(), b"plain");
        assert_ne!(sealing.seal("row 1", b"plain").expect("sealed"), sealed, "another nonce");
        assert!(sealing.open("row 2", &sealed).is_err());
        assert!(sealing.open("row 1", &sealed[..10]).is_err());
        assert!(Sealing::derive(&secret, "webhooks").expect("a key").open("row 1", &sealed).is_err());
        let other = SecretString::from("another secret of more than 32 bytes");
        assert!(Sealing::derive(&other, "keys").expect("a key").open("row 1", &sealed).is_err());
        assert!(Sealing::derive(&SecretString::from("short"), "keys").is_err());
    }
}
