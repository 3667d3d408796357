//! The kinds of column, so that the same thing is stored the same way in every table.
//!
//! Ids are the databases' native UUIDs. Instants are UTC with microseconds. Lists and texts in several languages that are
//! only read whole are JSON in a text column, which both databases read and write alike. Enums are text.

use sea_orm_migration::prelude::*;

/// The table's own id.
pub(crate) fn id() -> ColumnDef {
    uuid("id").primary_key().take()
}

/// A UUID that must be there.
pub(crate) fn uuid(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).uuid().not_null().take()
}

/// A UUID that may be missing.
pub(crate) fn uuid_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).uuid().null().take()
}

/// A text that must be there: names, enums, JSON.
pub(crate) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().not_null().take()
}

/// A text that may be missing.
pub(crate) fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().null().take()
}

/// An instant that must be there.
pub(crate) fn instant(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).timestamp_with_time_zone().not_null().take()
}

/// An instant that may be missing.
pub(crate) fn instant_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).timestamp_with_time_zone().null().take()
}

/// A calendar day that must be there.
pub(crate) fn day(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).date().not_null().take()
}

/// A calendar day that may be missing.
pub(crate) fn day_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).date().null().take()
}

/// A wall time without zone that must be there.
pub(crate) fn local(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).timestamp().not_null().take()
}

/// A wall time without zone that may be missing.
pub(crate) fn local_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).timestamp().null().take()
}

/// A whole number that must be there.
pub(crate) fn integer(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).big_integer().not_null().take()
}

/// A whole number that may be missing.
pub(crate) fn integer_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).big_integer().null().take()
}

/// Bytes that must be there.
pub(crate) fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).blob().not_null().take()
}

/// Bytes that may be missing.
pub(crate) fn bytes_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).blob().null().take()
}

/// Yes or no.
pub(crate) fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).boolean().not_null().take()
}

/// What every editable row has: creation, last change, version from 1.
pub(crate) fn edited() -> [ColumnDef; 3] {
    [instant("created_at"), instant("updated_at"), integer("version")]
}

/// A table of these columns; foreign keys as `(column, table)` onto that table's primary key `id`.
pub(crate) fn table(name: &'static str, columns: Vec<ColumnDef>, references: &[(&'static str, &'static str)]) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(Alias::new(name));
    for mut column in columns {
        table.col(&mut column);
    }
    for (column, target) in references {
        table.foreign_key(ForeignKey::create().from(Alias::new(name), Alias::new(*column)).to(Alias::new(*target), Alias::new("id")));
    }
    table.take()
}

/// An index named after its table and columns.
pub(crate) fn index(on: &'static str, columns: &[&'static str], unique: bool) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{on}_{}_idx", columns.join("_"))).table(Alias::new(on));
    for column in columns {
        index.col(Alias::new(*column));
    }
    if unique {
        index.unique();
    }
    index.take()
}

/// Creates the tables, then the indexes.
pub(crate) async fn create(
    manager: &SchemaManager<'_>,
    tables: Vec<TableCreateStatement>,
    indexes: Vec<IndexCreateStatement>,
) -> Result<(), DbErr> {
    for table in tables {
        manager.create_table(table).await?;
    }
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}
