//! Minutes. Each act is a row, and no function here changes one. Of a meeting's rows each caller reads those that he may, and the
//! latest of them is the minutes to him.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Alias, Expr, ExprTrait, Func, OnConflict, Order, Query, SimpleExpr, WindowStatement},
};
use tertulia_domain::{
    Error,
    dialogue::{Minutes, MinutesContent, MinutesStatus, minutes::By},
    id::{Id, MeetingId, MinutesId},
    policy::DialogueSight,
    text::LanguageTag,
};

use super::reach;
use crate::{
    error::{OrFail, decoded},
    json,
    store::{Executes, Session, Writer},
};

const TABLE: &str = "minutes_revision";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "minutes_revision")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) minutes_id: Uuid,
    pub(crate) meeting_id: Uuid,
    pub(crate) version: i64,
    pub(crate) revision: i64,
    pub(crate) status: String,
    pub(crate) language: Option<String>,
    pub(crate) text: String,
    pub(crate) summary_public: Option<String>,
    pub(crate) decisions: String,
    pub(crate) adopted_at: Option<DateTimeUtc>,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) organisation_id: Option<Uuid>,
    pub(crate) at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Minutes {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let language = row.language.as_deref().map(|tag| decoded(LanguageTag::parse(tag).ok(), TABLE, "language", tag)).transpose()?;
        Ok(Self {
            id: Id::new(row.minutes_id),
            meeting: Id::new(row.meeting_id),
            version: row.version,
            revision: row.revision,
            status: decoded(MinutesStatus::parse(&row.status), TABLE, "status", &row.status)?,
            content: MinutesContent {
                language,
                text: row.text,
                summary_public: row.summary_public,
                decisions: json::decode(&row.decisions, TABLE, "decisions")?,
            },
            adopted_at: row.adopted_at,
            by: By { user: row.user_id.map(Id::new), organisation: row.organisation_id.map(Id::new), at: row.at },
        })
    }
}

fn in_states(states: &[MinutesStatus]) -> Condition {
    Condition::all().add(Column::Status.is_in(states.iter().map(|status| status.as_str())))
}

/// The rows that a caller reads whole: every one of a meeting that he organises, the shared ones where he takes part.
fn seen_whole(sight: &DialogueSight) -> Condition {
    let shared = in_states(&MinutesStatus::SHARED).add(reach::takes_part(sight, Column::MeetingId));
    Condition::any().add(reach::organises(sight, Column::MeetingId)).add(shared)
}

/// The rows of which a caller reads at least the public summary, if they have one.
fn seen(sight: &DialogueSight) -> Condition {
    let published = in_states(&MinutesStatus::PUBLISHED).add(reach::reads(sight, Column::MeetingId));
    Condition::any().add(seen_whole(sight)).add(published)
}

/// Minutes to one caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The minutes. For a caller who reads the public summary alone they hold nothing else.
    pub minutes: Minutes,
    /// Whether the caller reads them whole.
    pub whole: bool,
}

/// The minutes of these meetings as the caller reads them: the latest row of each that he may read.
pub async fn of_meetings(session: &dyn Session, sight: &DialogueSight, meetings: &[MeetingId]) -> Result<Vec<Seen>, Error> {
    latest(session, sight, Column::MeetingId.is_in(meetings.iter().map(|id| id.uuid()))).await
}

/// The minutes of these ids as the caller reads them.
pub async fn find_many(session: &dyn Session, sight: &DialogueSight, ids: &[MinutesId]) -> Result<Vec<Seen>, Error> {
    latest(session, sight, Column::MinutesId.is_in(ids.iter().map(|id| id.uuid()))).await
}

/// A row, and whether the caller reads it whole.
#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    model: Model,
    whole: bool,
}

impl TryFrom<Row> for Seen {
    type Error = Error;

    fn try_from(Row { model, whole }: Row) -> Result<Self, Error> {
        let mut minutes = Minutes::try_from(model)?;
        if !whole {
            minutes.content = MinutesContent { text: String::new(), decisions: Vec::new(), ..minutes.content };
        }
        Ok(Self { minutes, whole })
    }
}

