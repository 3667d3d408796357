//! `contact.generate`: fills a database for a trial, with contacts marked as generated.

pub mod plan;
