//! How platforms answer: an organisation's own figures.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::TimeDelta;
use tertulia_app::engagement::statistics::{self, Asked};
use tertulia_domain::{
    Faults, Result,
    directory::country::M49,
    engagement::statistics::{dimension::Value, figures::ResponsivenessFilter as Filter, survival::Waits, tally::Tally},
    text::LanguageTag as Tag,
};

use super::{
    input::each,
    parts::duration,
    words::{ContactKind, DecisionOutcome, ElectionPhase, ResponsivenessDimension, SuppressionReason, Urgency},
};
use crate::graphql::{
    Resolving, ids,
    scalar::{Date, Duration, LanguageTag},
    text,
};

/// Which contacts are counted. What is left out or empty does not narrow them; each list holds at most 50 values.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ResponsivenessFilter {
    /// Whose contacts: the electoral body or platform for which you act. May be left out if that is one.
    organisation_id: Option<ID>,
    /// To these platforms.
    platform_id: Option<Vec<ID>>,
    /// To these services.
    platform_service_id: Option<Vec<ID>>,
    /// Of these kinds.
    kind: Option<Vec<ContactKind>>,
    /// Of these urgencies.
    urgency: Option<Vec<Urgency>>,
    /// Sent in these phases of an election.
    phase: Option<Vec<ElectionPhase>>,
    /// From bodies of countries in these regions, by their codes in the United Nations' M49: continents, sub-regions or parts of them.
    region: Option<Vec<String>>,
    /// Written in these languages.
    language: Option<Vec<LanguageTag>>,
    /// Sent on or after this day, in UTC. Left out: a year before `to`.
    from: Option<Date>,
    /// Sent before this day, at most ten years later. Left out: until now.
    to: Option<Date>,
    /// True counts generated contacts only, false real ones only. Left out: as your organisation itself is.
    generated: Option<bool>,
}

impl ResponsivenessFilter {
    fn read(self, group_by: Vec<ResponsivenessDimension>) -> Result<Asked> {
        let mut faults = Faults::default();
        let organisation = ids::noted(&mut faults, "filter.organisationId", self.organisation_id.as_ref());
        let platforms = ids::noted_list(&mut faults, "filter.platformId", &self.platform_id.unwrap_or_default());
        let services = ids::noted_list(&mut faults, "filter.platformServiceId", &self.platform_service_id.unwrap_or_default());
        let mut regions = Vec::new();
        for (index, code) in self.region.unwrap_or_default().iter().enumerate() {
            regions.extend(faults.check(&format!("filter.region.{index}"), M49::parse(code)));
        }
        let mut languages = Vec::new();
        for (index, tag) in self.language.unwrap_or_default().iter().enumerate() {
            languages.extend(faults.check(&format!("filter.language.{index}"), Tag::parse(tag)));
        }
        let filter = Filter {
            platforms,
            services,
            kinds: each(self.kind),
            urgencies: each(self.urgency),
            phases: each(self.phase),
            regions,
            languages,
            ..Filter::default()
        };
        let (from, to) = (self.from.map(|day| day.0), self.to.map(|day| day.0));
        let group_by = group_by.into_iter().map(Into::into).collect();
        faults.finish_with(Some(Asked { organisation, filter, from, to, generated: self.generated, group_by }))
    }
}

/// A time in whole days, in UTC.
#[derive(SimpleObject)]
pub struct StatisticPeriod {
    /// Its first day.
    from: Date,
    /// The first day after it.
    to: Date,
}

/// How platforms answered an electoral body, or how a platform answered: figures of one's own, live and in full. Counted are contacts that a
/// body sent to a platform; not those that expect no answer, that were taken back, that the sender closed while the platform waited for
/// him, that only named persons read, or that the coordinator alone tells of. A platform's are those shared with it that your
/// memberships cover.
#[derive(SimpleObject)]
pub struct Responsiveness {
    /// When the contacts were sent.
    period: StatisticPeriod,
    /// Whether the figures are over generated contacts, which nobody sent.
    generated: bool,
    /// A cell for each group that has contacts, in the order of their values; at most 1000.
    cells: Vec<ResponsivenessCell>,
}

/// The figures of one group of contacts.
#[derive(SimpleObject)]
pub struct ResponsivenessCell {
    /// Where its contacts stand in each dimension by which they are told apart: those asked for, and `KIND` where contacts with legal
    /// force (`LEGAL_NOTICE`, `LEGAL_ORDER`) would be counted together with others.
    dimensions: Vec<DimensionValue>,
    /// How many were sent; null if suppressed.
    sent: Option<u32>,
    /// How many were decided by the platform. An acknowledgement or a question is a first response and no answer.
    answered: Option<u32>,
    /// How many were not: open ones, and those closed in silence.
    unanswered: Option<u32>,
    /// The same as a share, from 0 to 1.
    unanswered_share: Option<f64>,
    /// How many have each outcome, `ACTION_TAKEN` among them; those that are open have none.
    outcomes: Vec<OutcomeCount>,
    /// The share within target, of those whose target was kept or missed; null if there is none.
    within_target_share: Option<f64>,
    /// The share of which only one side tells anything.
    one_sided_share: Option<f64>,
    /// The share of which a fact was recorded more than 24 hours after it happened.
    late_entry_share: Option<f64>,
    /// How long they waited for a first response; null if suppressed.
    time_to_first_response: Option<WaitingTime>,
    /// Whether its numbers are not told. One's own are never suppressed.
    suppressed: bool,
    /// Why they are not; null if they are.
    reason: Option<SuppressionReason>,
}

