//! What a workbook may hold, found out by walking through all of its parts before anything is read from them.
//!
//! A workbook is an archive whose parts may be a thousand times as large as itself, and one text, format or font of it may stand for any
//! number of cells. So none of them may be large, nor may there be more of them than a spreadsheet has (ECMA-376; "Excel specifications and
//! limits"): then what a reader holds in memory is bounded, whatever the file says.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek},
};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use tertulia_domain::{Error, Reason};
use zip::ZipArchive;

use super::sheet::Stop;

/// Bytes of all parts together, unpacked.
const UNPACKED: usize = 400 * 1024 * 1024;
/// Bytes of the texts that cells share, which are held in memory; and of a part that is none of XML, as a picture.
const TEXTS: usize = 64 * 1024 * 1024;
const OTHER: usize = 32 * 1024 * 1024;
/// Texts that cells share.
const MOST_TEXTS: usize = 1_000_000;
/// Cells of all sheets.
const MOST_CELLS: usize = 20_000_000;
/// Formats of cells.
const MOST_FORMATS: usize = 70_000;
/// Fonts, names, relationships and whatever else is held in memory; and bytes of them.
const MOST_LISTED: usize = 300_000;
const LISTED: usize = 32 * 1024 * 1024;
/// Bytes of the XML of a cell, a shared text or a name, and of anything between two tags: 32,767 signs, however they are written.
const PIECE: usize = 1024 * 1024;
/// Bytes of the tag that names a font or says a number's format, of which each format of cells has a copy.
const COPIED: usize = 2 * 1024;
/// Parts of a workbook.
const PARTS: usize = 5_000;

pub(super) fn damaged() -> Stop {
    Stop::unreadable(Reason::Malformed, "The workbook is damaged or protected by a password.")
}

fn too_large() -> Stop {
    Stop::unreadable(Reason::TooLong, "The workbook holds more than this server takes. Save the table alone, or as CSV.")
}

/// Refuses a workbook that holds more than it may.
pub(super) fn hold(file: &mut File) -> Result<(), Stop> {
    if count_parts(file)? > PARTS {
        return Err(too_large());
    }
    file.rewind().map_err(internal)?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| damaged())?;
    if archive.len() > PARTS {
        return Err(too_large());
    }
    let mut tally = Tally { left: UNPACKED, ..Tally::default() };
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| damaged())?;
        let name = part.name().map(|name| name.to_ascii_lowercase()).unwrap_or_default();
        let kind = match name.rsplit_once('.') {
            _ if name.ends_with("sharedstrings.xml") => Part::Texts,
            Some((_, "xml" | "rels" | "vml")) => Part::Xml,
            _ => Part::Other,
        };
        tally.walk(part, kind)?;
    }
    Ok(())
}

fn internal(error: io::Error) -> Stop {
    Stop::Unreadable(Error::internal(error))
}

/// How many parts the archive says it has, by what each entry of its directory begins with: the directory is read at once, and held.
fn count_parts(file: &mut File) -> Result<usize, Stop> {
    const ENTRY: &[u8] = b"PK\x01\x02";
    file.rewind().map_err(internal)?;
    let (mut count, mut read) = (0, 0);
    let mut bytes = BufReader::with_capacity(64 * 1024, file);
    loop {
        let piece = bytes.fill_buf().map_err(internal)?;
        for byte in piece {
            read = if ENTRY.get(read) == Some(byte) { read + 1 } else { usize::from(ENTRY.first() == Some(byte)) };
            if read == ENTRY.len() {
                (count, read) = (count + 1, 0);
            }
        }
        let length = piece.len();
        if length == 0 {
            return Ok(count);
        }
        bytes.consume(length);
    }
}

/// What a part is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The texts that cells share.
    Texts,
    Xml,
    /// Anything, as a picture. A workbook may call its sheets so too.
    Other,
}

/// Bytes that are read, of which no more may come at once than is left for what is being read.
struct Metered<R> {
    bytes: R,
    read: usize,
    left: usize,
}

