//! The elections into whose days a meeting falls.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Object, dataloader::Loader as Loads};
use tertulia_app::dialogue::election_window::{self, Asked};
use tertulia_domain::{
    Error, Result,
    dialogue::{self as domain, election_window::Conflict},
};

use crate::graphql::{
    Loader, Resolving,
    directory::{Country, Election, load},
    scalar::{DateTime, Duration},
};

impl Loads<Asked> for Loader {
    type Value = Arc<Vec<Conflict>>;
    type Error = Error;

    async fn load(&self, keys: &[Asked]) -> Result<HashMap<Asked, Self::Value>> {
        let found = election_window::of_meetings(&self.app, &self.ctx, keys).await?;
        Ok(found.into_iter().map(|(asked, conflicts)| (asked, Arc::new(conflicts))).collect())
    }
}

/// An election of a country that takes part, near which a meeting lies.
pub(super) struct ElectionConflict(pub(super) Conflict);

/// An election of a country that takes part, near which a meeting lies: its polling days with some days before and after, from the
/// first place of the country where they begin to the last where they end.
#[Object]
impl ElectionConflict {
    /// The country that votes.
    async fn country(&self, ctx: &Context<'_>) -> Option<Result<Country>> {
        load::country(ctx, Some(self.0.country)).await.transpose()
    }

    /// The election.
    async fn election(&self, ctx: &Context<'_>) -> Option<Result<Election>> {
        load::election(ctx, Some(self.0.election)).await.transpose()
    }

    /// When the days around the election begin.
    async fn starts_at(&self) -> DateTime {
        DateTime(self.0.from)
    }

    /// When they end.
    async fn ends_at(&self) -> DateTime {
        DateTime(self.0.to)
    }
}

/// Which of the elections near a meeting are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    /// Those whose polling day is known to the day and stands.
    Certain,
    /// The others.
    Possible,
}

/// The elections near a meeting, loaded together for all meetings of a level.
pub(super) async fn of_meeting(
    ctx: &Context<'_>,
    meeting: &domain::Meeting,
    certainty: Certainty,
    (before, after): (Option<Duration>, Option<Duration>),
) -> Result<Vec<ElectionConflict>> {
    let window = election_window::stated(ctx.app(), before.as_ref().map(|one| one.0.as_str()), after.as_ref().map(|one| one.0.as_str()))?;
    let asked = Asked { meeting: meeting.id, dialogue: meeting.dialogue, starts_at: meeting.starts_at, ends_at: meeting.ends_at, window };
    let found = ctx.loaders().load_one(asked).await?.unwrap_or_default();
    let wanted = found.iter().filter(|one| one.certain == (certainty == Certainty::Certain));
    Ok(wanted.cloned().map(ElectionConflict).collect())
}
