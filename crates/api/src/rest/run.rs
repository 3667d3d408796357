//! Runs the documents of REST: the same resolvers, use cases and rights as GraphQL has, so that no rule exists twice.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use async_graphql::{Request, Variables};
use serde_json::{Map, Value};
use tertulia_app::Ctx;
use tertulia_domain::{Error, Result};

use super::{
    contract::Contract,
    documents::Documents,
    resource::{Act, acts},
};
use crate::{error::Problem, graphql::Loader, server::State};

/// What REST is made of, worked out once.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The schema.
    pub(super) contract: Contract,
    /// The acts on a contact.
    pub(super) acts: Vec<Act>,
    /// The documents.
    documents: Documents,
}

/// What REST is made of.
pub(super) fn prepared() -> Result<&'static Prepared> {
    static PREPARED: LazyLock<Result<Prepared>> = LazyLock::new(|| {
        let contract = Contract::read()?;
        let acts = acts(&contract);
        let documents = Documents::prepare(&contract, &acts)?;
        Ok(Prepared { contract, acts, documents })
    });
    PREPARED.as_ref().map_err(Error::clone)
}

/// What `field` of the schema answers to this caller.
pub(super) async fn run(state: &State, ctx: Ctx, field: &str, variables: Map<String, Value>) -> Result<Value, Problem> {
    let ctx = Arc::new(ctx);
    let mut request = Request::new("").variables(Variables::from_json(Value::Object(variables)));
    request.set_parsed_query(prepared()?.documents.of(field)?.clone());
    let loaders = Loader::for_request(Arc::clone(&state.app), Arc::clone(&ctx));
    let running = state.schema.execute(request.data(ctx).data(loaders));
    let timeout = Duration::from_secs(state.config.server.request_timeout_seconds);
    let response = tokio::time::timeout(timeout, running).await.map_err(Error::unavailable)?;
    if let Some(entry) = response.errors.first() {
        return Err(Problem::of_entry(entry).in_rest());
    }
    let mut data = response.data.into_json().map_err(Error::internal)?;
    Ok(data.get_mut("answer").map(Value::take).unwrap_or_default())
}
