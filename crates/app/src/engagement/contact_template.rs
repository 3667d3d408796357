//! Texts that a body's officers begin a contact with. Its administrators write them.

mod purge;

use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    engagement::{
        contact_template::{ContactTemplate, MOST, Said, SaidDraft, TemplateFilter},
        new_contact::id,
    },
    id::{ContactTemplateId, OrganisationId, kinds},
    page::{Page, PageRequest},
    policy::{Act, Grant, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{directory::instrument, engagement::contact_template};

pub use self::purge::purge;
use crate::{App, Ctx, IdempotencyKey, UnitOfWork, check_version, directory::changed::changed};

/// A new template; ids as typed.
#[derive(Clone, Debug)]
pub struct NewTemplate {
    /// The body; the caller's only one by default.
    pub electoral_body: Option<OrganisationId>,
    /// What it is to say.
    pub draft: SaidDraft,
}

/// Which template is changed, as the caller read it.
#[derive(Clone, Debug)]
pub struct Which {
    /// The template.
    pub id: String,
    /// The version that the caller read.
    pub version: i64,
}

/// Refuses early a caller who never reads templates, before his input is looked at.
pub fn may_read(ctx: &Ctx) -> Result<()> {
    ctx.may(Act::ContactTemplateRead)
}

/// Those of the templates that the caller may read.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[ContactTemplateId]) -> Result<Vec<ContactTemplate>> {
    ctx.may(Act::ContactTemplateRead)?;
    contact_template::find_many(&app.reader(ctx), &ctx.contacts(), ids).await
}

/// A page of the templates that the caller may read and the filter leaves, the last written first.
pub async fn list(app: &App, ctx: &Ctx, filter: &TemplateFilter, page: &PageRequest) -> Result<Page<ContactTemplate>> {
    ctx.may(Act::ContactTemplateRead)?;
    contact_template::list(&app.reader(ctx), &ctx.contacts(), filter, page).await
}

/// How many [`list`] would give in all.
pub async fn count(app: &App, ctx: &Ctx, filter: &TemplateFilter) -> Result<u64> {
    ctx.may(Act::ContactTemplateRead)?;
    contact_template::count(&app.reader(ctx), &ctx.contacts(), filter).await
}

/// Writes a template for a body.
pub async fn create(app: &App, ctx: &Ctx, new: Result<NewTemplate>, key: Option<&str>) -> Result<ContactTemplate> {
    ctx.may(Act::ContactTemplateCreate)?;
    let new = new?;
    let sight = ctx.contacts();
    let only = || sight.bodies().first().copied().filter(|_| sight.bodies().len() == 1);
    let missing = || Error::invalid(Reason::Required, "electoralBodyId", "You act for several electoral bodies; say for which one.");
    let body = new.electoral_body.or_else(only).ok_or_else(missing)?;
    let grant = ctx.allow(Act::ContactTemplateCreate, &Scope::owned_by(body))?;
    let mut faults = Faults::default();
    let key = faults.check("", IdempotencyKey::parse(key, &format!("{body} {:?}", new.draft))).flatten();
    let said = faults.check("", new.draft.check());
    let said = faults.finish_with(said)?;
    let uow = app.begin(ctx).await?;
    let fresh: ContactTemplateId = app.ids.new_id();
    if let Some(before) = uow.claim(&grant, key.as_ref(), fresh.any()).await? {
        let before = before.typed::<kinds::ContactTemplate>().ok_or_else(|| Error::broken("a key of a template names something else"))?;
        return contact_template::find_many(uow.writer(), &sight, &[before]).await?.pop().ok_or_else(|| Error::not_found(""));
    }
    has_instrument(&uow, &said).await?;
    if contact_template::hold_count(uow.writer(), body).await? >= MOST {
        let message = format!("A body has at most {MOST} templates; put some away.");
        return Err(Error::new(Code::LimitExceeded, Reason::TooMany, "", message));
    }
    let template =
        ContactTemplate { id: fresh, electoral_body: body, said, archived_at: None, created_at: ctx.now, updated_at: ctx.now, version: 1 };
    contact_template::insert(uow.writer(), &template).await?;
    uow.commit(grant, [Event::new(Topic::ContactTemplateCreated, fresh.any())]).await?;
    Ok(template)
}

async fn has_instrument(uow: &UnitOfWork<'_>, said: &Said) -> Result<()> {
    if let Some(wanted) = said.instrument
        && instrument::find(uow.writer(), &uow.ctx().directory(), wanted).await?.is_none()
    {
        return Err(Error::invalid(Reason::UnknownId, "instrumentId", "There is no instrument with this id."));
    }
    Ok(())
}

/// Lets a template say something else. What it said before goes into its history; a change that changes nothing writes nothing.
pub async fn update(app: &App, ctx: &Ctx, which: &Which, draft: Result<SaidDraft>) -> Result<ContactTemplate> {
    let mut faults = Faults::default();
    ctx.may(Act::ContactTemplateUpdate)?;
    let said = faults.check("", draft.and_then(|draft| draft.check()));
    let wanted = faults.check("id", id(&which.id));
    let (said, wanted) = faults.finish_with(said.zip(wanted))?;
    let uow = app.begin(ctx).await?;
    let found = hold(&uow, wanted).await?;
    let grant = ctx.allow(Act::ContactTemplateUpdate, &Scope::owned_by(found.electoral_body))?;
    check_version(which.version, found.version)?;
    has_instrument(&uow, &said).await?;
    let after = found.clone().update(said, ctx.now)?;
    let names = changed(&found.entry(), &after.entry())?;
    if names.is_empty() {
        return Ok(found);
    }
    replace(&uow, &grant, &found, &after).await?;
    uow.commit(grant, [Event::edit(Topic::ContactTemplateUpdated, after.id.any(), names)]).await?;
    Ok(after)
}

/// Keeps the next version of a template, and the one before in its history.
async fn replace(uow: &UnitOfWork<'_>, grant: &Grant, before: &ContactTemplate, after: &ContactTemplate) -> Result<()> {
    uow.replace(grant, before.id.any(), before.version, &before.entry())?;
    contact_template::update(uow.writer(), after).await
}

/// Puts a template away: officers no longer find it among those in use.
pub async fn archive(app: &App, ctx: &Ctx, which: &Which) -> Result<ContactTemplate> {
    ctx.may(Act::ContactTemplateArchive)?;
    let wanted = id(&which.id).map_err(|error| error.under("id"))?;
    let uow = app.begin(ctx).await?;
    let found = hold(&uow, wanted).await?;
    let grant = ctx.allow(Act::ContactTemplateArchive, &Scope::owned_by(found.electoral_body))?;
    check_version(which.version, found.version)?;
    let after = found.clone().archive(ctx.now)?;
    replace(&uow, &grant, &found, &after).await?;
    uow.commit(grant, [Event::new(Topic::ContactTemplateArchived, after.id.any())]).await?;
    Ok(after)
}

async fn hold(uow: &UnitOfWork<'_>, id: ContactTemplateId) -> Result<ContactTemplate> {
    contact_template::hold(uow.writer(), &uow.ctx().contacts(), id).await?.ok_or_else(|| Error::not_found("id"))
}
