//! Private calendar addresses: made and revoked by their owner.

use secrecy::SecretString;
use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    dialogue::{FeedScope, FeedToken, feed_token::MOST},
    id::{DialogueId, FeedTokenId, OrganisationId, UserId, read},
    policy::{Act, Grant, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::dialogue::{dialogue, feed_token};

use crate::{App, Ctx, IdempotencyKey, identity::opaque::Opaque};

/// An address to be made, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct NewFeed {
    /// Which meetings it shows.
    pub scope: FeedScope,
    /// The dialogue's id, if it shows one only.
    pub dialogue_id: Option<String>,
    /// The organisation's id, if it shows the dialogues of one only.
    pub organisation_id: Option<String>,
}

impl NewFeed {
    fn check(&self) -> Result<(Option<DialogueId>, Option<OrganisationId>)> {
        let mut faults = Faults::default();
        let dialogue = self.dialogue_id.as_deref().and_then(|raw| faults.check("dialogueId", read(raw)));
        let organisation = self.organisation_id.as_deref().and_then(|raw| faults.check("organisationId", read(raw)));
        for (path, given, scope) in [
            ("dialogueId", self.dialogue_id.is_some(), FeedScope::Dialogue),
            ("organisationId", self.organisation_id.is_some(), FeedScope::Organisation),
        ] {
            match (self.scope == scope, given) {
                (true, false) => faults.add(Reason::Required, path, "Say which one."),
                (false, true) => faults.add(Reason::Contradiction, path, "A calendar of this scope does not name one."),
                _ => {}
            }
        }
        faults.finish()?;
        Ok((dialogue, organisation))
    }
}

fn grant(ctx: &Ctx, act: Act) -> Result<(UserId, Grant)> {
    ctx.may(act)?;
    let user = ctx.actor.user().ok_or_else(|| Error::unauthenticated("Sign in first."))?;
    Ok((user, ctx.allow(act, &Scope::of_user(user))?))
}

/// Makes an address for the caller. Its secret is handed out this once: a repeated request gets the address without it.
pub async fn create(app: &App, ctx: &Ctx, input: &NewFeed, key: Option<&str>) -> Result<(FeedToken, Option<SecretString>)> {
    let (user, grant) = grant(ctx, Act::FeedTokenCreate)?;
    let key = IdempotencyKey::parse(key, input)?;
    let (dialogue, organisation) = input.check()?;
    let opaque = Opaque::generate()?;
    let id: FeedTokenId = app.ids.new_id();
    let uow = app.begin(ctx).await?;
    if let Some(done) = uow.claim(&grant, key.as_ref(), id.any()).await? {
        let found = match done.typed() {
            Some(id) => feed_token::find(uow.writer(), user, id).await?,
            None => None,
        };
        return found.map(|token| (token, None)).ok_or_else(|| Error::not_found(""));
    }
    if let Some(dialogue) = dialogue {
        dialogue::find(uow.writer(), &ctx.dialogues(), dialogue).await?.ok_or_else(|| Error::not_found("dialogueId"))?;
    }
    if organisation.is_some_and(|id| !ctx.dialogues().is_of(id)) {
        return Err(Error::not_found("organisationId"));
    }
    if feed_token::count(uow.writer(), user).await? >= MOST {
        let message = format!("You have {MOST} calendar addresses. Revoke one that you no longer use.");
        return Err(Error::new(Code::LimitExceeded, Reason::TooMany, "", message));
    }
    let token =
        FeedToken { id, user, scope: input.scope, dialogue, organisation, created_at: ctx.now, last_used_at: None, revoked_at: None };
    feed_token::insert(uow.writer(), &token, &opaque.hash).await?;
    uow.commit(grant, [Event::new(Topic::FeedTokenCreated, id.any())]).await?;
    Ok((token, Some(opaque.secret)))
}

/// Takes one of the caller's addresses out of use, at once.
pub async fn revoke(app: &App, ctx: &Ctx, raw_id: &str) -> Result<FeedToken> {
    let (user, grant) = grant(ctx, Act::FeedTokenRevoke)?;
    let id: FeedTokenId = read(raw_id).map_err(|error| error.under("feedTokenId"))?;
    let uow = app.begin(ctx).await?;
    let found = feed_token::find(uow.writer(), user, id).await?.ok_or_else(|| Error::not_found("feedTokenId"))?;
    let revoked = found.revoke(ctx.now)?;
    if !feed_token::revoke(uow.writer(), id, ctx.now).await? {
        return revoked.revoke(ctx.now);
    }
    uow.commit(grant, [Event::new(Topic::FeedTokenRevoked, id.any())]).await?;
    Ok(revoked)
}

/// The addresses of the caller, newest first, the revoked ones included.
pub async fn list(app: &App, ctx: &Ctx) -> Result<Vec<FeedToken>> {
    let (user, _) = grant(ctx, Act::FeedTokenCreate)?;
    feed_token::list(&app.reader(ctx), user).await
}
