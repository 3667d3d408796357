//! Channels.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::Arc,
};

use async_graphql::{Context, Enum, ID, Object, SimpleObject, dataloader::Loader as Loads};
use chrono::NaiveTime;
use chrono_tz::Tz;
use tertulia_app::{directory::channel as app, engagement::channel_answers};
use tertulia_domain::{
    Error, Result,
    directory::channel::{self as words, ChannelFields, ChannelState},
    engagement::channel_answers::Freshness,
    id::ChannelId,
    time::zone,
};

use super::{
    instrument::Instrument,
    load,
    organisation::{Organisation, Platform, platform, version},
    platform::PlatformService,
    words::{ChannelAnswerPrecision, ChannelKind, ChannelStatus},
};
use crate::graphql::{
    Loader, Resolving,
    engagement::words::ContactKind,
    scalar::{CountryCode, Date, DateTime, LanguageTag, TimeZone},
};

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

/// The hours of a week in which somebody answers.
#[derive(Clone, Debug, SimpleObject)]
pub struct ChannelHours {
    /// The zone of the clock that they are told by.
    time_zone: TimeZone,
    /// The hours, in the order of the week.
    periods: Vec<HoursPeriod>,
}

/// When somebody answers on one day of the week.
#[derive(Clone, Debug, SimpleObject)]
pub struct HoursPeriod {
    /// The day.
    weekday: Weekday,
    /// From this time, as `09:00`.
    opens_at: String,
    /// Until this time, as `18:00`; `00:00` is the day's end, and the same as `opensAt` means the whole
    /// day.
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

    /// The hours and their zone, if they are known.
    fn zoned(&self) -> Option<(&[words::HoursSpan], Tz)> {
        let zone = self.fields().hours_zone.as_deref().and_then(|name| zone(name).ok())?;
        Some((self.fields().hours.as_slice(), zone)).filter(|(hours, _)| !hours.is_empty())
    }

    /// What of a text on how to reach it the reader is told: of a person's once it is noted that he reads it.
    async fn told<'a>(&self, ctx: &Context<'_>, text: Option<&'a str>) -> Result<Option<&'a str>> {
        let Some(text) = text else { return Ok(None) };
        let is_told = !self.fields().kind.is_person() || ctx.loaders().load_one(PersonAt(Arc::new(self.0.clone()))).await?.is_some();
        Ok(is_told.then_some(text))
    }

    async fn freshness(&self, ctx: &Context<'_>) -> Result<Freshness> {
        Ok(ctx.loaders().load_one(FreshnessOf(self.0.id)).await?.unwrap_or_default())
    }
}

/// How a channel answers, as far as the reader may be told.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct FreshnessOf(ChannelId);

impl Loads<FreshnessOf> for Loader {
    type Value = Freshness;
    type Error = Error;

    async fn load(&self, keys: &[FreshnessOf]) -> Result<HashMap<FreshnessOf, Freshness>> {
        let ids: Vec<ChannelId> = keys.iter().map(|key| key.0).collect();
        let found = channel_answers::freshness(&self.app, &self.ctx, &ids).await?;
        Ok(found.into_iter().map(|(id, freshness)| (FreshnessOf(id), freshness)).collect())
    }
}

/// That the caller is told how to reach a person: it is there once that is noted.
#[derive(Clone)]
struct PersonAt(Arc<words::Channel>);

impl PartialEq for PersonAt {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for PersonAt {}

impl Hash for PersonAt {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.id.hash(state);
    }
}

impl Loads<PersonAt> for Loader {
    type Value = ();
    type Error = Error;

