//! Recurring dialogues and their meetings.
