//! The words of reminders, in the languages that there are; English stands for all others.

use chrono_tz::Tz;
use tertulia_domain::{
    dialogue::{reminder::ReminderLead, wall_time},
    text::{EmailAddress, LanguageTag},
    time::Instant,
};

use super::Mail;

/// A meeting as a reminder names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    /// Its title in the recipient's language.
    pub(crate) title: &'a str,
    /// When it begins.
    pub(crate) starts_at: Instant,
    /// The recipient's zone.
    pub(crate) zone: Tz,
}

/// The sentences of one language; `{title}`, `{date}`, `{time}` and `{zone}` are filled in.
struct Words {
    language: &'static str,
    subject_week: &'static str,
    subject_day: &'static str,
    begins: &'static str,
    unanswered: &'static str,
}

const WORDS: [Words; 4] = [
    Words {
        language: "en",
        subject_week: "In a week: {title}",
        subject_day: "Tomorrow: {title}",
        begins: "{title} begins on {date} at {time} ({zone}).",
        unanswered: "You are invited and have not answered yet. Please say whether you can come.",
    },
    Words {
        language: "es",
        subject_week: "En una semana: {title}",
        subject_day: "Mañana: {title}",
        begins: "{title} comienza el {date} a las {time} ({zone}).",
        unanswered: "Tiene una invitación sin responder. Por favor, indique si puede asistir.",
    },
    Words {
        language: "fr",
        subject_week: "Dans une semaine : {title}",
        subject_day: "Demain : {title}",
        begins: "{title} commence le {date} à {time} ({zone}).",
        unanswered: "Vous n'avez pas encore répondu à l'invitation. Merci d'indiquer si vous pouvez participer.",
    },
    Words {
        language: "pt",
        subject_week: "Daqui a uma semana: {title}",
        subject_day: "Amanhã: {title}",
        begins: "{title} começa em {date} às {time} ({zone}).",
        unanswered: "O convite ainda está sem resposta. Por favor, informe se pode participar.",
    },
];

/// The first of these languages that reminders are written in; English if none is.
pub(crate) fn language(wanted: &[LanguageTag]) -> LanguageTag {
    let known = wanted.iter().find(|tag| WORDS.iter().any(|words| words.language == tag.primary()));
    known.cloned().unwrap_or_else(LanguageTag::english)
}

/// A reminder in that language; `unanswered` asks for an answer, `more` stands below.
pub(crate) fn reminder(
    to: EmailAddress,
    language: &LanguageTag,
    lead: ReminderLead,
    named: Named<'_>,
    (unanswered, more): (bool, &str),
) -> Mail {
    let [english, ..] = &WORDS;
    let words = WORDS.iter().find(|words| words.language == language.primary()).unwrap_or(english);
    let local = wall_time::wall(named.zone, named.starts_at);
    let fill = |text: &str| {
        text.replace("{date}", &local.format("%Y-%m-%d").to_string())
            .replace("{time}", &local.format("%H:%M").to_string())
            .replace("{zone}", named.zone.name())
            // Last, since a title may hold braces.
            .replace("{title}", named.title)
    };
    let subject = fill(match lead {
        ReminderLead::Week => words.subject_week,
        ReminderLead::Day => words.subject_day,
    });
    let mut body = fill(words.begins);
    body.push('\n');
    if unanswered {
        body.push('\n');
        body.push_str(words.unanswered);
        body.push('\n');
    }
    if !more.is_empty() {
        body.push('\n');
        body.push_str(more);
    }
    Mail { to, subject, body }
}
