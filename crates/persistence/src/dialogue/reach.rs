//! How near a caller is to a meeting: he organises it, takes part in it, or only reads it. As conditions on rows that name their
//! meeting, so that what a caller may not read is neither read nor counted.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, SelectStatement, SimpleExpr},
};
use tertulia_domain::{dialogue::Part, policy::DialogueSight};

use super::{dialogue, meeting, party};

/// Rows of meetings that the caller organises: he is the coordinator, or one of his organisations convenes the dialogue.
pub(super) fn organises(sight: &DialogueSight, meeting: impl ColumnTrait) -> Condition {
    by_party(sight, meeting, Some(Part::Convener))
}

/// Rows of meetings in which the caller takes part: he organises them, or one of his organisations belongs to the dialogue.
pub(super) fn takes_part(sight: &DialogueSight, meeting: impl ColumnTrait) -> Condition {
    by_party(sight, meeting, None)
}

/// Rows of meetings that the caller reads.
pub(super) fn reads(sight: &DialogueSight, meeting: impl ColumnTrait) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    let seen = dialogue::Entity::find().select_only().column(dialogue::Column::Id).filter(party::seen(sight)).into_query();
    of_dialogues(meeting, seen)
}

fn by_party(sight: &DialogueSight, meeting: impl ColumnTrait, part: Option<Part>) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    if sight.organisations().is_empty() {
        return Condition::all().add(nothing());
    }
    let own = party::Column::OrganisationId.is_in(sight.organisations().iter().map(|id| id.uuid()));
    let mut belongs = party::Entity::find().select_only().column(party::Column::DialogueId).filter(own);
    if let Some(part) = part {
        belongs = belongs.filter(party::Column::Part.eq(part.as_str()));
    }
    of_dialogues(meeting, belongs.into_query())
}

/// Rows of meetings of these dialogues.
fn of_dialogues(meeting: impl ColumnTrait, dialogues: SelectStatement) -> Condition {
    let named = Expr::col(meeting::Column::Id.as_column_ref()).eq(Expr::col(meeting.as_column_ref()));
    let of_them = Expr::col(meeting::Column::DialogueId.as_column_ref()).in_subquery(dialogues);
    let meetings = meeting::Entity::find().select_only().column(meeting::Column::Id).filter(named).filter(of_them);
    Condition::all().add(Expr::exists(meetings.into_query()))
}

/// What holds for no row.
pub(super) fn nothing() -> SimpleExpr {
    Expr::val(1).eq(0)
}
