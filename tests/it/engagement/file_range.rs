//! Ranges of a file (RFC 9110, 14), from a folder and from a bucket alike: a download that broke off goes on where it ended.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tertulia_domain::record::audit::hex;
use tertulia_tests::{Client, Reply, TestApp, bucket::Bucket, stories};

use super::{
    file::{get, uploaded},
    world::World,
};

stories![a_range_of_a_file_in_a_folder, a_range_of_a_file_in_a_bucket];

const CONTENT: &str = "0123456789";

async fn asked(client: &Client, method: Method, file: &Value, headers: &[(&str, &str)]) -> Reply {
    let request = client.request(method, &format!("/v1/files/{}", file.as_str().unwrap())).header("accept-encoding", "gzip");
    client.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

/// The status, the range and the bytes that a `Range` is answered with.
async fn part(client: &Client, file: &Value, headers: &[(&str, &str)]) -> (u16, String, String) {
    let reply = asked(client, Method::GET, file, headers).await;
    let range = reply.headers.get("content-range").map(|range| range.to_str().unwrap().to_owned()).unwrap_or_default();
    assert_eq!(reply.headers["accept-ranges"], "bytes");
    (reply.status.as_u16(), range, if reply.status.is_success() { reply.text } else { reply.body["errors"][0]["reason"].to_string() })
}

fn of(status: u16, range: &str, text: &str) -> (u16, String, String) {
    (status, range.to_owned(), text.to_owned())
}

async fn ranges(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let file = uploaded(&officer, "digits.txt", CONTENT).await;
    let tag = format!("\"{}\"", hex(&Sha256::digest(CONTENT)));
    for (asked, range, text) in [
        ("bytes=0-0", "bytes 0-0/10", "0"),
        ("bytes=2-4", "bytes 2-4/10", "234"),
        ("bytes=7-", "bytes 7-9/10", "789"),
        ("bytes=-3", "bytes 7-9/10", "789"),
        ("bytes=-99", "bytes 0-9/10", CONTENT),
        ("bytes=5-99", "bytes 5-9/10", "56789"),
    ] {
        assert_eq!(part(&officer, &file, &[("range", asked)]).await, of(206, range, text), "{asked}");
    }
    for asked in ["bytes=0-1,4-5", "bytes=4-2", "lines=1-2", "bytes=x", "bytes", "bytes=0-1,"] {
        assert_eq!(part(&officer, &file, &[("range", asked)]).await, of(200, "", CONTENT), "{asked}");
    }
    for asked in ["bytes=10-", "bytes=99-100", "bytes=-0"] {
        assert_eq!(part(&officer, &file, &[("range", asked)]).await, of(416, "bytes */10", "\"OUT_OF_RANGE\""), "{asked}");
    }
    let range = ("range", "bytes=2-4");
    assert_eq!(part(&officer, &file, &[range, ("if-range", &tag)]).await, of(206, "bytes 2-4/10", "234"));
    for other in ["\"other\"", &format!("W/{tag}"), "Mon, 02 Mar 2026 09:00:00 GMT"] {
        assert_eq!(part(&officer, &file, &[range, ("if-range", other)]).await, of(200, "", CONTENT), "{other}");
    }
    let reply = asked(&officer, Method::GET, &file, &[range]).await;
    assert_eq!((&reply.headers["content-length"], &reply.headers["etag"]), (&"3".parse().unwrap(), &tag.parse().unwrap()));
    assert_eq!(reply.headers["content-disposition"], "attachment; filename*=UTF-8''digits.txt");
    assert_eq!(reply.headers["x-content-type-options"], "nosniff");
    assert!(reply.headers["content-security-policy"].to_str().unwrap().ends_with("sandbox"));
    let known = asked(&officer, Method::GET, &file, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status, known.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let head = asked(&officer, Method::HEAD, &file, &[range]).await;
    assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""), "ranges are of GET alone");
    for (name, value) in [("content-length", "10"), ("accept-ranges", "bytes"), ("etag", &tag), ("content-type", "text/plain")] {
        assert_eq!(head.headers[name], value);
    }
    let stranger = world.stranger().await;
    for method in [Method::GET, Method::HEAD] {
        let refused = asked(&stranger, method, &file, &[range]).await;
        assert_eq!((refused.status, refused.headers.get("content-range")), (StatusCode::NOT_FOUND, None));
    }
    let taken = async || app.database.counts("SELECT act, count(*) FROM audit_entry GROUP BY act").await["file.download"];
    let lines = taken().await;
    asked(&officer, Method::HEAD, &file, &[]).await;
    asked(&officer, Method::GET, &file, &[("range", "bytes=10-")]).await;
    assert_eq!(taken().await, lines, "nothing was taken");
    a_download_goes_on(&officer).await;
}

/// What broke off is put together from its pieces, uncompressed although the client takes compressed answers.
async fn a_download_goes_on(officer: &Client) {
    let content = (0..20_000).map(|line| format!("{line:09}\n")).collect::<Vec<_>>().concat();
    let file = uploaded(officer, "long.csv", content.as_bytes()).await;
    let whole = asked(officer, Method::GET, &file, &[]).await;
    assert_eq!((whole.headers.get("content-encoding"), whole.text.len()), (None, content.len()));
    assert_eq!(whole.headers["content-length"], content.len().to_string());
    let tag = whole.headers["etag"].to_str().unwrap().to_owned();
    let mut taken = String::new();
    while taken.len() < content.len() {
        let from = taken.len();
        let (status, _, text) = part(officer, &file, &[("range", &format!("bytes={from}-{}", from + 69_999)), ("if-range", &tag)]).await;
        assert_eq!(status, 206);
        taken.push_str(&text);
    }
    assert!(taken == content && get(officer, &file).await.text == content);
}

async fn a_range_of_a_file_in_a_folder(app: &TestApp) {
    ranges(app).await;
}

async fn a_range_of_a_file_in_a_bucket(app: &TestApp) {
    let bucket = Bucket::start().await;
    let own = TestApp::start_with(app.database.backend, |config| bucket.configure(config)).await;
    ranges(&own).await;
    own.finish().await;
}
