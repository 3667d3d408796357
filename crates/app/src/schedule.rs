//! What is done when its time comes, whoever is there: the areas' use cases, called as the system. It belongs to no area.

use chrono::TimeDelta;
use tertulia_domain::{Result, time::Instant};

use crate::{App, dialogue::horizon};

/// How often the meetings of dialogues are laid out further ahead.
const LAY_OUT: TimeDelta = TimeDelta::hours(1);

/// When what was done last.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    laid_out: Option<Instant>,
}

impl Schedule {
    /// Does what is due; says how much there was to do.
    pub(crate) async fn turn(&mut self, app: &App) -> Result<u64> {
        let ctx = app.system();
        if self.laid_out.is_some_and(|at| ctx.now < at + LAY_OUT) {
            return Ok(0);
        }
        let extended = horizon::extend(app, &ctx).await?;
        if extended == 0 {
            self.laid_out = Some(ctx.now);
        }
        Ok(extended as u64)
    }
}
