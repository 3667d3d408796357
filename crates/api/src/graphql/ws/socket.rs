//! One socket from its first message to its last.

use std::{collections::HashMap, future::pending, sync::Arc, time::Duration};

use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, ProtocolError, Session};
use async_graphql::{Response, Value};
use futures::{
    FutureExt,
    stream::{self, AbortHandle, BoxStream, SelectAll, StreamExt},
};
use serde_json::Map;
use tertulia_domain::{Code, Error, Reason};
use tokio::time::{self, timeout};

use super::message::{self, Closing, Incoming};
use crate::{
    error,
    graphql::{
        http,
        live::{self, Heard, Lapse, Place, Watch},
        precheck::Operation,
    },
    server::State,
};

/// How often the server pings; a client that has said nothing for two of these is gone.
const BEAT: Duration = Duration::from_secs(30);

/// What a stream yields: the operation, how many came before, and a response, or `None` at its end.
type Part = (String, usize, Option<Response>);

pub(super) struct Socket {
    state: Arc<State>,
    headers: HeaderMap,
    session: Session,
    place: Place,
    /// Who speaks, once `connection_init` was answered.
    caller: Option<Watch>,
    operations: HashMap<String, AbortHandle>,
    streams: SelectAll<BoxStream<'static, Part>>,
    /// Beats since the client was last heard.
    silent: u8,
}

impl Socket {
    pub(super) fn new(state: Arc<State>, headers: HeaderMap, session: Session, place: Place) -> Self {
        Self { state, headers, session, place, caller: None, operations: HashMap::new(), streams: SelectAll::new(), silent: 0 }
    }

    pub(super) async fn run(mut self, messages: AggregatedMessageStream) {
        let Err(closing) = self.serve(messages).await;
        tracing::debug!(?closing, "a socket is closed");
        if closing != Closing::Gone {
            // A client that does not read does not get the reason either.
            let _ = timeout(Duration::from_secs(1), self.session.close(closing.reason())).await;
        }
    }

    async fn serve(&mut self, mut messages: AggregatedMessageStream) -> Result<std::convert::Infallible, Closing> {
        let mut stopping = self.state.places.stopping();
        let mut beat = time::interval_at(time::Instant::now() + BEAT, BEAT);
        let init = time::sleep(live::patience(&self.state));
        tokio::pin!(init);
        loop {
            // In this order: no response goes out after an event that took the right to it.
            tokio::select! {
                biased;
                _ = stopping.wait_for(|stop| *stop) => return Err(Closing::Away),
                heard = heard(&mut self.caller) => if let Some(caller) = &self.caller {
                    caller.judge(heard).await?;
                },
                () = &mut init, if self.caller.is_none() => return Err(Closing::InitTimeout),
                _ = beat.tick() => self.beat().await?,
                message = messages.recv() => self.receive(message).await?,
                Some(part) = self.streams.next(), if !self.streams.is_empty() => self.deliver(part).await?,
            }
        }
    }

    async fn beat(&mut self) -> Result<(), Closing> {
        self.check_expiry()?;
        self.silent += 1;
        if self.silent > 2 {
            return Err(Closing::Gone);
        }
        timeout(live::patience(&self.state), self.session.ping(b"")).await.map_err(|_| Closing::TooSlow)?.map_err(|_| Closing::Gone)
    }

    async fn receive(&mut self, message: Option<Result<AggregatedMessage, ProtocolError>>) -> Result<(), Closing> {
        self.silent = 0;
        match message {
            None | Some(Err(ProtocolError::Io(_))) => Err(Closing::Gone),
            Some(Err(_)) => Err(Closing::BadRequest("The frame is broken or too large.")),
            Some(Ok(AggregatedMessage::Close(reason))) => Err(Closing::Echo(reason)),
            Some(Ok(AggregatedMessage::Ping(bytes))) => self.session.pong(&bytes).await.map_err(|_| Closing::Gone),
            Some(Ok(AggregatedMessage::Pong(_))) => Ok(()),
            Some(Ok(AggregatedMessage::Binary(_))) => Err(Closing::BadRequest("Messages are text.")),
            Some(Ok(AggregatedMessage::Text(text))) => self.obey(message::parse(&text)?).await,
        }
    }

    async fn obey(&mut self, message: Incoming) -> Result<(), Closing> {
        match message {
            Incoming::ConnectionInit { payload } => self.init(payload).await,
            Incoming::Ping { payload } => self.send(message::pong(payload)).await,
            Incoming::Pong {} => Ok(()),
            Incoming::Subscribe { id, payload } => self.subscribe(id, payload).await,
            Incoming::Complete { id } => {
                if let Some(operation) = self.operations.remove(&id) {
                    operation.abort();
                }
                Ok(())
            }
        }
    }

