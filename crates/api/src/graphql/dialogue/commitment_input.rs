//! What a front end sends to put commitments down and to act on them.

use async_graphql::{ID, InputObject};
use tertulia_app::dialogue::commitment::Input;
use tertulia_domain::dialogue as domain;

use super::words::{CommitmentOutcome, EvidenceKind, MeasureAct};
use crate::graphql::{
    engagement::words::{ContactKind, Urgency},
    scalar::{CountryCode, Date, Duration},
};

/// A commitment to be put down.
#[derive(InputObject)]
pub(super) struct CommitmentCreateInput {
    /// The meeting at which it was made, if it was made at one. Whoever reads the meeting reads the commitment.
    meeting_id: Option<ID>,
    /// The point of the agenda at which it was made; its meeting follows. Refused where nobody may be named at that point, since a
    /// commitment names who promised.
    agenda_item_id: Option<ID>,
    /// The agreement or law that it follows from.
    instrument_id: Option<ID>,
    /// The organisation that promises.
    committed_by_id: ID,
    /// The organisations to which it promises, at least one and at most 50.
    to_whom: Vec<ID>,
    /// What it promises. At most 2,000 characters.
    text: String,
    /// The day by whose end (UTC) it is due; not past.
    due_on: Date,
    /// What of it the contact log is to show; for a platform's commitment.
    measure: Option<CommitmentMeasureInput>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers with the commitment made before.
    pub(super) idempotency_key: Option<String>,
}

/// What of a commitment the contact log is to show: which share of the contacts is answered in time.
#[derive(InputObject)]
struct CommitmentMeasureInput {
    /// In words. At most 300 characters.
    description: String,
    /// Contacts of these kinds count, at least one; only such as expect an answer of a platform. Notices and orders with legal force are
    /// never counted together with other kinds.
    kinds: Vec<ContactKind>,
    /// Contacts of this urgency count; of any if left out.
    urgencies: Option<Vec<Urgency>>,
    /// Contacts from bodies of this country count; of any if left out.
    country: Option<CountryCode>,
    /// What counts as an answer.
    act: MeasureAct,
    /// Within which time, from a minute to a week.
    within: Duration,
    /// Which share of them is promised, above 0 and at most 1, as 0.9 for 90 %.
    target: f64,
    /// When the promise holds. At most 731 days.
    period: MeasurePeriodInput,
    /// The time before, with which it is compared; it ends before the promise holds. At most 731 days.
    baseline: MeasurePeriodInput,
}

/// Days from one up to another, in UTC.
#[derive(InputObject)]
struct MeasurePeriodInput {
    /// The first day.
    from: Date,
    /// The day after the last.
    to: Date,
}

/// Something that shows that a commitment was kept.
#[derive(InputObject)]
struct CommitmentEvidenceInput {
    /// What it is.
    kind: EvidenceKind,
    /// Its id, or for a page its address. You must be able to read it; others see it if they can.
    #[graphql(name = "ref")]
    reference: String,
}

impl CommitmentCreateInput {
    pub(super) fn draft(self) -> domain::CommitmentDraft {
        domain::CommitmentDraft {
            meeting: self.meeting_id.map(|id| id.0),
            agenda_item: self.agenda_item_id.map(|id| id.0),
            instrument: self.instrument_id.map(|id| id.0),
            committed_by: self.committed_by_id.0,
            to_whom: self.to_whom.into_iter().map(|id| id.0).collect(),
            text: self.text,
            due_on: self.due_on.0,
            measure: self.measure.map(CommitmentMeasureInput::draft),
        }
    }
}

impl CommitmentMeasureInput {
    fn draft(self) -> domain::MeasureDraft {
        let period = |period: MeasurePeriodInput| domain::Period { from: period.from.0, to: period.to.0 };
        domain::MeasureDraft {
            description: self.description,
            kinds: self.kinds.into_iter().map(Into::into).collect(),
            urgencies: self.urgencies.unwrap_or_default().into_iter().map(Into::into).collect(),
            country: self.country.map(|code| code.0),
            act: self.act.into(),
            within: self.within.0,
            target: self.target,
            period: period(self.period),
            baseline: period(self.baseline),
        }
    }
}

