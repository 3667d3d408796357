//! Engagement: the contact log.

pub mod words;
