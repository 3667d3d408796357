//! Tables as text: comma-, semicolon- or tab-separated (RFC 4180), in UTF-8, UTF-16 or Windows-1252.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek},
};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use csv::{ReaderBuilder, StringRecord, Terminator};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;
use tertulia_domain::{Error, Reason, engagement::contact_import::Cell};

use super::sheet::{Line, Stop};

/// Bytes of the first line that are looked at to find out what separates its cells.
const HEAD: u64 = 64 * 1024;

/// Reads the lines.
pub(super) fn each(mut file: File, take: &mut dyn FnMut(Line) -> Result<(), Stop>) -> Result<(), Stop> {
    let encoding = encoding(&mut file)?;
    let delimiter = delimiter(&mut file, encoding)?;
    file.rewind().map_err(internal)?;
    let decoded = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).bom_sniffing(true).build(BufReader::new(file));
    // Every line ends with a break, so that they can be counted: a line's number is known from where its record ends.
    let ended = decoded.chain(&b"\n"[..]);
    let mut form = ReaderBuilder::new();
    form.delimiter(delimiter).terminator(Terminator::Any(b'\n')).flexible(true).has_headers(false);
    let mut reader = form.from_reader(ended);
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(_) => return Err(Stop::unreadable(Reason::Malformed, "The file cannot be read as text.")),
        }
        // A quoted cell may go over several lines: the record's own line is its first.
        let within = record.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
        let number = reader.position().line().saturating_sub(1 + within);
        let cells = record.iter().map(cell).collect();
        take(Line { number: i64::try_from(number).unwrap_or(i64::MAX), cells })?;
    }
}

fn cell(text: &str) -> Cell {
    match text.trim_end_matches('\r') {
        "" => Cell::Empty,
        text => Cell::Text(text.replace("\r\n", "\n")),
    }
}

fn internal(error: std::io::Error) -> Stop {
    Stop::Unreadable(Error::internal(error))
}

/// The encoding of a text: UTF-8 if it can be that, what a byte-order mark says, else Windows-1252, if nothing speaks for another one.
/// Another one is refused: taken for this one it would become other letters, and nobody would be told.
fn encoding(file: &mut File) -> Result<&'static Encoding, Stop> {
    file.rewind().map_err(internal)?;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut reader = BufReader::with_capacity(64 * 1024, file);
    let mut is_first = true;
    loop {
        let piece = reader.fill_buf().map_err(internal)?;
        if is_first && let Some((marked, _)) = Encoding::for_bom(piece) {
            return Ok(marked);
        }
        is_first = false;
        let length = piece.len();
        detector.feed(piece, length == 0);
        if length == 0 {
            break;
        }
        reader.consume(length);
    }
    let guess = detector.guess(None, Utf8Detection::Allow);
    if guess == UTF_8 || guess == WINDOWS_1252 {
        return Ok(guess);
    }
    Err(Stop::unreadable(Reason::NotAnOption, "The file's text is neither UTF-8 nor UTF-16 nor Windows-1252. Save it as \"CSV UTF-8\"."))
}

/// What separates cells: the sign that stands most often in the first line, outside of quotes.
fn delimiter(file: &mut File, encoding: &'static Encoding) -> Result<u8, Stop> {
    file.rewind().map_err(internal)?;
    let decoded = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).bom_sniffing(true).build(file.take(HEAD));
    let mut counts = [(b',', 0_u32), (b';', 0), (b'\t', 0)];
    let mut is_quoted = false;
    for byte in BufReader::new(decoded).bytes() {
        match byte.map_err(internal)? {
            b'"' => is_quoted = !is_quoted,
            b'\n' | b'\r' if !is_quoted => break,
            byte if !is_quoted => counts.iter_mut().filter(|(sign, _)| *sign == byte).for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    // The first of several that stand equally often.
    Ok(counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(sign, _)| *sign))
}
