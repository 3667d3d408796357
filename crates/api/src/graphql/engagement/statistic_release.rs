//! Statistic releases.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use tertulia_domain::{
    Result,
    engagement::statistic_release::{Correction, ReleaseComment, StatisticRelease as Domain},
    id::StatisticReleaseId,
};

use super::{
    party::{self, Organisation},
    statistic_cell::StatisticCell,
    statistic_release_load::{CellsOf, CommentsOf, CorrectionsOf, PreparationOf},
    words::StatisticReleaseStatus,
};
use crate::graphql::{
    Resolving,
    directory::organisation::version,
    scalar::{Date, DateTime, LanguageTag},
    text::{self, LocalizedText},
};

/// A statistic release.
pub struct StatisticRelease(pub(crate) Domain);

/// How platforms answered electoral bodies in a period, as numbers that tell of no single body. It counts contacts that bodies sent to the
/// named platforms in these months and shared with them before the cut-off; what the coordinator alone tells of is not counted. The numbers are
/// kept as they were worked out. Published ones are read by anyone; a proposal by the coordinator and the platforms that it names.
#[Object]
impl StatisticRelease {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its title, in the language asked for or in the reader's.
    async fn title(&self, ctx: &Context<'_>, #[graphql(desc = "A BCP 47 tag.")] language: Option<LanguageTag>) -> Result<String> {
        text::best(ctx, &self.0.titles, language.as_ref())
    }

    /// Its titles in every language that there is.
    async fn titles(&self) -> Vec<LocalizedText> {
        text::all(&self.0.titles)
    }

    /// The months in which the contacts were sent, in UTC.
    async fn period(&self) -> StatisticReleasePeriod {
        StatisticReleasePeriod { from: Date(self.0.period.from), to: Date(self.0.period.to) }
    }

    /// The platforms that it names.
    async fn platforms(&self, ctx: &Context<'_>) -> Option<Result<Vec<Organisation>>> {
        let platforms = async {
            let found = self.0.platforms.iter().map(|id| party::organisation(ctx, *id));
            Ok(futures::future::try_join_all(found).await?.into_iter().flatten().collect())
        };
        Some(platforms.await)
    }

    /// From when on a number is told.
    async fn thresholds(&self) -> StatisticThresholds {
        let thresholds = self.0.thresholds;
        StatisticThresholds { contacts: small(thresholds.contacts), electoral_bodies: small(thresholds.bodies) }
    }

    /// Where it stands.
    async fn status(&self) -> StatisticReleaseStatus {
        self.0.status.into()
    }

    /// When it was proposed. Only what was shared by then counts, and only what had happened by then.
    async fn proposed_at(&self) -> DateTime {
        DateTime(self.0.proposed.at)
    }

    /// How far its numbers, or those of its correction, are worked out, from 0 to 1; null if nothing is being worked out. For the
    /// coordinator only.
    async fn progress(&self, ctx: &Context<'_>) -> Option<Result<f64>> {
        ctx.loaders().load_one(PreparationOf(self.0.id)).await.map(|found| found.map(|one| one.progress())).transpose()
    }

    /// Until when each named platform may comment: ten working days (Monday to Friday, UTC) from when the numbers were there. Null before.
    async fn comments_until(&self) -> Option<DateTime> {
        self.0.comments_until.map(DateTime)
    }

    /// When it was published; null if it was not.
    async fn published_at(&self) -> Option<DateTime> {
        self.0.published.map(|deed| DateTime(deed.at))
    }

