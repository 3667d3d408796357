//! An empty file for contacts: the columns in the reader's language, and how each is filled in.

use super::{Field, header::language, title};
use crate::{
    engagement::vocabulary::{Action, Format, IssueType, Kind, LegalBasis, Medium, Outcome, Side, Urgency, Visibility},
    text::LanguageTag,
};

/// A column, explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Its header.
    pub header: &'static str,
    /// How it is filled in.
    pub how: &'static str,
    /// The values that are possible, where there are few.
    pub values: Vec<&'static str>,
}

/// What is asked for in a column.
#[derive(Clone, Copy, Debug)]
enum Asked {
    NeededOne,
    One,
    Several,
    Text,
    Moment,
    Addresses,
    Language,
    Service,
    Platform,
    Channel,
    Election,
    Instrument,
    Incident,
}

impl Asked {
    const fn of(field: Field) -> Self {
        match field {
            Field::PlatformService => Self::Service,
            Field::Platform => Self::Platform,
            Field::Kind | Field::LegalBasis => Self::NeededOne,
            Field::Medium | Field::Urgency | Field::Visibility | Field::Outcome | Field::Format => Self::One,
            Field::IssueTypes | Field::Actions => Self::Several,
            Field::Subject | Field::Description | Field::CaseNumber | Field::Explanation | Field::CloseReason => Self::Text,
            Field::Language => Self::Language,
            Field::Urls => Self::Addresses,
            Field::Channel => Self::Channel,
            Field::Election => Self::Election,
            Field::Instrument => Self::Instrument,
            Field::Incident => Self::Incident,
            Field::SentAt | Field::AcknowledgedAt | Field::DecidedAt | Field::ClosedAt => Self::Moment,
        }
    }

    /// In English, Spanish, French, Portuguese and Arabic.
    #[expect(clippy::too_many_lines, reason = "one table, in which every explanation stands")]
    const fn words(self) -> [&'static str; 5] {
        match self {
            Self::NeededOne => [
                "Needed: one of the values beside.",
                "Obligatorio: uno de los valores de al lado.",
                "Obligatoire : une des valeurs ci-contre.",
                "Obrigatório: um dos valores ao lado.",
                "إلزامي: إحدى القيم المجاورة.",
            ],
            Self::One => [
                "One of the values beside, or empty.",
                "Uno de los valores de al lado, o vacío.",
                "Une des valeurs ci-contre, ou vide.",
                "Um dos valores ao lado, ou vazio.",
                "إحدى القيم المجاورة، أو فارغ.",
            ],
            Self::Several => [
                "One or several of the values beside, separated by spaces, or empty.",
                "Uno o varios de los valores de al lado, separados por espacios, o vacío.",
                "Une ou plusieurs des valeurs ci-contre, séparées par des espaces, ou vide.",
                "Um ou vários dos valores ao lado, separados por espaços, ou vazio.",
                "قيمة أو أكثر من القيم المجاورة تفصل بينها مسافات، أو فارغ.",
            ],
            Self::Text => ["Text, or empty.", "Texto, o vacío.", "Texte, ou vide.", "Texto, ou vazio.", "نص، أو فارغ."],
            Self::Moment => [
                "Date, or date and time of your place, as 2026-03-02 or 2026-03-02 14:30; or empty.",
                "Fecha, o fecha y hora de su lugar, como 2026-03-02 o 2026-03-02 14:30; o vacío.",
                "Date, ou date et heure locales, comme 2026-03-02 ou 2026-03-02 14:30 ; ou vide.",
                "Data, ou data e hora locais, como 2026-03-02 ou 2026-03-02 14:30; ou vazio.",
                "تاريخ، أو تاريخ ووقت محليان، مثل 2026-03-02 أو 2026-03-02 14:30؛ أو فارغ.",
            ],
            Self::Addresses => [
                "Addresses of the content, separated by spaces; or empty, if subject or description ask something.",
                "Direcciones del contenido, separadas por espacios; o vacío, si el asunto o la descripción preguntan algo.",
                "Adresses du contenu, séparées par des espaces ; ou vide, si l'objet ou la description posent une question.",
                "Endereços do conteúdo, separados por espaços; ou vazio, se o assunto ou a descrição perguntam algo.",
                "عناوين المحتوى تفصل بينها مسافات؛ أو فارغ إذا كان العنوان أو الوصف يطرح سؤالا.",
            ],
            Self::Language => [
                "Language tag, as en or pt-BR; or empty.",
                "Código de idioma, como es o pt-BR; o vacío.",
                "Code de langue, comme fr ou pt-BR ; ou vide.",
                "Código de idioma, como pt-BR ou es; ou vazio.",
                "رمز اللغة، مثل ar أو fr؛ أو فارغ.",
            ],
            Self::Service => [
                "Name of a service as in the directory, or its id; or empty, if the platform stands beside.",
                "Nombre de un servicio como en el directorio, o su identificador; o vacío, si la plataforma está al lado.",
                "Nom d'un service comme dans l'annuaire, ou son identifiant ; ou vide, si la plateforme est à côté.",
                "Nome de um serviço como no diretório, ou o seu identificador; ou vazio, se a plataforma está ao lado.",
                "اسم خدمة كما في الدليل، أو معرفها؛ أو فارغ إذا ذكرت المنصة بجانبه.",
            ],
            Self::Platform => [
                "Name of the platform, where the directory does not have its service.",
                "Nombre de la plataforma, si el directorio no tiene su servicio.",
                "Nom de la plateforme, si l'annuaire n'a pas son service.",
                "Nome da plataforma, se o diretório não tem o seu serviço.",
                "اسم المنصة إذا لم تكن خدمتها في الدليل.",
            ],
            Self::Channel => [
                "Address of a channel as in the directory, or its id; or empty.",
                "Dirección de un canal como en el directorio, o su identificador; o vacío.",
                "Adresse d'un canal comme dans l'annuaire, ou son identifiant ; ou vide.",
                "Endereço de um canal como no diretório, ou o seu identificador; ou vazio.",
                "عنوان قناة كما في الدليل، أو معرفها؛ أو فارغ.",
            ],
            Self::Election => [
                "A polling day of the election in your country, as 2026-04-12, or the election's id; or empty.",
                "Un día de votación de la elección en su país, como 2026-04-12, o el identificador de la elección; o vacío.",
                "Un jour de vote de l'élection dans votre pays, comme 2026-04-12, ou l'identifiant de l'élection ; ou vide.",
                "Um dia de votação da eleição no seu país, como 2026-04-12, ou o identificador da eleição; ou vazio.",
                "يوم اقتراع من الانتخابات في بلدكم، مثل 2026-04-12، أو معرف الانتخابات؛ أو فارغ.",
            ],
            Self::Instrument => [
                "Title of an instrument as in the directory, or its id; or empty.",
                "Título de un instrumento como en el directorio, o su identificador; o vacío.",
                "Titre d'un instrument comme dans l'annuaire, ou son identifiant ; ou vide.",
                "Título de um instrumento como no diretório, ou o seu identificador; ou vazio.",
                "عنوان صك كما في الدليل، أو معرفه؛ أو فارغ.",
            ],
            Self::Incident => [
                "Title of an open incident of your body, or its id; or empty.",
                "Título de un incidente abierto de su organismo, o su identificador; o vacío.",
                "Titre d'un incident ouvert de votre organisme, ou son identifiant ; ou vide.",
                "Título de um incidente aberto do seu órgão, ou o seu identificador; ou vazio.",
                "عنوان حادثة مفتوحة لهيئتكم، أو معرفها؛ أو فارغ.",
            ],
        }
    }
}

