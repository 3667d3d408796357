//! Who takes part in the meetings of a calendar, as far as its reader may see it.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, entity::prelude::*, sea_query::Expr,
};
use tertulia_domain::{
    Error,
    dialogue::{CapacityRole, ParticipationStatus},
    id::{DialogueId, Id, MeetingId, OrganisationId, UserId},
    text::{EmailAddress, LocalizedText},
    time::Instant,
};

use super::{
    participation::{Column, Entity},
    participation_query::{Sights, seen},
    reach,
};
use crate::{
    directory::organisation,
    error::{OrFail, decoded},
    identity::user,
    json,
    store::Session,
};

const TABLE: &str = "participation";

/// Somebody who takes part in a meeting, or was asked to, as a calendar names him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendee {
    /// The meeting.
    pub meeting: MeetingId,
    /// The person, unless the organisation has not named one.
    pub person: Option<Person>,
    /// The organisation for which the person comes.
    pub organisation: OrganisationId,
    /// What it is called.
    pub organisation_names: LocalizedText,
    /// As what.
    pub role: CapacityRole,
    /// How far it has come.
    pub status: ParticipationStatus,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Whether names may be told throughout the meeting.
    pub is_attributed: bool,
}

/// A person who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The user.
    pub id: UserId,
    /// By what name the person goes.
    pub name: String,
    /// The address.
    pub email: EmailAddress,
}

#[derive(FromQueryResult)]
struct Row {
    meeting_id: Uuid,
    user_id: Option<Uuid>,
    name: Option<String>,
    email: Option<String>,
    organisation_id: Uuid,
    names: String,
    role: String,
    status: String,
    updated_at: DateTimeUtc,
    is_attributed: bool,
}

impl TryFrom<Row> for Attendee {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let person = match (row.user_id, row.name, row.email) {
            (Some(id), Some(name), Some(email)) => {
                let email = decoded(EmailAddress::parse(&email).ok(), "user_account", "email", "")?;
                Some(Person { id: Id::new(id), name, email })
            }
            _ => None,
        };
        Ok(Self {
            meeting: Id::new(row.meeting_id),
            person,
            organisation: Id::new(row.organisation_id),
            organisation_names: json::decode(&row.names, "organisation", "names")?,
            role: decoded(CapacityRole::parse(&row.role), TABLE, "role", &row.role)?,
            status: decoded(ParticipationStatus::parse(&row.status), TABLE, "status", &row.status)?,
            updated_at: row.updated_at,
            is_attributed: row.is_attributed,
        })
    }
}

/// Those of all meetings of these dialogues whom the caller sees, in the order in which they came.
pub async fn of_dialogues(session: &dyn Session, sights: Sights<'_>, dialogues: &[DialogueId]) -> Result<Vec<Attendee>, Error> {
    let person: sea_orm::RelationDef = Entity::belongs_to(user::Entity).from(Column::UserId).to(user::Column::Id).into();
    let organisation: sea_orm::RelationDef =
        Entity::belongs_to(organisation::Entity).from(Column::OrganisationId).to(organisation::Column::Id).into();
    let attributed = reach::lets_names_be_told(Column::MeetingId, Column::DialogueId);
    let is_attributed = Expr::case(attributed, Expr::cust("TRUE")).finally(Expr::cust("FALSE"));
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .columns([Column::MeetingId, Column::UserId, Column::OrganisationId, Column::Role, Column::Status, Column::UpdatedAt])
        .columns([user::Column::Name, user::Column::Email])
        .column(organisation::Column::Names)
        .expr_as(is_attributed, "is_attributed")
        .join(JoinType::LeftJoin, person)
        .join(JoinType::InnerJoin, organisation)
        .filter(Column::DialogueId.is_in(dialogues.iter().map(|id| id.uuid())))
        .filter(seen(sights))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .into_model()
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(Attendee::try_from).collect()
}
