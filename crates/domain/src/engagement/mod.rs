//! The contact log.
