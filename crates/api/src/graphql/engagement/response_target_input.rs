//! What a front end sends to set a response target.

use async_graphql::{ID, InputObject, MaybeUndefined};
use tertulia_app::directory::Edit;
use tertulia_domain::{
    Faults, Result,
    directory::hours::HoursSpanDraft,
    engagement::{
        business_time::CalendarDraft,
        election_span::ElectionSpanDraft,
        response_target::{ResponseTargetDraft, ResponseTargetPatch},
    },
    id::kinds,
};

use super::words::{ContactKind, PollAnchor, TargetClock, TargetNature, Urgency};
use crate::graphql::{
    directory::{channel::Weekday, mutation::patch},
    ids,
    scalar::{CountryCode, Date, Duration, TimeZone},
};

/// The hours around each poll of the body's country, on the days that are known to the day.
#[derive(Clone, Debug, InputObject)]
pub struct ElectionSpanInput {
    /// What they count from. Around `POLL_DAY` whole days are counted.
    anchor: PollAnchor,
    /// How long before it they begin, as `PT48H`; at most 60 days. With it if left out.
    before: Option<Duration>,
    /// How long after it they end, as `P3D`; at most 60 days. With it if left out.
    after: Option<Duration>,
}

impl From<ElectionSpanInput> for ElectionSpanDraft {
    fn from(input: ElectionSpanInput) -> Self {
        Self { anchor: input.anchor.into(), before: input.before.map(|time| time.0), after: input.after.map(|time| time.0) }
    }
}

/// When somebody works.
#[derive(Clone, Debug, InputObject)]
pub struct BusinessCalendarInput {
    /// The zone by whose clocks the hours go.
    time_zone: TimeZone,
    /// The hours of the week, 1 to 28 spans.
    hours: Vec<BusinessHoursInput>,
    /// Days on which nobody works, at most 400.
    holidays: Option<Vec<Date>>,
}

/// When somebody works on one day of the week. A span that runs past midnight is written as two.
#[derive(Clone, Debug, InputObject)]
pub struct BusinessHoursInput {
    /// The day.
    weekday: Weekday,
    /// From this time, as `09:00`.
    opens_at: String,
    /// Until this time, as `17:00`; `00:00` is the day's end, and the same as `opensAt` means the whole
    /// day.
    closes_at: String,
}

impl From<BusinessCalendarInput> for CalendarDraft {
    fn from(input: BusinessCalendarInput) -> Self {
        let span =
            |span: BusinessHoursInput| HoursSpanDraft { day: span.weekday.into(), opens_at: span.opens_at, closes_at: span.closes_at };
        Self {
            zone: input.time_zone.0,
            hours: input.hours.into_iter().map(span).collect(),
            holidays: input.holidays.unwrap_or_default().into_iter().map(|day| day.0.to_string()).collect(),
        }
    }
}

/// A new response target. What is left out does not narrow.
#[derive(Clone, Debug, InputObject)]
pub struct ResponseTargetCreateInput {
    /// Your organisation, if you propose the target: it then waits for the coordinator. The coordinator leaves it out.
    proposed_by_id: Option<ID>,
    /// The company that is to answer.
    platform_id: ID,
    /// One of its services.
    platform_service_id: Option<ID>,
    /// Contacts of bodies of these countries.
    countries: Option<Vec<CountryCode>>,
    /// Contacts of these kinds; only such as expect a platform's answer.
    contact_kinds: Option<Vec<ContactKind>>,
    /// Contacts of this urgency.
    urgencies: Option<Vec<Urgency>>,
    /// The agreement or law on which it stands.
    instrument_id: Option<ID>,
    /// The hours around a poll in which a contact must be sent.
    applies_when: Option<ElectionSpanInput>,
    /// Within which time a human acknowledgement, a question or a decision is to come, from a minute to 366 days. This or
    /// `decideWithin` is needed.
    acknowledge_within: Option<Duration>,
    /// Within which time a decision is to come, from a minute to 366 days.
    decide_within: Option<Duration>,
    /// What time counts; ELAPSED if left out.
    clock: Option<TargetClock>,
    /// When somebody works; needed for business time, and refused without.
    calendar: Option<BusinessCalendarInput>,
    /// The first day (UTC) on which it binds what is sent.
    valid_from: Option<Date>,
    /// The last day (UTC) on which it does.
    valid_to: Option<Date>,
    /// What it stands on.
    nature: TargetNature,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    pub(super) idempotency_key: Option<String>,
}

