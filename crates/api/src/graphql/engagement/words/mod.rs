//! The closed lists of words of the contact log, as clients see them.

mod answer;
mod course;
mod heading;
mod import;
mod incident;
mod statistic;
mod statistics;
mod target;

pub use answer::{DecisionAction, DecisionExtent, DecisionGround, DecisionOutcome, DivergenceKind};
pub use course::{AssertedBy, ContactAct, ContactClosure, ContactFormat, ContactOrder, ContactStatus, ContactStep, OccurredPrecision};
pub use heading::{ContactDirection, ContactKind, ContactMedium, ContactVisibility, ContentType, IssueType, LegalBasis, Urgency};
pub use import::{ContactImportField, ContactImportStatus, DateOrder};
pub use incident::{IncidentOrder, IncidentStatus};
pub use statistic::{StatisticDimension, StatisticReleaseOrder, StatisticReleaseStatus, SuppressionReason};
pub use statistics::{ElectionPhase, ResponsivenessDimension};
pub use target::{PollAnchor, ResponseTargetOrder, TargetClock, TargetNature, TargetState};
