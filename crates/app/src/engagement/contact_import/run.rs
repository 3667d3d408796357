//! The servers' work on imports: one server at a time takes an import, and goes on after the last batch that was kept, whoever kept it.

use std::{collections::HashSet, fs::File, sync::Arc};

use chrono::TimeDelta;
use tertulia_domain::{
    Code, Error, Reason, Result,
    engagement::{
        contact_import::{ContactImport, ImportStatus, Moments, Names, Report},
        file::MediaType,
    },
    policy::{Act, Scope},
    record::event::{Event, Topic},
    time::zone,
};
use tertulia_persistence::engagement::{
    contact_import::{self as imports, Hold, Taken},
    contact_import_row, file,
};
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    batch::{Batch, Outcome},
    names,
    sheet::Lines,
    survey::{Refused, Survey, survey},
};
use crate::{App, Ctx, asked::take_up};

/// How long a server's hold on an import lasts: longer than it takes to look through the largest file, and to keep a batch.
const HELD: TimeDelta = TimeDelta::minutes(2);
/// Rows that are kept in one transaction.
const ROWS: usize = 200;
/// How often an import is taken without a row being kept, before it is given up.
const ATTEMPTS: i64 = 5;
/// How often a server may stop working at an import without a word, as one does that dies: more may be the file's doing.
const LAPSES: i64 = 3;

/// Imports until `stop` says so, finishing the batch that is under way.
pub(crate) async fn run(app: Arc<App>, stop: watch::Receiver<bool>) {
    take_up((&app, &app.imports.asked), &stop, "an import", turn).await;
}

/// Works at one import, if one waits; says whether one did.
async fn turn(app: &App, holder: Uuid, stop: &watch::Receiver<bool>) -> Result<bool> {
    let ctx = app.system();
    if !imports::is_waiting(&app.current_reader(&ctx), holder, ctx.now).await? {
        return Ok(false);
    }
    let writer = app.store.writer(&ctx.statements);
    let taken = imports::take(&writer, Hold { holder, until: ctx.now + HELD }, ctx.now).await?;
    writer.commit().await?;
    let Some(Taken { import, attempts, lapses }) = taken else { return Ok(false) };
    let mut work = Work { app, holder, import };
    if attempts > ATTEMPTS || lapses > LAPSES {
        work.fail(Reason::ServerFault, "The server could not import this file. Tell the operator.", Vec::new()).await?;
        return Ok(true);
    }
    work.all(stop).await?;
    Ok(true)
}

/// An import while a server works at it.
struct Work<'a> {
    app: &'a App,
    holder: Uuid,
    import: ContactImport,
}

/// What stays the same for all rows.
pub(super) struct Known {
    pub(super) survey: Survey,
    pub(super) moments: Moments,
    pub(super) names: Names,
}

