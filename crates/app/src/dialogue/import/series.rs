//! Events of one `UID` as one dialogue: the event of the series, and the meetings that others of them move or call off.

use std::collections::BTreeSet;

use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use tertulia_domain::{
    Reason, Result,
    dialogue::{
        Dialogue, DialogueDraft, Length, Meeting, Occurrence, RawRecurrence, Recurrence, Slot, Venue, VenueDraft,
        dialogue::{MOST_MEETINGS, first_laid_out, horizon},
        recurrence::{MOST_DATES, MOST_SCANNED},
        wall_time::resolve,
    },
    error::Fault,
    id::Id,
    text::{LocalizedText, SHORT, WebUrl},
    time::Instant,
};

use super::{
    event::{At, Event, When},
    file::Remark,
    zone::Zones,
};

/// The rule of an event that stands alone.
pub(super) const ONCE: &str = "FREQ=DAILY;COUNT=1";
/// Longer than any interval of a rule that still yields something.
const FOR_LONG: TimeDelta = TimeDelta::days(365 * 1_000);

/// What holds for every event of a file.
#[derive(Clone, Debug)]
pub(super) struct Common {
    /// A dialogue without what stands in the file.
    pub(super) draft: DialogueDraft,
    /// The language of titles that name none.
    pub(super) language: String,
    /// How long meetings take that do not say so.
    pub(super) length: Length,
    pub(super) now: Instant,
}

/// A dialogue that a file describes.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub(super) line: usize,
    pub(super) uid: Option<String>,
    /// Checked, under an id that nothing has yet.
    pub(super) dialogue: Dialogue,
    pub(super) dates: Vec<Occurrence>,
    pub(super) apart: Vec<Apart>,
    pub(super) remarks: Vec<Remark>,
}

/// About how many moments are looked at to follow the rule of the events of one `UID`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Work {
    /// As far as meetings are laid out.
    pub(super) to_the_present: usize,
    /// To find that it yields nothing, if it does not.
    pub(super) in_vain: usize,
}

impl Work {
    pub(super) fn of(events: &[Event], zones: &Zones<'_>, now: Instant) -> Self {
        let master = events.iter().find(|event| event.replaces.is_none()).or(events.first());
        let Some((master, rule)) = master.and_then(|master| Some((master, &master.rule.as_ref()?.value))) else { return Self::default() };
        let start = master.start.value.wall(master.start.value.zone(zones.floating), master.start.value);
        let effort = |to: NaiveDateTime| Recurrence::effort(rule, start, to);
        // A rule that ends before it begins is not followed at all.
        let is_followed = start.checked_add_signed(FOR_LONG).is_some_and(|to| effort(to) > 1);
        Self { to_the_present: effort(horizon(now).naive_utc()), in_vain: if is_followed { MOST_SCANNED / 2 } else { 0 } }
    }
}

impl Series {
    /// How many meetings are laid out.
    pub(super) fn planned(&self) -> usize {
        let beyond = self.apart.iter().filter(|apart| !self.dates.iter().any(|date| date.original == apart.original));
        self.dates.len() + beyond.count()
    }
}

/// A date that is otherwise than the series says.
#[derive(Clone, Debug)]
pub(super) struct Apart {
    pub(super) original: NaiveDateTime,
    slot: Slot,
    title: Option<LocalizedText>,
    venue: Option<Venue>,
    join_url: Option<WebUrl>,
    is_off: bool,
}

impl Apart {
    /// The meeting as the file has it.
    pub(super) fn applied(&self, meeting: Meeting) -> Meeting {
        let placed = meeting.taken_over(self.slot, self.is_off);
        Meeting { title: self.title.clone(), venue: self.venue.clone(), join_url: self.join_url.clone(), ..placed }
    }
}

