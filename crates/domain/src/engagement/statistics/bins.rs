//! Waiting times in log-scaled bins, as `HdrHistogram` has them: counts by bin can be added up, and take the same room however many contacts
//! there are.
//!
//! Up to an hour each minute is a bin of its own. Above, each doubling of the time is cut into 32 bins of equal width, so a bin is never
//! wider than 1/32 of the times in it, and its middle never further than [`RELATIVE_ERROR`] from any of them.

/// How far a time told for a bin is from any time in it, at most, as a share of that time: 1.5625 %.
pub const RELATIVE_ERROR: f64 = 1.0 / 64.0;

/// Bins of one minute each, and where the octaves begin.
const LINEAR: u32 = 64;
/// Bins of an octave.
const STEPS: u32 = 32;
/// Longer times, of 127 years, count as this.
const LONGEST: u32 = (1 << 26) - 1;
/// How many bins there are.
pub const BINS: u16 = 64 + 20 * 32;

/// A bin: its place in the order of times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bin(u16);

impl Bin {
    /// The bin of a time in minutes; a negative one counts as none at all.
    pub fn of(minutes: i64) -> Self {
        let minutes = u32::try_from(minutes.max(0)).unwrap_or(LONGEST).min(LONGEST);
        if minutes < LINEAR {
            return Self(u16::try_from(minutes).unwrap_or_default());
        }
        let octave = minutes.ilog2() - LINEAR.ilog2();
        let step = (minutes >> (octave + 1)) - STEPS;
        Self(u16::try_from(LINEAR + octave * STEPS + step).unwrap_or(BINS - 1))
    }

    /// The bin with this number, if there is one.
    pub fn numbered(number: u16) -> Option<Self> {
        (number < BINS).then_some(Self(number))
    }

    /// Its number, from 0.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The shortest and the longest time in it, in minutes.
    pub fn bounds(self) -> (i64, i64) {
        let number = u32::from(self.0);
        let Some(above) = number.checked_sub(LINEAR) else { return (number.into(), number.into()) };
        let (octave, step) = (above / STEPS, above % STEPS);
        let shortest = i64::from(STEPS + step) << (octave + 1);
        (shortest, shortest + (1 << (octave + 1)) - 1)
    }

    /// The time that is told for it, in minutes: its middle.
    pub fn minutes(self) -> i64 {
        let (shortest, longest) = self.bounds();
        i64::midpoint(shortest, longest)
    }
}
