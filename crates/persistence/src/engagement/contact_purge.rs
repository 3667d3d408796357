//! Contacts whose time to be kept is over: removed with all that belongs to them. Whose they were remains, so that copies go too.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select,
    entity::prelude::*,
    sea_query::{Alias, Condition, Expr, ExprTrait, Query},
};
use tertulia_domain::{
    Error,
    engagement::vocabulary::{Kind, Visibility},
    id::{ContactId, Id, OrganisationId},
    policy::ContactSight,
    time::Instant,
};

use super::{
    attachment,
    contact_query::covered_by,
    contact_row::{Column as Contact, Entity as Contacts, Model as Row},
    file, incident_purge,
};
use crate::{
    error::OrFail,
    portable::HeldRows,
    store::{Executes, Session, Writer},
};

/// The tables whose rows belong to a contact, by their column `contact_id`.
const PARTS: [&str; 10] = [
    "attachment",
    "comment",
    "contact_import_row",
    "content_item",
    "fact",
    "incident_contact",
    "later_notice",
    "lost_sight",
    "mandated_fact",
    "target_notice",
];

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "purged_contact")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) contact_id: Uuid,
    pub(crate) owner_id: Uuid,
    pub(crate) electoral_body_id: Uuid,
    /// None if the contact was never shared with its platform.
    pub(crate) platform_id: Option<Uuid>,
    pub(crate) platform_service_id: Option<Uuid>,
    pub(crate) country_code: Option<String>,
    pub(crate) head_seq: Option<i64>,
    pub(crate) head_hash: Option<String>,
    pub(crate) purged_at: DateTimeUtc,
    pub(crate) sent_at: Option<DateTimeUtc>,
    /// Who read it; none of what was removed before that was noted: its parties.
    pub(crate) told: Option<String>,
    /// The persons who read it, where these alone did.
    pub(crate) named_readers: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Before which moment the last change of a contact lies whose time is over; none where such contacts are kept for good.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Of what was never sent.
    pub unsent: Option<Instant>,
    /// Of what was closed.
    pub closed: Option<Instant>,
    /// Of legal notices and orders that were closed.
    pub legal: Option<Instant>,
}

fn over(limits: &Limits) -> Condition {
    let legal = Contact::Kind.is_in([Kind::LegalNotice.as_str(), Kind::LegalOrder.as_str()]);
    let closed = |before: Instant| Contact::ClosedAt.lt(before).and(Contact::SentAt.is_not_null()).and(Contact::UpdatedAt.lt(before));
    let mut any = Condition::any();
    if let Some(before) = limits.unsent {
        any = any.add(Contact::SentAt.is_null().and(Contact::UpdatedAt.lt(before)));
    }
    if let Some(before) = limits.closed {
        any = any.add(closed(before).and(legal.clone().not()));
    }
    if let Some(before) = limits.legal {
        any = any.add(closed(before).and(legal));
    }
    any
}

fn overdue(limits: &Limits, most: u64) -> Select<Contacts> {
    Contacts::find().filter(over(limits)).limit(most)
}

/// Whether there is a contact whose time is over.
pub async fn is_due(session: &dyn Session, limits: &Limits) -> Result<bool, Error> {
    let found = overdue(limits, 1).select_only().column(Contact::Id).into_tuple::<Uuid>().one(&session.exec()).await.or_fail()?;
    Ok(found.is_some())
}

