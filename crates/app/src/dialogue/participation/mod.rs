//! Who takes part in meetings: invited, registered, waiting, admitted, there.

mod attendance;
mod decide;
mod forget;
mod generate;
mod invite;
mod letter;
mod part;
mod person;
mod read;
mod register;
mod respond;
mod seating;
mod settings;
mod withdraw;
mod words;

pub use attendance::{Attendance, AttendanceRecord, record};
pub use decide::{Decide, decide};
pub use forget::forget;
pub use generate::generate;
pub use invite::{Invite, InviteCode, Invited, Invitee, invite};
pub(crate) use part::part;
pub use person::Details;
pub use read::{
    by_ids, count, counts, first_pages, gap, gaps, list, matching, note_needs_read, organises, own, places, seats, seats_are_shown,
    takes_part, telling_roles,
};
pub use register::{Register, register};
pub use respond::{Respond, respond};
pub(crate) use seating::let_offers_lapse;
pub use settings::{CapacitySet, RegistrationSet, ReservedSeats, set_capacity, set_registration};
pub use withdraw::{Withdraw, withdraw};
