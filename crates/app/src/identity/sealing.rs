//! Secrets that the server must be able to read again, encrypted under a key derived from the configured secret.
//!
//! AES-256-GCM, under a key for each purpose. The nonce is random and stands before the ciphertext; the context (a row's id) is
//! authenticated, so that a sealed value moved to another row does not open.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use secrecy::{SecretSlice, SecretString};
use tertulia_domain::{Error, Result};

use crate::secret;

/// A key for one purpose.
pub struct Sealing(RandomizedNonceKey);

impl std::fmt::Debug for Sealing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealing")
    }
}

impl Sealing {
    /// Seals for `purpose`, under a key derived from the configured secret.
    pub fn derive(configured: &SecretString, purpose: &str) -> Result<Self> {
        RandomizedNonceKey::new(&AES_256_GCM, &secret::key(configured, purpose)?).map(Self).map_err(Error::internal)
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
    use secrecy::ExposeSecret;

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
