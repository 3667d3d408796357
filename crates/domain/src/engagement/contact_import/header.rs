//! The headers of columns, in several languages. They are compared without case, accents and signs.

use super::{Field, Report};
use crate::{
    error::Reason,
    text::{LanguageTag, SHORT, fold},
};

/// The headers of a field, first the one of templates: in English, Spanish, French, Portuguese and Arabic.
#[expect(clippy::too_many_lines, reason = "one table, in which every header stands")]
const fn headers(field: Field) -> [&'static [&'static str]; 5] {
    match field {
        Field::PlatformService => [
            &["Platform service", "Service"],
            &["Servicio de la plataforma", "Servicio"],
            &["Service de la plateforme", "Service"],
            &["Serviço da plataforma", "Serviço"],
            &["خدمة المنصة", "الخدمة"],
        ],
        Field::Platform => [
            &["Platform", "Platform name", "Company"],
            &["Plataforma", "Red social", "Empresa"],
            &["Plateforme", "Réseau social", "Entreprise"],
            &["Plataforma", "Rede social", "Empresa"],
            &["المنصة", "اسم المنصة", "الشركة"],
        ],
        Field::Kind => [
            &["Kind", "Type", "Contact kind"],
            &["Tipo", "Tipo de contacto"],
            &["Type", "Type de contact", "Nature"],
            &["Tipo", "Tipo de contato"],
            &["النوع", "نوع التواصل"],
        ],
        Field::LegalBasis => [
            &["Legal basis", "Legal ground"],
            &["Base legal", "Fundamento legal"],
            &["Base juridique", "Base légale", "Fondement juridique"],
            &["Base legal", "Base jurídica", "Fundamento legal"],
            &["الأساس القانوني", "السند القانوني"],
        ],
        Field::Medium => [&["Medium", "Means"], &["Medio", "Vía"], &["Moyen", "Voie"], &["Meio", "Via"], &["الوسيلة", "وسيلة التواصل"]],
        Field::Urgency => [
            &["Urgency", "Priority"],
            &["Urgencia", "Prioridad"],
            &["Urgence", "Priorité"],
            &["Urgência", "Prioridade"],
            &["الاستعجال", "الأولوية"],
        ],
        Field::IssueTypes => [
            &["Issue types", "Issue type", "Issues", "Issue"],
            &["Tipos de asunto", "Tipo de asunto", "Temas", "Tema"],
            &["Types de problème", "Type de problème", "Thèmes", "Thème"],
            &["Tipos de problema", "Tipo de problema", "Temas", "Tema"],
            &["أنواع المسألة", "نوع المسألة", "الموضوعات"],
        ],
        Field::Subject => {
            [&["Subject", "Title"], &["Asunto", "Título"], &["Objet", "Titre", "Sujet"], &["Assunto", "Título"], &["العنوان", "الموضوع"]]
        }
        Field::Description => [
            &["Description", "Details"],
            &["Descripción", "Detalle", "Detalles"],
            &["Description", "Détails"],
            &["Descrição", "Detalhes"],
            &["الوصف", "التفاصيل"],
        ],
        Field::Language => [&["Language"], &["Idioma", "Lengua"], &["Langue"], &["Idioma", "Língua"], &["اللغة"]],
        Field::CaseNumber => [
            &["Case number", "Case", "Our reference", "File number"],
            &["Número de expediente", "Expediente", "Número de caso"],
            &["Numéro de dossier", "Dossier", "Notre référence"],
            &["Número do processo", "Processo", "Número do caso"],
            &["رقم الملف", "رقم القضية"],
        ],
        Field::Visibility => [&["Visibility"], &["Visibilidad"], &["Visibilité"], &["Visibilidade"], &["الظهور", "مستوى الاطلاع"]],
        Field::Urls => [
            &["URLs", "URL", "Links", "Link", "Addresses"],
            &["Enlaces", "Enlace", "Direcciones", "Vínculos"],
            &["Liens", "Lien", "Adresses"],
            &["Links", "Ligações", "Endereços"],
            &["الروابط", "الرابط"],
        ],
        Field::SentAt => [
            &["Sent at", "Sent", "Sent on", "Date sent", "Date"],
            &["Enviado el", "Enviado", "Fecha de envío", "Fecha"],
            &["Envoyé le", "Envoyé", "Date d'envoi", "Date"],
            &["Enviado em", "Enviado", "Data de envio", "Data"],
            &["تاريخ الإرسال", "أرسل في", "التاريخ"],
        ],
        Field::AcknowledgedAt => [
            &["Acknowledged at", "Acknowledged", "Acknowledged on", "Date acknowledged"],
            &["Acusado el", "Acuse de recibo", "Fecha de acuse", "Fecha de acuse de recibo"],
            &["Accusé le", "Accusé de réception", "Date d'accusé de réception"],
            &["Confirmado em", "Confirmação de recebimento", "Data de confirmação"],
            &["تاريخ الإقرار بالاستلام", "تاريخ الاستلام"],
        ],
        Field::DecidedAt => [
            &["Decided at", "Decided", "Decided on", "Answered at", "Answered", "Date decided"],
            &["Decidido el", "Respondido el", "Fecha de respuesta", "Fecha de decisión"],
            &["Décidé le", "Répondu le", "Date de réponse", "Date de décision"],
            &["Decidido em", "Respondido em", "Data de resposta", "Data de decisão"],
            &["تاريخ القرار", "تاريخ الرد"],
        ],
        Field::Outcome => [&["Outcome", "Result"], &["Resultado"], &["Résultat", "Issue de la demande"], &["Resultado"], &["النتيجة"]],
        Field::Actions => [
            &["Actions", "Action", "Measures"],
            &["Acciones", "Medidas"],
            &["Actions", "Mesures"],
            &["Ações", "Medidas"],
            &["الإجراءات", "التدابير"],
        ],
        Field::Explanation => [
            &["Explanation", "Reply", "Answer"],
            &["Explicación", "Respuesta"],
            &["Explication", "Réponse"],
            &["Explicação", "Resposta"],
            &["الشرح", "الرد"],
        ],
        Field::Format => [
            &["Format", "Form of answer"],
            &["Formato", "Forma de la respuesta"],
            &["Format", "Forme de la réponse"],
            &["Formato", "Forma da resposta"],
            &["الصيغة", "شكل الرد"],
        ],
        Field::ClosedAt => [
            &["Closed at", "Closed", "Closed on", "Date closed"],
            &["Cerrado el", "Cerrado", "Fecha de cierre"],
            &["Clos le", "Date de clôture"],
            &["Encerrado em", "Data de encerramento"],
            &["تاريخ الإغلاق", "أغلق في"],
        ],
        Field::CloseReason => [
            &["Close reason", "Reason for closing"],
            &["Motivo de cierre"],
            &["Motif de clôture"],
            &["Motivo de encerramento"],
            &["سبب الإغلاق"],
        ],
        Field::Channel => [&["Channel"], &["Canal"], &["Canal", "Voie de contact"], &["Canal"], &["القناة"]],
        Field::Election => {
            [&["Election"], &["Elección", "Proceso electoral"], &["Élection", "Scrutin"], &["Eleição"], &["الانتخابات", "الاقتراع"]]
        }
        Field::Instrument => [
            &["Instrument", "Agreement"],
            &["Instrumento", "Acuerdo", "Convenio"],
            &["Instrument", "Accord", "Convention"],
            &["Instrumento", "Acordo"],
            &["الصك", "الاتفاق"],
        ],
        Field::Incident => [&["Incident"], &["Incidente", "Incidencia"], &["Incident"], &["Incidente"], &["الحادثة", "الواقعة"]],
    }
}

