//! What a front end sends to create and change dialogues and meetings.

use async_graphql::{ID, InputObject};
use tertulia_app::dialogue::{dialogue::MembersSet, feed_token::NewFeed, meeting};
use tertulia_domain::dialogue as domain;

use super::{
    recurrence::{RecurrenceInput, local_text},
    words::{Attribution, ChangeScope, DialogueKind, DialogueVisibility, FeedKind, FeedScope, MeetingFormat},
};
use crate::graphql::{
    scalar::{CountryCode, Duration, LanguageTag, LocalDateTime, TimeZone, Url},
    text::{self, LocalizedTextInput},
};

/// A dialogue to be created.
#[derive(InputObject)]
pub(super) struct DialogueCreateInput {
    /// Its title in one or more languages. At most 300 characters each.
    title: Vec<LocalizedTextInput>,
    /// What it is meant to reach. At most 10,000 characters.
    purpose: Option<String>,
    /// What it is for.
    kind: DialogueKind,
    /// Ids of the organisations that invite, at least one. A bilateral dialogue has two organisations, conveners and members
    /// together; whoever creates one for an electoral body or a platform convenes it.
    conveners: Vec<ID>,
    /// Ids of the organisations that take part besides. At most 500.
    members: Option<Vec<ID>>,
    /// When it meets. Refused if it yields no meeting, or more than 1,000 within 400 days.
    recurrence: RecurrenceInput,
    /// How long a meeting takes, from a minute to a week.
    duration: Duration,
    /// Where meetings take place.
    format: MeetingFormat,
    /// Who reads it and its meetings.
    visibility: DialogueVisibility,
    /// The languages spoken. At most 20.
    working_languages: Option<Vec<LanguageTag>>,
    /// What may be told of who spoke, at points of an agenda and in minutes that state no rule of their own.
    #[graphql(default_with = "Attribution::Attributed")]
    attribution_default: Attribution,
    /// The link by which its parties join; nobody else reads it.
    join_url: Option<Url>,
    /// The usual place.
    venue: Option<VenueInput>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers with the dialogue made before.
    pub(super) idempotency_key: Option<String>,
}

/// A place.
#[derive(InputObject)]
pub(super) struct VenueInput {
    /// Its name.
    name: String,
    /// Its address, without the country.
    address: Option<String>,
    /// Its country.
    country: Option<CountryCode>,
}

impl VenueInput {
    pub(super) fn draft(self) -> domain::VenueDraft {
        domain::VenueDraft { name: self.name, address: self.address, country: self.country.map(|code| code.0) }
    }
}

pub(super) fn texts(ids: Option<Vec<ID>>) -> Vec<String> {
    ids.unwrap_or_default().into_iter().map(|id| id.0).collect()
}

impl DialogueCreateInput {
    pub(super) fn draft(self) -> domain::DialogueDraft {
        domain::DialogueDraft {
            title: text::raw(self.title),
            purpose: self.purpose,
            kind: self.kind.into(),
            conveners: texts(Some(self.conveners)),
            members: texts(self.members),
            recurrence: self.recurrence.raw(),
            duration: self.duration.0,
            format: self.format.into(),
            visibility: self.visibility.into(),
            working_languages: self.working_languages.unwrap_or_default().into_iter().map(|tag| tag.0).collect(),
            attribution_default: self.attribution_default.into(),
            join_url: self.join_url.map(|url| url.0),
            venue: self.venue.map(VenueInput::draft),
            generated: false,
        }
    }
}

/// The new members of a dialogue.
#[derive(InputObject)]
pub(super) struct DialogueMembersSetInput {
    /// The dialogue.
    dialogue_id: ID,
    /// Ids of all organisations that take part besides the conveners; who is left out leaves. At most 500.
    members: Vec<ID>,
    /// The version of the dialogue that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl DialogueMembersSetInput {
    pub(super) fn command(self) -> MembersSet {
        MembersSet { dialogue_id: self.dialogue_id.0, members: texts(Some(self.members)), version: self.version }
    }
}

/// A new slot for a meeting.
#[derive(InputObject)]
pub(super) struct MeetingRescheduleInput {
    /// The meeting.
    meeting_id: ID,
    /// The wall time at which it begins now. It must lie ahead.
    local_start: LocalDateTime,
    /// The zone of that wall time; it may be another than before.
    time_zone: TimeZone,
    /// How long it takes now; without it as long as before.
    duration: Option<Duration>,
    /// Why, for everybody who reads the meeting. At most 10,000 characters.
    reason: Option<String>,
    /// Which meetings of the series move. The others of the series then begin as much later on the clock than their
    /// `originalStart` as this one, in its zone, and take as long.
    #[graphql(default_with = "ChangeScope::This")]
    scope: ChangeScope,
    /// The version of the meeting that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl MeetingRescheduleInput {
    pub(super) fn command(self) -> meeting::Reschedule {
        meeting::Reschedule {
            meeting_id: self.meeting_id.0,
            local_start: local_text(&self.local_start),
            time_zone: self.time_zone.0,
            duration: self.duration.map(|duration| duration.0),
            reason: self.reason,
            scope: self.scope.into(),
            version: self.version,
        }
    }
}

/// A meeting to be called off.
#[derive(InputObject)]
pub(super) struct MeetingCancelInput {
    /// The meeting.
    meeting_id: ID,
    /// Why, for everybody who reads the meeting. At most 10,000 characters.
    reason: Option<String>,
    /// Which meetings of the series are called off. With this one those that follow, or all that lie ahead: the dialogue ends
    /// with the meeting before.
    #[graphql(default_with = "ChangeScope::This")]
    scope: ChangeScope,
    /// The version of the meeting that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl MeetingCancelInput {
    pub(super) fn command(self) -> meeting::Cancel {
        meeting::Cancel { meeting_id: self.meeting_id.0, reason: self.reason, scope: self.scope.into(), version: self.version }
    }
}

/// A meeting to be put off.
#[derive(InputObject)]
pub(super) struct MeetingPostponeInput {
    /// The meeting.
    meeting_id: ID,
    /// Why, for everybody who reads the meeting. At most 10,000 characters.
    reason: Option<String>,
    /// The version of the meeting that you read.
    version: i64,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl MeetingPostponeInput {
    pub(super) fn command(self) -> meeting::Postpone {
        meeting::Postpone { meeting_id: self.meeting_id.0, reason: self.reason, version: self.version }
    }
}

/// A private calendar address to be made.
#[derive(InputObject)]
pub(super) struct FeedTokenCreateInput {
    /// The form in which it answers.
    #[graphql(default_with = "FeedKind::Ics")]
    kind: FeedKind,
    /// Which meetings it shows.
    scope: FeedScope,
    /// The dialogue, for the scope DIALOGUE.
    dialogue_id: Option<ID>,
    /// The organisation, for the scope ORGANISATION; one of yours.
    organisation_id: Option<ID>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers with the address made before, whose
    /// `url` is then null.
    pub(super) idempotency_key: Option<String>,
}

impl FeedTokenCreateInput {
    pub(super) fn command(self) -> NewFeed {
        let FeedKind::Ics = self.kind;
        NewFeed {
            scope: self.scope.into(),
            dialogue_id: self.dialogue_id.map(|id| id.0),
            organisation_id: self.organisation_id.map(|id| id.0),
        }
    }
}

/// A private calendar address to be revoked.
#[derive(InputObject)]
pub(super) struct FeedTokenRevokeInput {
    /// The address's id.
    pub(super) feed_token_id: ID,
}
