//! Tables as text: comma-, semicolon- or tab-separated (RFC 4180), in UTF-8, UTF-16 or Windows-1252.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek},
};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use csv_core::{ReadFieldResult, ReaderBuilder, Terminator};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;
use tertulia_domain::{Error, Reason, engagement::contact_import::Cell};

use super::sheet::{Line, MOST_OF_CELL, Stop};

/// Bytes of the first line that are looked at to find out what separates its cells.
const HEAD: u64 = 64 * 1024;

/// Reads the lines.
pub(super) fn each(mut file: File, take: &mut dyn FnMut(Line) -> Result<(), Stop>) -> Result<(), Stop> {
    let encoding = encoding(&mut file)?;
    let delimiter = delimiter(&mut file, encoding)?;
    file.rewind().map_err(internal)?;
    let decoded = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).bom_sniffing(true).build(BufReader::new(file));
    // Every line ends with a break, so that they can be counted: a line's number is known from where its record ends.
    let bytes = BufReader::with_capacity(64 * 1024, decoded.chain(&b"\n"[..]));
    let form = ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build();
    let mut cells = Cells { form, bytes, cell: vec![0; MOST_OF_CELL + 2], length: 0, is_too_long: false, breaks: 0 };
    let (mut line, mut column) = (Line::new(0), 0);
    while let Some(is_last) = cells.next()? {
        // Whoever fills a file with commas has too many columns long before he has a line.
        Line::has_room(column)?;
        cells.put(&mut line, column)?;
        column += 1;
        if is_last {
            // A quoted cell may go over several lines: the record's own line is its first.
            line.number = i64::try_from(cells.form.line().saturating_sub(1 + cells.breaks)).unwrap_or(i64::MAX);
            cells.breaks = 0;
            (column, line) = (0, take(line).map(|()| Line::new(0))?);
        }
    }
    Ok(())
}

/// The cells of a text one after the other, none of them longer in memory than it may be.
struct Cells<R> {
    form: csv_core::Reader,
    bytes: R,
    /// Room for the longest one, and a bit to tell by that it is too long.
    cell: Vec<u8>,
    length: usize,
    is_too_long: bool,
    /// Line breaks in the cells of the record so far.
    breaks: u64,
}

impl<R: BufRead> Cells<R> {
    /// Reads a cell; says whether it is the last of its record. None at the end.
    fn next(&mut self) -> Result<Option<bool>, Stop> {
        (self.length, self.is_too_long) = (0, false);
        loop {
            let input = self.bytes.fill_buf().map_err(internal)?;
            let room = self.cell.get_mut(self.length..).unwrap_or_default();
            let (result, read, written) = self.form.read_field(input, room);
            let breaks = room.iter().take(written).filter(|byte| **byte == b'\n').count();
            self.bytes.consume(read);
            self.breaks += breaks as u64;
            self.length += written;
            match result {
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::OutputFull => (self.length, self.is_too_long) = (0, true),
                ReadFieldResult::Field { record_end } => return Ok(Some(record_end)),
                ReadFieldResult::End => return Ok(None),
            }
        }
    }

    /// Puts what was read into a line.
    fn put(&self, line: &mut Line, column: usize) -> Result<(), Stop> {
        if self.is_too_long {
            return line.put(column, Cell::TooLong);
        }
        let text = std::str::from_utf8(self.cell.get(..self.length).unwrap_or_default());
        let text = text.map_err(|_| Stop::unreadable(Reason::Malformed, "The file cannot be read as text."))?;
        line.put_text(column, &text.trim_end_matches('\r').replace("\r\n", "\n"))
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
