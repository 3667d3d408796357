//! Channels: who keeps them, and who may read their address.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use tertulia_domain::{
    Error, Faults, Reason, Result,
    directory::{
        channel::{
            Channel, ChannelDraft, ChannelEntry, ChannelFields, ChannelFilter, ChannelOrder, ChannelPatch, ChannelState, Verification,
        },
        organisation::OrganisationKind,
    },
    id::{ChannelId, PlatformServiceId, kinds},
    page::{Page, PageRequest},
    policy::{Act, Actor, DirectorySight, Grant, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{
    Session, Writer,
    directory::{
        channel::{self, Reading},
        instrument, platform,
    },
};

use super::{
    edit::{self, Created, Edit, Edited},
    references::{check_countries, check_organisation},
    votes::votes,
};
use crate::{
    App, Ctx, IdempotencyKey, UnitOfWork, check_version,
    record::reads::{self, Read},
};

/// What a channel's readers get: the address and the instructions are gone where the caller may not read them, and of the verification
/// the day remains.
fn shown(ctx: &Ctx, mut channel: Channel) -> Channel {
    if !may_read_address(ctx, &channel) {
        channel.fields.fields.address = None;
        channel.fields.fields.instructions = None;
        let state = &mut channel.fields.state;
        state.retired_reason = None;
        // The day of the verification is for everybody, its hour is not.
        state.verified_at = state.verified_at.map(|at| at.date_naive().and_time(NaiveTime::MIN).and_utc());
    }
    channel
}

/// Whether the caller may read how the channel is reached: the coordinator, the platform, and bodies of a country it serves.
fn may_read_address(ctx: &Ctx, channel: &Channel) -> bool {
    right_to_address(ctx, channel).is_some()
}

/// As what the caller may read how the channel is reached.
fn right_to_address(ctx: &Ctx, channel: &Channel) -> Option<Scope> {
    let own = Scope::owned_by(channel.fields.fields.platform);
    let countries = ctx.actor.members().iter().filter_map(|member| member.country).filter(|country| channel.covers(*country));
    let scopes = countries.map(|country| Scope { country: Some(country), ..own.clone() });
    scopes.chain([own.clone()]).find(|scope| ctx.allow(Act::ChannelAddressRead, scope).is_ok())
}

/// Notes that the caller is told how to reach persons: those of these channels that are one and whose address he may read.
///
/// # Errors
/// Whatever keeps the audit log from being written: then the addresses are not to be shown.
pub async fn note_persons_read(app: &App, ctx: &Ctx, channels: &[Arc<Channel>]) -> Result<()> {
    let persons = channels.iter().filter(|channel| channel.fields.fields.kind.is_person());
    let read = persons.filter_map(|channel| Some((channel.id.any(), right_to_address(ctx, channel)?)));
    reads::note(app, ctx, Read { act: Act::ChannelAddressRead, way: "address" }, read).await
}

/// Every channel in use, each as the caller may read it.
pub(crate) async fn in_use(app: &App, ctx: &Ctx) -> Result<Vec<Channel>> {
    ctx.may(Act::DirectoryRead)?;
    let found = channel::in_use(&app.current_reader(ctx)).await?;
    Ok(found.into_iter().map(|channel| shown(ctx, channel)).collect())
}

/// The channels with these ids, each as the caller may read it.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[ChannelId]) -> Result<Vec<Channel>> {
    ctx.may(Act::DirectoryRead)?;
    let found = channel::find_many(&app.reader(ctx), ids).await?;
    Ok(found.into_iter().map(|channel| shown(ctx, channel)).collect())
}

/// A page of channels, each as the caller may read it; by the caller's languages, if that is the order.
pub async fn list(app: &App, ctx: &Ctx, filter: &ChannelFilter, order: ChannelOrder, page: &PageRequest) -> Result<Page<Channel>> {
    ctx.may(Act::DirectoryRead)?;
    let reader = app.reader(ctx);
    let filter = with_company(&reader, filter.clone()).await?;
    let reading = Reading { order, today: ctx.now.date_naive(), languages: &ctx.languages };
    Ok(channel::list(&reader, &filter, reading, page).await?.map(|channel| shown(ctx, channel)))
}

