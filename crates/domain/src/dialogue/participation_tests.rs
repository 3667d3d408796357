//! What must hold for every participation and every room, tried on generated ones.

use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    participation::{CapacityRole, Listed, Participation, ParticipationMode, ParticipationStatus as Status, Step},
    seats::{Admission, Registration, Reserved, Seats, Waiting, offered_until},
};
use crate::{
    error::{Code, Reason},
    id::{DialogueId, MeetingId, OrganisationId, ParticipationId},
    time::Instant,
};

fn at(hour: i64) -> Instant {
    DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
}

fn participation(status: Status) -> Participation {
    let one = Uuid::from_u128(1);
    Participation {
        id: ParticipationId::new(one),
        meeting: MeetingId::new(one),
        dialogue: DialogueId::new(one),
        organisation: OrganisationId::new(one),
        person: None,
        role: CapacityRole::Observer,
        status,
        mode: ParticipationMode::Online,
        interpretation_needs: Vec::new(),
        access_needs: None,
        listed: Listed::Nobody,
        ticket: None,
        offered_until: None,
        acted_by: None,
        attended_from: None,
        attended_to: None,
        generated: false,
        created_at: at(0),
        updated_at: at(0),
        version: 1,
    }
}

#[test]
fn the_states_and_what_leads_where() {
    let line = |status: &Status| {
        let steps: Vec<String> = Step::ALL.iter().filter_map(|step| Some(format!("{step} {}", status.after(*step)?))).collect();
        format!("{:<10} {}", status.as_str(), steps.join(", ")).trim_end().to_owned()
    };
    let table: Vec<String> = Status::ALL.iter().map(line).collect();
    insta::assert_snapshot!(table.join("\n"));
}

proptest! {
    #[test]
    fn what_is_over_stays_over_and_nothing_happens_unseen(steps in prop::collection::vec(prop::sample::select(Step::ALL), 1..30)) {
        let mut one = participation(Status::Invited);
        for (hour, step) in (1..).zip(steps) {
            let over = [Status::Delegated, Status::Rejected, Status::Lapsed, Status::Withdrawn].contains(&one.status);
            match one.step(step, at(hour)) {
                Ok(next) => {
                    prop_assert!(!over, "{} is over, and {step} made it {}", one.status, next.status);
                    prop_assert_eq!((next.version, next.updated_at), (one.version + 1, at(hour)));
                    one = next;
                }
                Err(error) => prop_assert_eq!((error.code, error.faults[0].reason), (Code::InvalidTransition, Reason::NotAllowedNow)),
            }
        }
    }

    #[test]
    fn no_room_is_overbooked_and_nobody_is_overtaken(
        seats in 0..6_i64,
        kept in 0..3_i64,
        moves in prop::collection::vec((0..10_u8, any::<prop::sample::Index>(), prop::bool::ANY), 1..80),
    ) {
        let reserved = (kept > 0 && kept <= seats).then_some(Reserved { role: CapacityRole::Expert, mode: MODE, seats: kept });
        let terms = Admission { in_person: Some(seats), reserved: reserved.into_iter().collect(), ..Admission::default() };
        let mut room = Room::default();
        for (what, which, expert) in moves {
            let role = if expert { CapacityRole::Expert } else { CapacityRole::Observer };
            match what {
                0..6 => room.arrive(&terms, role),
                6..8 => room.leave(&terms, which),
                _ => room.accept(which),
            }
            prop_assert!(room.count(Status::holds_seat) <= seats, "{seats} seats: {:?}", room.people);
            let experts = room.people.iter().filter(|(_, role, status)| *role == CapacityRole::Expert && status.holds_seat()).count();
            let others = room.count(Status::holds_seat) - i64::try_from(experts).unwrap();
            prop_assert!(others <= seats - terms.reserved.iter().map(|one| one.seats).sum::<i64>(), "kept seats are kept");
            for role in [CapacityRole::Expert, CapacityRole::Observer] {
                let line: Vec<Status> = room.people.iter().filter(|(_, of, _)| *of == role).map(|(_, _, status)| *status).collect();
                let first = line.iter().position(|status| *status == Status::Waitlisted).unwrap_or(line.len());
                let overtook = line[first..].iter().any(|status| status.holds_seat());
                prop_assert!(!overtook, "one who came later has a seat: {line:?}");
            }
            prop_assert!(!room.seats().owes_an_offer(&terms), "a seat is free and one waits");
        }
    }
}

const MODE: ParticipationMode = ParticipationMode::InPerson;

/// A room with everybody who came to it, in the order in which they came.
#[derive(Default)]
struct Room {
    people: Vec<(ParticipationId, CapacityRole, Status)>,
}

