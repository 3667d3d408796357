//! The contact log as a file: one table, a spreadsheet, or one JSON object a line. Rows are read page by page while the file is being sent.

mod table;
mod workbook;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderMap},
    web::{self, Bytes, Data, ServiceConfig},
};
use futures::{Stream, stream};
use serde_json::{Map, Value, json};
use tertulia_app::engagement::contact;
use tertulia_domain::{Error, Result, page};
use tokio_util::io::ReaderStream;

use self::workbook::Sheet;
use super::{
    query,
    resource::CONTACTS,
    run::{prepared, run},
};
use crate::{auth, error::Problem, server::State};

/// Bytes that are read from a file at once.
const PIECE: usize = 64 * 1024;

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A table, as RFC 4180 has it.
    Csv,
    /// A JSON object a line.
    Ndjson,
    /// A spreadsheet.
    Xlsx,
}

impl Format {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Csv, Self::Ndjson, Self::Xlsx];

    /// The path that answers it.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Csv => "/v1/contacts.csv",
            Self::Ndjson => "/v1/contacts.ndjson",
            Self::Xlsx => "/v1/contacts.xlsx",
        }
    }

    /// Its media type.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The shape of its rows.
    pub(super) const fn shape(self) -> &'static str {
        match self {
            Self::Csv | Self::Xlsx => "ContactRow",
            Self::Ndjson => "Contact",
        }
    }

    /// The rows of a page; before the first page, what stands above them. A spreadsheet is written otherwise.
    fn write(self, rows: &[Value], is_first: bool) -> Result<Vec<u8>> {
        match self {
            Self::Csv => table::write(rows, is_first),
            Self::Ndjson | Self::Xlsx => {
                Ok(rows.iter().flat_map(|row| [row.to_string(), "\n".to_owned()]).collect::<String>().into_bytes())
            }
        }
    }
}

/// Parameters of a list that a file does not have: it is whole.
const OF_PAGES: [&str; 3] = ["limit", "cursor", "count"];

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    let file = |format| web::get().to(move |request, state| export(format, request, state));
    routes.service(web::resource("/v1/contacts.csv").route(file(Format::Csv)));
    routes.service(web::resource("/v1/contacts.ndjson").route(file(Format::Ndjson)));
    routes.service(web::resource("/v1/contacts.xlsx").route(file(Format::Xlsx)));
}

/// `GET /v1/contacts.csv`, `.ndjson` and `.xlsx`: the contacts that the caller reads and the filter leaves. Who: a party's
/// members and the coordinator.
async fn export(format: Format, request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    contact::may_read(&ctx)?;
    let contract = &prepared()?.contract;
    let asked = query::read(contract, contract.field("Query", CONTACTS.list)?, request.query_string())?;
    if let Some((name, _)) = asked.pairs.iter().find(|(name, _)| OF_PAGES.contains(&name.as_str())) {
        return Err(query::unknown(name).into());
    }
    contact::export(&state.app, &ctx).await?;
    let day = ctx.now.format("%Y-%m-%d");
    let extension = format.path().rsplit('.').next().unwrap_or_default();
    let mut reading =
        Reading { format, headers: request.headers().clone(), state, variables: asked.variables, is_first: true, is_over: false };
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-store")).content_type(format.media_type());
    response.insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"contacts-{day}.{extension}\"")));
    if format == Format::Xlsx {
        let (file, length) = spreadsheet(reading).await?;
        return Ok(response.no_chunking(length).streaming(ReaderStream::with_capacity(file, PIECE)));
    }
    // Refusals have their status only before the first byte is sent.
    let first = reading.next().await?;
    Ok(response.streaming(pages(first, reading)))
}

/// All pages as a spreadsheet, which has its directory at its end and is sent once it is there.
async fn spreadsheet(mut reading: Reading) -> Result<(tokio::fs::File, u64), Problem> {
    let mut sheet = Sheet::new()?;
    while !reading.is_over {
        sheet.add(&reading.page().await?)?;
    }
    Ok(sheet.finish().await?)
}

/// What was read first, and then page after page; breaks off where one cannot be read, so that nobody takes a part for the whole.
fn pages(first: Bytes, reading: Reading) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    stream::try_unfold((Some(first), reading), |(first, mut reading)| async move {
        if let Some(first) = first {
            return Ok(Some((first, (None, reading))));
        }
        if reading.is_over {
            return Ok(None);
        }
        let page = reading.next().await.map_err(|_| std::io::Error::other("the rest of the file could not be read"))?;
        Ok(Some((page, (None, reading))))
    })
}

/// How far a file has been read.
struct Reading {
    format: Format,
    headers: HeaderMap,
    state: Data<State>,
    variables: Map<String, Value>,
    is_first: bool,
    is_over: bool,
}

impl Reading {
    /// The next page as it is written.
    async fn next(&mut self) -> Result<Bytes, Problem> {
        let rows = self.page().await?;
        let written = self.format.write(&rows, self.is_first)?;
        self.is_first = false;
        Ok(written.into())
    }

    /// The next page. Who has lost his rights meanwhile reads no further.
    async fn page(&mut self) -> Result<Vec<Value>, Problem> {
        let ctx = auth::context(&self.state.app, &self.headers).await?;
        self.variables.insert("first".to_owned(), json!(page::MAX));
        let mut answer = run(&self.state, ctx, self.format.path(), self.variables.clone()).await?;
        let rows = answer.get_mut("nodes").map(Value::take).unwrap_or_default();
        let Value::Array(rows) = rows else { return Err(Error::broken("a page without rows").into()) };
        self.is_over = answer.pointer("/pageInfo/hasNextPage") != Some(&Value::Bool(true));
        let end = answer.pointer("/pageInfo/endCursor").cloned().unwrap_or_default();
        self.variables.insert("after".to_owned(), end);
        Ok(rows)
    }
}