/// How many channels the filter leaves.
pub async fn count(app: &App, ctx: &Ctx, filter: &ChannelFilter) -> Result<u64> {
    ctx.may(Act::DirectoryRead)?;
    let reader = app.reader(ctx);
    let filter = with_company(&reader, filter.clone()).await?;
    channel::count(&reader, &filter, ctx.now.date_naive()).await
}

/// A filter by service looks at its company's channels only.
async fn with_company(session: &dyn Session, mut filter: ChannelFilter) -> Result<ChannelFilter> {
    if let Some(service) = filter.service {
        let company = platform::find(session, service).await?.map(|service| service.platform);
        if filter.platform.is_some() && filter.platform != company {
            return Err(Error::invalid(Reason::Contradiction, "filter.platformServiceId", "This is no service of that platform."));
        }
        filter.platform = Some(
            company.ok_or_else(|| Error::invalid(Reason::UnknownId, "filter.platformServiceId", "There is no service with this id."))?,
        );
    }
    Ok(filter)
}

/// Records a channel, not yet verified.
pub async fn create(app: &App, ctx: &Ctx, draft: Result<ChannelDraft>, key: Option<&str>) -> Result<Channel> {
    edit::create(app, ctx, draft, key).await
}

/// Edits a channel. A new address has to be verified anew.
pub async fn update(app: &App, ctx: &Ctx, edit: Edit<kinds::Channel, ChannelPatch>) -> Result<Channel> {
    edit::update(app, ctx, edit).await
}

impl Edited for kinds::Channel {
    type Fields = ChannelEntry;
    type Patch = ChannelPatch;
    const UPDATE: (Act, Topic) = (Act::ChannelUpdate, Topic::ChannelUpdated);

    fn scope(_: ChannelId, entry: &ChannelEntry) -> Scope {
        Scope::owned_by(entry.fields.platform)
    }

    fn apply(patch: ChannelPatch, before: &ChannelEntry) -> Result<ChannelEntry> {
        let fields = patch.apply(&before.fields)?;
        Ok(ChannelEntry { state: before.state.after_edit(&before.fields, &fields)?, fields })
    }

    /// The company is one, the service is its own, the countries exist, and the instrument is confirmed.
    async fn check_references(session: &dyn Session, _: ChannelId, entry: &ChannelEntry) -> Result<()> {
        let ChannelEntry { fields, .. } = entry;
        let mut faults = Faults::default();
        check_organisation(session, &mut faults, "platformId", Some(fields.platform), Some(OrganisationKind::PlatformCompany)).await?;
        check_service(session, &mut faults, fields.service, fields).await?;
        check_countries(session, &mut faults, "coverageCountries", true, &fields.coverage_countries).await?;
        // As everybody reads it, since everybody reads which one a channel stands on.
        if let Some(id) = fields.instrument
            && instrument::find(session, &DirectorySight::of(&Actor::Anonymous), id).await?.is_none()
        {
            faults.add(Reason::UnknownId, "instrumentId", "There is no such instrument that is confirmed.");
        }
        faults.finish()
    }

    async fn find(session: &dyn Session, _: &Ctx, id: ChannelId) -> Result<Option<Channel>> {
        channel::find(session, id).await
    }

    async fn replace(writer: &Writer, entry: &Channel) -> Result<()> {
        channel::update(writer, entry).await
    }
}

impl Created for kinds::Channel {
    type Draft = ChannelDraft;
    const CREATE: (Act, Topic) = (Act::ChannelCreate, Topic::ChannelCreated);

    fn scope_of(draft: &ChannelDraft) -> Scope {
        Scope { owner: draft.platform, ..Scope::default() }
    }

