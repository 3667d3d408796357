//! Recurring dialogues and their meetings.

mod plan;
pub mod recurrence;
#[cfg(test)]
mod recurrence_tests;
pub mod rule;
mod rule_part;
pub mod wall_time;
