//! What the tables of all areas hold about one person: to be handed to him, and to be taken out with him.
//!
//! Everything else that names a person names the id of his account, and stays.

mod erase;

pub use erase::{ahead, forget_channels, forget_invitations, forget_needs, forget_speaker, forget_titles, revoke_feeds};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, entity::prelude::*};
use tertulia_domain::{
    Error,
    dialogue::Participation,
    id::{AnyId, Id, OrganisationId, UserId, kinds},
    identity::{self, Invitation, Membership},
    record::audit::AuditEntry,
    text::EmailAddress,
    time::Instant,
};

use crate::{
    dialogue::{calendar_letter, commitment_act, minutes, minutes_comment, participation, slot_answer},
    engagement::{attachment, comment, contact_import, file},
    error::OrFail,
    identity::{api_client, invitation, membership, password_reset, session},
    record::audit,
    store::Session,
};

/// Rows that are read at once.
pub const PAGE: u64 = 100;

/// Something that a person wrote or did, beside what the audit log says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The row's id, by which rows follow each other.
    pub row: Uuid,
    /// The same as others know it, where they do.
    pub id: Option<AnyId>,
    /// What it is about.
    pub about: Option<AnyId>,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// When.
    pub at: Instant,
    /// Which step it was.
    pub step: Option<String>,
    /// What the person wrote.
    pub text: Option<String>,
}

/// A request for a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reset {
    /// When it was asked for.
    pub created_at: Instant,
    /// When the link was used or made void.
    pub used_at: Option<Instant>,
}

/// The rows of a person behind `after`, in the order of their ids.
fn of<E: EntityTrait>(user: E::Column, id: E::Column, who: UserId, after: Option<Uuid>) -> Select<E> {
    let query = E::find().filter(user.eq(who.uuid())).order_by_asc(id).limit(PAGE);
    match after {
        Some(after) => query.filter(id.gt(after)),
        None => query,
    }
}

/// Every membership that a person ever held, oldest first.
pub async fn memberships(session: &dyn Session, who: UserId) -> Result<Vec<Membership>, Error> {
    use membership::{Column, Entity};
    let held = Entity::find().filter(Column::UserId.eq(who.uuid())).order_by_asc(Column::GrantedAt).order_by_asc(Column::Id);
    held.all(&session.exec()).await.or_fail()?.into_iter().map(Membership::try_from).collect()
}

/// The invitations to an address that are still kept, oldest first.
pub async fn invitations(session: &dyn Session, email: &EmailAddress) -> Result<Vec<Invitation>, Error> {
    use invitation::{Column, Entity};
    let sent = Entity::find().filter(Column::Email.eq(email.as_str())).order_by_asc(Column::Id);
    sent.all(&session.exec()).await.or_fail()?.into_iter().map(Invitation::try_from).collect()
}

/// The sessions of a person that are still kept, oldest first.
pub async fn sessions(session: &dyn Session, who: UserId) -> Result<Vec<identity::Session>, Error> {
    use session::{Column, Entity};
    let begun = Entity::find().filter(Column::UserId.eq(who.uuid())).order_by_asc(Column::Id);
    begun.all(&session.exec()).await.or_fail()?.into_iter().map(identity::Session::try_from).collect()
}

/// The requests for a new password that are still kept, oldest first.
pub async fn resets(session: &dyn Session, who: UserId) -> Result<Vec<Reset>, Error> {
    use password_reset::{Column, Entity};
    let asked = Entity::find().filter(Column::UserId.eq(who.uuid())).order_by_asc(Column::Id);
    let rows = asked.all(&session.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(|row| Reset { created_at: row.created_at, used_at: row.used_at }).collect())
}

/// Participations of a person.
pub async fn participations(session: &dyn Session, who: UserId, after: Option<Uuid>) -> Result<Vec<Participation>, Error> {
    use participation::{Column, Entity};
    let rows = of::<Entity>(Column::UserId, Column::Id, who, after).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Participation::try_from).collect()
}

