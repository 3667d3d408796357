//! Recurrences, worked out without keeping them.

use tertulia_domain::{
    Code, Error, Reason, Result,
    dialogue::{Occurrences, RawRecurrence, Recurrence},
    policy::Act,
    time::Instant,
};

use crate::{App, Ctx};

/// Most dates of one preview.
pub const MOST: usize = 500;

/// The dates of a recurrence that begin in `from..to`, at most `first` of them.
pub async fn preview(
    _app: &App,
    ctx: &Ctx,
    raw: RawRecurrence,
    (from, to): (Option<Instant>, Option<Instant>),
    first: i32,
) -> Result<Occurrences> {
    ctx.may(Act::RecurrencePreview)?;
    let cap = usize::try_from(first).ok().filter(|cap| *cap <= MOST);
    let cap =
        cap.ok_or_else(|| Error::new(Code::LimitExceeded, Reason::OutOfRange, "first", format!("A preview has 0 to {MOST} dates.")))?;
    let work = move || {
        let recurrence = Recurrence::parse(&raw)?;
        recurrence.between(from, to, cap)
    };
    // A hostile rule costs some time before it is cut: not on the threads that serve everybody.
    let worked = tokio::task::spawn_blocking(work).await.map_err(Error::internal)?;
    worked.map_err(|error: Error| error.under("recurrence"))
}
