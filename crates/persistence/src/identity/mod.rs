//! Tables and queries of the area `identity`.

pub mod api_client;
pub mod authentication;
pub mod invitation;
pub mod membership;
pub mod organisation;
pub mod organisation_lock;
pub mod password_reset;
pub mod refresh_token;
pub mod session;
pub mod signing_key;
pub mod user;
