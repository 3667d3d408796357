//! What dialogues and meetings are made of: places, interpretation, agendas.

use async_graphql::{Context, ID, Object, SimpleObject};
use tertulia_domain::{Result, dialogue as domain};

use super::{
    party::{Country, Expert, Organisation, country, expert, organisation},
    words::InterpretationKind,
};
use crate::graphql::{
    Resolving,
    scalar::{Duration, LanguageTag},
};

/// A place.
pub struct Venue(pub(super) domain::Venue);

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
        country(ctx, self.0.country?).await.transpose()
    }
}

/// A language into which a meeting is interpreted.
#[derive(SimpleObject)]
pub struct Interpretation {
    /// The language; null where the programme does not name it.
    language: Option<LanguageTag>,
    /// How it is interpreted.
    kind: InterpretationKind,
}

impl From<domain::Interpretation> for Interpretation {
    fn from(one: domain::Interpretation) -> Self {
        Self { language: one.language.map(|tag| tag.as_str().into()), kind: one.kind.into() }
    }
}

/// A point of a meeting's agenda.
pub struct AgendaItem(pub(super) domain::AgendaItem);

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
        super::text_for(ctx, &self.0.title, language)
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
pub struct Speaker(domain::Speaker);

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
        organisation(ctx, self.0.organisation?).await.transpose()
    }

    /// The expert's profile; null if the speaker has none that you may read.
    async fn expert(&self, ctx: &Context<'_>) -> Option<Result<Expert>> {
        expert(ctx, self.0.expert?).await.transpose()
    }
}

/// The agenda of a meeting, in its order.
pub(super) async fn agenda(ctx: &Context<'_>, meeting: tertulia_domain::id::MeetingId) -> Result<Vec<AgendaItem>> {
    let items = ctx.loaders().load_one(super::load::AgendaOf(meeting)).await?;
    Ok(items.map(|items| items.iter().cloned().map(AgendaItem).collect()).unwrap_or_default())
}
