//! Reminders of commitments: to those who act for who promised, some days before the day and on the day after it, each once.

use tertulia_domain::{
    Result,
    dialogue::Commitment,
    directory::organisation::Organisation,
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text::LanguageTag,
};
use tertulia_persistence::{
    dialogue::commitment::{self, Reminder},
    directory::organisation,
    identity::{membership, user},
};

use crate::{App, Ctx, mail::Mail};

/// Commitments of which one round reminds.
const BATCH: u64 = 50;

/// Reminds of what is due soon or overdue and was not reminded of before; says how many there were. Of two servers that do so at once,
/// one writes and the other finds it done.
pub async fn remind(app: &App, ctx: &Ctx) -> Result<usize> {
    let today = ctx.now.date_naive();
    let mut all = 0;
    for reminder in [Reminder::DueSoon, Reminder::Overdue] {
        let due = commitment::to_remind(&app.reader(ctx), reminder, today, BATCH).await?;
        for one in &due {
            remind_of(app, ctx, one, reminder).await?;
        }
        all += due.len();
    }
    Ok(all)
}

/// The letters, the note that they were sent and the event in one transaction: none is sent twice, none is forgotten.
async fn remind_of(app: &App, ctx: &Ctx, one: &Commitment, reminder: Reminder) -> Result<()> {
    let grant = ctx.allow(Act::CommitmentRemind, &Scope::default())?;
    let uow = app.begin(ctx).await?;
    if !commitment::claim_reminder(uow.writer(), app.ids.uuid(), one.id, reminder, ctx.now).await? {
        return Ok(());
    }
    let ids: Vec<_> = one.to_whom.iter().copied().chain([one.committed_by]).collect();
    let organisations = organisation::find_many(uow.writer(), &ids).await?;
    let readers = membership::acting_for(uow.writer(), one.committed_by).await?;
    let readers = user::find_many(uow.writer(), &readers).await?;
    let by = organisations.iter().find(|found| found.id == one.committed_by);
    let words = Words::for_reader(by);
    let to: Vec<&str> = organisations.iter().filter(|found| found.id != one.committed_by).map(|found| words.name_of(found)).collect();
    uow.mail(readers.into_iter().map(|reader| {
        let (subject, opening) = words.say(reminder);
        let by = by.map_or("", |by| words.name_of(by));
        let body = words.body(opening, (by, &to.join(", ")), one);
        Mail { to: reader.email, subject: subject.to_owned(), body }
    }))
    .await?;
    uow.commit(grant, [Event::new(Topic::CommitmentReminded, one.id.any())]).await
}

/// The words of a letter in one language.
struct Words {
    language: LanguageTag,
    soon: (&'static str, &'static str),
    overdue: (&'static str, &'static str),
    promised: &'static str,
    due: &'static str,
    then: &'static str,
}

impl Words {
    /// In the first language of the reader's organisation that there are words in, else in English.
    fn for_reader(organisation: Option<&Organisation>) -> Self {
        let languages = organisation.map(|found| found.languages.as_slice()).unwrap_or_default();
        let known = languages.iter().find(|tag| ["en", "es", "fr", "pt"].contains(&tag.primary()));
        let language = known.cloned().unwrap_or_else(LanguageTag::english);
        let texts: [&'static str; 7] = match language.primary() {
            "es" => [
                "Un compromiso vence pronto",
                "El plazo de un compromiso se acerca.",
                "Un compromiso ha vencido",
                "El plazo de un compromiso ha pasado.",
                "se comprometió ante",
                "Plazo",
                "Informe en Tertulia de su avance, o de su cumplimiento con lo que lo demuestre.",
            ],
            "fr" => [
                "Un engagement arrive à échéance",
                "L'échéance d'un engagement approche.",
                "Un engagement est échu",
                "L'échéance d'un engagement est passée.",
                "s'est engagé envers",
                "Échéance",
                "Indiquez dans Tertulia où il en est, ou qu'il est tenu, avec ce qui le montre.",
            ],
            "pt" => [
                "Um compromisso vence em breve",
                "O prazo de um compromisso aproxima-se.",
                "Um compromisso venceu",
                "O prazo de um compromisso passou.",
                "comprometeu-se perante",
                "Prazo",
                "Informe na Tertulia o seu andamento, ou o cumprimento com o que o demonstre.",
            ],
            _ => [
                "A commitment is due soon",
                "The day of a commitment is near.",
                "A commitment is overdue",
                "The day of a commitment is over.",
                "committed itself to",
                "Due",
                "Report in Tertulia how far it is, or that it was kept, with what shows it.",
            ],
        };
        let [soon, soon_said, overdue, overdue_said, promised, due, then] = texts;
        Self { language, soon: (soon, soon_said), overdue: (overdue, overdue_said), promised, due, then }
    }

    fn say(&self, reminder: Reminder) -> (&'static str, &'static str) {
        match reminder {
            Reminder::DueSoon => self.soon,
            Reminder::Overdue => self.overdue,
        }
    }

    fn name_of<'a>(&self, organisation: &'a Organisation) -> &'a str {
        organisation.names.best(std::slice::from_ref(&self.language))
    }

    fn body(&self, opening: &str, (by, to): (&str, &str), one: &Commitment) -> String {
        format!(
            "{opening}\n\n{by} {promised} {to}:\n\n{text}\n\n{due}: {day}\n\n{then}\n",
            promised = self.promised,
            text = one.text,
            due = self.due,
            day = one.due_on,
            then = self.then,
        )
    }
}
