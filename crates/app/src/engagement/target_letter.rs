//! The words in which officers are told of what is due, in the languages that there are; English stands for all others. A letter names a
//! contact by its reference and says nothing of what it is about.

use chrono_tz::Tz;
use tertulia_domain::{
    directory::{organisation::Organisation, platform::PlatformService},
    time::{Instant, wall, zone},
};
use tertulia_persistence::engagement::target_notice::Notice;

use crate::mail::reminders::language;

/// What a letter tells of.
pub(super) struct Told<'a> {
    pub(super) reference: &'a str,
    pub(super) service: Option<&'a PlatformService>,
    pub(super) body: Option<&'a Organisation>,
    pub(super) due_at: Instant,
}

/// The sentences of one language; `{reference}`, `{service}`, `{date}`, `{time}` and `{zone}` are filled in.
struct Words {
    language: &'static str,
    soon: (&'static str, &'static str),
    over: (&'static str, &'static str),
    then: &'static str,
}

const WORDS: [Words; 4] = [
    Words {
        language: "en",
        soon: ("Due soon: {reference}", "The answer of {service} to contact {reference} is due on {date} at {time} ({zone})."),
        over: (
            "Overdue: {reference}",
            "The answer of {service} to contact {reference} was due on {date} at {time} ({zone}), and none is recorded.",
        ),
        then: "If an answer came, record it in Tertulia.",
    },
    Words {
        language: "es",
        soon: ("Vence pronto: {reference}", "La respuesta de {service} al contacto {reference} vence el {date} a las {time} ({zone})."),
        over: (
            "Vencido: {reference}",
            "La respuesta de {service} al contacto {reference} vencía el {date} a las {time} ({zone}) y no consta ninguna.",
        ),
        then: "Si hubo respuesta, regístrela en Tertulia.",
    },
    Words {
        language: "fr",
        soon: ("Échéance proche : {reference}", "La réponse de {service} au contact {reference} est attendue le {date} à {time} ({zone})."),
        over: (
            "Échéance dépassée : {reference}",
            "La réponse de {service} au contact {reference} était attendue le {date} à {time} ({zone}) et aucune n'est enregistrée.",
        ),
        then: "Si une réponse est arrivée, enregistrez-la dans Tertulia.",
    },
    Words {
        language: "pt",
        soon: ("Vence em breve: {reference}", "A resposta de {service} ao contato {reference} vence em {date} às {time} ({zone})."),
        over: (
            "Vencido: {reference}",
            "A resposta de {service} ao contato {reference} venceu em {date} às {time} ({zone}) e nenhuma está registrada.",
        ),
        then: "Se houve resposta, registre-a na Tertulia.",
    },
];

/// Subject and text, in the language and the zone of the body.
pub(super) fn letter(notice: Notice, told: &Told<'_>) -> (String, String) {
    let spoken = language(told.body.map_or(&[], |body| body.languages.as_slice()));
    let [english, ..] = &WORDS;
    let words = WORDS.iter().find(|words| words.language == spoken.primary()).unwrap_or(english);
    let zone = told.body.and_then(|body| body.time_zone.as_deref()).and_then(|name| zone(name).ok()).unwrap_or(Tz::UTC);
    let local = wall(zone, told.due_at);
    let service = told.service.map_or("", |service| service.names.best(std::slice::from_ref(&spoken)));
    let fill = |text: &str| {
        text.replace("{reference}", told.reference)
            .replace("{date}", &local.format("%Y-%m-%d").to_string())
            .replace("{time}", &local.format("%H:%M").to_string())
            .replace("{zone}", zone.name())
            // Last, since a name may hold braces.
            .replace("{service}", service)
    };
    let (subject, said) = match notice {
        Notice::DueSoon => words.soon,
        Notice::Breached => words.over,
    };
    (fill(subject), format!("{}\n\n{}\n", fill(said), words.then))
}
