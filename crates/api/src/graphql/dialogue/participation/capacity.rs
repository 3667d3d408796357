//! What a meeting says of its seats, its registration, and what its interpretation lacks.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use tertulia_app::dialogue::participation;
use tertulia_domain::{Error, Result, dialogue as domain};

use super::{
    load::{NeedsOf, SeatsOf, TakesPart},
    words::{CapacityRole, Listed, ParticipationMode, RegistrationMode},
};
use crate::graphql::{
    Resolving,
    scalar::{DateTime, LanguageTag, LocalDateTime, TimeZone},
};

/// The seats of a meeting.
pub(in crate::graphql::dialogue) struct Capacity(pub(in crate::graphql::dialogue) Arc<domain::Meeting>);

/// The seats of a meeting.
#[Object(name = "MeetingCapacity")]
impl Capacity {
    /// Seats in the room; null without a limit.
    async fn in_person(&self) -> Option<i64> {
        self.0.admission.in_person
    }

    /// Seats online; null without a limit.
    async fn online(&self) -> Option<i64> {
        self.0.admission.online
    }

    /// Seats in the room that are taken or kept for who was offered one; null, without an error, for everybody but the organisers,
    /// the dialogue's parties and who takes part.
    async fn in_person_taken(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        self.taken(ctx, domain::ParticipationMode::InPerson).await.transpose()
    }

    /// Seats online that are taken or kept for who was offered one; null, without an error, for everybody but the organisers, the
    /// dialogue's parties and who takes part.
    async fn online_taken(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        self.taken(ctx, domain::ParticipationMode::Online).await.transpose()
    }

    /// How many wait for a seat; null, without an error, for everybody but the organisers.
    async fn waiting(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        self.queue(ctx).await.transpose()
    }

    /// Seats that are kept for a role.
    async fn reserved_seats(&self) -> Vec<ReservedSeats> {
        let one = |one: &domain::Reserved| ReservedSeats { capacity_role: one.role.into(), mode: one.mode.into(), seats: one.seats };
        self.0.admission.reserved.iter().map(one).collect()
    }
}

impl Capacity {
    async fn series(&self, ctx: &Context<'_>) -> Result<Arc<domain::Dialogue>> {
        let found = ctx.loaders().load_one(self.0.dialogue).await?;
        found.ok_or_else(|| Error::broken("a meeting was shown whose dialogue may not be read"))
    }

    async fn seats(&self, ctx: &Context<'_>) -> Result<domain::Seats> {
        Ok(ctx.loaders().load_one(SeatsOf(self.0.id)).await?.unwrap_or_default())
    }

    async fn taken(&self, ctx: &Context<'_>, mode: domain::ParticipationMode) -> Result<Option<i64>> {
        let series = self.series(ctx).await?;
        let is_shown =
            participation::seats_are_shown(ctx.caller(), &series) || ctx.loaders().load_one(TakesPart(self.0.id)).await?.is_some();
        if is_shown { Ok(Some(self.seats(ctx).await?.taken(mode))) } else { Ok(None) }
    }

    async fn queue(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
        if !participation::organises(ctx.caller(), &*self.series(ctx).await?) {
            return Ok(None);
        }
        Ok(Some(self.seats(ctx).await?.with(domain::ParticipationStatus::Waitlisted)))
    }
}

/// Seats that are kept for a role.
#[derive(SimpleObject)]
pub(super) struct ReservedSeats {
    /// For whom.
    capacity_role: CapacityRole,
    /// In the room or online.
    mode: ParticipationMode,
    /// How many.
    seats: i64,
}

/// Who can register for a meeting, and when.
pub(in crate::graphql::dialogue) struct Registration(pub(in crate::graphql::dialogue) Arc<domain::Meeting>);

/// Who can register for a meeting, and when.
#[Object(name = "MeetingRegistration")]
impl Registration {
    /// Who can register.
    async fn mode(&self) -> RegistrationMode {
        self.0.admission.registration.mode.into()
    }

    /// From when; null: from now on.
    async fn opens_at(&self) -> Option<DateTime> {
        self.0.admission.registration.opens_at().map(DateTime)
    }

    /// Until when; null: until the meeting ends.
    async fn closes_at(&self) -> Option<DateTime> {
        self.0.admission.registration.closes_at().map(DateTime)
    }

    /// What the clocks of `timeZone` show when it opens.
    async fn local_opens(&self) -> Option<LocalDateTime> {
        self.0.admission.registration.opens.map(LocalDateTime)
    }

    /// What the clocks of `timeZone` show when it closes.
    async fn local_closes(&self) -> Option<LocalDateTime> {
        self.0.admission.registration.closes.map(LocalDateTime)
    }

    /// The zone of both.
    async fn time_zone(&self) -> TimeZone {
        self.0.admission.registration.zone.name().into()
    }

    /// Whether one can register now without being invited: the mode is not INVITATION, the moment lies between opening and closing,
    /// and the meeting is neither over nor called off.
    async fn open(&self, ctx: &Context<'_>) -> bool {
        let (now, registration) = (ctx.caller().now, &self.0.admission.registration);
        registration.mode != domain::RegistrationMode::Invitation && registration.is_open(now) && self.0.check_ahead(now).is_ok()
    }

    /// Who sees the list of participants, as far as each of them consents.
    async fn participants_visible_to(&self) -> Listed {
        self.0.admission.list.into()
    }
}

/// A language that people need and would not get.
#[derive(SimpleObject)]
pub(in crate::graphql::dialogue) struct InterpretationGap {
    /// The language.
    language: LanguageTag,
    /// How many of those who come need it.
    needed: i64,
}

/// What those who come need and would not get, for organisers.
pub(in crate::graphql::dialogue) async fn gap(ctx: &Context<'_>, meeting: &domain::Meeting) -> Result<Option<Vec<InterpretationGap>>> {
    let series = ctx.loaders().load_one(meeting.dialogue).await?;
    let series = series.ok_or_else(|| Error::broken("a meeting was shown whose dialogue may not be read"))?;
    if !participation::organises(ctx.caller(), &series) {
        return Ok(None);
    }
    let needs = ctx.loaders().load_one(NeedsOf(meeting.id)).await?.unwrap_or_default();
    let one = |gap: domain::interpretation::Gap| InterpretationGap { language: gap.language.as_str().into(), needed: gap.needed };
    Ok(Some(participation::gap(meeting, &needs).into_iter().map(one).collect()))
}
