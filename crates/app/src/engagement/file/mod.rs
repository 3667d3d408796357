//! Uploaded files: taken in piece by piece, kept by their content, given out to who may read them.

mod check;
mod content;
mod shelf;
mod sweep;
mod upload;

use std::ops::Range;

use chrono::TimeDelta;
use tertulia_domain::{
    Error, Result,
    engagement::{attachment::Bounds, file::File},
    id::FileId,
    policy::{Act, Grant, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{
    Session,
    engagement::{attachment, contact as contacts, file},
};

use self::shelf::Shelf;
pub(crate) use self::sweep::sweep;
pub use self::{
    check::{check, warn_if_unusable},
    shelf::{BucketSettings, Content, Place},
    upload::{Upload, begin},
};
use crate::{App, Ctx, engagement::contact};

/// Where uploaded files lie, and how large they may be.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder or bucket; without one nothing can be uploaded.
    pub place: Option<Place>,
    /// Bytes of one file.
    pub bytes: u64,
    /// Bytes of all files of one organisation.
    pub organisation_bytes: u64,
    /// How much may be attached to one contact.
    pub attached: Bounds,
    /// Rows of a file of contacts that is imported.
    pub import_rows: u32,
    /// How long a file is kept that nothing uses.
    pub unused: TimeDelta,
}

/// Where uploaded files lie, and their limits.
#[derive(Debug)]
pub(crate) struct Files {
    shelf: Option<Shelf>,
    pub(crate) bytes: u64,
    pub(crate) attached: Bounds,
    organisation_bytes: u64,
    unused: TimeDelta,
}

impl Files {
    pub(crate) fn new(settings: Settings) -> Result<Self> {
        let Settings { place, bytes, organisation_bytes, attached, import_rows: _, unused } = settings;
        Ok(Self { shelf: place.map(Shelf::new).transpose()?, bytes, attached, organisation_bytes, unused })
    }

    /// Where the contents lie.
    pub(crate) fn shelf(&self) -> Result<&Shelf> {
        self.shelf
            .as_ref()
            .ok_or_else(|| Error::forbidden("This server takes no files: the operator has set neither a folder nor a bucket for them."))
    }
}

/// A file that the caller may read.
#[derive(Debug)]
pub struct Download<'a> {
    app: &'a App,
    ctx: &'a Ctx,
    grant: Grant,
    /// What is known of it.
    pub file: File,
}

impl Download<'_> {
    /// Opens these of its bytes for reading, and notes that they were read.
    ///
    /// # Errors
    /// `UNAVAILABLE` where the place of contents does not answer.
    pub async fn open(self, range: Range<u64>) -> Result<Content> {
        let content = self.app.files.shelf()?.open((&self.file).into(), range).await?;
        let uow = self.app.begin(self.ctx).await?;
        uow.commit(self.grant, [Event::new(Topic::FileDownloaded, self.file.id.any())]).await?;
        Ok(content)
    }
}

/// Whether a file is attached to contacts alone that the caller may not read: whatever may be done with files of his organisation, this
/// one he may not know.
pub(in crate::engagement) async fn is_hidden(session: &dyn Session, ctx: &Ctx, id: FileId) -> Result<bool> {
    let attached_to = attachment::contacts_of(session, id).await?;
    Ok(!attached_to.is_empty() && contacts::find_many(session, &ctx.contacts(), &attached_to).await?.is_empty())
}

/// Finds a file to read. What is attached to contacts is read by the parties of those that the caller reads; anything else by members of
/// the organisation that uploaded it.
///
/// # Errors
/// `NOT_FOUND` for a file that the caller may not read.
pub async fn download<'a>(app: &'a App, ctx: &'a Ctx, id: FileId) -> Result<Download<'a>> {
    ctx.may(Act::FileDownload)?;
    let reader = app.reader(ctx);
    let file = file::find(&reader, id).await?.ok_or_else(|| Error::not_found(""))?;
    let attached_to = attachment::contacts_of(&reader, id).await?;
    let scopes: Vec<Scope> = if attached_to.is_empty() {
        vec![Scope::owned_by(file.organisation)]
    } else {
        contact::by_ids(app, ctx, &attached_to).await?.iter().map(contact::scope).collect()
    };
    let grant = scopes.iter().find_map(|scope| ctx.allow(Act::FileDownload, scope).ok()).ok_or_else(|| Error::not_found(""))?;
    Ok(Download { app, ctx, grant, file })
}
