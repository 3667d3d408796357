//! Incidents: found, listed and counted through the reader's sight. Which contacts belong to one stands in `incident_contact`.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, SelectStatement},
};
use tertulia_domain::{
    Error,
    directory::entry::Entry,
    engagement::incident::{Incident, IncidentEntry, IncidentFields, IncidentFilter, IncidentOrder, IncidentState, IncidentStatus},
    id::{Id, IncidentId, OrganisationId},
    page::{Page, PageRequest, Position},
    policy::ContactSight,
    text::LanguageTag,
    time::Instant,
};

use crate::{
    directory::row,
    error::{OrFail, decoded},
    json::{decode, encode},
    keyset::{self, Key, Sort, instant_key},
    portable::{HeldRows, holds_words},
    store::{Executes, Session, Writer},
};

const TABLE: &str = "incident";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) electoral_body_id: Uuid,
    pub(crate) title: String,
    pub(crate) summary: Option<String>,
    pub(crate) search_text: String,
    pub(crate) election_id: Option<Uuid>,
    pub(crate) issue_types: String,
    pub(crate) techniques: String,
    pub(crate) languages: String,
    pub(crate) first_seen_at: Option<DateTimeUtc>,
    pub(crate) status: String,
    pub(crate) closed_at: Option<DateTimeUtc>,
    pub(crate) closed_reason: Option<String>,
    pub(crate) generated: bool,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i64,
    /// Since when it waits for its last contact to go, as its time to be kept is over; each edit makes an end of that.
    pub(crate) waits_since: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The bodies beside the owner that take part in an incident.
pub(super) mod share {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "incident_share")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) incident_id: Uuid,
        pub(crate) organisation_id: Uuid,
        pub(crate) shared_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TryFrom<Model> for Incident {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let languages: Vec<LanguageTag> = decode(&row.languages, TABLE, "languages")?;
        let fields = IncidentFields {
            electoral_body: Id::new(row.electoral_body_id),
            title: row.title,
            summary: row.summary,
            election: row.election_id.map(Id::new),
            issue_types: decode(&row.issue_types, TABLE, "issue_types")?,
            techniques: decode(&row.techniques, TABLE, "techniques")?,
            languages,
            first_seen_at: row.first_seen_at,
        };
        let status = decoded(IncidentStatus::parse(&row.status), TABLE, "status", &row.status)?;
        let state = IncidentState { status, closed_at: row.closed_at, closed_reason: row.closed_reason };
        Ok(Entry {
            id: Id::new(row.id),
            key: None,
            version: row.version,
            fields: IncidentEntry { fields, state },
            generated: row.generated,
            edited_at: None,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn active(entry: &Incident) -> Result<ActiveModel, Error> {
    let IncidentEntry { fields, state } = &entry.fields;
    Ok(ActiveModel {
        id: Set(entry.id.uuid()),
        electoral_body_id: Set(fields.electoral_body.uuid()),
        title: Set(fields.title.clone()),
        summary: Set(fields.summary.clone()),
        search_text: Set(fields.search_text()),
        election_id: Set(fields.election.map(Id::uuid)),
        issue_types: Set(encode(&fields.issue_types)?),
        techniques: Set(encode(&fields.techniques)?),
        languages: Set(encode(&fields.languages)?),
        first_seen_at: Set(fields.first_seen_at),
        status: Set(state.status.to_string()),
        closed_at: Set(state.closed_at),
        closed_reason: Set(state.closed_reason.clone()),
        generated: Set(entry.generated),
        created_at: Set(entry.created_at),
        updated_at: Set(entry.updated_at),
        version: Set(entry.version),
        waits_since: Set(None),
    })
}

/// The incidents that a caller may read: those that one of his bodies owns or takes part in.
pub(super) fn seen(sight: &ContactSight) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    let bodies: Vec<Uuid> = sight.bodies().iter().map(|body| body.uuid()).collect();
    if bodies.is_empty() {
        return Condition::all().add(Expr::val(1).eq(0));
    }
    let owns = Column::ElectoralBodyId.is_in(bodies.clone());
    Condition::any().add(owns).add(Column::Id.in_subquery(shared_with(&bodies)))
}

/// The incidents in which one of these bodies takes part, as ids.
fn shared_with(bodies: &[Uuid]) -> SelectStatement {
    let shared = share::Entity::find().select_only().column(share::Column::IncidentId);
    shared.filter(share::Column::OrganisationId.is_in(bodies.iter().copied())).into_query()
}

/// The ids of the incidents that a caller may read.
pub(super) fn ids_seen(sight: &ContactSight) -> SelectStatement {
    Entity::find().select_only().column(Column::Id).filter(seen(sight)).into_query()
}

/// The incident, if the caller may read it.
pub async fn find(session: &dyn Session, sight: &ContactSight, id: IncidentId) -> Result<Option<Incident>, Error> {
    row::read_one(session, Entity::find_by_id(id.uuid()).filter(seen(sight))).await
}

/// The same, held so that nobody else changes it before this transaction ends. On SQLite there is one writer anyway.
pub async fn hold(writer: &Writer, sight: &ContactSight, id: IncidentId) -> Result<Option<Incident>, Error> {
    row::read_one(writer, Entity::find_by_id(id.uuid()).filter(seen(sight)).held()).await
}

/// Holds several, in the order of their ids, so that who needs the same does not wait crosswise.
pub async fn hold_all(writer: &Writer, ids: BTreeSet<IncidentId>) -> Result<(), Error> {
    let those = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.into_iter().map(Id::uuid)));
    those.order_by_asc(Column::Id).held().into_tuple::<Uuid>().all(&writer.exec()).await.or_fail()?;
    Ok(())
}

