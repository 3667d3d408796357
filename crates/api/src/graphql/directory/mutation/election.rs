//! Elections.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use tertulia_app::directory::{Edit, election};
use tertulia_domain::{
    Faults, Result,
    directory::{
        election::{ElectionDraft, ElectionPatch},
        polling_day::{PollingDayDraft, SilencePeriodDraft},
    },
    id::kinds,
};

use super::patch;
use crate::graphql::{
    Resolving,
    directory::{
        election::Election,
        provenance::ProvenanceInput,
        words::{ElectionStatus, ElectionType, Precision},
    },
    ids,
    payload::{UserError, payload},
    scalar::{CountryCode, Date, LocalDateTime, TimeZone},
};

/// A day on which people vote, or a time within which they do.
#[derive(Clone, Debug, InputObject)]
pub struct PollingDayInput {
    /// The day, or any day of its month or year.
    date: Date,
    /// How exactly the date is known; DAY if left out.
    precision: Option<Precision>,
    /// The last day, where people vote within a time whose single days are not known.
    until: Option<Date>,
    /// The round, 1 to 9.
    round: Option<i32>,
    /// The phase within a round, 1 to 99.
    phase: Option<i32>,
    /// When polling stations open, as `07:00`.
    opens_at: Option<String>,
    /// When polling stations close, as `20:00`.
    closes_at: Option<String>,
    /// The zone of those times; left out: each place's own.
    time_zone: Option<TimeZone>,
    /// The part of the country that votes, in words.
    area: Option<String>,
}

fn days(days: Vec<PollingDayInput>) -> Vec<PollingDayDraft> {
    let draft = |day: PollingDayInput| PollingDayDraft {
        date: day.date.0.to_string(),
        precision: day.precision.map(Into::into),
        until: day.until.map(|until| until.0.to_string()),
        round: day.round,
        phase: day.phase,
        opens_at: day.opens_at,
        closes_at: day.closes_at,
        zone: day.time_zone.map(|zone| zone.0),
        area: day.area,
    };
    days.into_iter().map(draft).collect()
}

/// A time in which campaigning is forbidden, by the clock of a place.
#[derive(Clone, Debug, InputObject)]
pub struct SilencePeriodInput {
    /// Its beginning.
    local_start: LocalDateTime,
    /// Its end, which is no more part of it.
    local_end: LocalDateTime,
    /// The zone of both.
    time_zone: TimeZone,
}

fn periods(periods: Vec<SilencePeriodInput>) -> Vec<SilencePeriodDraft> {
    let text = |at: LocalDateTime| at.0.format("%Y-%m-%dT%H:%M:%S").to_string();
    let draft = |period: SilencePeriodInput| SilencePeriodDraft {
        local_start: text(period.local_start),
        local_end: text(period.local_end),
        zone: period.time_zone.0,
    };
    periods.into_iter().map(draft).collect()
}