/// Comments on contacts.
pub async fn contact_comments(session: &dyn Session, who: UserId, after: Option<Uuid>) -> Result<Vec<Left>, Error> {
    use comment::{Column, Entity};
    let rows = of::<Entity>(Column::UserId, Column::Id, who, after).all(&session.exec()).await.or_fail()?;
    let left = |row: comment::Model| Left {
        row: row.id,
        id: Some(Id::<kinds::Comment>::new(row.id).any()),
        about: Some(Id::<kinds::Contact>::new(row.contact_id).any()),
        organisation: Some(Id::new(row.organisation_id)),
        at: row.at,
        step: None,
        text: Some(row.text),
    };
    Ok(rows.into_iter().map(left).collect())
}

/// Attachments of contacts.
pub async fn contact_attachments(session: &dyn Session, who: UserId, after: Option<Uuid>) -> Result<Vec<Left>, Error> {
    use attachment::{Column, Entity};
    let rows = of::<Entity>(Column::UserId, Column::Id, who, after).all(&session.exec()).await.or_fail()?;
    let left = |row: attachment::Model| Left {
        row: row.id,
        id: Some(Id::<kinds::Attachment>::new(row.id).any()),
        about: Some(Id::<kinds::Contact>::new(row.contact_id).any()),
        organisation: Some(Id::new(row.organisation_id)),
        at: row.attached_at,
        step: None,
        text: None,
    };
    Ok(rows.into_iter().map(left).collect())
}

/// Uploaded files: in the place of a text, each one's name.
pub async fn files(session: &dyn Session, who: UserId, after: Option<Uuid>) -> Result<Vec<Left>, Error> {
    use file::{Column, Entity};
    let rows = of::<Entity>(Column::UploadedBy, Column::Id, who, after).all(&session.exec()).await.or_fail()?;
    let left = |row: file::Model| Left {
        row: row.id,
        id: Some(Id::<kinds::File>::new(row.id).any()),
        about: None,
        organisation: Some(Id::new(row.organisation_id)),
        at: row.uploaded_at,
        step: None,
        text: Some(row.name),
    };
    Ok(rows.into_iter().map(left).collect())
}

/// Revisions of minutes. Their text is the meeting's.
pub async fn minutes(session: &dyn Session, who: UserId, after: Option<Uuid>) -> Result<Vec<Left>, Error> {
    use minutes::{Column, Entity};
    let rows = of::<Entity>(Column::UserId, Column::Id, who, after).all(&session.exec()).await.or_fail()?;
    let left = |row: minutes::Model| Left {
        row: row.id,
        id: Some(Id::<kinds::Minutes>::new(row.minutes_id).any()),
        about: Some(Id::<kinds::Meeting>::new(row.meeting_id).any()),
        organisation: row.organisation_id.map(Id::new),
        at: row.at,
        step: Some(row.status),
        text: None,
    };
    Ok(rows.into_iter().map(left).collect())
}

/// Comments on minutes.
pub async fn minutes_comments(session: &dyn Session, who: UserId, after: Option<Uuid>) -> Result<Vec<Left>, Error> {
    use minutes_comment::{Column, Entity};
    let rows = of::<Entity>(Column::UserId, Column::Id, who, after).all(&session.exec()).await.or_fail()?;
    let left = |row: minutes_comment::Model| Left {
        row: row.id,
        id: Some(Id::<kinds::Minutes>::new(row.minutes_id).any()),
        about: Some(Id::<kinds::Meeting>::new(row.meeting_id).any()),
        organisation: Some(Id::new(row.organisation_id)),
        at: row.at,
        step: None,
        text: Some(row.text),
    };
    Ok(rows.into_iter().map(left).collect())
}

