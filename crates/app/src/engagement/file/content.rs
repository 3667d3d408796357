//! What a file is, by its content and never by what its sender says. Only types of a closed list are taken.

use std::{io, path::Path};

use tertulia_domain::{
    Error, Reason, Result,
    engagement::file::{MediaType, is_text, is_utf16},
};
use zip::ZipArchive;

/// Bytes from the beginning that are looked at.
pub(super) const HEAD: usize = 8_192;
/// Entries of an archive whose names are looked at; a spreadsheet has some dozens.
const ENTRIES: usize = 10_000;

/// What is noted of a content while it passes.
#[derive(Debug, Default)]
pub(super) struct Look {
    head: Vec<u8>,
    has_controls: bool,
}

impl Look {
    /// Looks at the next piece.
    pub(super) fn at(&mut self, piece: &[u8]) {
        let wanted = HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend(piece.iter().take(wanted));
        self.has_controls |= !is_text(piece);
    }

    /// What the whole content is; it lies at `path`.
    pub(super) async fn media_type(&self, path: &Path, name: &str) -> Result<MediaType> {
        if self.head.is_empty() {
            return Err(Error::invalid(Reason::TooShort, "", "The file is empty."));
        }
        if self.head.starts_with(b"PK\x03\x04") {
            let path = path.to_owned();
            let found = tokio::task::spawn_blocking(move || of_archive(&path)).await.map_err(Error::internal)?;
            return found.ok().flatten().ok_or_else(not_taken);
        }
        let found = infer::get(&self.head).map(|found| match found.mime_type() {
            "video/x-m4v" | "video/quicktime" => "video/mp4",
            other => other,
        });
        match found.map(MediaType::parse) {
            Some(Some(of_magic)) => Ok(of_magic),
            None if !self.has_controls || is_utf16(&self.head) => Ok(MediaType::of_text(name)),
            Some(None) | None => Err(not_taken()),
        }
    }
}

/// What an archive is, by the names of its parts (ECMA-376, part 2).
fn of_archive(path: &Path) -> io::Result<Option<MediaType>> {
    let archive = ZipArchive::new(io::BufReader::new(std::fs::File::open(path)?))?;
    let has = |name: &str| archive.file_names().take(ENTRIES).any(|entry| entry.is_ok_and(|entry| entry == name));
    let of = |name: &str, kind: MediaType| has(name).then_some(kind);
    let parts = || of("xl/workbook.xml", MediaType::Xlsx).or_else(|| of("word/document.xml", MediaType::Docx));
    Ok(if has("[Content_Types].xml") { parts() } else { None })
}

fn not_taken() -> Error {
    let types: Vec<&str> = MediaType::ALL.iter().map(|kind| kind.extension()).collect();
    Error::invalid(Reason::NotAnOption, "", format!("By its content this is none of the types that are taken: {}.", types.join(", ")))
}
