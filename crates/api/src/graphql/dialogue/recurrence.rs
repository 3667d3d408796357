//! Recurrences: what a front end sends, what it gets back, and the preview.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use tertulia_app::dialogue::recurrence;
use tertulia_domain::{Result, dialogue as domain, dialogue::wall_time};

use crate::graphql::{
    Resolving,
    scalar::{DateTime, LocalDateTime, TimeZone},
};

/// When a dialogue meets: a rule of RFC 5545 in wall time, so that a meeting at 19:00 stays at 19:00 when the clocks change.
///
/// A local time that occurs twice means its first occurrence; one that the clocks jump over is read with the offset before
/// the jump, so that 02:30 in a gap from 02:00 to 03:00 means 03:30 (RFC 5545, 3.3.5). The first meeting is the first date
/// that fits the rule at or after `localStart`.
#[derive(InputObject)]
pub(super) struct RecurrenceInput {
    /// The wall time from which the rule counts, and the time of day of its meetings.
    local_start: LocalDateTime,
    /// The zone of every wall time here, as `America/Lima`.
    time_zone: TimeZone,
    /// The rule, as `FREQ=MONTHLY;BYDAY=2TU`. `UNTIL` may be a day (to its end), a local time, or an instant with `Z`. At
    /// most 500 bytes.
    rule: String,
    /// Wall times of the rule that do not take place. At most 500.
    excluded_dates: Option<Vec<LocalDateTime>>,
    /// Wall times that take place besides those of the rule. At most 500.
    additional_dates: Option<Vec<LocalDateTime>>,
    /// Zones that host the rule's dates by turns, each at the same wall time: `["Asia/Tokyo", "America/Lima"]` with 19:00 is
    /// 19:00 in Tokyo, then 19:00 in Lima. An excluded date has its turn too. Additional dates stand in `timeZone`. At most 24.
    zone_rotation: Option<Vec<TimeZone>>,
}

impl RecurrenceInput {
    pub(super) fn raw(self) -> domain::RawRecurrence {
        let dates = |dates: Option<Vec<LocalDateTime>>| dates.unwrap_or_default().iter().map(local_text).collect();
        domain::RawRecurrence {
            local_start: local_text(&self.local_start),
            time_zone: self.time_zone.0,
            rule: self.rule,
            excluded: dates(self.excluded_dates),
            additional: dates(self.additional_dates),
            rotation: self.zone_rotation.unwrap_or_default().into_iter().map(|zone| zone.0).collect(),
        }
    }
}

/// A wall time as the use cases read it.
pub(super) fn local_text(local: &LocalDateTime) -> String {
    local.0.format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// When a dialogue meets.
#[derive(SimpleObject)]
pub(super) struct Recurrence {
    /// The rule (RFC 5545), `FREQ` first; null for a dialogue of single dates.
    rule: Option<String>,
    /// The wall time from which the rule counts.
    local_start: LocalDateTime,
    /// The zone of every wall time here.
    time_zone: TimeZone,
    /// Wall times of the rule that do not take place.
    excluded_dates: Vec<LocalDateTime>,
    /// Wall times that take place besides those of the rule.
    additional_dates: Vec<LocalDateTime>,
    /// Zones that host the rule's dates by turns, each at the same wall time; empty if all stand in `timeZone`.
    zone_rotation: Vec<TimeZone>,
}

impl From<&domain::Recurrence> for Recurrence {
    fn from(recurrence: &domain::Recurrence) -> Self {
        Self {
            rule: recurrence.rule.as_ref().map(ToString::to_string),
            local_start: LocalDateTime(recurrence.local_start),
            time_zone: recurrence.zone.name().into(),
            excluded_dates: recurrence.excluded.iter().copied().map(LocalDateTime).collect(),
            additional_dates: recurrence.additional.iter().copied().map(LocalDateTime).collect(),
            zone_rotation: recurrence.rotation.iter().map(|zone| zone.name().into()).collect(),
        }
    }
}

/// One date of a recurrence.
#[derive(SimpleObject)]
pub(super) struct Occurrence {
    /// When it begins.
    starts_at: DateTime,
    /// What the clocks of its zone show then.
    local_start: LocalDateTime,
    /// Its zone: the recurrence's, or that of the host whose turn it is.
    time_zone: TimeZone,
}

/// The dates of a recurrence.
#[derive(SimpleObject)]
pub(super) struct RecurrencePreview {
    /// The dates, in order, each once.
    occurrences: Vec<Occurrence>,
    /// Whether there may be more: the list was cut at `first`, or the rule yields so much that it was not followed to the end.
    truncated: bool,
}

/// Queries about recurrences.
#[derive(Default)]
pub(super) struct RecurrenceQuery;

#[Object]
impl RecurrenceQuery {
    /// The dates that a recurrence yields, without keeping anything: what a form shows while somebody types. A rule that
    /// cannot be followed is refused in `errors`, each fault with its path. Who: anyone.
    async fn recurrence_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The recurrence.")] recurrence: RecurrenceInput,
        #[graphql(desc = "Only dates that begin at or after this instant.")] from: Option<DateTime>,
        #[graphql(desc = "Only dates that begin before this instant.")] to: Option<DateTime>,
        #[graphql(desc = "How many dates at most, up to 500.", default = 100)] first: i32,
    ) -> Option<Result<RecurrencePreview>> {
        let window = (from.map(|at| at.0), to.map(|at| at.0));
        Some(recurrence::preview(ctx.app(), ctx.caller(), recurrence.raw(), window, first).await.map(shown))
    }
}

fn shown(found: domain::Occurrences) -> RecurrencePreview {
    let one = |item: domain::Occurrence| Occurrence {
        starts_at: DateTime(item.starts_at),
        local_start: LocalDateTime(wall_time::wall(item.zone, item.starts_at)),
        time_zone: item.zone.name().into(),
    };
    RecurrencePreview { occurrences: found.items.into_iter().map(one).collect(), truncated: found.truncated }
}
