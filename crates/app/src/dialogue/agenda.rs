//! Agendas: set whole and in order by who arranges the meeting, read with their meetings.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    dialogue::{
        AgendaDraft, AgendaItem, AgendaItemKind, AgendaVisibility, Attribution, Length, Meeting, MeetingStatus, agenda_draft::Known,
    },
    id::{AgendaItemId, ExpertId, MeetingId, OrganisationId, read},
    policy::Act,
    record::event::{Event, Topic},
    text::LocalizedText,
};
use tertulia_persistence::{
    Session,
    dialogue::{agenda, commitment, meeting},
    directory::expert,
    identity::organisation,
};

use super::series::find_meeting_for;
use crate::{App, Ctx, IdempotencyKey, UnitOfWork, check_version};

/// What the caller reads of the agendas of meetings that he was shown, each in its order.
pub async fn by_meetings(app: &App, ctx: &Ctx, meetings: &[MeetingId]) -> Result<Vec<AgendaItem>> {
    ctx.may(Act::DialogueRead)?;
    agenda::find_many(&app.reader(ctx), &ctx.dialogues(), meetings).await
}

/// Those of the points of these ids that the caller may read, in any order.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[AgendaItemId]) -> Result<Vec<AgendaItem>> {
    ctx.may(Act::DialogueRead)?;
    agenda::by_ids(&app.reader(ctx), &ctx.dialogues(), ids).await
}

/// An agenda, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Revise {
    /// The meeting's id.
    pub meeting_id: String,
    /// The points in their order.
    pub agenda: AgendaDraft,
    /// The version of the meeting on which the edit is based.
    pub version: i64,
}

/// Sets the agenda of a meeting, whole. Points that stay keep their ids. The meeting's version grows by one each time, whatever
/// changed, so that it tells nobody what.
pub async fn revise(app: &App, ctx: &Ctx, input: &Revise, key: Option<&str>) -> Result<Meeting> {
    ctx.may(Act::AgendaRevise)?;
    let key = IdempotencyKey::parse(key, input)?;
    let id: MeetingId = read(&input.meeting_id).map_err(|error| error.under("meetingId"))?;
    let uow = app.begin(ctx).await?;
    let (found, dialogue, grant) = find_meeting_for(&uow, Act::AgendaRevise, id).await?;
    if uow.claim(&grant, key.as_ref(), id.any()).await?.is_some() {
        return Ok(found);
    }
    check_version(input.version, found.version)?;
    if matches!(found.status, MeetingStatus::Cancelled | MeetingStatus::Archived) {
        let message = "The agenda of a meeting that was cancelled or archived stays as it is.";
        return Err(Error::new(Code::InvalidTransition, Reason::NotAllowedNow, "", message));
    }
    let former = agenda::whole(uow.writer(), id).await?;
    let known = Known { meeting: id, items: &former, attribution: dialogue.attribution_default };
    let items = input.agenda.check(known, || app.ids.new_id())?;
    check_speakers(uow.writer(), ctx, &items).await?;
    check_commitments(&uow, &former, &items).await?;
    let replaced: Vec<Replaced<'_>> = former.iter().map(Replaced::from).collect();
    uow.replace(&grant, id.any(), found.version, &replaced)?;
    let changed = Meeting { version: found.version + 1, updated_at: ctx.now, ..found.clone() };
    if !meeting::update(uow.writer(), &changed).await? {
        check_version(found.version, changed.version)?;
    }
    agenda::replace(uow.writer(), id, &items).await?;
    uow.commit(grant, [Event::edit(Topic::AgendaRevised, id.any(), vec!["agenda"])]).await?;
    Ok(changed)
}

/// Notes each organisation and each expert whom the caller does not know.
async fn check_speakers(session: &dyn Session, ctx: &Ctx, items: &[AgendaItem]) -> Result<()> {
    let speakers = || items.iter().flat_map(|item| &item.speakers);
    let organisations: Vec<OrganisationId> = speakers().filter_map(|speaker| speaker.organisation).collect();
    let experts: Vec<ExpertId> = speakers().filter_map(|speaker| speaker.expert).collect();
    let known =
        if organisations.is_empty() { Vec::new() } else { organisation::known(session, &organisations).await?.into_iter().collect() };
    let listed: Vec<ExpertId> = if experts.is_empty() {
        Vec::new()
    } else {
        expert::find_many(session, &ctx.directory(), ctx.now, &experts).await?.into_iter().map(|one| one.id).collect()
    };
    let mut faults = Faults::default();
    for (index, item) in items.iter().enumerate() {
        for (place, speaker) in item.speakers.iter().enumerate() {
            let path = format!("items.{index}.speakers.{place}");
            if speaker.organisation.is_some_and(|id| !known.contains(&id)) {
                faults.add(Reason::UnknownId, &format!("{path}.organisationId"), "There is no such organisation.");
            }
            if speaker.expert.is_some_and(|id| !listed.contains(&id)) {
                faults.add(Reason::UnknownId, &format!("{path}.expertId"), "There is no such expert, or you may not read the profile.");
            }
        }
    }
    faults.finish()
}

/// Refuses to leave out a point at which a commitment was made: who may read the commitment follows from it.
async fn check_commitments(uow: &UnitOfWork<'_>, former: &[AgendaItem], items: &[AgendaItem]) -> Result<()> {
    let left_out: Vec<AgendaItemId> = former.iter().map(|item| item.id).filter(|id| items.iter().all(|item| item.id != *id)).collect();
    if commitment::made_at(uow.writer(), &left_out).await?.is_empty() {
        return Ok(());
    }
    let message = "A commitment was made at a point that you leave out. It must stay on the agenda.";
    Err(Error::new(Code::Conflict, Reason::NotAllowedNow, "items", message))
}

/// What setting an agenda replaces. Names of speakers are left out: a point may have come under a rule by which nobody is told them.
#[derive(Serialize)]
struct Replaced<'a> {
    id: AgendaItemId,
    title: &'a LocalizedText,
    kind: AgendaItemKind,
    duration: Option<Length>,
    visibility: AgendaVisibility,
    attribution: Attribution,
}

impl<'a> From<&'a AgendaItem> for Replaced<'a> {
    fn from(item: &'a AgendaItem) -> Self {
        Self {
            id: item.id,
            title: &item.title,
            kind: item.kind,
            duration: item.length,
            visibility: item.visibility,
            attribution: item.attribution,
        }
    }
}
