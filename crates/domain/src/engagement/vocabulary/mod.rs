//! The closed lists of words of the contact log.

mod answer;
mod course;
mod heading;

pub use answer::{Action, Extent, Ground, Outcome};
pub use course::{AssertedBy, Closure, Format, Precision, Side, Status, Step};
pub use heading::{ContentType, Direction, IssueType, Kind, LegalBasis, Medium, Urgency, Visibility};
