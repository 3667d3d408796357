//! An organisation's own figures: a body's, of its contacts; a platform's, of those shared with it, as far as the reader's memberships cover
//! them. Live and in full; what anybody else may know stands in releases.

use std::collections::{BTreeSet, HashMap};

use chrono::{Days, NaiveDate};
use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    directory::{country::RegionLevel, organisation::OrganisationKind},
    engagement::statistics::{
        cells::Reading,
        dimension::{Month, ResponsivenessDimension, Value, separating},
        figures::{Figures, Own, RegionLine, ResponsivenessFilter},
        tally::Tally,
    },
    id::OrganisationId,
    policy::{Act, ContactSight, PlatformSight, Scope, Side},
    text::CountryCode,
};
use tertulia_persistence::engagement::statistics::kept_count::{Part, parts_of};

use crate::{
    App, Ctx,
    directory::{country, organisation},
};

/// Dimensions by which contacts can be grouped at once.
const MOST_DIMENSIONS: usize = 3;
/// Values to which one dimension can be narrowed.
const MOST_VALUES: usize = 50;
/// Cells of one answer.
const MOST_CELLS: usize = 1_000;
/// Longest time that is looked at, in days.
const MOST_DAYS: i64 = 3_660;
/// How far back is looked where nobody says from when.
const USUAL_DAYS: u64 = 365;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Whose contacts; the only organisation for which the caller acts, if left out.
    pub organisation: Option<OrganisationId>,
    /// Which of them; its time and whether they are generated stand below.
    pub filter: ResponsivenessFilter,
    /// Sent on or after this day, in UTC; a year before `to` if left out.
    pub from: Option<NaiveDate>,
    /// Sent before this day; until now if left out.
    pub to: Option<NaiveDate>,
    /// Generated ones or real ones; as the organisation itself is, if left out.
    pub generated: Option<bool>,
    /// By what they are told apart.
    pub group_by: Vec<ResponsivenessDimension>,
}

/// An organisation's own figures.
#[derive(Clone, Debug)]
pub struct Responsiveness {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The first day on which the contacts were sent.
    pub from: NaiveDate,
    /// The first day after.
    pub to: NaiveDate,
    /// Whether they are generated ones.
    pub generated: bool,
    /// Each group with its counts.
    pub cells: Vec<(Vec<Value>, Tally)>,
}

/// How platforms answered an organisation, or how a platform answered. What has legal force is told apart from what has none even where
/// nobody asks for it.
///
/// # Errors
/// `FORBIDDEN` to everybody but who acts for the organisation; `INVALID_INPUT` for a question that is too wide.
pub async fn responsiveness(app: &App, ctx: &Ctx, asked: Result<Asked>) -> Result<Responsiveness> {
    ctx.may(Act::ResponsivenessRead).map_err(to_releases)?;
    let mut asked = asked?;
    check(&asked)?;
    let sight = ctx.counted_contacts();
    let own = match asked.organisation {
        Some(named) => named,
        None => only_one(&sight)?,
    };
    ctx.allow(Act::ResponsivenessRead, &Scope::owned_by(own)).map_err(to_releases)?;
    let entry = organisation::by_ids(app, ctx, &[own]).await?.pop().ok_or_else(|| Error::not_found("filter.organisationId"))?;
    let tomorrow = after(ctx.now.date_naive(), 1);
    let to = asked.to.unwrap_or(tomorrow);
    let from = asked.from.unwrap_or_else(|| to.checked_sub_days(Days::new(USUAL_DAYS)).unwrap_or(to));
    let generated = asked.generated.unwrap_or(entry.generated);
    (asked.filter.from, asked.filter.to, asked.filter.generated) = (from, to, generated);
    let (side, whose) = if entry.kind == OrganisationKind::PlatformCompany {
        let sights: Vec<PlatformSight> = sight.platforms().iter().filter(|sight| sight.platform == own).cloned().collect();
        (Side::Platform, Own::Platform(sights))
    } else {
        (Side::ElectoralBody, Own::Body)
    };
    let last = to.pred_opt().unwrap_or(to);
    let parts = parts_of(&app.reader(ctx), (own, side), Month::holding(from), Month::holding(last)).await?;
    let dimensions = separating(&asked.group_by, &asked.filter.kinds);
    let wants_regions = !asked.filter.regions.is_empty() || dimensions.contains(&ResponsivenessDimension::Region);
    let regions = if wants_regions { regions_of(app, ctx, &parts).await? } else { HashMap::new() };
    let count = || Figures::new((&whose, &regions), &asked.filter, &dimensions, ctx.now);
    let (mut come, mut gone) = (count(), count());
    for part in &parts {
        come.count(&part.cells, part.phase)?;
        if let Some((before, phase)) = &part.before {
            gone.count(before, Some(*phase))?;
        }
    }
    let cells = come.finish(gone);
    if cells.len() > MOST_CELLS {
        let message =
            format!("These are {} groups, and {MOST_CELLS} at most are answered: narrow the filter or group by less.", cells.len());
        return Err(Error::invalid(Reason::TooLong, "groupBy", message));
    }
    Ok(Responsiveness { organisation: own, from, to, generated, cells })
}

