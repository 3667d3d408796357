//! Inviting people and what comes of it.

use tertulia_tests::{TestApp, stories};

stories![todo];

async fn todo(_app: &TestApp) {}
