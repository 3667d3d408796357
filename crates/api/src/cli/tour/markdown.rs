//! The tour as the README shows it: each request as a shell command, each answer with what changes from run to run left out.

use serde_json::Value;

use super::{
    Answer,
    script::{Call, Keep, PREPARE, Step, steps},
};

/// The shell functions with which the README's commands are short.
const FUNCTIONS: &str = r#"TERTULIA=http://127.0.0.1:8080
account() { # account ROLE FIELD: what accounts.json says of the account of that role
  grep -o "{[^{}]*\"$1\"[^{}]*}" tertulia-demo/accounts.json | sed -E "s/.*\"$2\": *\"([^\"]*)\".*/\1/"
}
sign_in() { # sign_in ROLE: starts a session
  curl -s $TERTULIA/v1/session -H 'content-type: application/json' \
    -d "{\"email\":\"$(account $1 email)\",\"password\":\"$(account $1 password)\"}"
}
member() { sed -E "s/.*\"$1\":\"([^\"]*)\".*/\1/"; } # member NAME: that member of an answer
graphql() { # graphql TOKEN: sends the document on standard input
  printf '{"query":"%s"}' "$(sed 's/"/\\"/g' | tr '\n' ' ')" |
    curl -s $TERTULIA/graphql -H "authorization: Bearer $1" -H 'content-type: application/json' -d @-
}
pick() { grep -oE "$1_[0-9a-z]{26}" | head -n 1; } # pick PREFIX: the first id of that kind
NOW=$(date -u +%Y-%m-%dT%H:%M:00Z)
THIS=$(date -u +%Y) LAST=$(($(date -u +%Y) - 1)) YEAR=$(($(date -u +%Y) + 1)) # this year, the last, and the meetings'"#;

/// The whole section, from the answers of one run.
pub fn render(answers: &[Answer]) -> String {
    let mut parts = vec![format!("```sh\n{FUNCTIONS}\n")];
    parts.extend(PREPARE.iter().map(command));
    parts.push("```\n".to_owned());
    for (number, (step, answer)) in steps().zip(answers).enumerate() {
        let language = if matches!(step.call, Call::Get { .. }) { "text" } else { "json" };
        let (number, Step { title, text: about, .. }) = (number + 1, step);
        let (request, shown) = (command(step), shown(answer));
        parts.push(format!("\n**{number}. {title}.** {about}\n\n```sh\n{request}```\n\n```{language}\n{shown}\n```\n"));
    }
    parts.concat()
}

/// The shell command of a step.
fn command(step: &Step) -> String {
    match step.call {
        // What is prepared is not shown; a step's answer is.
        Call::SignIn { role, keeps } => {
            let show = if step.title.is_empty() { "" } else { "tee /dev/stderr | " };
            format!("{keeps}=$(sign_in {role} | {show}member accessToken)\n")
        }
        Call::GraphQl { token, document } | Call::Refused { token, document } => {
            let send = format!("graphql \"${token}\" <<END");
            match step.keeps {
                [] => format!("{send}\n{document}\nEND\n"),
                [Keep::Id(name, prefix)] if step.text.is_empty() => format!("{name}=$({send} | pick {prefix}\n{document}\nEND\n)\n"),
                keeps => format!("{send} | tee answer.json\n{document}\nEND\n{}", picks(keeps)),
            }
        }
        Call::Listen { token, by, document, .. } => format!(
            "cargo run -q --release -- listen --token \"${token}\" --events 1 &\nsleep 2\ngraphql \"${by}\" <<END\n{document}\nEND\nwait\n"
        ),
        Call::Until { token, document, says } => format!(
            "asked() {{\ngraphql \"${token}\" <<END\n{document}\nEND\n}}\nuntil asked | tee answer.json | grep -q {says}; do sleep 1; done; cat answer.json\n"
        ),
        Call::SignInClient { id, secret, keeps } => format!(
            "{keeps}=$(curl -s $TERTULIA/oauth/token -u \"${id}:${secret}\" -d grant_type=client_credentials | tee /dev/stderr | member access_token)\n"
        ),
        Call::Upload { token, name, content } => format!(
            "curl -s \"$TERTULIA/v1/files?name={name}\" -H \"authorization: Bearer ${token}\" -H 'content-type: application/octet-stream' \\\n  --data-binary @- <<END | tee answer.json\n{content}\nEND\n{}",
            picks(step.keeps)
        ),
        Call::Part { token, path, member } => format!(
            "curl -s \"$TERTULIA{path}\" -H \"authorization: Bearer ${token}\" | tee answer.json | grep -o '\"{member}\":{{[^}}]*}}'\n"
        ),
        Call::Get { token, path, lines } => {
            let head = token.map(|token| format!(" -H \"authorization: Bearer ${token}\"")).unwrap_or_default();
            format!("curl -s \"$TERTULIA{path}\"{head} | head -n {lines}\n")
        }
    }
}

/// The commands that keep what a step keeps.
fn picks(keeps: &[Keep]) -> String {
    let pick = |keep: &Keep| match keep {
        Keep::Id(name, prefix) => format!("{name}=$(pick {prefix} < answer.json)\n"),
        Keep::Member(name, member) => format!("{name}=$(member {member} < answer.json)\n"),
    };
    keeps.iter().map(pick).collect()
}

/// An answer with ids, moments, tokens and hashes shortened to `…`.
pub fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Json(value) => {
            let mut value = value.clone();
            shorten(&mut value);
            serde_json::to_string_pretty(&value).unwrap_or_default()
        }
        Answer::Text(text) => text.lines().map(shorten_line).collect::<Vec<_>>().join("\n"),
    }
}

fn shorten(value: &mut Value) {
    match value {
        Value::String(text) => *text = shorten_word(text),
        Value::Array(list) => list.iter_mut().for_each(shorten),
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                match value {
                    Value::String(text) if secret(name) => "…".clone_into(text),
                    other => shorten(other),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Members that are different each time: tokens, secrets and cursors.
fn secret(name: &str) -> bool {
    name.ends_with("Token") || name.ends_with("_token") || name.ends_with("Secret") || name == "cursor"
}

/// Shortens an id to its prefix, a reference to its country, a private address to its path, and an instant near the present to `…`.
fn shorten_word(text: &str) -> String {
    if text.contains("/v1/feeds/") {
        return "…/v1/feeds/….ics".to_owned();
    }
    if let Some((prefix, suffix)) = text.rsplit_once('_')
        && suffix.len() == 26
        && suffix.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    {
        return format!("{prefix}_…");
    }
    let parts: Vec<&str> = text.split('-').collect();
    if let [country, first, second] = parts.as_slice()
        && country.len() == 2
        && first.len() == 4
        && second.len() == 4
        && !text.starts_with(|first: char| first.is_ascii_digit())
    {
        return format!("{country}-…");
    }
    // What happens while the tour runs changes from run to run; what it plans is on the full minute.
    if text.ends_with('Z') && text.contains('T') && text.contains('.') {
        return "…".to_owned();
    }
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return "…".to_owned();
    }
    text.to_owned()
}

fn shorten_line(line: &str) -> String {
    for name in ["UID:", "DTSTAMP:", "LAST-MODIFIED:", "CREATED:", "URL:"] {
        if line.starts_with(name) {
            return format!("{name}…");
        }
    }
    line.trim_end().to_owned()
}
