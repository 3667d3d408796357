//! What happened: audit entries and events.
