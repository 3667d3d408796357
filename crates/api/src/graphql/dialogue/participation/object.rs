//! A participation as the schema shows it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use tertulia_app::dialogue::participation;
use tertulia_domain::{Error, Result, dialogue as domain};

use super::{
    load::{AccessNeedsOf, PlaceOf, TellsRoles},
    words::{CapacityRole, Listed, ParticipationMode, ParticipationStatus},
};
use crate::graphql::{
    Resolving,
    dialogue::Meeting,
    directory::{Organisation, load},
    identity::User,
    scalar::{DateTime, LanguageTag},
};

/// A participation as the schema shows it.
pub struct Participation(pub(crate) Arc<domain::Participation>);

impl From<domain::Participation> for Participation {
    fn from(one: domain::Participation) -> Self {
        Self(Arc::new(one))
    }
}

/// One person's part in one meeting, from the invitation or the registration to whether the person came. An invitation may name an
/// organisation only; who accepts it for the organisation is then the person.
#[Object]
impl Participation {
    /// The participation's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The meeting.
    async fn meeting(&self, ctx: &Context<'_>) -> Option<Result<Meeting>> {
        ctx.loaders().load_one(self.0.meeting).await.map(|found| found.map(Meeting::from)).transpose()
    }

    /// The organisation for which the person comes.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        load::organisation(ctx, Some(self.0.organisation)).await.transpose()
    }

    /// The person; null while an invitation names the organisation only. You read a participation only if it is your own, of an
    /// organisation that you administer, of a meeting that you organise, or if the person consented to be listed for you.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let id = self.0.person?;
        ctx.loaders().load_one(id).await.map(|found| found.map(User)).transpose()
    }

    /// As what the person takes part. Null, for everybody but the person, the administrators of the person's organisation and the
    /// organisers, where the dialogue or a point of the agenda is not ATTRIBUTED: there nobody else is to know who speaks.
    async fn capacity_role(&self, ctx: &Context<'_>) -> Option<Result<CapacityRole>> {
        self.role(ctx).await.transpose()
    }

    /// How far it has come.
    async fn status(&self) -> ParticipationStatus {
        self.0.status.into()
    }

    /// Where the person takes part.
    async fn mode(&self) -> ParticipationMode {
        self.0.mode.into()
    }

    /// The place in the queue of those who wait for a seat in the same way, from 1; it never grows. Null unless the status is
    /// WAITLISTED, and, without an error, for everybody but the person and the organisers.
    async fn waitlist_position(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        self.place(ctx).await.transpose()
    }

    /// Until when an offered seat is kept. Null unless the status is OFFERED, and, without an error, for everybody but the person
    /// and the organisers.
    async fn offered_until(&self, ctx: &Context<'_>) -> Option<Result<DateTime>> {
        let shown = |shown: bool| self.0.offered_until.filter(|_| shown).map(DateTime);
        self.is_own_or_organised(ctx).await.map(shown).transpose()
    }

    /// The languages into which the person needs interpretation; empty for everybody but the person, the administrators of the
    /// person's organisation and the organisers.
    async fn interpretation_needs(&self, ctx: &Context<'_>) -> Result<Vec<LanguageTag>> {
        if !self.is_administered(ctx) && !self.is_own_or_organised(ctx).await? {
            return Ok(Vec::new());
        }
        Ok(self.0.interpretation_needs.iter().map(|tag| tag.as_str().into()).collect())
    }

    /// What the person needs to take part, in the person's words; null, without an error, for everybody but the person and the
    /// organisers. That an organiser reads it stands in the audit log.
    async fn access_needs(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.needs(ctx).await.transpose()
    }

    /// To whom the person consents to be shown on the list; only the person can widen it.
    async fn listed(&self) -> Listed {
        self.0.listed.into()
    }

    /// The organisation that acted for the person, if the last act was not the person's own; null, without an error, for everybody
    /// but the person, the administrators of the person's organisation and the organisers.
    async fn acted_by(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        self.actor(ctx).await.transpose()
    }

    /// From when the person was there, as the organisers recorded it.
    async fn attended_from(&self) -> Option<DateTime> {
        self.0.attended_from.map(DateTime)
    }

    /// Until when the person was there.
    async fn attended_to(&self) -> Option<DateTime> {
        self.0.attended_to.map(DateTime)
    }

    /// Whether a generator made it for a trial.
    async fn generated(&self) -> bool {
        self.0.generated
    }

    /// When it came to be.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Its version, for edits.
    async fn version(&self) -> i64 {
        self.0.version
    }
}

impl Participation {
    fn is_administered(&self, ctx: &Context<'_>) -> bool {
        ctx.caller().participations().administered().contains(&self.0.organisation)
    }

    async fn is_own_or_organised(&self, ctx: &Context<'_>) -> Result<bool> {
        if self.0.person.is_some() && self.0.person == ctx.caller().actor.user() {
            return Ok(true);
        }
        let series = ctx.loaders().load_one(self.0.dialogue).await?;
        let series = series.ok_or_else(|| Error::broken("a participation was shown whose dialogue may not be read"))?;
        Ok(participation::organises(ctx.caller(), &series))
    }

    async fn needs(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(needs) = &self.0.access_needs else { return Ok(None) };
        if !self.is_own_or_organised(ctx).await? {
            return Ok(None);
        }
        let is_own = self.0.person.is_some() && self.0.person == ctx.caller().actor.user();
        let is_told = is_own || ctx.loaders().load_one(AccessNeedsOf(self.0.id)).await?.is_some();
        Ok(is_told.then(|| needs.clone()))
    }

    async fn role(&self, ctx: &Context<'_>) -> Result<Option<CapacityRole>> {
        let is_told = ctx.caller().participations().everything()
            || self.is_administered(ctx)
            || self.is_own_or_organised(ctx).await?
            || ctx.loaders().load_one(TellsRoles(self.0.meeting)).await?.is_some();
        Ok(is_told.then(|| self.0.role.into()))
    }

    async fn place(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
        if self.0.status != domain::ParticipationStatus::Waitlisted || !self.is_own_or_organised(ctx).await? {
            return Ok(None);
        }
        ctx.loaders().load_one(PlaceOf(self.0.meeting, self.0.id)).await
    }

    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        let Some(by) = self.0.acted_by else { return Ok(None) };
        if !self.is_administered(ctx) && !self.is_own_or_organised(ctx).await? {
            return Ok(None);
        }
        load::organisation(ctx, Some(by.organisation)).await
    }
}
