//! What others are told of.

mod webhook;

use tertulia_tests::harness::Story;

/// The stories of this area.
pub(crate) fn stories() -> Vec<Story> {
    webhook::stories()
}
