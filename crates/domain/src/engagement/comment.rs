//! What the sides write to each other about a contact. Readable by both.

use crate::{
    id::{CommentId, ContactId, OrganisationId, UserId},
    time::Instant,
};

/// One comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The contact.
    pub contact: ContactId,
    /// When it was written.
    pub at: Instant,
    /// The person; shown to the person's own organisation only.
    pub person: UserId,
    /// The organisation.
    pub organisation: OrganisationId,
    /// What was written.
    pub text: String,
}
