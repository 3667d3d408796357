//! What is done when its time comes, whoever is there: the areas' use cases, called as the system. It belongs to no area.

use chrono::TimeDelta;
use tertulia_domain::{Result, record::event::Topic, time::Instant};
use uuid::Uuid;

use crate::{
    App, Ctx,
    dialogue::{commitment_reminder::remind, election_window, horizon, participation, passing, rederive::rederive, reminder},
    engagement::{channel_answers, statistics, target_notice},
    retention,
    sweep::sweep,
};

/// How often the meetings of dialogues are laid out further ahead, and their instants derived anew.
const LAY_OUT: TimeDelta = TimeDelta::hours(1);
/// How often it is looked for commitments to remind of.
const REMIND: TimeDelta = TimeDelta::hours(1);
/// How often meetings are held against elections, when no election was changed in between.
const LOOK: TimeDelta = TimeDelta::hours(1);
/// How often it is looked for meetings to remind of.
const NEARING: TimeDelta = TimeDelta::minutes(1);
/// How often it is looked whether a new week has begun, in which it is worked out anew how channels answer.
const ASSESS: TimeDelta = TimeDelta::hours(1);
/// How often it is looked whether so many contacts were counted that they are to be folded.
const FOLD: TimeDelta = TimeDelta::seconds(5);
/// How often it is looked for answers that are due.
const DUE: TimeDelta = TimeDelta::seconds(30);
/// How often what is over is swept out, and what was kept for as long as it is to be.
const SWEEP: TimeDelta = TimeDelta::hours(1);

/// How often meetings begin and end, and offered seats lapse: whoever acts on one of them meanwhile finds it done.
const PASS: TimeDelta = TimeDelta::seconds(30);

/// When what was done last.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    laid_out: Option<Instant>,
    looked: Option<Instant>,
    nearing: Option<Instant>,
    reminded: Option<Instant>,
    assessed: Option<Instant>,
    told: Option<Instant>,
    folded: Option<Instant>,
    swept: Option<Instant>,
    passed: Option<Instant>,
}

impl Schedule {
    /// Holds meetings against elections at the next turn, if this event tells of a change of one.
    pub(crate) fn hear(&mut self, topic: Topic) {
        if matches!(topic, Topic::ElectionCreated | Topic::ElectionUpdated | Topic::DirectoryImported) {
            self.looked = None;
        }
    }

    /// Does what is due, as the server `holder`; says how much there was to do.
    pub(crate) async fn turn(&mut self, app: &App, holder: Uuid) -> Result<u64> {
        let ctx = app.system();
        let due = |last: Option<Instant>, every: TimeDelta| last.is_none_or(|at| ctx.now >= at + every);
        let mut done = 0;
        if due(self.laid_out, LAY_OUT) {
            let extended = horizon::extend(app, &ctx).await?;
            if extended == 0 {
                done += rederive(app, &ctx).await?;
                self.laid_out = Some(ctx.now);
            }
            done += extended as u64;
        }
        if due(self.reminded, REMIND) {
            let reminded = remind(app, &ctx).await?;
            if reminded == 0 {
                self.reminded = Some(ctx.now);
            }
            done += reminded as u64;
        }
        if due(self.looked, LOOK) {
            let noted = election_window::note(app, &ctx, holder).await?;
            if noted == 0 {
                self.looked = Some(ctx.now);
            }
            done += noted;
        }
        if due(self.nearing, NEARING) {
            let reminded = reminder::send(app, &ctx).await?;
            if reminded == 0 {
                self.nearing = Some(ctx.now);
            }
            done += reminded;
        }
        if due(self.passed, PASS) {
            let passed = passing::pass(app, &ctx).await? + participation::let_offers_lapse(app, &ctx).await?;
            if passed == 0 {
                self.passed = Some(ctx.now);
            }
            done += passed;
        }
        Ok(done + self.turn_engagement(app, &ctx, holder).await?)
    }

    /// The same for contacts and what is kept for a time only.
    async fn turn_engagement(&mut self, app: &App, ctx: &Ctx, holder: Uuid) -> Result<u64> {
        let due = |last: Option<Instant>, every: TimeDelta| last.is_none_or(|at| ctx.now >= at + every);
        let mut done = 0;
        if due(self.assessed, ASSESS) {
            done += channel_answers::assess(app, ctx, holder).await?;
            self.assessed = Some(ctx.now);
        }
        if due(self.told, DUE) {
            let told = target_notice::note(app, ctx).await?;
            if told == 0 {
                self.told = Some(ctx.now);
            }
            done += told;
        }
        if due(self.swept, SWEEP) {
            let swept = sweep(app, ctx, holder).await? + retention::keep(app, ctx, holder).await?;
            if swept == 0 {
                self.swept = Some(ctx.now);
            }
            done += swept;
        }
        if due(self.folded, FOLD) {
            let folded = statistics::fold(app, ctx, holder).await?;
            if folded == 0 {
                self.folded = Some(ctx.now);
            }
            done += folded;
        }
        Ok(done)
    }
}
