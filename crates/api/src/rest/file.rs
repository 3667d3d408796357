//! Files: uploaded as they are or in a form, downloaded as attachments and never shown.

use std::{
    convert::Infallible,
    ops::Range,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use actix_multipart::Multipart;
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError,
    body::{BodySize, MessageBody},
    guard,
    http::{
        Method, StatusCode,
        header::{
            ACCEPT_RANGES, ByteRangeSpec, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, Charset,
            ContentDisposition, DispositionParam, DispositionType, ETAG, ExtendedValue, Header, HeaderValue, IF_RANGE, RANGE,
            Range as Ranges, X_CONTENT_TYPE_OPTIONS,
        },
    },
    web::{self, Bytes, Data, Path, Payload, Query, ServiceConfig},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::SecondsFormat;
use futures::{Stream, StreamExt};
use serde::Deserialize;
use serde_json::json;
use tertulia_app::engagement::file::{self, Upload};
use tertulia_domain::{Code, Error, Reason, Result, engagement::file::File, id::read};
use tokio::time::timeout;

use super::tag;
use crate::{auth, error::Problem, server::State};

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/v1/files").route(web::post().to(upload)));
    let read = web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    routes.service(web::resource("/v1/files/{id}").route(read.to(download)));
}

/// What is said about a file beside its content.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct About {
    name: Option<String>,
    acting_as: Option<String>,
}

/// `POST /v1/files`: keeps the body, or the one file of a form, for the caller's organisation. Who: members of a party.
async fn upload(request: HttpRequest, state: Data<State>, payload: Payload) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    let about = Query::<About>::from_query(request.query_string());
    let about = about.map_err(|_| Error::invalid(Reason::Malformed, "", "Only `name` and `actingAs` are asked here."));
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let is_form = header(CONTENT_TYPE).is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data"));
    let length = header(CONTENT_LENGTH).and_then(|length| length.parse().ok()).filter(|_| !is_form);
    let acting_as = about.as_ref().ok().and_then(|about| about.acting_as.clone());
    let upload = file::begin(&state.app, &ctx, acting_as.as_deref(), length).await.map_err(sized)?;
    let about = about?.into_inner();
    let patience = Duration::from_secs(state.config.limits.slow_reader_seconds);
    let kept = if is_form {
        let mut form = Multipart::from_request(&request, &mut payload.into_inner()).await.map_err(|_| broken_off())?;
        let field = within(patience, form.next()).await?.ok_or_else(no_file)?.map_err(|_| broken_off())?;
        let named = field.content_disposition().and_then(|said| said.get_filename()).map(str::to_owned);
        let named = about.name.or(named).ok_or_else(no_file)?;
        taken(upload, field, patience).await?.finish(Some(&named)).await
    } else {
        taken(upload, payload, patience).await?.finish(about.name.as_deref()).await
    };
    let kept = kept.map_err(typed)?;
    let mut response = HttpResponse::Created();
    response.insert_header(("location", format!("/v1/files/{}", kept.id)));
    Ok(response.json(described(&kept)))
}

/// What is known of a file.
fn described(file: &File) -> serde_json::Value {
    json!({
        "id": file.id, "name": file.name, "mediaType": file.media_type, "bytes": file.bytes, "sha256": file.sha256,
        "uploadedAt": file.uploaded_at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
    })
}

/// Takes everything in, as fast as it comes.
async fn taken<E>(
    mut upload: Upload<'_>,
    mut pieces: impl Stream<Item = Result<Bytes, E>> + Unpin,
    patience: Duration,
) -> Result<Upload<'_>, Problem> {
    while let Some(piece) = within(patience, pieces.next()).await? {
        upload.write(&piece.map_err(|_| broken_off())?).await.map_err(sized)?;
    }
    Ok(upload)
}

async fn within<T>(patience: Duration, waiting: impl Future<Output = T>) -> Result<T> {
    timeout(patience, waiting).await.map_err(|_| broken_off())
}

fn broken_off() -> Error {
    Error::invalid(Reason::Malformed, "", "The body ended before its end.")
}

fn no_file() -> Error {
    Error::invalid(Reason::Required, "", "The form has no file in its first field.")
}

fn sized(error: Error) -> Problem {
    let too_long = error.code == Code::LimitExceeded;
    let problem = Problem::from(error);
    if too_long { problem.with_status(StatusCode::PAYLOAD_TOO_LARGE) } else { problem }
}

