//! Looks at events as they are numbered, and sends what is due.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};

use chrono::TimeDelta;
use tertulia_domain::{
    Result,
    id::WebhookEndpointId,
    record::{
        event::{RecordedEvent, Topic},
        webhook::{DisabledWhy, TOPICS, WebhookEndpoint},
        webhook_delivery::WebhookDelivery,
    },
};
use tertulia_persistence::record::{consumer, event, lease, webhook, webhook_delivery};
use tokio::{
    sync::{
        broadcast::{Receiver, error::TryRecvError},
        watch,
    },
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use tracing::{error, warn};
use uuid::Uuid;

use super::{
    deliver::{deliver, disable},
    rights::{rights, seen},
};
use crate::{App, Ctx};

/// The place up to which events were looked at, and the job of moving it.
const JOB: &str = "webhooks";
/// Events looked at in one go.
const BATCH: u64 = 200;
/// How far the place noted may be behind where nothing was to be sent, so that not each event costs a write.
const STRIDE: i64 = 1_000;
/// Messages on their way to one endpoint at once, so that a slow one does not hold up the others.
const TO_ONE: usize = 2;
/// The part of all messages at once that one organisation's endpoints may take.
const SHARE: usize = 4;
/// How long a message is held by who sends it: longer than sending may take, and than two servers' clocks may differ.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How often it is looked for messages that are due when nothing else wakes the sender.
const IDLE: Duration = Duration::from_secs(1);

/// What one server knows while it sends.
struct Sender {
    app: Arc<App>,
    holder: Uuid,
    events: Receiver<Arc<RecordedEvent>>,
    /// The endpoints in use; read anew once one of them has changed.
    endpoints: Option<Vec<WebhookEndpoint>>,
    /// Whether there may be events that nobody looked at.
    behind: bool,
    /// Up to which event all were heard here, and up to which all were looked at.
    heard: i64,
    looked: i64,
    /// Whether there may be messages that are due.
    due: bool,
    sending: JoinSet<WebhookEndpointId>,
    /// To which endpoints, once for each message.
    busy: Vec<WebhookEndpointId>,
}

/// Sends until `stop` says so, finishing what is under way.
pub(crate) async fn run(app: Arc<App>, holder: Uuid, mut stop: watch::Receiver<bool>) {
    let events = app.record.listen();
    let mut sender = Sender {
        app,
        holder,
        events,
        endpoints: None,
        behind: true,
        heard: 0,
        looked: 0,
        due: true,
        sending: JoinSet::new(),
        busy: Vec::new(),
    };
    let mut tick = interval(IDLE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !*stop.borrow() {
        if let Err(failure) = sender.turn().await {
            error!(error = %failure, cause = failure.cause().map(tracing::field::display), "webhooks wait");
        }
        tokio::select! {
            Some(done) = sender.sending.join_next(), if !sender.sending.is_empty() => sender.done(done.ok()),
            heard = sender.events.recv() => sender.hear(heard.ok().as_deref()),
            _ = tick.tick() => sender.due = true,
            _ = stop.changed() => {}
        }
    }
    while sender.sending.join_next().await.is_some() {}
}

impl Sender {
    fn done(&mut self, endpoint: Option<WebhookEndpointId>) {
        self.due = true;
        match endpoint.and_then(|endpoint| self.busy.iter().position(|one| *one == endpoint)) {
            Some(at) => drop(self.busy.swap_remove(at)),
            // A task that broke off does not say whose it was.
            None if self.sending.is_empty() => self.busy.clear(),
            None => {}
        }
    }

    /// Notes what an event means for the next turn; `None` if some were missed.
    fn hear(&mut self, event: Option<&RecordedEvent>) {
        let Some(event) = event else {
            (self.endpoints, self.behind, self.due) = (None, true, true);
            return;
        };
        self.heard = event.seq;
        let changed = matches!(
            event.topic,
            Topic::WebhookEndpointCreated
                | Topic::WebhookEndpointUpdated
                | Topic::WebhookEndpointEnabled
                | Topic::WebhookEndpointDisabled
                | Topic::WebhookEndpointDeleted
        );
        if changed {
            self.endpoints = None;
        }
        self.due |= changed || matches!(event.topic, Topic::WebhookEndpointPinged | Topic::WebhookEndpointReplayed);
        self.behind |= changed || TOPICS.contains(&event.topic);
    }

    async fn turn(&mut self) -> Result<()> {
        loop {
            match self.events.try_recv() {
                Ok(event) => self.hear(Some(&event)),
                Err(TryRecvError::Lagged(_)) => self.hear(None),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        if self.endpoints.is_none() {
            let ctx = self.app.system();
            self.endpoints = Some(webhook::active(&self.app.reader(&ctx)).await?);
        }
        if self.endpoints.as_ref().is_some_and(Vec::is_empty) {
            return Ok(());
        }
        while self.behind {
            self.behind = self.look().await?;
        }
        if self.due {
            self.send().await?;
        }
        Ok(())
    }

    /// Looks at the events after the place up to which they were; says whether there may be more.
    async fn look(&mut self) -> Result<bool> {
        let Some(first) = self.endpoints.iter().flatten().map(|endpoint| endpoint.from_seq).min() else { return Ok(false) };
        let (app, ctx, heard) = (Arc::clone(&self.app), self.app.system(), self.heard);
        let reader = app.reader(&ctx);
        let place = consumer::position(&reader, JOB).await?;
        let events = event::after_of(&reader, place.max(first).max(self.looked), TOPICS, BATCH).await?;
        let Some(last) = events.last().map(|event| event.seq) else {
            self.looked = self.looked.max(heard);
            return Ok(false);
        };
        // Read after the events: an endpoint that came into use before one of them is among these.
        let endpoints = webhook::active(&reader).await?;
        let (fresh, without_rights) = messages(&app, &ctx, &endpoints, &events).await?;
        if !fresh.is_empty() || last - place > STRIDE {
            let writer = app.store.writer(&ctx.statements);
            lease::take(&writer, JOB, self.holder, ctx.now).await?;
            // Another server was faster: what it kept stands.
            if consumer::position(&writer, JOB).await? != place {
                return Ok(true);
            }
            // The endpoints first, as who asks for events again holds them. Messages to one that is gone meanwhile are for nobody.
            let there = webhook::keep(&writer, fresh.iter().map(|message| message.endpoint).collect()).await?;
            let fresh: Vec<WebhookDelivery> = fresh.into_iter().filter(|message| there.contains(&message.endpoint)).collect();
            webhook_delivery::insert(&writer, &fresh).await?;
            consumer::advance(&writer, JOB, last).await?;
            writer.commit().await?;
            self.due = true;
        }
        for endpoint in &without_rights {
            disable(&app, endpoint, DisabledWhy::NoRights).await?;
        }
        (self.endpoints, self.looked) = (Some(endpoints), last);
        Ok(events.len() as u64 == BATCH)
    }

    /// Begins to send what is due, as far as there is room.
    async fn send(&mut self) -> Result<()> {
        while self.sending.len() < self.app.webhooks.settings.at_once {
            let (ctx, full) = (self.app.system(), self.full());
            if !webhook_delivery::is_due(&self.app.reader(&ctx), ctx.now, &full).await? {
                break;
            }
            let writer = self.app.store.writer(&ctx.statements);
            let taken = webhook_delivery::take(&writer, ctx.now, &full, ctx.now + LEASE).await?;
            writer.commit().await?;
            let Some(delivery) = taken else { break };
            self.busy.push(delivery.endpoint);
            let app = Arc::clone(&self.app);
            self.sending.spawn(async move {
                let (endpoint, message) = (delivery.endpoint, delivery.id);
                if let Err(failure) = deliver(&app, delivery).await {
                    warn!(%message, error = %failure, cause = failure.cause().map(tracing::field::display), "a webhook waits");
                }
                endpoint
            });
        }
        self.due = false;
        Ok(())
    }

    /// The endpoints to which nothing more is sent just now: they, or their organisation's together, have as much under way as they may.
    fn full(&self) -> Vec<WebhookEndpointId> {
        let share = self.app.webhooks.settings.at_once.div_ceil(SHARE);
        let all = self.endpoints.as_deref().unwrap_or_default();
        let busy = |endpoint: &WebhookEndpoint| self.busy.iter().filter(|one| **one == endpoint.id).count();
        let mut of_organisation = BTreeMap::new();
        for endpoint in all {
            *of_organisation.entry(endpoint.organisation).or_insert(0) += busy(endpoint);
        }
        let full = |endpoint: &&WebhookEndpoint| {
            busy(endpoint) >= TO_ONE || of_organisation.get(&endpoint.organisation).is_some_and(|under_way| *under_way >= share)
        };
        let full: HashSet<WebhookEndpointId> = all.iter().filter(full).map(|endpoint| endpoint.id).collect();
        full.into_iter().collect()
    }
}

/// A message for each event and endpoint that may be told of it, and the endpoints behind which nobody's rights are any more. Endpoints
/// with the same rights are looked at together.
async fn messages(
    app: &App,
    ctx: &Ctx,
    endpoints: &[WebhookEndpoint],
    events: &[RecordedEvent],
) -> Result<(Vec<WebhookDelivery>, Vec<WebhookEndpoint>)> {
    let (mut fresh, mut without_rights) = (Vec::new(), Vec::new());
    let mut alike: BTreeMap<_, Vec<&WebhookEndpoint>> = BTreeMap::new();
    for endpoint in endpoints {
        alike.entry((endpoint.organisation, endpoint.maker, endpoint.client)).or_default().push(endpoint);
    }
    for group in alike.into_values() {
        let wanted: Vec<RecordedEvent> =
            events.iter().filter(|event| group.iter().any(|endpoint| endpoint.wants(event))).cloned().collect();
        let Some(one) = group.first().filter(|_| !wanted.is_empty()) else { continue };
        let Some(rights) = rights(app, ctx, one).await? else {
            without_rights.extend(group.into_iter().cloned());
            continue;
        };
        let seen = seen(app, &rights, &wanted).await?;
        for endpoint in group {
            let told = wanted.iter().filter(|event| endpoint.wants(event) && seen.contains(&event.seq));
            fresh.extend(told.map(|event| WebhookDelivery::of(app.ids.new_id(), endpoint.id, event, ctx.now)));
        }
    }
    Ok((fresh, without_rights))
}
