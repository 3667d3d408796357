//! Commitments as the schema shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use tertulia_domain::{
    Error, Result,
    dialogue::{self as domain},
};

use super::{
    agenda::AgendaItem,
    commitment_load::{ActsOf, FiguresOf, PointOf, SeenEvidence},
    meeting::Meeting,
    parts::organisations,
    words::{CommitmentOutcome, CommitmentStatus, CommitmentStep, EvidenceKind, MeasureAct},
};
use crate::graphql::{
    Resolving,
    directory::{Country, Instrument, Organisation, load},
    engagement::words::{ContactKind, Urgency},
    identity::User,
    scalar::{Date, DateTime, Duration},
};

/// A commitment as the schema shows it.
pub struct Commitment(pub(crate) Arc<domain::Commitment>);

/// What an organisation promised to others by a day. Whoever reads the meeting at which it was made reads it (where it was made at a
/// point of the agenda, whoever reads the point); else its parties; and the coordinator.
#[Object]
impl Commitment {
    /// The commitment's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What was promised.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// How far it has come.
    async fn status(&self) -> CommitmentStatus {
        self.0.status.into()
    }

    /// The day by whose end (UTC) it is due.
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// Whether it is owed and its day is over.
    async fn overdue(&self, ctx: &Context<'_>) -> bool {
        self.0.is_overdue(ctx.caller().now.date_naive())
    }

    /// Who promises.
    async fn committed_by(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, Some(self.0.committed_by)).await.transpose()
    }

    /// To whom.
    async fn to_whom(&self, ctx: &Context<'_>) -> Result<Vec<Organisation>> {
        organisations(ctx, &self.0.to_whom).await
    }

    /// The meeting at which it was made; null if it was made at none that you may read.
    async fn meeting(&self, ctx: &Context<'_>) -> Option<Result<Meeting>> {
        let id = self.0.meeting?;
        ctx.loaders().load_one(id).await.map(|found| found.map(Meeting::from)).transpose()
    }

    /// The point of the agenda at which it was made; null if it was made at none that you may read, and, for everybody, if nobody may
    /// be named at that point.
    async fn agenda_item(&self, ctx: &Context<'_>) -> Option<Result<AgendaItem>> {
        let id = self.0.agenda_item?;
        let named = |item: Arc<domain::AgendaItem>| item.attribution.names().then(|| AgendaItem((*item).clone()));
        ctx.loaders().load_one(PointOf(id)).await.map(|found| found.and_then(named)).transpose()
    }

    /// The agreement or law that it follows from; null if there is none that you may read.
    async fn instrument(&self, ctx: &Context<'_>) -> Option<Result<Instrument>> {
        load::instrument(ctx, self.0.instrument).await.transpose()
    }

    /// What became of it as who promised says; nothing shows it yet or nobody confirmed it while `status` says something else.
    async fn claim(&self) -> Option<CommitmentOutcome> {
        self.0.claim.map(Into::into)
    }

    /// Who of those to whom it was promised confirmed what became of it.
    async fn confirmed_by(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.0.confirmed_by).await.transpose()
    }

    /// The commitment in its place; null if there is none that you may read.
    async fn superseded_by(&self, ctx: &Context<'_>) -> Option<Result<Commitment>> {
        let id = self.0.superseded_by?;
        ctx.loaders().load_one(id).await.map(|found| found.map(Commitment)).transpose()
    }

    /// What was done, in order: promised, reported on, confirmed.
    async fn progress(&self, ctx: &Context<'_>) -> Result<Vec<CommitmentProgress>> {
        let acts = ctx.loaders().load_one(ActsOf(self.0.id)).await?;
        Ok(acts.iter().flat_map(|acts| acts.iter()).cloned().map(CommitmentProgress).collect())
    }

    /// What shows how far it is, in the order in which it was given, as far as you may read it.
    async fn evidence(&self, ctx: &Context<'_>) -> Result<Vec<CommitmentEvidence>> {
        let acts = ctx.loaders().load_one(ActsOf(self.0.id)).await?;
        let all: Vec<domain::Evidence> = acts.iter().flat_map(|acts| acts.iter()).flat_map(|act| act.evidence.clone()).collect();
        seen(ctx, all).await
    }

    /// What of it the contact log shows; null if it is not measured so.
    async fn measure(&self) -> Option<CommitmentMeasure> {
        self.0.measure.is_some().then(|| CommitmentMeasure(Arc::clone(&self.0)))
    }

    /// Whether a generator made it for a trial.
    async fn generated(&self) -> bool {
        self.0.generated
    }

    /// When it was put down.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Its version, for acts on it.
    async fn version(&self) -> i64 {
        self.0.version
    }
}

/// Those of these pieces that the caller may read.
async fn seen(ctx: &Context<'_>, evidence: Vec<domain::Evidence>) -> Result<Vec<CommitmentEvidence>> {
    let found = ctx.loaders().load_many(evidence.iter().cloned().map(SeenEvidence)).await?;
    let there = evidence.into_iter().filter(|one| found.contains_key(&SeenEvidence(one.clone())));
    Ok(there.map(|one| CommitmentEvidence { kind: one.kind.into(), reference: one.reference }).collect())
}

/// Something that shows that a commitment was kept.
#[derive(SimpleObject)]
struct CommitmentEvidence {
    /// What it is.
    kind: EvidenceKind,
    /// Its id, or for a page its address.
    #[graphql(name = "ref")]
    reference: String,
}

/// One act on a commitment.
struct CommitmentProgress(domain::CommitmentAct);

/// One act on a commitment.
#[Object]
impl CommitmentProgress {
    /// What was done.
    async fn step(&self) -> CommitmentStep {
        self.0.step.into()
    }

