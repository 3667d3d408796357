//! Channels.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::NaiveTime;
use tertulia_domain::{
    Result,
    directory::channel::{self as words, ChannelFields, ChannelState},
};

use super::{
    load,
    organisation::{Organisation, Platform, platform, version},
    platform::PlatformService,
    words::{ChannelKind, ChannelPurpose, ChannelStatus},
};
use crate::graphql::scalar::{CountryCode, Date, LanguageTag, TimeZone};

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "chrono::Weekday")]
pub enum Weekday {
    /// Monday.
    #[graphql(name = "MONDAY")]
    Mon,
    /// Tuesday.
    #[graphql(name = "TUESDAY")]
    Tue,
    /// Wednesday.
    #[graphql(name = "WEDNESDAY")]
    Wed,
    /// Thursday.
    #[graphql(name = "THURSDAY")]
    Thu,
    /// Friday.
    #[graphql(name = "FRIDAY")]
    Fri,
    /// Saturday.
    #[graphql(name = "SATURDAY")]
    Sat,
    /// Sunday.
    #[graphql(name = "SUNDAY")]
    Sun,
}

/// When somebody answers on one day of the week.
#[derive(Clone, Debug, SimpleObject)]
pub struct HoursSpan {
    /// The day.
    day: Weekday,
    /// From this time, as `09:00`.
    opens_at: String,
    /// Until this time, as `18:00`; the same as `opensAt` means the whole day.
    closes_at: String,
}

/// A channel, as the reader may read it.
pub struct Channel(pub words::Channel);

impl Channel {
    fn fields(&self) -> &ChannelFields {
        &self.0.fields.fields
    }

    fn state(&self) -> &ChannelState {
        &self.0.fields.state
    }
}

/// A way to reach a platform. Everybody reads kind, purposes, coverage, languages, hours and the day of verification; the
/// address only those whom it is for.
#[Object]
impl Channel {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The company that it reaches.
    async fn platform(&self, ctx: &Context<'_>) -> Option<Result<Platform>> {
        platform(ctx, Some(self.fields().platform)).await.transpose()
    }

    /// The service that it is for; null: all of the company's.
    async fn platform_service(&self, ctx: &Context<'_>) -> Option<Result<PlatformService>> {
        load::service(ctx, self.fields().service).await.transpose()
    }

    /// What it is.
    async fn kind(&self) -> ChannelKind {
        self.fields().kind.into()
    }

    /// What it is for; empty: anything.
    async fn purposes(&self) -> Vec<ChannelPurpose> {
        self.fields().purposes.iter().map(|purpose| (*purpose).into()).collect()
    }

    /// Whom it serves; empty: every country.
    async fn coverage_countries(&self) -> Vec<CountryCode> {
        self.fields().coverage_countries.iter().map(CountryCode::from).collect()
    }

    /// In which languages somebody answers; empty where that is not known.
    async fn languages(&self) -> Vec<LanguageTag> {
        self.fields().languages.iter().map(|tag| LanguageTag::from(tag.as_str())).collect()
    }

    /// When somebody answers; empty where that is not known.
    async fn hours(&self) -> Vec<HoursSpan> {
        let time = |time: NaiveTime| time.format("%H:%M").to_string();
        let span =
            |span: &words::HoursSpan| HoursSpan { day: span.day.into(), opens_at: time(span.opens_at), closes_at: time(span.closes_at) };
        self.fields().hours.iter().map(span).collect()
    }

    /// The zone of those hours.
    async fn hours_time_zone(&self) -> Option<TimeZone> {
        self.fields().hours_zone.as_ref().map(TimeZone::from)
    }

    /// How to reach it. Null unless you are the coordinator, act for the platform, or act for an electoral body of a country
    /// that it serves.
    async fn address(&self) -> Option<&str> {
        self.fields().address.as_deref()
    }

    /// How to use it; null where `address` is.
    async fn instructions(&self) -> Option<&str> {
        self.fields().instructions.as_deref()
    }

    /// Whether it can be relied on.
    async fn status(&self) -> ChannelStatus {
        self.state().status.into()
    }

    /// The day on which somebody last stated that it works.
    async fn verified_on(&self) -> Option<Date> {
        self.state().verified_at.map(|at| Date(at.date_naive()))
    }

    /// The organisation that stated so.
    async fn verified_by(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.state().verified_by).await.transpose()
    }

    /// The day on which it is to be checked again.
    async fn next_check_due(&self) -> Option<Date> {
        self.state().next_check_due.map(Date)
    }

    /// Why it was retired; null where `address` is.
    async fn retired_reason(&self) -> Option<&str> {
        self.state().retired_reason.as_deref()
    }

    /// Whether a generator made it: it is fictional.
    async fn generated(&self) -> bool {
        self.0.generated
    }

    /// The entry's version, for edits.
    async fn version(&self) -> i32 {
        version(self.0.version)
    }
}
