//! The minutes of a meeting: written in revisions, circulated among those who take part, adopted, and amended afterwards.
//!
//! Each act makes a new row and none changes one, so that who did what and when stays. Those who organise the meeting read the
//! latest; those who take part the latest that was circulated; whoever reads the meeting the public summary of what was adopted.

use serde::{Deserialize, Serialize};

use super::{agenda::Attribution, series::not_now};
use crate::{
    error::{Faults, Reason, Result, closed},
    id::{MeetingId, MinutesId, OrganisationId, UserId, read},
    text::{LONG, LanguageTag, block},
    time::Instant,
};

/// Longest text of minutes, in characters.
pub const MOST_TEXT: usize = 100_000;
/// Longest text of a decision, in characters.
pub const MOST_DECISION: usize = 2_000;
/// Most decisions of one meeting.
pub const MOST_DECISIONS: usize = 200;

closed! {
    /// How far minutes have come.
    MinutesStatus {
        /// Being written.
        Draft = "DRAFT",
        /// Before those who take part.
        Circulated = "CIRCULATED",
        /// Agreed.
        Adopted = "ADOPTED",
        /// Agreed, and changed since.
        Amended = "AMENDED",
    }
}

impl MinutesStatus {
    /// The states in which those who take part read a revision.
    pub const SHARED: [Self; 3] = [Self::Circulated, Self::Adopted, Self::Amended];
    /// The states in which the public summary of a revision is read by whoever reads the meeting.
    pub const PUBLISHED: [Self; 2] = [Self::Adopted, Self::Amended];
}

/// What a meeting decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinutesDecision {
    /// What was decided.
    pub text: String,
    /// What may be told of whose decision it was.
    pub attribution: Attribution,
    /// Whose decision it was; none unless names may be told: what must never be shown is not kept.
    #[serde(default)]
    pub attributed_to: Option<OrganisationId>,
}

/// What minutes say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinutesContent {
    /// The language.
    pub language: Option<LanguageTag>,
    /// What was said.
    pub text: String,
    /// What may be told to whoever reads the meeting.
    pub summary_public: Option<String>,
    /// What was decided.
    pub decisions: Vec<MinutesDecision>,
}

/// Who did something and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// The person.
    pub user: Option<UserId>,
    /// The organisation for which the person acted.
    pub organisation: Option<OrganisationId>,
    /// When.
    pub at: Instant,
}

/// Minutes as one act left them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minutes {
    /// Their id.
    pub id: MinutesId,
    /// The meeting.
    pub meeting: MeetingId,
    /// How many acts there were, from 1.
    pub version: i64,
    /// How often their text was written, from 1.
    pub revision: i64,
    /// How far they had come.
    pub status: MinutesStatus,
    /// What they said.
    pub content: MinutesContent,
    /// When they were adopted.
    pub adopted_at: Option<Instant>,
    /// Whose act it was.
    pub by: By,
}

impl Minutes {
    /// The first revision.
    pub fn begin(id: MinutesId, meeting: MeetingId, content: MinutesContent, by: By) -> Self {
        Self { id, meeting, version: 1, revision: 1, status: MinutesStatus::Draft, content, adopted_at: None, by }
    }

    /// Written anew. What was circulated stays before those who take part until the new revision is.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` once they are adopted.
    pub fn revise(&self, content: MinutesContent, by: By) -> Result<Self> {
        match self.status {
            MinutesStatus::Draft | MinutesStatus::Circulated => {
                Ok(Self { revision: self.revision + 1, status: MinutesStatus::Draft, content, ..self.next(by) })
            }
            MinutesStatus::Adopted | MinutesStatus::Amended => Err(not_now("Adopted minutes are not revised but amended.")),
        }
    }

    /// Put before those who take part.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` unless they are a draft.
    pub fn circulate(&self, by: By) -> Result<Self> {
        match self.status {
            MinutesStatus::Draft => Ok(Self { status: MinutesStatus::Circulated, ..self.next(by) }),
            _ => Err(not_now("Only a draft is circulated.")),
        }
    }

    /// Agreed as they were circulated.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` unless they are circulated.
    pub fn adopt(&self, by: By) -> Result<Self> {
        match self.status {
            MinutesStatus::Circulated => Ok(Self { status: MinutesStatus::Adopted, adopted_at: Some(by.at), ..self.next(by) }),
            _ => Err(not_now("Minutes are adopted once they are circulated, as they were circulated.")),
        }
    }

    /// Changed after they were agreed.
    ///
    /// # Errors
    /// `INVALID_TRANSITION` before they are adopted.
    pub fn amend(&self, content: MinutesContent, by: By) -> Result<Self> {
        match self.status {
            MinutesStatus::Adopted | MinutesStatus::Amended => {
                Ok(Self { revision: self.revision + 1, status: MinutesStatus::Amended, content, ..self.next(by) })
            }
            MinutesStatus::Draft | MinutesStatus::Circulated => Err(not_now("Only adopted minutes are amended; revise these.")),
        }
    }

    fn next(&self, by: By) -> Self {
        Self { version: self.version + 1, by, ..self.clone() }
    }
}

/// Minutes as somebody typed them.
#[derive(Clone, Debug, Serialize)]
pub struct MinutesDraft {
    /// The language.
    pub language: Option<String>,
    /// What was said.
    pub text: String,
    /// What may be told to whoever reads the meeting.
    pub summary_public: Option<String>,
    /// What was decided.
    pub decisions: Vec<DecisionDraft>,
}