/// A new election.
#[derive(Clone, Debug, InputObject)]
pub struct ElectionCreateInput {
    /// The country; needed unless the election is SUPRANATIONAL.
    country: Option<CountryCode>,
    /// The bodies that are responsible for it.
    responsible_body_ids: Option<Vec<ID>>,
    /// The part of the country, or the union of countries, in words.
    jurisdiction: Option<String>,
    /// What is elected.
    #[graphql(name = "type")]
    kind: ElectionType,
    /// How certain it is. UNCONFIRMED cannot be set: it follows from the date.
    status: ElectionStatus,
    /// The days on which people vote.
    polling_days: Option<Vec<PollingDayInput>>,
    /// When campaigning is forbidden.
    silence_periods: Option<Vec<SilencePeriodInput>>,
    /// The campaign's first day.
    campaign_from: Option<Date>,
    /// The campaign's last day.
    campaign_to: Option<Date>,
    /// Where the entry comes from.
    provenance: Option<ProvenanceInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ElectionCreateInput {
    fn draft(self) -> Result<ElectionDraft> {
        let mut faults = Faults::default();
        let bodies = self.responsible_body_ids.unwrap_or_default();
        let draft = ElectionDraft {
            country: self.country.map(|code| code.0),
            responsible_bodies: ids::noted_list(&mut faults, "responsibleBodyIds", &bodies),
            jurisdiction: self.jurisdiction,
            kind: Some(self.kind.into()),
            status: Some(self.status.into()),
            polling_days: self.polling_days.map(days).unwrap_or_default(),
            silence_periods: self.silence_periods.map(periods).unwrap_or_default(),
            campaign_from: self.campaign_from.map(|value| value.0.to_string()),
            campaign_to: self.campaign_to.map(|value| value.0.to_string()),
            provenance: self.provenance.map(Into::into).unwrap_or_default(),
        };
        faults.finish_with(Some(draft))
    }
}

/// A change of an election; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct ElectionUpdateInput {
    /// The election.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// The bodies that are responsible for it. All of them; left out: as they are.
    responsible_body_ids: Option<Vec<ID>>,
    /// The part of the country, or the union of countries, in words. Left out: as it is; null: emptied.
    jurisdiction: MaybeUndefined<String>,
    /// What is elected. Left out: as it is.
    #[graphql(name = "type")]
    kind: Option<ElectionType>,
    /// How certain it is. UNCONFIRMED cannot be set: it follows from the date. Left out: as it is.
    status: Option<ElectionStatus>,
    /// The days on which people vote. All of them; left out: as they are.
    polling_days: Option<Vec<PollingDayInput>>,
    /// When campaigning is forbidden. All of them; left out: as they are.
    silence_periods: Option<Vec<SilencePeriodInput>>,
    /// The campaign's first day. Left out: as it is; null: emptied.
    campaign_from: MaybeUndefined<Date>,
    /// The campaign's last day. Left out: as it is; null: emptied.
    campaign_to: MaybeUndefined<Date>,
    /// Where the entry comes from. Left out: as it is.
    provenance: Option<ProvenanceInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ElectionUpdateInput {
    fn edit(self) -> Edit<kinds::Election, ElectionPatch> {
        let (id, version, key) = (ids::id(&self.id, "id"), self.version, self.idempotency_key.clone());
        Edit::new(id, version, self.patch(), key)
    }

    fn patch(self) -> Result<ElectionPatch> {
        let mut faults = Faults::default();
        let bodies = self.responsible_body_ids.map(|ids| ids::noted_list(&mut faults, "responsibleBodyIds", &ids));
        let change = ElectionPatch {
            responsible_bodies: bodies,
            jurisdiction: patch(self.jurisdiction, |value| value),
            kind: self.kind.map(Into::into),
            status: self.status.map(Into::into),
            polling_days: self.polling_days.map(days),
            silence_periods: self.silence_periods.map(periods),
            campaign_from: patch(self.campaign_from, |value| value.0.to_string()),
            campaign_to: patch(self.campaign_to, |value| value.0.to_string()),
            provenance: self.provenance.map(Into::into),
        };
        faults.finish_with(Some(change))
    }
}

/// What a change of an election answers.
#[derive(SimpleObject)]
pub struct ElectionPayload {
    /// The entry as it is now; null if the change was refused.
    election: Option<Election>,
    /// Why the change was refused; empty if it was made.
    user_errors: Vec<UserError>,
}

impl ElectionPayload {
    fn new(entry: Option<Election>, user_errors: Vec<UserError>) -> Self {
        Self { election: entry, user_errors }
    }
}

/// Mutations of elections.
#[derive(Default)]
pub struct ElectionMutation;

#[Object]
impl ElectionMutation {
    /// Records an election. Who: COORDINATOR.
    async fn election_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The election.")] input: ElectionCreateInput,
    ) -> Option<Result<ElectionPayload>> {
        let key = input.idempotency_key.clone();
        let result = election::create(ctx.app(), ctx.caller(), input.draft(), key.as_deref()).await;
        payload(result.map(Election), ElectionPayload::new)
    }

    /// Edits an election. What the edit replaces stays in its history. Who: COORDINATOR.
    async fn election_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: ElectionUpdateInput,
    ) -> Option<Result<ElectionPayload>> {
        let result = election::update(ctx.app(), ctx.caller(), input.edit()).await;
        payload(result.map(Election), ElectionPayload::new)
    }
}
