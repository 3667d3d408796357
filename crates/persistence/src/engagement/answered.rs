//! Counts over the contact log, without loading a contact: how many were answered in time. All questions of a page go into one
//! statement; each reads a stretch of the index on platform and moment.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, Func, SelectStatement, UnionType},
};
use tertulia_domain::{
    Error,
    engagement::{
        answered::{Answer, Answered, Question},
        vocabulary::{Direction, Status, Visibility},
    },
    id::OrganisationId,
    time::Instant,
};

use super::{
    contact_row::{Column, Entity},
    mandated_fact,
};
use crate::{error::OrFail, portable, store::Session};

/// What the log answers to each of these questions, in their order. `own` are the bodies for which the reader acts.
pub async fn count(
    session: &dyn Session,
    questions: &[Question],
    own: &BTreeSet<OrganisationId>,
    now: Instant,
) -> Result<Vec<Answered>, Error> {
    let on = session.exec();
    let backend = on.get_database_backend();
    let mut selects = questions.iter().enumerate().map(|(place, question)| {
        let in_time = portable::within(answer(question.answer), Column::SentAt, question.minutes, backend);
        counted(place, question, in_time, own, now)
    });
    let Some(mut all) = selects.next() else { return Ok(Vec::new()) };
    for select in selects {
        all.union(UnionType::All, select);
    }
    let mut answers = vec![Answered::default(); questions.len()];
    for row in on.query_all(&all).await.or_fail()? {
        let place: i32 = row.try_get("", "place").or_fail()?;
        let number = |name: &str| row.try_get::<i64>("", name).or_fail();
        if let Some(answer) = usize::try_from(place).ok().and_then(|place| answers.get_mut(place)) {
            *answer =
                Answered { contacts: number("contacts")?, bodies: number("bodies")?, in_time: number("in_time")?, own: number("own")? };
        }
    }
    Ok(answers)
}

/// The moment of an answer.
const fn answer(answer: Answer) -> Column {
    match answer {
        Answer::Acknowledge => Column::AcknowledgedAt,
        Answer::Decide => Column::DecidedAt,
    }
}

fn counted(place: usize, question: &Question, in_time: Expr, own: &BTreeSet<OrganisationId>, now: Instant) -> SelectStatement {
    let how_many = |holds: Expr| {
        let one: Expr = Expr::case(holds, Expr::cust("1")).into();
        Expr::expr(Func::count(one))
    };
    let of_own = Column::ElectoralBodyId.is_in(own.iter().map(|id| id.uuid()));
    Entity::find()
        .select_only()
        .expr_as(Expr::cust(place.to_string()), "place")
        .expr_as(Column::Id.count(), "contacts")
        .expr_as(Func::count_distinct(Expr::col(Column::ElectoralBodyId)), "bodies")
        .expr_as(how_many(in_time), "in_time")
        .expr_as(how_many(of_own), "own")
        .filter(asked(question, now))
        .into_query()
}

/// The contacts that a question is about. Those between both sides only: what a body keeps to itself enters no number.
fn asked(question: &Question, now: Instant) -> Condition {
    let over = now - chrono::TimeDelta::minutes(question.minutes);
    Condition::all()
        .add(Column::PlatformId.eq(question.platform.uuid()))
        .add(Column::ListedAt.gte(question.from))
        .add(Column::ListedAt.lt(question.to))
        .add(Column::SentAt.lte(over))
        .add(Column::Direction.eq(Direction::EbToPlatform.as_str()))
        .add(Column::Visibility.eq(Visibility::Parties.as_str()))
        .add(Column::Status.ne(Status::Withdrawn.as_str()))
        .add(Column::Generated.eq(question.generated))
        .add(mandated_fact::all_confirmed())
        .add(Column::Kind.is_in(question.kinds.iter().map(|kind| kind.as_str())))
        .add_option(
            (!question.urgencies.is_empty()).then(|| Column::Urgency.is_in(question.urgencies.iter().map(|urgency| urgency.as_str()))),
        )
        .add_option(question.country.map(|country| Column::CountryCode.eq(country.as_str())))
}