/// A proposal to be promised.
#[derive(InputObject)]
pub(super) struct CommitmentAcceptInput {
    /// The commitment.
    commitment_id: ID,
    /// The version that you read; without it the act applies if the state allows it.
    version: Option<i64>,
    /// What else there is to say. At most 10,000 characters.
    note: Option<String>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl CommitmentAcceptInput {
    pub(super) fn command(self) -> Input {
        Input { commitment_id: self.commitment_id.0, version: self.version, note: self.note, ..Input::default() }
    }
}

/// How far a commitment is. It says something: a note, evidence or a claim.
#[derive(InputObject)]
pub(super) struct CommitmentReportInput {
    /// The commitment.
    commitment_id: ID,
    /// The version that you read; without it the act applies if the state allows it.
    version: Option<i64>,
    /// How far it is. At most 10,000 characters.
    note: Option<String>,
    /// What became of it.
    claim: Option<CommitmentOutcome>,
    /// What shows it. At most 50.
    evidence: Option<Vec<CommitmentEvidenceInput>>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl CommitmentReportInput {
    pub(super) fn command(self) -> Input {
        Input {
            commitment_id: self.commitment_id.0,
            version: self.version,
            note: self.note,
            outcome: self.claim.map(Into::into),
            evidence: drafts(self.evidence),
            ..Input::default()
        }
    }
}

/// What became of a commitment.
#[derive(InputObject)]
pub(super) struct CommitmentConfirmInput {
    /// The commitment.
    commitment_id: ID,
    /// The version that you read; without it the act applies if the state allows it.
    version: Option<i64>,
    /// What became of it.
    #[graphql(default_with = "CommitmentOutcome::Fulfilled")]
    outcome: CommitmentOutcome,
    /// What else there is to say. At most 10,000 characters.
    note: Option<String>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl CommitmentConfirmInput {
    pub(super) fn command(self) -> Input {
        Input {
            commitment_id: self.commitment_id.0,
            version: self.version,
            note: self.note,
            outcome: Some(self.outcome.into()),
            ..Input::default()
        }
    }
}

/// A commitment to be taken back.
#[derive(InputObject)]
pub(super) struct CommitmentWithdrawInput {
    /// The commitment.
    commitment_id: ID,
    /// The version that you read; without it the act applies if the state allows it.
    version: Option<i64>,
    /// Why. At most 10,000 characters.
    reason: String,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl CommitmentWithdrawInput {
    pub(super) fn command(self) -> Input {
        Input { commitment_id: self.commitment_id.0, version: self.version, note: Some(self.reason), ..Input::default() }
    }
}

/// A commitment to be replaced.
#[derive(InputObject)]
pub(super) struct CommitmentSupersedeInput {
    /// The commitment.
    commitment_id: ID,
    /// The version that you read; without it the act applies if the state allows it.
    version: Option<i64>,
    /// The commitment in its place, of the same organisation.
    successor_id: ID,
    /// Why. At most 10,000 characters.
    reason: Option<String>,
    /// A key of your choice, 1 to 100 characters: sent again with the same input, it answers without changing anything.
    pub(super) idempotency_key: Option<String>,
}

impl CommitmentSupersedeInput {
    pub(super) fn command(self) -> Input {
        Input {
            commitment_id: self.commitment_id.0,
            version: self.version,
            note: self.reason,
            successor: Some(self.successor_id.0),
            ..Input::default()
        }
    }
}

fn drafts(evidence: Option<Vec<CommitmentEvidenceInput>>) -> Vec<domain::EvidenceDraft> {
    let one = |one: CommitmentEvidenceInput| domain::EvidenceDraft { kind: one.kind.into(), reference: one.reference };
    evidence.unwrap_or_default().into_iter().map(one).collect()
}