/// Reads the events of one `UID`.
pub(super) fn read(mut events: Vec<Event>, zones: &Zones<'_>, common: &Common) -> std::result::Result<Series, Vec<Remark>> {
    let mut remarks = Vec::new();
    let at = events.iter().position(|event| event.replaces.is_none());
    let mut master = events.remove(at.unwrap_or(0));
    if at.is_none() {
        let message = "The series that this event belongs to is not in the file; it is taken for the first meeting of its own.";
        remarks.push(Remark::noted(master.line, Reason::NotAnOption, message));
    }
    master.replaces = None;
    if let Some(second) = events.iter().find(|event| event.replaces.is_none()) {
        // Which of them holds cannot be told; the first does.
        remarks.push(Remark::refused(second.line, Reason::Duplicate, "The same UID stands before; an event of it was read already."));
        events.retain(|event| event.replaces.is_some());
    }
    if let Some(line) = master.cancelled {
        return Err(vec![Remark::refused(line, Reason::NotAllowedNow, "This event was cancelled.")]);
    }
    if master.summary.is_none() {
        master.summary = events.iter().find_map(|event| event.summary.clone());
    }
    if master.summary.is_none() {
        return Err(vec![Remark::refused(master.line, Reason::Required, "This event has no name (SUMMARY).")]);
    }
    let builder = Builder { zone: master.start.value.zone(zones.floating), master: &master, common, remarks };
    builder.build(&events)
}

struct Builder<'a> {
    master: &'a Event,
    zone: Tz,
    common: &'a Common,
    remarks: Vec<Remark>,
}

