//! Dialogues. Their parties stand in the row, to be read, and in `dialogue_party`, to be searched by.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait},
};
use tertulia_domain::{
    Error,
    dialogue::{
        Attribution, Dialogue, DialogueFilter, DialogueKind, DialogueStatus, DialogueVisibility, Length, MeetingFormat, Recurrence,
        rule::Rule,
    },
    id::{DialogueId, Id, OrganisationId},
    page::{Page, PageRequest, Position},
    policy::DialogueSight,
    text::WebUrl,
    time::{Instant, zone},
};

use super::party;
use crate::{
    error::{OrFail, decoded},
    json,
    keyset::{self, Key, Sort},
    store::{Executes, Session, Writer},
};

const TABLE: &str = "dialogue";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dialogue")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) slug: Option<String>,
    pub(crate) titles: String,
    pub(crate) sort_title: String,
    pub(crate) purpose: Option<String>,
    pub(crate) kind: String,
    pub(crate) conveners: String,
    pub(crate) members: String,
    pub(crate) local_start: DateTime,
    pub(crate) time_zone: String,
    pub(crate) rule: Option<String>,
    pub(crate) excluded_dates: String,
    pub(crate) additional_dates: String,
    pub(crate) zone_rotation: String,
    pub(crate) duration_minutes: i64,
    pub(crate) format: String,
    pub(crate) visibility: String,
    pub(crate) working_languages: String,
    pub(crate) attribution_default: String,
    pub(crate) join_url: Option<String>,
    pub(crate) venue: Option<String>,
    pub(crate) status: String,
    pub(crate) stretches: String,
    pub(crate) closed_from: Option<DateTime>,
    pub(crate) sequence: i64,
    pub(crate) laid_out_to: Option<DateTimeUtc>,
    pub(crate) generated: bool,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Dialogue {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let rule = row.rule.as_deref().map(|text| decoded(Rule::parse(text).ok(), TABLE, "rule", text)).transpose()?;
        let join_url = row.join_url.as_deref().map(|text| decoded(WebUrl::parse(text).ok(), TABLE, "join_url", "")).transpose()?;
        let rotation: Vec<String> = json::decode(&row.zone_rotation, TABLE, "zone_rotation")?;
        Ok(Self {
            id: Id::new(row.id),
            slug: row.slug,
            title: json::decode(&row.titles, TABLE, "titles")?,
            purpose: row.purpose,
            kind: decoded(DialogueKind::parse(&row.kind), TABLE, "kind", &row.kind)?,
            conveners: json::decode(&row.conveners, TABLE, "conveners")?,
            members: json::decode(&row.members, TABLE, "members")?,
            recurrence: Recurrence {
                local_start: row.local_start,
                zone: decoded(zone(&row.time_zone).ok(), TABLE, "time_zone", &row.time_zone)?,
                rule,
                excluded: json::decode(&row.excluded_dates, TABLE, "excluded_dates")?,
                additional: json::decode(&row.additional_dates, TABLE, "additional_dates")?,
                rotation: rotation.iter().map(|name| decoded(zone(name).ok(), TABLE, "zone_rotation", name)).collect::<Result<_, _>>()?,
            },
            length: Length::of_minutes(row.duration_minutes)?,
            format: decoded(MeetingFormat::parse(&row.format), TABLE, "format", &row.format)?,
            visibility: decoded(DialogueVisibility::parse(&row.visibility), TABLE, "visibility", &row.visibility)?,
            working_languages: json::decode(&row.working_languages, TABLE, "working_languages")?,
            attribution_default: decoded(
                Attribution::parse(&row.attribution_default),
                TABLE,
                "attribution_default",
                &row.attribution_default,
            )?,
            join_url,
            venue: row.venue.as_deref().map(|text| json::decode(text, TABLE, "venue")).transpose()?,
            status: decoded(DialogueStatus::parse(&row.status), TABLE, "status", &row.status)?,
            stretches: json::decode(&row.stretches, TABLE, "stretches")?,
            closed_from: row.closed_from,
            sequence: row.sequence,
            laid_out_to: row.laid_out_to,
            generated: row.generated,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

fn row(dialogue: &Dialogue) -> Result<ActiveModel, Error> {
    let recurrence = &dialogue.recurrence;
    Ok(ActiveModel {
        id: Set(dialogue.id.uuid()),
        slug: Set(dialogue.slug.clone()),
        titles: Set(json::encode(&dialogue.title)?),
        sort_title: Set(dialogue.title.sort_name()),
        purpose: Set(dialogue.purpose.clone()),
        kind: Set(dialogue.kind.to_string()),
        conveners: Set(json::encode(&dialogue.conveners)?),
        members: Set(json::encode(&dialogue.members)?),
        local_start: Set(recurrence.local_start),
        time_zone: Set(recurrence.zone.name().to_owned()),
        rule: Set(recurrence.rule.as_ref().map(ToString::to_string)),
        excluded_dates: Set(json::encode(&recurrence.excluded)?),
        additional_dates: Set(json::encode(&recurrence.additional)?),
        zone_rotation: Set(json::encode(&recurrence.rotation.iter().map(|zone| zone.name()).collect::<Vec<_>>())?),
        duration_minutes: Set(dialogue.length.minutes()),
        format: Set(dialogue.format.to_string()),
        visibility: Set(dialogue.visibility.to_string()),
        working_languages: Set(json::encode(&dialogue.working_languages)?),
        attribution_default: Set(dialogue.attribution_default.to_string()),
        join_url: Set(dialogue.join_url.as_ref().map(|url| url.as_str().to_owned())),
        venue: Set(dialogue.venue.as_ref().map(json::encode).transpose()?),
        status: Set(dialogue.status.to_string()),
        stretches: Set(json::encode(&dialogue.stretches)?),
        closed_from: Set(dialogue.closed_from),
        sequence: Set(dialogue.sequence),
        laid_out_to: Set(dialogue.laid_out_to),
        generated: Set(dialogue.generated),
        created_at: Set(dialogue.created_at),
        updated_at: Set(dialogue.updated_at),
        version: Set(dialogue.version),
    })
}

/// The dialogue of that id, if the caller sees it.
pub async fn find(session: &dyn Session, sight: &DialogueSight, id: DialogueId) -> Result<Option<Dialogue>, Error> {
    let row = Entity::find_by_id(id.uuid()).filter(party::seen(sight)).one(&session.exec()).await.or_fail()?;
    row.map(Dialogue::try_from).transpose()
}

/// Those of the dialogues of these ids that the caller sees, in any order.
pub async fn find_many(session: &dyn Session, sight: &DialogueSight, ids: &[DialogueId]) -> Result<Vec<Dialogue>, Error> {
    let ids = ids.iter().map(|id| id.uuid());
    let rows = Entity::find().filter(Column::Id.is_in(ids)).filter(party::seen(sight)).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Dialogue::try_from).collect()
}

/// The dialogue of that stable name.
pub async fn find_by_slug(session: &dyn Session, sight: &DialogueSight, slug: &str) -> Result<Option<Dialogue>, Error> {
    let row = Entity::find().filter(Column::Slug.eq(slug)).filter(party::seen(sight)).one(&session.exec()).await.or_fail()?;
    row.map(Dialogue::try_from).transpose()
}

fn limited(sight: &DialogueSight, filter: &DialogueFilter) -> Condition {
    let mut all = Condition::all().add(party::seen(sight));
    if !filter.kinds.is_empty() {
        all = all.add(Column::Kind.is_in(filter.kinds.iter().map(|kind| kind.as_str())));
    }
    if !filter.statuses.is_empty() {
        all = all.add(Column::Status.is_in(filter.statuses.iter().map(|status| status.as_str())));
    }
    if let Some(organisation) = filter.organisation {
        all = all.add(Expr::col(Column::Id).in_subquery(party::dialogues_of(&BTreeSet::from([organisation]))));
    }
    all
}

/// A page of the dialogues that the caller sees, by title.
pub async fn list(
    session: &dyn Session,
    sight: &DialogueSight,
    filter: &DialogueFilter,
    request: &PageRequest,
) -> Result<Page<Dialogue>, Error> {
    let sort = Sort { key: Column::SortTitle, kind: Key::Text, id: Column::Id, descending: false };
    let query = Entity::find().filter(limited(sight, filter));
    let page = keyset::page(session, query, sort, request, |row: &Model| Position { key: row.sort_title.clone(), id: row.id }).await?;
    page.try_map(Dialogue::try_from)
}

/// How many dialogues the caller sees.
pub async fn count(session: &dyn Session, sight: &DialogueSight, filter: &DialogueFilter) -> Result<u64, Error> {
    Entity::find().filter(limited(sight, filter)).count(&session.exec()).await.or_fail()
}

/// The dialogues to which one of the caller's organisations belongs, oldest first.
pub async fn of_own(session: &dyn Session, sight: &DialogueSight) -> Result<Vec<Dialogue>, Error> {
    if sight.organisations().is_empty() {
        return Ok(Vec::new());
    }
    let own = Expr::col(Column::Id).in_subquery(party::dialogues_of(sight.organisations()));
    let rows = Entity::find().filter(own).order_by_asc(Column::Id).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Dialogue::try_from).collect()
}

/// The dialogues to which an organisation belongs, of those that the caller sees, oldest first.
pub async fn of_organisation(session: &dyn Session, sight: &DialogueSight, organisation: OrganisationId) -> Result<Vec<Dialogue>, Error> {
    let filter = DialogueFilter { organisation: Some(organisation), ..DialogueFilter::default() };
    let rows = Entity::find().filter(limited(sight, &filter)).order_by_asc(Column::Id).all(&session.exec()).await.or_fail()?;
    rows.into_iter().map(Dialogue::try_from).collect()
}

/// Dialogues that go on and whose meetings are laid out to an instant before `to`, those laid out least far first.
pub async fn behind(session: &dyn Session, to: Instant, limit: u64) -> Result<Vec<Dialogue>, Error> {
    let behind = Condition::any().add(Column::LaidOutTo.is_null()).add(Column::LaidOutTo.lt(to));
    let rows = Entity::find()
        .filter(Column::Status.eq(DialogueStatus::Active.as_str()))
        .filter(Column::Rule.is_not_null())
        .filter(behind)
        .order_by_asc(Column::LaidOutTo)
        .limit(limit)
        .all(&session.exec())
        .await
        .or_fail()?;
    rows.into_iter().map(Dialogue::try_from).collect()
}

/// Adds a dialogue and its parties; `ids` gives the ids of the parties' rows.
pub async fn insert(writer: &Writer, dialogue: &Dialogue, ids: impl FnMut() -> Uuid) -> Result<(), Error> {
    Entity::insert(row(dialogue)?).exec_without_returning(&writer.exec()).await.or_fail()?;
    party::replace(writer, dialogue, ids).await
}

/// Replaces the version before this one and says whether it was still the current one.
pub async fn update(writer: &Writer, dialogue: &Dialogue, ids: impl FnMut() -> Uuid) -> Result<bool, Error> {
    let former = dialogue.version - 1;
    let done = Entity::update_many()
        .set(row(dialogue)?)
        .filter(Column::Id.eq(dialogue.id.uuid()))
        .filter(Column::Version.eq(former))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    party::replace(writer, dialogue, ids).await?;
    Ok(done.rows_affected == 1)
}

/// Notes up to where a dialogue's meetings are laid out, if it is still as it was read; says whether. Its version stays: nobody
/// edited it. The row stays locked, so that another who wants to lay out waits and then finds it done.
pub async fn set_laid_out_to(writer: &Writer, read: &Dialogue, to: Instant) -> Result<bool, Error> {
    let unchanged = read.laid_out_to.map_or_else(|| Column::LaidOutTo.is_null(), |from| Column::LaidOutTo.eq(from));
    let set = Entity::update_many()
        .col_expr(Column::LaidOutTo, Expr::val(to))
        .filter(Column::Id.eq(read.id.uuid()))
        .filter(Column::Version.eq(read.version))
        .filter(unchanged);
    Ok(set.exec(&writer.exec()).await.or_fail()?.rows_affected > 0)
}
