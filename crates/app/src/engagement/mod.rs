//! Engagement: what users do with the contact log.

pub mod channel_answers;
pub mod contact;
pub mod generate;
pub mod incident;
pub mod mandate;
