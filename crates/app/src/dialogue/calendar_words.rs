//! The words of letters that bring an entry for a calendar, in the languages that there are.

use chrono_tz::Tz;
use tertulia_domain::{
    dialogue::{Meeting, wall_time},
    text::LanguageTag,
};

/// What a letter says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// That somebody is invited.
    Invited,
    /// That something is otherwise than it was.
    Changed,
    /// That something does not take place.
    Cancelled,
}

/// The words of one language.
struct Words {
    invited: &'static str,
    changed: &'static str,
    cancelled: &'static str,
    next: &'static str,
    reason: &'static str,
    calendar: &'static str,
}

const ENGLISH: Words = Words {
    invited: "Invitation",
    changed: "Changed",
    cancelled: "Cancelled",
    next: "Date",
    reason: "Reason",
    calendar: "The attached entry brings your calendar up to date.",
};

const SPANISH: Words = Words {
    invited: "Invitación",
    changed: "Cambio",
    cancelled: "Cancelado",
    next: "Fecha",
    reason: "Motivo",
    calendar: "La entrada adjunta actualiza su calendario.",
};

const FRENCH: Words = Words {
    invited: "Invitation",
    changed: "Modification",
    cancelled: "Annulé",
    next: "Date",
    reason: "Motif",
    calendar: "L'entrée jointe met votre calendrier à jour.",
};

const PORTUGUESE: Words = Words {
    invited: "Convite",
    changed: "Alteração",
    cancelled: "Cancelado",
    next: "Data",
    reason: "Motivo",
    calendar: "A entrada anexa atualiza o seu calendário.",
};

fn words(language: &LanguageTag) -> &'static Words {
    match language.primary() {
        "es" => &SPANISH,
        "fr" => &FRENCH,
        "pt" => &PORTUGUESE,
        _ => &ENGLISH,
    }
}

/// The first of these languages in which there are words, else English.
pub(super) fn language(spoken: &[LanguageTag]) -> LanguageTag {
    spoken.iter().find(|tag| ["en", "es", "fr", "pt"].contains(&tag.primary())).cloned().unwrap_or_else(LanguageTag::english)
}

/// The line that a mailbox shows.
pub(super) fn subject(language: &LanguageTag, said: Said, title: &str) -> String {
    let words = words(language);
    let word = match said {
        Said::Invited => words.invited,
        Said::Changed => words.changed,
        Said::Cancelled => words.cancelled,
    };
    format!("{word}: {title}")
}

/// The text, with the date of a meeting as the clocks of the reader show it.
pub(super) fn body(language: &LanguageTag, said: Said, title: &str, meeting: Option<(&Meeting, Tz)>) -> String {
    let mut parts = vec![subject(language, said, title)];
    if let Some((meeting, zone)) = meeting {
        let reason = meeting.reason.as_ref().map(|reason| format!("\n{}: {reason}", words(language).reason));
        parts.push(date(language, meeting, zone) + &reason.unwrap_or_default());
    }
    parts.push(format!("{}\n", attached(language)));
    parts.join("\n\n")
}

/// The line that says when a meeting is, by the clocks of a zone.
pub(super) fn date(language: &LanguageTag, meeting: &Meeting, zone: Tz) -> String {
    let (starts, ends) = (wall_time::wall(zone, meeting.starts_at), wall_time::wall(zone, meeting.ends_at));
    let (day, from, to) = (starts.format("%Y-%m-%d"), starts.format("%H:%M"), ends.format("%H:%M"));
    format!("{}: {day}, {from}-{to} ({})", words(language).next, zone.name())
}

/// The line about the entry that a letter brings.
pub(super) fn attached(language: &LanguageTag) -> &'static str {
    words(language).calendar
}
