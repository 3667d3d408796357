//! The numbers of a statistic release: contacts by kind, platform and region, and what of them can be told.
//!
//! The dimensions are fixed. For each [`ReleaseKind`] there is a table of platforms and continents with totals; kinds are never added up.
//! Besides the count, cells of one platform and the total of a kind tell shares and times, along the tree total, platform, platform and
//! region; the total of a region tells its count alone (see [`suppression`](crate::engagement::suppression)).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    engagement::{
        contact::Contact,
        fact::Fact,
        line::telling,
        statistics::{counted::Counted, phase::ElectionPhase, tally::Tally},
        suppression::{Contributions, Exact, Label, Pattern, Table, Thresholds, Told, rounded, table::Place},
        vocabulary::Kind,
    },
    error::closed,
    id::OrganisationId,
    time::Instant,
};

closed! {
    /// What contacts of a release are about. What is asked under a platform's rules and what has legal force are never added up.
    ReleaseKind {
        /// Requests for review under the platform's own rules.
        Escalation = "ESCALATION",
        /// Legal notices and orders.
        Legal = "LEGAL",
        /// Requests for information, questions about policies, matters of advertising, help with accounts, follow-ups.
        Request = "REQUEST",
    }
}

impl ReleaseKind {
    /// That of a kind of contact.
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Escalation => Self::Escalation,
            Kind::LegalNotice | Kind::LegalOrder => Self::Legal,
            _ => Self::Request,
        }
    }
}

closed! {
    /// A continent, as the United Nations' M49 counts them, by its code.
    ReleaseRegion {
        /// Africa.
        Africa = "002",
        /// The Americas.
        Americas = "019",
        /// Asia.
        Asia = "142",
        /// Europe.
        Europe = "150",
        /// Oceania.
        Oceania = "009",
        /// Bodies of no single country, or of one that lies in no region.
        None = "NONE",
    }
}

impl ReleaseRegion {
    /// Its name in English.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Africa => "Africa",
            Self::Americas => "Americas",
            Self::Asia => "Asia",
            Self::Europe => "Europe",
            Self::Oceania => "Oceania",
            Self::None => "No single country",
        }
    }
}

/// Where a number stands. What is left out is added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellPlace {
    /// What the contacts are about.
    pub kind: ReleaseKind,
    /// The platform.
    pub platform: Option<OrganisationId>,
    /// The continent.
    pub region: Option<ReleaseRegion>,
}

/// A number of a release.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleaseCell {
    /// Where it stands.
    pub place: CellPlace,
    /// How many contacts, rounded to five; none if it is not told.
    pub value: Option<i64>,
    /// Why it is not told.
    pub reason: Option<Label>,
    /// Shares and times of them, where they are told.
    pub measures: Option<Measures>,
    /// When it was corrected last.
    pub corrected_at: Option<Instant>,
}

/// A number of a release as it is kept: with the exact count, which nobody is told, and without which no later set could be audited.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptCell {
    /// What is told.
    pub cell: ReleaseCell,
    /// What it counts; none where numbers were kept before exact counts were.
    pub exact: Option<Exact>,
}

/// Shares, in whole percent rounded to five, and times, in minutes; of contacts that are many enough to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measures {
    /// Decided by the platform.
    pub answered: Option<i64>,
    /// Acted upon by it.
    pub acted: Option<i64>,
    /// Neither decided nor acted upon: open, or closed in silence.
    pub unanswered: Option<i64>,
    /// In time, of those whose target is decided; none if these cannot be told by themselves.
    pub within_target: Option<i64>,
    /// Of which only one side tells anything.
    pub one_sided: Option<i64>,
    /// With a fact that was recorded over 24 hours late.
    pub late_entry: Option<i64>,
    /// Without a first response up to the cut-off: the times count them as waiting at least so long.
    pub censored: Option<i64>,
    /// Within which time half of them get a first response; none where the curve never comes so far.
    pub median: Option<i64>,
    /// Within which time nine tenths of them do.
    pub p90: Option<i64>,
    /// Of the total of a kind: the share that is not counted, since it was not shared with the platform before the cut-off; rounded to five
    /// or, where five percent are fewer contacts than the threshold, to more.
    pub left_out: Option<i64>,
}

/// Counts contacts of a period, one after another: what it takes does not grow with how many there are.
#[derive(Debug)]
pub struct Cube {
    platforms: Vec<OrganisationId>,
    cut_off: Instant,
    kinds: BTreeMap<ReleaseKind, Counts>,
}

