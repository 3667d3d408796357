//! What stands between now and a meeting.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Enum, SimpleObject, dataloader::Loader as Loads};
use tertulia_app::dialogue::readiness;
use tertulia_domain::{
    Error, Result,
    dialogue::{Meeting, readiness as domain},
};

use crate::graphql::{Loader, Resolving, scalar::DateTime};

/// What stands between now and a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ReadinessCode")]
pub enum ReadinessCode {
    /// Its date is a proposal, is being voted on, or was put off.
    DateNotSettled,
    /// It is in the days around an election of a country that takes part: see `electionConflicts`.
    ElectionWindow,
    /// It may be in such days: see `electionWarnings`.
    ElectionPossible,
    /// Nobody is invited.
    NobodyInvited,
    /// Organisations that were invited have not answered.
    NoReply,
    /// Languages are needed by who comes, and neither spoken nor confirmed: see `interpretationGap`.
    LanguageMissing,
    /// It has no agenda.
    AgendaMissing,
    /// The points of its agenda take longer than it does.
    AgendaTooLong,
    /// It is online or hybrid and has no link to join by.
    JoinLinkMissing,
    /// It is in person or hybrid and has no place.
    VenueMissing,
    /// The minutes of the dialogue's last meeting are not adopted.
    MinutesNotAdopted,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ReadinessSeverity")]
pub enum ReadinessSeverity {
    /// Without it the meeting cannot take place.
    Blocking,
    /// The meeting would suffer.
    Warning,
    /// To be known.
    Info,
}

/// One thing that stands between now and a meeting.
#[derive(SimpleObject)]
pub(super) struct ReadinessItem {
    /// What.
    code: ReadinessCode,
    /// How much it matters.
    severity: ReadinessSeverity,
    /// The same in words, in English, with numbers and names.
    message: String,
    /// By when it is to be settled; null where nothing can be done by a day.
    due_at: Option<DateTime>,
}

impl From<&domain::Finding> for ReadinessItem {
    fn from(found: &domain::Finding) -> Self {
        Self {
            code: found.code.into(),
            severity: found.severity.into(),
            message: found.message.clone(),
            due_at: found.due_at.map(DateTime),
        }
    }
}

/// What stands between now and a meeting that the caller was shown.
#[derive(Clone)]
struct ReadinessOf(Arc<Meeting>);

impl PartialEq for ReadinessOf {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}
impl Eq for ReadinessOf {}
impl std::hash::Hash for ReadinessOf {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.id.hash(state);
    }
}

impl Loads<ReadinessOf> for Loader {
    type Value = Arc<Vec<domain::Finding>>;
    type Error = Error;

    async fn load(&self, keys: &[ReadinessOf]) -> Result<HashMap<ReadinessOf, Self::Value>> {
        let meetings: Vec<Arc<Meeting>> = keys.iter().map(|key| Arc::clone(&key.0)).collect();
        let mut found = readiness::of_meetings(&self.app, &self.ctx, &meetings).await?;
        Ok(keys.iter().filter_map(|key| found.remove(&key.0.id).map(|list| (key.clone(), Arc::new(list)))).collect())
    }
}

/// What stands between now and a meeting; nothing for who does not organise it.
pub(super) async fn of_meeting(ctx: &Context<'_>, meeting: &Arc<Meeting>) -> Result<Option<Vec<ReadinessItem>>> {
    let found = ctx.loaders().load_one(ReadinessOf(Arc::clone(meeting))).await?;
    Ok(found.map(|list| list.iter().map(ReadinessItem::from).collect()))
}

/// What of it hangs on a date that was just settled; nothing without a meeting, or for who does not organise it.
pub(super) async fn of_date(ctx: &Context<'_>, meeting: Option<&super::Meeting>) -> Result<Vec<ReadinessItem>> {
    let Some(meeting) = meeting else { return Ok(Vec::new()) };
    let found = ctx.loaders().load_one(ReadinessOf(Arc::clone(&meeting.0))).await?.unwrap_or_default();
    Ok(found.iter().filter(|one| one.code.hangs_on_date()).map(ReadinessItem::from).collect())
}
