//! What the receiver decided: for the whole, for each item, and how far it reaches.

use serde::{Deserialize, Serialize};

use crate::{
    engagement::vocabulary::{Action, Extent, Ground, Outcome},
    error::{Error, Faults, Reason, Result},
    id::ContentItemId,
    text::{self, CountryCode},
};

/// What was decided about one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemDecision {
    /// The item.
    pub item: ContentItemId,
    /// The class of the answer.
    pub outcome: Outcome,
    /// What was applied, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}

/// A decision as one side tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// The class of the answer.
    pub outcome: Outcome,
    /// What was applied, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// How much of what was listed was acted upon; none without items that count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extent: Option<Extent>,
    /// What was decided about single items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemDecision>,
    /// The ground the receiver named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
    /// The receiver's explanation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// The countries in which it holds; everywhere if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub territories: Vec<CountryCode>,
    /// The last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<chrono::NaiveDate>,
}

/// What a caller says about one item; the id is as typed.
#[derive(Clone, Debug, Serialize)]
pub struct NewItemDecision {
    /// The item's id.
    pub item: String,
    /// The class of the answer.
    pub outcome: Outcome,
    /// What was applied.
    pub actions: Vec<Action>,
}

/// What a caller says was decided.
#[derive(Clone, Debug, Serialize)]
pub struct NewDecision {
    /// The class of the answer.
    pub outcome: Outcome,
    /// What was applied; what the items say is added.
    pub actions: Vec<Action>,
    /// What was decided about single items.
    pub items: Vec<NewItemDecision>,
    /// The ground the receiver named.
    pub ground: Option<Ground>,
    /// The receiver's explanation.
    pub explanation: Option<String>,
    /// Countries, as typed.
    pub territories: Vec<String>,
    /// The last day on which it holds.
    pub until: Option<chrono::NaiveDate>,
}

impl Decision {
    /// Silence, as closing finds it.
    pub fn silence() -> Self {
        let (items, territories) = (Vec::new(), Vec::new());
        Self {
            outcome: Outcome::NoResponse,
            actions: Vec::new(),
            extent: None,
            items,
            ground: None,
            explanation: None,
            territories,
            until: None,
        }
    }

    /// What was decided about one item: its own entry, or, where no item has one, what was decided about the whole.
    pub fn of_item(&self, item: ContentItemId) -> Option<(Outcome, &[Action])> {
        if self.items.is_empty() {
            return Some((self.outcome, &self.actions));
        }
        self.items.iter().find(|decided| decided.item == item).map(|decided| (decided.outcome, decided.actions.as_slice()))
    }
}

impl NewDecision {
    /// The faults that show without knowing the contact's items.
    pub fn check_words(&self) -> Result<()> {
        let named: Vec<ContentItemId> = self.items.iter().filter_map(|item| item.item.parse().ok()).collect();
        self.check(&named).map(|_| ())
    }

    /// Checks everything at once against the contact's items; paths stand as in the decide act's input.
    pub fn check(&self, items: &[ContentItemId]) -> Result<Decision> {
        let mut faults = Faults::default();
        if self.outcome == Outcome::NoResponse {
            faults.add(Reason::NotAnOption, "outcome", "Silence is found by closing, not decided.");
        }
        if self.outcome != Outcome::ActionTaken && !self.actions.is_empty() {
            faults.add(Reason::Contradiction, "actions", "Only ACTION_TAKEN comes with actions.");
        }
        let decided = faults.check("itemOutcomes", self.check_items(items));
        let explanation = self.explanation.as_deref().and_then(|raw| faults.check("explanation", text::block(raw, text::LONG)));
        let territories = faults.check("territorialScope", check_territories(&self.territories));
        faults.finish()?;
        let decided = decided.unwrap_or_default();
        let mut actions = self.actions.clone();
        actions.extend(decided.iter().flat_map(|item| item.actions.iter().copied()));
        Ok(Decision {
            outcome: self.outcome,
            actions: once(actions),
            extent: extent(self.outcome, &decided, items.len()),
            items: decided,
            ground: self.ground,
            explanation,
            territories: territories.unwrap_or_default(),
            until: self.until,
        })
    }

    fn check_items(&self, items: &[ContentItemId]) -> Result<Vec<ItemDecision>> {
        let mut faults = Faults::default();
        let mut decided: Vec<ItemDecision> = Vec::new();
        for (index, new) in self.items.iter().take(items.len() + 1).enumerate() {
            let item = new.item.parse::<ContentItemId>().ok().filter(|id| items.contains(id));
            let Some(item) = item else {
                faults.add(Reason::UnknownId, &format!("{index}.itemId"), "The contact has no such item.");
                continue;
            };
            if decided.iter().any(|known| known.item == item) {
                faults.add(Reason::Duplicate, &format!("{index}.itemId"), "This item stands here twice.");
            }
            if new.outcome == Outcome::NoResponse {
                faults.add(Reason::NotAnOption, &format!("{index}.outcome"), "Silence is found by closing, not decided.");
            }
            if new.outcome != Outcome::ActionTaken && !new.actions.is_empty() {
                faults.add(Reason::Contradiction, &format!("{index}.actions"), "Only ACTION_TAKEN comes with actions.");
            }
            decided.push(ItemDecision { item, outcome: new.outcome, actions: once(new.actions.clone()) });
        }
        if faults.is_empty() && !decided.is_empty() && !agrees(self.outcome, &decided) {
            faults.add(
                Reason::Contradiction,
                "",
                "The items must agree with the outcome: it is the outcome of at least one of them, and ACTION_TAKEN if any of them is.",
            );
        }
        faults.finish()?;
        Ok(decided)
    }
}

