//! `docker-compose.yml` and `Dockerfile` against the configuration and the commands that the binary really has.

use std::collections::HashMap;

use secrecy::ExposeSecret;
use tertulia_api::{
    cli,
    config::{Config, MailKind},
};
use yaml_rust2::{Yaml, YamlLoader};

tertulia_tests::checks![compose_sets_what_the_server_reads, compose_waits_for_health, the_image_runs_a_known_command_without_root];

fn root(file: &str) -> String {
    std::fs::read_to_string(format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn compose() -> Yaml {
    YamlLoader::load_from_str(&root("docker-compose.yml")).unwrap().remove(0)
}

/// The environment of the server's container, with `${NAME:?…}` filled in as an operator would.
fn environment() -> HashMap<String, String> {
    let compose = compose();
    let pairs = compose["services"]["tertulia"]["environment"].as_hash().unwrap();
    let filled = |value: &str| match value.find("${") {
        None => value.to_owned(),
        Some(start) => {
            let end = start + value[start..].find('}').unwrap();
            format!("{}a-value-of-more-than-thirty-two-characters{}", &value[..start], &value[end + 1..])
        }
    };
    pairs.iter().map(|(name, value)| (name.as_str().unwrap().to_owned(), filled(value.as_str().unwrap()))).collect()
}

fn compose_sets_what_the_server_reads() {
    let config = Config::read(None, environment()).expect("every variable is one that the server knows");
    config.validate().expect("a configuration that can be used");
    let compose = compose();
    let services = &compose["services"];
    let published = services["tertulia"]["ports"][0].as_str().unwrap();
    assert!(published.ends_with(&format!(":{}", config.server.listen.port())), "the published port is the one it listens on");
    assert!(config.server.listen.ip().is_unspecified(), "a container listens on every address");
    let database = url::Url::parse(config.database.url.expose_secret()).unwrap();
    assert!(!services[database.host_str().unwrap()].is_badvalue(), "the database's host is a service");
    assert_eq!(database.username(), services["postgres"]["environment"]["POSTGRES_USER"].as_str().unwrap());
    assert_eq!(database.path(), format!("/{}", services["postgres"]["environment"]["POSTGRES_DB"].as_str().unwrap()));
    assert_eq!(config.mail.kind, MailKind::Smtp);
    let mail = url::Url::parse(config.mail.smtp_url.expose_secret()).unwrap();
    assert!(!services[mail.host_str().unwrap()].is_badvalue(), "the mail server is a service");
}

fn compose_waits_for_health() {
    let compose = compose();
    let services = &compose["services"];
    assert_eq!(services["tertulia"]["depends_on"]["postgres"]["condition"].as_str(), Some("service_healthy"));
    assert!(!services["postgres"]["healthcheck"]["test"].is_badvalue());
    let health: Vec<&str> =
        services["tertulia"]["healthcheck"]["test"].as_vec().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    assert_eq!(health[..2], ["CMD", "tertulia"]);
    assert!(cli::commands().iter().any(|command| command == health[2]), "the health check is a command of the binary");
}

fn the_image_runs_a_known_command_without_root() {
    let image = root("Dockerfile");
    let line = |start: &str| image.lines().rev().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start} is missing"));
    assert!(image.matches("FROM ").count() > 1, "built in one stage, run in another");
    assert_ne!(line("USER "), "USER root");
    assert!(line("HEALTHCHECK ").contains("tertulia"));
    let command = line("CMD ").split('"').nth(1).unwrap();
    assert!(cli::commands().iter().any(|known| known == command), "{command} is a command of the binary");
    assert!(root("Cargo.toml").contains("[profile.dist]") && image.contains("--profile dist"));
}
