//! Experts. Every read demands the reader's sight and the time: a consent that has ended or was withdrawn hides the row.

use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, entity::prelude::*, sea_query::Query};
use tertulia_domain::{
    Error,
    directory::{
        entry::Entry,
        expert::{Consent, Expert, ExpertEntry, ExpertFields, ExpertFilter, Listing},
    },
    id::{ExpertId, Id, UserId},
    page::{Page, PageRequest, Position},
    policy::DirectorySight,
    text::{EmailAddress, fold},
    time::Instant,
};

use super::row::{self, json_holds, json_holds_language};
use crate::{
    error::{OrFail, decoded},
    json::{decode, encode},
    keyset::{self, Key, Sort},
    portable::holds_words,
    store::{Session, Writer},
};

const TABLE: &str = "expert";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "expert")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) email: Option<String>,
    pub(crate) name: String,
    pub(crate) sort_name: String,
    pub(crate) search_text: String,
    pub(crate) topics_text: String,
    pub(crate) affiliation_id: Option<Uuid>,
    pub(crate) topics: String,
    pub(crate) languages: String,
    pub(crate) regions: String,
    pub(crate) methods: String,
    pub(crate) orcid: Option<String>,
    pub(crate) bio: String,
    pub(crate) availability_notes: Option<String>,
    pub(crate) conflicts_of_interest: Option<String>,
    pub(crate) listed: Option<String>,
    pub(crate) consented_at: Option<DateTimeUtc>,
    pub(crate) consent_until: Option<DateTimeUtc>,
    pub(crate) consent_withdrawn_at: Option<DateTimeUtc>,
    pub(crate) slug: Option<String>,
    pub(crate) generated: bool,
    pub(crate) edited_at: Option<DateTimeUtc>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Expert {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let consent = consent(&row)?;
        let email = row::read_some(row.email.as_deref(), EmailAddress::parse, TABLE, "email")?;
        let fields = ExpertFields {
            name: row.name,
            affiliation: row.affiliation_id.map(Id::new),
            topics: decode(&row.topics, TABLE, "topics")?,
            languages: decode(&row.languages, TABLE, "languages")?,
            regions: decode(&row.regions, TABLE, "regions")?,
            methods: decode(&row.methods, TABLE, "methods")?,
            orcid: row.orcid,
            bio: decode(&row.bio, TABLE, "bio")?,
            availability_notes: row.availability_notes,
            conflicts_of_interest: row.conflicts_of_interest,
        };
        Ok(Entry {
            id: Id::new(row.id),
            key: row.slug,
            version: row.version,
            fields: ExpertEntry { fields, user: row.user_id.map(Id::new), email, consent },
            generated: row.generated,
            edited_at: row.edited_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn consent(row: &Model) -> Result<Option<Consent>, Error> {
    let (Some(listed), Some(given_at), Some(until)) = (&row.listed, row.consented_at, row.consent_until) else { return Ok(None) };
    let listed = decoded(Listing::parse(listed), TABLE, "listed", listed)?;
    Ok(Some(Consent { listed, given_at, until, withdrawn_at: row.consent_withdrawn_at }))
}

fn active(entry: &Expert) -> Result<ActiveModel, Error> {
    let ExpertEntry { fields, user, email, consent } = &entry.fields;
    let topics_text: Vec<String> = fields.topics.iter().map(|topic| fold(topic)).collect();
    Ok(ActiveModel {
        id: Set(entry.id.uuid()),
        user_id: Set(user.map(Id::uuid)),
        email: Set(email.as_ref().map(|email| email.as_str().to_owned())),
        name: Set(fields.name.clone()),
        sort_name: Set(fold(&fields.name)),
        search_text: Set(fields.search_text()),
        topics_text: Set(topics_text.join("\n")),
        affiliation_id: Set(fields.affiliation.map(Id::uuid)),
        topics: Set(encode(&fields.topics)?),
        languages: Set(encode(&fields.languages)?),
        regions: Set(encode(&fields.regions)?),
        methods: Set(encode(&fields.methods)?),
        orcid: Set(fields.orcid.clone()),
        bio: Set(encode(&fields.bio)?),
        availability_notes: Set(fields.availability_notes.clone()),
        conflicts_of_interest: Set(fields.conflicts_of_interest.clone()),
        listed: Set(consent.map(|consent| consent.listed.to_string())),
        consented_at: Set(consent.map(|consent| consent.given_at)),
        consent_until: Set(consent.map(|consent| consent.until)),
        consent_withdrawn_at: Set(consent.and_then(|consent| consent.withdrawn_at)),
        slug: Set(entry.key.clone()),
        generated: Set(entry.generated),
        edited_at: Set(entry.edited_at),
        created_at: Set(entry.created_at),
        updated_at: Set(entry.updated_at),
        version: Set(entry.version),
    })
}

/// What the reader may find now; the same rule as `Consent::listed_at`.
fn seen(sight: &DirectorySight, now: Instant) -> Select<Entity> {
    if sight.everything() {
        return Entity::find();
    }
    let mut to = vec![Listing::Public.as_str()];
    if sight.coalition() {
        to.push(Listing::Coalition.as_str());
    }
    let in_force = Condition::all()
        .add(Column::Listed.is_in(to))
        .add(Column::ConsentedAt.lte(now))
        .add(Column::ConsentUntil.gt(now))
        .add(Condition::any().add(Column::ConsentWithdrawnAt.is_null()).add(Column::ConsentWithdrawnAt.gt(now)));
    let mut visible = Condition::any().add(in_force);
    if let Some(user) = sight.user() {
        visible = visible.add(Column::UserId.eq(user.uuid()));
    }
    Entity::find().filter(visible)
}

/// The expert with this id, if the reader may find it.
pub async fn find(session: &dyn Session, sight: &DirectorySight, now: Instant, id: ExpertId) -> Result<Option<Expert>, Error> {
    seen(sight, now).filter(Column::Id.eq(id.uuid())).one(&session.exec()).await.or_fail()?.map(Expert::try_from).transpose()
}

/// The experts with these ids that the reader may find.
pub async fn find_many(session: &dyn Session, sight: &DirectorySight, now: Instant, ids: &[ExpertId]) -> Result<Vec<Expert>, Error> {
    let ids = ids.iter().map(|id| id.uuid());
    let rows = seen(sight, now).filter(Column::Id.is_in(ids)).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Expert::try_from).collect()
}

/// The expert whose account this is: linked with it, or recorded under its address and not yet linked.
pub async fn find_own(session: &dyn Session, user: UserId) -> Result<Option<Expert>, Error> {
    let address =
        Query::select().column(account::Column::Email).from(account::Entity).and_where(account::Column::Id.eq(user.uuid())).take();
    let unlinked = Condition::all().add(Column::UserId.is_null()).add(Column::Email.in_subquery(address));
    let own = Condition::any().add(Column::UserId.eq(user.uuid())).add(unlinked);
    let rows = Entity::find().filter(own).all(&session.exec()).await.or_fail()?;
    let (linked, unlinked): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.user_id.is_some());
    linked.into_iter().chain(unlinked).next().map(Expert::try_from).transpose()
}

/// Whether an expert is recorded under this address.
pub async fn has_email(session: &dyn Session, email: &EmailAddress) -> Result<bool, Error> {
    Ok(Entity::find().filter(Column::Email.eq(email.as_str())).count(&session.exec()).await.or_fail()? > 0)
}

mod account {
    //! What links an account with an expert, a part of the identity's table.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "user_account")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) email: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

fn filtered(sight: &DirectorySight, now: Instant, filter: &ExpertFilter) -> Select<Entity> {
    let mut query = seen(sight, now);
    if let Some(term) = &filter.search {
        query = query.filter(holds_words(&Column::SearchText.as_column_ref(), term));
    }
    if let Some(topic) = &filter.topic {
        query = query.filter(holds_words(&Column::TopicsText.as_column_ref(), topic));
    }
    if let Some(language) = &filter.language {
        query = query.filter(json_holds_language(Column::Languages, language.primary()));
    }
    if let Some(region) = filter.region {
        query = query.filter(json_holds(Column::Regions, region.as_str()));
    }
    query
}

/// A page of the experts that the reader may find, by name.
pub async fn list(
    session: &dyn Session,
    sight: &DirectorySight,
    now: Instant,
    filter: &ExpertFilter,
    page: &PageRequest,
) -> Result<Page<Expert>, Error> {
    let sort = Sort { key: Column::SortName, kind: Key::Text, id: Column::Id, descending: false };
    let position = |row: &Model| Position { key: row.sort_name.clone(), id: row.id };
    keyset::page(session, filtered(sight, now, filter), sort, page, position).await?.try_map(Expert::try_from)
}

/// How many experts the filter leaves of those that the reader may find.
pub async fn count(session: &dyn Session, sight: &DirectorySight, now: Instant, filter: &ExpertFilter) -> Result<u64, Error> {
    filtered(sight, now, filter).count(&session.exec()).await.or_fail()
}

/// Enters an expert.
pub async fn insert(writer: &Writer, entry: &Expert) -> Result<(), Error> {
    row::insert(writer, active(entry)?).await
}

/// Replaces the expert's version before.
pub async fn update(writer: &Writer, entry: &Expert) -> Result<(), Error> {
    row::update(writer, active(entry)?, (Column::Id, entry.id.uuid()), (Column::Version, entry.version)).await
}
