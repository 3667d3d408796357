//! Contacts that nobody sent: made from a seed, so that the same seed makes the same ones, and marked as generated. Waits and
//! outcomes follow what is published; the mix of courses is a model.

use std::sync::Arc;

use chrono::TimeDelta;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng, seq::IndexedRandom};
use tertulia_domain::{
    Result,
    engagement::{
        binding::{Asked, binding},
        contact::{Contact, Header},
        content_item::ContentItem,
        decision::Decision,
        fact::{Chained, Fact, Head, NewFact, Sealed, Told},
        lifecycle::Lifecycle,
        reference::Reference,
        response_target::ResponseTarget,
        statistics::{counted::Counted, phase::ElectionPhase},
        target::{Bound, Course},
        vocabulary::{
            ContentType, Direction, Extent, IssueType, Kind, LegalBasis, Medium, Outcome, Precision, Side, Step, Urgency, Visibility,
        },
    },
    id::{Id, OrganisationId, PlatformServiceId},
    text::{CountryCode, WebUrl},
    time::{Instant, to_micros},
};
use uuid::Uuid;

use super::distributions::Distributions;
use crate::directory::votes::Votes;

/// An electoral body that generated contacts can be from.
#[derive(Clone, Debug)]
pub(super) struct Body {
    /// The body.
    pub id: OrganisationId,
    /// Its country.
    pub country: Option<CountryCode>,
}

/// A platform's service that generated contacts can go to.
#[derive(Clone, Debug)]
pub(super) struct Service {
    /// The service.
    pub id: PlatformServiceId,
    /// Its company.
    pub platform: OrganisationId,
    /// Its name, for the subject.
    pub name: String,
    /// Its key in the reference files, by which its waits are published.
    pub key: Option<String>,
}

/// What binds contacts: the response targets in force, and when the bodies' countries vote.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    /// The targets.
    pub targets: Arc<Vec<ResponseTarget>>,
    /// The elections and zones of each country.
    pub votes: Vec<Arc<Votes>>,
}

/// A contact with everything that belongs to it.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// The contact, its course worked out from the facts.
    pub contact: Contact,
    /// What it points at.
    pub items: Vec<ContentItem>,
    /// Its history.
    pub facts: Vec<Chained>,
    /// How it counts, the phase of an election apart.
    pub counted: Option<Counted>,
}

/// The courses that a generated contact takes, in the proportion in which they stand here.
const COURSES: &[(&[Step], u32)] = &[
    (&[Step::Sent, Step::Acknowledged, Step::Decided, Step::Closed], 34),
    (&[Step::Sent, Step::Acknowledged, Step::Decided], 20),
    (&[Step::Sent, Step::Decided], 8),
    (&[Step::Sent], 10),
    (&[Step::Sent, Step::Acknowledged], 8),
    (&[Step::Sent, Step::Closed], 6),
    (&[Step::Sent, Step::Asked], 3),
    (&[Step::Sent, Step::Asked, Step::Replied, Step::Decided], 4),
    (&[Step::Sent, Step::Decided, Step::Disputed], 2),
    (&[Step::Sent, Step::Decided, Step::Disputed, Step::Decided, Step::Closed], 1),
    (&[Step::Sent, Step::Withdrawn], 2),
    (&[], 1),
    (&[Step::Discarded], 1),
    (&[Step::Referred], 1),
];

/// Makes contacts one after the other.
#[derive(Debug)]
pub(super) struct Planner {
    random: ChaCha8Rng,
    bodies: Vec<Body>,
    services: Vec<Service>,
    distributions: Distributions,
    ground: Ground,
    now: Instant,
    made: u64,
}

/// The next contact; none where there is no body or no service to choose from.
impl Iterator for Planner {
    type Item = Result<Planned>;

    fn next(&mut self) -> Option<Self::Item> {
        let body = self.bodies.choose(&mut self.random)?.clone();
        let service = self.services.choose(&mut self.random)?.clone();
        Some(self.plan(&body, &service))
    }
}

impl Planner {
    /// A planner over these bodies and services; contacts are sent in the eighteen months before `now`.
    pub(super) fn new(seed: u64, bodies: Vec<Body>, services: Vec<Service>, ground: Ground, now: Instant) -> Result<Self> {
        let (random, distributions) = (ChaCha8Rng::seed_from_u64(seed), Distributions::read()?);
        Ok(Self { random, bodies, services, distributions, ground, now, made: 0 })
    }

