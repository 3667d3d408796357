//! Every event from a place on, in order and without a gap: first from the table, then as they come.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use futures::stream::{Stream, unfold};
use tertulia_domain::{Code, Error, Reason, Result, record::event::RecordedEvent};
use tertulia_persistence::record::event;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::sleep,
};

use crate::{App, Ctx};

/// How many events one look into the table brings.
const BATCH: u64 = 500;

/// How often a reader asks a database that is away, each time after a second and as long as a connection is waited for.
const ATTEMPTS: u32 = 30;

/// Reads what an event calls for, again and again while the database is away, so that its restart costs no reader an event.
pub async fn patiently<T, F: Future<Output = Result<T>> + Send>(read: impl Fn() -> F) -> Result<T> {
    for _ in 0..ATTEMPTS {
        match read().await {
            Err(away) if away.code == Code::Unavailable => sleep(away.retry_after.unwrap_or(Duration::from_secs(1))).await,
            done => return done,
        }
    }
    read().await
}

/// One reader's place among the events.
struct Follower {
    app: Arc<App>,
    live: Receiver<Arc<RecordedEvent>>,
    /// The last number handed on.
    seen: i64,
    /// Read from the table and not yet handed on.
    waiting: VecDeque<Arc<RecordedEvent>>,
    /// Whether the table may hold events that did not come live: at the start, and after falling behind.
    behind: bool,
}

/// The events numbered after `after`, or from now on; ends when the server stops. A reader who is slow holds nothing up: he
/// goes on from the table.
pub fn follow(app: Arc<App>, after: Option<i64>) -> impl Stream<Item = Result<Arc<RecordedEvent>>> + Send + use<> {
    // Listening begins before the place is looked up, so that nothing falls between the two.
    let live = app.record.listen();
    let seen = after.unwrap_or_else(|| app.record.published());
    let follower = Follower { app, live, seen, waiting: VecDeque::new(), behind: after.is_some() };
    unfold(follower, async |mut follower| follower.next().await.map(|event| (event, follower)))
}

/// The same for a subscriber, who may name the last event that he has.
///
/// # Errors
/// `INVALID_INPUT` for a place that no event has: it is of another database, or of one that was put back to an earlier state. Then it
/// cannot be said what he missed, and he must read everything anew.
pub async fn resume(
    app: &Arc<App>,
    ctx: &Ctx,
    after: Option<i64>,
) -> Result<impl Stream<Item = Result<Arc<RecordedEvent>>> + Send + use<>> {
    if let Some(after) = after
        && event::last_seq(&app.current_reader(ctx)).await? < after
    {
        let message = "This is the cursor of no change here. Read everything anew and subscribe without it.";
        return Err(Error::invalid(Reason::UnknownId, "after", message));
    }
    Ok(follow(Arc::clone(app), after))
}

impl Follower {
    async fn next(&mut self) -> Option<Result<Arc<RecordedEvent>>> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                self.seen = event.seq;
                return Some(Ok(event));
            }
            if self.behind {
                match self.read().await {
                    Ok(()) => continue,
                    Err(error) => return Some(Err(error)),
                }
            }
            match self.live.recv().await {
                Ok(event) if event.seq <= self.seen => {}
                Ok(event) if event.seq == self.seen + 1 => self.waiting.push_back(event),
                Ok(_) | Err(RecvError::Lagged(_)) => self.behind = true,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    async fn read(&mut self) -> Result<()> {
        let (app, seen) = (&self.app, self.seen);
        let events = patiently(|| async move { event::after(&app.reader(&app.system()), seen, BATCH).await }).await?;
        self.behind = !events.is_empty();
        self.waiting.extend(events.into_iter().map(Arc::new));
        Ok(())
    }
}
