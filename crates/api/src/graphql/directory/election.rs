//! Elections.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::NaiveTime;
use tertulia_domain::{
    Result,
    directory::{election as words, polling_day},
};

use super::{
    country::Country,
    load,
    organisation::{ElectoralBody, electoral_body, version},
    provenance::Provenance,
    words::{ElectionStatus, ElectionType, Precision},
};
use crate::graphql::{
    Resolving,
    scalar::{Date, LocalDateTime, TimeZone},
};

/// A day on which people vote, or a time within which they do.
#[derive(Clone, Debug, SimpleObject)]
pub struct PollingDay {
    /// The day; the first day of its month or year where no more is known.
    date: Date,
    /// How exactly the date is known.
    precision: Precision,
    /// The last day, where people vote within a time whose single days no source names.
    until: Option<Date>,
    /// The round, 1 the first; null where no source says.
    round: Option<i32>,
    /// The phase within a round, where parts of a country vote on different days.
    phase: Option<i32>,
    /// When polling stations open, as `07:00` by the clock of `timeZone`.
    opens_at: Option<String>,
    /// When polling stations close, as `20:00` by the clock of `timeZone`.
    closes_at: Option<String>,
    /// The zone of those times; null: each place's own.
    time_zone: Option<TimeZone>,
    /// The part of the country that votes, in words.
    area: Option<String>,
}

impl From<&polling_day::PollingDay> for PollingDay {
    fn from(day: &polling_day::PollingDay) -> Self {
        let time = |time: NaiveTime| time.format("%H:%M").to_string();
        Self {
            date: Date(day.date.date),
            precision: day.date.precision.into(),
            until: day.until.map(Date),
            round: day.round,
            phase: day.phase,
            opens_at: day.opens_at.map(time),
            closes_at: day.closes_at.map(time),
            time_zone: day.zone.as_ref().map(TimeZone::from),
            area: day.area.clone(),
        }
    }
}

/// A time in which campaigning is forbidden, by the clock of a place.
#[derive(Clone, Debug, SimpleObject)]
pub struct SilencePeriod {
    /// Its beginning.
    local_start: LocalDateTime,
    /// Its end, which is no more part of it.
    local_end: LocalDateTime,
    /// The zone of both.
    time_zone: TimeZone,
}

/// An election.
pub struct Election(pub words::Election);

/// An election and the days on which people vote.
#[Object]
impl Election {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What is elected.
    #[graphql(name = "type")]
    async fn kind(&self) -> ElectionType {
        self.0.kind.into()
    }

    /// How certain it is, and how far it has come. An expected election whose last polling day has passed reads UNCONFIRMED.
    async fn status(&self, ctx: &Context<'_>) -> ElectionStatus {
        self.0.status_on(ctx.caller().now.date_naive()).into()
    }

    /// The day on which the source said so.
    async fn as_of(&self) -> Option<Date> {
        self.0.provenance.as_of.map(Date)
    }

    /// The country; null for a supranational election.
    async fn country(&self, ctx: &Context<'_>) -> Option<Result<Country>> {
        load::country(ctx, self.0.country).await.transpose()
    }

    /// The part of the country, or the union of countries, in words.
    async fn jurisdiction(&self) -> Option<&str> {
        self.0.jurisdiction.as_deref()
    }

    /// The days on which people vote, in order.
    async fn polling_days(&self) -> Vec<PollingDay> {
        self.0.polling_days.iter().map(PollingDay::from).collect()
    }

    /// When campaigning is forbidden.
    async fn silence_periods(&self) -> Vec<SilencePeriod> {
        let period = |period: &polling_day::SilencePeriod| SilencePeriod {
            local_start: LocalDateTime(period.local_start),
            local_end: LocalDateTime(period.local_end),
            time_zone: TimeZone::from(&period.zone),
        };
        self.0.silence_periods.iter().map(period).collect()
    }

    /// The campaign's first day.
    async fn campaign_from(&self) -> Option<Date> {
        self.0.campaign_from.map(Date)
    }

    /// The campaign's last day.
    async fn campaign_to(&self) -> Option<Date> {
        self.0.campaign_to.map(Date)
    }

    /// The bodies that are responsible for it, where a source names them.
    async fn responsible_bodies(&self, ctx: &Context<'_>) -> Option<Result<Vec<ElectoralBody>>> {
        let bodies = async {
            let found = self.0.responsible_bodies.iter().map(|id| electoral_body(ctx, Some(*id)));
            Ok(futures::future::try_join_all(found).await?.into_iter().flatten().collect())
        };
        Some(bodies.await)
    }

    /// Where its entry comes from.
    async fn provenance(&self) -> Provenance {
        Provenance::from(&self.0.provenance)
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
