//! Texts that a body's officers begin a contact with.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, dataloader::Loader as Loads};
use tertulia_app::engagement::contact_template::{self, NewTemplate, Which};
use tertulia_domain::{
    Error, Faults, Result,
    engagement::contact_template::{ContactTemplate as Domain, SaidDraft, TemplateFilter},
    id::{ContactTemplateId, kinds},
    page::PageRequest,
    text::LanguageTag as Tag,
};

use super::{
    input::each,
    party::{self, ElectoralBody, Instrument},
    words::ContactKind,
};
use crate::graphql::{
    Loader, Resolving,
    connection::{Connection, page},
    ids,
    payload::{UserError, payload},
    scalar::{DateTime, LanguageTag},
};

impl Loads<ContactTemplateId> for Loader {
    type Value = Domain;
    type Error = Error;

    async fn load(&self, keys: &[ContactTemplateId]) -> Result<HashMap<ContactTemplateId, Domain>> {
        Ok(contact_template::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// A place in a template's text, written as `{{PLATFORM}}`, that your front end fills in when a contact is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::engagement::contact_template::Placeholder")]
pub enum ContactTemplatePlaceholder {
    /// The body's name.
    ElectoralBody,
    /// The name of the body's country.
    Country,
    /// The platform company's name.
    Platform,
    /// The service's name.
    PlatformService,
    /// The election's name, or its kind and country.
    Election,
    /// The next polling day of the election.
    PollingDay,
    /// The instrument's title.
    Instrument,
    /// The body's own number.
    CaseNumber,
    /// The addresses of what the contact points at, one a line.
    Urls,
    /// The day on which it is written.
    Date,
    /// The name of who writes it.
    Officer,
}

/// A text that a body's officers begin a contact with.
pub struct ContactTemplate(pub(crate) Domain);

/// A text that a body's officers begin a contact with: take its subject and description, fill in the places in them, and send the result
/// with `contactLog`. Read by members of the body.
#[Object]
impl ContactTemplate {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Under which name officers find it.
    async fn name(&self) -> &str {
        &self.0.said.name
    }

    /// For contacts of which kinds; empty: of every kind.
    async fn kinds(&self) -> Vec<ContactKind> {
        self.0.said.kinds.iter().copied().map(Into::into).collect()
    }

    /// For contacts that stand on which instrument; null: on any, or on none.
    async fn instrument(&self, ctx: &Context<'_>) -> Option<Result<Instrument>> {
        party::instrument(ctx, self.0.said.instrument).await.transpose()
    }

    /// The language it is written in.
    async fn language(&self) -> LanguageTag {
        LanguageTag(self.0.said.language.as_str().to_owned())
    }

    /// The subject, with places as `{{PLATFORM}}`.
    async fn subject(&self) -> Option<&str> {
        self.0.said.subject.as_deref()
    }

    /// The description, with places as `{{PLATFORM}}`.
    async fn description(&self) -> Option<&str> {
        self.0.said.description.as_deref()
    }

    /// The places in both, each once.
    async fn placeholders(&self) -> Vec<ContactTemplatePlaceholder> {
        self.0.said.placeholders().into_iter().map(Into::into).collect()
    }

    /// The body whose officers use it.
    async fn electoral_body(&self, ctx: &Context<'_>) -> Option<Result<ElectoralBody>> {
        party::electoral_body(ctx, self.0.electoral_body).await.transpose()
    }

    /// When it was put away; null while it is in use.
    async fn archived_at(&self) -> Option<DateTime> {
        self.0.archived_at.map(DateTime)
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Counts the changes; state it with a change.
    async fn version(&self) -> i64 {
        self.0.version
    }
}

/// Which templates are listed. What is left out does not narrow the list.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ContactTemplateFilter {
    /// Those of this body.
    electoral_body_id: Option<ID>,
    /// Those that fit contacts of this kind.
    kind: Option<ContactKind>,
    /// Those that fit contacts on this instrument.
    instrument_id: Option<ID>,
    /// Those in this language, in any of its varieties.
    language: Option<LanguageTag>,
    /// Those put away in the place of those in use.
    #[graphql(default)]
    archived: bool,
}

impl ContactTemplateFilter {
    fn read(self) -> Result<TemplateFilter> {
        let mut faults = Faults::default();
        let filter = TemplateFilter {
            electoral_body: ids::noted(&mut faults, "electoralBodyId", self.electoral_body_id.as_ref()),
            kind: self.kind.map(Into::into),
            instrument: ids::noted(&mut faults, "instrumentId", self.instrument_id.as_ref()),
            language: self.language.and_then(|tag| faults.check("language", Tag::parse(&tag.0))),
            archived: self.archived,
        };
        faults.finish_with(Some(filter)).map_err(|error| error.under("filter"))
    }
}

/// Queries of templates.
#[derive(Default)]
pub(super) struct ContactTemplateQuery;

#[Object]
impl ContactTemplateQuery {
    /// A template by its id; null if there is none that you may read. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn contact_template(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<ContactTemplate>> {
        let find = async {
            contact_template::may_read(ctx.caller())?;
            Ok(ctx.loaders().load_one(ids::id::<kinds::ContactTemplate>(&id, "id")?).await?.map(ContactTemplate))
        };
        find.await.transpose()
    }

    /// The templates of your bodies, the last written first. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    #[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
    async fn contact_templates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that match this.")] filter: Option<ContactTemplateFilter>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<ContactTemplate>>> {
        Some(list(ctx, filter.unwrap_or_default(), page(first, after.as_deref(), last, before.as_deref())).await)
    }
}

async fn list(ctx: &Context<'_>, filter: ContactTemplateFilter, request: Result<PageRequest>) -> Result<Connection<ContactTemplate>> {
    contact_template::may_read(ctx.caller())?;
    let (filter, request) = (filter.read()?, request?);
    let found = contact_template::list(ctx.app(), ctx.caller(), &filter, &request).await?;
    let (app, caller) = ctx.shared();
    Ok(Connection::new(found.map(ContactTemplate), move || {
        let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
        async move { contact_template::count(&app, &caller, &filter).await }
    }))
}

/// What a template is to say.
#[derive(Clone, Debug, InputObject)]
pub struct ContactTemplateTextInput {
    /// Under which name officers find it, at most 300 characters.
    name: String,
    /// For contacts of which kinds; left out or empty: of every kind.
    kinds: Option<Vec<ContactKind>>,
    /// For contacts that stand on which instrument; left out: on any, or on none.
    instrument_id: Option<ID>,
    /// The language it is written in.
    language: LanguageTag,
    /// The subject, at most 300 characters, with places as `{{PLATFORM}}` (`ContactTemplatePlaceholder`).
    subject: Option<String>,
    /// The description, at most 10,000 characters, with places as in the subject. One of the two must be there.
    description: Option<String>,
}

impl ContactTemplateTextInput {
    fn read(self) -> Result<SaidDraft> {
        let mut faults = Faults::default();
        let draft = SaidDraft {
            name: self.name,
            kinds: each(self.kinds),
            instrument: ids::noted(&mut faults, "instrumentId", self.instrument_id.as_ref()),
            language: self.language.0,
            subject: self.subject,
            description: self.description,
        };
        faults.finish_with(Some(draft))
    }
}

/// A new template.
#[derive(Clone, Debug, InputObject)]
pub struct ContactTemplateCreateInput {
    /// The body; by default the one you act for.
    electoral_body_id: Option<ID>,
    #[graphql(flatten)]
    text: ContactTemplateTextInput,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ContactTemplateCreateInput {
    fn read(self) -> Result<NewTemplate> {
        let mut faults = Faults::default();
        let electoral_body = ids::noted(&mut faults, "electoralBodyId", self.electoral_body_id.as_ref());
        let draft = faults.check("", self.text.read());
        faults.finish_with(draft.map(|draft| NewTemplate { electoral_body, draft }))
    }
}

/// What a template is to say from now on: everything anew.
#[derive(Clone, Debug, InputObject)]
pub struct ContactTemplateUpdateInput {
    /// The template.
    id: ID,
    /// The version that you read.
    version: i64,
    #[graphql(flatten)]
    text: ContactTemplateTextInput,
}

/// A template that is put away.
#[derive(Clone, Debug, InputObject)]
pub struct ContactTemplateArchiveInput {
    /// The template.
    id: ID,
    /// The version that you read.
    version: i64,
}

/// What an act on a template answers.
#[derive(SimpleObject)]
pub struct ContactTemplatePayload {
    /// The template as it is now; null if the act was refused.
    contact_template: Option<ContactTemplate>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

fn answer(result: Result<Domain>) -> Option<Result<ContactTemplatePayload>> {
    payload(result.map(ContactTemplate), |contact_template, user_errors| ContactTemplatePayload { contact_template, user_errors })
}

/// Mutations of templates.
#[derive(Default)]
pub(super) struct ContactTemplateMutation;

#[Object]
impl ContactTemplateMutation {
    /// Writes a template for your body, which has at most 200 in use. Who: ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn contact_template_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The template.")] input: ContactTemplateCreateInput,
    ) -> Option<Result<ContactTemplatePayload>> {
        let key = input.idempotency_key.clone();
        answer(contact_template::create(ctx.app(), ctx.caller(), input.read(), key.as_deref()).await)
    }

    /// Lets a template say something else. Who: ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it).
    async fn contact_template_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: ContactTemplateUpdateInput,
    ) -> Option<Result<ContactTemplatePayload>> {
        let which = Which { id: input.id.to_string(), version: input.version };
        answer(contact_template::update(ctx.app(), ctx.caller(), &which, input.text.read()).await)
    }

    /// Puts a template away, for good; contacts that began with it stay as they are. Who: ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn contact_template_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The template.")] input: ContactTemplateArchiveInput,
    ) -> Option<Result<ContactTemplatePayload>> {
        let which = Which { id: input.id.to_string(), version: input.version };
        answer(contact_template::archive(ctx.app(), ctx.caller(), &which).await)
    }
}
