//! The contact log: contacts, their items, facts and comments, and what readers lost sight of.

use sea_orm_migration::prelude::*;

use crate::column::{create, flag, id, index, instant, instant_null, integer, integer_null, table, text, text_null, uuid, uuid_null};

/// The contact log: contacts, their items, facts and comments, and what readers lost sight of.
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

fn tables() -> Vec<TableCreateStatement> {
    vec![contact(), content_item(), fact(), comment(), lost_sight()]
}

/// The contact and, denormalised from its facts, where it stands.
fn contact() -> TableCreateStatement {
    table(
        "contact",
        vec![
            id(),
            text("reference"),
            uuid("electoral_body_id"),
            uuid_null("platform_id"),
            uuid_null("platform_service_id"),
            text_null("platform_name"),
            text_null("country_code"),
            text("direction"),
            uuid("owner_id"),
            text("kind"),
            text("medium"),
            text("legal_basis"),
            text("urgency"),
            text("issue_types"),
            text("subject"),
            // Subject and reference, folded for search; the sender's own number apart, as only its side may search by it.
            text("search_text"),
            text_null("case_search"),
            text_null("description"),
            text_null("language"),
            uuid_null("channel_id"),
            uuid_null("election_id"),
            text_null("case_number"),
            text("visibility"),
            flag("visibility_chosen"),
            text("named_readers"),
            instant_null("shared_at"),
            instant_null("read_at"),
            text("status"),
            text_null("decision"),
            instant_null("sent_at"),
            instant_null("acknowledged_at"),
            flag("acknowledgement_implied"),
            instant_null("decided_at"),
            instant_null("closed_at"),
            text_null("closure"),
            // `sent_at`, else when it was recorded: what the list sorts by.
            instant("listed_at"),
            instant("recorded_at"),
            flag("backfilled"),
            flag("generated"),
            uuid_null("recorded_by"),
            integer_null("head_seq"),
            text_null("head_hash"),
            instant("updated_at"),
            integer("version"),
        ],
        &[
            ("electoral_body_id", "organisation"),
            ("platform_id", "organisation"),
            ("platform_service_id", "platform_service"),
            ("owner_id", "organisation"),
            ("channel_id", "channel"),
            ("election_id", "election"),
        ],
    )
}

fn content_item() -> TableCreateStatement {
    table(
        "content_item",
        vec![
            id(),
            uuid("contact_id"),
            integer("position"),
            text_null("url"),
            text_null("platform_content_id"),
            text_null("description"),
            text("content_types"),
            text_null("language"),
            instant_null("seen_at"),
            text_null("archived_url"),
        ],
        &[("contact_id", "contact")],
    )
}

/// Append-only: no query updates or deletes a fact.
fn fact() -> TableCreateStatement {
    table(
        "fact",
        vec![
            id(),
            uuid("contact_id"),
            integer("seq"),
            text("step"),
            text("side"),
            instant("occurred_at"),
            instant("recorded_at"),
            // The part that both sides read and the part that only its own side reads, as JSON: what is hashed is what is stored.
            text("told"),
            text("sealed"),
            uuid_null("supersedes"),
            text("hash"),
        ],
        &[("contact_id", "contact")],
    )
}

fn comment() -> TableCreateStatement {
    table(
        "comment",
        vec![id(), uuid("contact_id"), instant("at"), uuid("user_id"), uuid("organisation_id"), text("text")],
        &[("contact_id", "contact")],
    )
}

fn lost_sight() -> TableCreateStatement {
    table("lost_sight", vec![id(), uuid("contact_id"), uuid("reader_id"), instant("at")], &[("contact_id", "contact")])
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("contact", &["reference"], true),
        index("contact", &["electoral_body_id", "listed_at", "id"], false),
        index("contact", &["platform_id", "listed_at", "id"], false),
        index("contact", &["listed_at", "id"], false),
        index("contact", &["updated_at", "id"], false),
        index("contact", &["electoral_body_id", "updated_at", "id"], false),
        index("contact", &["platform_id", "updated_at", "id"], false),
        index("content_item", &["contact_id", "position"], true),
        index("fact", &["contact_id", "seq"], true),
        index("comment", &["contact_id", "at"], false),
        index("lost_sight", &["reader_id", "at"], false),
    ]
}