    /// When it was taken back; null if it was not.
    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.0.withdrawn.map(|deed| DateTime(deed.at))
    }

    /// Why it was taken back.
    async fn withdrawal_reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// When its numbers were worked out; null if they never were.
    async fn computed_at(&self) -> Option<DateTime> {
        self.0.computed_at.map(DateTime)
    }

    /// Which version of this program worked them out.
    async fn code_version(&self) -> &str {
        &self.0.code_version
    }

    /// Its numbers: for each kind a table of platforms and continents with the totals of each and of all. A dimension that is left out is
    /// added up. None while they are being worked out.
    async fn cells(&self, ctx: &Context<'_>) -> Option<Result<Vec<StatisticCell>>> {
        Some(cells(ctx, CellsOf(self.0.id, self.0.edition)).await)
    }

    /// What the named platforms say of it. Until it is published a platform reads its own comment only.
    async fn comments(&self, ctx: &Context<'_>) -> Option<Result<Vec<StatisticReleaseComment>>> {
        let found = ctx.loaders().load_one(CommentsOf(self.0.id)).await;
        Some(found.map(|found| each(found, |comment| StatisticReleaseComment(comment.clone()))))
    }

    /// The notices of corrections of its numbers, the first first.
    async fn corrections(&self, ctx: &Context<'_>) -> Option<Result<Vec<StatisticReleaseCorrection>>> {
        let found = ctx.loaders().load_one(CorrectionsOf(self.0.id)).await;
        let published = |correction: &Correction| {
            let at = correction.published.map(|deed| DateTime(deed.at))?;
            Some(StatisticReleaseCorrection { at, note: correction.note.clone() })
        };
        Some(found.map(|found| each(found, published).into_iter().flatten().collect()))
    }

    /// The correction that was asked for last and is not published, which takes another person; for the coordinator only.
    async fn prepared_correction(&self, ctx: &Context<'_>) -> Option<Result<PreparedCorrection>> {
        let found = ctx.loaders().load_one(CorrectionsOf(self.0.id)).await;
        let waits = |correction: &Correction| correction.waits(&self.0) || correction.failure.is_some();
        found.map(|found| Some(PreparedCorrection(found?.last().filter(|last| waits(last))?.clone()))).transpose()
    }

    /// Its version, for acts on it.
    async fn version(&self) -> i32 {
        version(self.0.version)
    }
}

fn each<T, U>(found: Option<Arc<Vec<T>>>, f: impl Fn(&T) -> U) -> Vec<U> {
    found.map(|found| found.iter().map(f).collect()).unwrap_or_default()
}

async fn cells(ctx: &Context<'_>, key: CellsOf) -> Result<Vec<StatisticCell>> {
    Ok(each(ctx.loaders().load_one(key).await?, |cell| StatisticCell(cell.clone())))
}

pub(super) fn small(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// The months of a statistic release.
#[derive(Clone, Debug, SimpleObject)]
pub struct StatisticReleasePeriod {
    /// The first day.
    from: Date,
    /// The first day after it.
    to: Date,
}

/// From when on a number is told: it counts so many contacts of so many bodies, and no body stands out (the p%-rule with p = 10).
#[derive(Clone, Debug, SimpleObject)]
pub struct StatisticThresholds {
    /// Contacts.
    contacts: i32,
    /// Electoral bodies.
    electoral_bodies: i32,
}

/// A correction of published numbers.
#[derive(Clone, Debug, SimpleObject)]
pub struct StatisticReleaseCorrection {
    /// When it was published.
    at: DateTime,
    /// What was corrected, and why.
    note: String,
}

/// A correction that another person is to publish.
pub struct PreparedCorrection(Correction);

/// A correction that waits to be published, for the coordinator.
#[Object(name = "StatisticReleasePreparedCorrection")]
impl PreparedCorrection {
    /// What is corrected, and why.
    async fn note(&self) -> &str {
        &self.0.note
    }

    /// When it was prepared.
    async fn prepared_at(&self) -> DateTime {
        DateTime(self.0.prepared.at)
    }

    /// Why it has no numbers and cannot be published: they are as they were told, or beside those would tell too much. Null otherwise.
    async fn failure(&self) -> Option<&str> {
        self.0.failure.as_deref()
    }

    /// The numbers as they will be; none while they are being worked out.
    async fn cells(&self, ctx: &Context<'_>) -> Option<Result<Vec<StatisticCell>>> {
        let of: (StatisticReleaseId, i64) = (self.0.release, self.0.edition);
        Some(cells(ctx, CellsOf(of.0, of.1)).await)
    }
}

/// A platform's comment on a release.
pub struct StatisticReleaseComment(ReleaseComment);

/// What a platform says of a release that names it. It is published beside it.
#[Object]
impl StatisticReleaseComment {
    /// The platform.
    async fn platform(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        party::organisation(ctx, self.0.platform).await.transpose()
    }

    /// What it says.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.deed.at)
    }
}
