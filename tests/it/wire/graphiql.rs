//! `GraphiQL` comes from the server itself, where the configuration has it.

use reqwest::StatusCode;
use serde_json::json;
use tertulia_tests::{TestApp, stories};

stories![is_off_until_it_is_on, needs_nothing_from_elsewhere];

async fn is_off_until_it_is_on(app: &TestApp) {
    let client = app.anonymous();
    for path in ["/graphiql", "/graphiql/graphiql.js", "/"] {
        let reply = client.get(path).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::NOT_FOUND, "NOT_FOUND"), "{path}");
    }
    let link = client.post("/demo/session", json!({ "link": "" })).await;
    assert_eq!((link.status, link.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
}

/// What `text` names between `before` and a quote.
fn named<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

async fn needs_nothing_from_elsewhere(app: &TestApp) {
    let open = TestApp::start_with(app.database.backend, |config| config.graphql.graphiql = true).await;
    let client = open.anonymous();
    let page = client.get("/graphiql").await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    for part in ["default-src 'none'", "script-src 'self';", "connect-src 'self';", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("://") && !policy.contains("unsafe-eval"), "{policy}");
    assert!(!page.text.contains("://") && !page.text.contains("<style") && !page.text.contains(" style="), "{}", page.text);
    let scripts = named(&page.text, "<script src=\"");
    assert_eq!((scripts.len(), page.text.matches("<script").count()), (1, 1), "no script in the page itself: {}", page.text);
    let files: Vec<&str> = named(&page.text, "href=\"").into_iter().chain(scripts).filter(|path| *path != "data:,").collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for path in files {
        let file = client.get(path).await;
        assert_eq!(file.status, StatusCode::OK, "{path}");
        assert_eq!(file.headers["x-content-type-options"], "nosniff");
        for loads in ["@import", "url(http", "url(\"http", "url(//", "importScripts(", "new Function(", "eval("] {
            assert!(!file.text.contains(loads), "{path} has {loads}");
        }
    }
    assert!(client.get("/graphiql/LICENCES.txt").await.text.contains("graphiql 4."));
    for path in ["/graphiql/package.json", "/graphiql/..%2findex.html", "/graphiql/index.html"] {
        assert_eq!(client.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    open.finish().await;
}
