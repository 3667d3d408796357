//! `tertulia demo --tour`: requests against the demo, from sign-in to the audit log.

mod markdown;
mod numbers;
mod partner;
mod relation;
mod room;
mod script;

use std::{collections::HashMap, path::Path, time::Duration};

use chrono::Datelike;
use serde::Deserialize;
use serde_json::{Value, json};
use tertulia_domain::time::Instant;

pub use self::markdown::{render, shown};
use self::script::{Call, Keep, PREPARE, Step, steps};
use super::{
    Failure,
    listen::{Listening, listen},
};

/// How long the tour waits for one answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How parameters are sent to the token endpoint.
const FORM: &str = "application/x-www-form-urlencoded";
/// How long it pauses before it asks the same again.
const PAUSE: Duration = Duration::from_millis(200);

/// What a step was answered.
#[derive(Clone, Debug)]
pub enum Answer {
    /// JSON.
    Json(Value),
    /// Text, its first lines.
    Text(String),
}

/// One line of `accounts.json`.
#[derive(Clone, Debug, Deserialize)]
struct Account {
    role: String,
    email: String,
    password: String,
}

/// Sends the requests to the demo at `base`, whose accounts stand in the file `accounts` and whose clock shows `now`, and hands each
/// answer to `each` as it comes: the step's number, title and answer.
pub async fn run(base: &str, accounts: &Path, now: Instant, mut each: impl FnMut(usize, &str, &Answer)) -> Result<Vec<Answer>, Failure> {
    let accounts: Vec<Account> =
        serde_json::from_str(&std::fs::read_to_string(accounts)?).map_err(|error| Failure::new(error.to_string()))?;
    let client = reqwest::Client::builder().timeout(PATIENCE).build()?;
    let year = |years: i32| (now.year() + years).to_string();
    let known = [("NOW", now.format("%Y-%m-%dT%H:%M:00Z").to_string()), ("YEAR", year(1)), ("THIS", year(0)), ("LAST", year(-1))];
    let kept = known.map(|(name, value)| (name.to_owned(), value)).into();
    let mut guide = Guide { client, base: base.to_owned(), accounts, kept };
    for step in PREPARE {
        guide.take(step).await?;
    }
    let mut answers = Vec::new();
    for (number, step) in steps().enumerate() {
        let answer = guide.take(step).await.map_err(|failure| Failure::new(format!("Step {}, {}: {failure}", number + 1, step.title)))?;
        each(number + 1, step.title, &answer);
        answers.push(answer);
    }
    Ok(answers)
}

struct Guide {
    client: reqwest::Client,
    base: String,
    accounts: Vec<Account>,
    kept: HashMap<String, String>,
}

impl Guide {
    async fn take(&mut self, step: &Step) -> Result<Answer, Failure> {
        let answer = match step.call {
            Call::SignIn { role, keeps } => self.sign_in(role, keeps).await?,
            Call::SignInClient { id, secret, keeps } => self.sign_in_client(id, secret, keeps).await?,
            Call::GraphQl { token, document } | Call::Refused { token, document } => self.graphql(token, document).await?,
            Call::Part { token, path, member } => self.part(token, path, member).await?,
            Call::Until { token, document, says } => self.until(token, document, says).await?,
            Call::Upload { token, name, content } => self.upload(token, name, content).await?,
            Call::Listen { token, by, document, act } => self.listen(token, (by, document), act).await?,
            Call::Get { token, path, lines } => self.get(token, path, lines).await?,
        };
        if let Answer::Json(value) = &answer {
            match (step.call, refuse_failures(value)) {
                (Call::Refused { .. }, Ok(())) => return Err(Failure::new(format!("not refused: {value}"))),
                (Call::Refused { .. }, Err(_)) => {}
                (_, answered) => answered?,
            }
            let text = value.to_string();
            for keep in step.keeps {
                let (name, sought, found) = match *keep {
                    Keep::Id(name, prefix) => (name, prefix, first_id(&text, prefix)),
                    Keep::Member(name, member) => (name, member, first_member(&text, member)),
                };
                let found = found.ok_or_else(|| Failure::new(format!("the answer names no {sought}: {text}")))?;
                self.kept.insert(name.to_owned(), found);
            }
        }
        Ok(answer)
    }

    async fn sign_in(&mut self, role: &str, keeps: &str) -> Result<Answer, Failure> {
        let account = self.accounts.iter().find(|account| account.role == role);
        let account = account.ok_or_else(|| Failure::new(format!("accounts.json has no {role}")))?;
        let body = json!({ "email": account.email, "password": account.password });
        let answer = self.client.post(format!("{}/v1/session", self.base)).json(&body).send().await?;
        let answer: Value = answer.json().await?;
        let token = answer.get("accessToken").and_then(Value::as_str).ok_or_else(|| Failure::new(format!("no session: {answer}")))?;
        self.kept.insert(keeps.to_owned(), token.to_owned());
        Ok(Answer::Json(answer))
    }

