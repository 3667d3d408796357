//! An agenda as somebody typed it, whole and in its order, and the check that makes one of it.

use serde::Serialize;

use super::{
    agenda::{
        AgendaDocument, AgendaItem, AgendaItemKind, AgendaVisibility, Attribution, MOST_DOCUMENTS, MOST_ITEMS, MOST_SPEAKERS, Speaker,
        total,
    },
    length::Length,
};
use crate::{
    error::{Error, Faults, Reason, Result},
    id::{AgendaItemId, MeetingId, read},
    text::{LocalizedText, SHORT, WebUrl, line},
};

/// The points of an agenda in their new order.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AgendaDraft {
    /// Every point that the agenda is to have.
    pub items: Vec<AgendaItemDraft>,
}

/// A point. What is left out of one that is there already stays as it is, so that a program that knows less of a point than
/// there is neither publishes nor loses it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AgendaItemDraft {
    /// The id of a point that is there; none for a new one.
    pub id: Option<String>,
    /// Its title as (language, text).
    pub title: Option<Vec<(String, String)>>,
    /// What is done.
    pub kind: Option<AgendaItemKind>,
    /// How long it takes; `Some(None)` for "not known".
    pub duration: Option<Option<String>>,
    /// Who speaks.
    pub speakers: Option<Vec<SpeakerDraft>>,
    /// What there is to read.
    pub documents: Option<Vec<DocumentDraft>>,
    /// Who reads it.
    pub visibility: Option<AgendaVisibility>,
    /// What may be told of who spoke.
    pub attribution: Option<Attribution>,
}

/// Somebody who speaks.
#[derive(Clone, Debug, Serialize)]
pub struct SpeakerDraft {
    /// The name.
    pub name: String,
    /// The function.
    pub role: Option<String>,
    /// The organisation's id.
    pub organisation: Option<String>,
    /// The id of the expert's profile.
    pub expert: Option<String>,
}

/// Something to read.
#[derive(Clone, Debug, Serialize)]
pub struct DocumentDraft {
    /// What it is called.
    pub title: String,
    /// Where it lies.
    pub url: String,
}

/// What an agenda is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The meeting.
    pub meeting: MeetingId,
    /// The points that there are.
    pub items: &'a [AgendaItem],
    /// The dialogue's rule, for points that state none.
    pub attribution: Attribution,
}

impl AgendaDraft {
    /// Checks everything and names every fault at once; `ids` gives the ids of new points. Positions run from 1 without a gap.
    pub fn check(&self, known: Known<'_>, mut ids: impl FnMut() -> AgendaItemId) -> Result<Vec<AgendaItem>> {
        let mut faults = Faults::default();
        if self.items.len() > MOST_ITEMS {
            return Err(Error::invalid(Reason::TooLong, "items", format!("At most {MOST_ITEMS} points.")));
        }
        let mut items: Vec<AgendaItem> = Vec::new();
        for ((index, draft), position) in self.items.iter().enumerate().zip(1..) {
            let path = format!("items.{index}");
            let former = faults.check(&path, draft.former(known.items)).flatten();
            if former.is_some_and(|former| items.iter().any(|item| item.id == former.id)) {
                faults.add(Reason::Duplicate, &format!("{path}.id"), "This point stands twice.");
                continue;
            }
            let id = former.map_or_else(&mut ids, |former| former.id);
            items.extend(faults.check(&path, draft.check(former, known, (id, position))));
        }
        if faults.is_empty() {
            faults.check("", total(&items));
        }
        faults.finish()?;
        Ok(items)
    }
}