impl Room {
    fn count(&self, holds: impl Fn(Status) -> bool) -> i64 {
        i64::try_from(self.people.iter().filter(|(_, _, status)| holds(*status)).count()).unwrap()
    }

    fn seats(&self) -> Seats {
        let mut seats = Seats::default();
        for (_, role, status) in &self.people {
            seats.add(MODE, *role, *status, 1);
        }
        seats
    }

    fn arrive(&mut self, terms: &Admission, role: CapacityRole) {
        let id = ParticipationId::new(Uuid::from_u128(self.people.len() as u128));
        let status = if self.seats().has_room(terms, MODE, role) { Status::Accepted } else { Status::Waitlisted };
        self.people.push((id, role, status));
    }

    fn leave(&mut self, terms: &Admission, which: prop::sample::Index) {
        if self.people.is_empty() {
            return;
        }
        let one = which.index(self.people.len());
        if let Some(status) = self.people[one].2.after(Step::Withdraw) {
            self.people[one].2 = status;
        }
        let waits = |(id, role, status): &(ParticipationId, CapacityRole, Status)| {
            (*status == Status::Waitlisted).then_some(Waiting { id: *id, mode: MODE, role: *role })
        };
        let queue: Vec<Waiting> = self.people.iter().filter_map(waits).collect();
        for id in self.seats().offer(terms, &queue) {
            let one = self.people.iter_mut().find(|(other, _, _)| *other == id).unwrap();
            one.2 = one.2.after(Step::Offer).unwrap();
        }
    }

    fn accept(&mut self, which: prop::sample::Index) {
        if !self.people.is_empty() {
            let one = which.index(self.people.len());
            if self.people[one].2 == Status::Offered {
                self.people[one].2 = Status::Accepted;
            }
        }
    }
}

#[test]
fn seats_are_not_set_below_what_is_taken() {
    let mut taken = Seats::default();
    taken.add(ParticipationMode::InPerson, CapacityRole::EbDelegate, Status::Accepted, 3);
    taken.add(ParticipationMode::InPerson, CapacityRole::Expert, Status::Offered, 1);
    taken.add(ParticipationMode::InPerson, CapacityRole::Expert, Status::Waitlisted, 7);
    let set = |seats, reserved| Admission::default().with_seats((Some(seats), None), reserved, &taken);
    let refused = set(3, vec![]).expect_err("four are taken");
    assert_eq!((refused.faults[0].reason, refused.faults[0].path.join(".")), (Reason::OutOfRange, "inPerson".to_owned()));
    assert!(refused.faults[0].message.starts_with("4 seats"), "{refused}");
    let reserved = |seats| Reserved { role: CapacityRole::Expert, mode: ParticipationMode::InPerson, seats };
    assert_eq!(set(4, vec![reserved(5)]).expect_err("more kept than there are").faults[0].reason, Reason::Contradiction);
    assert_eq!(set(9, vec![reserved(2), reserved(1)]).expect_err("twice").faults[0].reason, Reason::Duplicate);
    let set = set(5, vec![reserved(2)]).expect("enough");
    assert_eq!(taken.free(&set, ParticipationMode::InPerson, CapacityRole::Observer), Some(0), "one of two kept seats is not taken");
    assert_eq!(taken.free(&set, ParticipationMode::InPerson, CapacityRole::Expert), Some(1));
    assert_eq!(taken.free(&set, ParticipationMode::Online, CapacityRole::Expert), None, "no limit");
}

#[test]
fn an_offer_is_shorter_near_the_start() {
    let day = TimeDelta::hours(24);
    assert_eq!(offered_until(at(0), at(480), day), Some(at(24)));
    assert_eq!(offered_until(at(0), at(10), day), Some(at(5)));
    assert_eq!(offered_until(at(10), at(10), day), None);
}

#[test]
fn registration_is_open_between_its_wall_times() {
    let wall = |hour: u32| Some(chrono::NaiveDate::from_ymd_opt(2026, 3, 29).unwrap().and_hms_opt(hour, 30, 0).unwrap());
    let one = Registration { opens: wall(2), closes: wall(4), zone: chrono_tz::Europe::Madrid, ..Registration::default() };
    // 02:30 does not occur that day: it means 03:30, which is 01:30 UTC.
    let opens: Instant = "2026-03-29T01:30:00Z".parse().unwrap();
    assert!(!one.is_open(opens - TimeDelta::seconds(1)) && one.is_open(opens) && !one.is_open(opens + TimeDelta::hours(1)));
    let turned = Registration { opens: wall(4), closes: wall(2), ..one };
    assert_eq!(Admission::default().with_registration(turned, Listed::Public).expect_err("turned").faults[0].reason, Reason::Contradiction);
}
