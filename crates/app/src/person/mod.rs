//! What is kept about one person, in whatever area: handed to him, and taken out.
//!
//! The grounds: Regulation (EU) 2016/679 (GDPR), art. 15 (access), 17 (erasure) and 20 (portability); and, for the United Nations'
//! own processing, the *Principles on Personal Data Protection and Privacy* that the High-Level Committee on Management adopted on
//! 11 October 2018, above all retention, transparency and accountability.
//!
//! The record of what electoral bodies and platforms told each other stays whole, as art. 17(3)(b), (d) and (e) lets it: it names
//! people by the ids of their accounts alone, and what an id points to names nobody any more.

mod data_export;
mod erase;
mod part;

pub use data_export::{Document, data_export};
pub use erase::{Erase, erase};

use secrecy::ExposeSecret;
use tertulia_domain::{Error, Result, text::EmailAddress};
use tertulia_persistence::{
    Session,
    record::mail::{self, Waiting},
};

use crate::{App, mail::Letter};

/// Messages that are opened at once.
const BATCH: u64 = 200;

/// The messages on their way to an address. One that does not open names nobody: whom it is for is sealed too, under a secret that is no
/// more, and the mail's own work gives it up.
async fn letters_to(app: &App, session: &dyn Session, to: &EmailAddress) -> Result<Vec<(Waiting, Letter)>> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let waiting = mail::list(session, after, BATCH).await?;
        let Some(last) = waiting.last() else { return Ok(found) };
        after = Some(last.id);
        for one in waiting {
            let Ok(text) = app.identity.mail_sealing.open(&one.id.to_string(), &one.sealed) else { continue };
            let letter: Letter = serde_json::from_slice(text.expose_secret()).map_err(Error::internal)?;
            if letter.mail.to == *to {
                found.push((one, letter));
            }
        }
    }
}