    /// The target that binds a contact, as if it had been in force when the contact was sent.
    fn bound(&self, contact: &Contact, sent_at: Instant) -> Option<Bound> {
        let (platform, service) = contact.platform.zip(contact.service)?;
        let (country, kind, urgency) = (contact.country, contact.header.kind, contact.header.urgency);
        let asked = Asked { platform, service, country, kind, urgency, sent_at };
        let concerned: Vec<&ResponseTarget> = self.ground.targets.iter().filter(|target| target.concerns(&asked)).collect();
        let votes = self.ground.votes.iter().find(|votes| Some(votes.country) == country);
        let votes = votes.filter(|_| concerned.iter().any(|target| target.applies_when.is_some()));
        let elections: Vec<_> = votes.iter().flat_map(|votes| &votes.elections).map(|election| election.fields.clone()).collect();
        let zones = votes.map_or(&[][..], |votes| &votes.zones);
        binding(concerned, &asked, &elections, zones).map(|target| Bound { target: target.frozen(), course: None })
    }

    fn plan(&mut self, body: &Body, service: &Service) -> Result<Planned> {
        let course = self.course();
        let kind = self.kind();
        let recent = TimeDelta::minutes(self.random.random_range(60..40_000));
        let old = TimeDelta::minutes(self.random.random_range(187_200..780_000));
        // Silence is closed after thirty days at the earliest, and what is finished began a while ago.
        let sent_at = to_micros(self.now - if course.len() > 1 { old } else { recent });
        let items = self.items();
        let mut contact = self.contact(body, service, kind, sent_at);
        if course.first() == Some(&Step::Sent) {
            contact.bound = self.bound(&contact, sent_at);
        }
        let wait = self.distributions.wait(&mut self.random, service.key.as_deref());
        let facts = self.facts(&contact, course, &items, (sent_at, wait))?;
        let told: Vec<Fact> = facts.iter().map(|chained| chained.fact.clone()).collect();
        let life = Lifecycle::of(contact.terms(), &told);
        let kept = contact.bound.as_ref().and_then(|bound| Course::of(&bound.target, contact.terms(), &told));
        if let Some(bound) = &mut contact.bound {
            bound.course = kept;
        }
        contact.life = life;
        contact.head = facts.last().map(Chained::head);
        contact.shared_at = contact.life.sent_at;
        if let Some(last) = told.last() {
            contact.changed_at = last.recorded_at;
        }
        contact.version = i64::try_from(facts.len().max(1)).unwrap_or(i64::MAX);
        self.made += 1;
        let counted = Counted::of(&contact, &told, ElectionPhase::Outside);
        Ok(Planned { contact, items, facts, counted })
    }