impl ResponseTargetCreateInput {
    pub(super) fn draft(self) -> Result<ResponseTargetDraft> {
        let mut faults = Faults::default();
        let draft = ResponseTargetDraft {
            proposed_by: ids::noted(&mut faults, "proposedById", self.proposed_by_id.as_ref()),
            platform: ids::noted(&mut faults, "platformId", Some(&self.platform_id)),
            service: ids::noted(&mut faults, "platformServiceId", self.platform_service_id.as_ref()),
            countries: self.countries.map(codes).unwrap_or_default(),
            contact_kinds: each(self.contact_kinds.unwrap_or_default()),
            urgencies: each(self.urgencies.unwrap_or_default()),
            instrument: ids::noted(&mut faults, "instrumentId", self.instrument_id.as_ref()),
            applies_when: self.applies_when.map(Into::into),
            acknowledge_within: self.acknowledge_within.map(|time| time.0),
            decide_within: self.decide_within.map(|time| time.0),
            clock: self.clock.map(Into::into),
            calendar: self.calendar.map(Into::into),
            valid_from: self.valid_from.map(|day| day.0.to_string()),
            valid_to: self.valid_to.map(|day| day.0.to_string()),
            nature: Some(self.nature.into()),
            generated: false,
        };
        faults.finish_with(Some(draft))
    }
}

fn codes(codes: Vec<CountryCode>) -> Vec<String> {
    codes.into_iter().map(|code| code.0).collect()
}

fn each<T, U: From<T>>(values: Vec<T>) -> Vec<U> {
    values.into_iter().map(U::from).collect()
}

/// A change of a response target; what is left out stays as it is. What was sent before keeps the target as it was.
#[derive(Clone, Debug, InputObject)]
pub struct ResponseTargetUpdateInput {
    /// The target.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// One of the company's services. Left out: as it is; null: all of them.
    platform_service_id: MaybeUndefined<ID>,
    /// Contacts of bodies of these countries. All of them; left out: as they are.
    countries: Option<Vec<CountryCode>>,
    /// Contacts of these kinds. All of them; left out: as they are.
    contact_kinds: Option<Vec<ContactKind>>,
    /// Contacts of this urgency. All of them; left out: as they are.
    urgencies: Option<Vec<Urgency>>,
    /// The agreement or law on which it stands. Left out: as it is; null: emptied.
    instrument_id: MaybeUndefined<ID>,
    /// The hours around a poll. Left out: as they are; null: at any time.
    applies_when: MaybeUndefined<ElectionSpanInput>,
    /// Within which time the first response is to come. Left out: as it is; null: emptied.
    acknowledge_within: MaybeUndefined<Duration>,
    /// Within which time the decision is to come. Left out: as it is; null: emptied.
    decide_within: MaybeUndefined<Duration>,
    /// What time counts. Left out: as it is.
    clock: Option<TargetClock>,
    /// When somebody works. Left out: as it is; null: emptied.
    calendar: MaybeUndefined<BusinessCalendarInput>,
    /// The first day on which it binds what is sent. Left out: as it is; null: emptied.
    valid_from: MaybeUndefined<Date>,
    /// The last day on which it does: with it the target is retired. Left out: as it is; null: emptied.
    valid_to: MaybeUndefined<Date>,
    /// What it stands on. Left out: as it is.
    nature: Option<TargetNature>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ResponseTargetUpdateInput {
    pub(super) fn edit(self) -> Edit<kinds::ResponseTarget, ResponseTargetPatch> {
        let (id, version, key) = (ids::id(&self.id, "id"), self.version, self.idempotency_key.clone());
        Edit::new(id, version, self.patch(), key)
    }

    fn patch(self) -> Result<ResponseTargetPatch> {
        let mut faults = Faults::default();
        let service = patch(self.platform_service_id, |id| ids::noted(&mut faults, "platformServiceId", Some(&id))).map(Option::flatten);
        let instrument = patch(self.instrument_id, |id| ids::noted(&mut faults, "instrumentId", Some(&id))).map(Option::flatten);
        let change = ResponseTargetPatch {
            service,
            countries: self.countries.map(codes),
            contact_kinds: self.contact_kinds.map(each),
            urgencies: self.urgencies.map(each),
            instrument,
            applies_when: patch(self.applies_when, Into::into),
            acknowledge_within: patch(self.acknowledge_within, |time| time.0),
            decide_within: patch(self.decide_within, |time| time.0),
            clock: self.clock.map(Into::into),
            calendar: patch(self.calendar, Into::into),
            valid_from: patch(self.valid_from, |day| day.0.to_string()),
            valid_to: patch(self.valid_to, |day| day.0.to_string()),
            nature: self.nature.map(Into::into),
        };
        faults.finish_with(Some(change))
    }
}

/// The coordinator's word for a proposal.
#[derive(Clone, Debug, InputObject)]
pub struct ResponseTargetConfirmInput {
    /// The target.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ResponseTargetConfirmInput {
    pub(super) fn edit(self) -> Edit<kinds::ResponseTarget, ()> {
        Edit::new(ids::id(&self.id, "id"), self.version, Ok(()), self.idempotency_key)
    }
}
