//! A commitment as somebody typed it, and the check that makes one of it.

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    commitment::{Commitment, CommitmentStatus, Evidence, EvidenceKind},
    measure::MeasureDraft,
};
use crate::{
    error::{Faults, Reason, Result},
    id::{CommitmentId, OrganisationId, kinds, read},
    text::{WebUrl, block},
    time::Instant,
};

/// Longest text of a commitment, in characters.
pub const MOST_TEXT: usize = 2_000;
/// Most organisations to which one commitment is made.
pub const MOST_PARTIES: usize = 50;
/// Most pieces of evidence of one report.
pub const MOST_EVIDENCE: usize = 50;

/// A commitment as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct CommitmentDraft {
    /// The meeting's id.
    pub meeting: Option<String>,
    /// The id of a point of its agenda.
    pub agenda_item: Option<String>,
    /// The id of the agreement or law that it follows from.
    pub instrument: Option<String>,
    /// The id of who promises.
    pub committed_by: String,
    /// Ids of to whom.
    pub to_whom: Vec<String>,
    /// What.
    pub text: String,
    /// By when.
    pub due_on: NaiveDate,
    /// What of it the contact log is to show.
    pub measure: Option<MeasureDraft>,
}

impl CommitmentDraft {
    /// Checks everything and names every fault at once.
    pub fn check(&self, id: CommitmentId, now: Instant) -> Result<Commitment> {
        let mut faults = Faults::default();
        let meeting = self.meeting.as_deref().and_then(|raw| faults.check("meetingId", read(raw)));
        let agenda_item = self.agenda_item.as_deref().and_then(|raw| faults.check("agendaItemId", read(raw)));
        let instrument = self.instrument.as_deref().and_then(|raw| faults.check("instrumentId", read(raw)));
        let committed_by: Option<OrganisationId> = faults.check("committedById", read(&self.committed_by));
        let to_whom = self.parties(&mut faults, committed_by);
        let text = faults.check("text", block(&self.text, MOST_TEXT));
        if self.due_on < now.date_naive() {
            faults.add(Reason::InPast, "dueOn", "The day by which it is due is over.");
        }
        let measure = self.measure.as_ref().and_then(|draft| faults.check("measure", draft.check()));
        let (committed_by, text) = faults.finish_with(committed_by.zip(text))?;
        Ok(Commitment {
            id,
            meeting,
            agenda_item,
            instrument,
            committed_by,
            to_whom,
            text,
            due_on: self.due_on,
            status: CommitmentStatus::Proposed,
            claim: None,
            measure,
            confirmed_by: None,
            superseded_by: None,
            generated: false,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    }

    fn parties(&self, faults: &mut Faults, committed_by: Option<OrganisationId>) -> Vec<OrganisationId> {
        if self.to_whom.is_empty() {
            faults.add(Reason::Required, "toWhom", "A commitment is made to somebody.");
        }
        if self.to_whom.len() > MOST_PARTIES {
            faults.add(Reason::TooLong, "toWhom", format!("At most {MOST_PARTIES} organisations."));
            return Vec::new();
        }
        let mut parties = Vec::new();
        for (index, raw) in self.to_whom.iter().enumerate() {
            let path = format!("toWhom.{index}");
            let Some(id) = faults.check(&path, read(raw)) else { continue };
            if Some(id) == committed_by {
                faults.add(Reason::Contradiction, &path, "Nobody commits himself to himself.");
            } else if parties.contains(&id) {
                faults.add(Reason::Duplicate, &path, "This organisation stands twice.");
            } else {
                parties.push(id);
            }
        }
        parties
    }
}

/// A piece of evidence as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceDraft {
    /// What it is.
    pub kind: EvidenceKind,
    /// Its id or address.
    pub reference: String,
}

/// Reads evidence at `evidence`; whether what ids name is there is asked later.
pub fn evidence(faults: &mut Faults, drafts: &[EvidenceDraft]) -> Vec<Evidence> {
    if drafts.len() > MOST_EVIDENCE {
        faults.add(Reason::TooLong, "evidence", format!("At most {MOST_EVIDENCE} pieces."));
        return Vec::new();
    }
    let one = |(index, draft): (usize, &EvidenceDraft)| {
        let checked = match draft.kind {
            EvidenceKind::Contact => read::<kinds::Contact>(&draft.reference).map(|id| id.to_string()),
            EvidenceKind::Channel => read::<kinds::Channel>(&draft.reference).map(|id| id.to_string()),
            EvidenceKind::Publication => read::<kinds::Publication>(&draft.reference).map(|id| id.to_string()),
            EvidenceKind::Url => WebUrl::parse(&draft.reference).map(|url| url.as_str().to_owned()),
        };
        let reference = faults.check(&format!("evidence.{index}.ref"), checked)?;
        Some(Evidence { kind: draft.kind, reference })
    };
    drafts.iter().enumerate().filter_map(one).collect()
}
