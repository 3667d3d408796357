//! Publications: who records and edits them, who reads them.

mod publication;

use tertulia_tests::harness::Story;

pub(crate) fn stories() -> Vec<Story> {
    publication::stories()
}
