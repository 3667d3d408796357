//! Which media type the client reads, and whether it wrote one that is understood (RFC 9110, 12.5.1).

use actix_web::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use async_graphql::parser::types::OperationType;

/// A media type of responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: statuses say how the request went.
    Response,
    /// `application/json`: a well-formed request is answered with 200 whatever its document is worth, as older clients expect.
    Json,
}

/// What a client reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Accepted {
    /// The form of a body; `None` if it reads event streams only.
    body: Option<Media>,
    stream: Stream,
}

/// Whether a client reads `text/event-stream`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    /// It does not name it.
    No,
    /// It reads a body as well: one answer comes as a body, many as a stream.
    Also,
    /// It wants nothing else, or likes it better.
    Rather,
}

impl Accepted {
    /// What a request accepts; `None` if that is nothing we write.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let body = Media::of(headers);
        let named = ranges(headers).find(|range| range.subtype == EVENT_STREAM && range.quality > 0);
        let stream = match (named, body) {
            (None, _) => Stream::No,
            (Some(_), None) => Stream::Rather,
            (Some(range), Some(body)) if range.quality > Media::quality(headers, body.subtype()).map_or(0, |(_, quality)| quality) => {
                Stream::Rather
            }
            (Some(_), Some(_)) => Stream::Also,
        };
        (body.is_some() || stream != Stream::No).then_some(Self { body, stream })
    }

    /// Whether any answer is an event stream.
    pub(super) fn may_stream(self) -> bool {
        self.stream != Stream::No
    }

    /// Whether the answer to an operation of this kind is an event stream.
    pub(super) fn streams(self, kind: OperationType) -> bool {
        match self.stream {
            Stream::No => false,
            Stream::Also => kind == OperationType::Subscription,
            Stream::Rather => true,
        }
    }

    /// The form of a body, where one is written all the same.
    pub(super) fn media(self) -> Media {
        self.body.unwrap_or(Media::Json)
    }
}

impl Media {
    const fn subtype(self) -> &'static str {
        match self {
            Self::Response => "graphql-response+json",
            Self::Json => "json",
        }
    }

    /// How exactly, and how much, a client asks for a subtype of `application`.
    fn quality(headers: &HeaderMap, subtype: &str) -> Option<(u8, u16)> {
        let fitting = ranges(headers).filter(|range| range.subtype != EVENT_STREAM && range.takes(subtype));
        fitting.max_by_key(|range| range.exactness).map(|range| (range.exactness, range.quality))
    }

    /// The value of `Content-Type`.
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Response => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// What the client prefers; `None` if it reads neither. Without `Accept`, or where only a wildcard fits, JSON.
    fn of(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(ACCEPT) {
            return Some(Self::Json);
        }
        let wanted = |media: Self| Self::quality(headers, media.subtype()).filter(|(_, quality)| *quality > 0);
        let (response, json) = (wanted(Self::Response), wanted(Self::Json));
        let preferred = match (response, json) {
            (Some((exactness, response)), Some((_, json))) => response > json || (response == json && exactness == 2),
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => return None,
        };
        Some(if preferred { Self::Response } else { Self::Json })
    }
}

/// The media ranges of `Accept`.
fn ranges(headers: &HeaderMap) -> impl Iterator<Item = Range<'_>> {
    let texts = headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    texts.flat_map(|value| value.split(',')).filter_map(Range::parse)
}

/// The subtype of `text` that is written.
const EVENT_STREAM: &str = "event-stream";

/// One media range of `Accept`.
struct Range<'a> {
    subtype: &'a str,
    /// 2 a type, 1 `application/*`, 0 `*/*`.
    exactness: u8,
    /// In thousandths.
    quality: u16,
}