    fn check(draft: &ChannelDraft) -> Result<ChannelEntry> {
        Ok(ChannelEntry { fields: draft.check()?, state: ChannelState::unverified() })
    }

    async fn insert(writer: &Writer, entry: &Channel) -> Result<()> {
        channel::insert(writer, entry).await
    }
}

/// A change of state under way: what is checked before every act on a channel.
struct Change<'a> {
    uow: UnitOfWork<'a>,
    grant: Grant,
    before: Channel,
    /// Whether the same act was done under the same key before.
    done: bool,
}

async fn begin<'a>(app: &'a App, ctx: &'a Ctx, act: Act, id: ChannelId, version: i64, key: Option<IdempotencyKey>) -> Result<Change<'a>> {
    ctx.may(act)?;
    let uow = app.begin(ctx).await?;
    let before: Channel = edit::current(uow.writer(), ctx, Some(id)).await?;
    let grant = ctx.allow(act, &Scope::owned_by(before.fields.fields.platform))?;
    let done = uow.claim(&grant, key.as_ref(), id.any()).await?.is_some();
    if !done {
        check_version(version, before.version)?;
    }
    Ok(Change { uow, grant, before, done })
}

impl Change<'_> {
    async fn finish(self, ctx: &Ctx, after: ChannelEntry, event: Event) -> Result<Channel> {
        self.uow.replace(&self.grant, self.before.id.any(), self.before.version, &self.before.fields)?;
        let entry = self.before.edited(after, ctx.now);
        channel::update(self.uow.writer(), &entry).await?;
        self.uow.commit(self.grant, [event]).await?;
        Ok(entry)
    }
}

/// States that a channel works, in full or in part; it is to be checked again after some days, and earlier near an election of a country
/// that it serves by name.
pub async fn verify(app: &App, ctx: &Ctx, edit: Edit<kinds::Channel, ()>, seen: Verification) -> Result<Channel> {
    ctx.may(Act::ChannelVerify)?;
    let (id, version, (), key) = edit.with(&(seen.degraded, seen.check_after_days)).read()?;
    let change = begin(app, ctx, Act::ChannelVerify, id, version, key).await?;
    if change.done {
        return Ok(change.before);
    }
    let ChannelEntry { fields, state } = change.before.fields.clone();
    let votes = votes(app, ctx, change.uow.writer(), &fields.coverage_countries).await?;
    let polls: Vec<NaiveDate> = votes.iter().flat_map(|votes| &votes.elections).flat_map(|election| election.certain_days()).collect();
    let state = state.verify(change.grant.organisation(), seen, &polls, ctx.now)?;
    change.finish(ctx, ChannelEntry { fields, state }, Event::new(Topic::ChannelVerified, id.any())).await
}

/// Takes a channel out of use for good.
pub async fn retire(app: &App, ctx: &Ctx, edit: Edit<kinds::Channel, ()>, reason: &str) -> Result<Channel> {
    ctx.may(Act::ChannelRetire)?;
    let (id, version, (), key) = edit.with(&reason).read()?;
    let change = begin(app, ctx, Act::ChannelRetire, id, version, key).await?;
    if change.done {
        return Ok(change.before);
    }
    let ChannelEntry { fields, state } = change.before.fields.clone();
    let state = state.retire(reason)?;
    change.finish(ctx, ChannelEntry { fields, state }, Event::new(Topic::ChannelRetired, id.any())).await
}

async fn check_service(session: &dyn Session, faults: &mut Faults, id: Option<PlatformServiceId>, fields: &ChannelFields) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    match platform::find(session, id).await? {
        None => faults.add(Reason::UnknownId, "platformServiceId", "There is no service with this id."),
        Some(service) if service.platform != fields.platform => {
            faults.add(Reason::Contradiction, "platformServiceId", "This is no service of that platform.");
        }
        Some(_) => {}
    }
    Ok(())
}
