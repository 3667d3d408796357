//! The search for slots.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use tertulia_app::dialogue::slots::{self, Found, Suggest};
use tertulia_domain::{
    Error, Result,
    dialogue::{slots as domain, wall_time},
    id::OrganisationId,
    time::Instant,
};

use super::{election_window::ElectionConflict, parts::organisations};
use crate::graphql::{
    Resolving,
    directory::{Organisation, load},
    scalar::{DateTime, Duration, LocalDateTime, TimeZone},
};

/// Days to keep free around the polling days of the participants' countries.
#[derive(InputObject)]
pub(super) struct ElectionWindowInput {
    /// Before the first day of voting, in days or weeks as `P14D`, at most 180 days; without it what the operator set (14 days).
    before: Option<Duration>,
    /// After the last day of voting; without it what the operator set (7 days).
    after: Option<Duration>,
}

/// A group that looks for a time to meet.
#[derive(InputObject)]
pub(super) struct SuggestSlotsInput {
    /// Ids of the organisations that are to meet, 1 to 500, each once.
    participants: Vec<ID>,
    /// How long they meet, from a minute to a week.
    duration: Duration,
    /// Slots begin at or after this instant, and after now.
    from: DateTime,
    /// Slots end at or before this instant, at most 366 days after `from`.
    to: DateTime,
    /// The host's zone: slots begin on the full steps of its clocks. Without it UTC.
    time_zone: Option<TimeZone>,
    /// Minutes from one candidate to the next: 15 or 30.
    #[graphql(default = 30)]
    step_minutes: i32,
    /// Which days around elections cost something; without it those that the operator set.
    avoid_election_window: Option<ElectionWindowInput>,
    /// The dialogue for which the slot is: what its last 12 meetings before `from` cost each organisation counts, so that whoever bore
    /// the night is spared.
    dialogue_id: Option<ID>,
    /// A meeting that is to be moved: it does not stand in its own way, and where you organise it the elections of who else comes to it
    /// count, too: each of their countries weighs as one organisation more, and `electionConflicts` of the slots tell of them.
    meeting_id: Option<ID>,
    /// How many slots at most, 1 to 20. None overlap.
    #[graphql(default = 5)]
    first: i32,
}

impl SuggestSlotsInput {
    fn search(self) -> Suggest {
        let window = self.avoid_election_window;
        let (before, after) = window.map_or((None, None), |window| (window.before, window.after));
        Suggest {
            participants: self.participants.into_iter().map(|id| id.0).collect(),
            duration: self.duration.0,
            from: self.from.0,
            to: self.to.0,
            time_zone: self.time_zone.map(|zone| zone.0),
            step_minutes: self.step_minutes,
            before: before.map(|one| one.0),
            after: after.map(|one| one.0),
            dialogue_id: self.dialogue_id.map(|id| id.0),
            meeting_id: self.meeting_id.map(|id| id.0),
            first: self.first,
        }
    }
}

/// Why a slot costs an organisation something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::SlotReason")]
pub enum SlotReasonCode {
    /// It falls into the night there, between 22:00 and 7:00. 60 points.
    Night,
    /// It falls into the early morning there, between 7:00 and 9:00. 20 points before 8:00, then 10.
    Early,
    /// It falls into the evening there, between 18:00 and 22:00. 10 points before 19:00, 15 before 20:00, then 30.
    Late,
    /// It falls onto a day of the week on which the country rests, as Unicode CLDR has it. 40 points.
    Weekend,
    /// It falls onto a public holiday there, where the operator's server knows them. 40 points, a weekend included.
    Holiday,
    /// It falls into the days around an election of the country. 80 points.
    ElectionWindow,
    /// It may fall into such days: the polling day is not known to the day, or the election was put off. 5 points.
    ElectionPossible,
    /// The organisation has another meeting then, of a dialogue that you may read. 100 points.
    Busy,
    /// Neither the organisation's zone nor its country is known, so that no hour counts as better than another. No points.
    ZoneUnknown,
}

/// A reason why a slot costs an organisation something.
#[derive(SimpleObject)]
pub(super) struct SlotReason {
    /// The reason.
    code: SlotReasonCode,
    /// The same in words, in English.
    message: &'static str,
}

/// What a slot means to one organisation.
pub(super) struct SlotParticipant {
    organisation: OrganisationId,
    cost: domain::Cost,
    starts_at: Instant,
    zone: Option<chrono_tz::Tz>,
}

