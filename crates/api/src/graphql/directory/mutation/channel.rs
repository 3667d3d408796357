//! Channels.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use tertulia_app::directory::{Edit, channel};
use tertulia_domain::{
    Faults, Result,
    directory::channel::{self as domain, ChannelDraft, ChannelPatch, HoursSpanDraft, Verification},
    id::kinds,
};

use super::{organisation::tags, patch, platform::codes};
use crate::graphql::{
    Resolving,
    directory::{
        channel::{Channel, Weekday},
        words::ChannelKind,
    },
    engagement::words::ContactKind,
    ids,
    payload::{UserError, payload},
    scalar::{CountryCode, LanguageTag, TimeZone},
};

/// When somebody answers on one day of the week. A span that runs past midnight is written as two.
#[derive(Clone, Debug, InputObject)]
pub struct HoursSpanInput {
    /// The day.
    day: Weekday,
    /// From this time, as `09:00`.
    opens_at: String,
    /// Until this time, as `18:00`; `00:00` is the day's end, and the same as `opensAt` means the whole
    /// day.
    closes_at: String,
}

fn hours(spans: Vec<HoursSpanInput>) -> Vec<HoursSpanDraft> {
    let draft = |span: HoursSpanInput| HoursSpanDraft { day: span.day.into(), opens_at: span.opens_at, closes_at: span.closes_at };
    spans.into_iter().map(draft).collect()
}

fn purposes(purposes: Vec<ContactKind>) -> Vec<domain::ChannelPurpose> {
    purposes.into_iter().map(Into::into).collect()
}