    async fn sign_in_client(&mut self, id: &str, secret: &str, keeps: &str) -> Result<Answer, Failure> {
        let request = self.client.post(format!("{}/oauth/token", self.base)).basic_auth(self.value(id), Some(self.value(secret)));
        let answer: Value = request.header("content-type", FORM).body("grant_type=client_credentials").send().await?.json().await?;
        let token = answer.get("access_token").and_then(Value::as_str).ok_or_else(|| Failure::new(format!("no token: {answer}")))?;
        self.kept.insert(keeps.to_owned(), token.to_owned());
        Ok(Answer::Json(answer))
    }

    async fn until(&self, token: &str, document: &str, says: &str) -> Result<Answer, Failure> {
        let asked = async {
            loop {
                let answer = self.graphql(token, document).await?;
                if matches!(&answer, Answer::Json(value) if value.to_string().contains(says)) {
                    return Ok::<Answer, Failure>(answer);
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::time::timeout(PATIENCE, asked).await.map_err(|_| Failure::new(format!("no answer says {says}")))?
    }

    async fn upload(&self, token: &str, name: &str, content: &str) -> Result<Answer, Failure> {
        let request = self.client.post(format!("{}/v1/files?name={name}", self.base)).bearer_auth(self.value(token));
        let answer = request.header("content-type", "application/octet-stream").body(format!("{content}\n")).send().await?;
        Ok(Answer::Json(answer.error_for_status()?.json().await?))
    }

    async fn graphql(&self, token: &str, document: &str) -> Result<Answer, Failure> {
        let request = self.client.post(format!("{}/graphql", self.base)).bearer_auth(self.value(token));
        let answer = request.json(&json!({ "query": self.filled(document) })).send().await?;
        Ok(Answer::Json(answer.json().await?))
    }

    async fn listen(&self, token: &str, (by, document): (&str, &str), act: &str) -> Result<Answer, Failure> {
        let mut listening: Listening = listen(&self.base, self.value(token)).await?;
        if let Answer::Json(value) = self.graphql(by, document).await? {
            refuse_failures(&value)?;
        }
        // What was done just before may be told only now.
        let told = async {
            loop {
                let event = listening.next().await?;
                if event.pointer("/data/contactChanged/act").and_then(Value::as_str) == Some(act) {
                    return Ok::<Value, Failure>(event);
                }
            }
        };
        let event = tokio::time::timeout(PATIENCE, told).await.map_err(|_| Failure::new("no event came"))??;
        Ok(Answer::Json(event))
    }

    async fn get(&self, token: Option<&str>, path: &str, lines: usize) -> Result<Answer, Failure> {
        let request = self.client.get(format!("{}{}", self.base, self.filled(path)));
        let request = token.into_iter().fold(request, |request, token| request.bearer_auth(self.value(token)));
        let answer = request.send().await?.error_for_status()?;
        let text = answer.text().await?;
        Ok(Answer::Text(text.lines().take(lines).collect::<Vec<_>>().join("\n")))
    }

    async fn part(&self, token: &str, path: &str, member: &str) -> Result<Answer, Failure> {
        let request = self.client.get(format!("{}{path}", self.base)).bearer_auth(self.value(token));
        let whole: Value = request.send().await?.error_for_status()?.json().await?;
        let part = whole.get(member).ok_or_else(|| Failure::new(format!("the document has no {member}")))?;
        Ok(Answer::Json(json!({ member: part })))
    }

    fn value(&self, name: &str) -> &str {
        self.kept.get(name).map_or("", String::as_str)
    }

    /// The text with each `$NAME` replaced, longer names first.
    fn filled(&self, text: &str) -> String {
        let mut names: Vec<&String> = self.kept.keys().collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names.into_iter().fold(text.to_owned(), |text, name| text.replace(&format!("${name}"), self.value(name)))
    }
}

/// A refusal is no step of the tour: it stops there and shows what the server said.
fn refuse_failures(answer: &Value) -> Result<(), Failure> {
    let payloads = answer.get("data").and_then(Value::as_object).into_iter().flat_map(|data| data.values());
    let refused = payloads.filter_map(|payload| payload.get("userErrors")?.as_array()).any(|errors| !errors.is_empty());
    if refused || answer.get("errors").is_some() { Err(Failure::new(format!("refused: {answer}"))) } else { Ok(()) }
}

/// The first member of a name in a JSON text, if its value is a text without escapes.
fn first_member(text: &str, name: &str) -> Option<String> {
    let (_, after) = text.split_once(&format!("\"{name}\":\""))?;
    after.split_once('"').map(|(value, _)| value.to_owned())
}

/// The first id of a kind in a text.
fn first_id(text: &str, prefix: &str) -> Option<String> {
    let start = format!("\"{prefix}_");
    text.match_indices(&start).find_map(|(at, _)| text.get(at + 1..at + 1 + prefix.len() + 27).map(str::to_owned))
}
