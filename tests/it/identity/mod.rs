//! Signing in and who may.

pub(crate) mod api_client;
mod audit;
mod data_export;
mod erase;
mod invitation;
mod membership;
pub(crate) mod organisation_lock;
mod password;
mod restricted_read;
mod session;
mod token;

use tertulia_tests::harness::Story;

const INVITE: &str = "mutation($input: UserInviteInput!) { userInvite(input: $input) {
  invitation { id email expiresAt } acceptUrl userErrors { code reason path message } } }";
const GRANT: &str = "mutation($input: MembershipGrantInput!) { membershipGrant(input: $input) {
  membership { id role organisation { id } } userErrors { code reason path message } } }";
const REVOKE: &str = "mutation($input: MembershipRevokeInput!) { membershipRevoke(input: $input) {
  membership { id endedAt } userErrors { code reason path message } } }";
const VIEWER: &str = "{ viewer { user { id name email } memberships { id role organisation { id name } } } }";

pub(crate) fn stories() -> Vec<Story> {
    [
        api_client::stories(),
        audit::stories(),
        data_export::stories(),
        erase::stories(),
        invitation::stories(),
        membership::stories(),
        organisation_lock::stories(),
        password::stories(),
        restricted_read::stories(),
        session::stories(),
        token::stories(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
