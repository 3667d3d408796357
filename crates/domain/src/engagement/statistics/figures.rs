//! One organisation's own figures: which of its contacts are asked for, and the counts of each group of them.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};

use super::{
    cells::{Cells, Reading},
    counted::Counted,
    dimension::{ResponsivenessDimension, Value},
    phase::ElectionPhase,
    tally::Tally,
};
use crate::{
    directory::country::M49,
    engagement::vocabulary::{Kind, Urgency},
    error::Result,
    id::{OrganisationId, PlatformServiceId},
    policy::PlatformSight,
    text::{CountryCode, LanguageTag},
    time::Instant,
};

/// The regions in which a country lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegionLine {
    /// All, the smallest first.
    pub all: Vec<M49>,
    /// Its sub-region, by which contacts are grouped.
    pub sub_region: Option<M49>,
}

/// Which contacts are asked for. What is left empty does not narrow them.
#[derive(Clone, Debug, Default)]
pub struct ResponsivenessFilter {
    /// To these platforms.
    pub platforms: Vec<OrganisationId>,
    /// To these services.
    pub services: Vec<PlatformServiceId>,
    /// Of these kinds.
    pub kinds: Vec<Kind>,
    /// Of these urgencies.
    pub urgencies: Vec<Urgency>,
    /// Sent in these phases.
    pub phases: Vec<ElectionPhase>,
    /// From bodies of countries in these regions, large or small.
    pub regions: Vec<M49>,
    /// Written in these languages.
    pub languages: Vec<LanguageTag>,
    /// Sent on or after this day, in UTC.
    pub from: NaiveDate,
    /// Sent before this day.
    pub to: NaiveDate,
    /// Made by a generator, or not.
    pub generated: bool,
}

/// Whose own contacts they are.
#[derive(Clone, Debug)]
pub enum Own {
    /// Those of an electoral body.
    Body,
    /// Those shared with a platform, as far as one of these memberships covers them.
    Platform(Vec<PlatformSight>),
}

/// A group of parties, and what else tells a group apart, as numbers.
type Key = (usize, [u32; 4]);

/// Counts by group, as they are worked out.
#[derive(Debug)]
pub struct Figures<'a> {
    own: &'a Own,
    filter: &'a ResponsivenessFilter,
    dimensions: &'a [ResponsivenessDimension],
    regions: &'a HashMap<CountryCode, RegionLine>,
    now: Instant,
    groups: BTreeMap<Vec<Value>, usize>,
    tallies: Vec<Tally>,
    /// Groups by what tells cells apart within one party: looked up a hundred thousand times, so without the values themselves.
    known: HashMap<Key, usize>,
    /// The group of the cell before. Cells are sorted, so that most are of the same.
    last: Option<(Key, usize)>,
    /// The groups of parties, by the values that follow from the party alone.
    parties: HashMap<Vec<Value>, usize>,
}

impl<'a> Figures<'a> {
    /// Counts nothing yet.
    pub fn new(
        (own, regions): (&'a Own, &'a HashMap<CountryCode, RegionLine>),
        filter: &'a ResponsivenessFilter,
        dimensions: &'a [ResponsivenessDimension],
        now: Instant,
    ) -> Self {
        let (groups, tallies, known, parties) = (BTreeMap::new(), Vec::new(), HashMap::new(), HashMap::new());
        Self { own, filter, dimensions, regions, now, groups, tallies, known, last: None, parties }
    }

    /// Counts the cells that are asked for among those [written](Cells::bytes).
    pub fn count(&mut self, bytes: &[u8], as_sent_in: Option<ElectionPhase>) -> Result<()> {
        let reading = Reading::of(bytes)?;
        let parties: Vec<Option<usize>> = reading.parties().iter().map(|party| self.party(party)).collect();
        let mut kept = None;
        reading.each(|place, contact, contacts| {
            let Some(party) = parties.get(place).copied().flatten() else { return Ok(()) };
            let contact = match as_sent_in {
                Some(phase) => kept.insert(Counted { phase, ..contact.clone() }),
                None => contact,
            };
            if self.is_asked(contact) {
                let group = self.group(party, contact);
                if let Some(tally) = self.tallies.get_mut(group) {
                    tally.add(contact, contacts, self.now);
                }
            }
            Ok(())
        })
    }

    /// The groups with what was counted in each, in the order of their values. `gone` was counted beside these and is taken away.
    pub fn finish(self, gone: Self) -> Vec<(Vec<Value>, Tally)> {
        let mut gone: BTreeMap<Vec<Value>, Tally> = gone.into_groups().collect();
        let groups = self.into_groups().map(|(values, mut tally)| {
            if let Some(less) = gone.remove(&values) {
                tally.take(&less);
            }
            (values, tally)
        });
        groups.filter(|(_, tally)| tally.sent > 0).collect()
    }

