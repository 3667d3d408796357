//! Who is who: countries, organisations, platforms and their services, channels, elections, experts.
//!
//! Each kind has three shapes: a *draft* as somebody typed it (in GraphQL or in a file), *fields* that were checked, and an
//! [`entry::Entry`] that holds the fields with their id, version and times. One check turns a draft into fields, so that a file and
//! a mutation obey the same rules.

pub mod channel;
pub mod channel_state;
pub mod country;
pub mod dsa;
pub mod election;
pub mod election_filter;
pub mod election_status;
pub mod electoral_body;
pub mod entry;
pub mod expert;
pub mod hours;
pub mod instrument;
pub mod instrument_part;
pub mod organisation;
pub mod organisation_filter;
pub mod platform;
pub mod polling_day;
pub mod provenance;
pub mod reporting_programme;
