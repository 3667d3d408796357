//! The numbers of releases. A set is written once and never changed; the caller read the release before, through his sight.

use std::collections::HashMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, entity::prelude::*};
use tertulia_domain::{
    Error,
    engagement::{
        release_cube::{CellPlace, KeptCell, ReleaseCell, ReleaseKind, ReleaseRegion},
        suppression::{Exact, Label},
    },
    id::{Id, StatisticReleaseId},
};

use crate::{
    directory::row::member,
    error::{OrFail, decoded},
    json::{decode, encode},
    store::{Executes, Session, Writer},
};

const TABLE: &str = "statistic_release_cell";
/// Rows of one INSERT.
const CHUNK: usize = 400;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistic_release_cell")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) release_id: Uuid,
    pub(crate) edition: i64,
    pub(crate) position: i64,
    pub(crate) kind: String,
    pub(crate) platform_id: Option<Uuid>,
    pub(crate) region: Option<String>,
    pub(crate) value: Option<i64>,
    pub(crate) reason: Option<String>,
    pub(crate) measures: Option<String>,
    pub(crate) corrected_at: Option<DateTimeUtc>,
    pub(crate) exact: Option<i64>,
    pub(crate) sensitive: Option<bool>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for ReleaseCell {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let place = CellPlace {
            kind: decoded(ReleaseKind::parse(&row.kind), TABLE, "kind", &row.kind)?,
            platform: row.platform_id.map(Id::new),
            region: member(row.region.as_deref(), ReleaseRegion::parse, TABLE, "region")?,
        };
        Ok(Self {
            place,
            value: row.value,
            reason: member(row.reason.as_deref(), Label::parse, TABLE, "reason")?,
            measures: row.measures.as_deref().map(|text| decode(text, TABLE, "measures")).transpose()?,
            corrected_at: row.corrected_at,
        })
    }
}

/// A set of numbers: of which release, and which of its sets.
pub type Edition = (StatisticReleaseId, i64);

/// The numbers of these sets as they are told, in order.
pub async fn find_of(session: &dyn Session, editions: &[Edition]) -> Result<HashMap<Edition, Vec<ReleaseCell>>, Error> {
    collect(session, editions, ReleaseCell::try_from).await
}

/// The numbers of these sets with the exact counts, in order: for the audit of what is to be told beside them.
pub async fn find_kept(session: &dyn Session, editions: &[Edition]) -> Result<HashMap<Edition, Vec<KeptCell>>, Error> {
    let kept = |row: Model| {
        let exact = row.exact.zip(row.sensitive).map(|(count, sensitive)| Exact { count, sensitive });
        Ok(KeptCell { exact, cell: row.try_into()? })
    };
    collect(session, editions, kept).await
}

async fn collect<T>(
    session: &dyn Session,
    editions: &[Edition],
    read: impl Fn(Model) -> Result<T, Error>,
) -> Result<HashMap<Edition, Vec<T>>, Error> {
    let one = |(release, edition): &Edition| Condition::all().add(Column::ReleaseId.eq(release.uuid())).add(Column::Edition.eq(*edition));
    let any = editions.iter().map(one).fold(Condition::any(), Condition::add);
    let rows = Entity::find().filter(any).order_by_asc(Column::ReleaseId).order_by_asc(Column::Position);
    let mut found: HashMap<Edition, Vec<T>> = HashMap::new();
    if editions.is_empty() {
        return Ok(found);
    }
    for row in rows.all(&session.exec()).await.or_fail()? {
        found.entry((Id::new(row.release_id), row.edition)).or_default().push(read(row)?);
    }
    Ok(found)
}

/// Keeps a set of numbers; `ids` gives each its own.
pub async fn insert(writer: &Writer, (release, edition): Edition, cells: &[KeptCell], mut ids: impl FnMut() -> Uuid) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(cells.len());
    for (position, KeptCell { cell, exact }) in (0_i64..).zip(cells) {
        rows.push(ActiveModel {
            id: Set(ids()),
            release_id: Set(release.uuid()),
            edition: Set(edition),
            position: Set(position),
            kind: Set(cell.place.kind.to_string()),
            platform_id: Set(cell.place.platform.map(Id::uuid)),
            region: Set(cell.place.region.map(|region| region.to_string())),
            value: Set(cell.value),
            reason: Set(cell.reason.map(|reason| reason.to_string())),
            measures: Set(cell.measures.as_ref().map(encode).transpose()?),
            corrected_at: Set(cell.corrected_at),
            exact: Set(exact.map(|exact| exact.count)),
            sensitive: Set(exact.map(|exact| exact.sensitive)),
        });
    }
    for chunk in rows.chunks(CHUNK) {
        Entity::insert_many(chunk.to_vec()).exec_without_returning(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}
