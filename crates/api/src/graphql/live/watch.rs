//! Whether the caller of a connection that stays open may still be served.

use std::{future::pending, sync::Arc, time::Duration};

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use tertulia_app::{App, Ctx, identity};
use tertulia_domain::{
    Code, Result,
    policy::Actor,
    record::event::{RecordedEvent, Topic},
    time::Instant,
};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::sleep,
};

use crate::auth;

/// A caller, and the events that may take his rights.
pub(in crate::graphql) struct Watch {
    app: Arc<App>,
    ctx: Ctx,
    token: Option<String>,
    expires_at: Option<Instant>,
    events: Receiver<Arc<RecordedEvent>>,
}

/// Something that may have ended the caller's rights.
pub(in crate::graphql) enum Heard {
    /// An event.
    Event(Arc<RecordedEvent>),
    /// Some events were missed.
    Missed,
    /// The token's time is over.
    Time,
    /// There will be no more events.
    Nothing,
}

/// Why a caller is served no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum Lapse {
    /// The access token has expired.
    Expired,
    /// The session has ended.
    Ended,
    /// What the caller may do has changed.
    Changed,
    /// It cannot be found out now.
    Unknown,
    /// The server stops.
    Stopped,
}

impl Watch {
    /// Authenticates the caller, and watches him from before that on.
    pub(in crate::graphql) async fn begin(app: &Arc<App>, headers: &HeaderMap) -> Result<Self> {
        let events = app.record.listen();
        let ctx = auth::context(app, headers).await?;
        let token = headers.get(AUTHORIZATION).and_then(|value| auth::bearer(value.to_str().ok()?)).map(str::to_owned);
        let expires_at = token.as_deref().and_then(auth::expiry);
        Ok(Self { app: Arc::clone(app), ctx, token, expires_at, events })
    }

    /// Who is watched.
    pub(in crate::graphql) const fn caller(&self) -> &Ctx {
        &self.ctx
    }

    /// The caller's context for an operation that begins now.
    pub(in crate::graphql) fn context(&self) -> Arc<Ctx> {
        let ctx = self.ctx.clone();
        Arc::new(Ctx::new(ctx.actor, self.app.clock.now(), ctx.request_id, ctx.languages))
    }

    /// Waits for something to judge. Nothing is lost if the waiting is broken off.
    pub(in crate::graphql) async fn hear(&mut self) -> Heard {
        let left = self.expires_at.map(|at| (at - self.app.clock.now()).to_std().unwrap_or(Duration::ZERO));
        let over = async {
            match left {
                Some(left) => sleep(left).await,
                None => pending().await,
            }
        };
        tokio::select! {
            biased;
            event = self.events.recv() => match event {
                Ok(event) => Heard::Event(event),
                Err(RecvError::Lagged(_)) => Heard::Missed,
                Err(RecvError::Closed) => Heard::Nothing,
            },
            () = over => Heard::Time,
        }
    }

    /// Says whether what was heard ends the caller's rights.
    pub(in crate::graphql) async fn judge(&self, heard: Heard) -> Result<(), Lapse> {
        self.check_expiry()?;
        match heard {
            Heard::Event(event) if self.concerns(&event) => self.check_rights().await,
            Heard::Event(_) | Heard::Time => Ok(()),
            Heard::Missed => self.check_rights().await,
            Heard::Nothing => Err(Lapse::Stopped),
        }
    }

    /// Refuses a caller whose token has expired.
    pub(in crate::graphql) fn check_expiry(&self) -> Result<(), Lapse> {
        if self.expires_at.is_some_and(|at| at <= self.app.clock.now()) { Err(Lapse::Expired) } else { Ok(()) }
    }

    /// Whether an event ended the caller's session or changed what he may do.
    fn concerns(&self, event: &RecordedEvent) -> bool {
        let object = event.object;
        let (members, sign_in) = match &self.ctx.actor {
            Actor::User { members, id, session } => (members, Some((id, session))),
            Actor::Client { members, .. } => (members, None),
            Actor::Anonymous | Actor::System => return false,
        };
        match event.topic {
            Topic::SessionEnded => sign_in.is_some_and(|(_, session)| object.typed() == Some(*session)),
            Topic::PasswordChanged => {
                sign_in.is_some_and(|(user, session)| object.typed() == Some(*user) || object.typed() == Some(*session))
            }
            Topic::ApiClientRevoked | Topic::ApiClientRotated => {
                self.ctx.actor.client().is_some_and(|client| object.typed() == Some(client))
            }
            Topic::UserErased => sign_in.is_some_and(|(user, _)| object.typed() == Some(*user)),
            Topic::OrganisationLocked => members.iter().any(|member| object.typed() == Some(member.organisation)),
            Topic::MembershipRevoked | Topic::MembershipCovered => members.iter().any(|member| object.typed() == Some(member.id)),
            _ => false,
        }
    }

    async fn check_rights(&self) -> Result<(), Lapse> {
        let Some(token) = &self.token else { return Ok(()) };
        let now = Ctx::new(Actor::Anonymous, self.app.clock.now(), self.ctx.request_id.clone(), Vec::new());
        match identity::session::authenticate(&self.app, &now, token).await {
            Ok(actor) if actor == self.ctx.actor => Ok(()),
            Ok(_) => Err(Lapse::Changed),
            Err(error) if error.code == Code::Unauthenticated => Err(Lapse::Ended),
            Err(_) => Err(Lapse::Unknown),
        }
    }
}