impl<R: BufRead> Read for Metered<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(into)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 { Err(io::Error::other("more at once than is taken")) } else { self.bytes.fill_buf() }
    }

    fn consume(&mut self, length: usize) {
        self.bytes.consume(length);
        self.read += length;
        self.left = self.left.saturating_sub(length);
    }
}

/// What was counted so far.
#[derive(Debug, Default)]
struct Tally {
    /// Bytes that the parts may still have.
    left: usize,
    texts: usize,
    cells: usize,
    formats: usize,
    listed: usize,
    listed_bytes: usize,
}

/// An element that becomes one text, while it is read.
#[derive(Debug, Default)]
struct Held {
    /// Elements that are open within it, itself included; none while there is no such element.
    depth: usize,
    bytes: usize,
}

impl Tally {
    /// Walks through a part. What is no XML is only unpacked, and is not long.
    fn walk(&mut self, part: impl Read, kind: Part) -> Result<(), Stop> {
        let mut reader = Reader::from_reader(Metered { bytes: BufReader::new(part), read: 0, left: PIECE });
        // Ends are checked: an element that a reader takes for ended is then ended here too.
        reader.config_mut().check_end_names = true;
        let most = match kind {
            Part::Texts => TEXTS,
            Part::Xml => UNPACKED,
            Part::Other => OTHER,
        };
        let (mut piece, mut held) = (Vec::new(), Held::default());
        loop {
            piece.clear();
            reader.get_mut().left = PIECE;
            let before = reader.get_ref().read;
            let event = reader.read_event_into(&mut piece);
            let (is_end, is_bad) = (matches!(event, Ok(Event::Eof)), event.is_err());
            let taken = event.map_or(Ok(()), |event| self.take(&event, &mut held));
            let metered = reader.get_ref();
            if metered.read > most || metered.read > self.left {
                return Err(too_large());
            }
            taken?;
            held.bytes = if held.depth == 0 { 0 } else { held.bytes + metered.read - before };
            if held.bytes > PIECE || (is_bad && metered.left == 0 && kind != Part::Other) {
                return Err(too_large());
            }
            if is_bad && kind != Part::Other {
                return Err(damaged());
            }
            if is_end || is_bad {
                break;
            }
        }
        let Metered { bytes, read, .. } = reader.into_inner();
        let all = read + unpack(bytes, most.min(self.left).saturating_sub(read))?;
        self.left -= all;
        Ok(())
    }

    fn take(&mut self, event: &Event<'_>, held: &mut Held) -> Result<(), Stop> {
        match event {
            Event::Start(tag) => {
                let is_one = self.count(tag)?;
                if is_one || held.depth > 0 {
                    held.depth += 1;
                }
            }
            Event::Empty(tag) => drop(self.count(tag)?),
            Event::End(_) => held.depth = held.depth.saturating_sub(1),
            // The packages of ECMA-376 have none (part 2, 6.2.5).
            Event::DocType(_) => return Err(damaged()),
            _ => {}
        }
        Ok(())
    }

    /// Counts an element; says whether it becomes one text.
    fn count(&mut self, tag: &BytesStart<'_>) -> Result<bool, Stop> {
        let name = tag.local_name();
        let (mut is_one, mut is_long) = (false, false);
        match name.as_ref() {
            "sst" => is_long = claims_more(tag),
            "si" => (self.texts, is_one) = (self.texts + 1, true),
            "c" => (self.cells, is_one) = (self.cells + 1, true),
            "xf" => self.formats += 1,
            "numFmt" | "name" => is_long = tag.len() > COPIED,
            "font" | "fill" | "border" | "sheet" | "Relationship" => {}
            "definedName" => is_one = true,
            _ => return Ok(false),
        }
        if !matches!(name.as_ref(), "si" | "c" | "sst") {
            self.listed += 1;
            self.listed_bytes += tag.len();
        }
        let is_more = self.texts > MOST_TEXTS || self.cells > MOST_CELLS || self.formats > MOST_FORMATS;
        if is_long || is_more || self.listed > MOST_LISTED || self.listed_bytes > LISTED {
            return Err(too_large());
        }
        Ok(is_one)
    }
}

