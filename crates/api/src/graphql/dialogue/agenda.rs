//! Agendas: their points as the schema shows them, and the mutation that sets them.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use tertulia_app::dialogue::agenda;
use tertulia_domain::{Result, dialogue as domain, id::MeetingId};

use super::{
    load::AgendaOf,
    meeting::Meeting,
    words::{AgendaItemKind, AgendaVisibility, Attribution},
};
use crate::graphql::{
    Resolving,
    directory::{Expert, Organisation, load, mutation::patch},
    payload::{UserError, payload},
    scalar::{Duration, LanguageTag, Url},
    text::{self, LocalizedText, LocalizedTextInput},
};

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

    /// Its title in every language that there is.
    async fn titles(&self) -> Vec<LocalizedText> {
        text::all(&self.0.title)
    }

    /// What is done.
    async fn kind(&self) -> AgendaItemKind {
        self.0.kind.into()
    }

    /// How long it takes; null if that is not known.
    async fn duration(&self) -> Option<Duration> {
        self.0.length.map(Duration::from)
    }

    /// Who reads it. Points that you may not read are not in your answer, nor counted in it.
    async fn visibility(&self) -> AgendaVisibility {
        self.0.visibility.into()
    }

    /// What may be told of who spoke.
    async fn attribution(&self) -> Attribution {
        self.0.attribution.into()
    }

    /// What there is to read.
    async fn documents(&self) -> Vec<AgendaDocument> {
        self.0.documents.iter().cloned().map(AgendaDocument::from).collect()
    }

    /// Who speaks, in order. Empty, for everybody, unless the point is ATTRIBUTED: else nobody is named, and nothing is kept that
    /// could name somebody.
    async fn speakers(&self) -> Vec<Speaker> {
        self.0.speakers.iter().cloned().map(Speaker).collect()
    }
}

/// Something to read for a point of an agenda, where it lies.
#[derive(SimpleObject)]
struct AgendaDocument {
    /// What it is called.
    title: String,
    /// Where it lies.
    url: Url,
}

impl From<domain::AgendaDocument> for AgendaDocument {
    fn from(one: domain::AgendaDocument) -> Self {
        Self { title: one.title, url: one.url.as_str().into() }
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

/// What the caller reads of the agenda of a meeting, in its order.
pub(super) async fn agenda(ctx: &Context<'_>, meeting: MeetingId) -> Result<Vec<AgendaItem>> {
    let items = ctx.loaders().load_one(AgendaOf(meeting)).await?;
    Ok(items.map(|items| shown(&items)).unwrap_or_default())
}

/// An agenda as the schema shows it.
pub(super) fn shown(items: &[domain::AgendaItem]) -> Vec<AgendaItem> {
    items.iter().cloned().map(AgendaItem).collect()
}

/// How long the points that the caller reads take together.
pub(super) async fn duration(ctx: &Context<'_>, meeting: MeetingId) -> Result<Option<Duration>> {
    let Some(items) = ctx.loaders().load_one(AgendaOf(meeting)).await? else { return Ok(None) };
    Ok(domain::agenda::total(&items)?.map(Duration::from))
}

/// An agenda to be set, whole and in its order.
#[derive(InputObject)]
pub(super) struct AgendaReviseInput {
    /// The meeting.
    meeting_id: ID,
    /// Every point that the agenda is to have, in order; one that is left out goes. At most 100. Whoever arranges the meeting reads
    /// every point, the hidden ones too, so that none goes unseen.
    items: Vec<AgendaItemInput>,
    /// The version of the meeting that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

/// A point of an agenda. What is left out of one that is there already stays as it is; a new one needs a title.
#[derive(InputObject)]
struct AgendaItemInput {
    /// The id of a point that is there already, which keeps it; none for a new point.
    id: Option<ID>,
    /// Its title in one or more languages. At most 300 characters each.
    title: Option<Vec<LocalizedTextInput>>,
    /// What is done. OTHER for a new point that does not say.
    kind: Option<AgendaItemKind>,
    /// How long it takes. Left out: as it is; null: not known.
    duration: MaybeUndefined<Duration>,
    /// Who speaks, in order; an empty list for nobody. At most 50. Refused unless the point is ATTRIBUTED: under any other attribution
    /// nobody is named, to anybody.
    speakers: Option<Vec<SpeakerInput>>,
    /// What there is to read; an empty list for nothing. At most 20.
    documents: Option<Vec<AgendaDocumentInput>>,
    /// Who reads it. OPEN for a new point that does not say.
    visibility: Option<AgendaVisibility>,
    /// What may be told of who spoke. A new point that does not say follows its dialogue's `attributionDefault`. Taking ATTRIBUTED away
    /// from a point forgets its speakers.
    attribution: Option<Attribution>,
}

/// Somebody who speaks.
#[derive(InputObject)]
struct SpeakerInput {
    /// The name, as the programme is to give it. At most 300 characters.
    name: String,
    /// The function. At most 300 characters.
    role: Option<String>,
    /// The organisation.
    organisation_id: Option<ID>,
    /// The expert's profile, if you may read it.
    expert_id: Option<ID>,
}

/// Something to read, where it lies.
#[derive(InputObject)]
struct AgendaDocumentInput {
    /// What it is called. At most 300 characters.
    title: String,
    /// Where it lies.
    url: Url,
}

impl AgendaReviseInput {
    fn command(self) -> agenda::Revise {
        let items = self.items.into_iter().map(AgendaItemInput::draft).collect();
        agenda::Revise { meeting_id: self.meeting_id.0, agenda: domain::AgendaDraft { items }, version: self.version }
    }
}

impl AgendaItemInput {
    fn draft(self) -> domain::AgendaItemDraft {
        let speaker = |one: SpeakerInput| domain::SpeakerDraft {
            name: one.name,
            role: one.role,
            organisation: one.organisation_id.map(|id| id.0),
            expert: one.expert_id.map(|id| id.0),
        };
        let document = |one: AgendaDocumentInput| domain::DocumentDraft { title: one.title, url: one.url.0 };
        domain::AgendaItemDraft {
            id: self.id.map(|id| id.0),
            title: self.title.map(text::raw),
            kind: self.kind.map(Into::into),
            duration: patch(self.duration, |duration| duration.0),
            speakers: self.speakers.map(|speakers| speakers.into_iter().map(speaker).collect()),
            documents: self.documents.map(|documents| documents.into_iter().map(document).collect()),
            visibility: self.visibility.map(Into::into),
            attribution: self.attribution.map(Into::into),
        }
    }
}

/// What setting an agenda answered.
#[derive(SimpleObject)]
pub(super) struct AgendaRevisePayload {
    /// The meeting as it is now; null if the act was refused.
    meeting: Option<Meeting>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// Mutations of agendas.
#[derive(Default)]
pub(super) struct AgendaMutation;

#[Object]
impl AgendaMutation {
    /// Sets the agenda of a meeting, whole and in order. Points that stay keep their ids. For bilateral dialogues their conveners may
    /// do it too.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn agenda_revise(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The meeting and its agenda.")] input: AgendaReviseInput,
    ) -> Option<Result<AgendaRevisePayload>> {
        let key = input.idempotency_key.clone();
        let revised = agenda::revise(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(revised, |one, user_errors| AgendaRevisePayload { meeting: one.map(Meeting::from), user_errors })
    }
}
