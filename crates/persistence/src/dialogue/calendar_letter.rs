//! Letters that bring an entry for a calendar: to whom they go, and who was written to about what.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, IntoCondition},
};
use tertulia_domain::{
    Error,
    id::{AnyId, Id, OrganisationId, UserId},
    policy::Role,
    text::EmailAddress,
    time::Instant,
};

use crate::{
    error::{OrFail, decoded},
    identity::{membership, organisation_lock, user},
    store::{Executes, Session, Writer},
};

/// Rows of one insert: SQLite takes 32,766 values a statement.
const BATCH: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_letter")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) subject_id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) sequence: i64,
    pub(crate) created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Somebody to write to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The user.
    pub user: UserId,
    /// The address.
    pub email: EmailAddress,
    /// The party for which the letter goes to them; the first, if there are several.
    pub organisation: OrganisationId,
}

#[derive(FromQueryResult)]
struct Row {
    user_id: Uuid,
    email: String,
    organisation_id: Uuid,
}

/// Everybody who can sign in and belongs to one of these organisations as more than an auditor, each once; nobody of one that is locked.
pub async fn recipients(session: &dyn Session, organisations: &[OrganisationId]) -> Result<Vec<Recipient>, Error> {
    let join = membership::Entity::belongs_to(user::Entity)
        .from(membership::Column::UserId)
        .to(user::Column::Id)
        .on_condition(|_, right| Expr::col((right, user::Column::PasswordSetAt)).is_not_null().into_condition())
        .into();
    let rows: Vec<Row> = membership::Entity::find()
        .select_only()
        .column(membership::Column::UserId)
        .column(membership::Column::OrganisationId)
        .column(user::Column::Email)
        .join(JoinType::InnerJoin, join)
        .filter(membership::Column::OrganisationId.is_in(organisations.iter().map(|id| id.uuid())))
        .filter(membership::Column::EndedAt.is_null())
        .filter(membership::Column::Role.ne(Role::Auditor.as_str()))
        .filter(organisation_lock::is_open((membership::Entity, membership::Column::OrganisationId)))
        .order_by_asc(membership::Column::UserId)
        .order_by_asc(membership::Column::GrantedAt)
        .order_by_asc(membership::Column::Id)
        .into_model()
        .all(&session.exec())
        .await
        .or_fail()?;
    let mut found: Vec<Recipient> = Vec::new();
    for row in rows {
        if found.last().is_none_or(|last| last.user.uuid() != row.user_id) {
            let email = decoded(EmailAddress::parse(&row.email).ok(), "user_account", "email", "")?;
            found.push(Recipient { user: Id::new(row.user_id), email, organisation: Id::new(row.organisation_id) });
        }
    }
    Ok(found)
}

/// Who was written to about this state of a dialogue or a meeting.
pub async fn told(session: &dyn Session, subject: AnyId, sequence: i64) -> Result<BTreeSet<UserId>, Error> {
    let told = Entity::find().filter(Column::SubjectId.eq(subject.uuid())).filter(Column::Sequence.eq(sequence));
    Ok(told.all(&session.exec()).await.or_fail()?.into_iter().map(|row| Id::new(row.user_id)).collect())
}

/// Somebody who was written to about one state of something.
pub type Told = (AnyId, i64, UserId);

/// Notes who is written to about which state; refused by the database for one who was. `ids` gives the rows' ids.
pub async fn note(writer: &Writer, told: &[Told], at: Instant, mut ids: impl FnMut() -> Uuid) -> Result<(), Error> {
    for told in told.chunks(BATCH) {
        let row = |(subject, sequence, user): &Told| ActiveModel {
            id: Set(ids()),
            subject_id: Set(subject.uuid()),
            user_id: Set(user.uuid()),
            sequence: Set(*sequence),
            created_at: Set(at),
        };
        let rows: Vec<ActiveModel> = told.iter().map(row).collect();
        Entity::insert_many(rows).exec_without_returning(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}
