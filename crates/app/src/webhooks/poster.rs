//! Messages of webhooks on the wire: signed as Standard Webhooks 1.0 has it, to public addresses only.

use std::{error::Error as StdError, fmt, fs, io, net::SocketAddr, path::Path, sync::OnceLock, time::Duration};

use aws_lc_rs::{hmac, rand};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{
    Certificate, Client,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{CONTENT_TYPE, RETRY_AFTER},
    redirect::Policy,
};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use tertulia_domain::{
    Error, Reason, Result,
    record::{public_address, webhook_delivery::Failure},
    text::WebUrl,
    time::Instant,
};
use tokio::{net::lookup_host, time::timeout};
use tracing::warn;

use super::Settings;
use crate::identity::sealing::Sealing;

/// The purpose under which secrets are sealed.
const PURPOSE: &str = "webhook secrets";
/// Random bytes of a secret; the specification asks for 24 to 64.
const BYTES: usize = 32;

/// How long a name may take to be looked up when an endpoint is made.
const LOOKING_UP: Duration = Duration::from_secs(2);

/// What sends.
#[derive(Debug)]
pub(super) struct Poster {
    /// Made with the first message: it reads the system's certificates, which a server without webhooks need not have.
    client: OnceLock<Client>,
    sealing: Sealing,
    timeout: Duration,
    loopback: bool,
    trusted: Vec<Certificate>,
}

/// One message: what is signed, and what is sent.
#[derive(Clone, Debug)]
pub(super) struct Message {
    /// The `webhook-id`.
    pub(super) id: String,
    /// When this attempt is made.
    pub(super) at: Instant,
    /// JSON.
    pub(super) body: String,
}

/// What an endpoint answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// The header `Retry-After`.
    pub(super) retry_after: Option<String>,
}

impl Poster {
    /// Ready for use.
    pub(super) fn new(secret: &SecretString, settings: &Settings) -> Result<Self> {
        Ok(Self {
            client: OnceLock::new(),
            sealing: Sealing::derive(secret, PURPOSE)?,
            timeout: settings.timeout,
            loopback: settings.loopback,
            trusted: settings.trusted.as_deref().map_or_else(|| Ok(Vec::new()), certificates)?,
        })
    }

    fn client(&self) -> Result<&Client, reqwest::Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = Client::builder()
            // A redirect could lead anywhere, and a proxy would look names up by itself.
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Guard { loopback: self.loopback })
            .https_only(!self.loopback)
            .tls_certs_merge(self.trusted.iter().cloned())
            .timeout(self.timeout)
            .pool_max_idle_per_host(1)
            .user_agent("Tertulia-Webhooks/1")
            .build()?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Refuses an address whose name leads into a private network. One that leads nowhere yet is taken: what it leads to is looked at
    /// with each message anyway.
    pub(super) async fn check(&self, url: &WebUrl) -> Result<()> {
        let Some(name) = public_address::name_of(url) else { return Ok(()) };
        let looked_up = timeout(LOOKING_UP, Guard { loopback: self.loopback }.look_up(&name)).await;
        match looked_up {
            Ok(Err(error)) if error.is::<Forbidden>() => {
                Err(Error::invalid(Reason::NotPermitted, "url", "This name leads to an address that is not public."))
            }
            _ => Ok(()),
        }
    }

    /// A new secret as it is shown once, and sealed for the endpoint `context`.
    pub(super) fn secret(&self, context: &str) -> Result<(SecretString, Vec<u8>)> {
        let mut bytes = [0_u8; BYTES];
        rand::fill(&mut bytes).map_err(Error::internal)?;
        let sealed = self.sealing.seal(context, &bytes)?;
        Ok((SecretString::from(format!("whsec_{}", BASE64_STANDARD.encode(bytes))), sealed))
    }

    /// The secrets that were sealed for the endpoint `context`.
    pub(super) fn open(&self, context: &str, sealed: &[Vec<u8>]) -> Result<Vec<SecretSlice<u8>>> {
        sealed.iter().map(|sealed| self.sealing.open(context, sealed)).collect()
    }

    /// Posts a message; answers the status, whatever it is, or what went wrong before there was one. Nothing of the answer's body is
    /// read.
    pub(super) async fn post(&self, url: &WebUrl, secrets: &[SecretSlice<u8>], message: Message) -> Result<Answer, Failure> {
        // An address that stands in the URL itself is not looked up.
        if public_address::check(url, self.loopback).is_err() {
            return Err(Failure::ForbiddenAddress);
        }
        let client = self.client().map_err(|error| {
            warn!(%error, "no webhook can be sent: there are no certificates to trust");
            Failure::Connection
        })?;
        let signature = sign(secrets, &message);
        let request = client
            .post(url.as_str())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.at.timestamp().to_string())
            .header("webhook-signature", signature)
            .body(message.body);
        let response = request.send().await.map_err(|error| failure(&error))?;
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Answer { status: response.status().as_u16(), retry_after })
    }
}

