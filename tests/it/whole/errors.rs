//! The closed list of codes and reasons is a contract: a change shows in the snapshot.

use std::fmt::Write;

use tertulia_api::error::status;
use tertulia_domain::{Code, Reason};
use tertulia_tests::checks;

checks![the_list_of_errors];

fn the_list_of_errors() {
    let mut list = String::new();
    for code in Code::ALL {
        let place = if code.is_users() { "userErrors" } else { "errors" };
        writeln!(list, "{:<20} {} {place}", code.as_str(), status(*code).as_u16()).unwrap();
    }
    list.push('\n');
    for reason in Reason::ALL {
        writeln!(list, "{}", reason.as_str()).unwrap();
    }
    insta::assert_snapshot!(list);
}