/// The whole is what at least one item is, and `ACTION_TAKEN` if any item is.
fn agrees(outcome: Outcome, items: &[ItemDecision]) -> bool {
    let any = |wanted: Outcome| items.iter().any(|item| item.outcome == wanted);
    if any(Outcome::ActionTaken) { outcome == Outcome::ActionTaken } else { any(outcome) }
}

/// Of the items that count (what was already unavailable does not), those acted upon; an item that was left out of a list
/// was not acted upon. None where nothing counts.
fn extent(outcome: Outcome, decided: &[ItemDecision], total: usize) -> Option<Extent> {
    if decided.is_empty() {
        return match outcome {
            _ if total == 0 => None,
            Outcome::ActionTaken => Some(Extent::Full),
            Outcome::AlreadyUnavailable => None,
            _ => Some(Extent::None),
        };
    }
    let count = |wanted: Outcome| decided.iter().filter(|item| item.outcome == wanted).count();
    let (acted, counted) = (count(Outcome::ActionTaken), total.saturating_sub(count(Outcome::AlreadyUnavailable)));
    match (acted, counted) {
        (_, 0) => None,
        (0, _) => Some(Extent::None),
        (acted, counted) if acted < counted => Some(Extent::Partial),
        _ => Some(Extent::Full),
    }
}

fn once(mut actions: Vec<Action>) -> Vec<Action> {
    actions.sort_unstable();
    actions.dedup();
    actions
}

fn check_territories(raw: &[String]) -> Result<Vec<CountryCode>> {
    if raw.len() > 250 {
        return Err(Error::invalid(Reason::TooLong, "", "At most 250 countries."));
    }
    let mut faults = Faults::default();
    let mut codes: Vec<CountryCode> =
        raw.iter().enumerate().filter_map(|(index, code)| faults.check(&index.to_string(), CountryCode::parse(code))).collect();
    faults.finish()?;
    codes.dedup();
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(number: u128) -> ContentItemId {
        ContentItemId::new(uuid::Uuid::from_u128(number))
    }

    fn new(outcome: Outcome, items: &[(u128, Outcome)]) -> NewDecision {
        let items =
            items.iter().map(|(id, outcome)| NewItemDecision { item: item(*id).to_string(), outcome: *outcome, actions: vec![] }).collect();
        NewDecision { outcome, actions: vec![], items, ground: None, explanation: None, territories: vec![], until: None }
    }

    #[test]
    fn derives_the_extent() {
        use Outcome::{ActionTaken, AlreadyUnavailable, NoActionNotViolating};
        let five: Vec<ContentItemId> = (1..=5).map(item).collect();
        let extent = |outcome, items: &[(u128, Outcome)], of: &[ContentItemId]| new(outcome, items).check(of).expect("a decision").extent;
        assert_eq!(extent(ActionTaken, &[], &[]), None, "no items, no extent");
        assert_eq!(extent(ActionTaken, &[], &five), Some(Extent::Full));
        assert_eq!(extent(NoActionNotViolating, &[], &five), Some(Extent::None));
        assert_eq!(extent(AlreadyUnavailable, &[], &five), None);
        assert_eq!(extent(ActionTaken, &[(1, ActionTaken), (2, ActionTaken), (3, ActionTaken)], &five), Some(Extent::Partial));
        let two = &five[..2];
        assert_eq!(extent(ActionTaken, &[(1, ActionTaken), (2, AlreadyUnavailable)], two), Some(Extent::Full));
        assert_eq!(extent(ActionTaken, &[(1, ActionTaken), (2, NoActionNotViolating)], two), Some(Extent::Partial));
    }

    #[test]
    fn refuses_items_that_disagree_or_are_not_its_own() {
        use Outcome::{ActionTaken, NoActionNotViolating, NoResponse};
        let reasons = |decision: NewDecision| {
            let error = decision.check(&[item(1), item(2)]).expect_err("faults");
            error.faults.iter().map(|fault| format!("{} {}", fault.path.join("."), fault.reason)).collect::<Vec<_>>()
        };
        assert_eq!(reasons(new(NoActionNotViolating, &[(1, ActionTaken)])), ["itemOutcomes CONTRADICTION"]);
        assert_eq!(reasons(new(ActionTaken, &[(1, NoActionNotViolating)])), ["itemOutcomes CONTRADICTION"]);
        assert_eq!(
            reasons(new(NoResponse, &[(9, ActionTaken), (1, ActionTaken), (1, ActionTaken)])),
            ["outcome NOT_AN_OPTION", "itemOutcomes.0.itemId UNKNOWN_ID", "itemOutcomes.2.itemId DUPLICATE"]
        );
    }
}