/// Whether a list says that it has more texts than it may: memory is set aside for as many.
fn claims_more(tag: &BytesStart<'_>) -> bool {
    tag.attributes().with_checks(false).flatten().any(|attribute| {
        let digits: String = attribute.value.chars().filter(char::is_ascii_digit).collect();
        attribute.key.as_ref() == "uniqueCount" && digits.parse::<usize>().map_or(!digits.is_empty(), |number| number > MOST_TEXTS)
    })
}

/// Unpacks the rest of a part for nothing; how long it is.
fn unpack(mut rest: impl Read, most: usize) -> Result<usize, Stop> {
    let (mut piece, mut all) = (vec![0; 64 * 1024], 0);
    loop {
        let length = rest.read(&mut piece).map_err(|_| damaged())?;
        all += length;
        if all > most {
            return Err(too_large());
        }
        if length == 0 {
            return Ok(all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(kind: Part, xml: &str) -> Result<(), Reason> {
        let mut tally = Tally { left: UNPACKED, ..Tally::default() };
        tally.walk(xml.as_bytes(), kind).map_err(|stop| match stop {
            Stop::Unreadable(error) => error.faults[0].reason,
            Stop::Enough => Reason::ServerFault,
        })
    }

    #[test]
    fn no_piece_of_a_workbook_is_large_however_it_is_written() {
        let long = "x".repeat(2 * PIECE);
        let half = "y".repeat(PIECE / 2 + 10);
        for xml in [
            format!("<sst><si><t>{long}</t></si></sst>"),
            format!("<sst><si><r><t>{half}</t></r><r><t>{half}</t></r></si></sst>"),
            format!("<x:sst xmlns:x='y'><x:si><x:t>{half}<!-- -->{half}</x:t></x:si></x:sst>"),
            format!("<sst><si><t><![CDATA[{half}]]><![CDATA[{half}]]></t></si></sst>"),
            format!("<sst><!--{long}--></sst>"),
            format!("<sst a='{long}'/>"),
            format!("<sheetData><row><c t='inlineStr'><is><t>{half}</t><t>{half}</t></is></c></row></sheetData>"),
            format!("<workbook><definedName>{half}<i/>{half}</definedName></workbook>"),
            format!("<font><name val='{}'/></font>", "n".repeat(COPIED)),
            "<sst uniqueCount='9999999'/>".to_owned(),
            "<sst uniqueCount='99999999999999999999999'/>".to_owned(),
            format!("<sst>{}</sst>", "<si/>".repeat(MOST_TEXTS + 1)),
            format!("<cellXfs>{}</cellXfs>", "<xf/>".repeat(MOST_FORMATS + 1)),
        ] {
            assert_eq!(walk(Part::Xml, &xml), Err(Reason::TooLong), "{}", xml.chars().take(60).collect::<String>());
        }
        let fine = format!("<sst uniqueCount='2'><si><t>{half}</t></si><si><t>{half}</t></si></sst>");
        assert_eq!(walk(Part::Texts, &fine), Ok(()));
        for xml in ["<sst><si><t>x</si></t></sst>", "<!DOCTYPE x><sst/>", "<sst><si>"] {
            let found = walk(Part::Xml, xml);
            assert!(found == Err(Reason::Malformed) || xml.ends_with("<si>"), "{xml}: {found:?}");
        }
    }

    #[test]
    fn what_is_no_xml_is_unpacked_to_its_end_alone() {
        assert_eq!(walk(Part::Other, &"p".repeat(3 * PIECE)), Ok(()));
        assert_eq!(walk(Part::Other, "<b></a>\u{1}<"), Ok(()));
        assert_eq!(walk(Part::Other, &"p".repeat(OTHER + 1)), Err(Reason::TooLong));
        assert_eq!(walk(Part::Xml, &"p".repeat(3 * PIECE)), Err(Reason::TooLong));
    }
}