/// The certificates in a file.
fn certificates(file: &Path) -> Result<Vec<Certificate>> {
    let bad = || Error::invalid(Reason::Malformed, "", "The file of webhooks.trusted_certificates holds no certificates in PEM.");
    let found = Certificate::from_pem_bundle(&fs::read(file).map_err(Error::internal)?).map_err(|_| bad())?;
    if found.is_empty() { Err(bad()) } else { Ok(found) }
}

/// The signatures of a message, one for each secret: HMAC-SHA-256 over `id.timestamp.body`, in base64 behind the scheme's version.
fn sign(secrets: &[SecretSlice<u8>], message: &Message) -> String {
    let signed = format!("{}.{}.{}", message.id, message.at.timestamp(), message.body);
    let of = |secret: &SecretSlice<u8>| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret());
        format!("v1,{}", BASE64_STANDARD.encode(hmac::sign(&key, signed.as_bytes())))
    };
    secrets.iter().map(of).collect::<Vec<_>>().join(" ")
}

fn failure(error: &reqwest::Error) -> Failure {
    if holds(error, <dyn StdError>::is::<Forbidden>) {
        Failure::ForbiddenAddress
    } else if holds(error, |cause| matches!(cause.downcast_ref(), Some(rustls::Error::InvalidCertificate(_)))) {
        Failure::Certificate
    } else if error.is_timeout() {
        Failure::Timeout
    } else {
        Failure::Connection
    }
}

/// Whether an error, or what led to it, is of a kind.
fn holds(error: &(dyn StdError + 'static), is: fn(&(dyn StdError + 'static)) -> bool) -> bool {
    // What an `io::Error` carries is not its source.
    let carried = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    is(error) || carried.is_some_and(|carried| holds(carried, is)) || error.source().is_some_and(|source| holds(source, is))
}

/// Looks names up and refuses those that lead to an address that is not public. The connection is made to the very addresses that were
/// checked, so that a name that leads elsewhere a moment later gains nothing.
#[derive(Clone, Copy, Debug)]
struct Guard {
    loopback: bool,
}

impl Guard {
    async fn look_up(self, name: &str) -> Result<Vec<SocketAddr>, Box<dyn StdError + Send + Sync>> {
        let found: Vec<SocketAddr> = lookup_host((name, 0)).await?.collect();
        if found.iter().all(|address| public_address::may_connect(address.ip(), self.loopback)) { Ok(found) } else { Err(Forbidden.into()) }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = *self;
        Box::pin(async move {
            let addresses: Addrs = Box::new(guard.look_up(name.as_str()).await?.into_iter());
            Ok(addresses)
        })
    }
}

#[derive(Debug)]
struct Forbidden;

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this name leads to an address that is not public")
    }
}

impl StdError for Forbidden {}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn signs_as_the_specification_s_example() {
        // The example of the reference libraries (standard-webhooks, libraries' tests).
        let secret = SecretSlice::from(BASE64_STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64"));
        let at = DateTime::from_timestamp(1_614_265_330, 0).expect("an instant");
        let message = Message { id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(), at, body: "{\"test\": 2432232314}".to_owned() };
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(sign(std::slice::from_ref(&secret), &message), expected);
        assert_eq!(sign(&[secret.clone(), secret], &message), format!("{expected} {expected}"));
    }

    fn poster(loopback: bool) -> Poster {
        let settings = Settings { timeout: Duration::from_secs(5), at_once: 1, endpoints: 1, loopback, trusted: None };
        Poster::new(&SecretString::from("a test secret of more than 32 bytes"), &settings).expect("a poster")
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_whatever_it_is_called() {
        for (loopback, refused) in [(false, true), (true, false)] {
            let resolved = Guard { loopback }.resolve("localhost".parse().expect("a name")).await;
            assert_eq!(resolved.err().is_some_and(|error| error.is::<Forbidden>()), refused);
            let url = WebUrl::parse("https://localhost/").expect("an address");
            assert_eq!(poster(loopback).check(&url).await.is_err(), refused);
        }
        let nowhere = WebUrl::parse("https://partner.invalid/").expect("an address");
        assert!(poster(false).check(&nowhere).await.is_ok(), "it is looked at with each message");
    }

    #[tokio::test]
    async fn an_address_inside_is_refused_before_there_is_a_connection() {
        for url in ["https://127.0.0.1:9/", "https://[::ffff:169.254.169.254]/", "http://partner.example/", "https://10.0.0.1/"] {
            let message = Message { id: "m".to_owned(), at: DateTime::UNIX_EPOCH, body: "{}".to_owned() };
            let answer = poster(false).post(&WebUrl::parse(url).expect("an address"), &[], message).await;
            assert_eq!(answer, Err(Failure::ForbiddenAddress), "{url}");
        }
    }
}
