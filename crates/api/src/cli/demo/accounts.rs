//! The demo's accounts: one for each role, in organisations that say they are fictional.

use std::path::Path;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tertulia_app::{App, directory, identity::user};
use tertulia_domain::{
    Code,
    id::OrganisationId,
    identity::{Cover, Person},
    policy::Role,
};

use super::{
    super::Failure,
    folder::{Folder, random_text, write_private},
};
use crate::rest::demo::Link;

/// One line of `accounts.json`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    pub(super) role: String,
    pub(super) email: String,
    pub(super) password: String,
    /// The organisation's id.
    pub(super) organisation: OrganisationId,
    pub(super) organisation_name: String,
}

impl Account {
    /// Whether this is one of the coordinator's desk.
    pub(super) fn is_at_the_desk(&self) -> bool {
        [Role::Coordinator, Role::Auditor].iter().any(|role| role.as_str() == self.role)
    }
}

/// Role, address, name, and the organisation's name in the reference files. RFC 2606 keeps `.example` for what does not exist.
const ACCOUNTS: [(Role, &str, &str, &str); 7] = [
    (Role::Coordinator, "coordinator@undp.example", "Demo coordinator", "org-undp"),
    (Role::Auditor, "auditor@undp.example", "Demo auditor", "org-undp"),
    (Role::ElectoralBodyOfficer, "officer@meridia.example", "Demo officer", "fictional-body-meridia"),
    (Role::ElectoralBodyAdministrator, "administrator@meridia.example", "Demo body administrator", "fictional-body-meridia"),
    (Role::PlatformRepresentative, "representative@agora.example", "Demo representative", "fictional-platform-agora"),
    (Role::PlatformAdministrator, "administrator@agora.example", "Demo platform administrator", "fictional-platform-agora"),
    (Role::Expert, "expert@nordvik.example", "Demo expert", "fictional-university"),
];

/// Makes the accounts. Their passwords are written down before the first of them is made, and those of an interrupted start
/// are used again, so that the next start completes it.
pub(super) async fn make_all(folder: &Folder, app: &App) -> Result<Vec<Account>, Failure> {
    let path = folder.planned_accounts();
    let accounts: Vec<Account> = if path.exists() {
        read(&path)?
    } else {
        let accounts = invent(app).await?;
        let lines: Vec<String> = accounts.iter().filter_map(|account| serde_json::to_string(account).ok()).collect();
        write_private(&path, &format!("[\n  {}\n]\n", lines.join(",\n  ")))?;
        accounts
    };
    for account in &accounts {
        make(app, account).await?;
    }
    Ok(accounts)
}

fn read(path: &Path) -> Result<Vec<Account>, Failure> {
    serde_json::from_str(&std::fs::read_to_string(path)?)
        .map_err(|error| Failure::new(format!("{} cannot be read: {error}. Delete the folder to begin anew.", path.display())))
}

/// A link for each account, good until the process ends.
pub(super) fn links(accounts: &Path) -> Result<Vec<Link>, Failure> {
    let link = |account: Account| Link {
        role: account.role,
        secret: random_text(32).into(),
        email: account.email,
        password: account.password.into(),
    };
    Ok(read(accounts)?.into_iter().map(link).collect())
}

async fn invent(app: &App) -> Result<Vec<Account>, Failure> {
    let mut accounts = Vec::with_capacity(ACCOUNTS.len());
    for (role, email, _, key) in ACCOUNTS {
        let organisation = directory::organisation::by_key(app, &app.system(), key).await?;
        accounts.push(Account {
            role: role.as_str().to_owned(),
            email: email.to_owned(),
            password: random_text(20),
            organisation: organisation.id,
            organisation_name: organisation.names.best(&[]).to_owned(),
        });
    }
    Ok(accounts)
}

async fn make(app: &App, account: &Account) -> Result<(), Failure> {
    let role = Role::parse(&account.role).ok_or_else(|| Failure::new(format!("There is no role {}.", account.role)))?;
    let name = ACCOUNTS.iter().find(|(known, ..)| *known == role).map_or("Demo account", |(_, _, name, _)| name);
    let account = user::NewAccount {
        person: Person::parse(&account.email, name)?,
        organisation: account.organisation,
        role,
        cover: if role.is_platform() { Cover::everything() } else { Cover::default() },
        password: SecretString::from(account.password.clone()),
        generated: true,
    };
    match user::create(app, &app.system(), account).await {
        Err(error) if error.code != Code::Conflict => Err(error.into()),
        _ => Ok(()),
    }
}
