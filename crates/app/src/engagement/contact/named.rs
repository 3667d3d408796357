//! What a contact names of the directory.

use tertulia_domain::{Error, Reason, Result, directory::platform::PlatformService, engagement::contact::Header, text::CountryCode};
use tertulia_persistence::{directory::instrument, engagement::party};

use crate::{UnitOfWork, engagement::named_election::has_election};

/// When a channel was last answered is told of the company whose it is, so nobody else answers on it.
const ANOTHERS: &str = "The channel of this contact is another platform's.";

/// Refuses a service, now that it is known, of another platform than the channel's that the contact was sent through.
pub(super) async fn check_channel(uow: &UnitOfWork<'_>, header: &Header, service: &PlatformService) -> Result<()> {
    let Some(channel) = header.channel else { return Ok(()) };
    let owner = party::platform_of_channel(uow.writer(), channel).await?;
    if owner == Some(service.platform) { Ok(()) } else { Err(Error::invalid(Reason::NotAnOption, "platformServiceId", ANOTHERS)) }
}

/// Refuses a channel, an election or an instrument that is not there, or is not of this contact's platform or country.
pub(super) async fn check_named(
    uow: &UnitOfWork<'_>,
    header: &Header,
    service: Option<&PlatformService>,
    country: Option<CountryCode>,
) -> Result<()> {
    if let Some(channel) = header.channel {
        let owner = party::platform_of_channel(uow.writer(), channel).await?.ok_or_else(|| Error::not_found("channelId"))?;
        if service.is_some_and(|service| service.platform != owner) {
            return Err(Error::invalid(Reason::NotAnOption, "channelId", ANOTHERS));
        }
    }
    if let Some(election) = header.election
        && !has_election(uow.writer(), election, country).await?
    {
        return Err(Error::not_found("electionId"));
    }
    if let Some(instrument) = header.instrument
        && instrument::find(uow.writer(), &uow.ctx().directory(), instrument).await?.is_none()
    {
        return Err(Error::not_found("instrumentId"));
    }
    Ok(())
}
