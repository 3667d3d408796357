//! Users, memberships, sessions and keys.
