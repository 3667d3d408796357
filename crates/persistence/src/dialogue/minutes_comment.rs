//! Comments on minutes. Those who organise the meeting read all; those who take part the ones on points that they read, and once the
//! minutes are adopted their own.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, SelectStatement, SimpleExpr},
};
use tertulia_domain::{
    Error,
    dialogue::{Attribution, MinutesComment, minutes::By, minutes_comment::Standing},
    id::{Id, MinutesId},
    policy::DialogueSight,
};

use super::{agenda, minutes, reach};
use crate::{
    error::{OrFail, decoded},
    store::{Executes, Session, Writer},
};

const TABLE: &str = "minutes_comment";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "minutes_comment")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) minutes_id: Uuid,
    pub(crate) meeting_id: Uuid,
    pub(crate) revision: i64,
    pub(crate) agenda_item_id: Option<Uuid>,
    pub(crate) attribution: String,
    pub(crate) text: String,
    pub(crate) user_id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for MinutesComment {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            minutes: Id::new(row.minutes_id),
            meeting: Id::new(row.meeting_id),
            revision: row.revision,
            agenda_item: row.agenda_item_id.map(Id::new),
            attribution: decoded(Attribution::parse(&row.attribution), TABLE, "attribution", &row.attribution)?,
            text: row.text,
            by: By { user: Some(Id::new(row.user_id)), organisation: Some(Id::new(row.organisation_id)), at: row.at },
        })
    }
}

/// A row, and how the reader stands to it.
#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    model: Model,
    organises: bool,
    names: bool,
}

fn col(column: impl ColumnTrait) -> Expr {
    Expr::col(column.as_column_ref())
}

/// The point of the agenda that a comment is about.
fn item() -> sea_orm::Select<agenda::Entity> {
    agenda::Entity::find().select_only().column(agenda::Column::Id).filter(col(agenda::Column::Id).eq(col(Column::AgendaItemId)))
}

fn adopted() -> SelectStatement {
    minutes::Entity::find()
        .select_only()
        .column(minutes::Column::Id)
        .filter(col(minutes::Column::MeetingId).eq(col(Column::MeetingId)))
        .filter(minutes::Column::AdoptedAt.is_not_null())
        .into_query()
}

/// The comments that a caller reads. A point that left the agenda is read by nobody but the organisers, nor is what was written of it.
fn seen(sight: &DialogueSight) -> Condition {
    let about_seen = Expr::exists(item().filter(agenda::seen(sight)).into_query());
    let shared =
        Condition::all().add(Expr::exists(adopted()).not()).add(Condition::any().add(Column::AgendaItemId.is_null()).add(about_seen));
    let mut near = Condition::any().add(shared);
    if let Some(user) = sight.user() {
        near = near.add(Column::UserId.eq(user.uuid()));
    }
    let taking_part = Condition::all().add(reach::takes_part(sight, Column::MeetingId)).add(near);
    Condition::any().add(reach::organises(sight, Column::MeetingId)).add(taking_part)
}

/// Whether the rule that holds now lets names be told: that of the point, which may have come under another since. A dialogue's own
/// stays, and is kept with a comment on no point.
fn names() -> Condition {
    let attributed = col(agenda::Column::Attribution).eq(Attribution::Attributed.as_str());
    let of_item = item().filter(attributed).into_query();
    Condition::any().add(Column::AgendaItemId.is_null()).add(Expr::exists(of_item))
}

fn flag(condition: Condition) -> SimpleExpr {
    Expr::case(condition, Expr::cust("TRUE")).finally(Expr::cust("FALSE")).into()
}

/// The comments on these minutes that the caller reads, oldest first, with what he may know of who wrote them.
pub async fn find_of(session: &dyn Session, sight: &DialogueSight, ids: &[MinutesId]) -> Result<Vec<MinutesComment>, Error> {
    let rows = Entity::find()
        .expr_as(flag(reach::organises(sight, Column::MeetingId)), "organises")
        .expr_as(flag(names()), "names")
        .filter(Column::MinutesId.is_in(ids.iter().map(|id| id.uuid())))
        .filter(seen(sight))
        .order_by_asc(Column::At)
        .order_by_asc(Column::Id)
        .into_model::<Row>()
        .all(&session.exec())
        .await
        .or_fail()?;
    let told = |Row { model, organises, names }| Ok(MinutesComment::try_from(model)?.told(sight, Standing { organises, names }));
    rows.into_iter().map(told).collect()
}

/// How many comments there are on these minutes.
pub async fn count(writer: &Writer, minutes: MinutesId) -> Result<u64, Error> {
    Entity::find().filter(Column::MinutesId.eq(minutes.uuid())).count(&writer.exec()).await.or_fail()
}

/// Adds a comment of which it is known who wrote it.
pub async fn insert(writer: &Writer, comment: &MinutesComment) -> Result<(), Error> {
    let (Some(user), Some(organisation)) = (comment.by.user, comment.by.organisation) else {
        return Err(Error::broken("a comment of nobody"));
    };
    let row = ActiveModel {
        id: Set(comment.id.uuid()),
        minutes_id: Set(comment.minutes.uuid()),
        meeting_id: Set(comment.meeting.uuid()),
        revision: Set(comment.revision),
        agenda_item_id: Set(comment.agenda_item.map(Id::uuid)),
        attribution: Set(comment.attribution.to_string()),
        text: Set(comment.text.clone()),
        user_id: Set(user.uuid()),
        organisation_id: Set(organisation.uuid()),
        at: Set(comment.by.at),
    };
    Entity::insert(row).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}
