//! Which numbers of a table can be published so that nobody learns what the threshold keeps back, also not by subtraction.
//!
//! A table has rows, columns and their totals. Each cell counts contacts, and knows of how many electoral bodies and how many of each.
//!
//! **Primary suppression.** A cell is sensitive with fewer contacts or fewer bodies than the thresholds ask for (the minimum
//! frequency rule), or if its second largest contributor could estimate the largest one too well (the p%-rule, which the literature
//! prefers to dominance by n and k): Hundepool, Domingo-Ferrer, Franconi, Giessing, Schulte Nordholt, Spicer and de Wolf, *Statistical
//! Disclosure Control*, Wiley 2012, chapter 4 "Magnitude tabular data" and chapter 5 "Frequency tables" (free as the *Handbook on
//! SDC*, sdctools.github.io/HandbookSDC, same chapters); Eurostat's glossary CODED, "p%-rule". A zero is below the threshold and
//! is not told from other small counts.
//!
//! **Complementary suppression.** What is hidden must not follow from what is shown. Everything hidden of a line whose total is shown
//! can be summed by subtraction, so that sum itself must pass the rules above. And each hidden cell must stay uncertain by the
//! *feasibility interval*: the smallest and the largest value that it could have in any table that fits to what is shown (Hundepool et
//! al. 2012, chapter 4, on secondary suppression; the audit of τ-ARGUS, *User's Manual*, "Producing safe tables", and the p%-rule's
//! protection levels there). In a table of two dimensions with totals these intervals are flows in a network (Cox, "Network models for
//! complementary cell suppression", *Journal of the American Statistical Association* 90, 1995), which [`network`] computes exactly, for
//! whole numbers too. The audit takes what is shown as exact, although it is rounded, which makes the reader stronger than he is.
//!
//! It withstands these readers:
//! 1. *Who does sums.* A sensitive cell can be the threshold or more for him, and if it is below, zero; if it is above (too few bodies),
//!    it stays uncertain by p% both ways. It is uncertain by the threshold at least, and a complementary cell by half of it.
//! 2. *Who also believes the labels*, by which a complementary cell has at least the threshold: the same. Where the labels would give a
//!    cell away, to him or to one of those below who believes them too, all labels of the table say `PRIMARY`.
//! 3. *Who guesses* which cells are below the threshold, and guesses right: each hidden cell stays uncertain by half the threshold.
//! 4. *A platform* that knows its own row exactly: each hidden cell of others stays uncertain for it by half the threshold.
//!
//! Releases do not overlap in time, so no difference of two counts fewer contacts than a cell. Where the same period is worked out again
//! (a correction), exactly what was hidden stays hidden, and all sets that were told are audited as one, for readers who know by how much
//! each hidden cell was corrected; or the new numbers are not told: see [`Pattern::again`]. That a cell cannot have been less than it fell
//! by follows from the correction itself and is allowed, as long as its uncertainty stays as wide as above.
//!
//! Shares and times are published along the tree total → row → cell only, never of columns: a table of answers with both margins would
//! be a second table between the same cells and could pin the first (all answered in one row, none in the other). Along a tree, for
//! each table of counts that fits there is one of answers that fits.

pub mod audit;
pub mod network;
pub mod pattern;
pub mod table;

pub use audit::{Exact, Told};
pub use pattern::{Label, Pattern};
pub use table::{Contributions, Table};

use crate::error::{Faults, Reason, Result};

/// The least number of contacts of a published cell that an operator may set.
pub const LEAST_CONTACTS: i64 = 10;
/// The least number of electoral bodies of a published cell that an operator may set.
pub const LEAST_BODIES: i64 = 3;
/// The p of the p%-rule.
pub const DOMINANCE: i64 = 10;
/// Published counts are multiples of this.
pub const BASE: i64 = 5;

/// From when on a cell can be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Contacts.
    pub contacts: i64,
    /// Electoral bodies that they come from.
    pub bodies: i64,
    /// The p of the p%-rule: the second largest contributor may not know the largest one's part to so many percent; 0: no rule.
    pub dominance: i64,
}

impl Thresholds {
    /// What an operator set: never less than 10 contacts and 3 bodies.
    pub fn configured(contacts: i64, bodies: i64) -> Result<Self> {
        let mut faults = Faults::default();
        for (name, value, least) in [("contacts", contacts, LEAST_CONTACTS), ("bodies", bodies, LEAST_BODIES)] {
            if !(least..=1_000).contains(&value) {
                faults.add(Reason::OutOfRange, name, format!("From {least} to 1000."));
            }
        }
        faults.finish_with(Some(Self { contacts, bodies, dominance: DOMINANCE }))
    }

    /// How uncertain a hidden cell stays for who knows or guesses more than what is published.
    pub const fn half(&self) -> i64 {
        (self.contacts + 1) / 2
    }
}

/// A count as it is published: the nearest multiple of five (conventional rounding: Hundepool et al. 2012, chapter 5). Totals are rounded
/// for themselves, so published parts need not add up.
pub const fn rounded(count: i64) -> i64 {
    (count + BASE / 2) / BASE * BASE
}

#[cfg(test)]
mod attack;
#[cfg(test)]
mod fixtures;
