//! Officers are told of a decision's deadline too where nobody acknowledged in time; and what was removed says when it was sent and who
//! read it.

use sea_orm_migration::prelude::*;

use crate::column::{create, index, instant, instant_null, table, text, text_null, uuid};

/// Officers are told of a decision's deadline too where nobody acknowledged in time; and what was removed says when it was sent and who read it.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![later()], vec![index("later_notice", &["tell_at"], false)]).await?;
        // Of what was removed before nobody knows.
        for mut column in [instant_null("sent_at"), text_null("told"), text_null("named_readers")] {
            manager.alter_table(Table::alter().table(Alias::new("purged_contact")).add_column(&mut column).take()).await?;
        }
        Ok(())
    }
}

/// What somebody is to be told of a contact, and when.
fn later() -> TableCreateStatement {
    let mut table = table("later_notice", vec![uuid("contact_id"), text("kind"), instant("tell_at")], &[("contact_id", "contact")]);
    table.primary_key(Index::create().col(Alias::new("contact_id")).col(Alias::new("kind"))).take()
}