    async fn load(&self, keys: &[PersonAt]) -> Result<HashMap<PersonAt, ()>> {
        let channels: Vec<Arc<words::Channel>> = keys.iter().map(|key| Arc::clone(&key.0)).collect();
        app::note_persons_read(&self.app, &self.ctx, &channels).await?;
        Ok(keys.iter().map(|key| (key.clone(), ())).collect())
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
    async fn purposes(&self) -> Vec<ContactKind> {
        self.fields().purposes.iter().copied().map(Into::into).collect()
    }

    /// Whom it serves; empty: every country.
    async fn coverage_countries(&self) -> Vec<CountryCode> {
        self.fields().coverage_countries.iter().map(CountryCode::from).collect()
    }

    /// In which languages somebody answers; empty where that is not known.
    async fn languages(&self) -> Vec<LanguageTag> {
        self.fields().languages.iter().map(|tag| LanguageTag::from(tag.as_str())).collect()
    }

    /// When somebody answers; null where that is not known.
    async fn hours(&self) -> Option<ChannelHours> {
        let (hours, zone) = self.zoned()?;
        let time = |time: NaiveTime| time.format("%H:%M").to_string();
        let period = |span: &words::HoursSpan| HoursPeriod {
            weekday: span.day.into(),
            opens_at: time(span.opens_at),
            closes_at: time(span.closes_at),
        };
        Some(ChannelHours { time_zone: TimeZone::from(zone.name()), periods: hours.iter().map(period).collect() })
    }

    /// Whether somebody answers now, by those hours; null where they are not known.
    async fn open_now(&self, ctx: &Context<'_>) -> Option<bool> {
        self.zoned().map(|(hours, zone)| words::is_open(hours, zone, ctx.caller().now))
    }

    /// When somebody begins to answer next, by those hours; null while somebody answers, and where they are not known.
    async fn opens_at(&self, ctx: &Context<'_>) -> Option<DateTime> {
        let ((hours, zone), now) = (self.zoned()?, ctx.caller().now);
        if words::is_open(hours, zone, now) { None } else { words::next_opening(hours, zone, now).map(DateTime) }
    }

    /// How to reach it. Null unless you are the coordinator, act for the platform, or act for an electoral body of a country
    /// that it serves. That you read a `LIAISON_PERSON`'s stands in the audit log.
    async fn address(&self, ctx: &Context<'_>) -> Option<Result<&str>> {
        self.told(ctx, self.fields().address.as_deref()).await.transpose()
    }

    /// How to use it; null where `address` is.
    async fn instructions(&self, ctx: &Context<'_>) -> Option<Result<&str>> {
        self.told(ctx, self.fields().instructions.as_deref()).await.transpose()
    }

    /// The agreement or law that it stands on; null if none is recorded.
    async fn instrument(&self, ctx: &Context<'_>) -> Option<Result<Instrument>> {
        load::instrument(ctx, self.fields().instrument).await.transpose()
    }

    /// Whether it can be relied on. One that was verified reads DEGRADED once it is overdue to be checked again, or answers have
    /// stopped: if the last three contacts of your own over it that expected an answer have waited in vain for 30 days, or, worked out
    /// once a week, at least 10 contacts of 3 electoral bodies have since anybody was answered.
    async fn status(&self, ctx: &Context<'_>) -> Result<ChannelStatus> {
        let today = ctx.caller().now.date_naive();
        // Only of a verified channel is it asked how it answers.
        if self.state().shown(true, today) == self.state().shown(false, today) {
            return Ok(self.state().shown(false, today).into());
        }
        Ok(self.state().shown(self.freshness(ctx).await?.stopped, today).into())
    }

    /// When somebody last answered over it: to a contact of your own within the last year, to the moment; else the week in which
    /// anybody was answered, and only with at least 10 contacts of 3 electoral bodies behind it. See `lastAnsweredPrecision`.
    async fn last_answered_at(&self, ctx: &Context<'_>) -> Option<Result<DateTime>> {
        self.freshness(ctx).await.map(|told| told.last_answered_at.map(DateTime)).transpose()
    }

    /// How exactly `lastAnsweredAt` is told; null where it is.
    async fn last_answered_precision(&self, ctx: &Context<'_>) -> Option<Result<ChannelAnswerPrecision>> {
        let precision = |told: Freshness| {
            told.last_answered_at.map(|_| if told.is_week { ChannelAnswerPrecision::Week } else { ChannelAnswerPrecision::Exact })
        };
        self.freshness(ctx).await.map(precision).transpose()
    }

    /// When somebody last stated that it works. To who may not read the address, the beginning of that day (UTC).
    async fn verified_at(&self) -> Option<DateTime> {
        self.state().verified_at.map(DateTime)
    }

    /// The day on which somebody last stated that it works.
    async fn verified_on(&self) -> Option<Date> {
        self.state().verified_at.map(|at| Date(at.date_naive()))
    }

    /// The organisation that stated so.
    async fn verified_by(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.state().verified_by).await.transpose()
    }

    /// The day on which it is to be checked again: as was said with the last verification, and at the latest two weeks before a polling
    /// day of a country that it serves by name, from then on every week.
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
