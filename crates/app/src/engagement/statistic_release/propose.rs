//! Proposes a release: the servers work its numbers out and then put them before the platforms that it names.

use tertulia_domain::{
    Code, Error, Faults, Reason, Result,
    directory::organisation::OrganisationKind,
    engagement::statistic_release::{Period, Preparation, ReleaseDraft, ReleaseStatus, StatisticRelease},
    id::{OrganisationId, kinds},
    policy::{Act, Scope},
    record::event::{Event, Topic},
};
use tertulia_persistence::{
    Session,
    engagement::{
        contact_purge,
        sent::{self, Sent},
        statistic_release::{self, job},
    },
};

use super::{CODE_VERSION, deed};
use crate::{App, Ctx, IdempotencyKey, directory::references::check_organisations};

/// Proposes a release of a period that belongs to no other. Once its numbers are worked out the named platforms read it, and for ten working
/// days they may comment. What of these months was proposed before and taken back is proposed again as it was: for the same months and platforms, and with
/// exactly the same numbers hidden, since the platforms saw the others.
pub async fn propose(app: &App, ctx: &Ctx, draft: Result<ReleaseDraft>, key: Option<&str>) -> Result<StatisticRelease> {
    ctx.may(Act::StatisticReleasePropose)?;
    let draft = draft?;
    let grant = ctx.allow(Act::StatisticReleasePropose, &Scope::default())?;
    let key = IdempotencyKey::parse(key, &format!("{draft:?}"))?;
    let (titles, platforms) = draft.check(ctx.now)?;
    check(app, ctx, draft.period, &platforms).await?;
    let uow = app.begin(ctx).await?;
    let fresh = app.ids.new_id();
    if let Some(before) = uow.claim(&grant, key.as_ref(), fresh.any()).await? {
        let before = before.typed::<kinds::StatisticRelease>().ok_or_else(|| Error::broken("a key of a release names something else"))?;
        let found = statistic_release::find_many(uow.writer(), &ctx.releases(), &[before]).await?.pop();
        return found.ok_or_else(|| Error::not_found(""));
    }
    taken_back(uow.writer(), draft.period, &platforms).await?;
    let proposed = deed(&grant, ctx);
    let release = StatisticRelease {
        id: fresh,
        titles,
        period: draft.period,
        platforms,
        thresholds: app.thresholds,
        status: ReleaseStatus::Preparing,
        proposed,
        comments_until: None,
        published: None,
        withdrawn: None,
        reason: None,
        edition: 0,
        computed_at: None,
        code_version: CODE_VERSION.to_owned(),
        version: 1,
    };
    statistic_release::insert(uow.writer(), &release, || app.ids.uuid()).await?;
    job::insert(uow.writer(), &Preparation::asked(release.id, release.edition, ctx.now)).await?;
    uow.commit(grant, [Event::new(Topic::StatisticReleaseProposed, release.id.any())]).await?;
    app.releases.asked.notify_one();
    Ok(release)
}

/// Refuses what is not a platform, and months of which the log holds generated contacts or has lost some: a release is about what happened.
async fn check(app: &App, ctx: &Ctx, period: Period, platforms: &[OrganisationId]) -> Result<()> {
    let reader = app.current_reader(ctx);
    let mut faults = Faults::default();
    check_organisations(&reader, &mut faults, "platformIds", platforms, Some(OrganisationKind::PlatformCompany)).await?;
    faults.finish()?;
    let (from, to) = period.bounds();
    if sent::exists(&reader, &Sent { platforms: platforms.to_vec(), from, to, generated: true }).await? {
        let message = "The log holds generated contacts of these months. A release counts none, so none is made of them.";
        return Err(Error::new(Code::Conflict, Reason::Contradiction, "period", message));
    }
    if contact_purge::has_removed(&reader, platforms, (from, to)).await? {
        let message = "Contacts of these months were removed since their time to be kept was over. What is left does not tell how it was.";
        return Err(Error::new(Code::Conflict, Reason::Contradiction, "period", message));
    }
    Ok(())
}

/// Refuses a period of which a month belongs to another release, or was told before together with other months or of other platforms.
async fn taken_back(session: &dyn Session, period: Period, platforms: &[OrganisationId]) -> Result<()> {
    let overlapping = statistic_release::overlapping(session, period.from, period.to).await?;
    if overlapping.iter().any(|release| release.status != ReleaseStatus::Withdrawn) {
        let message = "A month of this period belongs to another release. Each month is told once.";
        return Err(Error::new(Code::Conflict, Reason::Duplicate, "period", message));
    }
    let mut told = overlapping.iter().filter(|release| release.computed_at.is_some());
    if told.any(|release| release.period != period || release.platforms != platforms) {
        let message = "These months were proposed before with others, or for other platforms. Propose the same again.";
        return Err(Error::new(Code::Conflict, Reason::Contradiction, "period", message));
    }
    Ok(())
}

/// The releases of this period that were taken back after their numbers were told, the last first.
pub(super) async fn told_before(session: &dyn Session, period: Period) -> Result<Vec<StatisticRelease>> {
    let overlapping = statistic_release::overlapping(session, period.from, period.to).await?;
    let told = |release: &StatisticRelease| release.status == ReleaseStatus::Withdrawn && release.computed_at.is_some();
    Ok(overlapping.into_iter().filter(told).collect())
}
