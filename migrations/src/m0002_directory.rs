//! The directory: regions, countries, organisations, services, channels, elections, programmes, experts, publications.

use sea_orm_migration::prelude::*;

use crate::column::{
    create, day, day_null, edited, flag, id, index, instant, instant_null, integer_null, table, text, text_null, uuid, uuid_null,
};

/// The directory: regions, countries, organisations, services, channels, elections, programmes, experts, publications.
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

/// What every entry has: `slug` is its stable name in the reference files (none for what people entered); `generated` marks
/// what a generator made; `edited_at` says when a person changed it after the last loading of reference data.
fn entry(own: Vec<ColumnDef>) -> Vec<ColumnDef> {
    let life = [text_null("slug"), flag("generated"), instant_null("edited_at")];
    [id()].into_iter().chain(own).chain(life).chain(edited()).collect()
}

/// Where a fact comes from: SOURCED or UNVERIFIED, the page, the source in words, and the day to which it applies.
fn provenance() -> Vec<ColumnDef> {
    vec![text("provenance_state"), text_null("source_url"), text_null("source_note"), day_null("as_of")]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![region(), country(), organisation(), platform_service(), channel(), election(), reporting_programme(), publication(), expert()]
}

fn region() -> TableCreateStatement {
    Table::create()
        .table(Alias::new("region"))
        .col(ColumnDef::new(Alias::new("code")).text().not_null().primary_key())
        .col(text("level"))
        .col(text_null("parent"))
        .col(text("names"))
        .take()
}

/// `id` follows from the code and serves lists, which break ties by it. `region_code` is the smallest region.
fn country() -> TableCreateStatement {
    let mut table = Table::create();
    table.table(Alias::new("country")).col(ColumnDef::new(Alias::new("code")).text().not_null().primary_key()).col(uuid("id"));
    for name in
        ["alpha3", "code_status", "names", "un_names", "sort_name", "search_text", "groups", "languages", "time_zones", "currencies"]
    {
        table.col(text(name));
    }
    for name in ["numeric", "formal_name", "region_code", "sovereignty", "income", "capital", "wikidata"] {
        table.col(text_null(name));
    }
    table.take()
}

/// Organisations of every kind; the last eight of its own columns are for electoral bodies only.
fn organisation() -> TableCreateStatement {
    let own = vec![
        text("kind"),
        text("names"),
        text("sort_name"),
        text("sort_country"),
        text("search_text"),
        text_null("short_name"),
        text_null("country_code"),
        text_null("website"),
        text("languages"),
        text_null("time_zone"),
        uuid_null("parent_id"),
        text("status"),
        text("external_ids"),
        integer_null("founded_year"),
        text_null("remark"),
        text_null("model"),
        text_null("level"),
        text_null("mandates"),
        text_null("jurisdictions"),
        integer_null("member_count"),
        text_null("member_basis"),
        integer_null("term_years"),
    ];
    table("organisation", entry([own, provenance()].concat()), &[("parent_id", "organisation")])
}

fn platform_service() -> TableCreateStatement {
    let own = vec![
        uuid("platform_id"),
        text("names"),
        text("sort_name"),
        text("search_text"),
        text("type"),
        text_null("website"),
        text("status"),
        text("countries_offered"),
        text("policy_urls"),
        text("transparency_urls"),
        text("dsa_status"),
        day_null("dsa_designated_on"),
        day_null("dsa_ended_on"),
        text_null("eu_monthly_users"),
        text_null("eu_users_note"),
    ];
    table("platform_service", entry([own, provenance()].concat()), &[("platform_id", "organisation")])
}

/// `sort_at` is `verified_at`, or 1970 where nobody verified.
fn channel() -> TableCreateStatement {
    let own = vec![
        uuid("platform_id"),
        uuid_null("service_id"),
        text("kind"),
        text("purposes"),
        flag("all_purposes"),
        text("countries"),
        flag("all_countries"),
        text("languages"),
        text("hours"),
        text_null("hours_zone"),
        text_null("address"),
        text_null("instructions"),
        text("status"),
        instant_null("verified_at"),
        uuid_null("verified_by"),
        day_null("next_check_due"),
        text_null("retired_reason"),
        instant("sort_at"),
    ];
    let references = [("platform_id", "organisation"), ("service_id", "platform_service"), ("verified_by", "organisation")];
    table("channel", entry(own), &references)
}

/// `polling_from` and `polling_to` bound all polling days, a month or year known only as such in full; an election without
/// a day has 9999-12-31 and 0001-01-01.
fn election() -> TableCreateStatement {
    let own = vec![
        text_null("country_code"),
        text_null("jurisdiction"),
        text("type"),
        text("status"),
        text("polling_days"),
        day("polling_from"),
        day("polling_to"),
        text("silence_periods"),
        day_null("campaign_from"),
        day_null("campaign_to"),
        text("responsible_bodies"),
    ];
    table("election", entry([own, provenance()].concat()), &[])
}

fn reporting_programme() -> TableCreateStatement {
    let own = vec![
        text("names"),
        text("sort_name"),
        uuid_null("operator_id"),
        text_null("operator_name"),
        text("who_may_join"),
        text("covers"),
        text_null("url"),
    ];
    table("reporting_programme", entry([own, provenance()].concat()), &[("operator_id", "organisation")])
}

/// `sort_on` is the day of publication, or 0001-01-01 where it is not known.
fn publication() -> TableCreateStatement {
    let own = vec![
        text("titles"),
        text("search_text"),
        text("type"),
        text("languages"),
        text_null("published_on"),
        day("sort_on"),
        text_null("url"),
        text_null("doi"),
        text("publishers"),
        text("authors"),
        text("visibility"),
    ];
    table("publication", entry([own, provenance()].concat()), &[])
}

fn expert() -> TableCreateStatement {
    let own = vec![
        uuid_null("user_id"),
        text_null("email"),
        text("name"),
        text("sort_name"),
        text("search_text"),
        text("topics_text"),
        uuid_null("affiliation_id"),
        text("topics"),
        text("languages"),
        text("regions"),
        text("methods"),
        text_null("orcid"),
        text("bio"),
        text_null("availability_notes"),
        text_null("conflicts_of_interest"),
        text_null("listed"),
        instant_null("consented_at"),
        instant_null("consent_until"),
        instant_null("consent_withdrawn_at"),
    ];
    table("expert", entry(own), &[("affiliation_id", "organisation")])
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("country", &["sort_name", "id"], false),
        index("organisation", &["slug"], true),
        index("organisation", &["kind", "sort_name", "id"], false),
        index("organisation", &["kind", "sort_country", "id"], false),
        index("organisation", &["sort_name", "id"], false),
        index("organisation", &["country_code", "kind"], false),
        index("platform_service", &["slug"], true),
        index("platform_service", &["platform_id", "sort_name"], false),
        index("platform_service", &["sort_name", "id"], false),
        index("channel", &["slug"], true),
        index("channel", &["sort_at", "id"], false),
        index("channel", &["platform_id"], false),
        index("election", &["slug"], true),
        index("election", &["polling_from", "id"], false),
        index("election", &["country_code", "polling_from", "id"], false),
        index("reporting_programme", &["slug"], true),
        index("reporting_programme", &["sort_name", "id"], false),
        index("publication", &["slug"], true),
        index("publication", &["sort_on", "id"], false),
        index("expert", &["slug"], true),
        index("expert", &["sort_name", "id"], false),
        index("expert", &["user_id"], true),
        index("expert", &["email"], true),
    ]
}
