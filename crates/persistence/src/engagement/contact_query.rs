//! What a reader sees and what a filter narrows, as conditions on the table `contact`.

use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Expr, ExprTrait, LikeExpr, SimpleExpr},
};
use tertulia_domain::{
    engagement::{
        filter::ContactFilter,
        target::{Mark, TargetState},
        vocabulary::{Direction, Visibility},
    },
    id::{Id, UserId},
    policy::{ContactSight, Coverage, PlatformSight},
    time::Instant,
};

use super::{contact_row::Column, incident_contact};
use crate::portable;

/// The contacts that a caller may read (DOMAIN 4.5): its own side's, unless they name their readers; the other side's, once
/// sent and shared with the parties; those that name the person, of a party that he acts for.
pub(crate) fn seen(sight: &ContactSight) -> Condition {
    if sight.everything() {
        return Condition::all();
    }
    let mut any = of_parties(sight);
    if sight.shared() {
        any = any.add(between_parties());
    }
    if any.is_empty() { any.add(Expr::val(1).eq(0)) } else { any }
}

/// Those of them to which the caller is a party himself, and that were sent.
pub(crate) fn own(sight: &ContactSight) -> Condition {
    let any = of_parties(sight);
    let any = if any.is_empty() { any.add(Expr::val(1).eq(0)) } else { any };
    Condition::all().add(any).add(Column::SentAt.is_not_null())
}

fn of_parties(sight: &ContactSight) -> Condition {
    let mut any = Condition::any();
    if !sight.bodies().is_empty() {
        let of_bodies = Column::ElectoralBodyId.is_in(sight.bodies().iter().map(|body| body.uuid()));
        any = any.add(Condition::all().add(of_bodies).add(as_party(Direction::EbToPlatform, sight.user())));
    }
    for platform in sight.platforms() {
        any = any.add(covered(platform).add(as_party(Direction::PlatformToEb, sight.user())));
    }
    any
}

/// Sent, and readable by both sides.
fn between_parties() -> Condition {
    Condition::all().add(Column::SentAt.is_not_null()).add(is(Visibility::Parties))
}

fn is(visibility: Visibility) -> SimpleExpr {
    Column::Visibility.eq(visibility.as_str())
}

/// What a party reads that sends in direction `own`.
fn as_party(own: Direction, user: Option<UserId>) -> Condition {
    let sends = Column::Direction.eq(own.as_str());
    let mut any = Condition::any()
        .add(Condition::all().add(sends.clone()).add(Column::Visibility.ne(Visibility::Named.as_str())))
        .add(between_parties());
    if let Some(user) = user {
        let names = holds(Column::NamedReaders, &format!("\"{user}\""));
        let sent = Condition::any().add(sends).add(Column::SentAt.is_not_null());
        any = any.add(Condition::all().add(is(Visibility::Named)).add(names).add(sent));
    }
    any
}

/// The contacts of a platform that a membership covers.
pub(crate) fn covered(sight: &PlatformSight) -> Condition {
    covered_by(sight, Column::PlatformId, Column::CountryCode, Column::PlatformServiceId)
}

/// The same for another table's columns of platform, country and service.
pub(crate) fn covered_by<C: ColumnTrait>(sight: &PlatformSight, platform: C, country: C, service: C) -> Condition {
    let mut all = Condition::all().add(platform.eq(sight.platform.uuid()));
    if let Coverage::Only(countries) = &sight.countries {
        all = all.add(country.is_in(countries.iter().map(|code| code.as_str().to_owned())));
    }
    if let Coverage::Only(services) = &sight.services {
        all = all.add(service.is_in(services.iter().map(|service| service.uuid())));
    }
    all
}

