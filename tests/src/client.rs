//! A caller over HTTP.

use reqwest::{
    Method, RequestBuilder, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap},
};
use serde_json::{Value, json};

/// A caller of one server.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    /// The access token, if he signed in.
    pub token: Option<String>,
}

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body as JSON, null if it is none.
    pub body: Value,
}

impl Client {
    pub(crate) fn new(url: String, token: Option<String>) -> Self {
        Self {
            http: reqwest::Client::builder().no_proxy().read_timeout(std::time::Duration::from_mins(1)).build().expect("a client"),
            url,
            token,
        }
    }

    /// A request to `path`, with the caller's token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// Sends a request.
    pub async fn send(&self, request: RequestBuilder) -> Reply {
        answer(request).await.expect("an answer")
    }

    /// `GET path`.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// `POST path` with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::POST, path).header(CONTENT_TYPE, "application/json").body(body.to_string())).await
    }

    /// Runs the only operation of a GraphQL document.
    pub async fn graphql(&self, document: &str, variables: Value) -> Reply {
        self.post("/graphql", json!({ "query": document, "variables": variables })).await
    }

    /// Runs the operation `name` of a GraphQL document.
    pub async fn operation(&self, document: &str, name: &str, variables: Value) -> Reply {
        self.post("/graphql", json!({ "query": document, "operationName": name, "variables": variables })).await
    }

    /// The same, of a server that may go away; `None` without an answer.
    pub async fn attempt(&self, document: &str, name: &str, variables: Value) -> Option<Reply> {
        let body = json!({ "query": document, "operationName": name, "variables": variables });
        let request = self.request(Method::POST, "/graphql").header(CONTENT_TYPE, "application/json").body(body.to_string());
        answer(request).await.ok()
    }

    /// Runs a document that must succeed and answers its data.
    pub async fn data(&self, document: &str, variables: Value) -> Value {
        self.graphql(document, variables).await.data()
    }

    /// Runs a mutation with `$input` that must succeed without `userErrors` and answers its payload.
    pub async fn mutate(&self, document: &str, input: Value) -> Value {
        let data = self.data(document, json!({ "input": input })).await;
        let payload = data.as_object().and_then(|data| data.values().next()).expect("a payload").clone();
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        payload
    }
}

async fn answer(request: RequestBuilder) -> reqwest::Result<Reply> {
    let response = request.send().await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await?;
    let body = serde_json::from_str(&text).unwrap_or_default();
    Ok(Reply { status, headers, text, body })
}

impl Reply {
    /// The data of a GraphQL answer without errors.
    pub fn data(self) -> Value {
        assert!(self.status.is_success() && self.body.get("errors").is_none(), "{} {}", self.status, self.text);
        self.body["data"].clone()
    }

    /// The code of the first error: of a payload's `userErrors`, of `errors`, or of a problem body.
    pub fn code(&self) -> &str {
        let payload =
            self.body["data"].as_object().into_iter().flat_map(serde_json::Map::values).find_map(|field| field["userErrors"].get(0));
        let codes = [payload.map(|error| &error["code"]), Some(&self.body["errors"][0]["extensions"]["code"]), Some(&self.body["code"])];
        codes.into_iter().flatten().find_map(Value::as_str).unwrap_or_else(|| panic!("no error: {} {}", self.status, self.text))
    }

    /// The code of the first error, if there is one.
    pub fn code_or_none(&self) -> Option<&str> {
        let payload = self.body["data"].as_object().into_iter().flat_map(serde_json::Map::values);
        let refused = payload.filter_map(|field| field["userErrors"].as_array()).any(|errors| !errors.is_empty());
        (refused || self.body.get("errors").is_some() || self.body.get("code").is_some()).then(|| self.code())
    }

    /// The paths of a payload's `userErrors`, each joined by dots, with its reason: `input.items.2.url MALFORMED`.
    pub fn faults(&self) -> Vec<String> {
        let payloads = self.body["data"].as_object().into_iter().flat_map(serde_json::Map::values);
        let errors = payloads.filter_map(|payload| payload["userErrors"].as_array()).flatten();
        let fault = |error: &Value| {
            let path: Vec<&str> = error["path"].as_array().expect("a path").iter().filter_map(Value::as_str).collect();
            format!("{} {}", path.join("."), error["reason"].as_str().expect("a reason"))
        };
        errors.map(fault).collect()
    }

    /// How many SQL statements the request took.
    pub fn statements(&self) -> u32 {
        let timing = self.headers.get("server-timing").and_then(|value| value.to_str().ok()).expect("a count of statements");
        timing.split('"').nth(1).and_then(|count| count.parse().ok()).expect("a number")
    }
}
