//! `participation.generate`: who might take part in the meetings of a dialogue, for a trial, marked as generated.

use tertulia_domain::{
    Error, Result,
    dialogue::{CapacityRole, Dialogue, Listed, Meeting, MeetingFilter, Participation, ParticipationMode, ParticipationStatus},
    id::{DialogueId, OrganisationId, UserId},
    page::PageRequest,
    policy::{Act, Role, Scope},
    record::event::{Event, Topic},
    text::{EmailAddress, LanguageTag},
};
use tertulia_persistence::{
    dialogue::{dialogue, meeting, participation},
    identity::{membership, user},
};

use crate::{App, Ctx};

/// Meetings for which participations are generated: those of about a year back and ahead.
const MEETINGS: u16 = 30;

/// Generates participations of the accounts with these addresses, which a generator made too, in the meetings of a generated dialogue that has none;
/// says how many.
pub async fn generate(app: &App, ctx: &Ctx, id: DialogueId, addresses: &[String]) -> Result<u64> {
    let grant = ctx.allow(Act::ParticipationGenerate, &Scope::default())?;
    let uow = app.begin(ctx).await?;
    let found = dialogue::find(uow.writer(), &ctx.dialogues(), id).await?.filter(|one| one.generated);
    let series = found.ok_or_else(|| Error::not_found("dialogueId"))?;
    let filter = MeetingFilter { dialogues: vec![id], ..MeetingFilter::default() };
    let page = PageRequest { limit: MEETINGS, ..PageRequest::default() };
    let meetings = meeting::list(uow.writer(), &ctx.dialogues(), &filter, false, &page).await?;
    let mut accounts = Vec::new();
    for raw in addresses {
        let found = user::find_by_email(uow.writer(), &EmailAddress::parse(raw)?).await?.filter(|one| one.generated);
        accounts.extend(found.map(|one| one.id));
    }
    let mut people = membership::held_by(uow.writer(), &accounts).await?;
    people.retain(|(_, _, role)| *role != Role::Auditor);
    let meetings: Vec<Meeting> = meetings.edges.into_iter().map(|edge| edge.item).collect();
    let ids: Vec<_> = meetings.iter().map(|one| one.id).collect();
    if !participation::seats(uow.writer(), &ids).await?.is_empty() {
        return Ok(0);
    }
    let mut made = Vec::new();
    for (month, one) in meetings.iter().enumerate() {
        let there = people.iter().enumerate();
        made.extend(there.map(|(place, who)| generated(app, ctx, (&series, one), *who, month + place)));
    }
    let Some(first) = made.first().map(|one| one.id) else { return Ok(0) };
    participation::insert(uow.writer(), &made).await?;
    uow.commit(grant, [Event::new(Topic::ParticipationGenerated, first.any())]).await?;
    Ok(made.len() as u64)
}

/// What somebody might have answered; `turn` varies it from meeting to meeting and from person to person.
fn generated(
    app: &App,
    ctx: &Ctx,
    (series, one): (&Dialogue, &Meeting),
    (person, organisation, role): (UserId, OrganisationId, Role),
    turn: usize,
) -> Participation {
    use ParticipationStatus as S;
    let is_over = one.ends_at <= ctx.now;
    let status = match (is_over, turn % 5) {
        (true, 3) => S::Absent,
        (_, 4) => S::Declined,
        (true, _) => S::Attended,
        (false, 0 | 1) => S::Accepted,
        (false, 2) => S::Tentative,
        (false, _) => S::Invited,
    };
    let at = one.starts_at.min(ctx.now);
    let french = LanguageTag::parse("fr").into_iter().filter(|_| turn.is_multiple_of(4)).collect();
    Participation {
        id: app.ids.new_id(),
        meeting: one.id,
        dialogue: series.id,
        organisation,
        person: Some(person),
        role: CapacityRole::of(role),
        status,
        mode: ParticipationMode::Online,
        interpretation_needs: french,
        access_needs: None,
        listed: if turn.is_multiple_of(2) { Listed::Participants } else { Listed::Public },
        ticket: None,
        offered_until: None,
        acted_by: None,
        attended_from: None,
        attended_to: None,
        generated: true,
        created_at: at,
        updated_at: at,
        version: 1,
    }
}