/// Those of the incidents that the caller may read.
pub async fn find_many(session: &dyn Session, sight: &ContactSight, ids: &[IncidentId]) -> Result<Vec<Incident>, Error> {
    row::read_all(session, Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).filter(seen(sight))).await
}

/// The titles of the incidents that the caller may read and that are not closed, the last opened `most`.
pub async fn open_titles(session: &dyn Session, sight: &ContactSight, most: u64) -> Result<Vec<(IncidentId, String)>, Error> {
    let open = Entity::find().filter(seen(sight)).filter(Column::Status.ne(IncidentStatus::Closed.as_str()));
    let query = open.select_only().columns([Column::Id, Column::Title]).order_by_desc(Column::CreatedAt).limit(most);
    let rows: Vec<(Uuid, String)> = query.into_tuple().all(&session.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(|(id, title)| (Id::new(id), title)).collect())
}

fn filtered(sight: &ContactSight, filter: &IncidentFilter) -> Select<Entity> {
    let statuses: Vec<&str> = filter.statuses.iter().map(|status| status.as_str()).collect();
    let issues =
        filter.issue_types.iter().fold(Condition::any(), |any, issue| any.add(row::json_holds(Column::IssueTypes, issue.as_str())));
    let narrowed = Condition::all()
        .add(seen(sight))
        .add_option(filter.electoral_body.map(|id| Column::ElectoralBodyId.eq(id.uuid())))
        .add_option((!statuses.is_empty()).then(|| Column::Status.is_in(statuses)))
        .add_option((!filter.issue_types.is_empty()).then_some(issues))
        .add_option(filter.technique.as_ref().map(|technique| row::json_holds(Column::Techniques, technique.as_str())))
        .add_option(filter.election.map(|id| Column::ElectionId.eq(id.uuid())))
        .add_option(filter.search.as_ref().map(|term| holds_words(&Column::SearchText, term)));
    Entity::find().filter(narrowed)
}

/// A page of the incidents that the caller may read and the filter leaves.
pub async fn list(
    session: &dyn Session,
    sight: &ContactSight,
    filter: &IncidentFilter,
    order: IncidentOrder,
    page: &PageRequest,
) -> Result<Page<Incident>, Error> {
    let by_change = order == IncidentOrder::UpdatedAtDesc;
    let (key, descending) = (if by_change { Column::UpdatedAt } else { Column::CreatedAt }, order != IncidentOrder::OpenedAt);
    let position = |row: &Model| Position { key: instant_key(if by_change { row.updated_at } else { row.created_at }), id: row.id };
    let sort = Sort { key, kind: Key::Instant, id: Column::Id, descending };
    keyset::page(session, filtered(sight, filter), sort, page, position).await?.try_map(Incident::try_from)
}

/// How many incidents the caller may read and the filter leaves.
pub async fn count(session: &dyn Session, sight: &ContactSight, filter: &IncidentFilter) -> Result<u64, Error> {
    filtered(sight, filter).count(&session.exec()).await.or_fail()
}

/// Enters an incident.
pub async fn insert(writer: &Writer, entry: &Incident) -> Result<(), Error> {
    row::insert(writer, active(entry)?).await
}

/// Replaces the incident's version before.
pub async fn update(writer: &Writer, entry: &Incident) -> Result<(), Error> {
    row::update(writer, active(entry)?, (Column::Id, entry.id.uuid()), (Column::Version, entry.version)).await
}

/// The bodies beside their owners that take part in these incidents, which the caller was shown, in the order of coming.
pub async fn shares_of(session: &dyn Session, ids: &[IncidentId]) -> Result<Vec<(IncidentId, OrganisationId)>, Error> {
    let of_these = share::Column::IncidentId.is_in(ids.iter().map(|id| id.uuid()));
    let query = share::Entity::find().filter(of_these).order_by_asc(share::Column::SharedAt).order_by_asc(share::Column::Id);
    let rows = query.all(&session.exec()).await.or_fail()?;
    Ok(rows.into_iter().map(|row| (Id::new(row.incident_id), Id::new(row.organisation_id))).collect())
}

/// Lets a body take part.
pub async fn insert_share(writer: &Writer, id: Uuid, incident: IncidentId, body: OrganisationId, at: Instant) -> Result<(), Error> {
    let (incident_id, organisation_id) = (Set(incident.uuid()), Set(body.uuid()));
    row::insert(writer, share::ActiveModel { id: Set(id), incident_id, organisation_id, shared_at: Set(at) }).await
}

/// Ends that a body takes part; says whether it did.
pub async fn delete_share(writer: &Writer, incident: IncidentId, body: OrganisationId) -> Result<bool, Error> {
    let gone = share::Entity::delete_many()
        .filter(share::Column::IncidentId.eq(incident.uuid()))
        .filter(share::Column::OrganisationId.eq(body.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(gone.rows_affected == 1)
}
