//! Says which service the name means that a sender gave.

use serde::Serialize;
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    engagement::{contact::Contact, new_contact::id},
    policy::Act,
    record::event::Topic,
};
use tertulia_persistence::directory::platform;

use super::{
    named::check_channel,
    targeting::bind,
    telling::{Open, Opened, Telling, derive, open, share},
};
use crate::{App, Ctx, engagement::response_target::in_force};

/// The service that a name means.
#[derive(Clone, Debug, Serialize)]
pub struct ResolvePlatform {
    /// What every act says.
    pub telling: Telling,
    /// The service.
    pub service: String,
}

/// Says which service a contact is about whose sender gave a name only; from then on the platform reads it. The coordinator's act.
pub async fn resolve_platform(app: &App, ctx: &Ctx, input: ResolvePlatform) -> Result<Contact> {
    ctx.may(Act::ContactResolvePlatform)?;
    let mut faults = Faults::default();
    let words = faults.check("", input.telling.check(ctx.now, false, &input));
    let service = faults.check("platformServiceId", id(&input.service));
    let (words, service) = faults.finish_with(words.zip(service))?;
    let targets = in_force(app, ctx).await?;
    match open(app, ctx, Act::ContactResolvePlatform, words, input.telling.version).await? {
        Opened::Before(contact) => Ok(*contact),
        Opened::Now(mut open) => {
            if open.contact.service.is_some() {
                let message = "The service of this contact is known.";
                return Err(Error::new(Code::InvalidTransition, Reason::AlreadyDone, "platformServiceId", message));
            }
            let found = platform::find(open.uow.writer(), service).await?;
            let found = found.ok_or_else(|| Error::not_found("platformServiceId"))?;
            check_channel(&open.uow, &open.contact.header, &found).await?;
            (open.contact.service, open.contact.platform) = (Some(found.id), Some(found.platform));
            // What was sent to a name is bound as if it had been sent to the service.
            if let Some(sent_at) = open.contact.life.sent_at {
                let Open { uow, contact, .. } = &mut *open;
                bind(uow, contact, &targets, sent_at).await?;
                if open.contact.bound.is_some() {
                    let facts = open.facts().await?;
                    derive(&mut open.contact, &facts, ctx.now);
                }
            }
            share(&mut open.contact, ctx.now);
            open.keep_changed(Topic::ContactPlatformResolved, vec!["platformService"]).await
        }
    }
}
