//! Lists and localized texts that are only read whole: JSON in a text column.

use serde::{Serialize, de::DeserializeOwned};
use tertulia_domain::Error;

use crate::error::Undecodable;

/// The value as it is stored.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::internal)
}

/// The stored value.
pub(crate) fn decode<T: DeserializeOwned>(text: &str, table: &'static str, column: &'static str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| Error::internal(Undecodable { table, column, found: text.chars().take(80).collect() }))
}
