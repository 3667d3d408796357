//! How near a caller is to a meeting: he organises it, takes part in it, or only reads it. As conditions on rows that name their
//! meeting, so that what a caller may not read is neither read nor counted.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, SelectStatement},
};
use tertulia_domain::{
    dialogue::{Attribution, ParticipationStatus},
    policy::DialogueSight,
};

use super::{agenda, dialogue, meeting, participation, party};

/// Rows of meetings that the caller organises: he is the coordinator, or one of his organisations convenes the dialogue.
pub(super) fn organises(sight: &DialogueSight, meeting: impl ColumnTrait) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    of_dialogues(meeting, party::convened_by(sight.organisations()))
}

/// Rows of meetings in which the caller takes part: he organises them, one of his organisations belongs to the dialogue, or he was
/// invited to the meeting himself or registered for it.
pub(super) fn takes_part(sight: &DialogueSight, meeting: impl ColumnTrait) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    let of_parties = of_dialogues(meeting, party::dialogues_of(sight.organisations()));
    let Some(user) = sight.user() else { return of_parties };
    let statuses = ParticipationStatus::those(ParticipationStatus::takes_part).map(ParticipationStatus::as_str);
    let own = participation::Entity::find()
        .select_only()
        .column(participation::Column::Id)
        .filter(column(participation::Column::MeetingId).eq(column(meeting)))
        .filter(participation::Column::UserId.eq(user.uuid()))
        .filter(participation::Column::Status.is_in(statuses));
    Condition::any().add(of_parties).add(Expr::exists(own.into_query()))
}

/// Rows of meetings that the caller reads.
pub(super) fn reads(sight: &DialogueSight, meeting: impl ColumnTrait) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    of_dialogues(meeting, party::seen_ids(sight))
}

/// Rows of meetings at which names may be told throughout: by the rule of the dialogue and by that of each point of the agenda, also
/// of those that the caller may not read.
pub(super) fn lets_names_be_told(meeting: impl ColumnTrait, dialogue: impl ColumnTrait) -> Condition {
    let under_a_rule = dialogue::Entity::find()
        .select_only()
        .column(dialogue::Column::Id)
        .filter(dialogue::Column::AttributionDefault.ne(Attribution::Attributed.as_str()));
    let points = agenda::Entity::find()
        .select_only()
        .column(agenda::Column::Id)
        .filter(column(agenda::Column::MeetingId).eq(column(meeting)))
        .filter(agenda::Column::Attribution.ne(Attribution::Attributed.as_str()));
    Condition::all().add(column(dialogue).not_in_subquery(under_a_rule.into_query())).add(Expr::exists(points.into_query()).not())
}

/// Rows of meetings of these dialogues.
fn of_dialogues(meeting: impl ColumnTrait, dialogues: SelectStatement) -> Condition {
    let meetings = meeting::Entity::find()
        .select_only()
        .column(meeting::Column::Id)
        .filter(column(meeting::Column::Id).eq(column(meeting)))
        .filter(column(meeting::Column::DialogueId).in_subquery(dialogues));
    Condition::all().add(Expr::exists(meetings.into_query()))
}

/// A column with its table, which a query within another needs.
fn column(column: impl ColumnTrait) -> Expr {
    Expr::col(column.as_column_ref())
}