#[derive(Debug)]
struct Counts {
    table: Table,
    tallies: BTreeMap<Place, Tally>,
    /// Of each cell those whose target was kept or not.
    decided: BTreeMap<Place, Contributions>,
    left_out: i64,
}

impl Cube {
    /// Nothing counted yet, for these platforms, with what was shared and had happened up to a moment.
    pub fn new(platforms: &[OrganisationId], cut_off: Instant) -> Self {
        let counts = || Counts {
            table: Table::new(platforms.len(), ReleaseRegion::ALL.len()),
            tallies: BTreeMap::new(),
            decided: BTreeMap::new(),
            left_out: 0,
        };
        let kinds = ReleaseKind::ALL.iter().map(|kind| (*kind, counts())).collect();
        Self { platforms: platforms.to_vec(), cut_off, kinds }
    }

    /// Counts a contact as it stood at the cut-off: by what had happened by then, whenever it was recorded.
    pub fn count(&mut self, contact: &Contact, facts: &[Fact], region: ReleaseRegion) {
        let by_then = telling(facts).into_iter().filter(|fact| fact.told.occurred_at <= self.cut_off);
        let by_then: Vec<Fact> = by_then.cloned().collect();
        if let Some(counted) = Counted::of(contact, &by_then, ElectionPhase::Outside) {
            self.add(&counted, region, contact.shared_at);
        }
    }

    /// Counts a contact; `shared_at` is since when the platform may read it. One of a platform that is not named is not counted.
    pub fn add(&mut self, contact: &Counted, region: ReleaseRegion, shared_at: Option<Instant>) {
        let Some(row) = contact.platform.and_then(|platform| self.platforms.iter().position(|one| *one == platform)) else { return };
        let Some(counts) = self.kinds.get_mut(&ReleaseKind::of(contact.kind)) else { return };
        if !contact.shared || shared_at.is_none_or(|at| at > self.cut_off) {
            counts.left_out += 1;
            return;
        }
        let column = ReleaseRegion::ALL.iter().position(|one| *one == region).unwrap_or_default();
        counts.table.add(Place { row, column }, contact.electoral_body, 1);
        let of_platform = Place { row, column: counts.table.columns() };
        for place in [Place { row, column }, of_platform, counts.table.total()] {
            counts.tallies.entry(place).or_default().add(contact, 1, self.cut_off);
            if contact.in_time(self.cut_off).is_some() {
                counts.decided.entry(place).or_default().add(contact.electoral_body, 1);
            }
        }
    }

    /// The numbers with what of them is told. `earlier` are the sets that were told before of the same period and platforms, the last first:
    /// then nothing, unless exactly what was hidden can stay hidden beside them.
    pub fn told(&self, thresholds: &Thresholds, earlier: &[Vec<KeptCell>]) -> Option<Vec<KeptCell>> {
        let mut cells = Vec::new();
        for (kind, counts) in &self.kinds {
            let pattern = if earlier.is_empty() {
                Pattern::of(&counts.table, thresholds)
            } else {
                let told = earlier.iter().map(|set| self.told_of(*kind, set)).collect::<Option<Vec<Told>>>()?;
                Pattern::again(&told, &counts.table, thresholds)?
            };
            let kept = |place| KeptCell {
                cell: self.cell(*kind, counts, &pattern, (place, thresholds)),
                exact: Some(counts.table.exact(place, thresholds)),
            };
            cells.extend(counts.table.places().map(kept));
        }
        Some(cells)
    }

    fn place(&self, kind: ReleaseKind, place: Place) -> CellPlace {
        CellPlace { kind, platform: self.platforms.get(place.row).copied(), region: ReleaseRegion::ALL.get(place.column).copied() }
    }

    /// What a set told of a kind; nothing if its exact counts were not kept.
    fn told_of(&self, kind: ReleaseKind, set: &[KeptCell]) -> Option<Told> {
        let (rows, columns) = (self.platforms.len(), ReleaseRegion::ALL.len());
        let mut pattern = Pattern::open(rows, columns);
        let mut exact = Vec::new();
        for place in Table::new(rows, columns).places() {
            let wanted = self.place(kind, place);
            let kept = set.iter().find(|kept| kept.cell.place == wanted)?;
            exact.push(kept.exact?);
            if let Some(reason) = kept.cell.reason {
                pattern.hide(place, reason);
            }
        }
        Some(Told::new(pattern, exact))
    }