async fn latest(session: &dyn Session, sight: &DialogueSight, of: SimpleExpr) -> Result<Vec<Seen>, Error> {
    let mut window = WindowStatement::partition_by(Column::MeetingId);
    window.order_by(Column::Version, Order::Desc);
    let mut ranked = Entity::find().select_only().column(Column::Id).filter(of).filter(seen(sight)).into_query();
    ranked.expr_window_as(Func::cust("ROW_NUMBER"), window, "place");
    let chosen =
        Query::select().column(Alias::new("id")).from_subquery(ranked, "ranked").and_where(Expr::col(Alias::new("place")).eq(1)).take();
    let whole = Expr::case(seen_whole(sight), Expr::cust("TRUE")).finally(Expr::cust("FALSE"));
    // A summary that was taken back is not looked for in an older row.
    let says_something = Condition::any().add(seen_whole(sight)).add(Column::SummaryPublic.is_not_null());
    let rows = Entity::find()
        .expr_as(whole, "whole")
        .filter(Expr::col(Column::Id).in_subquery(chosen))
        .filter(says_something)
        .into_model::<Row>()
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(Seen::try_from).collect()
}

/// The rows of these minutes that the caller reads whole, the latest first.
pub async fn history(session: &dyn Session, sight: &DialogueSight, ids: &[MinutesId]) -> Result<Vec<Minutes>, Error> {
    let rows = Entity::find()
        .filter(Column::MinutesId.is_in(ids.iter().map(|id| id.uuid())))
        .filter(seen_whole(sight))
        .order_by_asc(Column::MinutesId)
        .order_by_desc(Column::Version)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(Minutes::try_from).collect()
}

/// The latest row of a meeting, for who writes its minutes.
pub async fn current(writer: &Writer, meeting: MeetingId) -> Result<Option<Minutes>, Error> {
    let of = Entity::find().filter(Column::MeetingId.eq(meeting.uuid())).order_by_desc(Column::Version);
    of.one(&writer.exec()).await.or_fail()?.map(Minutes::try_from).transpose()
}

/// The latest row of a meeting that those who take part read.
pub async fn shared(writer: &Writer, meeting: MeetingId) -> Result<Option<Minutes>, Error> {
    let of = Entity::find().filter(Column::MeetingId.eq(meeting.uuid())).filter(in_states(&MinutesStatus::SHARED));
    of.order_by_desc(Column::Version).one(&writer.exec()).await.or_fail()?.map(Minutes::try_from).transpose()
}

/// Adds what an act made, and says whether nobody else made that version before.
pub async fn insert(writer: &Writer, id: Uuid, minutes: &Minutes) -> Result<bool, Error> {
    let row = ActiveModel {
        id: Set(id),
        minutes_id: Set(minutes.id.uuid()),
        meeting_id: Set(minutes.meeting.uuid()),
        version: Set(minutes.version),
        revision: Set(minutes.revision),
        status: Set(minutes.status.to_string()),
        language: Set(minutes.content.language.as_ref().map(|tag| tag.as_str().to_owned())),
        text: Set(minutes.content.text.clone()),
        summary_public: Set(minutes.content.summary_public.clone()),
        decisions: Set(json::encode(&minutes.content.decisions)?),
        adopted_at: Set(minutes.adopted_at),
        user_id: Set(minutes.by.user.map(Id::uuid)),
        organisation_id: Set(minutes.by.organisation.map(Id::uuid)),
        at: Set(minutes.by.at),
    };
    let taken = OnConflict::columns([Column::MeetingId, Column::Version]).do_nothing().to_owned();
    match Entity::insert(row).on_conflict(taken).exec_without_returning(&writer.exec()).await {
        Ok(rows) => Ok(rows == 1),
        Err(sea_orm::DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(crate::error::from_db(error)),
    }
}
