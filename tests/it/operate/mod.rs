//! What operators meet: containers, configuration, the demo and its tour.

mod compose;
mod demo;
mod generate;
mod tour;

use tertulia_tests::harness::Story;

/// The stories of this folder.
pub(crate) fn stories() -> Vec<Story> {
    [compose::checks(), demo::checks(), generate::stories(), tour::checks()].into_iter().flatten().collect()
}
