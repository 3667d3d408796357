//! Organisations and people for the stories, each made by the operator's own use cases.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tertulia_app::{
    directory,
    identity::user::{self, NewAccount},
};
use tertulia_domain::{
    directory::organisation::OrganisationDraft,
    id::{Id, OrganisationId},
    identity::{Cover, Person},
    policy::{OrganisationKind, Role},
};

use crate::{Client, Reply, TestApp};

/// The password of everybody in the stories.
pub const PASSWORD: &str = "a fine long phrase";

impl TestApp {
    /// A new organisation of that kind.
    pub async fn organisation(&self, kind: OrganisationKind, name: &str) -> OrganisationId {
        let draft = OrganisationDraft {
            kind: Some(kind),
            names: vec![("en".to_owned(), name.to_owned())],
            country: (kind == OrganisationKind::ElectoralBody).then(|| "PE".to_owned()),
            ..OrganisationDraft::default()
        };
        directory::organisation::create(&self.app, &self.app.system(), Ok(draft), None).await.expect("an organisation").id
    }

    /// An account with one membership, made by the operator; platforms' memberships cover everything.
    pub async fn account(&self, email: &str, organisation: OrganisationId, role: Role) {
        let cover = if role.is_platform() { Cover::everything() } else { Cover::default() };
        self.account_covering(email, organisation, role, cover).await;
    }

    /// As [`Self::account`], with what the membership covers.
    pub async fn account_covering(&self, email: &str, organisation: OrganisationId, role: Role, cover: Cover) {
        let name = email.split('@').next().expect("a name");
        let person = Person::parse(email, name).expect("a person");
        let password = SecretString::from(PASSWORD);
        let account = NewAccount { person, organisation, role, cover, password, generated: false };
        user::create(&self.app, &self.app.system(), account).await.expect("an account");
    }

    /// As [`Self::account`], signed in.
    pub async fn member(&self, email: &str, organisation: OrganisationId, role: Role) -> Client {
        self.account(email, organisation, role).await;
        self.signed_in(email).await
    }

    /// A coordinator at a desk of his own, signed in, and the desk.
    pub async fn coordinator(&self) -> (Client, OrganisationId) {
        let desk = self.organisation(OrganisationKind::UnEntity, "The desk").await;
        (self.member("coordinator@desk.example", desk, Role::Coordinator).await, desk)
    }

    /// Signs in with [`PASSWORD`].
    pub async fn signed_in(&self, email: &str) -> Client {
        let reply = self.sign_in(email, PASSWORD).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        self.with_token(text(&reply, "accessToken"))
    }

    /// `POST /v1/session`.
    pub async fn sign_in(&self, email: &str, password: &str) -> Reply {
        self.anonymous().post("/v1/session", json!({ "email": email, "password": password })).await
    }

    /// The mails to an address so far, as they lie in the folder, after everything on its way has left.
    pub async fn mails(&self, to: &str) -> Vec<String> {
        tertulia_app::mail::drain(&self.app).await.expect("mail");
        let mut files: Vec<_> = std::fs::read_dir(self.mail_folder()).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
        files.sort();
        let read = |path: &std::path::PathBuf| readable(&std::fs::read_to_string(path).expect("a mail"));
        files.iter().map(read).filter(|mail| mail.contains(&format!("To: {to}\r\n"))).collect()
    }

    fn mail_folder(&self) -> &Path {
        Path::new(&self.config.mail.directory)
    }
}

/// A mail without quoted-printable's line ends.
fn readable(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=3D", "=")
}

/// The token of the link in a mail.
pub fn token_of(mail: &str) -> String {
    let (_, rest) = mail.split_once("token=").expect("a link");
    rest.split_whitespace().next().expect("a token").to_owned()
}

/// A text of a JSON body.
pub fn text(reply: &Reply, name: &str) -> String {
    reply.body[name].as_str().unwrap_or_else(|| panic!("no {name}: {} {}", reply.status, reply.text)).to_owned()
}

/// An id as clients send it.
pub fn id<K: tertulia_domain::id::Kind>(id: Id<K>) -> Value {
    Value::String(id.to_string())
}

/// A secret for a request.
pub fn plain(secret: &SecretString) -> Value {
    Value::String(secret.expose_secret().to_owned())
}