/// A new channel into a platform.
#[derive(Clone, Debug, InputObject)]
pub struct ChannelCreateInput {
    /// The company that it reaches.
    platform_id: ID,
    /// The service that it is for; left out: all of the company's.
    platform_service_id: Option<ID>,
    /// What it is.
    kind: ChannelKind,
    /// What it is for; empty: anything.
    purposes: Option<Vec<ContactKind>>,
    /// Whom it serves; empty: every country.
    coverage_countries: Option<Vec<CountryCode>>,
    /// In which languages somebody answers.
    languages: Option<Vec<LanguageTag>>,
    /// When somebody answers.
    hours: Option<Vec<HoursSpanInput>>,
    /// The zone of the hours; needed with them.
    hours_time_zone: Option<TimeZone>,
    /// How to reach it: an e-mail address, a number, a page. Restricted.
    address: Option<String>,
    /// How to use it. Restricted.
    instructions: Option<String>,
    /// The agreement or law that it stands on, which must be confirmed.
    instrument_id: Option<ID>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ChannelCreateInput {
    fn draft(self) -> Result<ChannelDraft> {
        let mut faults = Faults::default();
        let draft = ChannelDraft {
            platform: ids::noted(&mut faults, "platformId", Some(&self.platform_id)),
            service: ids::noted(&mut faults, "platformServiceId", self.platform_service_id.as_ref()),
            kind: Some(self.kind.into()),
            purposes: self.purposes.map(purposes).unwrap_or_default(),
            coverage_countries: self.coverage_countries.map(codes).unwrap_or_default(),
            languages: self.languages.map(tags).unwrap_or_default(),
            hours: self.hours.map(hours).unwrap_or_default(),
            hours_zone: self.hours_time_zone.map(|value| value.0),
            address: self.address,
            instructions: self.instructions,
            instrument: ids::noted(&mut faults, "instrumentId", self.instrument_id.as_ref()),
        };
        faults.finish_with(Some(draft))
    }
}

/// A change of a channel; what is left out stays as it is. With a new address or kind it is UNVERIFIED again.
#[derive(Clone, Debug, InputObject)]
pub struct ChannelUpdateInput {
    /// The channel.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// The service that it is for. Left out: as it is; null: emptied.
    platform_service_id: MaybeUndefined<ID>,
    /// What it is. Left out: as it is.
    kind: Option<ChannelKind>,
    /// What it is for; empty: anything. All of them; left out: as they are.
    purposes: Option<Vec<ContactKind>>,
    /// Whom it serves; empty: every country. All of them; left out: as they are.
    coverage_countries: Option<Vec<CountryCode>>,
    /// In which languages somebody answers. All of them; left out: as they are.
    languages: Option<Vec<LanguageTag>>,
    /// When somebody answers. All of them; left out: as they are.
    hours: Option<Vec<HoursSpanInput>>,
    /// The zone of the hours; needed with them. Left out: as it is; null: emptied.
    hours_time_zone: MaybeUndefined<TimeZone>,
    /// How to reach it: an e-mail address, a number, a page. Restricted. Left out: as it is; null: emptied.
    address: MaybeUndefined<String>,
    /// How to use it. Restricted. Left out: as it is; null: emptied.
    instructions: MaybeUndefined<String>,
    /// The agreement or law that it stands on, which must be confirmed. Left out: as it is; null: emptied.
    instrument_id: MaybeUndefined<ID>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ChannelUpdateInput {
    fn edit(self) -> Edit<kinds::Channel, ChannelPatch> {
        let (id, version, key) = (ids::id(&self.id, "id"), self.version, self.idempotency_key.clone());
        Edit::new(id, version, self.patch(), key)
    }

    fn patch(self) -> Result<ChannelPatch> {
        let mut faults = Faults::default();
        let service = patch(self.platform_service_id, |id| ids::noted(&mut faults, "platformServiceId", Some(&id))).map(Option::flatten);
        let instrument = patch(self.instrument_id, |id| ids::noted(&mut faults, "instrumentId", Some(&id))).map(Option::flatten);
        let change = ChannelPatch {
            service,
            kind: self.kind.map(Into::into),
            purposes: self.purposes.map(purposes),
            coverage_countries: self.coverage_countries.map(codes),
            languages: self.languages.map(tags),
            hours: self.hours.map(hours),
            hours_zone: patch(self.hours_time_zone, |value| value.0),
            address: patch(self.address, |value| value),
            instructions: patch(self.instructions, |value| value),
            instrument,
        };
        faults.finish_with(Some(change))
    }
}

/// The statement that a channel works.
#[derive(Clone, Debug, InputObject)]
pub struct ChannelVerifyInput {
    /// The channel.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// Whether it answers late or in part only.
    degraded: Option<bool>,
    /// After how many days it is to be checked again, 1 to 730; 90 if left out. Near a polling day of a country that it serves by name
    /// it is earlier: two weeks before, and from then on every week.
    check_after_days: Option<i32>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

/// A channel's retirement.
#[derive(Clone, Debug, InputObject)]
pub struct ChannelRetireInput {
    /// The channel.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// Why it is retired.
    reason: String,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

/// What a change of a channel answers.
#[derive(SimpleObject)]
pub struct ChannelPayload {
    /// The entry as it is now; null if the change was refused.
    channel: Option<Channel>,
    /// Why the change was refused; empty if it was made.
    user_errors: Vec<UserError>,
}

impl ChannelPayload {
    fn new(entry: Option<Channel>, user_errors: Vec<UserError>) -> Self {
        Self { channel: entry, user_errors }
    }
}

/// Mutations of channels.
#[derive(Default)]
pub struct ChannelMutation;

#[Object]
impl ChannelMutation {
    /// Records a channel, not yet verified. Who: COORDINATOR, PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn channel_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The channel.")] input: ChannelCreateInput,
    ) -> Option<Result<ChannelPayload>> {
        let key = input.idempotency_key.clone();
        let result = channel::create(ctx.app(), ctx.caller(), input.draft(), key.as_deref()).await;
        payload(result.map(Channel), ChannelPayload::new)
    }

    /// Edits a channel. What the edit replaces stays in its history. Who: COORDINATOR, PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn channel_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: ChannelUpdateInput,
    ) -> Option<Result<ChannelPayload>> {
        let result = channel::update(ctx.app(), ctx.caller(), input.edit()).await;
        payload(result.map(Channel), ChannelPayload::new)
    }

    /// States that a channel works, in full or in part. Who: COORDINATOR, PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn channel_verify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The statement.")] input: ChannelVerifyInput,
    ) -> Option<Result<ChannelPayload>> {
        let edit = Edit::new(ids::id(&input.id, "id"), input.version, Ok(()), input.idempotency_key);
        let seen = Verification { degraded: input.degraded.unwrap_or_default(), check_after_days: input.check_after_days };
        let result = channel::verify(ctx.app(), ctx.caller(), edit, seen).await;
        payload(result.map(Channel), ChannelPayload::new)
    }

    /// Takes a channel out of use for good; it stays readable. Who: COORDINATOR, PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn channel_retire(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The retirement.")] input: ChannelRetireInput,
    ) -> Option<Result<ChannelPayload>> {
        let edit = Edit::new(ids::id(&input.id, "id"), input.version, Ok(()), input.idempotency_key);
        let result = channel::retire(ctx.app(), ctx.caller(), edit, &input.reason).await;
        payload(result.map(Channel), ChannelPayload::new)
    }
}