/// What is refused here can be looked for there.
fn to_releases(refusal: Error) -> Error {
    if refusal.code != Code::Forbidden {
        return refusal;
    }
    let words = "These are the figures of one electoral body or platform, for itself alone. What the coalition and the public may know of how \
                 platforms answer stands in the releases (`statisticReleases`).";
    Error::forbidden(words)
}

fn check(asked: &Asked) -> Result<()> {
    let mut faults = Faults::default();
    let filter = &asked.filter;
    for (name, values) in [
        ("platformId", filter.platforms.len()),
        ("platformServiceId", filter.services.len()),
        ("kind", filter.kinds.len()),
        ("urgency", filter.urgencies.len()),
        ("phase", filter.phases.len()),
        ("region", filter.regions.len()),
        ("language", filter.languages.len()),
    ] {
        if values > MOST_VALUES {
            faults.add(Reason::TooLong, &format!("filter.{name}"), format!("At most {MOST_VALUES} values."));
        }
    }
    if asked.group_by.len() > MOST_DIMENSIONS {
        faults.add(Reason::TooLong, "groupBy", format!("At most {MOST_DIMENSIONS} dimensions."));
    }
    for (index, dimension) in asked.group_by.iter().enumerate() {
        if asked.group_by.iter().take(index).any(|before| before == dimension) {
            faults.add(Reason::Duplicate, &format!("groupBy.{index}"), "This dimension stands here twice.");
        }
    }
    if let (Some(from), Some(to)) = (asked.from, asked.to) {
        if from >= to {
            faults.add(Reason::BeforePrevious, "filter.to", "The time ends before it begins.");
        } else if (to - from).num_days() > MOST_DAYS {
            faults.add(Reason::OutOfRange, "filter.from", "At most ten years.");
        }
    }
    faults.finish()
}

fn only_one(sight: &ContactSight) -> Result<OrganisationId> {
    let platforms = sight.platforms().iter().map(|sight| sight.platform);
    let all: BTreeSet<OrganisationId> = sight.bodies().iter().copied().chain(platforms).collect();
    let several = || Error::invalid(Reason::Required, "filter.organisationId", "You act for several organisations; say for which one.");
    all.first().copied().filter(|_| all.len() == 1).ok_or_else(several)
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// The regions in which the countries of these contacts' bodies lie.
async fn regions_of(app: &App, ctx: &Ctx, parts: &[Part]) -> Result<HashMap<CountryCode, RegionLine>> {
    let mut codes = BTreeSet::new();
    for part in parts {
        codes.extend(Reading::of(&part.cells)?.parties().iter().filter_map(|party| party.country));
    }
    let codes: Vec<CountryCode> = codes.into_iter().collect();
    let regions = country::regions(app, ctx).await?;
    let line = |smallest| {
        let find = |code| regions.iter().find(|region| region.code == code);
        let line: Vec<_> = std::iter::successors(find(smallest), |region| find(region.parent?)).take(RegionLevel::ALL.len()).collect();
        let sub_region = line.iter().find(|region| region.level == RegionLevel::SubRegion).map(|region| region.code);
        RegionLine { all: line.iter().map(|region| region.code).collect(), sub_region }
    };
    let countries = country::by_codes(app, ctx, &codes).await?;
    Ok(countries.iter().filter_map(|country| Some((country.code, line(country.region?)))).collect())
}