impl Builder<'_> {
    fn build(mut self, others: &[Event]) -> std::result::Result<Series, Vec<Remark>> {
        let master = self.master;
        let length = self.length(master);
        let zone = self.zone;
        let wall = |when: When| when.wall(zone, master.start.value);
        let mut excluded: BTreeSet<NaiveDateTime> = master.excluded.iter().map(|date| wall(date.value)).collect();
        let mut additional: BTreeSet<NaiveDateTime> = master.additional.iter().map(|date| wall(date.value.when)).collect();
        let longer = master.additional.iter().filter_map(|date| Some((wall(date.value.when), date.value.length?)));
        let mut apart: Vec<Apart> = longer.filter(|(_, own)| *own != length).map(|(at, own)| self.lasting(at, own)).collect();
        let first = wall(master.start.value);
        let draft = |excluded: &BTreeSet<NaiveDateTime>, additional: &BTreeSet<NaiveDateTime>, rule: &str| {
            self.draft(first, length, rule, excluded, additional)
        };
        let rule = master.rule.as_ref().map_or(ONCE, |rule| rule.value.trim_end_matches(';'));
        let mut rule = rule.to_owned();
        let bare = self.check(&draft(&BTreeSet::new(), &BTreeSet::new(), &rule))?;
        if bare.recurrence.first_of_rule().map_err(|error| self.faults(&error.faults))? != Some(first) {
            let message = "The rule does not yield the first date; it is taken as one besides the rule, as calendars show it.";
            self.remarks.push(Remark::noted(master.start.line, Reason::Contradiction, message));
            match with_one_less(&rule) {
                Some(less) => {
                    additional.insert(first);
                    rule = less;
                }
                None => ONCE.clone_into(&mut rule),
            }
        }
        let dates = self.dates_of(&bare, others, &additional)?;
        for other in others {
            let Some(replaces) = &other.replaces else { continue };
            let original = wall(replaces.value);
            let is_date = additional.contains(&original) || dates.contains(&resolve(self.zone, original));
            if other.cancelled.is_some() && (!is_date || excluded.contains(&original)) {
                continue;
            }
            if !is_date {
                let message = "The series has no such date; this meeting takes place besides those of its rule.";
                self.remarks.push(Remark::noted(replaces.line, Reason::NotAnOption, message));
                additional.insert(original);
            }
            excluded.remove(&original);
            apart.retain(|known| known.original != original);
            let one = self.apart(other, original, length)?;
            apart.push(one);
        }
        let dialogue = self.check(&self.draft(first, length, &rule, &excluded, &additional))?;
        let span = (Some(first_laid_out(self.common.now)), Some(horizon(self.common.now)));
        let found = dialogue.recurrence.between(span.0, span.1, MOST_MEETINGS).map_err(|error| self.faults(&error.faults))?;
        let uid = master.uid.as_ref().map(|uid| uid.value.clone());
        Ok(Series { line: master.line, uid, dialogue, dates: found.items, apart, remarks: self.remarks })
    }

    /// Those dates of the rule that others of the events may stand for.
    fn dates_of(
        &self,
        bare: &Dialogue,
        others: &[Event],
        additional: &BTreeSet<NaiveDateTime>,
    ) -> std::result::Result<BTreeSet<Instant>, Vec<Remark>> {
        let named = others.iter().filter_map(|other| other.replaces.as_ref());
        let named: Vec<Instant> = named.map(|at| resolve(self.zone, at.value.wall(self.zone, self.master.start.value))).collect();
        let (Some(from), Some(to)) = (named.iter().min(), named.iter().max()) else { return Ok(BTreeSet::new()) };
        let span = (Some(*from), Some(*to + TimeDelta::seconds(1)));
        let found = bare.recurrence.between(span.0, span.1, MOST_MEETINGS * 10).map_err(|error| self.faults(&error.faults))?;
        if found.truncated || additional.len() + others.len() > MOST_DATES {
            let message = format!("At most {MOST_DATES} dates of a series differ from it.");
            return Err(vec![Remark::refused(self.master.line, Reason::TooMany, message)]);
        }
        Ok(found.items.iter().map(|date| date.starts_at).collect())
    }

    fn length(&mut self, event: &Event) -> Length {
        event.length.as_ref().map_or_else(
            || {
                let whole_day = Length::of_minutes(24 * 60).ok().filter(|_| matches!(event.start.value, When::Day(_)));
                whole_day.unwrap_or_else(|| {
                    let message = "This does not say how long it takes; it takes as long as meetings that do not say so.";
                    self.remarks.push(Remark::noted(event.start.line, Reason::Required, message));
                    self.common.length
                })
            },
            |length| length.value,
        )
    }

    fn lasting(&self, original: NaiveDateTime, length: Length) -> Apart {
        let slot = Slot { local_start: original, zone: self.zone, length };
        Apart { original, slot, title: None, venue: None, join_url: None, is_off: false }
    }

    /// What another event says of the date `original`.
    fn apart(&mut self, other: &Event, original: NaiveDateTime, usual: Length) -> std::result::Result<Apart, Vec<Remark>> {
        if other.cancelled.is_some() {
            return Ok(Apart { is_off: true, ..self.lasting(original, usual) });
        }
        let length = match (&other.length, other.start.value) {
            (None, When::Time(..)) => usual,
            _ => self.length(other),
        };
        let zone = other.start.value.zone(self.zone);
        let slot = Slot { local_start: other.start.value.wall(zone, other.start.value), zone, length };
        let text = |event: &Event| event.summary.as_ref().map(|text| text.value.clone());
        let title = other.summary.as_ref().filter(|_| text(other) != text(self.master));
        let title = title.map(|title| self.title(title).map_err(|error| at(title.line, &error.faults))).transpose()?;
        let (venue, join_url) = place(other);
        let (of_series, link) = place(self.master);
        let checked = |venue: VenueDraft| venue.check().map_err(|error| at(other.line, &error.faults));
        let venue = venue.filter(|venue| Some(&venue.name) != of_series.as_ref().map(|one| &one.name)).map(checked).transpose()?;
        let url = |url: String| WebUrl::parse(&url).map_err(|error| at(other.line, &error.faults));
        let join_url = join_url.filter(|own| link.as_ref() != Some(own)).map(url).transpose()?;
        Ok(Apart { original, slot, title, venue, join_url, is_off: false })
    }

    fn title(&self, text: &At<(String, Option<String>)>) -> Result<LocalizedText> {
        let (text, language) = &text.value;
        let language = language.as_deref().unwrap_or(&self.common.language);
        LocalizedText::parse([(language, text.as_str())], SHORT)
    }

    fn draft(
        &self,
        first: NaiveDateTime,
        length: Length,
        rule: &str,
        excluded: &BTreeSet<NaiveDateTime>,
        additional: &BTreeSet<NaiveDateTime>,
    ) -> DialogueDraft {
        let typed = |wall: &NaiveDateTime| wall.format("%Y-%m-%dT%H:%M:%S").to_string();
        let (venue, join_url) = place(self.master);
        let title = self.master.summary.as_ref().map(|summary| &summary.value);
        let language = |own: &Option<String>| own.clone().unwrap_or_else(|| self.common.language.clone());
        DialogueDraft {
            title: title.map(|(text, own)| (language(own), text.clone())).into_iter().collect(),
            recurrence: RawRecurrence {
                local_start: typed(&first),
                time_zone: self.zone.name().to_owned(),
                rule: rule.to_owned(),
                excluded: excluded.iter().map(typed).collect(),
                additional: additional.iter().map(typed).collect(),
                rotation: Vec::new(),
            },
            duration: format!("PT{}M", length.minutes()),
            venue,
            join_url,
            ..self.common.draft.clone()
        }
    }

    fn check(&self, draft: &DialogueDraft) -> std::result::Result<Dialogue, Vec<Remark>> {
        draft.check(Id::new(uuid::Uuid::nil()), self.common.now).map_err(|error| self.faults(&error.faults))
    }

    /// Faults of a draft on the lines that they come from.
    fn faults(&self, faults: &[Fault]) -> Vec<Remark> {
        let master = self.master;
        let first = |lines: Option<usize>| lines.unwrap_or(master.line);
        let line = |path: &[String]| match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["title", ..] => first(master.summary.as_ref().map(|text| text.line)),
            ["duration", ..] => first(master.length.as_ref().map(|length| length.line)),
            ["venue", ..] => first(master.location.as_ref().map(|location| location.line)),
            ["recurrence", "rule", ..] | ["rule", ..] => first(master.rule.as_ref().map(|rule| rule.line)),
            ["recurrence", "excludedDates", ..] => first(master.excluded.first().map(|date| date.line)),
            ["recurrence", "additionalDates", ..] => first(master.additional.first().map(|date| date.line)),
            ["recurrence", ..] => master.start.line,
            _ => master.line,
        };
        faults.iter().map(|fault| Remark::refused(line(&fault.path), fault.reason, fault.message.clone())).collect()
    }
}