/// Acts on commitments.
pub async fn commitment_acts(session: &dyn Session, who: UserId, after: Option<Uuid>) -> Result<Vec<Left>, Error> {
    use commitment_act::{Column, Entity};
    let rows = of::<Entity>(Column::UserId, Column::Id, who, after).all(&session.exec()).await.or_fail()?;
    let left = |row: commitment_act::Model| Left {
        row: row.id,
        id: None,
        about: Some(Id::<kinds::Commitment>::new(row.commitment_id).any()),
        organisation: row.organisation_id.map(Id::new),
        at: row.at,
        step: Some(row.step),
        text: row.note,
    };
    Ok(rows.into_iter().map(left).collect())
}

/// Answers to polls about slots: in the place of a text, each candidate's answer in its order.
pub async fn poll_answers(session: &dyn Session, who: UserId, after: Option<Uuid>) -> Result<Vec<Left>, Error> {
    use slot_answer::{Column, Entity};
    let rows = of::<Entity>(Column::UserId, Column::Id, who, after).all(&session.exec()).await.or_fail()?;
    let left = |row: slot_answer::Model| Left {
        row: row.id,
        id: None,
        about: Some(Id::<kinds::SlotPoll>::new(row.poll_id).any()),
        organisation: Some(Id::new(row.organisation_id)),
        at: row.answered_at,
        step: None,
        text: Some(row.answers),
    };
    Ok(rows.into_iter().map(left).collect())
}

/// API clients that the person made, by their names.
pub async fn api_clients(session: &dyn Session, who: UserId, after: Option<Uuid>) -> Result<Vec<Left>, Error> {
    use api_client::{Column, Entity};
    let rows = of::<Entity>(Column::CreatedBy, Column::Id, who, after).all(&session.exec()).await.or_fail()?;
    let left = |row: api_client::Model| Left {
        row: row.id,
        id: Some(Id::<kinds::ApiClient>::new(row.id).any()),
        about: None,
        organisation: Some(Id::new(row.organisation_id)),
        at: row.created_at,
        step: None,
        text: Some(row.name),
    };
    Ok(rows.into_iter().map(left).collect())
}

/// Imports of contacts that the person asked for: how far each is, and the name of its file.
pub async fn contact_imports(session: &dyn Session, who: UserId, after: Option<Uuid>) -> Result<Vec<Left>, Error> {
    use contact_import::{Column, Entity};
    let rows = of::<Entity>(Column::RequestedBy, Column::Id, who, after).all(&session.exec()).await.or_fail()?;
    let left = |row: contact_import::Model| Left {
        row: row.id,
        id: Some(Id::<kinds::ContactImport>::new(row.id).any()),
        about: Some(Id::<kinds::File>::new(row.file_id).any()),
        organisation: Some(Id::new(row.organisation_id)),
        at: row.requested_at,
        step: Some(row.status),
        text: Some(row.file_name),
    };
    Ok(rows.into_iter().map(left).collect())
}

/// That letters with an entry for a calendar went to the person, about a dialogue, a meeting or a participation: their kind is not kept.
pub async fn calendar_letters(session: &dyn Session, who: UserId, after: Option<Uuid>) -> Result<Vec<Left>, Error> {
    use calendar_letter::{Column, Entity};
    let rows = of::<Entity>(Column::UserId, Column::Id, who, after).all(&session.exec()).await.or_fail()?;
    let left = |row: calendar_letter::Model| Left {
        row: row.id,
        id: None,
        about: None,
        organisation: None,
        at: row.created_at,
        step: None,
        text: None,
    };
    Ok(rows.into_iter().map(left).collect())
}

/// Lines of the audit log of what the person did.
pub async fn acts(session: &dyn Session, who: UserId, after: Option<Uuid>) -> Result<Vec<AuditEntry>, Error> {
    use audit::{Column, Entity};
    let rows = of::<Entity>(Column::UserId, Column::Id, who, after).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(AuditEntry::try_from).collect()
}
