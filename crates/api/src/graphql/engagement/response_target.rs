//! Response targets.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, SimpleObject, dataloader::Loader as Loads};
use tertulia_app::engagement::response_target;
use tertulia_domain::{
    Error, Result,
    engagement::{business_time::Calendar, election_span, response_target as words, target},
    id::ResponseTargetId,
};

use super::{
    party::{Instrument, Organisation, PlatformService},
    words::{ContactKind, PollAnchor, TargetClock, TargetNature, Urgency},
};
use crate::graphql::{
    Loader, Resolving,
    directory::{Country, channel::Weekday, load, organisation::version, words::InstrumentStatus},
    scalar::{Date, Duration, TimeZone},
};

impl Loads<ResponseTargetId> for Loader {
    type Value = words::ResponseTarget;
    type Error = Error;

    async fn load(&self, keys: &[ResponseTargetId]) -> Result<HashMap<ResponseTargetId, words::ResponseTarget>> {
        Ok(response_target::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|entry| (entry.id, entry)).collect())
    }
}

/// A time within which a platform is to answer.
pub struct ResponseTarget(pub words::ResponseTarget);

/// Within which time a platform is to answer which contacts of electoral bodies. What is empty does not narrow. A contact keeps the
/// target that bound it when it was sent: of several, one for the hours around a poll before others, then the narrower one (by service,
/// country, kind, urgency), then the stricter one.
#[Object]
impl ResponseTarget {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The company that is to answer.
    async fn platform(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, Some(self.0.platform)).await.transpose()
    }

    /// One of its services; null: all of them.
    async fn platform_service(&self, ctx: &Context<'_>) -> Option<Result<PlatformService>> {
        load::service(ctx, self.0.service).await.transpose()
    }

    /// Contacts of bodies of these countries.
    async fn countries(&self, ctx: &Context<'_>) -> Option<Result<Vec<Country>>> {
        let countries = async {
            let found = self.0.countries.iter().map(|code| load::country(ctx, Some(*code)));
            Ok(futures::future::try_join_all(found).await?.into_iter().flatten().collect())
        };
        Some(countries.await)
    }

    /// Contacts of these kinds; empty: of all that expect an answer.
    async fn contact_kinds(&self) -> Vec<ContactKind> {
        self.0.contact_kinds.iter().copied().map(Into::into).collect()
    }

    /// Contacts of this urgency.
    async fn urgencies(&self) -> Vec<Urgency> {
        self.0.urgencies.iter().copied().map(Into::into).collect()
    }

    /// The agreement or law on which it stands.
    async fn instrument(&self, ctx: &Context<'_>) -> Option<Result<Instrument>> {
        load::instrument(ctx, self.0.instrument).await.transpose()
    }

    /// The hours around a poll of the body's country in which a contact must be sent; null: at any time.
    async fn applies_when(&self) -> Option<ElectionSpan> {
        self.0.applies_when.map(ElectionSpan::from)
    }

    /// Within which time a human acknowledgement, a question or a decision is to come.
    async fn acknowledge_within(&self) -> Option<Duration> {
        self.0.acknowledge_within.map(Duration::from)
    }

    /// Within which time a decision is to come. The clock stands still while the platform waits for the body.
    async fn decide_within(&self) -> Option<Duration> {
        self.0.decide_within.map(Duration::from)
    }

    /// What time counts.
    async fn clock(&self) -> TargetClock {
        self.0.clock.into()
    }

    /// When somebody works, for business time.
    async fn calendar(&self) -> Option<BusinessCalendar> {
        self.0.calendar.as_ref().map(BusinessCalendar::from)
    }

    /// The first day (UTC) on which it binds what is sent.
    async fn valid_from(&self) -> Option<Date> {
        self.0.valid_from.map(Date)
    }

    /// The last day (UTC) on which it does; null while it has no end.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// What it stands on.
    async fn nature(&self) -> TargetNature {
        self.0.nature.into()
    }

    /// Whether the coordinator stands behind it; a proposal binds nothing.
    async fn status(&self) -> InstrumentStatus {
        self.0.status.into()
    }

    /// The organisation that proposed it; null for what the coordinator set himself.
    async fn proposed_by(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.0.proposed_by).await.transpose()
    }

    /// Whether a generator made it, as for a demonstration.
    async fn generated(&self) -> bool {
        self.0.generated
    }

    /// The entry's version, for edits.
    async fn version(&self) -> i32 {
        version(self.0.version)
    }
}