/// Removes some of the contacts whose time is over, with all that belongs to them; answers which.
pub async fn purge(writer: &Writer, limits: &Limits, most: u64, at: Instant) -> Result<Vec<ContactId>, Error> {
    let rows: Vec<Row> = overdue(limits, most).free().all(&writer.exec()).await.or_fail()?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let files = attachment::files_of(writer, &ids).await?;
    incident_purge::wake_of(writer, &ids).await?;
    for part in PARTS {
        let delete = Query::delete().from_table(Alias::new(part)).and_where(Expr::col(Alias::new("contact_id")).is_in(ids.clone())).take();
        writer.exec().execute(&delete).await.or_fail()?;
    }
    file::delete_left(writer, files).await?;
    Contacts::delete_many().filter(Contact::Id.is_in(ids.clone())).exec(&writer.exec()).await.or_fail()?;
    Entity::insert_many(rows.iter().map(|row| remains(row, at))).exec_without_returning(&writer.exec()).await.or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Both parties read it, and the coordinator.
const PARTIES: &str = "PARTIES";
/// Its owner alone.
const OWNER: &str = "OWNER";
/// Named persons.
const NAMED: &str = "NAMED";

fn remains(row: &Row, at: Instant) -> ActiveModel {
    let was_shared = row.shared_at.is_some() && row.visibility == Visibility::Parties.as_str();
    let is_named = row.visibility == Visibility::Named.as_str();
    let told = if is_named {
        NAMED
    } else if was_shared {
        PARTIES
    } else {
        OWNER
    };
    ActiveModel {
        contact_id: Set(row.id),
        owner_id: Set(row.owner_id),
        electoral_body_id: Set(row.electoral_body_id),
        platform_id: Set(row.platform_id.filter(|platform| was_shared || row.owner_id == *platform)),
        platform_service_id: Set(row.platform_service_id),
        country_code: Set(row.country_code.clone()),
        head_seq: Set(row.head_seq),
        head_hash: Set(row.head_hash.clone()),
        purged_at: Set(at),
        sent_at: Set(row.sent_at),
        told: Set(Some(told.to_owned())),
        named_readers: Set(is_named.then(|| row.named_readers.clone())),
    }
}

/// The contacts that the caller could read and that were removed after `since`.
pub async fn purged_since(session: &dyn Session, sight: &ContactSight, since: Instant) -> Result<Vec<ContactId>, Error> {
    let bodies = sight.bodies().iter().map(|body| body.uuid());
    let by_parties = || Condition::any().add(Column::Told.is_null()).add(Column::Told.eq(PARTIES));
    let own = Column::Told.eq(OWNER).and(Expr::col(Column::OwnerId).eq(Expr::col(Column::ElectoralBodyId)));
    let mut whose = Condition::any().add(Condition::all().add(Column::ElectoralBodyId.is_in(bodies)).add(by_parties().add(own)));
    for platform in sight.platforms() {
        let covered = covered_by(platform, Column::PlatformId, Column::CountryCode, Column::PlatformServiceId);
        whose = whose.add(Condition::all().add(covered).add(by_parties().add(Column::Told.eq(OWNER))));
    }
    if sight.shared() {
        whose = whose.add(Condition::all().add(Column::PlatformId.is_not_null()).add(by_parties()));
    }
    if let Some(user) = sight.user() {
        whose = whose.add(Column::NamedReaders.contains(user.to_string()));
    }
    let query = Entity::find().select_only().column(Column::ContactId).filter(whose).filter(Column::PurgedAt.gt(since));
    let ids: Vec<Uuid> = query.into_tuple().all(&session.exec()).await.or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Whether contacts with these platforms that were sent in a period were removed, so that what is left does not tell how many there were. Of
/// what was removed before the moment of sending was kept it is said of all that can have been of the period.
pub async fn has_removed(session: &dyn Session, platforms: &[OrganisationId], (from, to): (Instant, Instant)) -> Result<bool, Error> {
    let unknown = Column::Told.is_null().and(Column::HeadSeq.is_not_null()).and(Column::PurgedAt.gte(from));
    let known = Column::SentAt.gte(from).and(Column::SentAt.lt(to));
    let of_platforms = Column::PlatformId.is_in(platforms.iter().map(|id| id.uuid()));
    let left_out = Column::PlatformId.is_null();
    let found = Entity::find()
        .select_only()
        .column(Column::ContactId)
        .filter(Condition::any().add(of_platforms).add(left_out))
        .filter(Condition::any().add(known).add(unknown))
        .limit(1);
    Ok(found.into_tuple::<Uuid>().one(&session.exec()).await.or_fail()?.is_some())
}
