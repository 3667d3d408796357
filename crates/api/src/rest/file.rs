//! Files: uploaded as they are or in a form, downloaded as attachments and never shown.

use std::time::Duration;

use actix_multipart::Multipart;
use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{
            CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, Charset, ContentDisposition, DispositionParam, DispositionType, ETAG,
            ExtendedValue, X_CONTENT_TYPE_OPTIONS,
        },
    },
    web::{self, Bytes, Data, Path, Payload, Query, ServiceConfig},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::SecondsFormat;
use futures::{Stream, StreamExt, stream};
use serde::Deserialize;
use serde_json::json;
use tertulia_app::engagement::file::{self, Download, Upload};
use tertulia_domain::{Code, Error, Reason, Result, engagement::file::File, id::read};
use tokio::{io::AsyncReadExt, time::timeout};

use crate::{auth, error::Problem, server::State};

/// Bytes that are read from a file at once.
const PIECE: usize = 64 * 1024;

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/v1/files").route(web::post().to(upload)));
    routes.service(web::resource("/v1/files/{id}").route(web::get().to(download)));
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

/// `GET /v1/files/{id}`: a file, to be kept and never shown. Who: the parties of a contact that one reads and to which it is attached; as
/// long as it is attached to none, members of the organisation that uploaded it.
async fn download(request: HttpRequest, id: Path<String>, state: Data<State>) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    let id = read(&id).map_err(|_| Error::not_found(""));
    let id = id.map_err(|error| if ctx.actor.is_signed_in() { error } else { Error::unauthenticated("Sign in first.") })?;
    let Download { file, content } = file::download(&state.app, &ctx, id).await?;
    let name = ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value: file.name.into_bytes() };
    let attached = ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![DispositionParam::FilenameExt(name)] };
    let mut response = HttpResponse::Ok();
    response.insert_header(attached).insert_header((CONTENT_TYPE, file.media_type.as_str()));
    response.insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
    response.insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"));
    response.insert_header((ETAG, format!("\"{}\"", file.sha256)));
    if let Some(digest) = bytes_of(&file.sha256) {
        response.insert_header(("repr-digest", format!("sha-256=:{}:", STANDARD.encode(digest))));
    }
    Ok(response.no_chunking(u64::try_from(file.bytes).unwrap_or_default()).streaming(pieces(content)))
}

/// The bytes that hexadecimal digits write.
fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}

/// A file piece by piece.
pub(super) fn pieces(content: tokio::fs::File) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(content, |mut content| async move {
        let mut piece = Vec::with_capacity(PIECE);
        (&mut content).take(PIECE as u64).read_to_end(&mut piece).await?;
        Ok((!piece.is_empty()).then(|| (piece.into(), content)))
    })
}