    async fn init(&mut self, payload: Option<Map<String, serde_json::Value>>) -> Result<(), Closing> {
        if self.caller.is_some() {
            return Err(Closing::InitTwice);
        }
        let given = payload.as_ref().and_then(|payload| payload.get("authorization").or_else(|| payload.get("Authorization")));
        if let Some(given) = given {
            let value = given.as_str().and_then(|given| HeaderValue::from_str(given).ok()).ok_or(Closing::Forbidden("Forbidden"))?;
            self.headers.insert(AUTHORIZATION, value);
        }
        let caller = Watch::begin(&self.state.app, &self.headers).await.map_err(|error| refused(&error))?;
        let limit = self.state.config.limits.sockets_per_user;
        if caller.caller().actor.holder().is_some_and(|caller| !self.place.belongs_to(caller, limit)) {
            return Err(Closing::TryLater);
        }
        self.caller = Some(caller);
        self.send(message::ack()).await
    }

    async fn subscribe(&mut self, id: String, payload: serde_json::Value) -> Result<(), Closing> {
        self.check_expiry()?;
        let Some(caller) = &self.caller else { return Err(Closing::Unauthorized("Unauthorized")) };
        if self.operations.contains_key(&id) {
            return Err(Closing::Exists(id));
        }
        let parameters = http::from_value(payload).map_err(|_| Closing::BadRequest("The payload of `subscribe` is no request."))?;
        let (ctx, state) = (caller.context(), Arc::clone(&self.state));
        let most = state.config.limits.operations_per_socket;
        let prepared = if self.operations.len() >= most {
            let message = format!("A socket runs at most {most} operations at once.");
            Err(Error::new(Code::LimitExceeded, Reason::TooMany, "", message))
        } else {
            http::prepare(&state, &ctx, parameters)
        };
        match prepared {
            Ok((request, operation)) => self.start(id, request, operation),
            Err(refusal) => return self.send(message::error(&id, &[error::server_error(&refusal)])).await,
        }
        // Begun now and not with the next look at the streams, a subscription hears of everything after the client's next message.
        match self.streams.next().now_or_never() {
            Some(Some(part)) => self.deliver(part).await,
            _ => Ok(()),
        }
    }

    fn start(&mut self, id: String, request: async_graphql::Request, operation: Operation) {
        let signed_in = self.caller.as_ref().is_some_and(|watch| watch.caller().actor.is_signed_in());
        let responses = live::responses(&self.state, request, operation, signed_in);
        let parts = responses.map(Some).chain(stream::once(async { None })).enumerate();
        let named = id.clone();
        let (parts, abort) = stream::abortable(parts.map(move |(before, response)| (named.clone(), before, response)));
        self.operations.insert(id, abort);
        self.streams.push(parts.boxed());
    }

    async fn deliver(&mut self, (id, before, response): Part) -> Result<(), Closing> {
        self.check_expiry()?;
        match response {
            None => {
                self.operations.remove(&id);
                self.send(message::complete(&id)).await
            }
            Some(response) if before == 0 && response.data == Value::Null && response.is_err() => {
                if let Some(operation) = self.operations.remove(&id) {
                    operation.abort();
                }
                self.send(message::error(&id, &response.errors)).await
            }
            Some(response) => self.send(message::next(&id, &response)).await,
        }
    }

    async fn send(&mut self, message: serde_json::Value) -> Result<(), Closing> {
        timeout(live::patience(&self.state), self.session.text(message.to_string()))
            .await
            .map_err(|_| Closing::TooSlow)?
            .map_err(|_| Closing::Gone)
    }

    fn check_expiry(&self) -> Result<(), Closing> {
        self.caller.as_ref().map_or(Ok(()), Watch::check_expiry).map_err(Closing::from)
    }
}

/// Waits for something to judge; without a caller there is nothing.
async fn heard(caller: &mut Option<Watch>) -> Heard {
    match caller {
        Some(caller) => caller.hear().await,
        None => pending().await,
    }
}

impl From<Lapse> for Closing {
    fn from(lapse: Lapse) -> Self {
        match lapse {
            Lapse::Expired => Self::Forbidden("The access token has expired; connect again."),
            Lapse::Changed => Self::Forbidden("Your rights have changed; connect again."),
            Lapse::Ended => Self::Unauthorized("The session has ended."),
            Lapse::Unknown => Self::TryLater,
            Lapse::Stopped => Self::Away,
        }
    }
}

fn refused(error: &Error) -> Closing {
    match error.code {
        Code::Unauthenticated | Code::Forbidden => Closing::Forbidden("Forbidden"),
        _ => Closing::TryLater,
    }
}