/// The contacts that a filter leaves. Search by the sender's own number reaches only contacts whose sender the caller acts for.
pub(crate) fn narrowed(filter: &ContactFilter, sight: &ContactSight) -> Condition {
    let mut all = Condition::all();
    let mut among = |column: Column, words: Vec<&'static str>| {
        if !words.is_empty() {
            all = all.clone().add(column.is_in(words));
        }
    };
    among(Column::Kind, filter.kinds.iter().map(|kind| kind.as_str()).collect());
    among(Column::Status, filter.statuses.iter().map(|status| status.as_str()).collect());
    among(Column::Urgency, filter.urgencies.iter().map(|urgency| urgency.as_str()).collect());
    let ids = |column: Column, ids: Vec<uuid::Uuid>| (!ids.is_empty()).then(|| column.is_in(ids));
    let mut issues = Condition::any();
    for issue in &filter.issue_types {
        issues = issues.add(holds(Column::IssueTypes, &format!("\"{issue}\"")));
    }
    all.add_option(filter.electoral_body.map(|id| Column::ElectoralBodyId.eq(id.uuid())))
        .add_option(ids(Column::PlatformId, filter.platforms.iter().copied().map(Id::uuid).collect()))
        .add_option(ids(Column::PlatformServiceId, filter.services.iter().copied().map(Id::uuid).collect()))
        .add_option(
            (!filter.countries.is_empty()).then(|| Column::CountryCode.is_in(filter.countries.iter().map(|code| code.as_str().to_owned()))),
        )
        .add_option((!filter.issue_types.is_empty()).then_some(issues))
        .add_option(filter.election.map(|id| Column::ElectionId.eq(id.uuid())))
        .add_option(filter.incident.map(|id| Column::Id.in_subquery(incident_contact::contacts_in(id, sight))))
        .add_option(filter.sent_from.map(|at| Column::SentAt.gte(at)))
        .add_option(filter.sent_to.map(|at| Column::SentAt.lt(at)))
        .add_option(filter.changed_after.map(|at| Column::UpdatedAt.gt(at)))
        .add_option(filter.due.then(|| Column::WaitsUntil.is_not_null()))
        .add_option((!filter.target_states.is_empty()).then(|| standing(&filter.target_states, filter.now)))
        .add_option(filter.search.as_ref().map(|term| {
            let mut any = Condition::any().add(portable::holds_words(&Column::SearchText, term));
            let own: Vec<uuid::Uuid> = own_organisations(sight);
            if !own.is_empty() {
                let case = portable::holds_words(&Column::CaseSearch, term);
                any = any.add(Condition::all().add(Column::OwnerId.is_in(own)).add(case));
            }
            any
        }))
}

/// The contacts whose target stands so at a moment. Of what is awaited or was missed the index of what is due knows.
fn standing(states: &[TargetState], now: Instant) -> Condition {
    let marked = |mark: Mark| Column::TargetMark.eq(mark.as_str());
    let pending = |time: SimpleExpr| Condition::all().add(marked(Mark::Pending)).add(time);
    let waiting = |state: &TargetState| matches!(state, TargetState::Running | TargetState::DueSoon | TargetState::Missed);
    let one = |state: &TargetState| match state {
        TargetState::NoTarget => Condition::any().add(Column::TargetMark.is_null()).add(marked(Mark::Void)),
        TargetState::Running => Condition::any().add(marked(Mark::Paused)).add(pending(Column::SoonAt.gt(now))),
        TargetState::DueSoon => pending(Column::SoonAt.lte(now)).add(Column::DueAt.gt(now)),
        TargetState::Missed => Condition::any().add(marked(Mark::Missed)).add(pending(Column::DueAt.lte(now))),
        TargetState::Met => Condition::any().add(marked(Mark::Met)),
        TargetState::MissedThenAnswered => Condition::any().add(marked(Mark::Late)),
    };
    let any = states.iter().map(one).fold(Condition::any(), Condition::add);
    let indexed = states.iter().all(waiting).then(|| Column::WaitsUntil.is_not_null());
    Condition::all().add_option(indexed).add(any)
}

/// The organisations that the caller acts for.
pub(crate) fn own_organisations(sight: &ContactSight) -> Vec<uuid::Uuid> {
    let platforms = sight.platforms().iter().map(|sight| sight.platform.uuid());
    sight.bodies().iter().map(|body| body.uuid()).chain(platforms).collect()
}

/// A text that holds `part`; the wildcards of LIKE in it are none.
fn holds(column: Column, part: &str) -> SimpleExpr {
    let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    Expr::col(column).like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}
