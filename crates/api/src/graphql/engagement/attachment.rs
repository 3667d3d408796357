//! Files attached to contacts.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, ID, Object, dataloader::Loader as Loads};
use tertulia_app::engagement::attachment;
use tertulia_domain::{
    Error, Result,
    engagement::attachment::Attachment,
    id::{AttachmentId, ContactId},
    page::{Page, PageRequest},
    policy::Act,
};

use super::{
    load::grouped,
    party::{self, Organisation, Person},
};
use crate::graphql::{Loader, Resolving, connection::Connection, scalar::DateTime};

/// The attachments of a contact.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct AttachmentsOf(ContactId);

impl Loads<AttachmentsOf> for Loader {
    type Value = Arc<Vec<Attachment>>;
    type Error = Error;

    async fn load(&self, keys: &[AttachmentsOf]) -> Result<HashMap<AttachmentsOf, Self::Value>> {
        let ids: Vec<ContactId> = keys.iter().map(|key| key.0).collect();
        let found = attachment::of_contacts(&self.app, &self.ctx, &ids).await?;
        Ok(grouped(found.into_iter().map(|one| (one.contact, one)).collect(), AttachmentsOf))
    }
}

impl Loads<AttachmentId> for Loader {
    type Value = Attachment;
    type Error = Error;

    async fn load(&self, keys: &[AttachmentId]) -> Result<HashMap<AttachmentId, Attachment>> {
        Ok(attachment::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// A page of the attachments of a contact that the caller reads. They are few, and loaded whole for all contacts of a level.
pub(super) async fn attached(ctx: &Context<'_>, contact: ContactId, request: Result<PageRequest>) -> Result<Connection<ContactAttachment>> {
    let request = request?;
    let all = ctx.loaders().load_one(AttachmentsOf(contact)).await?.unwrap_or_default();
    let count = all.len() as u64;
    let page = Page::of_ids(all.iter().cloned(), &request, |one| one.id.uuid());
    Ok(Connection::new(page.map(ContactAttachment), move || async move { Ok(count) }))
}

/// A file that one side attached to a contact.
pub struct ContactAttachment(pub(crate) Attachment);

/// A file that one side attached to a contact. Who reads the contact reads that it is there; its content the parties take at
/// `GET /v1/files/{fileId}`, always as a download. Never show it in a page of your own without a sandbox: a stranger sent it.
#[Object]
impl ContactAttachment {
    /// The attachment's id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The file's id, under which its content is taken.
    async fn file_id(&self) -> ID {
        self.0.file.id.to_string().into()
    }

    /// The file's name, without folders.
    async fn name(&self) -> &str {
        &self.0.file.name
    }

    /// Its media type (IANA), told by its content.
    async fn media_type(&self) -> &str {
        self.0.file.media_type.as_str()
    }

    /// Its length in bytes.
    async fn bytes(&self) -> i64 {
        self.0.file.bytes
    }

    /// The SHA-256 of its content, in hexadecimal.
    async fn sha256(&self) -> &str {
        &self.0.file.sha256
    }

    /// When it was uploaded.
    async fn uploaded_at(&self) -> DateTime {
        DateTime(self.0.file.uploaded_at)
    }

    /// Who uploaded it, for members of the person's own organisation; null for everybody else, without an error.
    async fn uploaded_by(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        party::person(ctx, self.0.file.organisation, self.0.file.uploaded_by).await.transpose()
    }

    /// When it was attached.
    async fn attached_at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// The organisation that attached it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        party::organisation(ctx, self.0.organisation).await.transpose()
    }

    /// Who attached it, for members of the person's own organisation; null for everybody else, without an error.
    async fn attached_by(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        party::person(ctx, self.0.organisation, self.0.person).await.transpose()
    }

    /// When its side took it back after the contact was sent; null if it did not. Both sides still read it, since what was said stays.
    async fn detached_at(&self) -> Option<DateTime> {
        self.0.detached.as_ref().map(|detached| DateTime(detached.at))
    }

    /// Why it was taken back.
    async fn detach_reason(&self) -> Option<&str> {
        self.0.detached.as_ref().map(|detached| detached.reason.as_str())
    }

    /// Whether you may take it back (`contactDetach`).
    async fn can_detach(&self, ctx: &Context<'_>) -> bool {
        let caller = ctx.caller();
        self.0.detached.is_none() && party::shows_own(ctx, self.0.organisation) && caller.may(Act::ContactDetach).is_ok()
    }
}
