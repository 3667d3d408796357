//! Users, memberships, sessions and the rules of their secrets.
//!
//! A [`user`] signs in with a [`password`] and holds [`membership`]s, each one role in one organisation. New people come
//! by [`invitation`]. An [`api_client`] is a program that signs in by itself. A [`session`] is one sign-in, continued by the refresh [`token`]s of its family. An [`organisation_lock`] ends all of this for one organisation.

pub mod api_client;
pub mod invitation;
pub mod membership;
pub mod organisation_lock;
pub mod password;
pub mod session;
pub mod token;
pub mod user;

pub use api_client::ApiClient;
pub use invitation::Invitation;
pub use membership::{Cover, Membership};
pub use organisation_lock::OrganisationLock;
pub use session::Session;
pub use token::RefreshToken;
pub use user::{Person, User, is_named_in};
