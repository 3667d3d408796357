//! The numbers of statistic releases.

use async_graphql::{Context, Object};
use tertulia_domain::{
    Result,
    engagement::release_cube::{CellPlace, ReleaseCell, ReleaseKind},
};

use super::statistic_release::small;
use super::words::{StatisticDimension, SuppressionReason};
use crate::graphql::{
    directory::load,
    scalar::{DateTime, Duration},
    text,
};

/// A number of a release.
pub struct StatisticCell(pub(super) ReleaseCell);

/// A number of a statistic release. Counts are rounded to five, each for itself, so parts need not add up; shares are rounded to five
/// percent. Shares and times are told for platforms, for their continents and for the total of a kind, and not for the total of a continent.
#[Object]
impl StatisticCell {
    /// Where it stands.
    async fn dimensions(&self) -> Vec<StatisticCellDimension> {
        let CellPlace { kind, platform, region } = self.0.place;
        let platform = platform.map(|id| (StatisticDimension::Platform, id.to_string()));
        let region = region.map(|region| (StatisticDimension::Region, region.to_string()));
        let all = [Some((StatisticDimension::Kind, kind.to_string())), platform, region];
        let place = self.0.place;
        all.into_iter().flatten().map(|(dimension, value)| StatisticCellDimension { place, dimension, value }).collect()
    }

    /// How many contacts; null if it is not told.
    async fn value(&self) -> Option<i32> {
        self.0.value.map(small)
    }

    /// Whether the number is not told.
    async fn suppressed(&self) -> bool {
        self.0.reason.is_some()
    }

    /// Why it is not told.
    async fn reason(&self) -> Option<SuppressionReason> {
        self.0.reason.map(Into::into)
    }

    /// The share on which the platform decided.
    async fn answered_share(&self) -> Option<f64> {
        self.share(|measures| measures.answered)
    }

    /// The share on which it acted.
    async fn acted_share(&self) -> Option<f64> {
        self.share(|measures| measures.acted)
    }

    /// The share without a decision: still open, or closed in silence.
    async fn unanswered_share(&self) -> Option<f64> {
        self.share(|measures| measures.unanswered)
    }

    /// The share in time, of those that a response target binds and that are decided; null if these are too few.
    async fn within_target_share(&self) -> Option<f64> {
        self.share(|measures| measures.within_target)
    }

    /// The share of which only one side tells anything.
    async fn one_sided_share(&self) -> Option<f64> {
        self.share(|measures| measures.one_sided)
    }

    /// The share with a fact that was recorded over 24 hours late.
    async fn late_entry_share(&self) -> Option<f64> {
        self.share(|measures| measures.late_entry)
    }

    /// The share without a first response up to the cut-off. The times count these as waiting at least so long (Kaplan-Meier).
    async fn censored_share(&self) -> Option<f64> {
        self.share(|measures| measures.censored)
    }

    /// Within which time half of them get a first response; null if the curve never comes so far.
    async fn median_first_response(&self) -> Option<Duration> {
        self.time(|measures| measures.median)
    }

    /// Within which time nine tenths of them get a first response; null if the curve never comes so far.
    async fn p90_first_response(&self) -> Option<Duration> {
        self.time(|measures| measures.p90)
    }

    /// Of the total of a kind: the share that is not counted, since it was not shared with the platform before the cut-off. In
    /// steps of 0.05 or, where these are fewer contacts than the threshold, of a multiple of it.
    async fn left_out_share(&self) -> Option<f64> {
        self.share(|measures| measures.left_out)
    }

    /// When the number was worked out again and changed; null if it stands as it was first told.
    async fn corrected_at(&self) -> Option<DateTime> {
        self.0.corrected_at.map(DateTime)
    }
}

type Measure = fn(&tertulia_domain::engagement::release_cube::Measures) -> Option<i64>;

impl StatisticCell {
    fn share(&self, of: Measure) -> Option<f64> {
        let percent = self.0.measures.as_ref().and_then(of)?;
        Some(f64::from(small(percent)) / 100.0)
    }

    fn time(&self, of: Measure) -> Option<Duration> {
        let minutes = self.0.measures.as_ref().and_then(of)?;
        Some(Duration(tertulia_domain::time::iso_minutes(minutes)))
    }
}

/// One of the things by which a number is told apart.
pub struct StatisticCellDimension {
    place: CellPlace,
    dimension: StatisticDimension,
    value: String,
}

/// One of the things by which a number is told apart.
#[Object]
impl StatisticCellDimension {
    /// Which.
    async fn dimension(&self) -> StatisticDimension {
        self.dimension
    }

    /// Its value: a word, an id or a code, as the dimension says.
    async fn value(&self) -> &str {
        &self.value
    }

    /// Its value in words: a platform's name in the reader's language, a kind or a continent in English.
    async fn label(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        match self.dimension {
            StatisticDimension::Kind => Some(Ok(kind(self.place.kind).to_owned())),
            StatisticDimension::Region => self.place.region.map(|region| Ok(region.label().to_owned())),
            StatisticDimension::Platform => {
                let found = load::organisation(ctx, self.place.platform).await;
                found.and_then(|found| found.map(|found| text::best(ctx, found.texts(), None)).transpose()).transpose()
            }
        }
    }
}

fn kind(kind: ReleaseKind) -> &'static str {
    match kind {
        ReleaseKind::Escalation => "Escalations under the platform's own rules",
        ReleaseKind::Legal => "Legal notices and orders",
        ReleaseKind::Request => "Requests, questions and follow-ups",
    }
}
