//! Uploaded files: what they are, by their content.

use crate::{
    error::{Error, Reason, Result, closed},
    id::{FileId, OrganisationId, UserId},
    text,
    time::Instant,
};

closed! {
    /// The types of file that are taken, as IANA registers them.
    MediaType {
        /// Text without form.
        Plain = "text/plain",
        /// A table as text.
        Csv = "text/csv",
        /// A table of a spreadsheet program.
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        /// A text of a word processor.
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        /// A document for printing.
        Pdf = "application/pdf",
        /// An image.
        Png = "image/png",
        /// An image.
        Jpeg = "image/jpeg",
        /// An image.
        Gif = "image/gif",
        /// An image.
        Webp = "image/webp",
        /// A video.
        Mp4 = "video/mp4",
        /// A video.
        Webm = "video/webm",
        /// A sound.
        Mp3 = "audio/mpeg",
        /// A sound.
        Ogg = "audio/ogg",
    }
}

impl MediaType {
    /// The usual ending of a name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Plain => "txt",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Mp4 => "mp4",
            Self::Webm => "webm",
            Self::Mp3 => "mp3",
            Self::Ogg => "ogg",
        }
    }

    /// A name that says what the file is: with the usual ending, if it has none of this kind. Programs of the other side open it by that.
    pub fn named(self, name: String) -> String {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        let more: &[&str] = match self {
            Self::Plain => &["md", "log"],
            Self::Csv => &["tsv"],
            Self::Jpeg => &["jpeg"],
            Self::Ogg => &["oga", "ogv"],
            _ => &[],
        };
        let says_it = ending == self.extension() || more.contains(&ending.as_str());
        if says_it { name } else { format!("{name}.{}", self.extension()) }
    }

    /// A text that is named as a table is one.
    pub fn of_text(name: &str) -> Self {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        if ending.is_some_and(|ending| ["csv", "tsv"].contains(&ending.as_str())) { Self::Csv } else { Self::Plain }
    }
}

/// A file that somebody uploaded for his organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// The organisation that owns it.
    pub organisation: OrganisationId,
    /// Who uploaded it.
    pub uploaded_by: Option<UserId>,
    /// Its name, without folders.
    pub name: String,
    /// What it is, by its content.
    pub media_type: MediaType,
    /// Its length.
    pub bytes: i64,
    /// The SHA-256 of its content, in hexadecimal digits.
    pub sha256: String,
    /// When it was uploaded.
    pub uploaded_at: Instant,
}

/// Reads a file's name as somebody sent it: at most 300 characters, without the folders that some programs put before it.
pub fn name(raw: &str) -> Result<String> {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = text::line(last, text::SHORT)?;
    if name.chars().all(|c| c == '.') {
        return Err(Error::invalid(Reason::Malformed, "", "This is no name of a file."));
    }
    Ok(name)
}

/// Whether the beginning of a file says that it is UTF-16, which has bytes that no other text has.
pub fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff])
}

/// Whether these bytes may stand in a text of one byte a character, or of UTF-8: no control characters but breaks and tabulators.
pub fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_name_without_its_folders() {
        assert_eq!(name("C:\\Users\\ana\\Contactos 2025.csv").expect("a name"), "Contactos 2025.csv");
        assert_eq!(name("../../etc/passwd").expect("a name"), "passwd");
        for bad in ["", "..", "a/", "a\0b"] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
        assert!(name(&"x".repeat(300)).is_ok() && name(&"x".repeat(301)).is_err());
    }

    #[test]
    fn tells_tables_from_other_texts_by_their_names() {
        assert_eq!(MediaType::of_text("a.CSV"), MediaType::Csv);
        assert_eq!(MediaType::of_text("a.tsv"), MediaType::Csv);
        assert_eq!(MediaType::of_text("csv"), MediaType::Plain);
        assert!(is_text("Título,ñ\r\n".as_bytes()) && !is_text(b"a\0b") && is_utf16(&[0xff, 0xfe, b'a', 0]));
    }

    #[test]
    fn a_name_ends_as_what_the_file_is() {
        for (kind, given, kept) in [
            (MediaType::Plain, "run.bat", "run.bat.txt"),
            (MediaType::Plain, "Notes.MD", "Notes.MD"),
            (MediaType::Png, "page.html", "page.html.png"),
            (MediaType::Jpeg, "photo.JPEG", "photo.JPEG"),
            (MediaType::Csv, "file", "file.csv"),
        ] {
            assert_eq!(kind.named(given.to_owned()), kept);
        }
    }
}
