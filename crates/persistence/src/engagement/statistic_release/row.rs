//! The tables `statistic_release`, `statistic_release_platform` and `statistic_release_month`.

use sea_orm::{ActiveValue::Set, entity::prelude::*};
use tertulia_domain::{
    Error,
    engagement::{
        statistic_release::{Deed, Period, ReleaseStatus, StatisticRelease},
        suppression::Thresholds,
    },
    id::{Id, OrganisationId},
};

use crate::{
    error::decoded,
    json::{decode, encode},
};

const TABLE: &str = "statistic_release";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistic_release")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) titles: String,
    pub(crate) period_from: Date,
    pub(crate) period_to: Date,
    pub(crate) least_contacts: i64,
    pub(crate) least_bodies: i64,
    pub(crate) dominance: i64,
    pub(crate) status: String,
    pub(crate) proposed_at: DateTimeUtc,
    pub(crate) proposed_by: Option<Uuid>,
    pub(crate) proposed_for: Option<Uuid>,
    pub(crate) comments_until: DateTimeUtc,
    pub(crate) published_at: Option<DateTimeUtc>,
    pub(crate) published_by: Option<Uuid>,
    pub(crate) published_for: Option<Uuid>,
    pub(crate) withdrawn_at: Option<DateTimeUtc>,
    pub(crate) withdrawn_by: Option<Uuid>,
    pub(crate) withdrawn_for: Option<Uuid>,
    pub(crate) reason: Option<String>,
    pub(crate) edition: i64,
    pub(crate) computed_at: DateTimeUtc,
    pub(crate) code_version: String,
    pub(crate) listed_at: DateTimeUtc,
    pub(crate) version: i64,
    pub(crate) prepared: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The platforms that a release names.
pub(crate) mod platform {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "statistic_release_platform")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) release_id: Uuid,
        pub(crate) platform_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The months that a release counts.
pub(crate) mod month {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "statistic_release_month")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) release_id: Uuid,
        pub(crate) month: Date,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) fn deed(at: DateTimeUtc, person: Option<Uuid>, organisation: Option<Uuid>) -> Deed {
    Deed { at, person: person.map(Id::new), organisation: organisation.map(Id::new) }
}

impl Model {
    pub(super) fn release(self, platforms: Vec<OrganisationId>) -> Result<StatisticRelease, Error> {
        Ok(StatisticRelease {
            id: Id::new(self.id),
            titles: decode(&self.titles, TABLE, "titles")?,
            period: Period { from: self.period_from, to: self.period_to },
            platforms,
            thresholds: Thresholds { contacts: self.least_contacts, bodies: self.least_bodies, dominance: self.dominance },
            status: decoded(ReleaseStatus::parse(&self.status), TABLE, "status", &self.status)?,
            proposed: deed(self.proposed_at, self.proposed_by, self.proposed_for),
            comments_until: self.prepared.then_some(self.comments_until),
            published: self.published_at.map(|at| deed(at, self.published_by, self.published_for)),
            withdrawn: self.withdrawn_at.map(|at| deed(at, self.withdrawn_by, self.withdrawn_for)),
            reason: self.reason,
            edition: self.edition,
            computed_at: self.prepared.then_some(self.computed_at),
            code_version: self.code_version,
            version: self.version,
        })
    }
}

pub(super) fn active(release: &StatisticRelease) -> Result<ActiveModel, Error> {
    let person = |deed: Option<Deed>| deed.and_then(|deed| deed.person).map(Id::uuid);
    let organisation = |deed: Option<Deed>| deed.and_then(|deed| deed.organisation).map(Id::uuid);
    Ok(ActiveModel {
        id: Set(release.id.uuid()),
        titles: Set(encode(&release.titles)?),
        period_from: Set(release.period.from),
        period_to: Set(release.period.to),
        least_contacts: Set(release.thresholds.contacts),
        least_bodies: Set(release.thresholds.bodies),
        dominance: Set(release.thresholds.dominance),
        status: Set(release.status.to_string()),
        proposed_at: Set(release.proposed.at),
        proposed_by: Set(person(Some(release.proposed))),
        proposed_for: Set(organisation(Some(release.proposed))),
        comments_until: Set(release.comments_until.unwrap_or(release.proposed.at)),
        published_at: Set(release.published.map(|deed| deed.at)),
        published_by: Set(person(release.published)),
        published_for: Set(organisation(release.published)),
        withdrawn_at: Set(release.withdrawn.map(|deed| deed.at)),
        withdrawn_by: Set(person(release.withdrawn)),
        withdrawn_for: Set(organisation(release.withdrawn)),
        reason: Set(release.reason.clone()),
        edition: Set(release.edition),
        computed_at: Set(release.computed_at.unwrap_or(release.proposed.at)),
        code_version: Set(release.code_version.clone()),
        listed_at: Set(release.published.map_or(release.proposed.at, |deed| deed.at)),
        version: Set(release.version),
        prepared: Set(release.computed_at.is_some()),
    })
}