impl<'a> Range<'a> {
    /// `None` for a range that holds nothing we write.
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let exactness = match (kind, subtype) {
            ("*", "*") => 0,
            (kind, "*") if kind.eq_ignore_ascii_case("application") => 1,
            (kind, _) if kind.eq_ignore_ascii_case("application") && !subtype.eq_ignore_ascii_case(EVENT_STREAM) => 2,
            (kind, _) if kind.eq_ignore_ascii_case("text") && subtype.eq_ignore_ascii_case(EVENT_STREAM) => 2,
            _ => return None,
        };
        let mut quality = 1_000;
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            if name.trim().eq_ignore_ascii_case("q") {
                quality = thousandths(value.trim());
            } else if name.trim().eq_ignore_ascii_case("charset") && !is_utf8(value) {
                return None;
            }
        }
        let subtype = if subtype.eq_ignore_ascii_case(EVENT_STREAM) { EVENT_STREAM } else { subtype };
        Some(Self { subtype, exactness, quality })
    }

    fn takes(&self, subtype: &str) -> bool {
        self.exactness < 2 || self.subtype.eq_ignore_ascii_case(subtype)
    }
}

/// A quality value in thousandths: `0.25` is 250. What is none counts as 0.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "1" => 1_000,
        "0" if fraction.len() <= 3 && digits(fraction) => format!("{fraction:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

/// Whether the body is JSON in UTF-8, sent as it is. No other type is read: a browser sends this one to another origin only
/// after asking, so no page can make its visitors act.
pub(super) fn body_is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE);
    let (Some(only), None) = (types.next().and_then(|value| value.to_str().ok()), types.next()) else { return false };
    let mut parts = only.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let readable =
        parts.filter_map(|part| part.split_once('=')).all(|(name, value)| !name.trim().eq_ignore_ascii_case("charset") || is_utf8(value));
    let plain = headers.get(CONTENT_ENCODING).is_none_or(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"));
    is_json && readable && plain
}

fn is_utf8(charset: &str) -> bool {
    charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).expect("a header"));
        headers
    }

    #[test]
    fn chooses_as_the_client_weighs() {
        assert_eq!(Media::of(&HeaderMap::new()), Some(Media::Json));
        for (accept, media) in [
            ("*/*", Some(Media::Json)),
            ("application/*", Some(Media::Json)),
            ("application/json", Some(Media::Json)),
            ("application/graphql-response+json", Some(Media::Response)),
            ("application/graphql-response+json, application/json;q=0.9", Some(Media::Response)),
            ("application/json, application/graphql-response+json", Some(Media::Response)),
            ("application/graphql-response+json;q=0.5, application/json", Some(Media::Json)),
            ("application/graphql-response+json;q=0, */*", Some(Media::Json)),
            ("application/json;q=0, */*", Some(Media::Response)),
            ("Application/JSON; charset=UTF-8", Some(Media::Json)),
            ("application/json; charset=utf-16", None),
            ("text/html", None),
            ("", None),
        ] {
            assert_eq!(Media::of(&with(ACCEPT, accept)), media, "{accept}");
        }
    }

    #[test]
    fn streams_where_the_client_says_so() {
        for (accept, query, subscription) in [
            ("text/event-stream", true, true),
            ("Text/Event-Stream; charset=utf-8", true, true),
            ("text/event-stream, application/json;q=0.9", true, true),
            ("application/json, text/event-stream", false, true),
            ("application/graphql-response+json, application/json, text/event-stream, multipart/mixed", false, true),
            ("application/json, text/event-stream;q=0.5", false, true),
            ("text/event-stream;q=0.5, */*;q=0.1", true, true),
            ("application/json, text/event-stream;q=0", false, false),
            ("application/event-stream, */*", false, false),
            ("text/*, */*", false, false),
            ("*/*", false, false),
        ] {
            let accepted = Accepted::of(&with(ACCEPT, accept)).expect(accept);
            let streams = (accepted.streams(OperationType::Query), accepted.streams(OperationType::Subscription));
            assert_eq!(streams, (query, subscription), "{accept}");
        }
        for accept in ["text/html", "text/event-stream;q=0", "text/*"] {
            assert_eq!(Accepted::of(&with(ACCEPT, accept)), None, "{accept}");
        }
    }

    #[test]
    fn reads_json_in_utf8_only() {
        for (kind, reads) in [
            ("application/json", true),
            ("application/json; charset=utf-8", true),
            ("application/json; charset=\"UTF-8\"", true),
            ("application/json; charset=latin1", false),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
            ("multipart/form-data; boundary=x", false),
            ("application/graphql", false),
        ] {
            assert_eq!(body_is_json(&with(CONTENT_TYPE, kind)), reads, "{kind}");
        }
        assert!(!body_is_json(&HeaderMap::new()));
    }
}