impl AgendaItemDraft {
    /// The point that is meant, if it is there already.
    fn former<'a>(&self, known: &'a [AgendaItem]) -> Result<Option<&'a AgendaItem>> {
        let Some(raw) = &self.id else { return Ok(None) };
        let id: AgendaItemId = read(raw).map_err(|error| error.under("id"))?;
        let found = known.iter().find(|item| item.id == id);
        found.map(Some).ok_or_else(|| Error::invalid(Reason::UnknownId, "id", "This agenda has no such point."))
    }

    fn check(&self, former: Option<&AgendaItem>, known: Known<'_>, (id, position): (AgendaItemId, i64)) -> Result<AgendaItem> {
        let mut faults = Faults::default();
        let title = match (&self.title, former) {
            (None, Some(former)) => Some(former.title.clone()),
            (texts, _) => {
                let texts = texts.iter().flatten().map(|(language, text)| (language.as_str(), text.as_str()));
                faults.check("title", LocalizedText::parse(texts, SHORT))
            }
        };
        let length = match &self.duration {
            None => former.and_then(|former| former.length),
            Some(raw) => raw.as_deref().and_then(|raw| faults.check("duration", Length::parse(raw))),
        };
        let attribution = self.attribution.or(former.map(|former| former.attribution)).unwrap_or(known.attribution);
        let speakers = faults.check("speakers", self.speakers(former, attribution)).unwrap_or_default();
        let documents = faults.check("documents", self.documents(former)).unwrap_or_default();
        let title = faults.finish_with(title)?;
        Ok(AgendaItem {
            id,
            meeting: known.meeting,
            position,
            title,
            kind: self.kind.or(former.map(|former| former.kind)).unwrap_or(AgendaItemKind::Other),
            length,
            speakers,
            documents,
            visibility: self.visibility.or(former.map(|former| former.visibility)).unwrap_or(AgendaVisibility::Open),
            attribution,
        })
    }

    /// Who speaks. Where nobody may be named, naming somebody is refused, and who was named before is forgotten.
    fn speakers(&self, former: Option<&AgendaItem>, attribution: Attribution) -> Result<Vec<Speaker>> {
        let stated = self.speakers.as_ref().filter(|speakers| !speakers.is_empty());
        if !attribution.names() {
            return match stated {
                None => Ok(Vec::new()),
                Some(_) => Err(Error::invalid(Reason::Contradiction, "", "Nobody may be named at a point under this attribution.")),
            };
        }
        let Some(speakers) = &self.speakers else { return Ok(former.map(|former| former.speakers.clone()).unwrap_or_default()) };
        each(speakers, MOST_SPEAKERS, SpeakerDraft::check)
    }

    fn documents(&self, former: Option<&AgendaItem>) -> Result<Vec<AgendaDocument>> {
        let Some(documents) = &self.documents else { return Ok(former.map(|former| former.documents.clone()).unwrap_or_default()) };
        each(documents, MOST_DOCUMENTS, DocumentDraft::check)
    }
}

impl SpeakerDraft {
    fn check(&self) -> Result<Speaker> {
        let mut faults = Faults::default();
        let name = faults.check("name", line(&self.name, SHORT));
        let role = self.role.as_deref().filter(|raw| !raw.trim().is_empty()).and_then(|raw| faults.check("role", line(raw, SHORT)));
        let organisation = self.organisation.as_deref().and_then(|raw| faults.check("organisationId", read(raw)));
        let expert = self.expert.as_deref().and_then(|raw| faults.check("expertId", read(raw)));
        let name = faults.finish_with(name)?;
        Ok(Speaker { name, role, organisation, expert })
    }
}

impl DocumentDraft {
    fn check(&self) -> Result<AgendaDocument> {
        let mut faults = Faults::default();
        let title = faults.check("title", line(&self.title, SHORT));
        let url = faults.check("url", WebUrl::parse(&self.url));
        let (title, url) = faults.finish_with(title.zip(url))?;
        Ok(AgendaDocument { title, url })
    }
}

