//! Calendars to fetch: of one dialogue, and of whoever holds a private address.

use std::collections::HashMap;

use secrecy::SecretString;
use sha2::{Digest, Sha256};
use tertulia_domain::{
    Error, Reason, Result,
    dialogue::{Dialogue, FeedScope, FeedToken, Meeting},
    id::{DialogueId, Id, MeetingId},
    policy::{Act, Actor, Scope},
    record::{
        audit::hex,
        event::{Event, Topic},
    },
    time::Instant,
};
use tertulia_persistence::{
    dialogue::{
        attendee::{self, Attendee},
        dialogue, feed_token, meeting,
    },
    identity::authentication,
};

use super::{
    attendee::Attendees,
    calendar::{self, Heading, Series},
};
use crate::{App, Ctx, identity::opaque};

/// A calendar's text, and what tells it from every other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// iCalendar, UTF-8, lines ended by CRLF.
    pub text: String,
    /// Digest of the text, for `ETag`.
    pub digest: String,
    /// When what it is made of was last changed, if it is made of the same rows for every reader: rights that change leave no
    /// trace in them.
    pub changed_at: Option<Instant>,
}

impl Feed {
    fn of(text: String) -> Self {
        let digest = hex(&Sha256::digest(text.as_bytes()));
        Self { text, digest, changed_at: None }
    }
}

/// The calendar of one dialogue that the caller may read. It goes through many hands, so that neither a join link nor anybody who
/// takes part is in it, whoever asks.
pub async fn of_dialogue(app: &App, ctx: &Ctx, id: DialogueId) -> Result<Feed> {
    ctx.may(Act::DialogueRead)?;
    let (reader, sight) = (app.reader(ctx), ctx.dialogues());
    let dialogue = dialogue::find(&reader, &sight, id).await?.ok_or_else(|| Error::not_found(""))?;
    let meetings = meeting::for_calendar(&reader, &sight, &[id]).await?;
    let name = dialogue.title.best(&ctx.languages).to_owned();
    let changed_at = meetings.iter().map(|meeting| meeting.updated_at).max().max(Some(dialogue.updated_at));
    let series = Series { dialogue, meetings, with_join_links: false, attendees: Attendees::default() };
    let heading = Heading { name: &name, organiser: &app.identity.mailer.address(), is_published: true };
    calendar::text(heading, &[series], &ctx.languages).map(|text| Feed { changed_at, ..Feed::of(text) })
}

/// The calendar behind a private address. The rights are its owner's at this moment.
///
/// # Errors
/// `NOT_FOUND` if there is no such address, it was revoked, its owner may no longer read the dialogue that it names, or his organisation is
/// locked.
pub async fn of_token(app: &App, ctx: &Ctx, presented: &SecretString) -> Result<Feed> {
    let reader = app.reader(ctx);
    let hash = opaque::hash(presented).ok_or_else(|| Error::not_found(""))?;
    let token = feed_token::find_by_hash(&reader, &hash).await?.ok_or_else(|| Error::not_found(""))?;
    if token.revoked_at.is_some() {
        return Err(Error::new(tertulia_domain::Code::NotFound, Reason::Expired, "", "This calendar address was revoked."));
    }
    let held = authentication::of_user(&reader, token.user).await?;
    if held.is_locked_out {
        return Err(Error::new(
            tertulia_domain::Code::NotFound,
            Reason::Locked,
            "",
            "The organisation of this calendar's owner is locked.",
        ));
    }
    let owner = Ctx { actor: owner(&token, held.members), ..ctx.clone() };
    let feed = of_owner(app, &owner, &token).await?;
    if let Some(day) = token.day_to_note(ctx.now) {
        let grant = owner.allow(Act::FeedTokenUse, &Scope::of_user(token.user))?;
        let uow = app.begin(&owner).await?;
        feed_token::note_use(uow.writer(), token.id, day).await?;
        uow.commit(grant, [Event::new(Topic::FeedTokenUsed, token.id.any())]).await?;
    }
    Ok(feed)
}

/// The owner as somebody who asks. There is no sign-in: the address's own id stands in its place.
fn owner(token: &FeedToken, members: Vec<tertulia_domain::policy::Member>) -> Actor {
    Actor::User { id: token.user, session: Id::new(token.id.uuid()), members }
}

async fn of_owner(app: &App, owner: &Ctx, token: &FeedToken) -> Result<Feed> {
    let (reader, sight) = (app.reader(owner), owner.dialogues());
    let dialogues = match (token.scope, token.dialogue, token.organisation) {
        (FeedScope::Dialogue, Some(id), _) => vec![dialogue::find(&reader, &sight, id).await?.ok_or_else(|| Error::not_found(""))?],
        (FeedScope::Organisation, _, Some(id)) if !sight.is_of(id) => return Err(Error::not_found("")),
        (FeedScope::Organisation, _, Some(id)) => dialogue::of_organisation(&reader, &sight, id).await?,
        _ => dialogue::of_own(&reader, &sight).await?,
    };
    let ids: Vec<DialogueId> = dialogues.iter().map(|dialogue| dialogue.id).collect();
    let meetings = if ids.is_empty() { Vec::new() } else { meeting::for_calendar(&reader, &sight, &ids).await? };
    let name = match (token.scope, dialogues.first()) {
        (FeedScope::Dialogue, Some(dialogue)) => dialogue.title.best(&owner.languages).to_owned(),
        _ => "Tertulia".to_owned(),
    };
    let seen = attendees(app, owner, &ids).await?;
    let series: Vec<Series> = dialogues.into_iter().map(|dialogue| series(dialogue, &meetings, owner, &seen)).collect();
    let heading = Heading { name: &name, organiser: &app.identity.mailer.address(), is_published: false };
    calendar::text(heading, &series, &owner.languages).map(Feed::of)
}

/// Whom the owner may see on the lists of the meetings of these dialogues.
async fn attendees(app: &App, owner: &Ctx, dialogues: &[DialogueId]) -> Result<HashMap<MeetingId, Vec<Attendee>>> {
    let mut seen: HashMap<MeetingId, Vec<Attendee>> = HashMap::new();
    if dialogues.is_empty() {
        return Ok(seen);
    }
    let sights = (&owner.dialogues(), &owner.participations());
    for one in attendee::of_dialogues(&app.reader(owner), sights, dialogues).await? {
        seen.entry(one.meeting).or_default().push(one);
    }
    Ok(seen)
}

fn series(dialogue: Dialogue, meetings: &[Meeting], owner: &Ctx, seen: &HashMap<MeetingId, Vec<Attendee>>) -> Series {
    let meetings: Vec<Meeting> = meetings.iter().filter(|meeting| meeting.dialogue == dialogue.id).cloned().collect();
    let with_join_links = owner.dialogues().has_join_link(dialogue.parties());
    let attendees = Attendees::of(owner.actor.user(), seen, &meetings);
    Series { dialogue, meetings, with_join_links, attendees }
}
