//! The texts of the letters.

use secrecy::{ExposeSecret, SecretString};
use tertulia_domain::{
    identity::{
        Invitation,
        organisation_lock::{OrganisationLock, Word},
    },
    policy::Role,
    record::webhook::{DisabledWhy, WebhookEndpoint},
    text::EmailAddress,
};

use super::Mail;

/// To a person who was invited.
pub(crate) fn invitation(invitation: &Invitation, organisation: &str, link: &SecretString) -> Mail {
    let body = format!(
        "Dear {name},\n\n\
         you are invited to Tertulia as {role} of {organisation}. Open this link and choose a password:\n\n\
         {link}\n\n\
         The link works once, until {until} UTC. If you did not expect this, do nothing.\n",
        name = invitation.person.name,
        role = words(invitation.role),
        link = link.expose_secret(),
        until = invitation.expires_at.format("%-d %B %Y, %H:%M"),
    );
    Mail { to: invitation.person.email.clone(), subject: "Your invitation to Tertulia".to_owned(), body }
}

/// To a user who wants to set a new password.
pub(crate) fn password_reset(to: EmailAddress, link: &SecretString) -> Mail {
    let body = format!(
        "Somebody, we hope you, wants to set a new password for your account at Tertulia. Open this link to do so:\n\n\
         {link}\n\n\
         The link works once, for one hour. If it was not you, do nothing: your password stays as it is.\n",
        link = link.expose_secret(),
    );
    Mail { to, subject: "A new password for Tertulia".to_owned(), body }
}

/// To a user whose password was just set anew.
pub(crate) fn password_changed(to: EmailAddress) -> Mail {
    let body = "The password of your account at Tertulia was just set anew, and every device was signed out.\n\
                If it was not you, ask for a new password at once and tell your administrator.\n";
    Mail { to, subject: "Your password for Tertulia was changed".to_owned(), body: body.to_owned() }
}

/// What happened to a membership, for those who keep the organisation's memberships.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    /// Somebody was invited.
    Invited,
    /// Somebody holds a role now.
    Granted,
    /// Somebody's role ended.
    Revoked,
}

/// To an administrator of the organisation, and to the person whom a revocation concerns.
pub(crate) fn membership(to: EmailAddress, change: Change, person: &str, role: Role, organisation: &str) -> Mail {
    let role = words(role);
    let (subject, news) = match change {
        Change::Invited => ("An invitation", format!("{person} was invited to be {role} of {organisation}.")),
        Change::Granted => ("A new membership", format!("{person} is now {role} of {organisation}.")),
        Change::Revoked => ("A membership ended", format!("{person} is no longer {role} of {organisation}.")),
    };
    let body = format!("{news}\n\nIf you did not expect this, look at the organisation's memberships and the audit log in Tertulia.\n");
    Mail { to, subject: format!("{subject} in {organisation}"), body }
}

/// What happened to the lock of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closure {
    /// It began.
    Locked,
    /// A first person wants it to end.
    UnlockProposed,
    /// It ended.
    Unlocked,
}

/// To an administrator of the organisation, or a coordinator.
pub(crate) fn closure(to: EmailAddress, closure: Closure, organisation: &str, lock: &OrganisationLock) -> Mail {
    let reason = |word: Option<&Word>| word.map_or("", |word| word.reason.as_str()).to_owned();
    let (subject, news, reason) = match closure {
        Closure::Locked => (
            "is locked",
            "was locked. Nobody acts or reads for it until two persons of the coordinator's desk unlock it: its people are signed out, \
             and the tokens of its programs are good no longer. Passwords and the secrets of programs stay as they were: whoever may \
             have been robbed of his sets a new password now.",
            reason(Some(&lock.locked)),
        ),
        Closure::UnlockProposed => (
            "is to be unlocked",
            "is to be unlocked. This happens once another person of the coordinator's desk agrees, within seven days.",
            reason(lock.proposed.as_ref()),
        ),
        Closure::Unlocked => (
            "is unlocked",
            "was unlocked. Its people can sign in again. Whoever locked it because a secret was stolen looks at its memberships and gives \
             its programs other secrets first.",
            reason(lock.unlocked.as_ref()),
        ),
    };
    Mail {
        to,
        subject: format!("{organisation} {subject}"),
        body: format!("{organisation} {news}\n\nThe reason that was given:\n\n{reason}\n"),
    }
}

/// The role in words.
fn words(role: Role) -> String {
    role.as_str().to_lowercase().replace('_', " ")
}

/// To an administrator of the organisation whose webhook endpoint the server took out of use.
pub(crate) fn webhook_disabled(to: EmailAddress, endpoint: &WebhookEndpoint, why: DisabledWhy) -> Mail {
    let reason = match why {
        DisabledWhy::Gone => "it answered with the status 410, which means that it is gone",
        DisabledWhy::Failing => "every attempt to send it a message failed for three days",
        DisabledWhy::NoRights => "nobody's rights are behind it: who made it left, or the API client was revoked or has expired",
        DisabledWhy::ByOwner => "somebody of your organisation did so",
    };
    let body = format!(
        "The webhook endpoint {url} of your organisation is disabled: {reason}.\n\n\
         Nothing is sent to it any more. Once it can be reached, enable it in Tertulia and ask for what it missed, at most 30 days \
         back; where nobody's rights are behind it, make another in its place.\n\n\
         Its id is {id}.\n",
        url = endpoint.url.as_str(),
        id = endpoint.id,
    );
    Mail { to, subject: "A webhook endpoint was disabled".to_owned(), body }
}