    fn cell(&self, kind: ReleaseKind, counts: &Counts, pattern: &Pattern, (place, thresholds): (Place, &Thresholds)) -> ReleaseCell {
        let reason = pattern.label(place);
        let count = counts.table.count(place);
        let tally = counts.tallies.get(&place).filter(|_| reason.is_none());
        let left_out = (place == counts.table.total()).then(|| left_out(counts.left_out, count, thresholds)).flatten();
        let decided = counts.decided.get(&place).is_some_and(|decided| !decided.is_sensitive(thresholds));
        let measures = tally.map(|tally| Measures { left_out, ..Measures::of(tally, decided) });
        let value = reason.is_none().then(|| rounded(count));
        ReleaseCell { place: self.place(kind, place), value, reason, measures, corrected_at: None }
    }
}

impl Measures {
    /// `decided` says whether those whose target was kept or not can be told by themselves.
    fn of(tally: &Tally, decided: bool) -> Self {
        let share = |part: u32, whole: u32| percent(part.into(), whole.into());
        Self {
            answered: share(tally.answered, tally.sent),
            acted: share(tally.acted(), tally.sent),
            unanswered: share(tally.unanswered(), tally.sent),
            within_target: share(tally.in_time, tally.in_time + tally.not_in_time).filter(|_| decided),
            one_sided: share(tally.one_sided, tally.sent),
            late_entry: share(tally.late_entries, tally.sent),
            censored: share(tally.waits.censored(), tally.waits.contacts()),
            median: tally.waits.quantile(0.5),
            p90: tally.waits.quantile(0.9),
            left_out: None,
        }
    }
}

/// The share left out, in percent: in the smallest steps, of five or of multiples of five, in which it does not tell of fewer contacts than
/// the threshold.
fn left_out(contacts: i64, counted: i64, thresholds: &Thresholds) -> Option<i64> {
    let whole = contacts + counted;
    let steps = (whole > 0).then(|| (thresholds.contacts * 20 + whole - 1) / whole)?.clamp(1, 20);
    let step = steps * 5;
    Some(((contacts * 200 + whole * step) / (whole * step * 2) * step).min(100))
}

/// A share in percent, rounded to five.
fn percent(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * 40 + whole) / (whole * 2) * 5)
}

/// Marks the numbers that differ from those told before; nothing if none does.
pub fn corrected(cells: Vec<KeptCell>, before: &[KeptCell], at: Instant) -> Option<Vec<KeptCell>> {
    let told = |kept: &KeptCell| (kept.cell.value, kept.cell.reason, kept.cell.measures.clone());
    let mut differs = false;
    let marked = cells.into_iter().map(|mut kept| {
        let old = before.iter().find(|old| old.cell.place == kept.cell.place);
        let same = old.is_some_and(|old| told(old) == told(&kept));
        kept.cell.corrected_at = if same { old.and_then(|old| old.cell.corrected_at) } else { Some(at) };
        differs |= !same;
        kept
    });
    let marked = marked.collect();
    differs.then_some(marked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_to_five_percent() {
        let shares: Vec<_> = [(0, 40), (1, 41), (1, 39), (1, 3), (39, 40), (40, 40)].map(|(part, whole)| percent(part, whole)).into();
        assert_eq!(shares, [Some(0), Some(0), Some(5), Some(35), Some(100), Some(100)]);
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn the_share_left_out_tells_of_no_few_contacts() {
        let thresholds = Thresholds::configured(10, 3).expect("the least");
        let shares: Vec<_> = [(1, 24), (0, 24), (20, 20), (30, 170), (1, 199), (9, 191), (0, 0), (5, 0), (50, 0)].into();
        let told: Vec<_> = shares.into_iter().map(|(out, counted)| left_out(out, counted, &thresholds)).collect();
        assert_eq!(told, [Some(0), Some(0), Some(50), Some(15), Some(0), Some(5), None, Some(100), Some(100)]);
    }

    #[test]
    fn what_has_legal_force_is_never_added_to_what_has_none() {
        for kind in Kind::ALL {
            let legal = matches!(kind, Kind::LegalNotice | Kind::LegalOrder);
            assert_eq!(ReleaseKind::of(*kind) == ReleaseKind::Legal, legal, "{kind}");
            assert_eq!(ReleaseKind::of(*kind) == ReleaseKind::Escalation, *kind == Kind::Escalation, "{kind}");
        }
    }
}
