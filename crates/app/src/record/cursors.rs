//! How far somebody who is told of events has come among all: the opaque cursors of changes.
//!
//! A cursor stands for the number of an event among those of everybody. Two numbers would tell how many events of others lie between them,
//! so a cursor is that number encrypted: the same event has the same cursor for every reader and on every server, and nothing can be read
//! from two of them, or made up. The number and eight zeros fill one block of AES-256 exactly, which hides everything but whether two
//! blocks are the same; what does not decrypt to zeros was written under another secret, or by nobody.

use aws_lc_rs::cipher::{AES_256, DecryptingKey, DecryptionContext, EncryptingKey, UnboundCipherKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use tertulia_domain::{Error, Reason, Result, record::event::RecordedEvent};

use crate::secret;

/// What the key is derived for.
const PURPOSE: &str = "cursors of changes";
/// Bytes of a number, and of the zeros behind it.
const HALF: usize = 8;

/// Writes and reads cursors of changes.
#[derive(Debug)]
pub struct Cursors {
    encrypting: EncryptingKey,
    decrypting: DecryptingKey,
}

impl Cursors {
    /// Derives the key from the configured secret: who changes that makes every cursor unknown.
    pub(crate) fn new(configured: &SecretString) -> Result<Self> {
        let key = secret::key(configured, PURPOSE)?;
        let unbound = || UnboundCipherKey::new(&AES_256, &key).map_err(Error::internal);
        let encrypting = EncryptingKey::ecb(unbound()?).map_err(Error::internal)?;
        let decrypting = DecryptingKey::ecb(unbound()?).map_err(Error::internal)?;
        Ok(Self { encrypting, decrypting })
    }

    /// The cursor of a change.
    ///
    /// # Errors
    /// `INTERNAL` if it cannot be encrypted.
    pub fn of(&self, event: &RecordedEvent) -> Result<String> {
        let mut block = [0; 2 * HALF];
        for (byte, number) in block.iter_mut().zip(event.seq.to_be_bytes()) {
            *byte = number;
        }
        self.encrypting.encrypt(&mut block).map_err(Error::internal)?;
        Ok(URL_SAFE_NO_PAD.encode(block))
    }

    /// The number that a cursor stands for.
    ///
    /// # Errors
    /// `INVALID_INPUT` for what is none.
    pub fn place(&self, cursor: &str) -> Result<i64> {
        let known = || Error::invalid(Reason::Malformed, "after", "This is no cursor of a change here.");
        self.number(cursor).ok_or_else(known)
    }

    fn number(&self, cursor: &str) -> Option<i64> {
        let mut block = <[u8; 2 * HALF]>::try_from(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        self.decrypting.decrypt(&mut block, DecryptionContext::None).ok()?;
        let (number, zeros) = block.split_first_chunk::<HALF>()?;
        zeros.iter().all(|byte| *byte == 0).then(|| i64::from_be_bytes(*number))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use tertulia_domain::{
        id::{ContactId, Id},
        record::event::Topic,
    };

    use super::*;

    fn cursors(secret: &str) -> Cursors {
        Cursors::new(&SecretString::from(secret)).expect("a key")
    }

    fn event(seq: i64) -> RecordedEvent {
        let contact: ContactId = Id::new(uuid::Uuid::nil());
        RecordedEvent { seq, at: DateTime::UNIX_EPOCH, topic: Topic::ContactLogged, object: contact.any() }
    }

    #[test]
    fn a_cursor_is_the_same_on_every_server_and_stands_for_its_number() {
        let (one, other) = (cursors("a test secret of more than 32 bytes"), cursors("a test secret of more than 32 bytes"));
        for seq in [0, 1, 1_000_000, i64::MAX] {
            let cursor = one.of(&event(seq)).expect("a cursor");
            assert_eq!(other.of(&event(seq)).expect("a cursor"), cursor);
            assert_eq!(other.place(&cursor).expect("a number"), seq);
        }
    }

    #[test]
    fn neighbours_have_nothing_in_common() {
        let cursors = cursors("a test secret of more than 32 bytes");
        let bytes = |seq| URL_SAFE_NO_PAD.decode(cursors.of(&event(seq)).expect("a cursor")).expect("base64");
        let same = bytes(1).iter().zip(bytes(2)).filter(|(one, other)| *one == other).count();
        assert!(same < HALF, "{same} of 16 bytes are the same");
    }

    #[test]
    fn what_this_secret_did_not_write_is_no_cursor() {
        let cursors = cursors("a test secret of more than 32 bytes");
        let other = self::cursors("another secret of more than 32 bytes").of(&event(1)).expect("a cursor");
        let numbered = URL_SAFE_NO_PAD.encode(1_i64.to_be_bytes());
        for wrong in ["", "x", &numbered, &other, &URL_SAFE_NO_PAD.encode([0; 16])] {
            let refused = cursors.place(wrong).expect_err(wrong);
            assert!(refused.faults.iter().all(|fault| fault.reason == Reason::Malformed), "{wrong}");
        }
    }
}