/// The languages in which headers are known, in the order of [`headers`].
const LANGUAGES: [&str; 5] = ["en", "es", "fr", "pt", "ar"];

/// The place of the first of these languages that is known; that of English, where none is.
pub(super) fn language(wanted: &[LanguageTag]) -> usize {
    wanted.iter().find_map(|tag| LANGUAGES.iter().position(|known| *known == tag.primary())).unwrap_or_default()
}

/// The header of a field for a reader of these languages; in English, where none of them is known.
pub fn title(field: Field, wanted: &[LanguageTag]) -> &'static str {
    headers(field).get(language(wanted)).and_then(|names| names.first()).copied().unwrap_or_default()
}

/// What compares equal in two spellings of a header.
fn plain(header: &str) -> String {
    fold(header).replace(' ', "")
}

/// The field that a header names: its name in one of the languages, or the one that exports and the schema have.
fn of_header(header: &str) -> Option<Field> {
    let header = plain(header);
    let named = |field: &&Field| {
        let own = plain(&field.as_str().replace('_', " "));
        own == header || headers(**field).iter().any(|names| names.iter().any(|name| plain(name) == header))
    };
    Field::ALL.iter().find(named).copied()
}

/// Which column says what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Of each column, its header and what it says.
    of: Vec<(String, Option<Field>)>,
}

