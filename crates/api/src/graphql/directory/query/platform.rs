//! Queries about services and channels.

use async_graphql::{Context, ID, InputObject, Object};
use tertulia_app::{
    directory::{channel, platform},
    engagement::channel_answers,
};
use tertulia_domain::{
    Faults, Result,
    directory::{channel as channels, platform as words},
    text::{CountryCode as Code, LanguageTag as Tag, SearchTerm},
};

use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    directory::{
        channel::Channel,
        platform::PlatformService,
        words::{ChannelKind, ChannelOrder, ChannelStatus, DsaStatus, PlatformServiceOrder, PlatformServiceType},
    },
    engagement::words::ContactKind,
    ids,
    scalar::{CountryCode, LanguageTag},
};

/// What a list of services is narrowed to; everything given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PlatformServiceFilter {
    /// Words found in any name of the service or of its company; case and accents do not matter.
    search: Option<String>,
    /// Services of any of these types.
    types: Option<Vec<PlatformServiceType>>,
    /// Services of this company.
    platform_id: Option<ID>,
    /// Services with any of these standings under the Digital Services Act.
    dsa_status: Option<Vec<DsaStatus>>,
    /// Whether services that are no longer offered are shown beside the others.
    include_historical: Option<bool>,
}

impl PlatformServiceFilter {
    fn read(self) -> Result<words::PlatformServiceFilter> {
        let mut faults = Faults::default();
        let filter = words::PlatformServiceFilter {
            search: self.search.and_then(|search| faults.check("filter.search", SearchTerm::parse(&search))),
            types: self.types.unwrap_or_default().into_iter().map(Into::into).collect(),
            platform: ids::noted(&mut faults, "filter.platformId", self.platform_id.as_ref()),
            dsa_statuses: self.dsa_status.unwrap_or_default().into_iter().map(Into::into).collect(),
            include_historical: self.include_historical.unwrap_or_default(),
        };
        faults.finish()?;
        Ok(filter)
    }
}

/// What a list of channels is narrowed to; everything given must hold. There is no filter on the address.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ChannelFilter {
    /// Channels that serve this country, those that serve every country included.
    country: Option<CountryCode>,
    /// Channels of this company.
    platform_id: Option<ID>,
    /// Channels for this service, those for all of its company's services included.
    platform_service_id: Option<ID>,
    /// Channels for this purpose, those for any purpose included.
    purpose: Option<ContactKind>,
    /// Channels on which somebody answers in this language, in any of its varieties.
    language: Option<LanguageTag>,
    /// Channels of any of these kinds.
    kind: Option<Vec<ChannelKind>>,
    /// Channels that are shown to you with any of these states; if left out, all that are not RETIRED.
    status: Option<Vec<ChannelStatus>>,
}

impl ChannelFilter {
    fn read(self) -> Result<channels::ChannelFilter> {
        let mut faults = Faults::default();
        let filter = channels::ChannelFilter {
            country: self.country.and_then(|code| faults.check("filter.country", Code::parse(&code))),
            platform: ids::noted(&mut faults, "filter.platformId", self.platform_id.as_ref()),
            service: ids::noted(&mut faults, "filter.platformServiceId", self.platform_service_id.as_ref()),
            purpose: self.purpose.map(Into::into),
            language: self.language.and_then(|tag| faults.check("filter.language", Tag::parse(&tag))),
            kinds: self.kind.unwrap_or_default().into_iter().map(Into::into).collect(),
            statuses: self.status.unwrap_or_default().into_iter().map(Into::into).collect(),
            stopped: Vec::new(),
        };
        faults.finish()?;
        Ok(filter)
    }
}

/// Queries about services and channels.
#[derive(Default)]
pub struct PlatformQuery;

#[Object]
#[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
impl PlatformQuery {
    /// Services of platform companies. Who: anyone.
    async fn platform_services(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<PlatformServiceFilter>,
        #[graphql(desc = "The order; NAME if left out.")] order_by: Option<PlatformServiceOrder>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<PlatformService>>> {
        let PlatformServiceOrder::Name = order_by.unwrap_or(PlatformServiceOrder::Name);
        let list = async {
            let (filter, page) = (filter.unwrap_or_default().read()?, page(first, after.as_deref(), last, before.as_deref())?);
            let found = platform::list(ctx.app(), ctx.caller(), &filter, &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(found.map(PlatformService::from), move || {
                let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
                async move { platform::count(&app, &caller, &filter).await }
            }))
        };
        Some(list.await)
    }

    /// Ways to reach platforms: with `country`, `platformId` and `purpose`, ordered by `LANGUAGE_MATCH`, how your body reaches a platform
    /// today and in its language; `openNow` and `opensAt` say when. The address is null unless it is for you. Who: anyone.
    async fn channels(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<ChannelFilter>,
        #[graphql(desc = "The order; VERIFIED_AT_DESC if left out.")] order_by: Option<ChannelOrder>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Channel>>> {
        let list = async {
            let (mut filter, page) = (filter.unwrap_or_default().read()?, page(first, after.as_deref(), last, before.as_deref())?);
            if filter.tells_degraded() {
                filter.stopped = channel_answers::stopped(ctx.app(), ctx.caller()).await?;
            }
            let order = order_by.unwrap_or(ChannelOrder::VerifiedAtDesc).into();
            let found = channel::list(ctx.app(), ctx.caller(), &filter, order, &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(found.map(Channel), move || {
                let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
                async move { channel::count(&app, &caller, &filter).await }
            }))
        };
        Some(list.await)
    }
}