/// How many contacts have an outcome.
#[derive(SimpleObject)]
pub struct OutcomeCount {
    /// The outcome.
    outcome: DecisionOutcome,
    /// How many.
    count: u32,
}

/// How long contacts waited for a human acknowledgement, a question or a decision, estimated by Kaplan and Meier: a contact without one is
/// not left out but waits at least until now, or until it was closed. Each time is within 1/64 of the estimate.
#[derive(SimpleObject)]
pub struct WaitingTime {
    /// Within which time half of them get a first response; null where fewer do within the time seen.
    median: Option<Duration>,
    /// Within which time nine tenths of them do; null where fewer do.
    p90: Option<Duration>,
    /// The share that is estimated to get one within the time seen, from 0 to 1.
    reached: f64,
    /// The share that had none, from 0 to 1.
    censored_share: Option<f64>,
}

/// Where contacts stand in one dimension.
pub struct DimensionValue(Value);

/// Where contacts stand in one dimension.
#[Object]
impl DimensionValue {
    /// The dimension.
    async fn dimension(&self) -> ResponsivenessDimension {
        self.0.dimension().into()
    }

    /// The value, as the dimension says; null where the contacts do not say.
    async fn value(&self) -> Option<String> {
        self.0.text()
    }

    /// The value for people: names of the directory in your language; words of closed lists and what is not stated in English, for your
    /// front end to translate by the value.
    async fn label(&self, ctx: &Context<'_>) -> Result<String> {
        let named = match &self.0 {
            Value::Platform(Some(id)) | Value::ElectoralBody(id) => {
                let entry = ctx.loaders().load_one(*id).await?;
                entry.map(|entry| text::best(ctx, &entry.names, None)).transpose()?
            }
            Value::PlatformService(Some(id)) => {
                let entry = ctx.loaders().load_one(*id).await?;
                entry.map(|entry| text::best(ctx, &entry.names, None)).transpose()?
            }
            Value::Region(Some(code)) => {
                let line = ctx.loaders().load_one(*code).await?;
                line.as_ref().and_then(|line| line.first()).map(|region| text::best(ctx, &region.names, None)).transpose()?
            }
            Value::Kind(kind) => Some(kind.label().to_owned()),
            Value::Urgency(urgency) => Some(words(urgency.as_str())),
            Value::Phase(phase) => Some(words(phase.as_str())),
            _ => self.0.text(),
        };
        Ok(named.unwrap_or_else(|| "Not stated".to_owned()))
    }
}

/// `PRE_CAMPAIGN` as `Pre-campaign`.
fn words(word: &str) -> String {
    let lower = word.to_lowercase().replace('_', "-");
    let mut letters = lower.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl ResponsivenessCell {
    fn own((values, tally): (Vec<Value>, Tally)) -> Self {
        let outcomes = tally.outcomes.iter().map(|(outcome, count)| OutcomeCount { outcome: (*outcome).into(), count: *count });
        Self {
            sent: Some(tally.sent),
            answered: Some(tally.answered),
            unanswered: Some(tally.unanswered()),
            unanswered_share: tally.unanswered_share(),
            outcomes: outcomes.collect(),
            within_target_share: tally.within_target_share(),
            one_sided_share: tally.one_sided_share(),
            late_entry_share: tally.late_entry_share(),
            time_to_first_response: Some(WaitingTime::of(&tally.waits, tally.censored_share())),
            suppressed: false,
            reason: None,
            dimensions: values.into_iter().map(DimensionValue).collect(),
        }
    }
}

impl WaitingTime {
    fn of(waits: &Waits, censored_share: Option<f64>) -> Self {
        let time = |share: f64| waits.quantile(share).map(|minutes| duration(TimeDelta::minutes(minutes)));
        Self { median: time(0.5), p90: time(0.9), reached: waits.reached(), censored_share }
    }
}

/// Queries of numbers.
#[derive(Default)]
pub(super) struct ResponsivenessQuery;

#[Object]
impl ResponsivenessQuery {
    /// How platforms answered your electoral body, or how your platform answered, live and in full: your own organisation's figures only. What
    /// the coalition and the public may know stands in releases. A partner's program needs the scope `statistics:read` or `contacts:read`. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it),
    /// PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn responsiveness(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which contacts are counted.")] filter: ResponsivenessFilter,
        #[graphql(desc = "By what they are told apart: at most three dimensions, each once; none answers one cell, or one a kind.")]
        group_by: Vec<ResponsivenessDimension>,
    ) -> Option<Result<Responsiveness>> {
        Some(answer(ctx, filter, group_by).await)
    }
}

async fn answer(ctx: &Context<'_>, filter: ResponsivenessFilter, group_by: Vec<ResponsivenessDimension>) -> Result<Responsiveness> {
    let found = statistics::responsiveness(ctx.app(), ctx.caller(), filter.read(group_by)).await?;
    Ok(Responsiveness {
        period: StatisticPeriod { from: Date(found.from), to: Date(found.to) },
        generated: found.generated,
        cells: found.cells.into_iter().map(ResponsivenessCell::own).collect(),
    })
}