/// The hours around each poll: from `before` it until `after` it, which is no more part of them.
#[derive(Clone, Debug, SimpleObject)]
pub struct ElectionSpan {
    /// What they count from.
    anchor: PollAnchor,
    /// How long before it they begin.
    before: Duration,
    /// How long after it they end.
    after: Duration,
}

impl From<election_span::ElectionSpan> for ElectionSpan {
    fn from(span: election_span::ElectionSpan) -> Self {
        let written = |minutes: i64| Duration(tertulia_domain::time::iso_minutes(minutes));
        Self { anchor: span.anchor.into(), before: written(span.before), after: written(span.after) }
    }
}

/// When somebody works.
#[derive(Clone, Debug, SimpleObject)]
pub struct BusinessCalendar {
    /// The zone by whose clocks the hours go.
    time_zone: TimeZone,
    /// The hours of the week.
    hours: Vec<BusinessHours>,
    /// Days on which nobody works.
    holidays: Vec<Date>,
}

/// When somebody works on one day of the week.
#[derive(Clone, Debug, SimpleObject)]
pub struct BusinessHours {
    /// The day.
    weekday: Weekday,
    /// From this time, as `09:00`.
    opens_at: String,
    /// Until this time; `00:00` is the day's end, and the same as `opensAt` means the whole
    /// day.
    closes_at: String,
}

impl From<&Calendar> for BusinessCalendar {
    fn from(calendar: &Calendar) -> Self {
        let time = |time: chrono::NaiveTime| time.format("%H:%M").to_string();
        let hours = calendar.hours.iter().map(|span| BusinessHours {
            weekday: span.day.into(),
            opens_at: time(span.opens_at),
            closes_at: time(span.closes_at),
        });
        Self {
            time_zone: TimeZone(calendar.zone.clone()),
            hours: hours.collect(),
            holidays: calendar.holidays.iter().copied().map(Date).collect(),
        }
    }
}

/// The target that binds a contact.
pub struct ContactTarget(pub(super) target::Target);

/// The target that binds a contact, as it was when the contact was sent; whatever the entry says today.
#[Object]
impl ContactTarget {
    /// Within which time a human acknowledgement, a question or a decision was asked for.
    async fn acknowledge_within(&self) -> Option<Duration> {
        self.0.acknowledge_within.map(Duration::from)
    }

    /// Within which time a decision was asked for.
    async fn decide_within(&self) -> Option<Duration> {
        self.0.decide_within.map(Duration::from)
    }

    /// What time counts.
    async fn clock(&self) -> TargetClock {
        self.0.clock.into()
    }

    /// When somebody works, for business time.
    async fn calendar(&self) -> Option<BusinessCalendar> {
        self.0.calendar.as_ref().map(BusinessCalendar::from)
    }

    /// What it stands on.
    async fn nature(&self) -> TargetNature {
        self.0.nature.into()
    }

    /// The agreement or law on which it stands.
    async fn instrument(&self, ctx: &Context<'_>) -> Option<Result<Instrument>> {
        load::instrument(ctx, self.0.instrument).await.transpose()
    }

    /// The entry from which it was taken, as it is today.
    async fn response_target(&self, ctx: &Context<'_>) -> Option<Result<ResponseTarget>> {
        ctx.loaders().load_one(self.0.id).await.map(|found| found.map(ResponseTarget)).transpose()
    }
}
