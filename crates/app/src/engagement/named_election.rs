//! The election that a contact, an incident or a mandate of an electoral body names.

use tertulia_domain::{Error, Reason, Result, id::ElectionId, text::CountryCode};
use tertulia_persistence::{Session, engagement::party};

/// Whether there is such an election. One that is supranational is everybody's, and a supranational body names any.
///
/// # Errors
/// `INVALID_INPUT` for one that is held in another country than the body's.
pub(super) async fn has_election(session: &dyn Session, election: ElectionId, country: Option<CountryCode>) -> Result<bool> {
    let Some(held_in) = party::country_of_election(session, election).await? else { return Ok(false) };
    if held_in.zip(country).is_some_and(|(held_in, country)| held_in != country) {
        let message = "This election is held in another country than the electoral body's.";
        return Err(Error::invalid(Reason::NotAnOption, "electionId", message));
    }
    Ok(true)
}
