//! Mail that the server sends: by SMTP, or into a folder where the demo and the tests read it.
//!
//! A use case hands a [`Mail`] to its unit of work, which keeps it in the same transaction; the worker sends it
//! ([`outbox`]). So no mail tells of what did not happen, and none is lost with the process.

pub(crate) mod letters;
pub(crate) mod outbox;
pub(crate) mod reminders;

pub use outbox::drain;

use std::path::PathBuf;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, SinglePart, header::ContentType},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tertulia_domain::{Code, Error, Reason, Result, text::EmailAddress, time::Instant};
use uuid::Uuid;

/// How mail leaves.
#[derive(Clone, Debug)]
pub enum Route {
    /// To a server, as `smtps://user:password@host:465` or `smtp://host:587?tls=required`.
    Smtp(SecretString),
    /// Into a folder, one `.eml` file a message.
    Folder(PathBuf),
    /// Nowhere: the operator hands links on by himself.
    Nowhere,
}

/// A message in plain text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mail {
    /// To whom.
    pub to: EmailAddress,
    /// One line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// An entry for a calendar, of iTIP (RFC 5546).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// What the addressee's program is to do with it: REQUEST or CANCEL.
    pub method: String,
    /// iCalendar.
    pub text: String,
}

/// A message, with the entry that it brings for a calendar if it does. A plain [`Mail`] reads and writes as one without.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letter {
    /// The message.
    #[serde(flatten)]
    pub mail: Mail,
    /// The entry.
    #[serde(default)]
    pub entry: Option<Entry>,
}

impl From<Mail> for Letter {
    fn from(mail: Mail) -> Self {
        Self { mail, entry: None }
    }
}

/// Sends mail.
#[derive(Debug)]
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
}

#[derive(Debug)]
enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    Nowhere,
}

impl Mailer {
    /// A mailer that writes as `from`, which may have a display name (`Tertulia <no-reply@example.org>`).
    pub fn new(route: Route, from: &str) -> Result<Self> {
        let unusable = |what: &str| {
            Error::new(Code::InvalidInput, Reason::Malformed, "mail", format!("The {what} of the mail configuration is malformed."))
        };
        let from = from.parse().map_err(|_| unusable("sender"))?;
        let transport = match route {
            Route::Folder(folder) => Transport::Folder(folder),
            Route::Nowhere => Transport::Nowhere,
            // The library's error would print the address with its password.
            Route::Smtp(url) => Transport::Smtp(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret()).map_err(|_| unusable("address"))?.build(),
            ),
        };
        Ok(Self { from, transport })
    }

    /// Whether mail reaches the mailbox of its addressee, so that what only the addressee may know can be left to it.
    pub fn reaches_mailboxes(&self) -> bool {
        matches!(self.transport, Transport::Smtp(_))
    }

    /// The address that writes, and so organises what letters invite to.
    pub fn address(&self) -> String {
        self.from.email.to_string()
    }

    /// Sends one message; `id` makes its Message-ID.
    pub async fn send(&self, Letter { mail, entry }: &Letter, id: Uuid, now: Instant) -> Result<()> {
        let to = Mailbox::new(None, mail.to.as_str().parse().map_err(Error::internal)?);
        let head = Message::builder()
            .from(self.from.clone())
            .to(to)
            .date(now.into())
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .subject(mail.subject.clone());
        let message = match entry {
            None => head.header(ContentType::TEXT_PLAIN).body(mail.body.clone()),
            Some(entry) => {
                let kind = format!("text/calendar; charset=utf-8; method={}", entry.method);
                let kind = ContentType::parse(&kind).map_err(Error::internal)?;
                let parts = MultiPart::alternative().singlepart(SinglePart::plain(mail.body.clone()));
                head.multipart(parts.singlepart(SinglePart::builder().header(kind).body(entry.text.clone())))
            }
        };
        let message = message.map_err(Error::internal)?;
        match &self.transport {
            Transport::Nowhere => Ok(()),
            Transport::Smtp(transport) => transport.send(message).await.map(drop).map_err(Error::unavailable),
            Transport::Folder(folder) => {
                tokio::fs::create_dir_all(folder).await.map_err(Error::unavailable)?;
                // Written beside and renamed, so that whoever watches the folder never reads half a message.
                let (file, draft) = (folder.join(format!("{id}.eml")), folder.join(format!(".{id}.part")));
                tokio::fs::write(&draft, message.formatted()).await.map_err(Error::unavailable)?;
                tokio::fs::rename(&draft, &file).await.map_err(Error::unavailable)
            }
        }
    }
}
