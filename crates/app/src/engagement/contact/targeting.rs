//! Which target binds a contact when it is sent.

use chrono::Days;
use chrono_tz::Tz;
use tertulia_domain::{
    Result,
    directory::election::ElectionFields,
    engagement::{
        binding::{Asked, binding},
        contact::Contact,
        election_span::MOST_DAYS,
        response_target::ResponseTarget,
        target::Bound,
        vocabulary::Direction,
    },
    time::{Instant, zone},
};
use tertulia_persistence::directory::{country, election};

use crate::UnitOfWork;

/// Keeps with a contact the target that binds it, as it is now, for the moment of sending. One that is bound stays so. Elections are looked up
/// only where a target of the hours around a poll might bind.
pub(super) async fn bind(uow: &UnitOfWork<'_>, contact: &mut Contact, targets: &[ResponseTarget], sent_at: Instant) -> Result<()> {
    let (Some(platform), Some(service)) = (contact.platform, contact.service) else { return Ok(()) };
    if contact.bound.is_some() || contact.header.direction != Direction::EbToPlatform {
        return Ok(());
    }
    let (country, kind, urgency) = (contact.country, contact.header.kind, contact.header.urgency);
    let asked = Asked { platform, service, country, kind, urgency, sent_at };
    let concerned: Vec<&ResponseTarget> = targets.iter().filter(|target| target.concerns(&asked)).collect();
    let (elections, zones) = if concerned.iter().any(|target| target.applies_when.is_some()) {
        polls_around(uow, contact, sent_at).await?
    } else {
        (Vec::new(), Vec::new())
    };
    let bound = binding(concerned, &asked, &elections, &zones);
    contact.bound = bound.map(|target| Bound { target: target.frozen(), course: None });
    Ok(())
}

/// The elections of the contact's country near a moment, the one that the contact names, and the country's zones.
async fn polls_around(uow: &UnitOfWork<'_>, contact: &Contact, at: Instant) -> Result<(Vec<ElectionFields>, Vec<Tz>)> {
    // A day more on each side, since a day begins elsewhere before it does in UTC.
    let reach = Days::new(u64::try_from(MOST_DAYS).unwrap_or_default() + 2);
    let day = at.date_naive();
    let (from, to) = (day.checked_sub_days(reach).unwrap_or(day), day.checked_add_days(reach).unwrap_or(day));
    let codes: Vec<_> = contact.country.into_iter().collect();
    let mut elections = election::within(uow.writer(), &codes, from, to).await?;
    if let Some(named) = contact.header.election
        && elections.iter().all(|election| election.id != named)
    {
        elections.extend(election::find(uow.writer(), named).await?);
    }
    let countries = country::find_many(uow.writer(), &codes).await?;
    let zones = countries.iter().flat_map(|country| &country.time_zones).filter_map(|name| zone(name).ok()).collect();
    Ok((elections.into_iter().map(|election| election.fields).collect(), zones))
}
