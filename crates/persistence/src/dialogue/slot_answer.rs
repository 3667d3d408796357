//! What people answer to polls: one answer a person and poll, replaced by the next.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*, sea_query::OnConflict};
use tertulia_domain::{
    Error,
    dialogue::slot_poll::PollAnswer,
    id::{Id, SlotPollId},
};

use crate::{
    error::OrFail,
    json,
    store::{Executes, Session, Writer},
};

const TABLE: &str = "slot_answer";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "slot_answer")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) poll_id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) organisation_id: Uuid,
    pub(crate) answers: String,
    pub(crate) answered_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for PollAnswer {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            poll: Id::new(row.poll_id),
            person: Id::new(row.user_id),
            organisation: Id::new(row.organisation_id),
            answers: json::decode(&row.answers, TABLE, "answers")?,
            answered_at: row.answered_at,
        })
    }
}

/// Every answer to these polls, oldest first. Which of them a caller is shown is decided with each.
pub async fn find_many(session: &dyn Session, polls: &[SlotPollId]) -> Result<Vec<PollAnswer>, Error> {
    let rows = Entity::find()
        .filter(Column::PollId.is_in(polls.iter().map(|id| id.uuid())))
        .order_by_asc(Column::AnsweredAt)
        .order_by_asc(Column::Id)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(PollAnswer::try_from).collect()
}

/// Keeps an answer in place of the person's one before; `id` is the row's if it is the first.
pub async fn put(writer: &Writer, id: Uuid, answer: &PollAnswer) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(id),
        poll_id: Set(answer.poll.uuid()),
        user_id: Set(answer.person.uuid()),
        organisation_id: Set(answer.organisation.uuid()),
        answers: Set(json::encode(&answer.answers)?),
        answered_at: Set(answer.answered_at),
    };
    let again = OnConflict::columns([Column::PollId, Column::UserId])
        .update_columns([Column::OrganisationId, Column::Answers, Column::AnsweredAt])
        .to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(())
}
