//! What shows that a commitment was kept: it must be there for who names it, and is shown to who may read it.

use tertulia_domain::{
    Faults, Reason, Result,
    dialogue::{Evidence, EvidenceKind},
    id::{Id, Kind},
};
use tertulia_persistence::{Session, directory::channel, engagement::contact, knowledge::publication};

use crate::{App, Ctx, UnitOfWork};

/// Notes each piece that the caller may not read, or that is not there.
pub(super) async fn check_there(uow: &UnitOfWork<'_>, evidence: &[Evidence]) -> Result<()> {
    let there = readable(uow.writer(), uow.ctx(), evidence).await?;
    let mut faults = Faults::default();
    for (index, one) in evidence.iter().enumerate() {
        if !there.contains(one) {
            faults.add(Reason::UnknownId, &format!("evidence.{index}.ref"), "There is no such object, or you may not read it.");
        }
    }
    faults.finish()
}

/// Those of these pieces that the caller may read.
pub async fn seen(app: &App, ctx: &Ctx, evidence: &[Evidence]) -> Result<Vec<Evidence>> {
    readable(&app.reader(ctx), ctx, evidence).await
}

async fn readable(session: &dyn Session, ctx: &Ctx, evidence: &[Evidence]) -> Result<Vec<Evidence>> {
    let (contacts, channels, publications) =
        (ids(evidence, EvidenceKind::Contact), ids(evidence, EvidenceKind::Channel), ids(evidence, EvidenceKind::Publication));
    let mut there: Vec<String> = Vec::new();
    if !contacts.is_empty() {
        there.extend(contact::find_many(session, &ctx.contacts(), &contacts).await?.iter().map(|one| one.id.to_string()));
    }
    if !channels.is_empty() {
        there.extend(channel::find_many(session, &channels).await?.iter().map(|one| one.id.to_string()));
    }
    if !publications.is_empty() {
        there.extend(publication::find_many(session, &ctx.directory(), &publications).await?.iter().map(|one| one.id.to_string()));
    }
    let is_there = |one: &&Evidence| one.kind == EvidenceKind::Url || there.contains(&one.reference);
    Ok(evidence.iter().filter(is_there).cloned().collect())
}

fn ids<K: Kind>(evidence: &[Evidence], kind: EvidenceKind) -> Vec<Id<K>> {
    evidence.iter().filter(|one| one.kind == kind).filter_map(|one| one.reference.parse().ok()).collect()
}
