//! Uploaded files: taken in piece by piece, kept by their content, given out to who may read them.

mod content;
mod shelf;
mod sweep;
mod upload;

use std::path::PathBuf;

use chrono::TimeDelta;
use tertulia_domain::{
    Error, Result,
    engagement::file::File,
    id::{FileId, OrganisationId},
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::engagement::file;

pub use self::upload::{Upload, begin};
pub(crate) use self::{shelf::Shelf, sweep::sweep};
use crate::{App, Ctx};

/// Where uploaded files lie, and how large they may be.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder; without one nothing can be uploaded.
    pub folder: Option<PathBuf>,
    /// Bytes of one file.
    pub bytes: u64,
    /// Bytes of all files of one organisation.
    pub organisation_bytes: u64,
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
    organisation_bytes: u64,
    unused: TimeDelta,
}

impl Files {
    pub(crate) fn new(settings: Settings) -> Self {
        let Settings { folder, bytes, organisation_bytes, import_rows: _, unused } = settings;
        Self { shelf: folder.map(Shelf::new), bytes, organisation_bytes, unused }
    }

    /// Where the contents lie.
    pub(crate) fn shelf(&self) -> Result<&Shelf> {
        self.shelf.as_ref().ok_or_else(|| Error::forbidden("This server takes no files: the operator has set no folder for them."))
    }
}

/// A file on its way to who asked for it.
#[derive(Debug)]
pub struct Download {
    /// What is known of it.
    pub file: File,
    /// Its content, from the beginning.
    pub content: tokio::fs::File,
}

/// Opens a file for reading, and notes that it was read.
pub async fn download(app: &App, ctx: &Ctx, id: FileId) -> Result<Download> {
    ctx.may(Act::FileDownload)?;
    let file = find(app, ctx, id).await?.ok_or_else(|| Error::not_found(""))?;
    let grant = ctx.allow(Act::FileDownload, &Scope::owned_by(file.organisation))?;
    let content = app.files.shelf()?.open(&file.sha256).await?;
    let uow = app.begin(ctx).await?;
    uow.commit(grant, [Event::new(Topic::FileDownloaded, file.id.any())]).await?;
    Ok(Download { file, content })
}

/// The file, if the caller's organisation uploaded it.
async fn find(app: &App, ctx: &Ctx, id: FileId) -> Result<Option<File>> {
    let own: Vec<OrganisationId> = ctx.actor.members().iter().filter(|member| member.role.is_party()).map(|one| one.organisation).collect();
    Ok(file::find_many(&app.reader(ctx), &own, &[id]).await?.pop())
}