impl Columns {
    /// Finds out what the columns below these headers say. What `told` says of a header goes before what it says itself.
    ///
    /// # Errors
    /// What is wrong with the headers, as reports about line `line`.
    pub fn find(headers: &[String], told: &[(String, Field)], line: i64) -> Result<Self, Vec<Report>> {
        // Every report of a row names a header, so none is long.
        let headers: &Vec<String> = &headers.iter().map(|header| header.chars().take(SHORT).collect()).collect();
        let mut reports = Vec::new();
        let mut add = |column: Option<&str>, reason, message: String| {
            reports.push(Report { line, column: column.map(str::to_owned), reason, message });
        };
        for (header, _) in told.iter().filter(|(header, _)| !headers.iter().any(|own| plain(own) == plain(header))) {
            add(Some(header), Reason::UnknownId, "The file has no column of this header.".to_owned());
        }
        let told_of = |header: &String| told.iter().find(|(told, _)| plain(told) == plain(header)).map(|(_, field)| *field);
        let is_told = |field: Field| told.iter().any(|(_, told)| *told == field);
        let of_column = |header: &String| told_of(header).or_else(|| of_header(header).filter(|field| !is_told(*field)));
        let of: Vec<(String, Option<Field>)> = headers.iter().map(|header| (header.clone(), of_column(header))).collect();
        for (place, (header, field)) in of.iter().enumerate() {
            if field.is_some() && of.iter().take(place).any(|(_, before)| before == field) {
                add(Some(header), Reason::Duplicate, "Another column says the same.".to_owned());
            }
        }
        let has = |field: Field| of.iter().any(|(_, there)| *there == Some(field));
        for field in Field::ALL.iter().filter(|field| field.is_required() && !has(**field)) {
            add(Some(title(*field, &[])), Reason::Required, "The file has no column for this.".to_owned());
        }
        if !has(Field::PlatformService) && !has(Field::Platform) {
            add(Some(title(Field::Platform, &[])), Reason::Required, "The file has no column for this.".to_owned());
        }
        if reports.is_empty() { Ok(Self { of }) } else { Err(reports) }
    }

    /// The header of the column that says this.
    pub fn header(&self, field: Field) -> Option<&str> {
        self.of.iter().find(|(_, there)| *there == Some(field)).map(|(header, _)| header.as_str())
    }

    /// The place of the column that says this.
    pub fn place(&self, field: Field) -> Option<usize> {
        self.of.iter().position(|(_, there)| *there == Some(field))
    }

    /// The headers of the columns that say nothing here.
    pub fn ignored(&self) -> Vec<String> {
        self.of.iter().filter(|(header, field)| field.is_none() && !header.is_empty()).map(|(header, _)| header.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_in_five_languages_and_no_two_fields_share_one() {
        for field in Field::ALL {
            for names in headers(*field) {
                for name in names {
                    assert_eq!(of_header(name), Some(*field), "{name}");
                }
            }
        }
        for (header, field) in [
            ("platformService", Field::PlatformService),
            ("  FECHA DE ENVIO ", Field::SentAt),
            ("issue_types", Field::IssueTypes),
            ("Número de Expediente:", Field::CaseNumber),
            ("تاريخ الإرسال", Field::SentAt),
        ] {
            assert_eq!(of_header(header), Some(field), "{header}");
        }
        assert_eq!(of_header("recordedAt"), None);
        let tag = |raw: &str| LanguageTag::parse(raw).expect("a tag");
        assert_eq!(title(Field::SentAt, &[tag("de"), tag("pt-BR")]), "Enviado em");
        assert_eq!(title(Field::SentAt, &[tag("de")]), "Sent at");
    }

    #[test]
    fn what_is_told_of_a_column_goes_before_its_header() {
        let headers = ["Tipo", "Base legal", "Plataforma", "Título", "Fecha", "Notas"].map(str::to_owned);
        let told = [("notas".to_owned(), Field::Description), ("Título".to_owned(), Field::CaseNumber)];
        let columns = Columns::find(&headers, &told, 1).expect("columns");
        assert_eq!((columns.place(Field::Description), columns.place(Field::CaseNumber)), (Some(5), Some(3)));
        assert_eq!((columns.place(Field::Subject), columns.header(Field::SentAt)), (None, Some("Fecha")));
        assert!(columns.ignored().is_empty());
        let faults = Columns::find(&["Tipo".to_owned(), "Kind".to_owned()], &told[..1], 1).expect_err("faults");
        let told: Vec<_> = faults.iter().map(|fault| (fault.column.as_deref().unwrap_or_default(), fault.reason)).collect();
        assert_eq!(
            told,
            [("notas", Reason::UnknownId), ("Kind", Reason::Duplicate), ("Legal basis", Reason::Required), ("Platform", Reason::Required)]
        );
    }
}