/// Checks each of a list of at most `most`, and names every fault.
fn each<D, T>(drafts: &[D], most: usize, check: impl Fn(&D) -> Result<T>) -> Result<Vec<T>> {
    if drafts.len() > most {
        return Err(Error::invalid(Reason::TooLong, "", format!("At most {most}.")));
    }
    let mut faults = Faults::default();
    let checked = drafts.iter().enumerate().filter_map(|(index, draft)| faults.check(&index.to_string(), check(draft))).collect();
    faults.finish()?;
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::text::LanguageTag;

    fn item(number: u128) -> AgendaItem {
        AgendaItem {
            id: AgendaItemId::new(Uuid::from_u128(number)),
            meeting: MeetingId::new(Uuid::from_u128(1)),
            position: i64::try_from(number).expect("small"),
            title: LocalizedText::single(LanguageTag::english(), format!("Point {number}")),
            kind: AgendaItemKind::Discussion,
            length: Some(Length::of_minutes(10).expect("a length")),
            speakers: vec![Speaker { name: "Somebody".to_owned(), role: None, organisation: None, expert: None }],
            documents: Vec::new(),
            visibility: AgendaVisibility::Hidden,
            attribution: Attribution::Attributed,
        }
    }

    fn known(items: &[AgendaItem]) -> Known<'_> {
        Known { meeting: MeetingId::new(Uuid::from_u128(1)), items, attribution: Attribution::ChathamHouse }
    }

    fn kept(item: &AgendaItem) -> AgendaItemDraft {
        AgendaItemDraft { id: Some(item.id.to_string()), ..AgendaItemDraft::default() }
    }

    fn new(title: &str) -> AgendaItemDraft {
        AgendaItemDraft { title: Some(vec![("en".to_owned(), title.to_owned())]), ..AgendaItemDraft::default() }
    }

    fn checked(items: Vec<AgendaItemDraft>, there: &[AgendaItem]) -> Result<Vec<AgendaItem>> {
        let mut next = 1_000;
        AgendaDraft { items }.check(known(there), || {
            next += 1;
            AgendaItemId::new(Uuid::from_u128(next))
        })
    }

    proptest! {
        #[test]
        fn any_order_keeps_the_points_and_leaves_no_gap(order in Just((1..=8_u128).collect::<Vec<_>>()).prop_shuffle(), many in 0..=8_usize) {
            let there: Vec<AgendaItem> = (1..=8).map(item).collect();
            let wanted: Vec<&AgendaItem> = order.iter().take(many).filter_map(|n| there.iter().find(|item| item.id.uuid().as_u128() == *n)).collect();
            let found = checked(wanted.iter().map(|item| kept(item)).collect(), &there).expect("an agenda");
            prop_assert!(found.iter().zip(1..).all(|(item, place)| item.position == place));
            for (found, wanted) in found.iter().zip(&wanted) {
                prop_assert_eq!(&AgendaItem { position: wanted.position, ..found.clone() }, *wanted);
            }
        }

        #[test]
        fn nobody_is_named_unless_names_may_be_told(attribution in prop::sample::select(Attribution::ALL), before in prop::sample::select(Attribution::ALL), named in any::<bool>()) {
            let former = AgendaItem { attribution: before, ..item(1) };
            let speaker = SpeakerDraft { name: "Ada".to_owned(), role: None, organisation: None, expert: None };
            let draft = AgendaItemDraft { attribution: Some(attribution), speakers: named.then(|| vec![speaker]), ..kept(&former) };
            match checked(vec![draft], &[former]) {
                Ok(items) => prop_assert!(attribution.names() || items.iter().all(|item| item.speakers.is_empty())),
                Err(error) => {
                    prop_assert!(named && !attribution.names());
                    prop_assert_eq!(error.faults[0].path.join("."), "items.0.speakers");
                }
            }
        }
    }

    #[test]
    fn a_new_point_follows_the_dialogues_rule_and_is_open() {
        let found = checked(vec![new("One")], &[]).expect("an agenda");
        assert_eq!(
            (found[0].attribution, found[0].visibility, found[0].kind),
            (Attribution::ChathamHouse, AgendaVisibility::Open, AgendaItemKind::Other)
        );
    }

    #[test]
    fn names_every_fault_at_once() {
        let there = [item(1)];
        let long = AgendaItemDraft { duration: Some(Some("PT0M".to_owned())), ..new("Long") };
        let paper = DocumentDraft { title: String::new(), url: "nowhere".to_owned() };
        let papers = AgendaItemDraft { documents: Some(vec![paper]), ..new("Papers") };
        let drafts = vec![kept(&there[0]), kept(&there[0]), kept(&item(2)), long, papers, AgendaItemDraft::default()];
        let error = checked(drafts, &there).expect_err("faults");
        let faults: Vec<String> = error.faults.iter().map(|fault| format!("{} {}", fault.path.join("."), fault.reason)).collect();
        assert_eq!(
            faults,
            [
                "items.1.id DUPLICATE",
                "items.2.id UNKNOWN_ID",
                "items.2.title REQUIRED",
                "items.3.duration OUT_OF_RANGE",
                "items.4.documents.0.title REQUIRED",
                "items.4.documents.0.url MALFORMED",
                "items.5.title REQUIRED",
            ]
        );
        let week = AgendaItemDraft { duration: Some(Some("P1W".to_owned())), ..new("Week") };
        let error = checked(vec![week, new("x"), AgendaItemDraft { duration: Some(Some("PT1M".to_owned())), ..new("y") }], &[]);
        assert_eq!(error.expect_err("too long").faults[0].reason, Reason::OutOfRange);
    }
}
