//! Signing in and who may.

mod invitation;
mod password;
mod session;
mod token;

use tertulia_tests::harness::Story;

pub(crate) fn stories() -> Vec<Story> {
    [invitation::stories(), password::stories(), session::stories(), token::stories()].into_iter().flatten().collect()
}
