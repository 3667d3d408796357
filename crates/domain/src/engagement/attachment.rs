//! Files attached to contacts: evidence that both sides may keep.

use crate::{
    engagement::file::File,
    error::{Code, Error, Reason, Result},
    id::{AttachmentId, ContactId, OrganisationId, UserId},
    time::Instant,
};

/// A file that one side attached to a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// The contact.
    pub contact: ContactId,
    /// The file.
    pub file: File,
    /// The organisation that attached it.
    pub organisation: OrganisationId,
    /// The person; shown to the person's own organisation only. None for an API client.
    pub person: Option<UserId>,
    /// When it was attached.
    pub at: Instant,
    /// That its side took it back after the contact was sent.
    pub detached: Option<Detached>,
}

/// That a side took an attachment back. What was said stays: the other side may have acted on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detached {
    /// When.
    pub at: Instant,
    /// Why; both sides read it.
    pub reason: String,
}

/// How much may be attached to one contact, by both sides together. What was taken back counts.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Files, 1 to 100.
    pub files: usize,
    /// Bytes of all of them.
    pub bytes: u64,
}

impl Bounds {
    /// Whether a file may be attached beside those that are.
    ///
    /// # Errors
    /// `CONFLICT` for a file that is attached, `LIMIT_EXCEEDED` beyond the bounds.
    pub fn admit(&self, known: &[Attachment], file: &File) -> Result<()> {
        if known.iter().any(|one| one.file.id == file.id) {
            return Err(Error::new(Code::Conflict, Reason::Duplicate, "fileId", "This file is attached already."));
        }
        if known.len() >= self.files {
            let message = format!("A contact has at most {} attachments.", self.files);
            return Err(Error::new(Code::LimitExceeded, Reason::TooMany, "fileId", message));
        }
        let bytes = known.iter().map(|one| one.file.bytes).fold(file.bytes, i64::saturating_add);
        if u64::try_from(bytes).is_ok_and(|bytes| bytes > self.bytes) {
            let message = format!("The attachments of a contact have at most {} bytes together.", self.bytes);
            return Err(Error::new(Code::LimitExceeded, Reason::TooLong, "fileId", message));
        }
        Ok(())
    }
}

/// What taking an attachment back leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Nothing: nobody else has seen it.
    Away,
    /// A note beside it.
    Noted(Detached),
}

impl Attachment {
    /// Takes it back for `by`: from a contact that was never sent it goes, afterwards that is noted beside it.
    ///
    /// # Errors
    /// `FORBIDDEN` for the other side's, `INVALID_TRANSITION` for one that was taken back, `INVALID_INPUT` without a reason where one is due.
    pub fn detach(&self, by: OrganisationId, was_sent: bool, reason: Option<String>, now: Instant) -> Result<Taken> {
        if self.organisation != by {
            return Err(Error::new(Code::Forbidden, Reason::NotPermitted, "attachmentId", "The other side attached it."));
        }
        if self.detached.is_some() {
            return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "attachmentId", "It was taken back before."));
        }
        if !was_sent {
            return Ok(Taken::Away);
        }
        let reason = reason.ok_or_else(|| Error::invalid(Reason::Required, "reason", "The contact was sent; say why."))?;
        Ok(Taken::Noted(Detached { at: now, reason }))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::{engagement::file::MediaType, id::FileId};

    fn attached(number: u128, bytes: i64) -> Attachment {
        let at = DateTime::UNIX_EPOCH;
        let organisation = OrganisationId::new(Uuid::from_u128(1));
        let file = File {
            id: FileId::new(Uuid::from_u128(number)),
            organisation,
            uploaded_by: None,
            name: "evidence.png".to_owned(),
            media_type: MediaType::Png,
            bytes,
            sha256: "00".to_owned(),
            uploaded_at: at,
        };
        let id = AttachmentId::new(Uuid::from_u128(number));
        Attachment { id, contact: ContactId::new(Uuid::from_u128(9)), file, organisation, person: None, at, detached: None }
    }

    #[test]
    fn takes_as_much_as_the_bounds_say_and_no_more() {
        let bounds = Bounds { files: 2, bytes: 100 };
        let one = attached(1, 60);
        assert!(bounds.admit(std::slice::from_ref(&one), &attached(2, 40).file).is_ok());
        let code = |known: &[Attachment], file: Attachment| bounds.admit(known, &file.file).expect_err("too much").code;
        assert_eq!(code(std::slice::from_ref(&one), attached(2, 41)), Code::LimitExceeded);
        assert_eq!(code(&[one.clone(), attached(2, 1)], attached(3, 1)), Code::LimitExceeded);
        assert_eq!(code(std::slice::from_ref(&one), attached(1, 60)), Code::Conflict);
        let mut taken = one;
        taken.detached = Some(Detached { at: DateTime::UNIX_EPOCH, reason: "x".to_owned() });
        assert_eq!(code(&[taken], attached(2, 41)), Code::LimitExceeded, "what was taken back is still there");
    }

    #[test]
    fn what_was_said_stays() {
        let (one, now) = (attached(1, 1), DateTime::UNIX_EPOCH);
        let why = || Some("By mistake".to_owned());
        assert_eq!(one.detach(one.organisation, false, None, now).expect("nobody saw it"), Taken::Away);
        let noted = Detached { at: now, reason: "By mistake".to_owned() };
        assert_eq!(one.detach(one.organisation, true, why(), now).expect("noted"), Taken::Noted(noted.clone()));
        assert_eq!(one.detach(one.organisation, true, None, now).expect_err("no reason").code, Code::InvalidInput);
        let other = OrganisationId::new(Uuid::from_u128(2));
        assert_eq!(one.detach(other, true, why(), now).expect_err("not his").code, Code::Forbidden);
        let taken = Attachment { detached: Some(noted), ..one.clone() };
        assert_eq!(taken.detach(one.organisation, true, why(), now).expect_err("done before").code, Code::InvalidTransition);
    }
}
