//! An event and the audit line of the same act become one row, so that each write keeps and each numbering touches half as many.

use sea_orm_migration::prelude::*;

use crate::column::text_null;

/// An event and the audit line of the same act become one row.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let [audit, event] = ["audit_entry", "event"].map(Alias::new);
        // Null where a line is older than events, so that nobody is told of it again.
        manager.alter_table(Table::alter().table(audit.clone()).add_column(text_null("topic")).take()).await?;
        let same = |column: &str| Expr::col((event.clone(), Alias::new(column))).equals((audit.clone(), Alias::new(column)));
        let topic = Query::select()
            .column((event.clone(), Alias::new("topic")))
            .from(event.clone())
            .and_where(same("object_id"))
            .and_where(same("at"))
            .limit(1)
            .take();
        let told = Query::update().table(audit).value(Alias::new("topic"), topic).take();
        manager.get_connection().execute(&told).await?;
        manager.drop_table(Table::drop().table(event).take()).await
    }
}
