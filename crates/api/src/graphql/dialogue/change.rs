//! Changes of a dialogue as a whole, and of where its meetings take place.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use tertulia_app::dialogue::{
    dialogue::{self, Course, Update},
    meeting::{self, Relocate},
};
use tertulia_domain::{Result, dialogue as domain};

use super::{
    dialogue::Dialogue,
    input::VenueInput,
    meeting::Meeting,
    words::{ChangeScope, DialogueVisibility},
};
use crate::graphql::{
    Resolving,
    directory::mutation::patch,
    payload::{UserError, payload},
    scalar::{Duration, LanguageTag, Url},
    text::{self, LocalizedTextInput},
};

/// A change of a dialogue. What is left out stays.
#[derive(InputObject)]
pub(super) struct DialogueUpdateInput {
    /// The dialogue.
    dialogue_id: ID,
    /// Its titles, all of them. At most 300 characters each.
    title: Option<Vec<LocalizedTextInput>>,
    /// What it is meant to reach; null empties it. At most 10,000 characters.
    purpose: MaybeUndefined<String>,
    /// Who reads it and its meetings, from now on.
    visibility: Option<DialogueVisibility>,
    /// The languages spoken at meetings that lie ahead, all of them; a meeting with languages of its own keeps these. At most 20.
    working_languages: Option<Vec<LanguageTag>>,
    /// How long meetings that lie ahead take; one that was moved by itself keeps its length.
    duration: Option<Duration>,
    /// Where meetings that lie ahead take place, unless one says otherwise; null for nowhere in particular.
    venue: MaybeUndefined<VenueInput>,
    /// The link by which the parties join meetings that lie ahead, unless one says otherwise; null for none.
    join_url: MaybeUndefined<Url>,
    /// The version of the dialogue that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

impl DialogueUpdateInput {
    fn command(self) -> Update {
        let changes = domain::DialoguePatch {
            title: self.title.map(text::raw),
            purpose: patch(self.purpose, |text| text),
            visibility: self.visibility.map(Into::into),
            working_languages: self.working_languages.map(|tags| tags.into_iter().map(|tag| tag.0).collect()),
            duration: self.duration.map(|duration| duration.0),
            place: domain::Relocation { venue: patch(self.venue, VenueInput::draft), join_url: patch(self.join_url, |url| url.0) },
        };
        Update { dialogue_id: self.dialogue_id.0, patch: changes, version: self.version }
    }
}

/// Another place for a meeting. Give a place, a link or both.
#[derive(InputObject)]
pub(super) struct MeetingRelocateInput {
    /// The meeting.
    meeting_id: ID,
    /// The place; null, for one meeting, takes that of its dialogue again, else means nowhere in particular.
    venue: MaybeUndefined<VenueInput>,
    /// The link; null, for one meeting, takes that of its dialogue again, else means none.
    join_url: MaybeUndefined<Url>,
    /// Why, for everybody who reads the meeting. At most 10,000 characters.
    reason: Option<String>,
    /// Which meetings of the series it is about.
    #[graphql(default_with = "ChangeScope::This")]
    scope: ChangeScope,
    /// The version of the meeting that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

impl MeetingRelocateInput {
    fn command(self) -> Relocate {
        let place = domain::Relocation { venue: patch(self.venue, VenueInput::draft), join_url: patch(self.join_url, |url| url.0) };
        Relocate { meeting_id: self.meeting_id.0, place, reason: self.reason, scope: self.scope.into(), version: self.version }
    }
}

/// A dialogue to be paused.
#[derive(InputObject)]
pub(super) struct DialoguePauseInput {
    /// The dialogue.
    dialogue_id: ID,
    /// Why, for everybody who reads its meetings. At most 10,000 characters.
    reason: Option<String>,
    /// The version of the dialogue that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

impl DialoguePauseInput {
    fn command(self) -> Course {
        Course { dialogue_id: self.dialogue_id.0, reason: self.reason, version: self.version }
    }
}

/// A paused dialogue that is to go on.
#[derive(InputObject)]
pub(super) struct DialogueResumeInput {
    /// The dialogue.
    dialogue_id: ID,
    /// The version of the dialogue that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

impl DialogueResumeInput {
    fn command(self) -> Course {
        Course { dialogue_id: self.dialogue_id.0, reason: None, version: self.version }
    }
}

/// A dialogue to be ended.
#[derive(InputObject)]
pub(super) struct DialogueEndInput {
    /// The dialogue.
    dialogue_id: ID,
    /// Why, for everybody who reads its meetings. At most 10,000 characters.
    reason: Option<String>,
    /// The version of the dialogue that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    idempotency_key: Option<String>,
}

impl DialogueEndInput {
    fn command(self) -> Course {
        Course { dialogue_id: self.dialogue_id.0, reason: self.reason, version: self.version }
    }
}

/// What changing a dialogue answered.
#[derive(SimpleObject)]
pub(super) struct DialogueUpdatePayload {
    /// The dialogue as it is now; null if the act was refused.
    dialogue: Option<Dialogue>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What pausing a dialogue answered.
#[derive(SimpleObject)]
pub(super) struct DialoguePausePayload {
    /// The dialogue as it is now; null if the act was refused.
    dialogue: Option<Dialogue>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What letting a dialogue go on answered.
#[derive(SimpleObject)]
pub(super) struct DialogueResumePayload {
    /// The dialogue as it is now; null if the act was refused.
    dialogue: Option<Dialogue>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What ending a dialogue answered.
#[derive(SimpleObject)]
pub(super) struct DialogueEndPayload {
    /// The dialogue as it is now; null if the act was refused.
    dialogue: Option<Dialogue>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// What holding a meeting elsewhere answered.
#[derive(SimpleObject)]
pub(super) struct MeetingRelocatePayload {
    /// The meeting as it is now; null if the act was refused.
    meeting: Option<Meeting>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<UserError>,
}

/// Mutations of dialogues as a whole, and of where meetings take place.
#[derive(Default)]
pub(super) struct ChangeMutation;

#[Object]
impl ChangeMutation {
    /// Changes what a dialogue says of itself, and how long and where the meetings that lie ahead take place.
    /// For bilateral dialogues their conveners may do it too.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn dialogue_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The dialogue and what changes.")] input: DialogueUpdateInput,
    ) -> Option<Result<DialogueUpdatePayload>> {
        let key = input.idempotency_key.clone();
        let done = dialogue::update(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| DialogueUpdatePayload { dialogue: one.map(|one| Dialogue(Arc::new(one))), user_errors })
    }

