//! Statistic releases: their numbers as they were worked out, the platforms' comments, and corrections.

use sea_orm_migration::prelude::*;

use crate::column::{create, day, id, index, instant, instant_null, integer, integer_null, table, text, text_null, uuid, uuid_null};

/// Statistic releases: their numbers as they were worked out, the platforms' comments, and corrections.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![release(), platform(), month(), cell(), comment(), correction()], indexes()).await
    }
}

/// `listed_at` is when it was published, until then when it was proposed: its place in lists.
fn release() -> TableCreateStatement {
    table(
        "statistic_release",
        vec![
            id(),
            text("titles"),
            day("period_from"),
            day("period_to"),
            integer("least_contacts"),
            integer("least_bodies"),
            integer("dominance"),
            text("status"),
            instant("proposed_at"),
            uuid_null("proposed_by"),
            uuid_null("proposed_for"),
            instant("comments_until"),
            instant_null("published_at"),
            uuid_null("published_by"),
            uuid_null("published_for"),
            instant_null("withdrawn_at"),
            uuid_null("withdrawn_by"),
            uuid_null("withdrawn_for"),
            text_null("reason"),
            integer("edition"),
            instant("computed_at"),
            text("code_version"),
            instant("listed_at"),
            integer("version"),
        ],
        &[
            ("proposed_by", "user_account"),
            ("proposed_for", "organisation"),
            ("published_by", "user_account"),
            ("published_for", "organisation"),
            ("withdrawn_by", "user_account"),
            ("withdrawn_for", "organisation"),
        ],
    )
}

/// The platforms that a release names.
fn platform() -> TableCreateStatement {
    table(
        "statistic_release_platform",
        vec![id(), uuid("release_id"), uuid("platform_id")],
        &[("release_id", "statistic_release"), ("platform_id", "organisation")],
    )
}

/// The months that a release counts, unless it was taken back: each belongs to one release at most.
fn month() -> TableCreateStatement {
    table("statistic_release_month", vec![id(), uuid("release_id"), day("month")], &[("release_id", "statistic_release")])
}

/// A number; rows are never changed. A correction adds a set with the next edition.
fn cell() -> TableCreateStatement {
    table(
        "statistic_release_cell",
        vec![
            id(),
            uuid("release_id"),
            integer("edition"),
            integer("position"),
            text("kind"),
            uuid_null("platform_id"),
            text_null("region"),
            integer_null("value"),
            text_null("reason"),
            text_null("measures"),
            instant_null("corrected_at"),
        ],
        &[("release_id", "statistic_release"), ("platform_id", "organisation")],
    )
}

fn comment() -> TableCreateStatement {
    table(
        "statistic_release_comment",
        vec![id(), uuid("release_id"), uuid("platform_id"), text("text"), instant("at"), uuid_null("user_id")],
        &[("release_id", "statistic_release"), ("platform_id", "organisation"), ("user_id", "user_account")],
    )
}

fn correction() -> TableCreateStatement {
    table(
        "statistic_release_correction",
        vec![
            id(),
            uuid("release_id"),
            integer("edition"),
            text("note"),
            instant("prepared_at"),
            uuid_null("prepared_by"),
            uuid_null("prepared_for"),
            instant_null("published_at"),
            uuid_null("published_by"),
            uuid_null("published_for"),
            text("code_version"),
        ],
        &[("release_id", "statistic_release"), ("prepared_by", "user_account"), ("published_by", "user_account")],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("statistic_release", &["listed_at", "id"], false),
        index("statistic_release_platform", &["release_id", "platform_id"], true),
        index("statistic_release_platform", &["platform_id"], false),
        index("statistic_release_month", &["month"], true),
        index("statistic_release_month", &["release_id"], false),
        index("statistic_release_cell", &["release_id", "edition", "position"], true),
        index("statistic_release_comment", &["release_id", "platform_id"], true),
        index("statistic_release_correction", &["release_id", "edition"], true),
    ]
}
