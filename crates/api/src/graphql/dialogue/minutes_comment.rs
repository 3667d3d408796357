//! Comments on minutes as the schema shows them.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, ID, Object, dataloader::Loader as Loads};
use tertulia_app::dialogue::minutes_comment;
use tertulia_domain::{Error, Result, dialogue as domain, id::MinutesId};

use super::{agenda::AgendaItem, commitment_load::PointOf};
use crate::graphql::{
    Loader, Resolving,
    directory::{Organisation, load},
    identity::User,
    scalar::DateTime,
};

/// The comments on minutes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CommentsOn(MinutesId);

impl Loads<CommentsOn> for Loader {
    type Value = Arc<Vec<domain::MinutesComment>>;
    type Error = Error;

    async fn load(&self, keys: &[CommentsOn]) -> Result<HashMap<CommentsOn, Arc<Vec<domain::MinutesComment>>>> {
        let ids: Vec<MinutesId> = keys.iter().map(|key| key.0).collect();
        let mut of_each: HashMap<CommentsOn, Vec<domain::MinutesComment>> = HashMap::new();
        for one in minutes_comment::of_minutes(&self.app, &self.ctx, &ids).await? {
            of_each.entry(CommentsOn(one.minutes)).or_default().push(one);
        }
        Ok(of_each.into_iter().map(|(key, comments)| (key, Arc::new(comments))).collect())
    }
}

/// The comments on minutes that the caller may read, oldest first.
pub(super) async fn of_minutes(ctx: &Context<'_>, minutes: MinutesId) -> Result<Vec<MinutesComment>> {
    let comments = ctx.loaders().load_one(CommentsOn(minutes)).await?;
    Ok(comments.iter().flat_map(|comments| comments.iter()).cloned().map(MinutesComment).collect())
}

/// What somebody who takes part wrote about circulated minutes.
pub(super) struct MinutesComment(domain::MinutesComment);

/// What somebody who takes part wrote about circulated minutes.
#[Object]
impl MinutesComment {
    /// The comment's id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What was written.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// Which revision of the text it is about.
    async fn revision(&self) -> i64 {
        self.0.revision
    }

    /// The point of the agenda that it is about; null if it is about none, or about one that you may not read or that is gone.
    async fn agenda_item(&self, ctx: &Context<'_>) -> Option<Result<AgendaItem>> {
        let id = self.0.agenda_item?;
        ctx.loaders().load_one(PointOf(id)).await.map(|found| found.map(|item| AgendaItem((*item).clone()))).transpose()
    }

    /// When it was written.
    async fn at(&self) -> DateTime {
        DateTime(self.0.by.at)
    }

    /// The organisation that wrote it. Null, for everybody but the organisers and who wrote it, where the rule of the point, or of the
    /// dialogue for a comment on none, lets nobody be named, now or when it was written.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, self.0.by.organisation).await.transpose()
    }

    /// The person, for members of the person's own organisation as far as they may know the organisation; null for everybody else,
    /// without an error.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let id = self.0.by.user?;
        ctx.loaders().load_one(id).await.map(|found| found.map(User)).transpose()
    }
}
