//! Which of all response targets binds a contact when it is sent.

use chrono::{Days, NaiveTime};
use chrono_tz::Tz;

use crate::{
    directory::election::ElectionFields,
    engagement::{
        response_target::{ResponseTarget, TargetStatus},
        target::Target,
        vocabulary::{Kind, Urgency},
    },
    id::{OrganisationId, PlatformServiceId},
    text::CountryCode,
    time::Instant,
};

/// What of a contact decides which target binds it.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The company that is to answer.
    pub platform: OrganisationId,
    /// Its service.
    pub service: PlatformServiceId,
    /// The body's country.
    pub country: Option<CountryCode>,
    /// What it is about.
    pub kind: Kind,
    /// How soon an answer is needed.
    pub urgency: Urgency,
    /// When it was sent.
    pub sent_at: Instant,
}

impl ResponseTarget {
    /// Whether the target could bind such a contact, elections apart.
    pub fn concerns(&self, asked: &Asked) -> bool {
        let fits = |empty: bool, holds: bool| empty || holds;
        self.status == TargetStatus::InForce
            && self.platform == asked.platform
            && self.service.is_none_or(|service| service == asked.service)
            && fits(self.countries.is_empty(), asked.country.is_some_and(|country| self.countries.contains(&country)))
            && asked.kind.expects_answer()
            && fits(self.contact_kinds.is_empty(), self.contact_kinds.contains(&asked.kind))
            && fits(self.urgencies.is_empty(), self.urgencies.contains(&asked.urgency))
            && self.valid_from.is_none_or(|from| from.and_time(NaiveTime::MIN).and_utc() <= asked.sent_at)
            && self
                .valid_to
                .and_then(|to| to.checked_add_days(Days::new(1)))
                .is_none_or(|end| asked.sent_at < end.and_time(NaiveTime::MIN).and_utc())
    }

    /// The target as a contact keeps it.
    pub fn frozen(&self) -> Target {
        Target {
            id: self.id,
            instrument: self.instrument,
            acknowledge_within: self.acknowledge_within,
            decide_within: self.decide_within,
            clock: self.clock,
            calendar: self.calendar.clone(),
            nature: self.nature,
        }
    }
}

/// The target that binds a contact, of all there are: one for the hours around a poll before others, since it is the exception to
/// them; then one for the service, for the countries, for the kind, for the urgency before those that are for all. Of equally narrow
/// ones the strictest binds: by when the decision is due, then the first response; then the oldest.
pub fn binding<'a>(
    targets: impl IntoIterator<Item = &'a ResponseTarget>,
    asked: &Asked,
    elections: &[ElectionFields],
    zones: &[Tz],
) -> Option<&'a ResponseTarget> {
    let in_window = |target: &&ResponseTarget| target.applies_when.is_none_or(|span| span.holds(elections, zones, asked.sent_at));
    let concerned = targets.into_iter().filter(|target| target.concerns(asked)).filter(in_window);
    concerned.min_by_key(|target| {
        let wide = [
            target.applies_when.is_none(),
            target.service.is_none(),
            target.countries.is_empty(),
            target.contact_kinds.is_empty(),
            target.urgencies.is_empty(),
        ];
        let frozen = target.frozen();
        let due = |at: Option<Instant>| at.unwrap_or(Instant::MAX_UTC);
        (wide, due(frozen.decide_by(asked.sent_at, &[])), due(frozen.acknowledge_by(asked.sent_at)), target.id)
    })
}
