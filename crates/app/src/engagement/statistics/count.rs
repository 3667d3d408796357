//! Counts a contact in the transaction of the act that changes it.

use std::sync::Arc;

use tertulia_domain::{
    Result,
    directory::election::ElectionFields,
    engagement::{
        contact::Contact,
        fact::Fact,
        statistics::{
            counted::Counted,
            phase::{ElectionPhase, phase_at},
        },
        vocabulary::Direction,
    },
    text::CountryCode,
    time::Instant,
};
use tertulia_persistence::{
    Session, Writer,
    directory::election,
    engagement::statistics::counted_fresh::{Row, put},
};

use crate::{
    App, Ctx, UnitOfWork,
    directory::votes::{Votes, votes},
};

/// Counts a contact by all its facts, as it is about to be kept. `sent_before` is when it was sent by what was known before the act: the phase
/// of the election is that of the sending as elections were known when it was told, and does not change with them.
pub(in crate::engagement) async fn count(
    uow: &UnitOfWork<'_>,
    contact: &Contact,
    facts: &[Fact],
    sent_before: Option<Instant>,
) -> Result<()> {
    let Some(sent_at) = sent_at(contact) else { return Ok(()) };
    let phase = match sent_before {
        Some(before) if before == sent_at => None,
        _ => Some(phase(uow.app(), uow.ctx(), uow.writer(), (contact, sent_at)).await?),
    };
    let counted = Counted::of(contact, facts, ElectionPhase::Outside);
    put(uow.writer(), vec![Row { contact, counted, phase }]).await
}

/// When the contact was sent, if it may ever count; the others have no row.
pub(super) fn sent_at(contact: &Contact) -> Option<Instant> {
    let may_count = contact.header.direction == Direction::EbToPlatform && contact.header.kind.expects_answer();
    contact.life.sent_at.filter(|_| may_count)
}

/// The phase in which a contact was sent: of the election that it names, else of any of its country.
pub(super) async fn phase(app: &App, ctx: &Ctx, writer: &Writer, (contact, at): (&Contact, Instant)) -> Result<ElectionPhase> {
    let country: Vec<CountryCode> = contact.country.into_iter().collect();
    let of_country = votes(app, ctx, writer, &country).await?.pop();
    let named = match contact.header.election {
        Some(named) if of_country.as_ref().is_none_or(|votes| votes.elections.iter().all(|one| one.id != named)) => {
            election::find(writer as &dyn Session, named).await?.map(|election| election.fields)
        }
        _ => None,
    };
    Ok(phase_of(of_country.as_deref(), named.as_ref(), (contact, at)))
}

fn phase_of(votes: Option<&Votes>, named: Option<&ElectionFields>, (contact, at): (&Contact, Instant)) -> ElectionPhase {
    let zones = votes.map_or(&[][..], |votes| &votes.zones);
    let of_country = votes.map_or(&[][..], |votes| &votes.elections);
    if let Some(named) = named {
        return phase_at([named], zones, at);
    }
    let chosen = |id| contact.header.election.is_none_or(|named| named == id);
    phase_at(of_country.iter().filter(|election| chosen(election.id)).map(|election| &election.fields), zones, at)
}

/// Counts contacts that are new, in one statement.
pub(in crate::engagement) async fn count_logged(uow: &UnitOfWork<'_>, logged: &[(&Contact, Vec<Fact>)]) -> Result<()> {
    let mut rows = Vec::with_capacity(logged.len());
    for (contact, facts) in logged {
        let Some(at) = sent_at(contact) else { continue };
        let phase = Some(phase(uow.app(), uow.ctx(), uow.writer(), (contact, at)).await?);
        rows.push(Row { contact, counted: Counted::of(contact, facts, ElectionPhase::Outside), phase });
    }
    put(uow.writer(), rows).await
}

/// Counts contacts that a generator made, each with how it counts, in one statement. They name no election.
pub(in crate::engagement) async fn count_generated(
    uow: &UnitOfWork<'_>,
    made: impl Iterator<Item = (&Contact, Option<Counted>)>,
    votes: &[Arc<Votes>],
) -> Result<()> {
    let rows = made.filter_map(|(contact, counted)| {
        let of_country = votes.iter().find(|votes| Some(votes.country) == contact.country);
        let phase = Some(phase_of(of_country.map(AsRef::as_ref), None, (contact, sent_at(contact)?)));
        Some(Row { contact, counted, phase })
    });
    put(uow.writer(), rows.collect()).await
}
