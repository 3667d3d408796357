//! Experts: the coordinator records them, they alone consent to be listed.

use tertulia_domain::{
    Error, Faults, Reason, Result,
    directory::{
        entry::Entry,
        expert::{Consent, Expert, ExpertDraft, ExpertEntry, ExpertFields, ExpertFilter, ExpertPatch, Listing},
    },
    id::{ExpertId, kinds},
    page::{Page, PageRequest},
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text::EmailAddress,
    time::Instant,
};
use tertulia_persistence::{Session, Writer, directory::expert};

use super::{
    edit::{self, Edit, Edited},
    references::{check_organisation, check_regions},
};
use crate::{App, Ctx, IdempotencyKey};

/// What an expert's readers get: the address and the notes are gone for all but the coordinator and the expert.
fn shown(ctx: &Ctx, mut expert: Expert) -> Expert {
    if ctx.allow(Act::ExpertUpdate, &kinds::Expert::scope(expert.id, &expert)).is_err() {
        expert.fields.email = None;
        expert.fields.user = None;
        expert.fields.fields.availability_notes = None;
    }
    expert
}

/// The experts with these ids that the caller may find now.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[ExpertId]) -> Result<Vec<Expert>> {
    ctx.may(Act::DirectoryRead)?;
    let found = expert::find_many(&app.reader(ctx), &ctx.directory(), ctx.now, ids).await?;
    Ok(found.into_iter().map(|expert| shown(ctx, expert)).collect())
}

/// A page of the experts that the caller may find now.
pub async fn list(app: &App, ctx: &Ctx, filter: &ExpertFilter, page: &PageRequest) -> Result<Page<Expert>> {
    ctx.may(Act::DirectoryRead)?;
    let found = expert::list(&app.reader(ctx), &ctx.directory(), ctx.now, filter, page).await?;
    Ok(found.map(|expert| shown(ctx, expert)))
}

/// How many experts the filter leaves of those that the caller may find now.
pub async fn count(app: &App, ctx: &Ctx, filter: &ExpertFilter) -> Result<u64> {
    ctx.may(Act::DirectoryRead)?;
    expert::count(&app.reader(ctx), &ctx.directory(), ctx.now, filter).await
}

/// The caller's own profile, if the coordinator recorded one under the address of his account.
pub async fn own(app: &App, ctx: &Ctx) -> Result<Option<Expert>> {
    ctx.may(Act::ExpertConsent)?;
    match ctx.actor.user() {
        Some(user) => expert::find_own(&app.reader(ctx), user).await,
        None => Ok(None),
    }
}

/// Records an expert, listed to nobody until the expert consents. The address is that of the expert's account, which an
/// invitation with the role EXPERT makes.
pub async fn record(app: &App, ctx: &Ctx, draft: Result<ExpertDraft>, email: Option<&str>, key: Option<&str>) -> Result<Expert> {
    let grant = ctx.allow(Act::ExpertRecord, &Scope::default())?;
    let draft = draft?;
    let key = IdempotencyKey::parse(key, &format!("{draft:?} {email:?}"))?;
    let uow = app.begin(ctx).await?;
    let id: ExpertId = app.ids.new_id();
    if let Some(earlier) = uow.claim(&grant, key.as_ref(), id.any()).await? {
        return edit::current(uow.writer(), ctx, earlier.typed()).await;
    }
    let (fields, email) = check(uow.writer(), &draft, email).await?;
    let entry = Entry::born(id, None, ExpertEntry { fields, user: None, email, consent: None }, ctx.now);
    expert::insert(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::new(Topic::ExpertRecorded, id.any())]).await?;
    Ok(entry)
}

async fn check(session: &dyn Session, draft: &ExpertDraft, email: Option<&str>) -> Result<(ExpertFields, Option<EmailAddress>)> {
    let mut faults = Faults::default();
    let fields = faults.check("", draft.check());
    let email = email.map(str::trim).filter(|email| !email.is_empty()).and_then(|email| faults.check("email", EmailAddress::parse(email)));
    if let Some(email) = &email
        && expert::has_email(session, email).await?
    {
        faults.add(Reason::Duplicate, "email", "An expert is recorded under this address already.");
    }
    if let Some(fields) = &fields {
        check_references(session, &mut faults, fields).await?;
    }
    Ok((faults.finish_with(fields)?, email))
}

