//! Where a reader's statements go.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};

use crate::held::Held;

/// Where a reader's statements go. It only asks: whoever writes has a [`Writer`](crate::Writer).
#[derive(Clone, Debug)]
pub enum Way {
    /// To any connection of a pool.
    Pool(DatabaseConnection),
    /// To connections to a SQLite file that are kept.
    Held(Arc<Held>),
}

impl Way {
    pub(crate) fn backend(&self) -> DbBackend {
        match self {
            Self::Pool(pool) => pool.get_database_backend(),
            Self::Held(_) => DbBackend::Sqlite,
        }
    }

    pub(crate) async fn query_one(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Pool(pool) => pool.query_one_raw(statement).await,
            Self::Held(held) => held.query_one(statement).await,
        }
    }

    pub(crate) async fn query_all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Pool(pool) => pool.query_all_raw(statement).await,
            Self::Held(held) => held.query_all(statement).await,
        }
    }

    /// Closes every connection, once what it does has ended.
    pub(crate) async fn close(&self) -> Result<(), DbErr> {
        match self {
            Self::Pool(pool) => pool.close_by_ref().await,
            Self::Held(held) => {
                held.close().await;
                Ok(())
            }
        }
    }
}
