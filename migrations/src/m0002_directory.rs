//! The directory: countries, organisations, services, channels, elections, programmes, experts, publications.

use sea_orm_migration::prelude::*;

use crate::column::{create, day, day_null, edited, flag, id, index, instant_null, integer_null, table, text, text_null, uuid, uuid_null};

/// The directory: countries, organisations, services, channels, elections, programmes, experts, publications.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables(), indexes()).await
    }
}

/// Where a fact comes from: SOURCED or UNVERIFIED, the page, and the day to which it applies.
fn provenance() -> [ColumnDef; 3] {
    [text("provenance_state"), text_null("source_url"), day_null("as_of")]
}

fn columns(parts: Vec<Vec<ColumnDef>>) -> Vec<ColumnDef> {
    parts.into_iter().flatten().collect()
}

fn tables() -> Vec<TableCreateStatement> {
    vec![country(), organisation(), platform_service(), channel(), election(), reporting_programme(), publication(), expert()]
}

fn country() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("country"))
        .col(ColumnDef::new(Alias::new("code")).text().not_null().primary_key())
        .col(text("iso3"))
        .col(text_null("numeric"))
        .col(text("names"))
        .col(text("sort_name"))
        .col(text("search_text"))
        .col(text_null("region_code"))
        .col(text_null("region"))
        .col(text_null("subregion_code"))
        .col(text_null("subregion"))
        .col(text_null("intermediate_region_code"))
        .col(text_null("intermediate_region"))
        .col(text("official_languages"))
        .col(text("time_zones"))
        .col(text("groups"))
        .col(text_null("income_group"))
        .take()
}

/// `slug` is the row's stable name in the reference files; rows that people made have none.
fn organisation() -> TableCreateStatement {
    table(
        "organisation",
        columns(vec![
            vec![
                id(),
                text_null("slug"),
                text("kind"),
                text("names"),
                text("sort_name"),
                text("search_text"),
                text_null("short_name"),
                text_null("country_code"),
                text_null("website"),
                text("languages"),
                text_null("time_zone"),
                uuid_null("parent_id"),
                text("status"),
                // Facts of an electoral body only.
                text_null("model"),
                text_null("level"),
                integer_null("founded_year"),
                integer_null("member_count"),
                flag("generated"),
            ],
            provenance().into(),
            edited().into(),
        ]),
        &[("parent_id", "organisation")],
    )
}

fn platform_service() -> TableCreateStatement {
    table(
        "platform_service",
        columns(vec![
            vec![
                id(),
                text_null("slug"),
                uuid("platform_id"),
                text("name"),
                text("sort_name"),
                text("search_text"),
                text("type"),
                text("dsa_status"),
                day_null("dsa_designated_on"),
                day_null("dsa_ended_on"),
                text_null("eu_monthly_users"),
                text_null("website"),
                flag("generated"),
            ],
            provenance().into(),
            edited().into(),
        ]),
        &[("platform_id", "organisation")],
    )
}

fn channel() -> TableCreateStatement {
    table(
        "channel",
        columns(vec![
            vec![
                id(),
                uuid("platform_id"),
                uuid_null("platform_service_id"),
                text("kind"),
                text("purposes"),
                flag("all_countries"),
                text("countries"),
                text("languages"),
                text_null("address"),
                text("status"),
                instant_null("verified_at"),
                uuid_null("verified_by"),
                day_null("next_check_due"),
                flag("generated"),
            ],
            edited().into(),
        ]),
        &[("platform_id", "organisation"), ("platform_service_id", "platform_service"), ("verified_by", "organisation")],
    )
}

/// `polling_from` and `polling_to` bound all polling days, a month or year known only as such in full.
fn election() -> TableCreateStatement {
    table(
        "election",
        columns(vec![
            vec![
                id(),
                text_null("slug"),
                text_null("country_code"),
                text_null("jurisdiction"),
                text("type"),
                text("status"),
                text("polling_days"),
                day("polling_from"),
                day("polling_to"),
                flag("generated"),
            ],
            provenance().into(),
            edited().into(),
        ]),
        &[],
    )
}

fn reporting_programme() -> TableCreateStatement {
    table(
        "reporting_programme",
        columns(vec![
            vec![
                id(),
                text_null("slug"),
                text("name"),
                text("sort_name"),
                uuid_null("operator_id"),
                text("who_may_join"),
                text("covers"),
                text_null("url"),
            ],
            provenance().into(),
            edited().into(),
        ]),
        &[("operator_id", "organisation")],
    )
}

fn publication() -> TableCreateStatement {
    table(
        "publication",
        columns(vec![
            vec![
                id(),
                text_null("slug"),
                text("titles"),
                text("sort_title"),
                text("type"),
                uuid_null("publisher_id"),
                text("publisher"),
                day("published_on"),
                text("published_precision"),
                text_null("url"),
            ],
            provenance().into(),
            edited().into(),
        ]),
        &[("publisher_id", "organisation")],
    )
}

fn expert() -> TableCreateStatement {
    table(
        "expert",
        columns(vec![
            vec![
                id(),
                uuid_null("user_id"),
                text("name"),
                text("sort_name"),
                text("search_text"),
                uuid_null("affiliation_id"),
                text("topics"),
                text("languages"),
                text("countries"),
                text("bio"),
                text_null("orcid"),
                text("listed"),
                instant_null("consented_at"),
                instant_null("consent_until"),
                instant_null("consent_withdrawn_at"),
                flag("generated"),
            ],
            edited().into(),
        ]),
        &[("affiliation_id", "organisation")],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("country", &["sort_name", "code"], false),
        index("organisation", &["slug"], true),
        index("organisation", &["kind", "sort_name", "id"], false),
        index("organisation", &["sort_name", "id"], false),
        index("organisation", &["country_code", "kind"], false),
        index("platform_service", &["slug"], true),
        index("platform_service", &["platform_id", "sort_name"], false),
        index("platform_service", &["sort_name", "id"], false),
        index("channel", &["platform_id"], false),
        index("election", &["slug"], true),
        index("election", &["polling_from", "id"], false),
        index("election", &["country_code", "polling_from"], false),
        index("reporting_programme", &["slug"], true),
        index("reporting_programme", &["sort_name", "id"], false),
        index("publication", &["slug"], true),
        index("publication", &["published_on", "id"], false),
        index("expert", &["sort_name", "id"], false),
        index("expert", &["user_id"], true),
    ]
}
