//! Everything that is kept about a person, as one document for him alone.

use serde_json::{Map, Value, json};
use tertulia_domain::{
    Error, Result,
    directory::expert::Expert,
    id::UserId,
    identity::{Invitation, Membership, User},
    policy::{Act, Coverage, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{Reader, dialogue::feed_token, directory::expert, identity::user, person};
use uuid::Uuid;

use super::{
    letters_to,
    part::{Page, Part},
};
use crate::{App, Ctx};

/// The document while it is read, part by part, so that it costs no more memory the longer somebody was here.
#[derive(Debug)]
pub struct Document {
    who: UserId,
    parts: std::slice::Iter<'static, Part>,
    reading: Option<(Part, Option<Uuid>)>,
    is_begun: bool,
}

/// Permits the caller to take out what is kept about himself, and notes that he did (`user.dataExport`). Nobody takes out what is kept
/// about somebody else: a person may act for several organisations, and the administrator of one would learn of the others.
///
/// # Errors
/// `UNAUTHENTICATED`.
pub async fn data_export(app: &App, ctx: &Ctx) -> Result<Document> {
    ctx.may(Act::UserDataExport)?;
    let who = ctx.actor.user().ok_or_else(|| Error::unauthenticated("Sign in first."))?;
    let grant = ctx.allow(Act::UserDataExport, &Scope::of_user(who))?;
    let uow = app.begin(ctx).await?;
    uow.commit(grant, [Event::new(Topic::UserDataExported, who.any())]).await?;
    Ok(Document { who, parts: PARTS.iter(), reading: None, is_begun: false })
}

static PARTS: [Part; 12] = Part::ALL;

impl Document {
    /// The next piece of the document's text; `None` behind its end. `ctx` is who asks now: nobody reads on whose rights have ended.
    pub async fn next(&mut self, app: &App, ctx: &Ctx) -> Result<Option<String>> {
        if ctx.actor.user() != Some(self.who) {
            return Err(Error::unauthenticated("Sign in first."));
        }
        if !self.is_begun {
            self.is_begun = true;
            let head = Value::from(head(app, ctx, self.who).await?).to_string();
            return Ok(Some(head.strip_suffix('}').unwrap_or(&head).to_owned()));
        }
        let (part, after) = match self.reading.take() {
            Some(reading) => reading,
            None => match self.parts.next() {
                Some(part) => (*part, None),
                None => return Ok(None),
            },
        };
        let (rows, next): Page = part.page(app, ctx, self.who, after).await?;
        self.reading = next.map(|next| (part, Some(next)));
        Ok(Some(self.written(part, after.is_none(), &rows)))
    }

    /// A page of a part as it stands in the document.
    fn written(&self, part: Part, is_first: bool, rows: &[Value]) -> String {
        let rows = rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let begin = if is_first { format!(",\"{}\":[", part.name()) } else { String::new() };
        let comma = if is_first || rows.is_empty() { "" } else { "," };
        let is_last = self.reading.is_none();
        let end = if is_last { "]" } else { "" };
        let close = if is_last && self.parts.as_slice().is_empty() { "}" } else { "" };
        format!("{begin}{comma}{rows}{end}{close}")
    }
}

/// What is short: the account and what belongs to it. Of secrets not even the hashes.
async fn head(app: &App, ctx: &Ctx, who: UserId) -> Result<Map<String, Value>> {
    let reader = &app.current_reader(ctx);
    let own = user::find(reader, who).await?.ok_or_else(|| Error::broken("a caller without an account"))?;
    let mut head = Map::new();
    head.insert("takenOutAt".to_owned(), json!(ctx.now));
    head.insert("account".to_owned(), account(&own));
    let memberships = person::memberships(reader, who).await?;
    head.insert("memberships".to_owned(), memberships.iter().map(membership).collect());
    let invited = person::invitations(reader, &own.email).await?;
    head.insert("invitations".to_owned(), invited.iter().map(invitation).collect());
    head.extend(signing_in(reader, who).await?);
    let profile = expert::find_own(reader, who).await?;
    head.insert("expertProfile".to_owned(), profile.as_ref().map(expert_profile).unwrap_or_default());
    let letters = letters_to(app, reader, &own.email).await?;
    // Their texts are on their way to the person, and may hold links that are secrets.
    let letter = letters.iter().map(|(waiting, letter)| json!({ "subject": letter.mail.subject, "since": waiting.created_at }));
    head.insert("mailOnItsWay".to_owned(), letter.collect());
    Ok(head)
}

fn account(own: &User) -> Value {
    json!({
        "id": own.id, "name": own.name, "email": own.email, "createdAt": own.created_at, "passwordSetAt": own.password_set_at,
        "generated": own.generated,
    })
}

fn named<T: Ord + serde::Serialize>(coverage: &Coverage<T>) -> Value {
    match coverage {
        Coverage::All => json!("ALL"),
        Coverage::Only(set) => json!(set),
    }
}

fn membership(one: &Membership) -> Value {
    json!({
        "id": one.id, "organisationId": one.organisation, "role": one.role, "countries": named(&one.cover.countries),
        "services": named(&one.cover.services), "grantedAt": one.granted_at, "endedAt": one.ended_at,
    })
}

fn invitation(one: &Invitation) -> Value {
    json!({
        "id": one.id, "name": one.person.name, "email": one.person.email, "organisationId": one.organisation, "role": one.role,
        "createdAt": one.created_at, "expiresAt": one.expires_at, "acceptedAt": one.accepted_at, "replacedAt": one.replaced_at,
    })
}

/// Sessions, requests for a new password and private calendars: that there were, without what opens them.
async fn signing_in(reader: &Reader, who: UserId) -> Result<Map<String, Value>> {
    let sessions = person::sessions(reader, who).await?.into_iter().map(|one| {
        let (ended_at, why) = one.ended.unzip();
        json!({ "id": one.id, "createdAt": one.created_at, "expiresAt": one.expires_at, "endedAt": ended_at, "endedWhy": why })
    });
    let resets = person::resets(reader, who).await?.into_iter();
    let resets = resets.map(|one| json!({ "createdAt": one.created_at, "usedAt": one.used_at }));
    let feeds = feed_token::list(reader, who).await?.into_iter().map(|one| {
        json!({
            "id": one.id, "scope": one.scope, "dialogueId": one.dialogue, "organisationId": one.organisation, "createdAt": one.created_at,
            "lastUsedAt": one.last_used_at, "revokedAt": one.revoked_at,
        })
    });
    let parts = [("sessions", sessions.collect()), ("passwordResets", resets.collect()), ("calendarAddresses", feeds.collect())];
    Ok(parts.into_iter().map(|(name, rows): (&str, Value)| (name.to_owned(), rows)).collect())
}

fn expert_profile(one: &Expert) -> Value {
    json!({
        "id": one.id, "email": one.email, "profile": one.fields.fields, "consent": one.consent, "createdAt": one.created_at,
        "updatedAt": one.updated_at, "version": one.version,
    })
}
