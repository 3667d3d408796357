//! What operators meet: containers, configuration, the demo and its tour.

mod compose;
mod demo;
mod generate;

use tertulia_tests::harness::Story;

/// The stories of this folder.
pub(crate) fn stories() -> Vec<Story> {
    [compose::checks(), demo::checks(), generate::stories()].into_iter().flatten().collect()
}
