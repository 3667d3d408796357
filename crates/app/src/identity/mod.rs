//! Signing in and who may: passwords, sessions, tokens and their keys, invitations and memberships.

pub mod access_token;
pub mod key;
pub mod opaque;
pub mod password;
pub mod sealing;
pub mod session;
pub mod throttle;