/// What a slot means to one organisation.
#[Object]
impl SlotParticipant {
    /// The organisation.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, Some(self.organisation)).await.transpose()
    }

    /// What the clocks show there when it begins: in the organisation's zone, else in that of its country (of several the one in the
    /// middle); null if neither is known.
    async fn local_start(&self) -> Option<LocalDateTime> {
        self.zone.map(|zone| LocalDateTime(wall_time::wall(zone, self.starts_at)))
    }

    /// The zone of those clocks; null if none is known.
    async fn time_zone(&self) -> Option<TimeZone> {
        self.zone.map(|zone| zone.name().into())
    }

    /// What it costs the organisation, in points: the worst hour, a free day, an election and another meeting, added up. 0 costs
    /// nothing.
    async fn cost(&self) -> u32 {
        self.cost.points
    }

    /// Why.
    async fn reasons(&self) -> Vec<SlotReason> {
        self.cost.reasons().map(|reason| SlotReason { code: reason.into(), message: reason.words() }).collect()
    }
}

/// A slot at which the group can meet.
pub(super) struct SuggestedSlot(Arc<Found>, usize);

/// A slot at which the group can meet.
#[Object]
impl SuggestedSlot {
    /// When it begins.
    async fn starts_at(&self) -> Result<DateTime> {
        Ok(DateTime(self.slot()?.starts_at))
    }

    /// When it ends.
    async fn ends_at(&self) -> Result<DateTime> {
        Ok(DateTime(self.slot()?.ends_at))
    }

    /// What the clocks of the host show when it begins: what a meeting is scheduled by.
    async fn local_start(&self) -> Result<LocalDateTime> {
        Ok(LocalDateTime(wall_time::wall(self.0.host, self.slot()?.starts_at)))
    }

    /// The host's zone.
    async fn time_zone(&self) -> TimeZone {
        self.0.host.name().into()
    }

    /// How good it is: 100 costs nobody anything; the more it costs, the closer to 0. It counts more to cost much to one than to cost
    /// less to several, and more to cost those who bore more before. Slots come with the best first.
    async fn score(&self) -> Result<f64> {
        Ok(self.slot()?.score)
    }

    /// What it means to each organisation, in the order of their ids.
    async fn participants(&self) -> Result<Vec<SlotParticipant>> {
        let slot = self.slot()?;
        let one = |(organisation, cost): &(OrganisationId, domain::Cost)| SlotParticipant {
            organisation: *organisation,
            cost: *cost,
            starts_at: slot.starts_at,
            zone: self.0.zones.get(organisation).copied(),
        };
        Ok(slot.costs.iter().map(one).collect())
    }

    /// The elections into whose days it falls, of those whose polling day is known to the day.
    async fn election_conflicts(&self) -> Result<Vec<ElectionConflict>> {
        Ok(self.slot()?.conflicts.iter().cloned().map(ElectionConflict).collect())
    }
}

impl SuggestedSlot {
    fn slot(&self) -> Result<&domain::Suggestion> {
        self.0.suggestions.slots.get(self.1).ok_or_else(|| Error::broken("a slot that was not found"))
    }
}

/// What an organisation bore at the dialogue's last meetings.
pub(super) struct SlotFairness(OrganisationId, u64);

/// What an organisation bore at the dialogue's last meetings.
#[Object]
impl SlotFairness {
    /// The organisation.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(organisations(ctx, &[self.0]).await?.pop())
    }

    /// The points that the hours and free days of the last 12 meetings before `from` cost it, added up; 0 without a dialogue.
    async fn burden(&self) -> u64 {
        self.1
    }
}

/// What a search for slots found.
pub(super) struct SlotSuggestions(Arc<Found>);

/// What a search for slots found.
#[Object]
impl SlotSuggestions {
    /// The slots, the best first; of overlapping ones the best only. Fewer than asked for if there is no more room.
    async fn slots(&self) -> Vec<SuggestedSlot> {
        (0..self.0.suggestions.slots.len()).map(|index| SuggestedSlot(Arc::clone(&self.0), index)).collect()
    }

    /// What each organisation has borne so far, in the order of their ids.
    async fn fairness(&self) -> Vec<SlotFairness> {
        self.0.suggestions.burdens.iter().map(|(organisation, burden)| SlotFairness(*organisation, *burden)).collect()
    }
}

/// Queries about slots.
#[derive(Default)]
pub(super) struct SlotQuery;

#[Object]
impl SlotQuery {
    /// The best slots at which a group can meet, by the clocks of its members, their weekends, public holidays, other meetings and
    /// elections, at a cost shared fairly over the meetings of a dialogue. The same question has the same answer. What cannot be
    /// searched is refused in `errors`, each fault with its path. Electoral bodies and platforms search for groups to which they
    /// belong, the coordinator for any.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn suggest_slots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is to meet, when, and for how long.")] input: SuggestSlotsInput,
    ) -> Option<Result<SlotSuggestions>> {
        Some(slots::suggest(ctx.app(), ctx.caller(), &input.search()).await.map(|found| SlotSuggestions(Arc::new(found))))
    }
}