    /// How far the commitment had come with it.
    async fn status(&self) -> CommitmentStatus {
        self.0.status.into()
    }

    /// What was said became of it.
    async fn outcome(&self) -> Option<CommitmentOutcome> {
        self.0.outcome.map(Into::into)
    }

    /// What was noted, or why.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// What shows it, as far as you may read it.
    async fn evidence(&self, ctx: &Context<'_>) -> Result<Vec<CommitmentEvidence>> {
        seen(ctx, self.0.evidence.clone()).await
    }

    /// When it was done.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// The organisation that did it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.0.organisation).await.transpose()
    }

    /// The person, for members of the person's own organisation; null for everybody else, without an error.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let is_own = self.0.organisation.is_some_and(|id| ctx.caller().dialogues().organisations().contains(&id));
        let id = self.0.user.filter(|_| is_own)?;
        ctx.loaders().load_one(id).await.map(|found| found.map(User)).transpose()
    }
}

/// What of a commitment the contact log shows.
struct CommitmentMeasure(Arc<domain::Commitment>);

/// What of a commitment the contact log shows: the share of the contacts that the platform got and answered in time. Contacts count that
/// bodies sent and shared with it and did not withdraw, once their time to be answered is over; generated ones never with real ones.
#[Object]
impl CommitmentMeasure {
    /// In words.
    async fn description(&self) -> Option<Result<&str>> {
        Some(self.of().map(|measure| measure.description.as_str()))
    }

    /// Contacts of these kinds count.
    async fn kinds(&self) -> Result<Vec<ContactKind>> {
        Ok(self.of()?.kinds.iter().copied().map(Into::into).collect())
    }

    /// Contacts of this urgency count; of any if empty.
    async fn urgencies(&self) -> Result<Vec<Urgency>> {
        Ok(self.of()?.urgencies.iter().copied().map(Into::into).collect())
    }

    /// Contacts from bodies of this country count; of any if null.
    async fn country(&self, ctx: &Context<'_>) -> Option<Result<Country>> {
        let code = self.0.measure.as_ref()?.country;
        load::country(ctx, code).await.transpose()
    }

    /// What counts as an answer.
    async fn act(&self) -> Option<Result<MeasureAct>> {
        Some(self.of().map(|measure| measure.act.into()))
    }

    /// Within which time.
    async fn within(&self) -> Option<Result<Duration>> {
        Some(self.of().map(|measure| measure.within.into()))
    }

    /// The share that was promised, from 0 to 1.
    async fn target(&self) -> Option<Result<f64>> {
        Some(self.of().map(|measure| measure.target.value()))
    }

    /// When the promise holds.
    async fn period(&self) -> Option<Result<MeasurePeriod>> {
        Some(self.of().map(|measure| measure.period.into()))
    }

    /// The time before, with which it is compared.
    async fn baseline(&self) -> Option<Result<MeasurePeriod>> {
        Some(self.of().map(|measure| measure.baseline.into()))
    }

    /// What the log shows for the time before.
    async fn before(&self, ctx: &Context<'_>) -> Option<Result<MeasureFigure>> {
        Some(self.figures(ctx).await.map(|figures| figures.before.into()))
    }

    /// What the log shows for the time in which the promise holds.
    async fn after(&self, ctx: &Context<'_>) -> Option<Result<MeasureFigure>> {
        Some(self.figures(ctx).await.map(|figures| figures.after.into()))
    }

    /// Whether the share reaches the target in the time in which the promise holds; null while that number is suppressed, and where it
    /// does not follow from the number as it is told.
    async fn met(&self, ctx: &Context<'_>) -> Option<Result<bool>> {
        let met = async { Ok(self.of()?.is_met(&self.figures(ctx).await?.after)) };
        met.await.transpose()
    }
}

impl CommitmentMeasure {
    fn of(&self) -> Result<&domain::Measure> {
        self.0.measure.as_ref().ok_or_else(|| Error::broken("a measure was shown of a commitment that has none"))
    }

    async fn figures(&self, ctx: &Context<'_>) -> Result<tertulia_app::dialogue::measure::Figures> {
        let found = ctx.loaders().load_one(FiguresOf(Arc::clone(&self.0))).await?;
        found.ok_or_else(|| Error::broken("a measure without figures"))
    }
}

/// Days from one up to another, in UTC.
#[derive(SimpleObject)]
struct MeasurePeriod {
    /// The first day.
    from: Date,
    /// The day after the last.
    to: Date,
}

impl From<domain::Period> for MeasurePeriod {
    fn from(period: domain::Period) -> Self {
        Self { from: Date(period.from), to: Date(period.to) }
    }
}

/// A number from the contact log.
#[derive(SimpleObject)]
struct MeasureFigure {
    /// The share answered in time, from 0 to 1 and rounded down: to thousandths for who is a party to all of these contacts, to steps of
    /// 0.05 for others; null if suppressed.
    value: Option<f64>,
    /// Whether it is not told: fewer than 10 contacts or fewer than 3 electoral bodies are behind it, its period still runs, or it is not
    /// one of whole months. Who is a party to all of these contacts is told it in any case, and the coordinator while the period runs.
    suppressed: bool,
    /// How many contacts are behind it: exactly for who is a party to all of them, the nearest multiple of 5 for others; null if suppressed.
    contacts: Option<i64>,
}

impl From<domain::Figure> for MeasureFigure {
    fn from(figure: domain::Figure) -> Self {
        let value = figure.share.map(domain::measure::Share::value);
        Self { value, suppressed: figure.is_suppressed(), contacts: figure.contacts }
    }
}
