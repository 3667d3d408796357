//! Letters to the platforms that a release names: that they may comment, and that it is published with their comment beside it. In the
//! language and the zone of the platform.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use tertulia_domain::{
    Result,
    directory::organisation::Organisation,
    engagement::statistic_release::StatisticRelease,
    id::OrganisationId,
    text::LanguageTag,
    time::{Instant, wall, zone},
};
use tertulia_persistence::{
    directory::organisation,
    engagement::statistic_release::comment,
    identity::{membership, user},
};

use crate::{
    UnitOfWork,
    mail::{Mail, reminders::language},
};

/// The sentences of one language; `{title}`, `{platform}`, `{date}`, `{time}` and `{zone}` are filled in.
struct Words {
    language: &'static str,
    proposed: (&'static str, &'static str),
    published: (&'static str, &'static str),
}

const WORDS: [Words; 4] = [
    Words {
        language: "en",
        proposed: (
            "Statistics for your comment: {title}",
            "The statistic release \"{title}\" is proposed and names {platform}. You can read its numbers in Tertulia and comment on them \
             until {date} at {time} ({zone}), ten working days in all.\n\n\
             Each platform comments once. Your comment is published beside the numbers; until then no other platform reads it.",
        ),
        published: (
            "Statistics published: {title}",
            "The statistic release \"{title}\" is published, and everybody reads it with the comment of {platform} beside it.",
        ),
    },
    Words {
        language: "es",
        proposed: (
            "Estadísticas para su comentario: {title}",
            "Se ha propuesto la publicación estadística «{title}», que nombra a {platform}. Puede leer sus cifras en Tertulia y comentarlas \
             hasta el {date} a las {time} ({zone}), diez días hábiles en total.\n\n\
             Cada plataforma comenta una vez. Su comentario se publica junto a las cifras; hasta entonces ninguna otra plataforma lo lee.",
        ),
        published: (
            "Estadísticas publicadas: {title}",
            "La publicación estadística «{title}» está publicada y todos la leen con el comentario de {platform} a su lado.",
        ),
    },
    Words {
        language: "fr",
        proposed: (
            "Statistiques à commenter : {title}",
            "La publication statistique « {title} » est proposée et nomme {platform}. Vous pouvez lire ses chiffres dans Tertulia et les \
             commenter jusqu'au {date} à {time} ({zone}), soit dix jours ouvrables en tout.\n\n\
             Chaque plateforme commente une fois. Votre commentaire est publié à côté des chiffres ; d'ici là, aucune autre plateforme ne le lit.",
        ),
        published: (
            "Statistiques publiées : {title}",
            "La publication statistique « {title} » est publiée, et chacun la lit avec le commentaire de {platform} à côté.",
        ),
    },
    Words {
        language: "pt",
        proposed: (
            "Estatísticas para seu comentário: {title}",
            "A publicação estatística \"{title}\" foi proposta e cita {platform}. Você pode ler os números na Tertulia e comentá-los até \
             {date} às {time} ({zone}), dez dias úteis ao todo.\n\n\
             Cada plataforma comenta uma vez. Seu comentário é publicado ao lado dos números; até lá nenhuma outra plataforma o lê.",
        ),
        published: (
            "Estatísticas publicadas: {title}",
            "A publicação estatística \"{title}\" está publicada, e todos a leem com o comentário de {platform} ao lado.",
        ),
    },
];

/// Tells the named platforms that they may comment, and until when.
pub(super) async fn proposed(uow: &UnitOfWork<'_>, release: &StatisticRelease) -> Result<()> {
    let Some(until) = release.comments_until else { return Ok(()) };
    send(uow, &release.platforms, |words, platform, spoken| filled(words.proposed, release, (platform, spoken), until)).await
}

/// Tells the platforms that commented that the release is published.
pub(super) async fn published(uow: &UnitOfWork<'_>, release: &StatisticRelease) -> Result<()> {
    let comments = comment::find_of(uow.writer(), &uow.ctx().releases(), &[release.id]).await?;
    let commented: BTreeSet<OrganisationId> = comments.iter().map(|comment| comment.platform).collect();
    let commented: Vec<OrganisationId> = commented.into_iter().collect();
    send(uow, &commented, |words, platform, spoken| filled(words.published, release, (platform, spoken), uow.ctx().now)).await
}

/// A letter to everybody who acts for one of these platforms.
async fn send(
    uow: &UnitOfWork<'_>,
    platforms: &[OrganisationId],
    write: impl Fn(&Words, &Organisation, &LanguageTag) -> (String, String),
) -> Result<()> {
    let [english, ..] = &WORDS;
    for platform in organisation::find_many(uow.writer(), platforms).await? {
        let spoken = language(&platform.languages);
        let words = WORDS.iter().find(|words| words.language == spoken.primary()).unwrap_or(english);
        let (subject, body) = write(words, &platform, &spoken);
        let readers = membership::acting_for(uow.writer(), platform.id).await?;
        let readers = user::find_many(uow.writer(), &readers).await?;
        uow.mail(readers.into_iter().map(|reader| Mail { to: reader.email, subject: subject.clone(), body: body.clone() })).await?;
    }
    Ok(())
}

/// Subject and text.
fn filled(
    (subject, text): (&str, &str),
    release: &StatisticRelease,
    (platform, spoken): (&Organisation, &LanguageTag),
    at: Instant,
) -> (String, String) {
    let zone = platform.time_zone.as_deref().and_then(|name| zone(name).ok()).unwrap_or(Tz::UTC);
    let local = wall(zone, at);
    let wanted = std::slice::from_ref(spoken);
    let fill = |text: &str| {
        text.replace("{date}", &local.format("%Y-%m-%d").to_string())
            .replace("{time}", &local.format("%H:%M").to_string())
            .replace("{zone}", zone.name())
            // Last, since names may hold braces.
            .replace("{platform}", platform.names.best(wanted))
            .replace("{title}", release.titles.best(wanted))
    };
    (fill(subject), format!("{}\n", fill(text)))
}