    /// Pauses a dialogue: its meetings that lie ahead are postponed until it goes on, and calendars no longer show them.
    /// For bilateral dialogues their conveners may do it too.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn dialogue_pause(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The dialogue.")] input: DialoguePauseInput,
    ) -> Option<Result<DialoguePausePayload>> {
        let key = input.idempotency_key.clone();
        let done = dialogue::pause(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| DialoguePausePayload { dialogue: one.map(|one| Dialogue(Arc::new(one))), user_errors })
    }

    /// Lets a paused dialogue go on by its rule: postponed meetings are on again, those whose date went by are cancelled.
    /// For bilateral dialogues their conveners may do it too.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn dialogue_resume(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The dialogue.")] input: DialogueResumeInput,
    ) -> Option<Result<DialogueResumePayload>> {
        let key = input.idempotency_key.clone();
        let done = dialogue::resume(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| DialogueResumePayload { dialogue: one.map(|one| Dialogue(Arc::new(one))), user_errors })
    }

    /// Ends a dialogue for good: its meetings that lie ahead are cancelled, those that were held stay.
    /// For bilateral dialogues their conveners may do it too.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn dialogue_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The dialogue.")] input: DialogueEndInput,
    ) -> Option<Result<DialogueEndPayload>> {
        let key = input.idempotency_key.clone();
        let done = dialogue::end(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| DialogueEndPayload { dialogue: one.map(|one| Dialogue(Arc::new(one))), user_errors })
    }

    /// Holds a meeting, or a series from it on, at another place or by another link. Calendars follow.
    /// For bilateral dialogues their conveners may do it too.
    /// Who: COORDINATOR, ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the
    /// organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn meeting_relocate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The meeting and where it takes place.")] input: MeetingRelocateInput,
    ) -> Option<Result<MeetingRelocatePayload>> {
        let key = input.idempotency_key.clone();
        let done = meeting::relocate(ctx.app(), ctx.caller(), &input.command(), key.as_deref()).await;
        payload(done, |one, user_errors| MeetingRelocatePayload { meeting: one.map(Meeting::from), user_errors })
    }
}
