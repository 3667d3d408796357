//! The parts of the document about a person that may be long, page by page.

use std::collections::HashMap;

use serde_json::{Value, json};
use tertulia_domain::{
    Result,
    dialogue::Participation,
    engagement::fact::Chained,
    id::{ContactId, UserId, kinds},
    record::audit::AuditEntry,
};
use tertulia_persistence::{
    Reader,
    engagement::fact,
    person::{self, Left},
};
use uuid::Uuid;

use crate::{App, Ctx};

/// A part of the document.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Participations,
    PollAnswers,
    ContactComments,
    ContactAttachments,
    Files,
    Minutes,
    MinutesComments,
    CommitmentActs,
    CalendarLetters,
    ApiClients,
    ContactImports,
    Acts,
}

/// A page of a part, and where the next one begins; none behind the last.
pub(super) type Page = (Vec<Value>, Option<Uuid>);

impl Part {
    pub(super) const ALL: [Self; 12] = [
        Self::Participations,
        Self::PollAnswers,
        Self::ContactComments,
        Self::ContactAttachments,
        Self::Files,
        Self::Minutes,
        Self::MinutesComments,
        Self::CommitmentActs,
        Self::CalendarLetters,
        Self::ApiClients,
        Self::ContactImports,
        Self::Acts,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Participations => "participations",
            Self::PollAnswers => "pollAnswers",
            Self::ContactComments => "contactComments",
            Self::ContactAttachments => "contactAttachments",
            Self::Files => "files",
            Self::Minutes => "minutes",
            Self::MinutesComments => "minutesComments",
            Self::CommitmentActs => "commitmentActs",
            Self::CalendarLetters => "calendarLetters",
            Self::ApiClients => "apiClients",
            Self::ContactImports => "contactImports",
            Self::Acts => "acts",
        }
    }

    pub(super) async fn page(self, app: &App, ctx: &Ctx, who: UserId, after: Option<Uuid>) -> Result<Page> {
        let reader = &app.current_reader(ctx);
        let found = match self {
            Self::Participations => {
                let found = person::participations(reader, who, after).await?;
                return Ok(paged(found.iter().map(participation).collect(), found.last().map(|one| one.id.uuid())));
            }
            Self::Acts => {
                let found = person::acts(reader, who, after).await?;
                let last = found.last().map(|one| one.id.uuid());
                return Ok(paged(acts(reader, ctx, who, found).await?, last));
            }
            Self::PollAnswers => person::poll_answers(reader, who, after).await?,
            Self::ContactComments => person::contact_comments(reader, who, after).await?,
            Self::ContactAttachments => person::contact_attachments(reader, who, after).await?,
            Self::Files => person::files(reader, who, after).await?,
            Self::Minutes => person::minutes(reader, who, after).await?,
            Self::MinutesComments => person::minutes_comments(reader, who, after).await?,
            Self::CommitmentActs => person::commitment_acts(reader, who, after).await?,
            Self::CalendarLetters => person::calendar_letters(reader, who, after).await?,
            Self::ApiClients => person::api_clients(reader, who, after).await?,
            Self::ContactImports => person::contact_imports(reader, who, after).await?,
        };
        let last = found.last().map(|one| one.row);
        Ok(paged(found.into_iter().map(|one| left(ctx, one)).collect(), last))
    }
}

fn paged(rows: Vec<Value>, last: Option<Uuid>) -> Page {
    let is_full = u64::try_from(rows.len()).is_ok_and(|rows| rows >= person::PAGE);
    (rows, last.filter(|_| is_full))
}

fn participation(one: &Participation) -> Value {
    json!({
        "id": one.id, "meetingId": one.meeting, "dialogueId": one.dialogue, "organisationId": one.organisation,
        "capacityRole": one.role, "status": one.status, "mode": one.mode, "interpretationNeeds": one.interpretation_needs,
        "accessNeeds": one.access_needs, "listed": one.listed, "offeredUntil": one.offered_until, "attendedFrom": one.attended_from,
        "attendedTo": one.attended_to, "createdAt": one.created_at, "updatedAt": one.updated_at, "generated": one.generated,
    })
}

/// Who wrote for an organisation takes his words with him while he acts for it; later that he wrote.
fn left(ctx: &Ctx, one: Left) -> Value {
    let text = one.text.filter(|_| one.organisation.is_none_or(|organisation| acts_for(ctx, organisation)));
    json!({
        "id": one.id.map(|id| id.to_string()), "about": one.about.map(|id| id.to_string()), "organisationId": one.organisation, "at": one.at,
        "step": one.step, "text": text,
    })
}

fn acts_for(ctx: &Ctx, organisation: tertulia_domain::id::OrganisationId) -> bool {
    ctx.actor.members().iter().any(|member| member.organisation == organisation)
}

/// Lines of the audit log, each with the facts of a contact that the person recorded by that act. Without their places in the
/// log and their hashes, which are for who reads all of it.
async fn acts(reader: &Reader, ctx: &Ctx, who: UserId, lines: Vec<AuditEntry>) -> Result<Vec<Value>> {
    let mut contacts: Vec<ContactId> = lines.iter().filter_map(|line| line.object.typed::<kinds::Contact>()).collect();
    contacts.sort_unstable();
    contacts.dedup();
    let mut recorded: HashMap<ContactId, Vec<Chained>> = HashMap::new();
    if !contacts.is_empty() {
        for (contact, fact) in fact::find_chained(reader, &contacts).await? {
            if fact.seal.sealed.person == Some(who) {
                recorded.entry(contact).or_default().push(fact);
            }
        }
    }
    let facts = |line: &AuditEntry| -> Vec<Value> {
        let of_contact = line.object.typed::<kinds::Contact>().and_then(|contact| recorded.get(&contact)).into_iter().flatten();
        of_contact.filter(|one| one.fact.recorded_at == line.at).map(|one| fact_of(ctx, one)).collect()
    };
    let line = |line: &AuditEntry| {
        json!({
            "id": line.id, "at": line.at, "act": line.act, "objectId": line.object.to_string(), "organisationId": line.organisation,
            "fields": line.fields, "requestId": line.request_id, "facts": facts(line),
        })
    };
    Ok(lines.iter().map(line).collect())
}

fn fact_of(ctx: &Ctx, one: &Chained) -> Value {
    let note = one.seal.sealed.note.as_ref().filter(|_| acts_for(ctx, one.fact.told.organisation));
    json!({ "id": one.fact.id, "step": one.fact.told.step, "note": note })
}
