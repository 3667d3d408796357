//! What dialogues and meetings are made of: places, interpretation, agendas.

use async_graphql::{Context, ID, Object, SimpleObject};
use tertulia_domain::{Result, dialogue as domain, id::OrganisationId};

use super::words::InterpretationKind;
use crate::graphql::{
    Resolving,
    directory::{Country, Expert, Organisation, load},
    scalar::{Duration, LanguageTag},
    text,
};

/// A place.
pub(super) struct Venue(pub(super) domain::Venue);

/// A place.
#[Object]
impl Venue {
    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its address, without the country.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// Its country.
    async fn country(&self, ctx: &Context<'_>) -> Option<Result<Country>> {
        load::country(ctx, self.0.country).await.transpose()
    }
}

/// A language into which a meeting is interpreted.
#[derive(SimpleObject)]
pub(super) struct Interpretation {
    /// The language; null where the programme does not name it.
    language: Option<LanguageTag>,
    /// How it is interpreted.
    kind: InterpretationKind,
    /// Whether somebody is engaged for it; until then it is an offer.
    confirmed: bool,
}

impl From<domain::Interpretation> for Interpretation {
    fn from(one: domain::Interpretation) -> Self {
        Self { language: one.language.map(|tag| tag.as_str().into()), kind: one.kind.into(), confirmed: one.confirmed }
    }
}

/// A point of a meeting's agenda.
pub(super) struct AgendaItem(pub(super) domain::AgendaItem);

/// A point of a meeting's agenda.
#[Object]
impl AgendaItem {
    /// The item's id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its place in the agenda, from 1.
    async fn position(&self) -> i64 {
        self.0.position
    }

    /// Its title, in the reader's language where there is one.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language wanted; without it the request's `Accept-Language` counts.")] language: Option<LanguageTag>,
    ) -> Result<String> {
        text::best(ctx, &self.0.title, language.as_ref())
    }

    /// How long it takes; null if that is not known.
    async fn duration(&self) -> Option<Duration> {
        self.0.length.map(Duration::from)
    }

    /// Who speaks, in order.
    async fn speakers(&self) -> Vec<Speaker> {
        self.0.speakers.iter().cloned().map(Speaker).collect()
    }
}

/// Somebody who speaks at a meeting, as the published programme says.
pub(super) struct Speaker(domain::Speaker);

/// Somebody who speaks at a meeting, as the published programme says.
#[Object]
impl Speaker {
    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The function in the organisation, as the programme words it.
    async fn role(&self) -> Option<&str> {
        self.0.role.as_deref()
    }

    /// The organisation; null if the programme names none.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.0.organisation).await.transpose()
    }

    /// The expert's profile; null if the speaker has none that you may read.
    async fn expert(&self, ctx: &Context<'_>) -> Option<Result<Expert>> {
        load::expert(ctx, self.0.expert).await.transpose()
    }
}

/// The agenda of a meeting, in its order.
pub(super) async fn agenda(ctx: &Context<'_>, meeting: tertulia_domain::id::MeetingId) -> Result<Vec<AgendaItem>> {
    let items = ctx.loaders().load_one(super::load::AgendaOf(meeting)).await?;
    Ok(items.map(|items| shown(&items)).unwrap_or_default())
}

/// An agenda as the schema shows it.
pub(super) fn shown(items: &[tertulia_domain::dialogue::AgendaItem]) -> Vec<AgendaItem> {
    items.iter().cloned().map(AgendaItem).collect()
}

/// These organisations, in this order.
pub(super) async fn organisations(ctx: &Context<'_>, ids: &[OrganisationId]) -> Result<Vec<Organisation>> {
    let mut found = ctx.loaders().load_many(ids.iter().copied()).await?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).map(Organisation::from).collect())
}