    /// The first contacts take each course once, so that even a few show every state.
    fn course(&mut self) -> &'static [Step] {
        let first = usize::try_from(self.made).ok().and_then(|made| COURSES.get(made));
        let chosen = first.or_else(|| COURSES.choose_weighted(&mut self.random, |(_, weight)| *weight).ok());
        chosen.map_or(&[], |(steps, _)| steps)
    }

    fn kind(&mut self) -> Kind {
        let kinds =
            [(Kind::Escalation, 70), (Kind::LegalNotice, 10), (Kind::LegalOrder, 6), (Kind::AdMatter, 6), (Kind::PolicyQuestion, 8)];
        kinds.choose_weighted(&mut self.random, |(_, weight)| *weight).map_or(Kind::Escalation, |(kind, _)| *kind)
    }

    fn pick<T: Copy>(&mut self, among: &[T], otherwise: T) -> T {
        among.choose(&mut self.random).copied().unwrap_or(otherwise)
    }

    /// Ids carry the moment to which they belong, so that rows lie in the order of time.
    fn id<K>(&mut self, at: Instant) -> Id<K> {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        Id::new(uuid::Builder::from_unix_timestamp_millis(millis, &self.random.random()).into_uuid())
    }

    fn contact(&mut self, body: &Body, service: &Service, kind: Kind, sent_at: Instant) -> Contact {
        let issue = self.pick(IssueType::ALL, IssueType::Other);
        let legal_basis = match kind {
            Kind::LegalOrder => LegalBasis::CourtOrder,
            Kind::LegalNotice => LegalBasis::NationalLaw,
            Kind::PolicyQuestion => LegalBasis::None,
            _ => LegalBasis::PlatformTerms,
        };
        let header = Header {
            direction: Direction::EbToPlatform,
            kind,
            medium: self.pick(&[Medium::Email, Medium::Portal, Medium::Phone, Medium::Form], Medium::Email),
            legal_basis,
            urgency: self.pick(&[Urgency::Normal, Urgency::Normal, Urgency::High, Urgency::Critical, Urgency::Low], Urgency::Normal),
            issue_types: vec![issue],
            subject: format!("Generated: {} to {}", kind.label(), service.name),
            description: None,
            language: None,
            channel: None,
            election: None,
            instrument: None,
            case_number: None,
        };
        Contact {
            id: self.id(sent_at),
            reference: Reference::from_random(body.country, self.random.random()),
            electoral_body: body.id,
            country: body.country,
            platform: Some(service.platform),
            service: Some(service.id),
            platform_name: None,
            header,
            visibility: Visibility::Parties,
            visibility_chosen: false,
            named_readers: Vec::new(),
            shared_at: None,
            read_by_other_at: None,
            life: Lifecycle::of_none(),
            bound: None,
            head: None,
            recorded_by: None,
            generated: true,
            backfilled: true,
            recorded_at: sent_at,
            changed_at: sent_at,
            version: 1,
        }
    }

    fn items(&mut self) -> Vec<ContentItem> {
        let count = self.random.random_range(1..=3);
        (0..count)
            .map(|_| ContentItem {
                id: self.id(self.now),
                // RFC 2606 keeps this name for what does not exist.
                url: WebUrl::parse(&format!("https://content.example/{:012x}", self.random.random::<u64>() >> 16)).ok(),
                platform_content_id: None,
                description: None,
                content_types: vec![self.pick(ContentType::ALL, ContentType::Text)],
                language: None,
                seen_at: None,
                archived_url: None,
            })
            .collect()
    }

    fn facts(
        &mut self,
        contact: &Contact,
        course: &[Step],
        items: &[ContentItem],
        (sent_at, wait): (Instant, TimeDelta),
    ) -> Result<Vec<Chained>> {
        let mut head: Option<Head> = None;
        let mut facts = Vec::with_capacity(course.len());
        let mut at = sent_at;
        for step in course {
            at = match step {
                Step::Sent => at,
                // The first decision comes when the wait is over, whatever came between.
                Step::Decided if at < sent_at + wait => sent_at + wait,
                Step::Acknowledged | Step::Asked => at + wait * self.random.random_range(5..50) / 100,
                Step::Replied => at + wait / 10,
                // Silence is closed after thirty days at the earliest.
                Step::Closed if course.len() == 2 => at + TimeDelta::days(31),
                _ => at + Distributions::step(&mut self.random),
            }
            .min(self.now);
            let fact = self.fact(contact, *step, at, items)?.chain(contact.id, head)?;
            head = Some(fact.head());
            facts.push(fact);
        }
        Ok(facts)
    }

    fn fact(&mut self, contact: &Contact, step: Step, at: Instant, items: &[ContentItem]) -> Result<NewFact> {
        let by_platform =
            matches!(step, Step::Asked) || (matches!(step, Step::Acknowledged | Step::Decided) && self.random.random_bool(0.5));
        let (side, organisation) = match (by_platform, contact.platform) {
            (true, Some(platform)) => (Side::Platform, platform),
            _ => (Side::ElectoralBody, contact.electoral_body),
        };
        let told = Told {
            step,
            side,
            organisation,
            occurred_at: at,
            precision: Precision::Minute,
            format: (step == Step::Decided).then(|| Distributions::format(&mut self.random)),
            reason: step.wants_reason().then(|| "Generated.".to_owned()),
            referred_to: (step == Step::Referred).then(|| "Generated".to_owned()),
            decision: (step == Step::Decided).then(|| self.decision(contact.header.kind, items)).transpose()?,
            supersedes: None,
        };
        let salt = Uuid::from_u128(self.random.random()).simple().to_string();
        Ok(NewFact { id: self.id(at), recorded_at: at, told, sealed: Sealed { salt, note: None, person: None } })
    }

    fn decision(&mut self, kind: Kind, items: &[ContentItem]) -> Result<Decision> {
        let answer = self.distributions.answer(&mut self.random, kind)?;
        let extent = match answer.outcome {
            _ if items.is_empty() => None,
            Outcome::ActionTaken => Some(Extent::Full),
            Outcome::AlreadyUnavailable | Outcome::InformationProvided => None,
            _ => Some(Extent::None),
        };
        let (outcome, actions) = (answer.outcome, answer.actions.clone());
        Ok(Decision { outcome, actions, extent, items: vec![], ground: None, explanation: None, territories: vec![], until: None })
    }
}