/// Where an event takes place: a place, a link, or both. Text with a link inside is neither, since places are read by more
/// than those who may join.
fn place(event: &Event) -> (Option<VenueDraft>, Option<String>) {
    let location = event.location.as_ref().map(|location| location.value.as_str());
    let is_link = |text: &&str| WebUrl::parse(text).is_ok();
    let link = location.filter(is_link).or_else(|| event.url.as_ref().map(|url| url.value.as_str()).filter(is_link));
    let venue = location.filter(|text| !text.contains("://") && text.chars().count() <= SHORT);
    let name = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let venue = venue.map(|text| VenueDraft { name: name(text), address: None, country: None });
    (venue, link.map(str::to_owned))
}

fn at(line: usize, faults: &[Fault]) -> Vec<Remark> {
    faults.iter().map(|fault| Remark::refused(line, fault.reason, fault.message.clone())).collect()
}

/// The rule with a date less, where it counts them: the first date counts as one, whether the rule yields it or not. `None` if
/// nothing is left of it.
fn with_one_less(rule: &str) -> Option<String> {
    let part = |part: &str| match part.split_once('=') {
        Some((name, count)) if name.eq_ignore_ascii_case("COUNT") => {
            let left = count.parse::<u32>().ok()?.checked_sub(1).filter(|left| *left > 0)?;
            Some(format!("COUNT={left}"))
        }
        _ => Some(part.to_owned()),
    };
    Some(rule.split(';').map(part).collect::<Option<Vec<_>>>()?.join(";"))
}
