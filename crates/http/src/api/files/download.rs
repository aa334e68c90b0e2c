//! Serving: as an attachment, sandboxed, in parts where asked, and cached by the reader alone.

use super::super::id;
use super::range::{Range, wanted};
use crate::auth::{AsAgent, AsVisitor, header_text};
use crate::problem::Problem;
use crate::state::App;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use macaw_app::{Actor, BlobPart, Files, StoredFile};
use macaw_domain::FileId;
use serde::Deserialize;
use std::fmt::Write;
use utoipa::IntoParams;

/// Bytes that are read at once, and all that one reader holds in memory.
const PART_BYTES: usize = 256 * 1024;
/// Nothing that a file holds may run, load or be framed, even when somebody opens it as a page.
const POLICY: &str = "sandbox; default-src 'none'";
/// An hour: a file never changes, but it may be erased, and who may see it may change.
const CACHE: &str = "private, max-age=3600";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DownloadQuery {
    /// 1 for the thumbnail of a picture.
    thumb: Option<u8>,
}

/// A file of the visitor's own conversation.
#[utoipa::path(
    get,
    path = "/api/v1/visitor/files/{id}",
    extensions(("x-macaw-actor" = json!("visitor"))),
    params(DownloadQuery),
    responses(
        (status = 200, description = "Its bytes", body = String, content_type = "application/octet-stream"),
        (status = 206, description = "The part that Range asks for", body = String, content_type = "application/octet-stream"),
        (status = 304, description = "What the reader has is still right"),
        (status = 416, description = "Range lies behind the end"),
    ),
)]
pub(super) async fn visitor_download(
    State(app): State<App>,
    AsVisitor(visitor): AsVisitor,
    Path(file): Path<String>,
    Query(query): Query<DownloadQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    serve(&app, &Actor::Visitor(visitor), &file, &query, &headers).await
}

/// A file of the agent's tenant.
#[utoipa::path(
    get,
    path = "/api/v1/files/{id}",
    extensions(("x-macaw-actor" = json!("agent"))),
    params(DownloadQuery),
    responses(
        (status = 200, description = "Its bytes", body = String, content_type = "application/octet-stream"),
        (status = 206, description = "The part that Range asks for", body = String, content_type = "application/octet-stream"),
        (status = 304, description = "What the reader has is still right"),
        (status = 416, description = "Range lies behind the end"),
    ),
)]
pub(super) async fn agent_download(
    State(app): State<App>,
    who: AsAgent,
    Path(file): Path<String>,
    Query(query): Query<DownloadQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    serve(&app, &Actor::Agent(who.agent), &file, &query, &headers).await
}

async fn serve(
    app: &App,
    actor: &Actor,
    file: &str,
    query: &DownloadQuery,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let file: FileId = id(file, "file")?;
    let stored = app.files.open(actor, file).await?.ok_or_else(|| Problem::not_found("file"))?;
    let part = if query.thumb == Some(1) { BlobPart::Thumb } else { BlobPart::Whole };
    let size = match part {
        BlobPart::Whole => stored.file.size,
        BlobPart::Thumb => stored.thumb_size,
    };
    if size == 0 {
        return Err(Problem::not_found("thumbnail"));
    }
    let etag = etag(&stored, part);
    if header_text(headers, "if-none-match").is_some_and(|known| known.contains(&etag)) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        describe(&mut response, &stored, &etag);
        return Ok(response);
    }
    let is_same = header_text(headers, "if-range").is_none_or(|known| known == etag);
    let range = match wanted(header_text(headers, "range").filter(|_| is_same), size) {
        Ok(range) => range,
        Err(()) => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            insert(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
            return Ok(response);
        }
    };
    // The first part is read before anything is promised. Of a thumbnail it also tells the type.
    let gone = || Problem::not_found("file; its content was removed");
    let head = app.files.read(&stored, part, 0, 16).await?.ok_or_else(gone)?;
    let first = app.files.read(&stored, part, range.first, part_len(range.len())).await?.ok_or_else(gone)?;
    let kind = Files::media_type(&stored, part, &head).to_owned();
    let body = body(app.clone(), stored.clone(), part, range, first);
    let status = if range.is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut response = (status, body).into_response();
    describe(&mut response, &stored, &etag);
    insert(&mut response, header::CONTENT_TYPE, &kind);
    insert(&mut response, header::CONTENT_LENGTH, &range.len().to_string());
    if range.is_part {
        let words = format!("bytes {}-{}/{size}", range.first, range.last);
        insert(&mut response, header::CONTENT_RANGE, &words);
    }
    Ok(response)
}

/// The rest is read while the reader takes it, never ahead of it.
fn body(app: App, stored: StoredFile, part: BlobPart, range: Range, first: Bytes) -> Body {
    let begin = (range.first, Some(first));
    let parts = futures_util::stream::try_unfold(begin, move |(at, ready)| {
        let (app, stored) = (app.clone(), stored.clone());
        async move {
            if at > range.last {
                return Ok::<_, std::io::Error>(None);
            }
            let bytes = match ready {
                Some(bytes) => bytes,
                None => {
                    let read = app.files.read(&stored, part, at, part_len(range.last - at + 1)).await;
                    read.map_err(std::io::Error::other)?.unwrap_or_default()
                }
            };
            if bytes.is_empty() {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let next = at + bytes.len() as u64;
            Ok(Some((bytes, (next, None))))
        }
    });
    Body::from_stream(parts)
}

fn part_len(left: u64) -> usize {
    usize::try_from(left).unwrap_or(usize::MAX).min(PART_BYTES)
}

fn describe(response: &mut Response, stored: &StoredFile, etag: &str) {
    insert(response, header::CONTENT_DISPOSITION, &disposition(&stored.file.name));
    insert(response, header::CONTENT_SECURITY_POLICY, POLICY);
    insert(response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    insert(response, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    insert(response, header::CACHE_CONTROL, CACHE);
    insert(response, header::VARY, "authorization, cookie");
    insert(response, header::ACCEPT_RANGES, "bytes");
    insert(response, header::ETAG, etag);
}

fn insert(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = value.parse() {
        response.headers_mut().insert(name, value);
    }
}

fn etag(stored: &StoredFile, part: BlobPart) -> String {
    let start: String = stored.sha256.iter().take(12).fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    match part {
        BlobPart::Whole => format!("\"{start}\""),
        BlobPart::Thumb => format!("\"{start}-thumb\""),
    }
}

/// RFC 6266 with the extended form of RFC 8187, and a plain name for readers that know neither.
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !"\"\\%;'".contains(c) || c == ' ' { c } else { '_' })
        .collect();
    let encoded = name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    });
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_cannot_leave_its_header() {
        for (name, header) in [
            ("a b.pdf", "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf"),
            ("发票.pdf", "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf"),
            ("a\"; x=\"\r\n", "attachment; filename=\"a__ x=___\"; filename*=UTF-8''a%22%3B%20x%3D%22%0D%0A"),
        ] {
            assert_eq!(disposition(name), header);
        }
    }
}