impl Work<'_> {
    fn hold(&self, ctx: &Ctx) -> Hold {
        Hold { holder: self.holder, until: ctx.now + HELD }
    }

    async fn all(&mut self, stop: &watch::Receiver<bool>) -> Result<()> {
        let ctx = self.app.system();
        let found = file::find_many(&self.app.current_reader(&ctx), &[self.import.electoral_body], &[self.import.file]).await?.pop();
        let Some(uploaded) = found else {
            return self.fail(Reason::UnknownId, "The file is not there any more. Upload it again.", Vec::new()).await;
        };
        let content = match self.app.files.shelf()?.local((&uploaded).into()).await {
            // It is tried again as often as is needed until the place of contents answers.
            Err(error) if error.code == Code::Unavailable => {
                self.release().await?;
                return Err(error);
            }
            content => Arc::new(content?),
        };
        let survey = survey(&content, uploaded.media_type, &self.import.order, self.app.imports.rows).await;
        let survey = match survey {
            Ok(survey) => survey,
            Err(Refused::Headers(reports)) => {
                return self.fail(Reason::Malformed, "The headers of the columns do not say what is needed.", reports).await;
            }
            Err(Refused::File(error)) if error.code == Code::Internal => return Err(error),
            Err(Refused::File(error)) => {
                let fault = error.faults.first().map(|fault| (fault.reason, fault.message.clone()));
                let (reason, message) = fault.unwrap_or((Reason::Malformed, "The file cannot be read.".to_owned()));
                return self.fail(reason, &message, Vec::new()).await;
            }
        };
        let moments = Moments { zone: zone(&self.import.order.time_zone)?, order: self.import.order.date_order };
        let known = Known { survey, moments, names: names::known(self.app, &self.import).await? };
        if !self.begin(&known).await? {
            return Ok(());
        }
        self.rows(&content, uploaded.media_type, &known, stop).await
    }

    /// Notes what was found out. What is only checked begins anew: nothing is kept that would tell which rows came before.
    async fn begin(&mut self, known: &Known) -> Result<bool> {
        let ctx = self.app.system();
        let writer = self.app.store.writer(&ctx.statements);
        if !imports::renew(&writer, self.import.id, self.hold(&ctx)).await? {
            return Ok(false);
        }
        self.import.status = ImportStatus::Running;
        self.import.total = Some(known.survey.rows);
        self.import.ignored = known.survey.columns.ignored();
        if self.import.order.dry_run {
            (self.import.line, self.import.accepted, self.import.rejected, self.import.duplicate) = (0, 0, 0, 0);
            contact_import_row::delete_reports(&writer, self.import.id).await?;
        }
        imports::keep(&writer, &self.import).await?;
        writer.commit().await?;
        Ok(true)
    }

    async fn rows(&mut self, content: &Arc<File>, kind: MediaType, known: &Known, stop: &watch::Receiver<bool>) -> Result<()> {
        let mut lines = Lines::read(Arc::clone(content), kind, self.import.line, ROWS);
        let mut seen = HashSet::new();
        // The headers stand above the rows, and are not one of them.
        let mut is_first = self.import.line == 0;
        while let Some(batch) = lines.next().await {
            if *stop.borrow() {
                return self.release().await;
            }
            let mut batch = batch?;
            if std::mem::take(&mut is_first) && !batch.is_empty() {
                batch.remove(0);
            }
            // What comes after the last row is nothing, and no step ahead.
            if batch.is_empty() {
                continue;
            }
            let ctx = self.app.system();
            match Batch::of(self.app, &self.import, known, &batch, &mut seen).keep(self.hold(&ctx)).await? {
                Outcome::Kept(import) => self.import = *import,
                Outcome::Lost => return Ok(()),
                Outcome::NotPermitted => {
                    let message = "Who asked for this import may not log contacts for this body any more.";
                    return self.fail(Reason::NotPermitted, message, Vec::new()).await;
                }
            }
        }
        let looked_at = self.import.accepted + self.import.rejected + self.import.duplicate;
        if self.import.total != Some(looked_at) {
            return Err(Error::broken("an import did not look at every row"));
        }
        self.end(ImportStatus::Done, Topic::ContactsImported, Vec::new()).await
    }

    /// Leaves the rest to another server.
    async fn release(&self) -> Result<()> {
        let ctx = self.app.system();
        let writer = self.app.store.writer(&ctx.statements);
        imports::release(&writer, self.import.id, self.holder).await?;
        writer.commit().await
    }

    async fn fail(&mut self, reason: Reason, message: &str, reports: Vec<Report>) -> Result<()> {
        self.import.failure = Some((reason, message.to_owned()));
        self.end(ImportStatus::Failed, Topic::ContactsImportFailed, reports).await
    }

    /// Ends the import, unless somebody stopped it.
    async fn end(&mut self, status: ImportStatus, topic: Topic, reports: Vec<Report>) -> Result<()> {
        let ctx = self.app.system();
        let grant = ctx.allow(Act::ContactsImportEnd, &Scope::owned_by(self.import.electoral_body))?;
        let uow = self.app.begin(&ctx).await?;
        if !imports::renew(uow.writer(), self.import.id, self.hold(&ctx)).await? {
            return Ok(());
        }
        (self.import.status, self.import.finished_at) = (status, Some(ctx.now));
        let reports: Vec<_> = reports.into_iter().map(|report| (self.app.ids.uuid(), report)).collect();
        contact_import_row::insert_reports(uow.writer(), self.import.id, &reports).await?;
        imports::keep(uow.writer(), &self.import).await?;
        uow.commit(grant, [Event::new(topic, self.import.id.any())]).await
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::File(error)
    }
}
