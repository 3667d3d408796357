//! Entries of the directory by id, in one statement for everything that a level asks for.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, dataloader::Loader as Loads};
use tertulia_app::directory::{channel, country, election, expert, instrument, organisation, platform, reporting_programme};
use tertulia_domain::{
    Error, Result,
    directory::{
        self,
        country::{M49, RegionLevel},
        election::ElectionOrder,
    },
    id::{ChannelId, ElectionId, ExpertId, InstrumentId, OrganisationId, PlatformServiceId, ReportingProgrammeId},
    page::Position,
    text::CountryCode,
};

use super::{
    channel::Channel, country::Country, election::Election, expert::Expert, instrument::Instrument, organisation::Organisation,
    platform::PlatformService,
};
use crate::graphql::{Loader, Resolving};

macro_rules! by_id {
    ($($id:ty => $entry:ty, $area:ident;)+) => {
        $(impl Loads<$id> for Loader {
            type Value = $entry;
            type Error = Error;

            async fn load(&self, keys: &[$id]) -> Result<HashMap<$id, $entry>> {
                Ok($area::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|entry| (entry.id, entry)).collect())
            }
        })+
    };
}
by_id! {
    OrganisationId => Arc<directory::organisation::Organisation>, organisation;
    PlatformServiceId => Arc<directory::platform::PlatformService>, platform;
    ElectionId => directory::election::Election, election;
    ChannelId => directory::channel::Channel, channel;
    ExpertId => directory::expert::Expert, expert;
    InstrumentId => directory::instrument::Instrument, instrument;
    ReportingProgrammeId => directory::reporting_programme::ReportingProgramme, reporting_programme;
}

impl Loads<CountryCode> for Loader {
    type Value = Arc<directory::country::Country>;
    type Error = Error;

    async fn load(&self, keys: &[CountryCode]) -> Result<HashMap<CountryCode, Self::Value>> {
        Ok(country::by_codes(&self.app, &self.ctx, keys).await?.into_iter().map(|country| (country.code, country)).collect())
    }
}

/// A region with those around it, the smallest first.
pub(super) type RegionLine = Arc<Vec<directory::country::Region>>;

impl Loads<M49> for Loader {
    type Value = RegionLine;
    type Error = Error;

    async fn load(&self, keys: &[M49]) -> Result<HashMap<M49, RegionLine>> {
        let all = country::regions(&self.app, &self.ctx).await?;
        let line = |code: &M49| {
            let find = |code: M49| all.iter().find(|region| region.code == code).cloned();
            let line: Vec<_> =
                std::iter::successors(find(*code), |region| region.parent.and_then(find)).take(RegionLevel::ALL.len()).collect();
            (*code, Arc::new(line))
        };
        Ok(keys.iter().map(line).filter(|(_, line)| !line.is_empty()).collect())
    }
}

/// The services of a company.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ServicesOf(pub(super) OrganisationId);

impl Loads<ServicesOf> for Loader {
    type Value = Arc<Vec<directory::platform::PlatformService>>;
    type Error = Error;

    async fn load(&self, keys: &[ServicesOf]) -> Result<HashMap<ServicesOf, Self::Value>> {
        let companies: Vec<OrganisationId> = keys.iter().map(|key| key.0).collect();
        let mut groups: HashMap<ServicesOf, Vec<_>> = HashMap::new();
        for service in platform::of_platforms(&self.app, &self.ctx, &companies).await? {
            groups.entry(ServicesOf(service.platform)).or_default().push(service);
        }
        Ok(groups.into_iter().map(|(key, services)| (key, Arc::new(services))).collect())
    }
}

/// The elections of a country, in an order.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ElectionsOf(pub(super) CountryCode, pub(super) ElectionOrder);

impl Loads<ElectionsOf> for Loader {
    type Value = Arc<Vec<(directory::election::Election, Position)>>;
    type Error = Error;

    async fn load(&self, keys: &[ElectionsOf]) -> Result<HashMap<ElectionsOf, Self::Value>> {
        let mut groups: HashMap<ElectionsOf, Vec<_>> = HashMap::new();
        for order in ElectionOrder::ALL {
            let countries: Vec<CountryCode> = keys.iter().filter(|key| key.1 == *order).map(|key| key.0).collect();
            if countries.is_empty() {
                continue;
            }
            for (election, position) in election::of_countries(&self.app, &self.ctx, &countries, *order).await? {
                if let Some(country) = election.country {
                    groups.entry(ElectionsOf(country, *order)).or_default().push((election, position));
                }
            }
        }
        Ok(groups.into_iter().map(|(key, elections)| (key, Arc::new(elections))).collect())
    }
}

/// The country with this code, as the directory shows it.
pub async fn country(ctx: &Context<'_>, code: Option<CountryCode>) -> Result<Option<Country>> {
    let Some(code) = code else { return Ok(None) };
    match country::known(ctx.app(), ctx.caller(), code) {
        Some(known) => Ok(Some(Country(known))),
        None => Ok(ctx.loaders().load_one(code).await?.map(Country)),
    }
}

/// The organisation with this id, as the directory shows it.
pub async fn organisation(ctx: &Context<'_>, id: Option<OrganisationId>) -> Result<Option<Organisation>> {
    let Some(id) = id else { return Ok(None) };
    match organisation::known(ctx.app(), ctx.caller(), id) {
        Some(known) => Ok(Some(known.into())),
        None => Ok(ctx.loaders().load_one(id).await?.map(Organisation::from)),
    }
}

/// The service with this id, as the directory shows it.
pub async fn service(ctx: &Context<'_>, id: Option<PlatformServiceId>) -> Result<Option<PlatformService>> {
    let Some(id) = id else { return Ok(None) };
    match platform::known(ctx.app(), ctx.caller(), id) {
        Some(known) => Ok(Some(PlatformService(known))),
        None => Ok(ctx.loaders().load_one(id).await?.map(PlatformService)),
    }
}

/// The election with this id, as the directory shows it.
pub async fn election(ctx: &Context<'_>, id: Option<ElectionId>) -> Result<Option<Election>> {
    let Some(id) = id else { return Ok(None) };
    Ok(ctx.loaders().load_one(id).await?.map(Election))
}

/// The channel with this id, as the reader may read it.
pub async fn channel(ctx: &Context<'_>, id: Option<ChannelId>) -> Result<Option<Channel>> {
    let Some(id) = id else { return Ok(None) };
    Ok(ctx.loaders().load_one(id).await?.map(Channel))
}

/// The expert with this id, if the reader may find the expert now.
pub async fn expert(ctx: &Context<'_>, id: Option<ExpertId>) -> Result<Option<Expert>> {
    let Some(id) = id else { return Ok(None) };
    Ok(ctx.loaders().load_one(id).await?.map(Expert))
}

/// The instrument with this id, if the reader may read it.
pub async fn instrument(ctx: &Context<'_>, id: Option<InstrumentId>) -> Result<Option<Instrument>> {
    let Some(id) = id else { return Ok(None) };
    Ok(ctx.loaders().load_one(id).await?.map(Instrument))
}