/// A decision as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct DecisionDraft {
    /// What was decided.
    pub text: String,
    /// What may be told of whose decision it was; without it the dialogue's rule holds.
    pub attribution: Option<Attribution>,
    /// The id of the organisation whose decision it was.
    pub attributed_to: Option<String>,
}

impl MinutesDraft {
    /// Checks everything and names every fault at once; `rule` is the dialogue's.
    pub fn check(&self, rule: Attribution) -> Result<MinutesContent> {
        let mut faults = Faults::default();
        let language = self.language.as_deref().and_then(|raw| faults.check("language", LanguageTag::parse(raw)));
        let text = faults.check("text", block(&self.text, MOST_TEXT));
        let summary = self.summary_public.as_deref().filter(|raw| !raw.trim().is_empty());
        let summary_public = summary.and_then(|raw| faults.check("summaryPublic", block(raw, LONG)));
        if self.decisions.len() > MOST_DECISIONS {
            faults.add(Reason::TooLong, "decisions", format!("At most {MOST_DECISIONS} decisions."));
        }
        let decisions = self.decisions.iter().take(MOST_DECISIONS).enumerate();
        let decisions = decisions.filter_map(|(index, raw)| faults.check(&format!("decisions.{index}"), raw.check(rule))).collect();
        let text = faults.finish_with(text)?;
        Ok(MinutesContent { language, text, summary_public, decisions })
    }
}

impl DecisionDraft {
    fn check(&self, rule: Attribution) -> Result<MinutesDecision> {
        let mut faults = Faults::default();
        let attribution = self.attribution.unwrap_or(rule);
        let text = faults.check("text", block(&self.text, MOST_DECISION));
        if self.attributed_to.is_some() && !attribution.names() {
            let message = "Nobody may be named with a decision under this attribution.";
            faults.add(Reason::Contradiction, "attributedToId", message);
        }
        let attributed_to = self.attributed_to.as_deref().and_then(|raw| faults.check("attributedToId", read(raw)));
        let text = faults.finish_with(text)?;
        Ok(MinutesDecision { text, attribution, attributed_to })
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Revise,
        Circulate,
        Adopt,
        Amend,
    }

    fn content(text: &str) -> MinutesContent {
        MinutesContent { language: None, text: text.to_owned(), summary_public: None, decisions: Vec::new() }
    }

    fn by(hour: i64) -> By {
        By { user: None, organisation: None, at: DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(hour) }
    }

    fn begun() -> Minutes {
        Minutes::begin(MinutesId::new(Uuid::from_u128(1)), MeetingId::new(Uuid::from_u128(2)), content("0"), by(0))
    }

    proptest! {
        #[test]
        fn every_walk_keeps_to_the_states(steps in prop::collection::vec(prop::sample::select(&[Step::Revise, Step::Circulate, Step::Adopt, Step::Amend][..]), 0..30)) {
            let mut now = begun();
            for (hour, step) in (1..).zip(steps) {
                let made = match step {
                    Step::Revise => now.revise(content(&hour.to_string()), by(hour)),
                    Step::Circulate => now.circulate(by(hour)),
                    Step::Adopt => now.adopt(by(hour)),
                    Step::Amend => now.amend(content(&hour.to_string()), by(hour)),
                };
                let Ok(next) = made else { continue };
                prop_assert_eq!(next.version, now.version + 1);
                let is_written = matches!(step, Step::Revise | Step::Amend);
                prop_assert_eq!(next.revision, now.revision + i64::from(is_written));
                prop_assert_eq!(next.content == now.content, !is_written);
                // What was adopted stays adopted, from the moment at which it was.
                prop_assert_eq!(next.adopted_at.is_some(), MinutesStatus::PUBLISHED.contains(&next.status));
                prop_assert!(now.adopted_at.is_none() || next.adopted_at == now.adopted_at);
                prop_assert!(next.status != MinutesStatus::Adopted || now.status == MinutesStatus::Circulated);
                now = next;
            }
        }

        #[test]
        fn a_decision_names_nobody_unless_names_may_be_told(stated in prop::option::of(prop::sample::select(Attribution::ALL)), rule in prop::sample::select(Attribution::ALL), named in any::<bool>()) {
            let organisation = OrganisationId::new(Uuid::from_u128(3)).to_string();
            let decision = DecisionDraft { text: "So it is".to_owned(), attribution: stated, attributed_to: named.then_some(organisation) };
            let draft = MinutesDraft { language: None, text: "Said".to_owned(), summary_public: None, decisions: vec![decision] };
            let names = stated.unwrap_or(rule).names();
            match draft.check(rule) {
                Ok(content) => prop_assert_eq!(content.decisions[0].attributed_to.is_some(), named && names),
                Err(error) => {
                    prop_assert!(named && !names);
                    prop_assert_eq!((error.faults[0].reason, error.faults[0].path.join(".")), (Reason::Contradiction, "decisions.0.attributedToId".to_owned()));
                }
            }
        }
    }

    #[test]
    fn names_every_fault_at_once() {
        let decision = DecisionDraft { text: String::new(), attribution: None, attributed_to: Some("x".to_owned()) };
        let draft = MinutesDraft { language: Some("??".to_owned()), text: " ".to_owned(), summary_public: None, decisions: vec![decision] };
        let error = draft.check(Attribution::Attributed).expect_err("faults");
        let paths: Vec<String> = error.faults.iter().map(|fault| fault.path.join(".")).collect();
        assert_eq!(paths, ["language", "text", "decisions.0.text", "decisions.0.attributedToId"]);
    }
}
