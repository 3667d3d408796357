//! What contacts show of the channels they took: counted in one statement, and kept once a week as far as everybody may be told.

use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryResult, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Alias, Expr, ExprTrait, Func, OnConflict, Query, SelectStatement, SimpleExpr, WindowStatement},
};
use tertulia_domain::{
    Error,
    engagement::{
        channel_answers::{Answers, Assessment, IN_VAIN, LOOKED_AT},
        vocabulary::{Direction, Kind, Status, Visibility},
    },
    id::{ChannelId, Id},
    policy::ContactSight,
    time::Instant,
};

use super::{
    contact_query,
    contact_row::{Column as C, Entity as Contacts},
    mandated_fact,
};
use crate::{
    error::OrFail,
    store::{Executes, Session, Writer},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channel_assessment")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) channel_id: Uuid,
    pub(crate) answered_week: Option<Date>,
    pub(crate) stopped: bool,
    pub(crate) assessed_on: Date,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// What the caller's own contacts show of these channels, or of every channel; of one without any, nothing.
pub async fn own(session: &dyn Session, sight: &ContactSight, channels: Option<&[ChannelId]>, now: Instant) -> Result<Vec<Answers>, Error> {
    if sight.bodies().is_empty() && sight.platforms().is_empty() {
        return Ok(Vec::new());
    }
    let named = channels.map(|ids| C::ChannelId.is_in(ids.iter().map(|id| id.uuid())));
    counted(session, contact_query::own(sight).add_option(named), now).await
}

/// What the contacts of all bodies show of every channel: those that they shared with the platform.
pub async fn of_all(session: &dyn Session, now: Instant) -> Result<Vec<Answers>, Error> {
    counted(session, Condition::all().add(C::Visibility.eq(Visibility::Parties.as_str())), now).await
}

/// The contacts are read once: of each is told which one of its channel's was the last to be answered, and then they are counted.
async fn counted(session: &dyn Session, whose: Condition, now: Instant) -> Result<Vec<Answers>, Error> {
    let contacts = looked_at(whose, now);
    let of = |name: &'static str| Expr::col(Alias::new(name));
    let waits = || of("last_sent_at").is_null().or(of("sent_at").gt(of("last_sent_at")));
    let bodies_if = |holds: SimpleExpr| {
        let body: Expr = Expr::case(holds, of("electoral_body_id")).into();
        Expr::expr(Func::count_distinct(body))
    };
    let one_if = |holds: SimpleExpr| {
        let one: Expr = Expr::case(holds, Expr::cust("1")).into();
        Expr::expr(Func::count(one))
    };
    let answered = || of("acknowledged_at").is_not_null();
    let query = Query::select()
        .column(Alias::new("channel_id"))
        .expr_as(Func::max(of("acknowledged_at")), Alias::new("acknowledged_at"))
        .expr_as(Func::max(of("decided_at")), Alias::new("decided_at"))
        .expr_as(one_if(answered()), Alias::new("answered"))
        .expr_as(bodies_if(answered()), Alias::new("answered_bodies"))
        .expr_as(one_if(waits()), Alias::new("waiting"))
        .expr_as(bodies_if(waits()), Alias::new("waiting_bodies"))
        .from_subquery(contacts, Alias::new("looked_at"))
        .group_by_col(Alias::new("channel_id"))
        .take();
    session.exec().query_all(&query).await.or_fail()?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<Answers, Error> {
    let number = |name: &str| row.try_get::<i64>("", name).or_fail();
    let moment = |name: &str| row.try_get::<Option<Instant>>("", name).or_fail();
    Ok(Answers {
        channel: Id::new(row.try_get("", "channel_id").or_fail()?),
        last_answered_at: Ord::max(moment("acknowledged_at")?, moment("decided_at")?),
        answered: number("answered")?,
        answered_bodies: number("answered_bodies")?,
        waiting: number("waiting")?,
        waiting_bodies: number("waiting_bodies")?,
    })
}

/// The contacts that were answered or have waited in vain, each with when the last answered one of its channel was sent. Generated
/// ones count for generated channels, and real ones for real channels.
fn looked_at(whose: Condition, now: Instant) -> SelectStatement {
    let expecting = Kind::ALL.iter().filter(|kind| kind.expects_answer()).map(|kind| kind.as_str());
    let over = Condition::any().add(C::AcknowledgedAt.is_not_null()).add(C::SentAt.lte(now - IN_VAIN));
    let channel = |column: &'static str| Expr::col((Alias::new("channel"), Alias::new(column)));
    let alike = Query::select()
        .expr(Expr::cust("1"))
        .from(Alias::new("channel"))
        .and_where(channel("id").equals((Contacts, C::ChannelId)))
        .and_where(channel("generated").equals((Contacts, C::Generated)))
        .take();
    let sent_if_answered: Expr = Expr::case(C::AcknowledgedAt.is_not_null(), C::SentAt.into_expr()).into();
    let mut contacts = Contacts::find()
        .select_only()
        .column(C::ChannelId)
        .column(C::ElectoralBodyId)
        .column(C::SentAt)
        .column(C::AcknowledgedAt)
        .column(C::DecidedAt)
        .filter(C::ChannelId.is_not_null())
        .filter(C::SentAt.gte(now - LOOKED_AT))
        .filter(C::Direction.eq(Direction::EbToPlatform.as_str()))
        .filter(C::Status.ne(Status::Withdrawn.as_str()))
        .filter(C::Kind.is_in(expecting))
        .filter(over)
        .filter(Expr::exists(alike))
        .filter(mandated_fact::all_confirmed())
        .filter(whose)
        .into_query();
    let of_channel = WindowStatement::partition_by((Contacts, C::ChannelId));
    contacts.expr_window_as(Func::max(sent_if_answered), of_channel, Alias::new("last_sent_at"));
    contacts
}

/// What was kept of these channels.
pub async fn assessments_of(session: &dyn Session, channels: &[ChannelId]) -> Result<Vec<Assessment>, Error> {
    let rows = Entity::find().filter(Column::ChannelId.is_in(channels.iter().map(|id| id.uuid()))).all(&session.exec()).await.or_fail()?;
    let read = |row: Model| Assessment { channel: Id::new(row.channel_id), answered_week: row.answered_week, stopped: row.stopped };
    Ok(rows.into_iter().map(read).collect())
}

/// The channels over which answers have stopped, as was kept.
pub async fn stopped(session: &dyn Session) -> Result<Vec<ChannelId>, Error> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::ChannelId)
        .filter(Column::Stopped.eq(true))
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Whether channels were assessed on or after this day.
pub async fn is_assessed(session: &dyn Session, since: NaiveDate) -> Result<bool, Error> {
    let one = Entity::find().select_only().column(Column::ChannelId).filter(Column::AssessedOn.gte(since)).limit(1);
    Ok(one.into_tuple::<Uuid>().one(&session.exec()).await.or_fail()?.is_some())
}

/// Keeps what everybody may be told, in the place of what was kept before.
pub async fn put(writer: &Writer, assessments: &[Assessment], on: NaiveDate) -> Result<(), Error> {
    let rows = assessments.iter().map(|one| ActiveModel {
        channel_id: Set(one.channel.uuid()),
        answered_week: Set(one.answered_week),
        stopped: Set(one.stopped),
        assessed_on: Set(on),
    });
    let anew = OnConflict::column(Column::ChannelId).update_columns([Column::AnsweredWeek, Column::Stopped, Column::AssessedOn]).to_owned();
    Entity::insert_many(rows).on_conflict(anew).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}
