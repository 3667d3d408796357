//! Entity tags: what a client has, and which version it means.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH},
};
use sha2::{Digest, Sha256};
use tertulia_domain::{Error, Reason, Result, record::audit::hex};

/// Hexadecimal digits of the digest in a tag.
const DIGITS: usize = 32;

/// The tag of a body: of an object that counts its versions `"VERSION-DIGEST"`, else `"DIGEST"`. The digest is there because
/// the same version reads differently in another language, and to the other side.
pub(super) fn of(body: &[u8], version: Option<i64>) -> String {
    let mut digest = hex(&Sha256::digest(body));
    digest.truncate(DIGITS);
    version.map_or_else(|| format!("\"{digest}\""), |version| format!("\"{version}-{digest}\""))
}

/// The same for everybody: with its tag, or 304 if the client has it.
pub(super) fn answer_public(headers: &HeaderMap, kind: &str, body: &'static [u8]) -> HttpResponse {
    let tag = of(body, None);
    let is_known = is_known(headers, &tag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "public, max-age=300"));
    if is_known { response.finish() } else { response.content_type(kind).body(body) }
}

/// Whether `If-None-Match` names the tag; weak and strong compare alike (RFC 9110, 13.1.2).
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    texts(headers, &IF_NONE_MATCH).any(|value| matches(value, tag))
}

/// The version that `If-Match` demands: that of the tag, or the bare number in quotes. `*` demands none; a tag that this server
/// never gives matches no version.
pub(super) fn demanded(headers: &HeaderMap) -> Result<Option<i64>> {
    let mut values = texts(headers, &IF_MATCH).flat_map(|value| value.split(',')).map(str::trim).filter(|value| !value.is_empty());
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Error::invalid(Reason::TooMany, "If-Match", "State one entity tag."));
    }
    if value == "*" {
        return Ok(None);
    }
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let version = quoted.and_then(|tag| tag.split('-').next()?.parse::<i32>().ok()).filter(|version| *version > 0);
    Ok(Some(version.map_or(0, i64::from)))
}

fn texts<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).map(|value| value.to_str().unwrap_or("-"))
}

fn matches(header: &str, tag: &str) -> bool {
    header.trim() == "*" || header.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn compares_tags_as_http_does() {
        for header in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            assert!(matches(header, "\"a\""), "{header}");
        }
        for header in ["a", "\"b\"", ""] {
            assert!(!matches(header, "\"a\""), "{header}");
        }
    }

    #[test]
    fn reads_the_version_of_its_own_tags() {
        for (header, version) in
            [("*", None), ("\"7\"", Some(7)), (&of(b"x", Some(7)), Some(7)), ("\"x\"", Some(0)), ("W/\"7\"", Some(0)), ("7", Some(0))]
        {
            let mut headers = HeaderMap::new();
            headers.insert(IF_MATCH, HeaderValue::from_str(header).expect("a header"));
            assert_eq!(demanded(&headers).expect("one tag"), version, "{header}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(IF_MATCH, HeaderValue::from_static("\"1\", \"2\""));
        assert_eq!(demanded(&headers).expect_err("two tags").faults[0].path, ["If-Match"]);
        assert_eq!(demanded(&HeaderMap::new()).expect("none"), None);
    }
}
