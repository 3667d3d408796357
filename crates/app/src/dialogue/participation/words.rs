//! The words of letters about participations, in the languages that there are.

use chrono_tz::Tz;
use tertulia_domain::{
    dialogue::{Meeting, wall_time},
    text::{EmailAddress, LanguageTag},
    time::Instant,
};

use crate::{dialogue::calendar_words, mail::Mail};

/// What a letter tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// That the person is invited.
    Invited,
    /// That the organisation is, and has to say who comes.
    Asked,
    /// That a seat is kept for a while.
    Offered,
    /// That it is kept no longer, since nobody said that it is taken.
    Lapsed,
    /// That the person has a seat.
    Seated,
    /// That the organisers admit the person, to a seat.
    Admitted,
    /// That the person waits for a seat.
    Queued,
    /// That they do not.
    Refused,
    /// That the person takes part no longer.
    Gone {
        /// Whether somebody else decided so.
        by_others: bool,
    },
}

/// The subjects and sentences of one language; `{until}` is filled in.
struct Words {
    invited: [&'static str; 2],
    asked: [&'static str; 2],
    offered: [&'static str; 2],
    lapsed: [&'static str; 2],
    seated: [&'static str; 2],
    admitted: [&'static str; 2],
    queued: [&'static str; 2],
    refused: [&'static str; 2],
    gone: [&'static str; 2],
}

const ENGLISH: Words = Words {
    invited: ["Invitation", "You are invited. Please say whether you can come."],
    asked: ["Invitation", "Your organisation is invited. Please say who comes."],
    offered: [
        "A seat for you",
        "A seat has become free and is kept for you until {until}. Please say whether you take it; after that it goes to the next who waits.",
    ],
    lapsed: ["The seat is kept no longer", "You did not say in time that you take the seat that was kept for you."],
    seated: ["Your participation", "You take part in this meeting."],
    admitted: ["You are admitted", "The organisers have admitted you, and you have a seat."],
    queued: ["You are on the waiting list", "All seats are taken; you are told when one becomes free."],
    refused: ["Your registration", "The organisers have not admitted you to this meeting."],
    gone: ["You no longer take part", "You are not expected at this meeting any more."],
};

const SPANISH: Words = Words {
    invited: ["Invitación", "Tiene una invitación. Por favor, indique si puede asistir."],
    asked: ["Invitación", "Su organización está invitada. Por favor, indique quién asistirá."],
    offered: [
        "Un lugar para usted",
        "Ha quedado libre un lugar y se le reserva hasta el {until}. Por favor, indique si lo acepta; después pasará a la siguiente persona en espera.",
    ],
    lapsed: ["El lugar ya no se le reserva", "Usted no indicó a tiempo que aceptaba el lugar reservado."],
    seated: ["Su participación", "Usted participa en esta reunión."],
    admitted: ["Solicitud admitida", "La organización ha admitido su solicitud y usted tiene un lugar."],
    queued: ["Está en la lista de espera", "Todos los lugares están ocupados; se le avisará cuando quede uno libre."],
    refused: ["Su solicitud", "La organización no ha admitido su solicitud para esta reunión."],
    gone: ["Ya no participa", "Ya no se le espera en esta reunión."],
};

const FRENCH: Words = Words {
    invited: ["Invitation", "Vous êtes invité(e). Merci d'indiquer si vous pouvez participer."],
    asked: ["Invitation", "Votre organisation est invitée. Merci d'indiquer qui participera."],
    offered: [
        "Une place pour vous",
        "Une place s'est libérée et vous est réservée jusqu'au {until}. Merci d'indiquer si vous la prenez ; elle ira ensuite à la personne suivante.",
    ],
    lapsed: ["La place ne vous est plus réservée", "Vous n'avez pas indiqué à temps que vous preniez la place réservée."],
    seated: ["Votre participation", "Vous participez à cette réunion."],
    admitted: ["Demande acceptée", "Les organisateurs ont accepté votre demande et vous avez une place."],
    queued: ["Vous êtes sur la liste d'attente", "Toutes les places sont prises ; vous serez prévenu(e) dès qu'une place se libère."],
    refused: ["Votre demande", "Les organisateurs n'ont pas accepté votre demande pour cette réunion."],
    gone: ["Vous ne participez plus", "Vous n'êtes plus attendu(e) à cette réunion."],
};

const PORTUGUESE: Words = Words {
    invited: ["Convite", "Você tem um convite. Por favor, informe se pode participar."],
    asked: ["Convite", "Sua organização foi convidada. Por favor, informe quem participará."],
    offered: [
        "Uma vaga para você",
        "Uma vaga ficou livre e está reservada para você até {until}. Por favor, informe se a aceita; depois ela passa à próxima pessoa da fila.",
    ],
    lapsed: ["A vaga não está mais reservada", "Você não informou a tempo que aceitava a vaga reservada."],
    seated: ["Sua participação", "Você participa desta reunião."],
    admitted: ["Inscrição aprovada", "Os organizadores aprovaram sua inscrição e você tem uma vaga."],
    queued: ["Você está na lista de espera", "Todas as vagas estão ocupadas; você será avisado(a) quando uma ficar livre."],
    refused: ["Sua inscrição", "Os organizadores não aprovaram sua inscrição para esta reunião."],
    gone: ["Você não participa mais", "Você não é mais esperado(a) nesta reunião."],
};

/// The letter that tells of a meeting of that title, in a language and with the clocks of a zone.
pub(super) fn mail(
    to: EmailAddress,
    language: &LanguageTag,
    (news, with_entry): (News, bool),
    (title, meeting, zone, until): (&str, &Meeting, Tz, Option<Instant>),
) -> Mail {
    let words = match language.primary() {
        "es" => &SPANISH,
        "fr" => &FRENCH,
        "pt" => &PORTUGUESE,
        _ => &ENGLISH,
    };
    let [word, sentence] = match news {
        News::Invited => words.invited,
        News::Asked => words.asked,
        News::Offered => words.offered,
        News::Lapsed => words.lapsed,
        News::Seated => words.seated,
        News::Admitted => words.admitted,
        News::Queued => words.queued,
        News::Refused => words.refused,
        News::Gone { .. } => words.gone,
    };
    let until = until.map(|until| wall_time::wall(zone, until).format("%Y-%m-%d, %H:%M").to_string() + &format!(" ({})", zone.name()));
    let sentence = sentence.replace("{until}", &until.unwrap_or_default());
    let subject = format!("{word}: {title}");
    let mut parts = vec![subject.clone(), sentence, calendar_words::date(language, meeting, zone)];
    if with_entry {
        parts.push(calendar_words::attached(language).to_owned());
    }
    Mail { to, subject, body: parts.join("\n\n") + "\n" }
}
