//! Texts that a body's officers begin a contact with: read by who acts for the body.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{ExprTrait, LikeExpr},
};
use tertulia_domain::{
    Error,
    engagement::contact_template::{ContactTemplate, Said, TemplateFilter},
    id::{ContactTemplateId, Id, OrganisationId},
    page::{Page, PageRequest, Position},
    policy::ContactSight,
    text::LanguageTag,
    time::Instant,
};

use crate::{
    directory::row,
    error::OrFail,
    json::{decode, encode},
    keyset::{self, Key, Sort, instant_key},
    portable::HeldRows,
    record::revision,
    store::{Executes, Session, Writer},
};

const TABLE: &str = "contact_template";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_template")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) electoral_body_id: Uuid,
    pub(crate) name: String,
    pub(crate) kinds: String,
    pub(crate) instrument_id: Option<Uuid>,
    pub(crate) language: String,
    pub(crate) subject: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) archived_at: Option<DateTimeUtc>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for ContactTemplate {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: Id::new(row.id),
            electoral_body: Id::new(row.electoral_body_id),
            said: Said {
                name: row.name,
                kinds: decode(&row.kinds, TABLE, "kinds")?,
                instrument: row.instrument_id.map(Id::new),
                language: row::read(LanguageTag::parse(&row.language), TABLE, "language", &row.language)?,
                subject: row.subject,
                description: row.description,
            },
            archived_at: row.archived_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

fn row_of(template: &ContactTemplate) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        id: Set(template.id.uuid()),
        electoral_body_id: Set(template.electoral_body.uuid()),
        name: Set(template.said.name.clone()),
        kinds: Set(encode(&template.said.kinds)?),
        instrument_id: Set(template.said.instrument.map(Id::uuid)),
        language: Set(template.said.language.as_str().to_owned()),
        subject: Set(template.said.subject.clone()),
        description: Set(template.said.description.clone()),
        archived_at: Set(template.archived_at),
        created_at: Set(template.created_at),
        updated_at: Set(template.updated_at),
        version: Set(template.version),
    })
}

/// The templates of the bodies for which a caller acts.
fn seen(sight: &ContactSight) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    Condition::all().add(Column::ElectoralBodyId.is_in(sight.bodies().iter().map(|body| body.uuid())))
}

/// Those of the templates that the caller may read.
pub async fn find_many(session: &dyn Session, sight: &ContactSight, ids: &[ContactTemplateId]) -> Result<Vec<ContactTemplate>, Error> {
    row::read_all(session, Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).filter(seen(sight))).await
}

/// The template, if the caller may read it, held so that nobody else changes it before this transaction ends.
pub async fn hold(writer: &Writer, sight: &ContactSight, id: ContactTemplateId) -> Result<Option<ContactTemplate>, Error> {
    row::read_one(writer, Entity::find_by_id(id.uuid()).filter(seen(sight)).held()).await
}

fn listed(sight: &ContactSight, filter: &TemplateFilter) -> Select<Entity> {
    let archived = if filter.archived { Column::ArchivedAt.is_not_null() } else { Column::ArchivedAt.is_null() };
    let of_kind = filter.kind.map(|kind| Column::Kinds.eq("[]").or(row::json_holds(Column::Kinds, kind.as_str())));
    let on = filter.instrument.map(|one| Column::InstrumentId.is_null().or(Column::InstrumentId.eq(one.uuid())));
    let language = filter.language.as_ref().map(|tag| {
        let primary = tag.primary();
        Column::Language.eq(primary).or(Column::Language.like(LikeExpr::new(format!("{primary}-%"))))
    });
    let narrowed = Condition::all()
        .add(seen(sight))
        .add(archived)
        .add_option(filter.electoral_body.map(|body| Column::ElectoralBodyId.eq(body.uuid())))
        .add_option(of_kind)
        .add_option(on)
        .add_option(language);
    Entity::find().filter(narrowed)
}

/// A page of the templates that the caller may read and the filter leaves, the last written first.
pub async fn list(
    session: &dyn Session,
    sight: &ContactSight,
    filter: &TemplateFilter,
    page: &PageRequest,
) -> Result<Page<ContactTemplate>, Error> {
    let sort = Sort { key: Column::CreatedAt, kind: Key::Instant, id: Column::Id, descending: true };
    let position = |row: &Model| Position { key: instant_key(row.created_at), id: row.id };
    keyset::page(session, listed(sight, filter), sort, page, position).await?.try_map(ContactTemplate::try_from)
}

/// How many [`list`] would give in all.
pub async fn count(session: &dyn Session, sight: &ContactSight, filter: &TemplateFilter) -> Result<u64, Error> {
    listed(sight, filter).count(&session.exec()).await.or_fail()
}

/// How many templates of a body are in use, while nobody else adds one before this transaction ends.
pub async fn hold_count(writer: &Writer, body: OrganisationId) -> Result<u64, Error> {
    use crate::directory::organisation::{Column as Of, Entity as Bodies};
    let own = Bodies::find().select_only().column(Of::Id).filter(Of::Id.eq(body.uuid())).held();
    own.into_tuple::<Uuid>().one(&writer.exec()).await.or_fail()?;
    let in_use = Entity::find().filter(Column::ElectoralBodyId.eq(body.uuid())).filter(Column::ArchivedAt.is_null());
    in_use.count(&writer.exec()).await.or_fail()
}

/// Keeps a new template.
pub async fn insert(writer: &Writer, template: &ContactTemplate) -> Result<(), Error> {
    row::insert(writer, row_of(template)?).await
}

/// Keeps a changed template.
pub async fn update(writer: &Writer, template: &ContactTemplate) -> Result<(), Error> {
    row::update(writer, row_of(template)?, (Column::Id, template.id.uuid()), (Column::Version, template.version)).await
}

/// Templates that were put away before a moment, the first put away first.
fn overdue(before: Instant, most: u64) -> Select<Entity> {
    Entity::find().select_only().column(Column::Id).filter(Column::ArchivedAt.lt(before)).order_by_asc(Column::ArchivedAt).limit(most)
}

/// Whether there is a template whose time is over.
pub async fn is_due(session: &dyn Session, before: Instant) -> Result<bool, Error> {
    Ok(overdue(before, 1).into_tuple::<Uuid>().one(&session.exec()).await.or_fail()?.is_some())
}

/// Removes some of the templates whose time is over, with what their edits replaced; answers which.
pub async fn purge(writer: &Writer, before: Instant, most: u64) -> Result<Vec<ContactTemplateId>, Error> {
    let ids: Vec<Uuid> = overdue(before, most).free().into_tuple().all(&writer.exec()).await.or_fail()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    revision::delete_of(writer, &ids).await?;
    Entity::delete_many().filter(Column::Id.is_in(ids.clone())).exec(&writer.exec()).await.or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}
