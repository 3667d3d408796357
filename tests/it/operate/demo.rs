//! `tertulia demo`: one account a role, a folder that goes on, and nothing of it outside.

use std::{collections::BTreeSet, os::unix::fs::PermissionsExt, path::Path};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tertulia_domain::policy::Role;
use tertulia_tests::process::Process;

use crate::BINARY;

tertulia_tests::checks![goes_on_where_it_stopped, its_accounts_are_refused_elsewhere, links_sign_in_while_it_runs];

fn accounts(folder: &Path) -> Vec<Value> {
    let path = folder.join("accounts.json");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Signs in with an account; answers the status.
async fn sign_in(server: &Process, account: &Value) -> StatusCode {
    let credentials = json!({ "email": account["email"], "password": account["password"] });
    server.client(None).post("/v1/session", credentials).await.status
}

fn run(story: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(story);
}

fn goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    run(async {
        let first = Process::demo(BINARY, &data);
        let made = accounts(&data);
        let roles: BTreeSet<&str> = made.iter().map(|account| account["role"].as_str().unwrap()).collect();
        assert_eq!(roles, Role::ALL.iter().map(|role| role.as_str()).collect::<BTreeSet<&str>>(), "one account a role");
        for account in &made {
            assert_eq!(sign_in(&first, account).await, StatusCode::OK, "{account}");
        }
        first.terminate();
        assert!(first.ended().0.success());
        let second = Process::demo(BINARY, &data);
        assert_eq!(accounts(&data), made, "the same accounts");
        assert_eq!(sign_in(&second, &made[0]).await, StatusCode::OK);
    });
}

fn its_accounts_are_refused_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    run(async {
        let demo = Process::demo(BINARY, &data);
        let made = accounts(&data);
        demo.terminate();
        assert!(demo.ended().0.success());
        let secret = std::fs::read_to_string(data.join("secret")).unwrap();
        let serving = Process::serve(BINARY, &format!("sqlite:{}", data.join("tertulia.db").display()), &secret);
        for account in &made {
            assert_eq!(sign_in(&serving, account).await, StatusCode::UNAUTHORIZED, "{account}");
        }
    });
}

/// The links of the demo's first page: each role, and the secret in the fragment of its link.
async fn links(server: &Process) -> Vec<(String, String)> {
    let page = server.client(None).get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    let items = page.text.split("<a href=\"/graphiql#link=").skip(1);
    let link = |item: &str| {
        let (secret, rest) = item.split_once("\">").unwrap();
        (rest.split('<').next().unwrap().to_owned(), secret.to_owned())
    };
    items.map(link).collect()
}

fn links_sign_in_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    run(async {
        let demo = Process::demo(BINARY, &data);
        let links = links(&demo).await;
        let roles: BTreeSet<&str> = links.iter().map(|(role, _)| role.as_str()).collect();
        assert_eq!(roles, Role::ALL.iter().map(|role| role.as_str()).collect::<BTreeSet<&str>>(), "one link a role");
        for (role, secret) in &links {
            let session = demo.client(None).post("/demo/session", json!({ "link": secret })).await;
            assert_eq!(session.status, StatusCode::OK, "{role}");
            let token = session.body["accessToken"].as_str().unwrap().to_owned();
            let viewer = demo.client(Some(token)).data("{ viewer { memberships { role } } }", json!({})).await;
            assert_eq!(viewer["viewer"]["memberships"][0]["role"], role.as_str());
        }
        let forged = demo.client(None).post("/demo/session", json!({ "link": "x".repeat(32) })).await;
        assert_eq!((forged.status, forged.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
        // A form of another site cannot send it, and the page in a frame of another site cannot be clicked.
        let form = demo.client(None).request(reqwest::Method::POST, "/demo/session").header("content-type", "text/plain");
        let form = demo.client(None).send(form.body(json!({ "link": links[0].1 }).to_string())).await;
        assert_eq!(form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        demo.terminate();
        let (_, log) = demo.ended();
        assert!(links.iter().all(|(_, secret)| !log.contains(secret)), "{log}");
        let again = Process::demo(BINARY, &data);
        let old = again.client(None).post("/demo/session", json!({ "link": links[0].1 })).await;
        assert_eq!(old.status, StatusCode::UNAUTHORIZED, "a link ends with the process");
    });
}
