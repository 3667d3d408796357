//! A run of the tests without PostgreSQL says so loudly, and fails where PostgreSQL is required.

use std::process::{Command, Output};

use tertulia_tests::harness::{MISSING, REQUIRE};

tertulia_tests::checks![a_run_without_postgresql_says_so, ci_requires_postgresql];

/// This test binary with one check, where no PostgreSQL is found.
fn without_postgres(required: bool) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["once::operate::compose::compose_waits_for_health", "--exact"]).env("TEST_POSTGRES_URL", "none").env_remove(REQUIRE);
    if required {
        command.env(REQUIRE, "1");
    }
    command.output().unwrap()
}

fn a_run_without_postgresql_says_so() {
    for required in [false, true] {
        let run = without_postgres(required);
        let said = String::from_utf8(run.stdout).unwrap();
        assert!(said.contains("1 passed; 0 failed"), "{said}");
        let last: Vec<&str> = said.trim_end().lines().rev().take(3).collect();
        let loud: Vec<&str> = MISSING.lines().rev().collect();
        assert_eq!(last[1..], loud[..], "the last lines: {said}");
        assert_eq!(last[0], "!".repeat(100));
        assert_eq!(run.status.success(), !required, "{REQUIRE}=1 makes it fail: {said}");
    }
}

fn ci_requires_postgresql() {
    let ci = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../.ci/run")).unwrap();
    let set = ci.find(&format!("export {REQUIRE}=1\n")).expect("CI requires PostgreSQL by the name that the tests read");
    assert!(set < ci.find("cargo test").unwrap(), "before it runs the tests");
}
