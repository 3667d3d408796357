//! In what capacity somebody has a say in a meeting: for a party of its dialogue, or because he takes part himself.

use tertulia_domain::{
    Result,
    dialogue::Dialogue,
    id::{DialogueId, MeetingId, OrganisationId},
    policy::{ParticipationSight, Scope},
};
use tertulia_persistence::dialogue::{dialogue, participation};

use crate::UnitOfWork;

/// What the policy decides by whether the caller has a say: the party of the dialogue for which he acts, or his own part in the
/// meeting, and the organisation of that part.
pub(crate) async fn part(
    uow: &UnitOfWork<'_>,
    dialogue: DialogueId,
    meeting: Option<MeetingId>,
) -> Result<(Scope, Option<OrganisationId>)> {
    let ctx = uow.ctx();
    let found = dialogue::find(uow.writer(), &ctx.dialogues(), dialogue).await?;
    let parties: Vec<OrganisationId> = found.iter().flat_map(Dialogue::parties).collect();
    let sight = ParticipationSight::of(&ctx.actor);
    let owner = sight.organisations().iter().find(|own| parties.contains(own)).copied();
    let own = match (meeting, ctx.actor.user()) {
        (Some(meeting), Some(user)) => participation::of_person(uow.writer(), meeting, user).await?.filter(|one| one.status.takes_part()),
        _ => None,
    };
    let user = own.as_ref().and_then(|one| one.person);
    Ok((Scope { owner, user, ..Scope::default() }, own.map(|one| one.organisation)))
}
