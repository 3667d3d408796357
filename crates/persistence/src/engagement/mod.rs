//! Tables of the contact log.

pub mod answered;
pub mod attachment;
pub mod channel_answers;
pub mod comment;
pub mod contact;
pub mod contact_import;
pub mod contact_import_row;
mod contact_listed;
pub mod contact_purge;
mod contact_query;
mod contact_row;
pub mod contact_template;
pub mod content_item;
pub mod fact;
pub mod file;
pub mod incident;
pub mod incident_contact;
pub mod lost_sight;
pub mod mandate;
pub mod mandated_fact;
pub mod party;
pub mod response_target;
pub mod sent;
pub mod statistic_release;
pub mod statistics;
mod target_cells;
pub mod target_notice;
