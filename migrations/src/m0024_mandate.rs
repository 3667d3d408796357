//! Mandates under which the coordinator records for electoral bodies, and what was recorded under them.

use sea_orm_migration::prelude::*;

use crate::column::{create, flag, id, index, instant, instant_null, table, text, uuid, uuid_null};

/// Mandates under which the coordinator records for electoral bodies, and what was recorded under them.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![mandate(), fact()], indexes()).await
    }
}

fn mandate() -> TableCreateStatement {
    table(
        "mandate",
        vec![
            id(),
            uuid("electoral_body_id"),
            text("kinds"),
            text("countries"),
            uuid_null("election_id"),
            uuid_null("granted_by"),
            instant("granted_at"),
            instant("expires_at"),
            instant_null("revoked_at"),
            uuid_null("revoked_by"),
        ],
        &[
            ("electoral_body_id", "organisation"),
            ("election_id", "election"),
            ("granted_by", "user_account"),
            ("revoked_by", "user_account"),
        ],
    )
}

/// The coordinator's facts: under which mandate each was recorded, and whether a party tells of the same meanwhile, which counts in its
/// place. `fact_id` has no foreign key, since facts are kept by their contact and number.
fn fact() -> TableCreateStatement {
    let fact = uuid("fact_id").primary_key().take();
    table(
        "mandated_fact",
        vec![fact, uuid("contact_id"), uuid("mandate_id"), flag("confirmed")],
        &[("contact_id", "contact"), ("mandate_id", "mandate")],
    )
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("mandate", &["electoral_body_id", "granted_at", "id"], false),
        index("mandate", &["granted_at", "id"], false),
        index("mandated_fact", &["contact_id"], false),
    ]
}
