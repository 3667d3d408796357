//! Minutes as the schema shows them.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, ID, Object, dataloader::Loader as Loads};
use tertulia_app::dialogue::minutes::{self, Seen};
use tertulia_domain::{
    Error, Result, dialogue as domain,
    dialogue::minutes::By,
    id::{MeetingId, MinutesId},
};

use super::{
    meeting::Meeting,
    minutes_comment::{self, MinutesComment},
    words::{Attribution, MinutesStatus},
};
use crate::graphql::{
    Loader, Resolving,
    directory::{Organisation, load},
    identity::User,
    scalar::{DateTime, LanguageTag},
};

/// The minutes of a meeting.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct MinutesOf(MeetingId);

/// What was done to minutes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct HistoryOf(MinutesId);

impl Loads<MinutesOf> for Loader {
    type Value = Arc<Seen>;
    type Error = Error;

    async fn load(&self, keys: &[MinutesOf]) -> Result<HashMap<MinutesOf, Arc<Seen>>> {
        let meetings: Vec<MeetingId> = keys.iter().map(|key| key.0).collect();
        let found = minutes::by_meetings(&self.app, &self.ctx, &meetings).await?;
        Ok(found.into_iter().map(|one| (MinutesOf(one.minutes.meeting), Arc::new(one))).collect())
    }
}

impl Loads<MinutesId> for Loader {
    type Value = Arc<Seen>;
    type Error = Error;

    async fn load(&self, keys: &[MinutesId]) -> Result<HashMap<MinutesId, Arc<Seen>>> {
        let found = minutes::by_ids(&self.app, &self.ctx, keys).await?;
        Ok(found.into_iter().map(|one| (one.minutes.id, Arc::new(one))).collect())
    }
}

impl Loads<HistoryOf> for Loader {
    type Value = Arc<Vec<domain::Minutes>>;
    type Error = Error;

    async fn load(&self, keys: &[HistoryOf]) -> Result<HashMap<HistoryOf, Arc<Vec<domain::Minutes>>>> {
        let ids: Vec<MinutesId> = keys.iter().map(|key| key.0).collect();
        let mut of_each: HashMap<HistoryOf, Vec<domain::Minutes>> = HashMap::new();
        for one in minutes::histories(&self.app, &self.ctx, &ids).await? {
            of_each.entry(HistoryOf(one.id)).or_default().push(one);
        }
        Ok(of_each.into_iter().map(|(key, acts)| (key, Arc::new(acts))).collect())
    }
}

/// The minutes of a meeting, as the caller reads them.
pub(super) async fn of_meeting(ctx: &Context<'_>, meeting: MeetingId) -> Result<Option<Minutes>> {
    Ok(ctx.loaders().load_one(MinutesOf(meeting)).await?.map(Minutes))
}

/// Minutes as the schema shows them.
pub struct Minutes(pub(crate) Arc<Seen>);

/// The minutes of a meeting. The coordinator and the dialogue's conveners read the latest; those who take part the latest that were
/// circulated; whoever else reads the meeting reads of adopted ones the public summary alone.
#[Object]
impl Minutes {
    /// The minutes' id.
    pub async fn id(&self) -> ID {
        self.of().id.to_string().into()
    }

    /// The meeting.
    async fn meeting(&self, ctx: &Context<'_>) -> Option<Result<Meeting>> {
        ctx.loaders().load_one(self.of().meeting).await.map(|found| found.map(Meeting::from)).transpose()
    }

    /// How far they have come: what you read may have come less far than what is being written.
    async fn status(&self) -> MinutesStatus {
        self.of().status.into()
    }

    /// How often the text was written up to what you read, from 1.
    async fn revision(&self) -> i64 {
        self.of().revision
    }

    /// The version of what you read, for edits. It grows with each act, also with circulating and adopting.
    async fn version(&self) -> i64 {
        self.of().version
    }

    /// The language in which they are written.
    async fn language(&self) -> Option<LanguageTag> {
        self.of().content.language.as_ref().map(|tag| tag.as_str().into())
    }

    /// What was said; null for who reads the public summary alone.
    async fn text(&self) -> Option<&str> {
        self.0.whole.then_some(self.of().content.text.as_str())
    }

    /// What may be told to whoever reads the meeting, once the minutes are adopted.
    async fn summary_public(&self) -> Option<&str> {
        self.of().content.summary_public.as_deref()
    }

    /// What was decided; empty for who reads the public summary alone.
    async fn decisions(&self) -> Vec<MinutesDecision> {
        self.of().content.decisions.iter().cloned().map(MinutesDecision).collect()
    }

    /// When they were adopted; null before.
    async fn adopted_at(&self) -> Option<DateTime> {
        self.of().adopted_at.map(DateTime)
    }

    /// What those who take part wrote about what was circulated, oldest first; at most 500. The coordinator and the dialogue's conveners
    /// read all of it; those who take part, until the minutes are adopted, what is about no point of the agenda or about one that they
    /// may read, and from then on what they wrote themselves.
    async fn comments(&self, ctx: &Context<'_>) -> Result<Vec<MinutesComment>> {
        minutes_comment::of_minutes(ctx, self.of().id).await
    }

    /// Who did what to them and when, the latest first: of what you may read whole, and without what each revision said.
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<MinutesAct>> {
        let acts = ctx.loaders().load_one(HistoryOf(self.of().id)).await?;
        Ok(acts.iter().flat_map(|acts| acts.iter()).map(MinutesAct::from).collect())
    }
}

impl Minutes {
    fn of(&self) -> &domain::Minutes {
        &self.0.minutes
    }
}

/// Something that a meeting decided.
struct MinutesDecision(domain::MinutesDecision);

/// Something that a meeting decided.
#[Object]
impl MinutesDecision {
    /// What was decided.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// What may be told of whose decision it was.
    async fn attribution(&self) -> Attribution {
        self.0.attribution.into()
    }

    /// Whose decision it was; null, for everybody, unless it is ATTRIBUTED and somebody is named.
    async fn attributed_to(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.0.attributed_to).await.transpose()
    }
}

/// One act on minutes.
struct MinutesAct {
    version: i64,
    revision: i64,
    status: domain::MinutesStatus,
    by: By,
}

impl From<&domain::Minutes> for MinutesAct {
    fn from(one: &domain::Minutes) -> Self {
        Self { version: one.version, revision: one.revision, status: one.status, by: one.by }
    }
}

/// One act on minutes.
#[Object]
impl MinutesAct {
    /// The version that it made.
    async fn version(&self) -> i64 {
        self.version
    }

    /// How often the text was written up to it.
    async fn revision(&self) -> i64 {
        self.revision
    }

    /// How far the minutes had come with it.
    async fn status(&self) -> MinutesStatus {
        self.status.into()
    }

    /// When it was done.
    async fn at(&self) -> DateTime {
        DateTime(self.by.at)
    }

    /// The organisation that did it.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.by.organisation).await.transpose()
    }

    /// The person, for members of the person's own organisation; null for everybody else, without an error.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let is_own = self.by.organisation.is_some_and(|id| ctx.caller().dialogues().organisations().contains(&id));
        let id = self.by.user.filter(|_| is_own)?;
        ctx.loaders().load_one(id).await.map(|found| found.map(User)).transpose()
    }
}