/// The columns of an empty file for a reader of these languages.
pub fn template(wanted: &[LanguageTag]) -> Vec<Explained> {
    let explained = |field: &Field| Explained {
        header: title(*field, wanted),
        how: Asked::of(*field).words().get(language(wanted)).copied().unwrap_or_default(),
        values: values(*field),
    };
    Field::ALL.iter().map(explained).collect()
}

fn values(field: Field) -> Vec<&'static str> {
    match field {
        Field::Kind => Kind::ALL.iter().filter(|kind| kind.is_sent_by(Side::ElectoralBody)).map(|kind| kind.as_str()).collect(),
        Field::LegalBasis => LegalBasis::ALL.iter().map(|value| value.as_str()).collect(),
        Field::Medium => Medium::ALL.iter().map(|value| value.as_str()).collect(),
        Field::Urgency => Urgency::ALL.iter().map(|value| value.as_str()).collect(),
        Field::IssueTypes => IssueType::ALL.iter().map(|value| value.as_str()).collect(),
        Field::Visibility => vec![Visibility::Parties.as_str(), Visibility::Organisation.as_str()],
        Field::Outcome => Outcome::ALL.iter().filter(|value| **value != Outcome::NoResponse).map(|value| value.as_str()).collect(),
        Field::Actions => Action::ALL.iter().map(|value| value.as_str()).collect(),
        Field::Format => Format::ALL.iter().map(|value| value.as_str()).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Columns, *};

    #[test]
    fn an_empty_file_has_every_column_in_every_language() {
        for tag in ["en", "es", "fr", "pt", "ar", "de"] {
            let columns = template(&[LanguageTag::parse(tag).expect("a tag")]);
            let headers: Vec<String> = columns.iter().map(|column| column.header.to_owned()).collect();
            let found = Columns::find(&headers, &[], 1).expect("columns");
            assert!(Field::ALL.iter().all(|field| found.place(*field).is_some()), "{tag}");
            assert!(columns.iter().all(|column| !column.how.is_empty()));
        }
    }
}
