//! What is published of outcomes and of waiting times, and the curve between.
//!
//! Shares of outcomes are published for each kind of request; of waiting times only means are. The curve around a mean is a model,
//! a log-normal distribution. `crates/app/data/README.md` names the sources.

use std::collections::HashMap;

use chrono::TimeDelta;
use rand::{RngExt, rngs::ChaCha8Rng, seq::IndexedRandom};
use tertulia_domain::{
    Error, Result,
    engagement::vocabulary::{Action, Format, Kind, Outcome},
};

const OUTCOMES: &str = include_str!("../../../data/distributions/outcomes.csv");
const WAITS: &str = include_str!("../../../data/distributions/waits.csv");

/// The mean wait at a service of which none is published: up to 72 hours were reported of one programme in one country.
const USUAL_HOURS: f64 = 72.0;
/// A published mean above this is of old content that was found late, not of an answer that came late; it counts as this.
const LONGEST_MEAN_HOURS: f64 = 480.0;
/// No wait is longer, so that what is finished fits into the time before now.
const LONGEST_HOURS: f64 = 3_000.0;
/// The spread of the logarithm: a model.
const SPREAD: f64 = 1.1;

/// One answer and how often it is given.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub outcome: Outcome,
    pub actions: Vec<Action>,
    weight: f64,
}

/// The published figures, read once.
#[derive(Debug)]
pub(super) struct Distributions {
    answers: HashMap<Kind, Vec<Answer>>,
    means: HashMap<String, f64>,
}

impl Distributions {
    /// Reads the files that the program carries.
    pub(super) fn read() -> Result<Self> {
        let mut answers: HashMap<Kind, Vec<Answer>> = HashMap::new();
        for row in rows(OUTCOMES) {
            let [kinds, outcome, actions, weight] = row.as_slice() else { return Err(unreadable()) };
            let answer = Answer {
                outcome: Outcome::parse(outcome).ok_or_else(unreadable)?,
                actions: actions.split_whitespace().map(|action| Action::parse(action).ok_or_else(unreadable)).collect::<Result<_>>()?,
                weight: weight.parse().map_err(|_| unreadable())?,
            };
            for kind in kinds.split_whitespace() {
                answers.entry(Kind::parse(kind).ok_or_else(unreadable)?).or_default().push(answer.clone());
            }
        }
        let mean = |row: Vec<&'static str>| match row.as_slice() {
            [service, hours] => Ok(((*service).to_owned(), hours.parse().map_err(|_| unreadable())?)),
            _ => Err(unreadable()),
        };
        Ok(Self { answers, means: rows(WAITS).map(mean).collect::<Result<_>>()? })
    }

    /// An answer to a contact of this kind; none is published for kinds that never come here.
    pub(super) fn answer(&self, random: &mut ChaCha8Rng, kind: Kind) -> Result<&Answer> {
        let answers = self.answers.get(&kind).ok_or_else(unreadable)?;
        answers.choose_weighted(random, |answer| answer.weight).map_err(|_| unreadable())
    }

    /// How an answer came: 9 of 18 by voice, 5 in writing, 4 both (the European elections of 2024).
    pub(super) fn format(random: &mut ChaCha8Rng) -> Format {
        let formats = [(Format::Oral, 9), (Format::Written, 5), (Format::Both, 4)];
        formats.choose_weighted(random, |(_, weight)| *weight).map_or(Format::Oral, |(format, _)| *format)
    }

    /// The mean wait for a decision at a service, in hours.
    fn mean_hours(&self, service: Option<&str>) -> f64 {
        service.and_then(|key| self.means.get(key)).copied().unwrap_or(USUAL_HOURS).min(LONGEST_MEAN_HOURS)
    }

    /// How long a decision takes at a service, known by its key in the reference files.
    pub(super) fn wait(&self, random: &mut ChaCha8Rng, service: Option<&str>) -> TimeDelta {
        let median = self.mean_hours(service) * (-SPREAD * SPREAD / 2.0).exp();
        around(random, median)
    }

    /// How long a step takes that nothing is published about: eight hours in the middle.
    pub(super) fn step(random: &mut ChaCha8Rng) -> TimeDelta {
        around(random, 8.0)
    }
}

/// A length of time with this median in hours.
fn around(random: &mut ChaCha8Rng, median: f64) -> TimeDelta {
    let (u, v): (f64, f64) = (random.random_range(f64::EPSILON..1.0), random.random());
    let normal = (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos();
    let hours = (median * (SPREAD * normal).exp()).clamp(0.05, LONGEST_HOURS);
    #[expect(clippy::cast_possible_truncation, reason = "clamped in the line above")]
    TimeDelta::minutes((hours * 60.0) as i64)
}

/// The rows below the header; no cell of these files is quoted.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).map(|line| line.split(',').collect())
}

fn unreadable() -> Error {
    Error::broken("a published distribution cannot be read")
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    const DRAWS: u32 = 20_000;

    #[test]
    fn waits_have_the_published_means() {
        let (distributions, mut random) = (Distributions::read().expect("files"), ChaCha8Rng::seed_from_u64(1));
        for (service, hours) in [("service-app-store", 100.8), ("service-linkedin", 161.3), ("service-tiktok", 472.5), ("none", 72.0)] {
            let total: f64 = (0..DRAWS)
                .map(|_| f64::from(i32::try_from(distributions.wait(&mut random, Some(service)).num_minutes()).expect("minutes")) / 60.0)
                .sum();
            let mean = total / f64::from(DRAWS);
            assert!((mean / hours - 1.0).abs() < 0.08, "{service}: {mean} instead of {hours} hours");
        }
    }

    #[test]
    fn outcomes_have_the_published_shares() {
        let (distributions, mut random) = (Distributions::read().expect("files"), ChaCha8Rng::seed_from_u64(2));
        for (kind, outcome, share) in [
            (Kind::Escalation, Outcome::ActionTaken, 15.0 / 18.0),
            (Kind::LegalNotice, Outcome::ActionTaken, 0.557),
            (Kind::LegalOrder, Outcome::AlreadyUnavailable, 0.221),
            (Kind::PolicyQuestion, Outcome::InformationProvided, 1.0),
        ] {
            let drawn = (0..DRAWS).filter(|_| distributions.answer(&mut random, kind).expect("an answer").outcome == outcome).count();
            let found = f64::from(u32::try_from(drawn).expect("a count")) / f64::from(DRAWS);
            assert!((found - share).abs() < 0.02, "{kind}: {found} instead of {share}");
        }
    }
}