/// Edits a profile; the expert or the coordinator.
pub async fn update(app: &App, ctx: &Ctx, edit: Edit<kinds::Expert, ExpertPatch>) -> Result<Expert> {
    edit::update(app, ctx, edit).await
}

impl Edited for kinds::Expert {
    type Fields = ExpertEntry;
    type Patch = ExpertPatch;
    const UPDATE: (Act, Topic) = (Act::ExpertUpdate, Topic::ExpertUpdated);

    fn scope(_: ExpertId, entry: &ExpertEntry) -> Scope {
        Scope { user: entry.user, ..Scope::default() }
    }

    fn apply(patch: ExpertPatch, before: &ExpertEntry) -> Result<ExpertEntry> {
        Ok(ExpertEntry { fields: patch.apply(&before.fields)?, ..before.clone() })
    }

    async fn check_references(session: &dyn Session, _: ExpertId, entry: &ExpertEntry) -> Result<()> {
        let mut faults = Faults::default();
        check_references(session, &mut faults, &entry.fields).await?;
        faults.finish()
    }

    async fn find(session: &dyn Session, ctx: &Ctx, id: ExpertId) -> Result<Option<Expert>> {
        expert::find(session, &ctx.directory(), ctx.now, id).await
    }

    async fn replace(writer: &Writer, entry: &Expert) -> Result<()> {
        expert::update(writer, entry).await
    }
}

/// The expert's own decision to be listed until a moment. It links the profile with the account for good.
pub async fn consent(app: &App, ctx: &Ctx, listed: Listing, until: Instant, key: Option<&str>) -> Result<Expert> {
    ctx.may(Act::ExpertConsent)?;
    let Some(user) = ctx.actor.user() else { return Err(Error::unauthenticated("Sign in first.")) };
    let grant = ctx.allow(Act::ExpertConsent, &Scope::of_user(user))?;
    let key = IdempotencyKey::parse(key, &format!("{listed} {until}"))?;
    let uow = app.begin(ctx).await?;
    let before = expert::find_own(uow.writer(), user).await?.ok_or_else(|| Error::not_found(""))?;
    let id = before.id;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(before);
    }
    let consent = Consent::give(listed, until, ctx.now)?;
    uow.replace(&grant, id.any(), before.version, &before.fields)?;
    let entry = before.clone().edited(ExpertEntry { user: Some(user), consent: Some(consent), ..before.fields }, ctx.now);
    expert::update(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::new(Topic::ExpertConsented, id.any())]).await?;
    Ok(entry)
}

/// Ends the consent at once; the expert, or the coordinator on the expert's word. Without an id, one's own.
pub async fn consent_withdraw(app: &App, ctx: &Ctx, id: Option<Result<ExpertId>>, key: Option<&str>) -> Result<Expert> {
    ctx.may(Act::ExpertConsentWithdraw)?;
    let id = id.transpose()?;
    let key = IdempotencyKey::parse(key, &format!("{id:?}"))?;
    let uow = app.begin(ctx).await?;
    let before = match (id, ctx.actor.user()) {
        (None, Some(user)) => expert::find_own(uow.writer(), user).await?.ok_or_else(|| Error::not_found(""))?,
        _ => edit::current(uow.writer(), ctx, id).await?,
    };
    let id = before.id;
    let grant = ctx.allow(Act::ExpertConsentWithdraw, &kinds::Expert::scope(id, &before))?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(before);
    }
    let consent = before
        .consent
        .ok_or_else(|| Error::new(tertulia_domain::Code::InvalidTransition, Reason::NotAllowedNow, "", "There is no consent in force."))?;
    let consent = consent.withdraw(ctx.now)?;
    uow.replace(&grant, id.any(), before.version, &before.fields)?;
    let entry = before.clone().edited(ExpertEntry { consent: Some(consent), ..before.fields }, ctx.now);
    expert::update(uow.writer(), &entry).await?;
    uow.commit(grant, [Event::new(Topic::ExpertConsentWithdrawn, id.any())]).await?;
    Ok(entry)
}

/// The affiliation and the regions exist.
async fn check_references(session: &dyn Session, faults: &mut Faults, fields: &ExpertFields) -> Result<()> {
    check_organisation(session, faults, "affiliationId", fields.affiliation, None).await?;
    check_regions(session, faults, "regions", &fields.regions).await
}
