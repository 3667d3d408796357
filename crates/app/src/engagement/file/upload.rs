//! A file on its way in: written aside piece by piece while its hash and its type are worked out, then kept as a whole.

use sha2::{Digest, Sha256};
use tempfile::TempPath;
use tertulia_domain::{
    Code, Error, Reason, Result,
    engagement::{
        file::{File, name},
        new_contact::id,
    },
    id::OrganisationId,
    identity::organisation_lock::refusal,
    policy::{Act, Grant, Scope},
    record::{
        audit::hex,
        event::{Event, Topic},
    },
};
use tertulia_persistence::{engagement::file, identity::organisation_lock};
use tokio::io::AsyncWriteExt;

use super::content::Look;
use crate::{App, Ctx};

/// A file on its way in. Dropped, nothing of it is left.
#[derive(Debug)]
pub struct Upload<'a> {
    app: &'a App,
    ctx: &'a Ctx,
    grant: Grant,
    organisation: OrganisationId,
    /// Bytes that the organisation may still have.
    room: u64,
    aside: (tokio::fs::File, TempPath),
    hash: Sha256,
    look: Look,
    bytes: u64,
}

/// Begins an upload for the caller's organisation, under the membership `acting_as` if he has several. Of a file whose length is known
/// nothing is read if it is too long.
pub async fn begin<'a>(app: &'a App, ctx: &'a Ctx, acting_as: Option<&str>, length: Option<u64>) -> Result<Upload<'a>> {
    ctx.may(Act::FileUpload)?;
    let acting_as = acting_as.map(id).transpose().map_err(|error| error.under("actingAs"))?;
    let mut own = ctx.actor.members().iter().filter(|member| member.role.is_party() && acting_as.is_none_or(|id| member.id == id));
    let first = own.next().ok_or_else(|| Error::not_found("actingAs"))?;
    if own.any(|other| other.organisation != first.organisation) {
        return Err(Error::invalid(Reason::Required, "actingAs", "You act for several organisations; say for which one."));
    }
    let organisation = first.organisation;
    let grant = ctx.allow_as(Act::FileUpload, &Scope::owned_by(organisation), Some(first.id))?;
    if length.is_some_and(|bytes| bytes > app.files.bytes) {
        return Err(too_long(app));
    }
    let used = file::total(&app.current_reader(ctx), organisation).await?;
    let room = app.files.organisation_bytes.saturating_sub(u64::try_from(used).unwrap_or_default());
    let aside = app.files.shelf()?.aside().await?;
    Ok(Upload { app, ctx, grant, organisation, room, aside, hash: Sha256::new(), look: Look::default(), bytes: 0 })
}

impl Upload<'_> {
    /// Takes the next piece.
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.bytes = self.bytes.saturating_add(piece.len() as u64);
        if self.bytes > self.app.files.bytes {
            return Err(too_long(self.app));
        }
        if self.bytes > self.room {
            let message = "Your organisation has as many bytes of files as it may have.";
            return Err(Error::new(Code::LimitExceeded, Reason::TooMany, "", message));
        }
        self.hash.update(piece);
        self.look.at(piece);
        self.aside.0.write_all(piece).await.map_err(Error::unavailable)
    }

    /// Keeps the file under a name, once everything of it has come.
    pub async fn finish(self, raw_name: Option<&str>) -> Result<File> {
        let (app, ctx) = (self.app, self.ctx);
        let given = raw_name.map(name).transpose().map_err(|error| error.under("name"))?;
        self.aside.0.sync_all().await.map_err(Error::unavailable)?;
        let media_type = self.look.media_type(&self.aside.1, given.as_deref().unwrap_or_default()).await?;
        let file = File {
            id: app.ids.new_id(),
            organisation: self.organisation,
            uploaded_by: self.grant.user(),
            name: media_type.named(given.unwrap_or_else(|| "file".to_owned())),
            media_type,
            bytes: i64::try_from(self.bytes).map_err(Error::internal)?,
            sha256: hex(&self.hash.finalize()),
            uploaded_at: ctx.now,
        };
        // Noted first, so that whoever sweeps leaves the content alone until its file is there.
        let writer = app.store.writer(&ctx.statements);
        file::touch(&writer, &file.sha256, ctx.now).await?;
        writer.commit().await?;
        app.files.shelf()?.keep(self.aside.1, &file.sha256).await?;
        let uow = app.begin(ctx).await?;
        // Bytes may come for minutes, in which the organisation can have been locked.
        if !organisation_lock::find_many(uow.writer(), &[self.organisation]).await?.is_empty() {
            return Err(refusal(""));
        }
        file::insert(uow.writer(), &file).await?;
        uow.commit(self.grant, [Event::new(Topic::FileUploaded, file.id.any())]).await?;
        Ok(file)
    }
}

fn too_long(app: &App) -> Error {
    Error::new(Code::LimitExceeded, Reason::TooLong, "", format!("A file has at most {} bytes.", app.files.bytes))
}
