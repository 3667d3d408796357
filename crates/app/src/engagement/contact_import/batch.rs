//! Some rows of a file: read, checked and kept together with how far the import is.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use sha2::{Digest, Sha256};
use tertulia_domain::{
    Error, Reason, Result,
    engagement::{
        contact_import::{ContactImport, Planned, Report, read},
        new_contact::id,
        vocabulary::Side,
    },
    error::Fault,
    id::{ContactId, IncidentId},
    policy::{Act, Grant, Scope},
    record::{
        audit::hex,
        event::{Event, Topic},
    },
    time::Instant,
};
use tertulia_persistence::engagement::{
    contact_import::{self as imports, Hold},
    contact_import_row, incident as incidents, incident_contact,
};

use super::{names::requester, run::Known, sheet::Line};
use crate::{
    App, UnitOfWork,
    engagement::{
        contact::{Logged, Logging, keep_logged},
        incident,
    },
};

/// What became of a batch.
pub(super) enum Outcome {
    /// It was kept; how far the import is now.
    Kept(Box<ContactImport>),
    /// Another server works at the import, or somebody stopped it.
    Lost,
    /// Who asked for the import may not log contacts any more.
    NotPermitted,
}

/// Some rows of a file.
pub(super) struct Batch<'a> {
    app: &'a App,
    import: ContactImport,
    known: &'a Known,
    lines: &'a [Line],
    /// What the rows before said, for an import that keeps nothing.
    seen: &'a mut HashSet<String>,
    /// Which contacts of the batch belong to which incidents.
    incidents: BTreeMap<IncidentId, Vec<ContactId>>,
    reports: Vec<Report>,
}

/// A row that can be read.
struct Row<'a> {
    line: &'a Line,
    planned: Planned,
    /// What it says, as a hash.
    said: String,
}

impl<'a> Batch<'a> {
    pub(super) fn of(app: &'a App, import: &ContactImport, known: &'a Known, lines: &'a [Line], seen: &'a mut HashSet<String>) -> Self {
        Self { app, import: import.clone(), known, lines, seen, incidents: BTreeMap::new(), reports: Vec::new() }
    }

    /// Keeps the batch: the contacts, what is reported, and how far the import is, in one transaction.
    pub(super) async fn keep(mut self, hold: Hold) -> Result<Outcome> {
        let ctx = requester(self.app, &self.import).await?;
        let scope = Scope::owned_by(self.import.electoral_body);
        let may = ctx.allow_as(Act::ContactsImport, &scope, Some(self.import.membership));
        let (Ok(_), Ok(grant)) = (may, ctx.allow_as(Act::ContactLog, &scope, Some(self.import.membership))) else {
            return Ok(Outcome::NotPermitted);
        };
        let rows = self.read(ctx.now);
        let logging = Logging::begin(self.app, &ctx, &grant).await?;
        let uow = self.app.begin(&ctx).await?;
        if !imports::renew(uow.writer(), self.import.id, hold).await? {
            return Ok(Outcome::Lost);
        }
        hold_incidents(&uow, &rows).await?;
        let logged = self.check(&uow, &logging, rows).await?;
        let contacts: Vec<&Logged> = logged.iter().map(|(_, logged)| logged).collect();
        if !self.import.order.dry_run {
            keep_logged(&uow, &contacts).await?;
            for (incident, contacts) in &self.incidents {
                for contact in contacts {
                    incident_contact::insert(uow.writer(), *incident, *contact, ctx.now).await?;
                }
            }
            let said = logged.iter().map(|(said, logged)| (self.app.ids.uuid(), said.clone(), logged.id()));
            let said: Vec<_> = said.collect();
            contact_import_row::insert_said(uow.writer(), self.import.electoral_body, said).await?;
        }
        self.import.accepted += i64::try_from(logged.len()).unwrap_or_default();
        self.import.line = self.lines.last().map_or(self.import.line, |line| line.number);
        let reports: Vec<_> = self.reports.drain(..).map(|report| (self.app.ids.uuid(), report)).collect();
        contact_import_row::insert_reports(uow.writer(), self.import.id, &reports).await?;
        imports::keep(uow.writer(), &self.import).await?;
        // What is only checked begins anew with each attempt, so none of its batches is a step ahead.
        if !self.import.order.dry_run {
            imports::advanced(uow.writer(), self.import.id).await?;
        }
        let ids: Vec<ContactId> = contacts.iter().map(|logged| logged.id()).collect();
        let incidents: Vec<IncidentId> = self.incidents.keys().copied().collect();
        commit(uow, grant, (&ids, &incidents), self.import.order.dry_run).await?;
        Ok(Outcome::Kept(Box::new(self.import)))
    }

    /// Reports a fault of a row: of several of one kind in a cell the first.
    fn report(&mut self, line: i64, column: Option<String>, fault: Fault) {
        let report = Report { line, column, reason: fault.reason, message: fault.message };
        let is_told = |told: &Report| told.line == line && told.column == report.column && told.reason == report.reason;
        if !self.reports.iter().rev().take_while(|told| told.line == line).any(is_told) {
            self.reports.push(report);
        }
    }

