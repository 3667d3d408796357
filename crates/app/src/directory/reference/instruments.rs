//! `instruments.csv`.

use tertulia_domain::{
    Reason,
    directory::instrument::{
        Bindingness, Instrument, InstrumentDraft, InstrumentFields, InstrumentParty, InstrumentPartyDraft, InstrumentType, ObligationDraft,
    },
    id::kinds,
};

use super::{
    keys::{Keys, Spelled, spelled},
    row::{Row, join, join_codes, join_texts, provenance_cells},
    sheet::Problems,
};

pub(super) const INSTRUMENTS: &str = "instruments.csv";
pub(super) const INSTRUMENT_COLUMNS: &[&str] = &[
    "key",
    "version",
    "titles",
    "type",
    "bindingness",
    "countries",
    "signed_on",
    "valid_from",
    "valid_to",
    "url",
    "parties",
    "obligations",
    "proposed_by",
    "provenance_state",
    "source_url",
    "source_note",
    "as_of",
];

/// A row as an entry that the coordinator stands behind.
pub(super) fn instrument(row: &Row, keys: &Keys<kinds::Organisation>, problems: &mut Problems) -> Option<InstrumentFields> {
    let parties = row.list("parties");
    let draft = InstrumentDraft {
        titles: row.texts("titles", problems),
        kind: row.member("type", InstrumentType::ALL, InstrumentType::parse, problems),
        bindingness: row.member("bindingness", Bindingness::ALL, Bindingness::parse, problems),
        countries: row.codes("countries"),
        signed_on: row.text("signed_on"),
        valid_from: row.text("valid_from"),
        valid_to: row.text("valid_to"),
        url: row.text("url"),
        parties: parties.iter().map(|party| read_party(party, row, keys, problems)).collect(),
        obligations: row.list("obligations").iter().map(|obligation| read_obligation(obligation)).collect(),
        proposed_by: keys.organisation(row, "proposed_by", problems),
        provenance: row.provenance(problems),
    };
    row.checked(draft.check().map(InstrumentFields::confirmed), problems)
}

/// Takes ` name=…` off the end of a text.
fn cut<'a>(text: &'a str, name: &str) -> (&'a str, Option<String>) {
    match text.split_once(&format!(" {name}=")) {
        Some((before, after)) => (before, Some(after.to_owned())),
        None => (text, None),
    }
}

/// Reads `platform-meta on=2019-03-20 name=Meta scope=Facebook`; a `-` in the place of the key is an organisation that is not here.
fn read_party(text: &str, row: &Row, keys: &Keys<kinds::Organisation>, problems: &mut Problems) -> InstrumentPartyDraft {
    let (rest, scope) = cut(text, "scope");
    let (rest, name) = cut(rest, "name");
    let (key, on) = cut(rest, "on");
    let organisation = keys.id(key);
    if organisation.is_none() && key != "-" {
        row.fault(problems, Reason::UnknownId, "parties", &format!("There is no organisation with the key {key}."));
    }
    InstrumentPartyDraft { organisation, name, on, scope }
}

fn party_cell(party: &InstrumentParty, keys: &Spelled) -> String {
    let draft = party.draft();
    let key = draft.organisation.map_or_else(|| "-".to_owned(), |id| keys.key(id));
    written(key, &[("on", draft.on), ("name", draft.name), ("scope", draft.scope)])
}

/// Reads `Answers within three hours addressee=platforms deadline=3 hours`.
fn read_obligation(text: &str) -> ObligationDraft {
    let (rest, deadline) = cut(text, "deadline");
    let (text, addressee) = cut(rest, "addressee");
    ObligationDraft { text: text.to_owned(), addressee, deadline }
}

fn written(first: String, more: &[(&str, Option<String>)]) -> String {
    more.iter().filter_map(|(name, text)| text.as_ref().map(|text| format!(" {name}={text}"))).fold(first, |all, one| all + &one)
}

pub(super) fn instrument_cells(entry: &Instrument, keys: &Spelled) -> Vec<String> {
    let draft = entry.fields.draft();
    let [state, url, note, as_of] = provenance_cells(draft.provenance);
    let obligation = |one: ObligationDraft| written(one.text, &[("addressee", one.addressee), ("deadline", one.deadline)]);
    vec![
        spelled(entry),
        entry.version.to_string(),
        join_texts(&draft.titles),
        entry.kind.to_string(),
        entry.bindingness.to_string(),
        join_codes(&draft.countries),
        draft.signed_on.unwrap_or_default(),
        draft.valid_from.unwrap_or_default(),
        draft.valid_to.unwrap_or_default(),
        draft.url.unwrap_or_default(),
        join(entry.parties.iter().map(|party| party_cell(party, keys))),
        join(draft.obligations.into_iter().map(obligation)),
        draft.proposed_by.map(|id| keys.key(id)).unwrap_or_default(),
        state,
        url,
        note,
        as_of,
    ]
}
