//! How platforms answer, as numbers: how each contact [counts](counted), by which [dimensions](dimension) it is told apart, how waiting
//! times are [estimated](survival) although some contacts still wait, and [counts](tally) that can be added up in any order.
//!
//! Rules that hold for every number, one's own figures and releases alike:
//!
//! * Silence is an outcome. The share without an answer always stands beside the waiting times, and a contact that still waits is
//!   *censored* in them, not left out: over the answered ones alone, who answers least would look fastest.
//! * What is asked under a platform's own rules and what has legal force are never counted together ([`dimension::Force`]).
//! * What the coordinator alone tells of counts only once a party tells of it too.

pub mod bins;
pub mod cells;
pub mod counted;
pub mod dimension;
pub mod figures;
pub mod phase;
pub mod survival;
pub mod tally;

#[cfg(test)]
mod contact_tests;
#[cfg(test)]
mod tests;