    /// The rows that can be read. Of one that cannot, what else is wrong with it is told too.
    fn read(&mut self, now: Instant) -> Vec<Row<'a>> {
        let columns = &self.known.survey.columns;
        let mut rows = Vec::with_capacity(self.lines.len());
        for line in self.lines {
            let planned = read(columns, &line.cells, self.known.moments, &self.known.names);
            if planned.faults.is_empty() {
                rows.push(Row { line, said: hex(&Sha256::digest(&planned.said)), planned });
                continue;
            }
            self.import.rejected += 1;
            let unread: Vec<Option<String>> = planned.faults.iter().map(|fault| fault.path.first().cloned()).collect();
            let is_partly_read = planned.faults.iter().any(|fault| fault.reason == Reason::TooLong);
            for fault in &planned.faults {
                self.report(line.number, fault.path.first().cloned(), fault.clone());
            }
            let checked = planned.contact.check(Side::ElectoralBody, now, || self.app.ids.new_id());
            for fault in checked.err().into_iter().flat_map(|error| error.faults) {
                let column = planned.column(columns, &fault).map(str::to_owned);
                // A row may lack what a cell says that was too long to be read.
                if !unread.contains(&column) && (column.is_some() || !is_partly_read) {
                    self.report(line.number, column, fault);
                }
            }
        }
        rows
    }

    /// The rows that are new and whose contacts may be kept as they are, with what they say.
    async fn check(&mut self, uow: &UnitOfWork<'_>, logging: &Logging, rows: Vec<Row<'a>>) -> Result<Vec<(String, Logged)>> {
        let all: Vec<String> = rows.iter().map(|row| row.said.clone()).collect();
        let before = contact_import_row::find_said(uow.writer(), self.import.electoral_body, &all).await?;
        let mut logged: Vec<(String, Logged)> = Vec::with_capacity(rows.len());
        for row in rows {
            let is_here = logged.iter().any(|(said, _)| *said == row.said);
            if before.contains_key(&row.said) || is_here || self.seen.contains(&row.said) {
                self.import.duplicate += 1;
                let message = "This row was imported before, in this file or another; it is left out.".to_owned();
                self.report(row.line.number, None, Fault { reason: Reason::Duplicate, path: Vec::new(), message });
                continue;
            }
            match self.checked(uow, logging, &row).await {
                Ok(contact) => logged.push((row.said, contact)),
                Err(error) if error.code.is_users() => self.reject(&row, error),
                Err(error) => return Err(error),
            }
        }
        if self.import.order.dry_run {
            self.seen.extend(logged.iter().map(|(said, _)| said.clone()));
        }
        Ok(logged)
    }

    /// A row's contact, which its incident takes in if it names one.
    async fn checked(&mut self, uow: &UnitOfWork<'_>, logging: &Logging, row: &Row<'_>) -> Result<Logged> {
        let logged = logging.check(uow, &row.planned.contact).await?;
        let wanted = row.planned.contact.incident.as_deref().map(id).transpose()?;
        if let Some(wanted) = wanted {
            let beside = self.incidents.get(&wanted).map_or(0, Vec::len) as u64;
            incident::take_in(uow, wanted, self.import.electoral_body, beside).await?;
            self.incidents.entry(wanted).or_default().push(logged.id());
        }
        Ok(logged)
    }

    fn reject(&mut self, row: &Row<'_>, error: Error) {
        self.import.rejected += 1;
        for fault in error.faults {
            let column = row.planned.column(&self.known.survey.columns, &fault).map(str::to_owned);
            self.report(row.line.number, column, fault);
        }
    }
}

/// Holds the incidents that the rows name, in one order, before any row takes its own: two imports may name the same. What is wrong with one
/// is told with its row.
async fn hold_incidents(uow: &UnitOfWork<'_>, rows: &[Row<'_>]) -> Result<()> {
    let named = rows.iter().filter_map(|row| row.planned.contact.incident.as_deref()?.parse().ok());
    let named: BTreeSet<IncidentId> = named.collect();
    if named.is_empty() { Ok(()) } else { incidents::hold_all(uow.writer(), named).await }
}

/// Commits, with an event of each contact as if it had been logged by hand.
async fn commit(uow: UnitOfWork<'_>, grant: Grant, kept: (&[ContactId], &[IncidentId]), is_dry: bool) -> Result<()> {
    let (contacts, incidents) = kept;
    if is_dry || contacts.is_empty() {
        return uow.commit_progress().await;
    }
    let logged = contacts.iter().map(|id| Event::new(Topic::ContactLogged, id.any()));
    uow.commit(grant, logged.chain(incidents.iter().map(|id| Event::new(Topic::IncidentContactAdded, id.any())))).await
}
