//! Proposes a release: works its numbers out and puts them before the platforms that it names.

use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    directory::organisation::OrganisationKind,
    engagement::{
        release_cube::ReleaseCell,
        statistic_release::{Period, ReleaseDraft, ReleaseStatus, StatisticRelease, comments_until},
        suppression::Thresholds,
    },
    id::{OrganisationId, kinds},
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{
    Session,
    engagement::statistic_release::{self, cell},
};

use super::{CODE_VERSION, compute::compute, deed};
use crate::{App, Ctx, IdempotencyKey, directory::references::check_organisations};

/// Proposes a release of a period that belongs to no other. From now on the named platforms read it, and for ten working days they may
/// comment. What of these months was proposed before and taken back is proposed again as it was: for the same months and platforms, and with
/// exactly the same numbers hidden, since the platforms saw the others.
pub async fn propose(app: &App, ctx: &Ctx, draft: Result<ReleaseDraft>, key: Option<&str>) -> Result<StatisticRelease> {
    ctx.may(Act::StatisticReleasePropose)?;
    let draft = draft?;
    let grant = ctx.allow(Act::StatisticReleasePropose, &Scope::default())?;
    let key = IdempotencyKey::parse(key, &format!("{draft:?}"))?;
    let (titles, platforms) = draft.check(ctx.now)?;
    // Worked out before anything is written, so that nobody waits for it.
    let cells = cells(app, ctx, draft.period, &platforms).await;
    let uow = app.begin(ctx).await?;
    let fresh = app.ids.new_id();
    if let Some(before) = uow.claim(&grant, key.as_ref(), fresh.any()).await? {
        let before = before.typed::<kinds::StatisticRelease>().ok_or_else(|| Error::broken("a key of a release names something else"))?;
        let found = statistic_release::find_many(uow.writer(), &ctx.releases(), &[before]).await?.pop();
        return found.ok_or_else(|| Error::not_found(""));
    }
    let cells = cells?;
    taken_back(uow.writer(), draft.period, &platforms).await?;
    let proposed = deed(&grant, ctx);
    let release = StatisticRelease {
        id: fresh,
        titles,
        period: draft.period,
        platforms,
        thresholds: app.thresholds,
        status: ReleaseStatus::Proposed,
        proposed,
        comments_until: comments_until(proposed.at),
        published: None,
        withdrawn: None,
        reason: None,
        edition: 0,
        computed_at: ctx.now,
        code_version: CODE_VERSION.to_owned(),
        version: 1,
    };
    statistic_release::insert(uow.writer(), &release, || app.ids.uuid()).await?;
    cell::insert(uow.writer(), (release.id, release.edition), &cells, || app.ids.uuid()).await?;
    uow.commit(grant, [Event::new(Topic::StatisticReleaseProposed, release.id.any())]).await?;
    Ok(release)
}

/// What can be told of the period.
async fn cells(app: &App, ctx: &Ctx, period: Period, platforms: &[OrganisationId]) -> Result<Vec<ReleaseCell>> {
    let reader = app.current_reader(ctx);
    let mut faults = Faults::default();
    check_organisations(&reader, &mut faults, "platformIds", platforms, Some(OrganisationKind::PlatformCompany)).await?;
    faults.finish()?;
    let before = taken_back(&reader, period, platforms).await?;
    let cube = compute(&reader, platforms, period, ctx.now).await?;
    let thresholds: Thresholds = app.thresholds;
    let earlier = match &before {
        Some(before) => cell::find_of(&reader, &[(before.id, before.edition)]).await?.remove(&(before.id, before.edition)),
        None => None,
    };
    cube.told(&thresholds, earlier.as_deref()).ok_or_else(|| {
        let message = "These numbers beside those that were proposed before would tell what must not be told.";
        Error::new(Code::Conflict, Reason::NotAllowedNow, "period", message)
    })
}

/// The last release of this period that was taken back, if one was.
///
/// # Errors
/// `CONFLICT` if a month belongs to another release, or if other months or platforms were proposed together before.
async fn taken_back(session: &dyn Session, period: Period, platforms: &[OrganisationId]) -> Result<Option<StatisticRelease>> {
    let overlapping = statistic_release::overlapping(session, period.from, period.to).await?;
    if overlapping.iter().any(|release| release.status != ReleaseStatus::Withdrawn) {
        let message = "A month of this period belongs to another release. Each month is told once.";
        return Err(Error::new(Code::Conflict, Reason::Duplicate, "period", message));
    }
    if overlapping.iter().any(|release| release.period != period || release.platforms != platforms) {
        let message = "These months were proposed before with others, or for other platforms. Propose the same again.";
        return Err(Error::new(Code::Conflict, Reason::Contradiction, "period", message));
    }
    Ok(overlapping.into_iter().next())
}