    fn into_groups(self) -> impl Iterator<Item = (Vec<Value>, Tally)> {
        let mut tallies: Vec<Option<Tally>> = self.tallies.into_iter().map(Some).collect();
        self.groups.into_iter().filter_map(move |(values, place)| Some((values, tallies.get_mut(place)?.take()?)))
    }

    /// Which group of parties one belongs to; none if its contacts are not asked for.
    fn party(&mut self, party: &Counted) -> Option<usize> {
        let among = |empty: bool, holds: bool| empty || holds;
        let filter = self.filter;
        let line = party.country.and_then(|code| self.regions.get(&code));
        let asked = among(filter.platforms.is_empty(), party.platform.is_some_and(|id| filter.platforms.contains(&id)))
            && among(filter.services.is_empty(), party.service.is_some_and(|id| filter.services.contains(&id)))
            && among(filter.languages.is_empty(), party.language.as_ref().is_some_and(|tag| filter.languages.contains(tag)))
            && among(filter.regions.is_empty(), line.is_some_and(|line| line.all.iter().any(|code| filter.regions.contains(code))))
            && self.own.holds(party);
        if !asked {
            return None;
        }
        let region = line.and_then(|line| line.sub_region);
        let of_party = self.dimensions.iter().filter(|dimension| follows_from_party(**dimension));
        let values: Vec<Value> = of_party.map(|dimension| Value::of(*dimension, party, region)).collect();
        let next = self.parties.len();
        Some(*self.parties.entry(values).or_insert(next))
    }

    fn is_asked(&self, contact: &Counted) -> bool {
        let filter = self.filter;
        let sent = contact.sent_at.date_naive();
        contact.generated == filter.generated
            && (filter.from..filter.to).contains(&sent)
            && (contact.shared || matches!(self.own, Own::Body))
            && (filter.kinds.is_empty() || filter.kinds.contains(&contact.kind))
            && (filter.urgencies.is_empty() || filter.urgencies.contains(&contact.urgency))
            && (filter.phases.is_empty() || filter.phases.contains(&contact.phase))
    }

    fn group(&mut self, party: usize, contact: &Counted) -> usize {
        let mut key = [0; 4];
        for dimension in self.dimensions {
            match dimension {
                ResponsivenessDimension::Kind => key[0] = contact.kind as u32,
                ResponsivenessDimension::Urgency => key[1] = contact.urgency as u32,
                ResponsivenessDimension::Phase => key[2] = contact.phase as u32,
                ResponsivenessDimension::Period => key[3] = month_number(contact.sent_at),
                _ => {}
            }
        }
        let key = (party, key);
        if let Some((_, place)) = self.last.filter(|(last, _)| *last == key) {
            return place;
        }
        let place = match self.known.get(&key) {
            Some(place) => *place,
            None => self.enter(key, contact),
        };
        self.last = Some((key, place));
        place
    }

    /// The group of a key that was not met before.
    fn enter(&mut self, key: Key, contact: &Counted) -> usize {
        let region = contact.country.and_then(|code| self.regions.get(&code)).and_then(|line| line.sub_region);
        let values: Vec<Value> = self.dimensions.iter().map(|dimension| Value::of(*dimension, contact, region)).collect();
        let next = self.tallies.len();
        let place = *self.groups.entry(values).or_insert(next);
        if place == next {
            self.tallies.push(Tally::default());
        }
        self.known.insert(key, place);
        place
    }
}

/// A number that each month has for itself.
fn month_number(at: Instant) -> u32 {
    u32::try_from(at.year()).unwrap_or_default() * 12 + at.month0()
}

const fn follows_from_party(dimension: ResponsivenessDimension) -> bool {
    matches!(
        dimension,
        ResponsivenessDimension::Platform
            | ResponsivenessDimension::PlatformService
            | ResponsivenessDimension::Region
            | ResponsivenessDimension::Language
            | ResponsivenessDimension::ElectoralBody
    )
}

impl Own {
    /// Whether a party's contacts are covered.
    fn holds(&self, party: &Counted) -> bool {
        let Self::Platform(sights) = self else { return true };
        let covers = |sight: &PlatformSight| {
            let anywhere = matches!(sight.countries, crate::policy::Coverage::All);
            let anything = matches!(sight.services, crate::policy::Coverage::All);
            Some(sight.platform) == party.platform
                && (anywhere || party.country.is_some_and(|country| sight.countries.covers(&country)))
                && (anything || party.service.is_some_and(|service| sight.services.covers(&service)))
        };
        sights.iter().any(covers)
    }
}

/// The cells of a contact under the phase that is kept beside it.
pub fn in_phase(bytes: &[u8], phase: ElectionPhase) -> Result<Cells> {
    let mut cells = Cells::default();
    for (contact, contacts) in Cells::read(bytes)?.iter() {
        cells.add(Counted { phase, ..contact.clone() }, contacts);
    }
    Ok(cells)
}