fn typed(error: Error) -> Problem {
    let of_content = error.faults.iter().any(|fault| fault.reason == Reason::NotAnOption && fault.path.is_empty());
    let problem = sized(error);
    if of_content { problem.with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE) } else { problem }
}

/// `GET` and `HEAD /v1/files/{id}`: a file or a range of it, to be kept and never shown. Who: the parties of a contact that one reads and to
/// which it is attached; as long as it is attached to none, members of the organisation that uploaded it.
async fn download(request: HttpRequest, id: Path<String>, state: Data<State>) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    let id = read(&id).map_err(|_| Error::not_found(""));
    let id = id.map_err(|error| if ctx.actor.is_signed_in() { error } else { Error::unauthenticated("Sign in first.") })?;
    let found = file::download(&state.app, &ctx, id).await?;
    let bytes = u64::try_from(found.file.bytes).unwrap_or_default();
    let tag = format!("\"{}\"", found.file.sha256);
    let mut response = HttpResponse::Ok();
    response.insert_header((ETAG, tag.as_str())).insert_header((ACCEPT_RANGES, "bytes"));
    if tag::is_known(request.headers(), &tag) {
        return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    describe(&mut response, &found.file);
    if request.method() == Method::HEAD {
        return Ok(response.body(Bodiless(bytes)));
    }
    let range = match wanted(&request, &tag, bytes) {
        Wanted::Whole => 0..bytes,
        Wanted::Part(range) => {
            let said = format!("bytes {}-{}/{bytes}", range.start, range.end.saturating_sub(1));
            response.status(StatusCode::PARTIAL_CONTENT).insert_header((CONTENT_RANGE, said));
            range
        }
        Wanted::Nothing => return Ok(beyond(bytes)),
    };
    let length = range.end.saturating_sub(range.start);
    Ok(response.no_chunking(length).streaming(found.open(range).await?))
}

/// What is said of a file with its content.
fn describe(response: &mut HttpResponseBuilder, file: &File) {
    let name = ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value: file.name.clone().into_bytes() };
    let attached = ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![DispositionParam::FilenameExt(name)] };
    response.insert_header(attached).insert_header((CONTENT_TYPE, file.media_type.as_str()));
    response.insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
    response.insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"));
    // Never compressed: ranges and the tag are of the bytes as they were uploaded.
    response.insert_header((CONTENT_ENCODING, "identity"));
    if let Some(digest) = bytes_of(&file.sha256) {
        response.insert_header(("repr-digest", format!("sha-256=:{}:", STANDARD.encode(digest))));
    }
}

/// What of a file is sent.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Nothing, since what is asked for lies behind its end.
    Nothing,
}

/// Which bytes a request asks for (RFC 9110, 14.2). Several ranges, other units and what cannot be read count as nothing said, and so does a
/// range of a file with another tag (13.1.5).
fn wanted(request: &HttpRequest, tag: &str, bytes: u64) -> Wanted {
    let headers = request.headers();
    if headers.get(IF_RANGE).is_some_and(|known| known.as_bytes() != tag.as_bytes()) || headers.get_all(RANGE).count() > 1 {
        return Wanted::Whole;
    }
    let Ok(Ranges::Bytes(ranges)) = Ranges::parse(request) else { return Wanted::Whole };
    let said = headers.get(RANGE).map(HeaderValue::as_bytes).unwrap_or_default();
    match ranges.as_slice() {
        [ByteRangeSpec::FromTo(first, last)] if first > last => Wanted::Whole,
        [one] if !said.contains(&b',') => match one.to_satisfiable_range(bytes) {
            Some((first, last)) => Wanted::Part(first..last.saturating_add(1)),
            None => Wanted::Nothing,
        },
        _ => Wanted::Whole,
    }
}

/// The refusal of a range behind the end of a file of so many bytes.
fn beyond(bytes: u64) -> HttpResponse {
    let error = Error::invalid(Reason::OutOfRange, "Range", format!("The file has {bytes} bytes."));
    let mut response = Problem::from(error).with_status(StatusCode::RANGE_NOT_SATISFIABLE).error_response();
    if let Ok(said) = HeaderValue::from_str(&format!("bytes */{bytes}")) {
        response.headers_mut().insert(CONTENT_RANGE, said);
    }
    response.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}

/// A body of which only the length is told.
struct Bodiless(u64);

impl MessageBody for Bodiless {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}

/// The bytes that hexadecimal digits write.
fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}
